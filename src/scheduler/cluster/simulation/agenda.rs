//! The virtual clock: what happens next.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

/// Things that will happen, by time. Of those at the same time, the one that was added first is first.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    /// The bits of a time that is not negative have the order of the times. Then a number, and the place of the thing.
    heap: BinaryHeap<Reverse<(u64, u32, u32)>>,
    things: Vec<Option<T>>,
    free: Vec<u32>,
    /// Things that were added in the order of their times, which most are: a queue is much cheaper than a heap.
    queues: [VecDeque<(u64, u32, T)>; 3],
    added: u32,
}

/// A queue for things whose times do not go back.
#[derive(Clone, Copy, Debug)]
pub(super) enum Queue {
    /// What the scheduler says.
    Commands,
    /// What nodes say, to it and to each other.
    Messages,
    /// The values that they send to each other.
    Values,
}

impl<T> Agenda<T> {
    pub(super) fn new() -> Agenda<T> {
        Agenda {
            heap: BinaryHeap::new(),
            things: Vec::new(),
            free: Vec::new(),
            queues: Default::default(),
            added: 0,
        }
    }

    /// Adds what happens at `at_ms`, which is not negative.
    #[inline]
    pub(super) fn add(&mut self, at_ms: f64, thing: T) {
        let place = match self.free.pop() {
            Some(place) => {
                self.things[place as usize] = Some(thing);
                place
            }
            None => {
                self.things.push(Some(thing));
                self.things.len() as u32 - 1
            }
        };
        let number = self.number();
        self.heap.push(Reverse((at_ms.to_bits(), number, place)));
    }

    /// Adds what happens at `at_ms`, which is likely not before what was added to this queue so far.
    #[inline]
    pub(super) fn queue(&mut self, queue: Queue, at_ms: f64, thing: T) {
        let at = at_ms.to_bits();
        if self.queues[queue as usize].back().is_some_and(|&(last, ..)| at < last) {
            return self.add(at_ms, thing);
        }
        let number = self.number();
        self.queues[queue as usize].push_back((at, number, thing));
    }

    fn number(&mut self) -> u32 {
        self.added = self.added.wrapping_add(1);
        self.added
    }

    /// Takes what happens next.
    #[inline]
    pub(super) fn next(&mut self) -> Option<(f64, T)> {
        let in_heap = self.heap.peek().map(|&Reverse((at, number, _))| (at, number));
        let fronts = self.queues.iter().enumerate().filter_map(|(i, queue)| {
            let &(at, number, _) = queue.front()?;
            Some(((at, number), i))
        });
        if let Some((first, queue)) = fronts.min()
            && in_heap.is_none_or(|in_heap| first < in_heap)
        {
            let (at, _, thing) = self.queues[queue].pop_front()?;
            return Some((f64::from_bits(at), thing));
        }
        let Reverse((at, _, place)) = self.heap.pop()?;
        self.free.push(place);
        let thing = self.things[place as usize].take().expect("a thing stays until its time has come");
        Some((f64::from_bits(at), thing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_in_the_order_of_their_times() {
        let mut agenda = Agenda::new();
        for (at_ms, thing) in [(2.0, 'c'), (0.0, 'a'), (2.0, 'd'), (1e-9, 'b'), (1e9, 'e')] {
            agenda.add(at_ms, thing);
        }
        let all: String = std::iter::from_fn(|| agenda.next()).map(|(_, thing)| thing).collect();
        assert_eq!(all, "abcde");
    }

    #[test]
    fn queues_keep_the_order_of_times_and_of_additions() {
        let mut agenda = Agenda::new();
        agenda.add(2.0, 'c');
        agenda.queue(Queue::Commands, 2.0, 'd');
        agenda.queue(Queue::Messages, 1.0, 'a');
        agenda.queue(Queue::Messages, 2.0, 'e');
        agenda.add(2.0, 'f');
        agenda.queue(Queue::Commands, 1.0, 'b');
        agenda.queue(Queue::Commands, 3.0, 'h');
        agenda.queue(Queue::Commands, 2.5, 'g');
        let all: String = std::iter::from_fn(|| agenda.next()).map(|(_, thing)| thing).collect();
        assert_eq!(all, "abcdefgh");
    }
}
