//! The trace: what each worker did, and when.
//!
//! A worker's timeline has no gaps, so one clock read where two slices meet is enough, and a slice is stored as
//! its end:
//!
//! ```text
//! worker 0   |idle|normal-0|normal-1|add-0     |idle   |
//! stop_ms        1.2      3.4      5.1        8.0     9.3
//! ```
//!
//! What a worker does between two tasks is a slice of its own, [`Action::Overhead`]: it releases values, makes tasks
//! ready, takes the next task and reserves memory for it. A second clock read, just before the kernel starts, tells
//! where that slice ends (see `overhead.rs` for which tasks get one). A mark is a slice of no length, such as a steal,
//! and stands where the slices before and after it meet.
//!
//! Reading the clock takes longer than a task without a kernel, and the clock is too coarse for such a task (browsers
//! round it to 5 us or more). So the clock is read for one [`Op::NoOp`](crate::Op::NoOp) in 16, and all the time since
//! the last read counts as overhead. Every other task ends with a clock read.

mod columns;
mod overhead;
mod summary;

#[cfg(target_arch = "wasm32")]
pub(crate) use columns::SEGMENT_EVENTS;
pub(crate) use columns::Writer;
pub use columns::{Column, Event, Trace};
pub use summary::{Summary, Traced};

/// What a worker did during a slice. The numbers are part of the protocol with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// Ran a task.
    Compute = 0,
    /// Ran a task that erred.
    Erred = 1,
    /// Had no task to run.
    Idle = 2,
    /// Took the task from another worker: a mark.
    Steal = 3,
    /// Ran a task that erred, and will be run again. (The numbers between are those of schedulers that move values.)
    Retry = 8,
    /// Did what a scheduler does between two tasks. The task is the one that follows.
    Overhead = 9,
}

impl Action {
    /// Whether a task ran.
    pub fn is_busy(self) -> bool {
        matches!(self, Action::Compute | Action::Erred | Action::Retry)
    }

    fn from_code(code: u64) -> Action {
        match code {
            0 => Action::Compute,
            1 => Action::Erred,
            3 => Action::Steal,
            8 => Action::Retry,
            9 => Action::Overhead,
            _ => Action::Idle,
        }
    }
}
