//! A plan as the page sees it: made from a program's name, drawn, and started.

use std::{
    panic::{RefUnwindSafe, UnwindSafe},
    sync::Arc,
};

use rustc_hash::FxHashMap;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::{
    plain::{ToTyped, list, object, rows},
    run::Run,
};
use crate::{
    error::Error,
    graph,
    layout::Layout,
    programs::{Job, Present, program},
    scheduler,
};

/// A program's task graph, ready to run.
#[wasm_bindgen]
pub struct Plan {
    plan: Arc<graph::Plan>,
    layout: Layout,
    present: Arc<Present>,
}

// wasm-bindgen turns a panic into an exception. A plan never changes, so it is whole after one.
impl UnwindSafe for Plan {}
impl RefUnwindSafe for Plan {}

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
}

#[wasm_bindgen]
impl Plan {
    /// Builds, checks, culls, orders and lays out the graph of a program.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, parameters: JsValue, seed: u64) -> Result<Plan, JsValue> {
        let given = serde_wasm_bindgen::from_value(parameters).map_err(|error| {
            Error::invalid(format!("parameters must be numbers or texts by name: {error}"))
        })?;
        let Job { graph, present } = program(name)?.job(&given, seed)?;
        let plan = graph::Plan::new(&graph);
        let order: Vec<_> = plan.tasks().collect();
        let layout = Layout::new(plan.dependencies(), &order);
        Ok(Plan { plan: plan.into(), layout, present: present.into() })
    }

    /// What there is to draw, as typed arrays.
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
                    ("x", self.layout.x.to_typed()),
                    ("y", self.layout.y.to_typed()),
                    ("width", self.layout.width.into()),
                    ("height", self.layout.height.into()),
                ]),
            ),
        ])
    }

    /// Starts to run it.
    pub fn start(&self, options: JsValue) -> Result<Run, JsValue> {
        let given: Options = serde_wasm_bindgen::from_value(options).map_err(|error| {
            Error::invalid(format!(
                "options must be {{ scheduler, workers, policy, seed, trace, keepGoing, memoryLimit }}: {error}"
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
        };
        Ok(Run::new(scheduler::start(self.plan.clone(), options)?, self.present.clone()))
    }
}
