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
//!
//! The writer does not know the clock: who writes passes it, so a simulated clock can write a trace too.

mod action;
mod columns;
mod lane;
mod log;
mod notes;
mod overhead;
mod summary;
mod writer;

pub use action::{Action, Reason};
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub(crate) use columns::SEGMENT_EVENTS;
pub use columns::{Column, Details, Event, Trace};
pub use lane::Lane;
pub(crate) use notes::Notes;
pub use summary::{Summary, Traced};
pub(crate) use writer::Writer;
