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
//! What a scheduler does between two tasks counts as part of the task after it.

mod columns;
mod summary;

#[cfg(target_arch = "wasm32")]
pub(crate) use columns::SEGMENT_EVENTS;
pub(crate) use columns::Writer;
pub use columns::{Column, Event, Trace};
pub use summary::Summary;
pub(crate) use summary::work_ms;

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
}
