//! The mean of each column of `x + x.T`, where `x` is random: the first example in Dask's documentation.

use super::{Build, CHUNK, Job, N, Parameters, Program, ResultSchema};
use crate::{
    collections::array::{Array, random::default_rng},
    error::Result,
};

pub(super) const PROGRAM: Program = Program {
    name: "array-mean",
    title: "Mean of x + x.T",
    summary: "A random matrix in blocks, added to its transpose, and the mean of each column.",
    parameters: &[N, CHUNK],
    result: ResultSchema::named("mean of each column"),
    build: Build::Graph(build),
};

pub(super) fn build(parameters: &Parameters) -> Result<Job> {
    Job::array(mean(parameters.integer("n"), parameters.integer("chunk"), parameters.seed)?)
}

pub(super) fn mean(n: usize, chunk: usize, seed: u64) -> Result<Array> {
    let x = default_rng(seed).normal(0.0, 1.0, &[n, n], chunk)?;
    x.add(&x.t())?.mean(0)
}
