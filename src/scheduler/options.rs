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
    /// Several at once, each in a process with a memory of its own.
    Processes,
    /// Several at once, each on a node with a memory of its own. Nodes send values to each other.
    Cluster,
}

impl FromStr for Scheduler {
    type Err = Error;

    fn from_str(name: &str) -> Result<Scheduler> {
        match name {
            "sync" => Ok(Scheduler::Sync),
            "threads" => Ok(Scheduler::Threads),
            "processes" => Ok(Scheduler::Processes),
            "cluster" => Ok(Scheduler::Cluster),
            _ => Err(Error::invalid(format!(
                "unknown scheduler '{name}': use 'sync', 'threads', 'processes' or 'cluster'"
            ))),
        }
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scheduler::Sync => "sync",
            Scheduler::Threads => "threads",
            Scheduler::Processes => "processes",
            Scheduler::Cluster => "cluster",
        })
    }
}

/// How the processes of a run start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartMethod {
    /// With an empty memory: it is sent what it needs.
    #[default]
    Spawn,
    /// With a copy of its parent's memory.
    Fork,
}

impl StartMethod {
    /// All of them.
    pub const ALL: [StartMethod; 2] = [StartMethod::Spawn, StartMethod::Fork];

    /// How it is named in a URL or an attribute.
    pub const fn name(self) -> &'static str {
        match self {
            StartMethod::Spawn => "spawn",
            StartMethod::Fork => "fork",
        }
    }
}

impl FromStr for StartMethod {
    type Err = Error;

    fn from_str(name: &str) -> Result<StartMethod> {
        let named = StartMethod::ALL.into_iter().find(|method| method.name() == name);
        named.ok_or_else(|| Error::invalid(format!("unknown start method '{name}': use 'spawn' or 'fork'")))
    }
}

impl fmt::Display for StartMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The largest number of processes that a run can have.
pub const MOST_PROCESSES: usize = 32;

/// The largest number of nodes that a cluster has at a time.
pub const MOST_NODES: usize = 16;

/// The largest number of slots that a node of a cluster has.
pub const MOST_SLOTS: usize = 8;

/// What the network and the nodes of a cluster are made to look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// How long a message from node to node is under way, besides what it really takes.
    pub latency_ms: f64,
    /// What a node can send. Infinite for no limit.
    pub bytes_per_ms: f64,
    /// How many times as long as usual the tasks of the first node take.
    pub slowness: f64,
}

impl Network {
    /// As it is.
    pub const REAL: Network = Network { latency_ms: 0.0, bytes_per_ms: f64::INFINITY, slowness: 1.0 };

    fn check(&self) -> Result<()> {
        let Network { latency_ms, bytes_per_ms, slowness } = *self;
        let fits =
            (0.0..=1e4).contains(&latency_ms) && bytes_per_ms >= 1.0 && (1.0..=1e3).contains(&slowness);
        match fits {
            true => Ok(()),
            false => Err(Error::invalid(
                "a cluster takes a latency from 0 to 10 s, a bandwidth of 1 kB/s or more, and a first node that is 1 to \
                 1000 times as slow",
            )),
        }
    }
}

/// What happens to the nodes of a cluster during a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// This number of nodes die when half of the tasks have run: those that joined last. If none are added, one node
    /// stays.
    pub kills: usize,
    /// Nodes are added until there are as many as this when half of the tasks have run.
    pub scale_to: usize,
    /// Nodes die one after another.
    pub deaths: Deaths,
}

/// Nodes of a cluster that die one after another, each time the one that joined last. One node always stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deaths {
    /// The number of nodes.
    pub count: u8,
    /// The first node dies when this percentage of the tasks have run.
    pub first_percent: u8,
    /// The next ones die when this percentage of the tasks have run since.
    pub every_percent: u8,
}

impl Deaths {
    /// No node dies.
    pub const NONE: Deaths = Deaths { count: 0, first_percent: 0, every_percent: 0 };

    /// Takes the next death, if it is due when `ran` of `tasks` have run.
    pub(super) fn take_due(&mut self, ran: usize, tasks: usize) -> bool {
        let is_due = self.count > 0 && 100 * ran >= usize::from(self.first_percent) * tasks;
        if is_due {
            self.count -= 1;
            self.first_percent = self.first_percent.saturating_add(self.every_percent);
        }
        is_due
    }
}

impl Changes {
    /// Nothing happens.
    pub const NONE: Changes = Changes { kills: 0, scale_to: 0, deaths: Deaths::NONE };
}

/// How a plan is run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Which scheduler runs it.
    pub scheduler: Scheduler,
    /// How many tasks may run at once. `sync` has one worker, whatever stands here.
    pub workers: usize,
    /// How many tasks each node of `cluster` runs at once. Dask: `threads_per_worker`.
    pub slots: usize,
    /// How `processes` start.
    pub start: StartMethod,
    /// What the network of `cluster` looks like.
    pub network: Network,
    /// What happens to the nodes of `cluster`.
    pub changes: Changes,
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
    /// A worker count that is not in `1..=`[`pool_size()`], or in `1..=`[`MOST_PROCESSES`] for `processes` and
    /// `1..=`[`MOST_NODES`] for `cluster`; a number of slots that is not in `1..=`[`MOST_SLOTS`]; a network that no
    /// network could be.
    pub(super) fn check(&self) -> Result<()> {
        let most = match self.scheduler {
            Scheduler::Sync => return Ok(()),
            Scheduler::Threads => pool_size(),
            Scheduler::Processes => MOST_PROCESSES,
            Scheduler::Cluster => {
                self.network.check()?;
                if !(1..=MOST_SLOTS).contains(&self.slots) {
                    let slots = self.slots;
                    return Err(Error::invalid(format!(
                        "slots = {slots}: must be between 1 and {MOST_SLOTS}"
                    )));
                }
                MOST_NODES
            }
        };
        let workers = self.workers;
        match (1..=most).contains(&workers) {
            true => Ok(()),
            false => Err(Error::invalid(format!("workers = {workers}: must be between 1 and {most}"))),
        }
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
            slots: 1,
            start: StartMethod::Spawn,
            network: Network::REAL,
            changes: Changes::NONE,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deaths_are_due_one_after_another() {
        let mut deaths = Deaths { count: 3, first_percent: 20, every_percent: 30 };
        let due: Vec<usize> = (0..=200).filter(|&ran| deaths.take_due(ran, 200)).collect();
        assert_eq!(due, [40, 100, 160]);
        let mut at_once = Deaths { count: 2, first_percent: 0, every_percent: 0 };
        assert!(at_once.take_due(0, 200) && at_once.take_due(0, 200) && !at_once.take_due(0, 200));
    }
}
