//! What waits to be run: by priority, then in the order of submission.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::future::Future;

/// Work that was submitted, and the future that gets its result.
pub(super) struct Item<W> {
    pub(super) future: Future,
    pub(super) work: W,
}

pub(super) struct Queue<W> {
    heap: BinaryHeap<Waiting<W>>,
    next: u64,
}

struct Waiting<W> {
    place: (i64, Reverse<u64>),
    item: Item<W>,
}

impl<W> Queue<W> {
    pub(super) fn new() -> Queue<W> {
        Queue { heap: BinaryHeap::new(), next: 0 }
    }

    pub(super) fn push(&mut self, priority: i64, item: Item<W>) {
        self.heap.push(Waiting { place: (priority, Reverse(self.next)), item });
        self.next += 1;
    }

    pub(super) fn pop(&mut self) -> Option<Item<W>> {
        self.heap.pop().map(|waiting| waiting.item)
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// All of it, in the order in which it would run.
    pub(super) fn drain(&mut self) -> Vec<Item<W>> {
        std::iter::from_fn(|| self.pop()).collect()
    }
}

impl<W> PartialEq for Waiting<W> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl<W> Eq for Waiting<W> {}

impl<W> PartialOrd for Waiting<W> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<W> Ord for Waiting<W> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place.cmp(&other.place)
    }
}
