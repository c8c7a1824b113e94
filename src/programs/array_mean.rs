//! The mean of each column of `x + x.T`, for a random `x`: Dask's first example.

use super::{Answer, Job, MAX_TASKS, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale};
use crate::{collections::array as da, error::Result, programs::too_many_tasks};

pub(super) const PROGRAM: Program = Program {
    name: "array-mean",
    title: "Mean of x + x.T",
    summary: "A random matrix in blocks, added to its transpose, and the mean of each column.",
    parameters: &[
        Parameter {
            name: "n",
            label: "n",
            help: "The matrix has n rows and n columns.",
            kind: ParameterKind::Integer { min: 1, max: 8000, default: 4000, scale: Scale::Linear },
        },
        Parameter {
            name: "chunk",
            label: "chunk",
            help: "It is cut into blocks of so many rows and columns.",
            kind: ParameterKind::Integer { min: 1, max: 8000, default: 500, scale: Scale::Linear },
        },
    ],
    result: ResultSchema { label: "mean of each column", unit: "" },
    build,
};

fn build(parameters: &Parameters) -> Result<Job> {
    let (n, chunk) = (parameters.integer("n"), parameters.integer("chunk"));
    // Four tasks a block, and those of the tree that follows: less than one more.
    let tasks = 5 * n.div_ceil(chunk).pow(2);
    if tasks > MAX_TASKS {
        return Err(too_many_tasks(tasks, "choose a larger chunk or a smaller n"));
    }
    let x = da::random::default_rng(parameters.seed).normal(0.0, 1.0, &[n, n], chunk)?;
    let mean = x.add(&x.t())?.mean(0)?;
    Ok(Job {
        graph: mean.graph()?,
        present: Box::new(move |outcome| Ok(Answer::Array(mean.assemble(&outcome.values()?)))),
    })
}
