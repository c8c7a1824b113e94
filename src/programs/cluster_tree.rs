//! The sum of many numbers as a tree: a few values at a time are added, on one of the nodes that has some of them.

use super::{
    Build, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale,
    calls::{Arg, Calls},
    cluster_inc_add::SLEEP,
};
use crate::{error::Result, key::Key, operations::Function};

pub(super) const PROGRAM: Program = Program {
    name: "cluster-tree",
    title: "A tree on a cluster",
    summary: "Each input takes a while to load. Sums of a few values are summed again, until one is left.",
    parameters: &[
        Parameter {
            name: "inputs",
            label: "inputs",
            help: "The number of inputs: the leaves of the tree.",
            kind: ParameterKind::Integer { min: 1, max: 4096, default: 256, scale: Scale::Log2 },
        },
        Parameter {
            name: "split_every",
            label: "split every",
            help: "How many values a task adds.",
            kind: ParameterKind::Integer { min: 2, max: 64, default: 2, scale: Scale::Linear },
        },
        SLEEP,
    ],
    result: ResultSchema::measured("sum", ""),
    build: Build::Cluster(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let split_every = parameters.integer("split_every");
    let mut calls = Calls::new(parameters);
    let mut values: Vec<Key> = calls.inputs().map(|i| calls.load(i, 0.0, 0)).collect();
    let mut level = 0;
    while values.len() > 1 {
        let sums = values.chunks(split_every).zip(0..).map(|(part, i)| {
            let args = part.iter().cloned().map(Arg::Value).collect();
            calls.add(Key::block("add", &[level, i]), Function::Sum, args)
        });
        values = sums.collect();
        level += 1;
    }
    calls.wants(values.swap_remove(0))
}
