//! A plan as the page sees it: built from a program, an expression or a graph, drawn, and started.

use std::{
    cell::OnceCell,
    panic::{RefUnwindSafe, UnwindSafe},
    sync::Arc,
};

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::{
    drawing::{self, Named},
    held,
    run::{self, Run, Wanted},
    schedulers::{NODES, slots},
};
use crate::{
    collections::{array, delayed, expression::Targets},
    error::Error,
    futures::Post,
    graph::{self, TaskGraph},
    interpreter::{Comparison, Piece},
    layout::Layout,
    programs::{Built, Futures, Given, Program, Simulation, program},
    scheduler::{self, Changes, Deaths, Network, Scheduler, StartMethod},
    trace::Summary,
    value::Value,
};

/// What can be drawn and run.
#[wasm_bindgen]
pub struct Plan {
    planned: Planned,
    /// Computed when the plan is first drawn: not every plan is.
    layout: OnceCell<Layout>,
}

enum Planned {
    /// A task graph.
    Graph { plan: Arc<graph::Plan>, wanted: Arc<Wanted>, deaths: Deaths },
    /// Threads of a program, which builds them anew for each run.
    Threads { program: &'static Program, given: Given, seed: u64, comparison: Comparison },
    /// Futures of a program, which builds them anew for each run.
    Futures { program: &'static Program, given: Given, seed: u64, futures: Futures },
    /// A task graph on simulated clusters.
    Simulation(Arc<Simulation>),
}

// wasm-bindgen turns a panic into an exception. A plan never changes, so a panic cannot leave it inconsistent.
impl UnwindSafe for Plan {}
impl RefUnwindSafe for Plan {}

/// What to run: `Work` in `www/src/engine/protocol.js`.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Work {
    /// A program with values for its parameters.
    Program { program: String, params: Given },
    /// The targets of an expression in JSON.
    Expression { expression: String, optimize: bool },
    /// The targets of a graph in JSON.
    Graph { graph: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    scheduler: String,
    workers: usize,
    policy: String,
    scheduler_options: SchedulerOptions,
    seed: u64,
    trace: bool,
    keep_going: bool,
    memory_limit: Option<u64>,
    blocks: bool,
    isolated: bool,
    processors: usize,
}

/// What only some schedulers take.
#[derive(Deserialize)]
struct SchedulerOptions {
    start: Option<String>,
    nodes: Option<u32>,
    slots: Option<u32>,
    scale_to: Option<u32>,
    kills: Option<u32>,
    latency: Option<f64>,
    bandwidth: Option<f64>,
    slowness: Option<f64>,
}

impl SchedulerOptions {
    fn network(&self) -> Network {
        // 1 MB/s is 1000 bytes in a millisecond.
        let bytes_per_ms = self.bandwidth.filter(|&mb_per_s| mb_per_s != 0.0).map(|mb_per_s| mb_per_s * 1e3);
        Network {
            latency_ms: self.latency.unwrap_or(Network::REAL.latency_ms),
            bytes_per_ms: bytes_per_ms.unwrap_or(Network::REAL.bytes_per_ms),
            slowness: self.slowness.unwrap_or(Network::REAL.slowness),
        }
    }
}

impl Plan {
    fn of(planned: Planned) -> Plan {
        Plan { planned, layout: OnceCell::new() }
    }

    /// A plan for `graph`: culled and ordered.
    fn of_graph(graph: &TaskGraph, wanted: Wanted, deaths: Deaths) -> Plan {
        Plan::of(Planned::Graph { plan: graph::Plan::new(graph).into(), wanted: wanted.into(), deaths })
    }

    /// The plan of a task graph that any scheduler may run.
    pub(super) fn of_tasks(&self) -> crate::Result<(&graph::Plan, &Wanted)> {
        match &self.planned {
            Planned::Graph { plan, wanted, .. } => Ok((plan, wanted)),
            _ => Err(Error::invalid("only a program that runs a task graph can run elsewhere")),
        }
    }

    fn task_graph(&self, plan: &graph::Plan) -> JsValue {
        let order: Vec<u32> = plan.tasks().collect();
        let layout = self.layout.get_or_init(|| Layout::new(plan.dependencies(), &order));
        let named = plan.tasks().map(|task| {
            let key = plan.key(task);
            Named { prefix: key.prefix(), key: key.to_string() }
        });
        drawing::graph(named, (plan.dependencies(), plan.dependents()), plan.targets(), layout)
    }
}

#[wasm_bindgen]
impl Plan {
    /// Builds some work. Random numbers of a program follow from `seed`.
    #[wasm_bindgen(constructor)]
    pub fn new(work: JsValue, seed: u64) -> Result<Plan, JsValue> {
        let work = serde_wasm_bindgen::from_value(work).map_err(|error| {
            Error::invalid(format!(
                "work must be {{ kind: 'program', program, params }} with numbers or texts as params, {{ kind: \
                 'expression', expression, optimize }} or {{ kind: 'graph', graph }}: {error}"
            ))
        })?;
        Ok(match work {
            Work::Program { program: name, params } => {
                let program = program(&name)?;
                match program.build(&params, seed)? {
                    Built::Graph(job) => Plan::of_graph(&job.graph, Wanted::Answer(job.wanted), job.deaths),
                    Built::Threads(threads) => {
                        let comparison = threads.comparison;
                        Plan::of(Planned::Threads { program, given: params, seed, comparison })
                    }
                    Built::Futures(futures) => {
                        Plan::of(Planned::Futures { program, given: params, seed, futures })
                    }
                    Built::Simulation(simulation) => Plan::of(Planned::Simulation(simulation.into())),
                }
            }
            Work::Expression { expression, optimize } => {
                let targets = held::parse(&expression)?;
                let graph = match &targets {
                    Targets::Arrays(arrays) => array::graph(arrays, optimize)?,
                    Targets::Delayed(delayed) => delayed::graph(delayed)?,
                };
                Plan::of_graph(&graph, Wanted::Targets(targets), Deaths::NONE)
            }
            Work::Graph { graph } => {
                Plan::of_graph(&TaskGraph::from_json(&graph)?, Wanted::Values, Deaths::NONE)
            }
        })
    }

    /// The graph for drawing, as typed arrays: `GraphData` in `www/src/engine/protocol.js`.
    pub fn graph(&self) -> JsValue {
        match &self.planned {
            Planned::Graph { plan, .. } => self.task_graph(plan),
            Planned::Simulation(simulation) => self.task_graph(&simulation.plan),
            Planned::Threads { comparison, .. } => {
                let dependencies = comparison.dependencies();
                let order: Vec<u32> = (0..dependencies.len() as u32).collect();
                let layout = self.layout.get_or_init(|| Layout::new(&dependencies, &order));
                let named = comparison.pieces().map(|at| {
                    let prefix = prefix(at.piece);
                    let section = &at.section.label;
                    Named { prefix, key: format!("('{prefix}', '{section}', {}, {})", at.thread, at.place) }
                });
                drawing::graph(named, (&dependencies, &dependencies.transpose()), &[], layout)
            }
            Planned::Futures { futures, .. } => {
                let dependencies = futures.dependencies();
                let order: Vec<u32> = (0..dependencies.len() as u32).collect();
                let layout = self.layout.get_or_init(|| Layout::new(&dependencies, &order));
                let named = futures.calls().enumerate().map(|(number, (prefix, section))| Named {
                    prefix,
                    key: format!("('{prefix}', '{section}', {number})"),
                });
                drawing::graph(named, (&dependencies, &dependencies), &[], layout)
            }
        }
    }

    /// The task graph as [JSON](crate::graph::json), its tasks in static order: for another scheduler.
    pub fn json(&self) -> Result<String, JsValue> {
        Ok(self.of_tasks()?.0.to_json()?)
    }

    /// The outcome of a run by another scheduler: `Outcome` in `www/src/engine/protocol.js`, without what only a trace
    /// tells. `targets` has the value of each target as [bytes](crate::binary), or a text that says why there is none.
    pub fn outcome(
        &self,
        targets: Vec<JsValue>,
        workers: usize,
        makespan_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let (plan, wanted) = self.of_tasks()?;
        let (given, needed) = (targets.len(), plan.targets().len());
        if given != needed {
            return Err(Error::invalid(format!("{given} values for {needed} targets")).into());
        }
        let value = |target: &JsValue| match target.as_string() {
            Some(why) => Err(Error::invalid(why)),
            None => Value::decode(&js_sys::Uint8Array::new(target).to_vec()),
        };
        let values = targets.iter().map(value).collect();
        let available_ms = makespan_ms * workers as f64;
        let summary = Summary { tasks: plan.len(), workers, makespan_ms, available_ms, traced: None };
        Ok(run::outcome(plan, wanted, &scheduler::Outcome { values, summary }, true)?)
    }

    /// Starts a run.
    pub fn start(&self, options: JsValue) -> Result<Run, JsValue> {
        let given: Options = serde_wasm_bindgen::from_value(options).map_err(|error| {
            Error::invalid(format!(
                "options must be {{ scheduler, workers, policy, schedulerOptions, seed, trace, keepGoing, \
                 memoryLimit, blocks, isolated, processors }}: {error}"
            ))
        })?;
        let (plan, wanted, deaths) = match &self.planned {
            Planned::Graph { plan, wanted, deaths } => (plan, wanted, *deaths),
            Planned::Threads { program, given: parameters, seed, .. } => {
                let Built::Threads(threads) = program.build(parameters, *seed)? else {
                    unreachable!("a program always runs the same")
                };
                let started = threads.start(given.isolated)?;
                return Ok(Run::of_threads(threads, started));
            }
            Planned::Futures { program, given: parameters, seed, .. } => {
                let Built::Futures(futures) = program.build(parameters, *seed)? else {
                    unreachable!("a program always runs the same")
                };
                let post = Post::default();
                let run = futures.start(given.isolated, post.remote())?;
                return Ok(Run::of_futures(futures, run, post));
            }
            Planned::Simulation(simulation) => {
                let threads = if given.isolated { given.processors } else { 1 };
                return Ok(Run::of_simulation(simulation.clone(), simulation.start(threads)?));
            }
        };
        let scheduler = given.scheduler.parse()?;
        let options = scheduler::Options {
            scheduler,
            workers: match scheduler {
                Scheduler::Cluster => given.scheduler_options.nodes.unwrap_or(NODES) as usize,
                _ => given.workers,
            },
            slots: slots(given.scheduler_options.slots, given.isolated)?,
            network: given.scheduler_options.network(),
            changes: Changes {
                kills: given.scheduler_options.kills.unwrap_or(0) as usize,
                scale_to: given.scheduler_options.scale_to.unwrap_or(0) as usize,
                deaths,
            },
            policy: given.policy.parse()?,
            start: given.scheduler_options.start.map_or(Ok(StartMethod::Spawn), |start| start.parse())?,
            seed: given.seed,
            trace: given.trace,
            keep_going: given.keep_going,
            memory_limit: given.memory_limit.unwrap_or(scheduler::MEMORY_LIMIT),
            persisted_bytes: held::bytes(),
            shown: given.blocks,
        };
        let run = scheduler::start(plan.clone(), options)?;
        Ok(Run::of_graph(run, wanted.clone(), scheduler == Scheduler::Sync))
    }
}

fn prefix(piece: Piece) -> &'static str {
    match piece {
        Piece::Interpreted { .. } => "interpreted",
        Piece::Native { .. } => "native",
        Piece::Blocking { .. } => "blocking",
    }
}
