//! Tasks that fail now and then, and are tried again.

use super::{
    Build, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, calls::Calls,
    cluster_inc_add::SLEEP,
};
use crate::error::Result;

pub(super) const PROGRAM: Program = Program {
    name: "cluster-flaky",
    title: "Failures on a cluster",
    summary: "Loading an input fails now and then, and is tried again. The seed determines which attempts fail. With too \
              few retries, the run ends with an error that names the task.",
    parameters: &[
        Parameter {
            name: "inputs",
            label: "inputs",
            help: "The number of inputs.",
            kind: ParameterKind::Integer { min: 1, max: 4096, default: 128, scale: Scale::Log2 },
        },
        SLEEP,
        Parameter {
            name: "failing",
            label: "failing, %",
            help: "The percentage of attempts that fail.",
            kind: ParameterKind::Integer { min: 0, max: 100, default: 30, scale: Scale::Linear },
        },
        Parameter {
            name: "retries",
            label: "retries",
            help: "How many times a failed task is tried again.",
            kind: ParameterKind::Integer { min: 0, max: 20, default: 10, scale: Scale::Linear },
        },
    ],
    result: ResultSchema::measured("sum", ""),
    build: Build::Cluster(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let (failing, retries) =
        (parameters.integer("failing") as f64 / 100.0, parameters.integer("retries") as u8);
    let mut calls = Calls::new(parameters);
    let loads = calls.inputs().map(|i| calls.load(i, failing, retries)).collect();
    calls.sum(loads)
}
