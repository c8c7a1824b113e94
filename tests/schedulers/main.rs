//! Every scheduler gives `sync`'s values on every graph, whatever the policy, and its trace keeps the laws of traces.
#![cfg(not(target_arch = "wasm32"))]

mod batches;
mod client;
mod cluster;
mod failures;
mod foreign;
mod graphs;
mod laws;
mod memory;
mod processes;
mod runs;
mod values;

use std::{ops::RangeInclusive, sync::Arc};

use dagdeck::{Options, Outcome, Plan, Result, Run, Scheduler, TaskGraph, scheduler};

/// The numbers of workers that a run can have on any machine.
const WORKERS: RangeInclusive<usize> = 1..=8;

/// `sync` with its defaults.
const SYNC: Options = Options {
    scheduler: Scheduler::Sync,
    workers: 1,
    slots: 1,
    start: scheduler::StartMethod::Spawn,
    network: scheduler::Network::REAL,
    changes: scheduler::Changes::NONE,
    policy: scheduler::Policy::Ordered,
    seed: 0,
    trace: true,
    keep_going: false,
    memory_limit: scheduler::MEMORY_LIMIT,
    persisted_bytes: 0,
    shown: false,
};

/// `threads` with its defaults.
const THREADS: Options = Options { scheduler: Scheduler::Threads, workers: 4, ..SYNC };

/// `processes` with its defaults. On the host they run inside this one.
const PROCESSES: Options = Options { scheduler: Scheduler::Processes, workers: 4, ..SYNC };

/// `cluster` with its defaults. On the host its nodes run inside this process.
const CLUSTER: Options = Options { scheduler: Scheduler::Cluster, workers: 4, ..SYNC };

fn plan(graph: &TaskGraph) -> Arc<Plan> {
    Arc::new(Plan::new(graph))
}

/// A finished run.
fn run(plan: &Arc<Plan>, options: Options) -> (Run, Result<Outcome>) {
    let mut run = scheduler::start(plan.clone(), options).unwrap();
    let outcome = run.wait();
    (run, outcome)
}
