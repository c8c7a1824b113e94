//! `inc`, `dec` and `add` of many numbers that take a while to load: work for a cluster whose nodes come and go.

use super::{
    Build, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale,
    calls::{Arg, Calls},
};
use crate::{error::Result, key::Key, operations::Function};

pub(super) const PROGRAM: Program = Program {
    name: "cluster-inc-add",
    title: "Work for a cluster",
    summary: "Each input takes a while to load. Then come inc, dec and add, and the sum of all. It is always the same.",
    parameters: &[
        Parameter {
            name: "inputs",
            label: "inputs",
            help: "The number of inputs. Each leads to four tasks.",
            kind: ParameterKind::Integer { min: 1, max: 4096, default: 256, scale: Scale::Log2 },
        },
        SLEEP,
        Parameter {
            name: "failing",
            label: "failing, %",
            help: "The percentage of attempts to load an input that fail. Each input is tried up to six times.",
            kind: ParameterKind::Integer { min: 0, max: 90, default: 0, scale: Scale::Linear },
        },
    ],
    result: ResultSchema::measured("sum", ""),
    build: Build::Cluster(build),
};

/// How long a load takes: a parameter of all programs whose graphs are [`Calls`].
pub(super) const SLEEP: Parameter = Parameter {
    name: "sleep",
    label: "sleep, ms",
    help: "How long it takes to load an input, on average. It may take up to twice as long.",
    kind: ParameterKind::Integer { min: 0, max: 1000, default: 80, scale: Scale::Linear },
};

const RETRIES: u8 = 5;

fn build(parameters: &Parameters) -> Result<Job> {
    let failing = parameters.integer("failing") as f64 / 100.0;
    let mut calls = Calls::new(parameters);
    let sums = calls.inputs().map(|i| {
        let key = |name: &str| Key::block(name, &[i]);
        let load = calls.load(i, failing, RETRIES);
        let inc = calls.add(key("inc"), Function::Inc, vec![Arg::Value(load.clone())]);
        let dec = calls.add(key("dec"), Function::Dec, vec![Arg::Value(load)]);
        calls.add(key("add"), Function::Add, vec![Arg::Value(inc), Arg::Value(dec)])
    });
    let sums = sums.collect();
    calls.sum(sums)
}
