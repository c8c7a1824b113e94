//! Schedulers: run a plan. One entry point, [`start`], one handle, [`Run`], whatever the scheduler. A [`Session`] is a
//! run that takes further plans while it goes on.
//!
//! - `sync` runs one task after another on the caller's thread. It is the oracle: every scheduler must give its
//!   values on every graph.
//! - `threads` runs tasks on a pool of threads, in the browser of Web Workers. See `README.md` beside this file.
//! - `processes` runs tasks in processes that each have a memory of their own. See `processes/README.md`.
//! - `cluster` runs tasks on nodes that each have a memory of their own, and keep the values. See `cluster/README.md`.
//!
//! Schedulers see ids and edges; what a task does is [`execute`](crate::operations::execute)'s business.

mod atomics;
mod batch;
mod batches;
mod bytes;
mod clocks;
pub mod cluster;
mod completion;
mod content;
mod discard;
mod failures;
mod memory;
mod options;
mod parking;
mod policy;
mod pool;
mod processes;
mod run;
mod seat;
mod session;
mod shared;
mod shown;
mod slots;
mod source;
mod sync;
mod task;
mod threads;
mod wire;

pub use bytes::Message;
pub use options::{
    Changes, Deaths, MEMORY_LIMIT, MOST_NODES, MOST_PROCESSES, MOST_SLOTS, Network, Options, Scheduler,
    StartMethod,
};
pub use policy::Policy;
pub use pool::pool_size;
pub(crate) use pool::spawn;
pub use processes::{Child, Command, Event, Joined};
pub use run::{Outcome, Run};
pub use session::{Batch, Input, Session};

use std::sync::Arc;

use crate::{error::Result, graph::Plan};

/// Starts to run `plan`. `threads` runs from then on. `sync` runs when it is [stepped](Run::step), and so do `processes`
/// and `cluster`, unless the caller carries out their commands ([`Run::commands`], [`Run::cluster_commands`]).
///
/// ```
/// use dagdeck::{GraphBuilder, Op, Plan, scheduler};
///
/// let mut graph = GraphBuilder::new();
/// graph.task("hello-0".into(), Op::NoOp, []);
/// graph.target("hello-0".into());
/// let plan = Plan::new(&graph.build()?);
/// let mut run = scheduler::start(plan.into(), scheduler::Options { workers: 2, ..Default::default() })?;
/// assert_eq!(run.wait()?.values.len(), 1);
/// # Ok::<(), dagdeck::Error>(())
/// ```
///
/// # Errors
/// A worker count that is out of range; or, for `processes` and `cluster`, an operation that cannot leave this process.
pub fn start(plan: Arc<Plan>, options: Options) -> Result<Run> {
    options.check()?;
    Run::new(plan, &options)
}
