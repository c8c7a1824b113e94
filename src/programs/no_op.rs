//! Tasks that do nothing: what their run takes is the scheduler's overhead.

use super::{Answer, Job, MAX_TASKS, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale};
use crate::{error::Result, graph::GraphBuilder, key::Key, op::Op, scheduler::Outcome};

pub(super) const PROGRAM: Program = Program {
    name: "no-op",
    title: "Tasks that do nothing",
    summary: "A graph whose tasks do nothing, so that its run takes what the scheduler takes.",
    parameters: &[
        Parameter {
            name: "shape",
            label: "shape",
            help: "tree: each task needs two others. chain: each needs the one before. independent: none needs any.",
            kind: ParameterKind::Choice { choices: &["tree", "chain", "independent"], default: "tree" },
        },
        Parameter {
            name: "tasks",
            label: "tasks",
            help: "How many tasks there are.",
            kind: ParameterKind::Integer {
                min: 1,
                max: MAX_TASKS as u32,
                default: 1 << 12,
                scale: Scale::Log2,
            },
        },
    ],
    result: ResultSchema { label: "overhead per task", unit: "ns" },
    build,
};

fn build(parameters: &Parameters) -> Result<Job> {
    let tasks = parameters.integer("tasks") as u32;
    let shape = parameters.choice("shape");
    let name: std::sync::Arc<str> = "no-op".into();
    let key = |i: u32| Key::block(name.clone(), &[i]);
    let mut graph = GraphBuilder::new();
    for i in 0..tasks {
        let args = match shape {
            // A heap: task 0 is the root of the tree and the target of the graph.
            "tree" => 2 * i + 1..(2 * i + 3).min(tasks),
            "chain" => i.saturating_sub(1)..i,
            _ => 0..0,
        };
        graph.task(key(i), Op::NoOp, args.map(key));
    }
    match shape {
        "tree" => graph.target(key(0)),
        "chain" => graph.target(key(tasks - 1)),
        _ => (0..tasks).for_each(|i| graph.target(key(i))),
    }
    Ok(Job {
        graph: graph.build()?,
        present: Box::new(|outcome| Ok(Answer::Number(overhead_per_task_ns(outcome)))),
    })
}

/// The time from the run's start to its end, for each task.
fn overhead_per_task_ns(outcome: &Outcome) -> f64 {
    outcome.summary.makespan_ms * 1e6 / outcome.summary.tasks as f64
}
