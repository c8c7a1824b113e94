//! Runs graphs: blocks this thread of Python, which can be interrupted, and lets the others go on.

use std::time::Duration;

use dagdeck::{
    Options, Outcome, Plan, Scheduler, TaskGraph,
    scheduler::{self, Changes, MEMORY_LIMIT, Network, Policy, StartMethod},
};
use rustpython_vm::{PyResult, VirtualMachine};

use crate::{calls, pool};

/// How often a thread that waits for a run looks for interrupts.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Runs a graph to its end. The inner result is the run's.
///
/// # Errors
/// `KeyboardInterrupt`. The run is cancelled.
pub fn run(
    graph: &TaskGraph,
    scheduler: Scheduler,
    workers: usize,
    vm: &VirtualMachine,
) -> PyResult<dagdeck::Result<Outcome>> {
    // A task that starts a run and waits for it would keep a thread from that run.
    let scheduler = if pool::is_inside() { Scheduler::Sync } else { scheduler };
    if scheduler == Scheduler::Threads {
        pool::start(vm);
    }
    calls::begin_run();
    let mut run = match scheduler::start(Plan::new(graph).into(), options(scheduler, workers)) {
        Ok(run) => run,
        Err(error) => return Ok(Err(error)),
    };
    loop {
        let ended = match scheduler {
            // Here tasks run in this call, and may run Python.
            Scheduler::Sync => run.wait_timeout(LOOK_EVERY),
            _ => vm.allow_threads(|| run.wait_timeout(LOOK_EVERY)),
        };
        vm.check_signals()?;
        if let Some(outcome) = ended {
            return Ok(outcome);
        }
    }
}

/// All of them, because the default starts a pool.
fn options(scheduler: Scheduler, workers: usize) -> Options {
    Options {
        scheduler,
        workers,
        slots: 1,
        start: StartMethod::Spawn,
        network: Network::REAL,
        changes: Changes::NONE,
        policy: Policy::Ordered,
        seed: 0,
        trace: false,
        keep_going: false,
        memory_limit: MEMORY_LIMIT,
        persisted_bytes: 0,
        shown: false,
    }
}
