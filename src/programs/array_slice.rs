//! Every other row and half of the columns of `x + x.T`: blocks that are not needed are never computed.

use super::{Build, CHUNK, Job, N, Parameters, Program, ResultSchema};
use crate::{
    collections::array::{Indexer, random::default_rng},
    error::Result,
    operations::Slice,
};

pub(super) const PROGRAM: Program = Program {
    name: "array-slice",
    title: "A part of x + x.T",
    summary: "The mean of each row of a part of x + x.T: every other row, and the right half of the columns.",
    parameters: &[N, CHUNK],
    result: ResultSchema::named("mean of each row"),
    build: Build::Graph(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let (n, chunk) = (parameters.integer("n"), parameters.integer("chunk"));
    let x = default_rng(parameters.seed).random(&[n, n], chunk)?;
    let every_other = Slice { step: Some(2), ..Slice::ALL };
    let right_half = Slice { start: Some((n / 2) as i64), ..Slice::ALL };
    let part = x.add(&x.t())?.slice(&[Indexer::Slice(every_other), Indexer::Slice(right_half)])?;
    Job::array(part.mean(1)?)
}
