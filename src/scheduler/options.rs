//! How a plan is run: by which scheduler, with how many workers, within which limits.

use std::{fmt, str::FromStr};

use super::{policy::Policy, pool::pool_size};
use crate::error::{Error, Result};

/// Which scheduler runs a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheduler {
    /// One task after another, on the thread that asks.
    Sync,
    /// Several at once, on the pool.
    #[default]
    Threads,
}

impl FromStr for Scheduler {
    type Err = Error;

    fn from_str(name: &str) -> Result<Scheduler> {
        match name {
            "sync" => Ok(Scheduler::Sync),
            "threads" => Ok(Scheduler::Threads),
            _ => Err(Error::invalid(format!("unknown scheduler '{name}': use 'sync' or 'threads'"))),
        }
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scheduler::Sync => "sync",
            Scheduler::Threads => "threads",
        })
    }
}

/// How a plan is run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Which scheduler runs it.
    pub scheduler: Scheduler,
    /// How many tasks may run at once. `sync` has one worker, whatever stands here.
    pub workers: usize,
    /// Which of the ready tasks runs next.
    pub policy: Policy,
    /// What [`Policy::Random`] follows from.
    pub seed: u64,
    /// Whether to note what each worker does. Costs a read of the clock for each task, see [`trace`](crate::trace).
    pub trace: bool,
    /// Whether an erred task errs only those that depend on it, and all others still run.
    pub keep_going: bool,
    /// How many bytes the values of the run may hold at once. A task whose value would pass it errs before it makes
    /// anything.
    pub memory_limit: u64,
    /// What of that limit is taken before the run begins: by the blocks of persisted arrays.
    pub persisted_bytes: u64,
    /// Whether the values of targets can be [taken](super::Run::finished_targets) while the run goes on.
    pub shown: bool,
}

impl Options {
    /// Whether a run can have these options.
    ///
    /// # Errors
    /// A worker count that is not in `1..=`[`pool_size()`].
    pub(super) fn check(&self) -> Result<()> {
        let allowed = 1..=pool_size();
        if self.scheduler == Scheduler::Threads && !allowed.contains(&self.workers) {
            let (workers, most) = (self.workers, allowed.end());
            return Err(Error::invalid(format!("workers = {workers}: must be between 1 and {most}")));
        }
        Ok(())
    }
}

/// The memory limit of a run for which none is given: three quarters of what the module can have in a browser, and
/// 8 GiB elsewhere.
pub const MEMORY_LIMIT: u64 = if cfg!(target_arch = "wasm32") { 768 << 20 } else { 8 << 30 };

impl Default for Options {
    fn default() -> Options {
        Options {
            scheduler: Scheduler::Threads,
            workers: pool_size(),
            policy: Policy::Ordered,
            seed: 0,
            trace: true,
            keep_going: false,
            memory_limit: MEMORY_LIMIT,
            persisted_bytes: 0,
            shown: false,
        }
    }
}
