//! What a trace notes of each task besides its events.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering::*},
};

use crate::graph::TaskId;

/// What is noted of the tasks of one batch. Nothing if the trace is not enabled.
#[derive(Debug)]
pub(crate) struct Notes {
    /// The id in the trace of the batch's first task. The ids of the others follow.
    pub(super) first: TaskId,
    /// When each task stopped, as the bits of a double.
    pub(super) stops_ms: Box<[AtomicU64]>,
    /// How many bytes the value of each task held.
    pub(super) bytes: Box<[AtomicU64]>,
    /// How many bytes each task needed besides its value while it ran. Allocated when the first task needs any.
    pub(super) scratch: OnceLock<Box<[AtomicU64]>>,
}

impl Notes {
    /// Room for the notes of `tasks` tasks.
    pub(super) fn new(first: TaskId, tasks: usize) -> Notes {
        Notes { first, stops_ms: zeros(tasks), bytes: zeros(tasks), scratch: OnceLock::new() }
    }

    /// When a task stopped, in milliseconds since the run's start: 0 before that. `task` counts from the first.
    #[inline]
    pub(super) fn stop_ms(&self, task: TaskId) -> f64 {
        self.stops_ms.get(task as usize).map_or(0.0, |stop_ms| f64::from_bits(stop_ms.load(Relaxed)))
    }

    pub(super) fn bytes(&self, task: TaskId) -> u64 {
        self.bytes.get(task as usize).map_or(0, |bytes| bytes.load(Relaxed))
    }

    /// Where the bytes of the tasks are noted, which pages that share the memory read during the run.
    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    pub(crate) fn all_bytes(&self) -> &[AtomicU64] {
        &self.bytes
    }

    pub(super) fn scratch(&self, task: TaskId) -> u64 {
        self.scratch.get().map_or(0, |scratch| scratch[task as usize].load(Relaxed))
    }

    /// Notes how many bytes a task needed besides its value.
    pub(super) fn note_scratch(&self, task: TaskId, bytes: u64) {
        let scratch = self.scratch.get_or_init(|| zeros(self.bytes.len()));
        scratch[task as usize].store(bytes, Relaxed);
    }
}

fn zeros(count: usize) -> Box<[AtomicU64]> {
    (0..count).map(|_| AtomicU64::new(0)).collect()
}
