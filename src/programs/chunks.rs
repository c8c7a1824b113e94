//! The same sum with chunks of any size: small chunks cost overhead, large ones memory and idle workers.

use super::{Build, Job, N, Parameter, Parameters, Program, ResultSchema, Scale};
use crate::{collections::array::random::default_rng, error::Result};

pub(super) const PROGRAM: Program = Program {
    name: "chunks",
    title: "How large a chunk",
    summary: "The sum of a random matrix. Try chunks of 10, 500 and 4000, and compare tasks, memory and idle workers.",
    parameters: &[
        N,
        Parameter::integer(
            "chunk",
            "The number of rows and columns of each block.",
            (1, 8000),
            500,
            Scale::Log2,
        ),
    ],
    result: ResultSchema::named("sum"),
    build: Build::Graph(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let (n, chunk) = (parameters.integer("n"), parameters.integer("chunk"));
    Job::array(default_rng(parameters.seed).random(&[n, n], chunk)?.sum(())?)
}
