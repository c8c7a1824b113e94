//! The schedulers as the page lists them: `SchedulerSchema` in `www/src/engine/protocol.js`. The page makes its controls
//! from this, so a new scheduler needs no list in JavaScript.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{
    error::{Error, Result},
    programs::{Parameter, ParameterKind, Scale},
    scheduler::{MOST_NODES, MOST_PROCESSES, MOST_SLOTS, Policy, Scheduler, StartMethod, pool_size},
};

/// All of them, in the order in which the page lists them.
const SCHEDULERS: [Scheduler; 4] =
    [Scheduler::Sync, Scheduler::Threads, Scheduler::Processes, Scheduler::Cluster];

/// The largest number of processes that the page offers on a small machine; as `LEAST_POOL` in
/// `www/src/engine/worker.js`.
const USUAL_PROCESSES: u32 = 8;

#[derive(Serialize)]
struct Schema {
    /// How it is named in a URL or an attribute.
    name: String,
    /// A heading.
    title: &'static str,
    /// What it does, in a sentence.
    summary: &'static str,
    /// What can be chosen, besides what every run has.
    parameters: Vec<Parameter>,
    /// Whether a run uses it if it names no scheduler and it is available.
    preferred: bool,
    /// Why this page cannot use it, in sentences; null if it can.
    unavailable: Option<&'static str>,
}

const NOT_ISOLATED: &str = "Threads need a cross-origin isolated page; this page is not isolated. It was served \
                            without the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy.";

impl Schema {
    fn of(scheduler: Scheduler, isolated: bool, processors: u32) -> Schema {
        let (name, preferred) = (scheduler.to_string(), scheduler == Scheduler::default());
        let threads = if isolated { pool_size() as u32 } else { 1 };
        // As many as threads, so that both have the same control.
        let processes = if isolated { threads } else { processors.max(USUAL_PROCESSES) };
        let workers = |most: u32| workers(most, processors);
        match scheduler {
            Scheduler::Sync => Schema {
                name,
                title: "One after another",
                summary: "sync runs one task after the other.",
                parameters: vec![policy()],
                preferred,
                unavailable: None,
            },
            Scheduler::Threads => Schema {
                name,
                title: "Threads",
                summary: "threads runs tasks on several workers at the same time.",
                parameters: vec![workers(threads), policy()],
                preferred,
                unavailable: (!isolated).then_some(NOT_ISOLATED),
            },
            Scheduler::Processes => Schema {
                name,
                title: "Processes",
                summary: "processes runs tasks on several workers that share no memory.",
                parameters: vec![workers(processes.min(MOST_PROCESSES as u32)), policy(), start()],
                preferred,
                unavailable: None,
            },
            Scheduler::Cluster => Schema {
                name,
                title: "Cluster",
                summary: "cluster runs tasks on nodes that keep the values and send them to each other.",
                parameters: vec![
                    nodes(),
                    slots_of_a_node(),
                    scale_to(),
                    kills(),
                    latency(),
                    bandwidth(),
                    slowness(),
                ],
                preferred,
                unavailable: None,
            },
        }
    }
}

/// The number of nodes of a cluster, unless it is chosen.
pub(super) const NODES: u32 = 4;

fn nodes() -> Parameter {
    Parameter {
        name: "nodes",
        label: "nodes",
        help: "The number of nodes at the start: workers with a memory of their own.",
        kind: ParameterKind::Integer { min: 1, max: MOST_NODES as u32, default: NODES, scale: Scale::Linear },
    }
}

fn slots_of_a_node() -> Parameter {
    Parameter {
        name: "slots",
        label: "slots per node",
        help: "How many tasks a node runs at once, on threads that share its memory (Dask: threads_per_worker). More than one \
               needs a cross-origin isolated page.",
        kind: ParameterKind::Integer { min: 1, max: MOST_SLOTS as u32, default: 1, scale: Scale::Linear },
    }
}

/// The number of slots of each node, if this number is asked for.
///
/// # Errors
/// The page cannot share memory between workers.
pub(super) fn slots(wanted: Option<u32>, isolated: bool) -> Result<usize> {
    match wanted.unwrap_or(1) {
        slots if slots > 1 && !isolated => Err(Error::invalid(format!(
            "slots = {slots}: the slots of a node share its memory, and only a cross-origin isolated page can share memory \
             between workers. This page was served without the headers Cross-Origin-Opener-Policy and \
             Cross-Origin-Embedder-Policy. Use slots = 1."
        ))),
        slots => Ok(slots as usize),
    }
}

fn scale_to() -> Parameter {
    Parameter {
        name: "scale_to",
        label: "scale to",
        help: "Nodes are added until there are as many as this when half of the tasks have run. 0 adds none.",
        kind: ParameterKind::Integer { min: 0, max: MOST_NODES as u32, default: 0, scale: Scale::Linear },
    }
}

fn kills() -> Parameter {
    Parameter {
        name: "kills",
        label: "deaths",
        help: "This number of nodes die when half of the tasks have run. What only they have is computed again. If no node is \
               added, at least one stays.",
        kind: ParameterKind::Integer { min: 0, max: MOST_NODES as u32, default: 0, scale: Scale::Linear },
    }
}

fn latency() -> Parameter {
    Parameter {
        name: "latency",
        label: "latency in ms",
        help: "How long a message from node to node takes besides what it really takes: to make the network look slow.",
        kind: ParameterKind::Integer { min: 0, max: 1000, default: 0, scale: Scale::Linear },
    }
}

fn bandwidth() -> Parameter {
    Parameter {
        name: "bandwidth",
        label: "bandwidth in MB/s",
        help: "How much a node can send, to make the network look slow. 0 for what the browser can do.",
        kind: ParameterKind::Integer { min: 0, max: 10_000, default: 0, scale: Scale::Linear },
    }
}

fn slowness() -> Parameter {
    Parameter {
        name: "slowness",
        label: "first node slower, times",
        help: "How many times as long the tasks of the first node take.",
        kind: ParameterKind::Integer { min: 1, max: 20, default: 1, scale: Scale::Linear },
    }
}

/// One worker for each processor, as far as they go.
fn workers(max: u32, processors: u32) -> Parameter {
    Parameter {
        name: "workers",
        label: "workers",
        help: "The number of workers: threads or processes.",
        kind: ParameterKind::Integer { min: 1, max, default: processors.clamp(1, max), scale: Scale::Linear },
    }
}

fn start() -> Parameter {
    const NAMES: [&str; 2] = [StartMethod::ALL[0].name(), StartMethod::ALL[1].name()];
    Parameter {
        name: "start",
        label: "start method",
        help: "How a process starts: spawn with an empty memory, fork with a copy of the engine's memory.",
        kind: ParameterKind::Choice { choices: &NAMES, default: NAMES[0] },
    }
}

fn policy() -> Parameter {
    const NAMES: [&str; Policy::ALL.len()] = {
        let mut names = [""; Policy::ALL.len()];
        let mut i = 0;
        while i < names.len() {
            names[i] = Policy::ALL[i].name();
            i += 1;
        }
        names
    };
    Parameter {
        name: "policy",
        label: "policy",
        help: "The rule by which a worker chooses among ready tasks; ordered is the static order.",
        kind: ParameterKind::Choice { choices: &NAMES, default: NAMES[0] },
    }
}

/// What this page can run with. `isolated`: whether it can share memory between workers.
#[wasm_bindgen]
pub fn schedulers(isolated: bool, processors: u32) -> std::result::Result<JsValue, JsValue> {
    let schemas = SCHEDULERS.map(|scheduler| Schema::of(scheduler, isolated, processors));
    Ok(schemas.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
