//! Nodes that die during the run: the values that only they had are computed again.

use super::{
    Build, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale,
    calls::{Arg, Calls},
    cluster_inc_add::SLEEP,
};
use crate::{error::Result, key::Key, operations::Function, scheduler::Deaths};

pub(super) const PROGRAM: Program = Program {
    name: "cluster-kill",
    title: "Nodes that die",
    summary: "Each input is loaded, and a number of steps add 1 to it. Meanwhile nodes of the cluster die, one after \
              another. What only they had is computed again, and the sum stays the same.",
    parameters: &[
        Parameter {
            name: "inputs",
            label: "inputs",
            help: "The number of inputs.",
            kind: ParameterKind::Integer { min: 1, max: 1024, default: 64, scale: Scale::Log2 },
        },
        Parameter::integer("steps", "How many steps follow each input.", (1, 64), 8, Scale::Linear),
        SLEEP,
        Parameter::integer(
            "deaths",
            "How many nodes of the cluster in this page die. One node always stays.",
            (0, 15),
            3,
            Scale::Linear,
        ),
        Parameter {
            name: "first",
            label: "first death, %",
            help: "The first node dies when this percentage of the tasks have run.",
            kind: ParameterKind::Integer { min: 0, max: 100, default: 25, scale: Scale::Linear },
        },
        Parameter {
            name: "every",
            label: "next death, %",
            help: "The next nodes die when this percentage of the tasks have run since the last death.",
            kind: ParameterKind::Integer { min: 0, max: 100, default: 25, scale: Scale::Linear },
        },
    ],
    result: ResultSchema::measured("sum", ""),
    build: Build::Cluster(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let steps = parameters.integer("steps") as u32;
    let [count, first_percent, every_percent] =
        ["deaths", "first", "every"].map(|name| parameters.integer(name) as u8);
    let mut calls = Calls::new(parameters);
    let ends = calls.inputs().map(|i| {
        let load = calls.load(i, 0.0, 0);
        let step =
            |value, step| calls.add(Key::block("step", &[i, step]), Function::Inc, vec![Arg::Value(value)]);
        (0..steps).fold(load, step)
    });
    let ends = ends.collect();
    Ok(Job { deaths: Deaths { count, first_percent, every_percent }, ..calls.sum(ends)? })
}
