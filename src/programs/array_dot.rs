//! The sum over `x.dot(x.T)`: each block of the product needs a row of blocks and a column of them.

use super::{Build, Job, Parameter, Parameters, Program, ResultSchema, Scale};
use crate::{collections::array::random::default_rng, error::Result};

pub(super) const PROGRAM: Program = Program {
    name: "array-dot",
    title: "Product of x and x.T",
    summary: "A random matrix times its transpose, block by block, and the sum of all elements.",
    parameters: &[
        Parameter::integer("n", "The matrix has n rows and n columns.", (1, 4000), 1500, Scale::Linear),
        Parameter::integer(
            "chunk",
            "The number of rows and columns of each block.",
            (1, 4000),
            500,
            Scale::Linear,
        ),
    ],
    result: ResultSchema::named("sum of the product"),
    build: Build::Graph(build),
};

fn build(parameters: &Parameters) -> Result<Job> {
    let (n, chunk) = (parameters.integer("n"), parameters.integer("chunk"));
    let x = default_rng(parameters.seed).random(&[n, n], chunk)?;
    Job::array(x.dot(&x.t())?.sum(())?)
}
