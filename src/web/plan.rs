//! A plan as the page sees it: built from a program, an expression or a graph, drawn, and started.

use std::{
    cell::OnceCell,
    panic::{RefUnwindSafe, UnwindSafe},
    sync::Arc,
};

use rustc_hash::FxHashMap;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::{
    held,
    plain::{ToTyped, list, object, rows},
    run::{Run, Wanted},
};
use crate::{
    collections::{array, delayed, expression::Targets},
    error::Error,
    graph::{self, TaskGraph},
    layout::Layout,
    programs::{Given, program},
    scheduler,
};

/// A task graph, ready to run.
#[wasm_bindgen]
pub struct Plan {
    plan: Arc<graph::Plan>,
    /// Computed when the plan is first drawn: not every plan is.
    layout: OnceCell<Layout>,
    wanted: Arc<Wanted>,
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
    seed: u64,
    trace: bool,
    keep_going: bool,
    memory_limit: Option<u64>,
    blocks: bool,
}

impl Plan {
    /// A plan for `graph`: culled and ordered.
    fn of(graph: &TaskGraph, wanted: Wanted) -> Plan {
        Plan { plan: graph::Plan::new(graph).into(), layout: OnceCell::new(), wanted: wanted.into() }
    }
}

#[wasm_bindgen]
impl Plan {
    /// Builds the graph of some work. Random numbers of a program follow from `seed`.
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
                let job = program(&name)?.job(&params, seed)?;
                Plan::of(&job.graph, Wanted::Answer(job.wanted))
            }
            Work::Expression { expression, optimize } => {
                let targets = held::parse(&expression)?;
                let graph = match &targets {
                    Targets::Arrays(arrays) => array::graph(arrays, optimize)?,
                    Targets::Delayed(delayed) => delayed::graph(delayed)?,
                };
                Plan::of(&graph, Wanted::Targets(targets))
            }
            Work::Graph { graph } => Plan::of(&TaskGraph::from_json(&graph)?, Wanted::Values),
        })
    }

    /// The graph for drawing, as typed arrays.
    pub fn graph(&self) -> JsValue {
        let plan = &self.plan;
        let mut prefix_ids = FxHashMap::default();
        let mut prefixes = Vec::new();
        let prefix_of: Vec<u16> = plan
            .tasks()
            .map(|task| {
                let prefix = plan.key(task).prefix();
                *prefix_ids.entry(prefix).or_insert_with(|| {
                    prefixes.push(prefix);
                    u16::try_from(prefixes.len() - 1).unwrap_or(u16::MAX)
                })
            })
            .collect();
        let mut text = String::new();
        let mut starts = vec![0];
        for task in plan.tasks() {
            use std::fmt::Write;
            write!(text, "{}", plan.key(task)).expect("a string takes what is written to it");
            starts.push(text.len() as u32);
        }
        let order: Vec<u32> = plan.tasks().collect();
        let layout = self.layout.get_or_init(|| Layout::new(plan.dependencies(), &order));
        object([
            ("tasks", plan.len().into()),
            ("prefixes", list(prefixes.into_iter().map(Into::into))),
            ("prefixOf", prefix_of.to_typed()),
            ("dependencies", rows(plan.dependencies())),
            ("dependents", rows(plan.dependents())),
            ("order", order.to_typed()),
            ("targets", plan.targets().to_typed()),
            ("keys", object([("starts", starts.to_typed()), ("text", text.as_bytes().to_typed())])),
            (
                "layout",
                object([
                    ("x", layout.x.to_typed()),
                    ("y", layout.y.to_typed()),
                    ("width", layout.width.into()),
                    ("height", layout.height.into()),
                ]),
            ),
        ])
    }

    /// Starts a run.
    pub fn start(&self, options: JsValue) -> Result<Run, JsValue> {
        let given: Options = serde_wasm_bindgen::from_value(options).map_err(|error| {
            Error::invalid(format!(
                "options must be {{ scheduler, workers, policy, seed, trace, keepGoing, memoryLimit, blocks \
                 }}: {error}"
            ))
        })?;
        let options = scheduler::Options {
            scheduler: given.scheduler.parse()?,
            workers: given.workers,
            policy: given.policy.parse()?,
            seed: given.seed,
            trace: given.trace,
            keep_going: given.keep_going,
            memory_limit: given.memory_limit.unwrap_or(scheduler::MEMORY_LIMIT),
            persisted_bytes: held::bytes(),
            shown: given.blocks,
        };
        Ok(Run::new(scheduler::start(self.plan.clone(), options)?, self.wanted.clone()))
    }
}
