//! Tasks that do nothing: the duration of the run is the scheduler's overhead.

use super::{Build, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale};
use crate::{
    collections::MAX_TASKS, error::Result, graph::gallery::Shape, operations::Op, scheduler::Outcome,
};

const NAME: &str = "no-op";

pub(super) const PROGRAM: Program = Program {
    name: NAME,
    title: "Tasks that do nothing",
    summary: "A graph whose tasks do nothing: the duration of the run is the scheduler's overhead.",
    parameters: &[
        Parameter {
            name: "shape",
            label: "shape",
            help: "Which tasks depend on which.",
            kind: ParameterKind::Choice { choices: &Shape::NAMES, default: Shape::Tree.name() },
        },
        Parameter {
            name: "tasks",
            label: "tasks",
            help: "The number of tasks, or the nearest number that the shape allows.",
            kind: ParameterKind::Integer {
                min: 1,
                max: MAX_TASKS as u32,
                default: 1 << 12,
                scale: Scale::Log2,
            },
        },
    ],
    result: ResultSchema::measured("overhead per task", "ns"),
    build: Build::Graph(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let shape: Shape = parameters.choice("shape").parse()?;
    let tasks = parameters.integer("tasks") as u32;
    let graph = shape.graph_named(NAME, tasks, parameters.seed, |_| Op::NoOp);
    Ok(Job::figure(graph, overhead_per_task_ns))
}

/// The time from the run's start to its end, divided by the number of tasks.
fn overhead_per_task_ns(outcome: &Outcome) -> f64 {
    outcome.summary.makespan_ms * 1e6 / outcome.summary.tasks as f64
}
