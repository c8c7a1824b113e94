//! `concurrent.futures`: executors that run calls on threads, interpreters or processes, and futures for their results.
//!
//! Names, order, exceptions and their words are those of CPython; transcripts of it are the tests. `README.md` beside this
//! file has what differs. An [`Executor`] writes a trace, in which lanes are the main thread and the workers, and tasks are
//! futures in the order in which they were submitted.

mod atomics;
mod call;
mod child;
mod deadline;
mod exception;
mod executor;
mod future;
#[cfg(all(test, loom))]
mod interleavings;
mod pool;
mod post;
mod processes;
mod queue;
mod rest;
mod results;
mod run;
mod seat;
mod stage;
mod threads;
mod wait;

pub use call::{Call, is_for_serve};
pub use child::{Local, serve};
pub use exception::{Exception, Outcome};
pub use executor::{Executor, MapOptions, Options};
pub use future::Future;
pub use post::Post;
pub use processes::{Inbox, Remote};
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub(crate) use rest::resting;
pub use results::Results;
pub use run::{Ended, Main, Run, Section, Workers};
pub use seat::{check, sleep, without_lock};
pub use threads::Initializer;
pub use wait::{AsCompleted, DoneAndNotDone, ReturnWhen, as_completed, wait};
