//! Arrays on a cluster: blocks that one node made and others need go from node to node.

use super::{
    Build, CHUNK, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, array_mean,
    tall_and_skinny,
};
use crate::error::Result;

pub(super) const PROGRAM: Program = Program {
    name: "cluster-array",
    title: "Arrays on a cluster",
    summary: "The mean of x + x.T, whose blocks cross the network, or the QR decomposition of a tall matrix, of which only \
              the small factors do.",
    parameters: &[
        Parameter {
            name: "array",
            label: "array",
            help: "mean: the mean of each column of x + x.T. qr: the largest error of Q times R.",
            kind: ParameterKind::Choice { choices: &["mean", "qr"], default: "mean" },
        },
        Parameter::integer(
            "n",
            "The number of rows; also of columns for mean.",
            (1, 8000),
            2000,
            Scale::Linear,
        ),
        Parameter { help: "The number of rows of each block; also of columns for mean.", ..CHUNK },
        Parameter::integer("columns", "The number of columns for qr.", (1, 200), 50, Scale::Linear),
    ],
    result: ResultSchema::named("result"),
    build: Build::Cluster(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    match parameters.choice("array") {
        "mean" => array_mean::build(parameters),
        _ => tall_and_skinny::qr(parameters),
    }
}
