//! A cluster of up to thousands of nodes, simulated.

use super::{
    Build, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, Simulation, array_mean,
    tall_and_skinny,
};
use crate::{
    collections::{MAX_TASKS, array::Array},
    error::Result,
    graph::{Plan, TaskGraph, gallery::Shape},
    operations::Op,
    scheduler::cluster::simulation::{self, MOST_NODES, Placement},
};

const NAME: &str = "cluster-simulate";

/// The programs whose graphs can be simulated, with the sizes of their values.
const ARRAYS: [&str; 2] = ["array-mean", "array-qr"];

/// The choices of the parameter `shape`: the gallery's shapes, whose tasks do nothing, and programs.
const SHAPES: [&str; Shape::NAMES.len() + ARRAYS.len()] = {
    let mut shapes = [""; Shape::NAMES.len() + ARRAYS.len()];
    let (shapes_of_gallery, arrays) = shapes.split_at_mut(Shape::NAMES.len());
    shapes_of_gallery.copy_from_slice(&Shape::NAMES);
    arrays.copy_from_slice(&ARRAYS);
    shapes
};

/// The number of columns of the matrix of `array-qr`.
const COLUMNS: usize = 50;

/// The size of an element.
const FLOAT64: usize = 8;

/// The choices of the parameter `placement`.
const PLACEMENTS: [&str; 4] = ["earliest", "random", "round robin", "stealing only"];

/// An integer on a logarithmic scale.
const fn log2(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    (min, max): (u32, u32),
    default: u32,
) -> Parameter {
    Parameter { name, label, help, kind: ParameterKind::Integer { min, max, default, scale: Scale::Log2 } }
}

pub(super) const PROGRAM: Program = Program {
    name: NAME,
    title: "A cluster, simulated",
    summary: "A simulation: the scheduler for clusters runs a graph on more and more nodes under a virtual clock. A \
              table shows the makespan for each size, and a note says where scaling ends and why.",
    parameters: &[
        Parameter {
            name: "shape",
            label: "shape",
            help: "Which tasks depend on which. array-mean and array-qr: the graphs of these programs, larger.",
            kind: ParameterKind::Choice { choices: &SHAPES, default: "map-reduce" },
        },
        log2(
            "tasks",
            "tasks",
            "The number of tasks, or the nearest number that the shape allows.",
            (1, MAX_TASKS as u32),
            1 << 12,
        ),
        log2(
            "nodes",
            "nodes",
            "The largest number of nodes. The first row has one.",
            (1, MOST_NODES),
            1 << 10,
        ),
        Parameter::integer("slots", "How many tasks a node runs at once.", (1, 64), 1, Scale::Linear),
        log2("work", "task, µs", "How long a task takes, on average.", (1, 100_000_000), 100_000),
        Parameter {
            name: "spread",
            label: "spread, %",
            help: "By how much a task may take longer or shorter than the average.",
            kind: ParameterKind::Integer { min: 0, max: 100, default: 50, scale: Scale::Linear },
        },
        log2(
            "size",
            "value, kB",
            "The size of each task's value; of an array, that of a block, from which those of the other values follow.",
            (1, 1 << 20),
            1 << 10,
        ),
        log2("bandwidth", "bandwidth, MB/s", "What a node sends or receives at most.", (1, 100_000), 1000),
        log2("latency", "latency, µs", "How long a message takes to arrive.", (1, 1_000_000), 500),
        log2(
            "decision",
            "decision, µs",
            "What the scheduler needs for a task: 1000 is about what Dask's needs.",
            (1, 100_000),
            200,
        ),
        Parameter {
            name: "failures",
            label: "failures, 1/h",
            help: "How many times an hour each node dies, on average. A replacement joins after one second.",
            kind: ParameterKind::Integer { min: 0, max: 3600, default: 0, scale: Scale::Linear },
        },
        Parameter {
            name: "placement",
            label: "placement",
            help: "earliest: the node that could start the task first, including fetching its inputs. The others are for \
                   comparison.",
            kind: ParameterKind::Choice { choices: &PLACEMENTS, default: PLACEMENTS[0] },
        },
        Parameter {
            name: "gather",
            label: "gather",
            help: "Whether the values of targets are sent to the client, over one link of this bandwidth. Otherwise they stay \
                   on the nodes.",
            kind: ParameterKind::Choice { choices: &["no", "yes"], default: "no" },
        },
    ],
    result: ResultSchema::named("scaling"),
    build: Build::Simulation(build),
};

fn build(parameters: &Parameters) -> Result<Simulation> {
    let number = |name| parameters.integer(name) as f64;
    let tasks = parameters.integer("tasks") as u32;
    let placement = match parameters.choice("placement") {
        "random" => Placement::Random,
        "round robin" => Placement::RoundRobin,
        "stealing only" => Placement::StealingOnly,
        _ => Placement::Earliest,
    };
    let bytes = parameters.integer("size") * 1000;
    let plan = Plan::new(&graph(parameters.choice("shape"), tasks, bytes, parameters.seed)?);
    Ok(Simulation::series(
        plan,
        simulation::Parameters {
            nodes: parameters.integer("nodes") as u32,
            slots: parameters.integer("slots") as u32,
            task_ms: number("work") / 1e3,
            spread: number("spread") / 100.0,
            value_bytes: bytes as u64,
            bytes_per_ms: number("bandwidth") * 1e3,
            latency_ms: number("latency") / 1e3,
            decision_ms: number("decision") / 1e3,
            failures_per_hour: number("failures"),
            restart_ms: 1000.0,
            placement,
            gather: parameters.choice("gather") == "yes",
            seed: parameters.seed,
        },
    ))
}

/// The graph of a shape with about this number of tasks. `bytes`: the size of the blocks of an array.
fn graph(shape: &str, tasks: u32, bytes: usize, seed: u64) -> Result<TaskGraph> {
    let elements = (bytes / FLOAT64).max(1);
    match shape {
        "array-mean" => {
            let chunk = elements.isqrt();
            largest(tasks, 2, |n| array_mean::mean(n * chunk, chunk, seed))
        }
        "array-qr" => {
            let chunk = (elements / COLUMNS).max(COLUMNS);
            let matrix = |n| tall_and_skinny::tall(n * chunk, COLUMNS, chunk, seed);
            largest(tasks, 1, |n| tall_and_skinny::error_of_qr(&matrix(n)?))
        }
        shape => Ok(shape.parse::<Shape>()?.graph_named(NAME, tasks, seed, |_| Op::NoOp)),
    }
}

/// The graph of the largest array with at most `tasks` tasks. `array`: one with n blocks along each of some axes.
fn largest(tasks: u32, axes: u32, array: impl Fn(usize) -> Result<Array>) -> Result<TaskGraph> {
    let (tasks, few) = (tasks as usize, 32usize);
    let per_block = array(few)?.graph()?.len() as f64 / few.pow(axes) as f64;
    let mut n = (tasks as f64 / per_block).powf(1.0 / f64::from(axes)) as usize;
    loop {
        n = n.max(1);
        let graph = array(n)?.graph()?;
        if graph.len() <= tasks || n == 1 {
            return Ok(graph);
        }
        n -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphs_of_programs_have_about_the_number_of_tasks() {
        for shape in ARRAYS {
            for tasks in [1, 100, 1000, 20_000] {
                let graph = graph(shape, tasks, 100_000, 0).unwrap();
                let len = graph.len();
                assert!(
                    tasks < 100 || (tasks as usize / 2..=tasks as usize).contains(&len),
                    "{shape}: {len}"
                );
            }
        }
    }
}
