//! QR decomposition and singular values of a matrix with many rows and few columns, cut into blocks of rows.
//!
//! ```text
//! block --qr--> R --.
//! block --qr--> R ---+--qr--> R of the whole       first phase: all blocks at once
//! block --qr--> R --'    `--> a part of Q for each block: second phase
//! ```

use super::{Build, Job, Parameter, Parameters, Program, ResultSchema, Scale};
use crate::{
    collections::array::{Array, linalg, random::default_rng},
    error::Result,
};

const PARAMETERS: [Parameter; 3] = [
    Parameter::integer("n", "The number of rows.", (1, 1_000_000), 20_000, Scale::Log2),
    Parameter::integer("columns", "The number of columns.", (1, 200), 50, Scale::Linear),
    Parameter::integer("chunk", "The number of rows of each block.", (1, 1_000_000), 2000, Scale::Log2),
];

pub(super) const SVD: Program = Program {
    name: "array-svd",
    title: "Singular values",
    summary: "The singular values of a tall and skinny random matrix, computed from the QR decompositions of its blocks.",
    parameters: &PARAMETERS,
    result: ResultSchema::named("singular values"),
    build: Build::Graph(|parameters| Job::array(linalg::svd(&matrix(parameters)?)?.1)),
};

pub(super) const QR: Program = Program {
    name: "array-qr",
    title: "QR, and back",
    summary: "The QR decomposition of a tall and skinny random matrix, and the largest error of Q times R.",
    parameters: &PARAMETERS,
    result: ResultSchema::named("largest error of Q · R"),
    build: Build::Graph(qr),
};

pub(super) fn qr(parameters: &Parameters) -> Result<Job> {
    Job::array(error_of_qr(&matrix(parameters)?)?)
}

/// The largest error of Q times R.
pub(super) fn error_of_qr(x: &Array) -> Result<Array> {
    let (q, r) = linalg::qr(x)?;
    q.dot(&r)?.subtract(x)?.absolute()?.max(())
}

fn matrix(parameters: &Parameters) -> Result<Array> {
    let [n, columns, chunk] = ["n", "columns", "chunk"].map(|name| parameters.integer(name));
    tall(n, columns, chunk, parameters.seed)
}

/// A random matrix, in blocks of `chunk` rows.
pub(super) fn tall(n: usize, columns: usize, chunk: usize, seed: u64) -> Result<Array> {
    default_rng(seed).random(&[n, columns], [chunk, columns])
}
