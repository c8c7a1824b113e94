//! The virtual clock: what happens next.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Things that will happen, by time. Of those at the same time, the one that was added first is first.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    /// The bits of a time that is not negative have the order of the times. Then a number, and the place of the thing.
    heap: BinaryHeap<Reverse<(u64, u32, u32)>>,
    things: Vec<Option<T>>,
    free: Vec<u32>,
    added: u32,
}

impl<T> Agenda<T> {
    pub(super) fn new() -> Agenda<T> {
        Agenda { heap: BinaryHeap::new(), things: Vec::new(), free: Vec::new(), added: 0 }
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
        self.heap.push(Reverse((at_ms.to_bits(), self.added, place)));
        self.added = self.added.wrapping_add(1);
    }

    /// Takes what happens next.
    #[inline]
    pub(super) fn next(&mut self) -> Option<(f64, T)> {
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
}
