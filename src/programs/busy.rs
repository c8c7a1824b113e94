//! Tasks that compute for a while, and may fail: for comparing policies and watching retries.

use super::{Build, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale};
use crate::{
    error::Result,
    graph::{Annotations, gallery::Shape},
    kernels::{self, random},
    operations::{self, Op},
};

/// The maximum number of tasks: more would compute for minutes.
const MOST_TASKS: u32 = 1 << 16;

pub(super) const PROGRAM: Program = Program {
    name: "busy",
    title: "Tasks that take a while",
    summary: "A graph whose tasks compute for a while and return nothing. Some can fail and are retried.",
    parameters: &[
        Parameter {
            name: "shape",
            label: "shape",
            help: "Which tasks depend on which.",
            kind: ParameterKind::Choice { choices: &Shape::NAMES, default: "tree" },
        },
        Parameter {
            name: "tasks",
            label: "tasks",
            help: "The number of tasks, or the nearest number that the shape allows.",
            kind: ParameterKind::Integer { min: 1, max: MOST_TASKS, default: 1 << 8, scale: Scale::Log2 },
        },
        Parameter {
            name: "work",
            label: "work, µs",
            help: "How many microseconds each task computes on one core of this machine.",
            kind: ParameterKind::Integer { min: 1, max: 10_000_000, default: 4096, scale: Scale::Log2 },
        },
        Parameter {
            name: "failing",
            label: "failing, %",
            help: "The percentage of attempts that fail.",
            kind: ParameterKind::Integer { min: 0, max: 100, default: 0, scale: Scale::Linear },
        },
        Parameter {
            name: "retries",
            label: "retries",
            help: "How often a failed task is retried.",
            kind: ParameterKind::Integer { min: 0, max: 20, default: 3, scale: Scale::Linear },
        },
    ],
    result: ResultSchema::measured("makespan", "ms"),
    build: Build::Graph(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let shape: Shape = parameters.choice("shape").parse()?;
    let tasks = parameters.integer("tasks") as u32;
    let steps = (parameters.integer("work") as f64 * kernels::steps_per_us()).round() as u64;
    let failures = failures(tasks, parameters.integer("failing") as f64 / 100.0, parameters.seed);
    let op = |task: u32| Op::Busy(operations::Busy { steps, failures: failures[task as usize] });
    let mut graph = shape.graph_named("busy", tasks, parameters.seed, op);
    let retries = parameters.integer("retries") as u8;
    if retries > 0 {
        graph.annotate_all(Annotations { retries, ..Annotations::default() });
    }
    Ok(Job::figure(graph, |outcome| outcome.summary.makespan_ms))
}

/// The number of times each task fails before it succeeds, if `share` of all attempts fail.
fn failures(tasks: u32, share: f64, seed: u64) -> Vec<u8> {
    let mut draws = vec![0.0; tasks as usize];
    random::chunk_generator(seed.into(), 0).random(&mut draws);
    // The probability that an attempt and all attempts before it fail is share^attempts.
    draws.into_iter().map(|draw: f64| ((1.0 - draw).ln() / share.ln()).abs().min(255.0) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_attempts_that_fail_is_what_was_asked_for() {
        assert!(failures(1000, 0.0, 1).iter().all(|&failures| failures == 0));
        assert!(failures(1000, 1.0, 1).iter().all(|&failures| failures == 255));
        let failed: u32 = failures(100_000, 0.2, 1).into_iter().map(u32::from).sum();
        let share = f64::from(failed) / (100_000.0 + f64::from(failed));
        assert!((share - 0.2).abs() < 0.01, "{share}");
    }
}
