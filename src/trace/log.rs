//! A list that one thread appends to while others read what it has published.
//!
//! The records lie in segments of one fixed size. A segment is allocated when the one before is full, and never moves.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering::*},
};

/// Room for `SEGMENTS` segments of `LENGTH` records each.
#[derive(Debug)]
pub(super) struct Log<R, const LENGTH: usize, const SEGMENTS: usize> {
    segments: Box<[OnceLock<Box<[R]>>]>,
    /// Where each segment lies in memory, 0 where there is none yet: for the page.
    addresses: Box<[AtomicUsize]>,
}

impl<R: Default, const LENGTH: usize, const SEGMENTS: usize> Log<R, LENGTH, SEGMENTS> {
    pub(super) fn new() -> Self {
        Log {
            segments: (0..SEGMENTS).map(|_| OnceLock::new()).collect(),
            addresses: (0..SEGMENTS).map(|_| AtomicUsize::new(0)).collect(),
        }
    }

    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    pub(super) fn addresses(&self) -> &[AtomicUsize] {
        &self.addresses
    }

    /// The record number `index`, if its segment has been allocated.
    pub(super) fn get(&self, index: usize) -> Option<&R> {
        self.segments[index / LENGTH].get().map(|segment| &segment[index % LENGTH])
    }

    /// The place of record number `index`, if there is room for that many. Allocates the segment if it is the first in it.
    #[inline]
    pub(super) fn room(&self, index: usize) -> Option<&R> {
        let at = index / LENGTH;
        let segment = self.segments.get(at)?.get_or_init(|| {
            let segment: Box<[R]> = (0..LENGTH).map(|_| R::default()).collect();
            self.addresses[at].store(segment.as_ptr().addr(), Release);
            segment
        });
        Some(&segment[index % LENGTH])
    }
}
