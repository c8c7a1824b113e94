//! Arrays cut into blocks: `dask.array`.
//!
//! An [`Array`] says how each of its blocks comes from blocks of other arrays, and computes nothing; a [`graph`] has a
//! task for each. Names, chunks, types and the shapes of graphs are Dask's. `src/collections/README.md` lists what of
//! `dask.array` is there.
//!
//! ```
//! use dagdeck::{collections::array as da, graph::Plan, scheduler, Options};
//!
//! let x = da::random::default_rng(42).normal(0.0, 1.0, &[40, 40], 10)?;
//! let y = x.add(&x.t())?.mean(0)?;
//! assert_eq!(y.to_string(), "dask.array<mean_agg-aggregate, shape=(40,), dtype=float64, chunksize=(10,)>");
//!
//! let outcome = scheduler::start(Plan::new(&y.graph()?).into(), Options::default())?.wait()?;
//! let means = y.assemble(&outcome.values()?);
//! assert_eq!(means.shape(), [40]);
//! # Ok::<(), dagdeck::Error>(())
//! ```

mod align;
mod assemble;
mod axes;
mod blocks;
mod concatenate;
mod contraction;
mod creation;
mod cumulative;
mod elementwise;
mod fusion;
mod graph;
mod histogram;
mod joined;
mod layer;
pub mod linalg;
mod overlap;
mod percentile;
pub mod random;
mod rechunk;
mod reduction;
mod reshape;
mod slicing;
mod topk;

use std::{
    fmt,
    hash::{DefaultHasher, Hash},
    sync::Arc,
};

use smallvec::SmallVec;

pub use blocks::{BlockFunction, map_blocks};
pub use concatenate::{concatenate, stack};
pub use creation::{Span, arange, eye, from_block, full, held, linspace, ones, zeros};
pub use elementwise::{Operand, ufunc, where_};
pub use graph::graph;
pub use overlap::{Boundary, Overlap};
pub use reduction::{Axis, Over};
pub use slicing::Indexer;

use self::layer::{Layer, check_blocks};
use super::{Chunks, chunks::tuple};
use crate::{dtype::DType, error::Result, graph::TaskGraph, key::token};

/// A lazy array, in blocks. Clones share what it is made from.
#[derive(Clone)]
pub struct Array(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    chunks: Chunks,
    dtype: DType,
    inputs: SmallVec<[Array; 2]>,
    layer: Layer,
}

impl Array {
    /// The array called `prefix-token`, whose token follows from all that it is made from.
    fn new(
        prefix: &str,
        chunks: Chunks,
        dtype: DType,
        inputs: impl IntoIterator<Item = Array>,
        layer: Layer,
    ) -> Result<Array> {
        let inputs: SmallVec<[Array; 2]> = inputs.into_iter().collect();
        let mut hasher = DefaultHasher::new();
        (&chunks, dtype).hash(&mut hasher);
        inputs.iter().for_each(|input| input.name().hash(&mut hasher));
        let name = token(prefix, hasher, &layer);
        Array::named(name, chunks, dtype, inputs, layer)
    }

    fn named(
        name: Arc<str>,
        chunks: Chunks,
        dtype: DType,
        inputs: impl IntoIterator<Item = Array>,
        layer: Layer,
    ) -> Result<Array> {
        check_blocks(&chunks)?;
        Ok(Array(Arc::new(Inner { name, chunks, dtype, inputs: inputs.into_iter().collect(), layer })))
    }

    /// What its tasks are called: a prefix and a token, equal for equal arrays.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How it is cut into blocks.
    pub fn chunks(&self) -> &Chunks {
        &self.0.chunks
    }

    /// The length of each axis.
    pub fn shape(&self) -> Vec<usize> {
        self.chunks().shape()
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.chunks().ndim()
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.chunks().size()
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// The bytes of all elements: `x.nbytes`.
    pub fn nbytes(&self) -> usize {
        self.size().saturating_mul(self.dtype().size())
    }

    /// The [graph] of this array alone, optimised.
    ///
    /// # Errors
    /// It would have more than 2^20 tasks.
    pub fn graph(&self) -> Result<TaskGraph> {
        graph(std::slice::from_ref(self), true)
    }

    /// The arrays from whose blocks it is made.
    fn inputs(&self) -> &[Array] {
        &self.0.inputs
    }

    fn layer(&self) -> &Layer {
        &self.0.layer
    }

    fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }
}

impl fmt::Debug for Array {
    /// The name alone, which stands for all that the array is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Array {
    /// As Dask prints it, but for the kind of its chunks, which is always the same here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, _) = self.name().rsplit_once('-').unwrap_or((self.name(), ""));
        let (shape, chunksize, dtype) = (tuple(self.shape()), tuple(self.chunks().chunksize()), self.dtype());
        write!(f, "dask.array<{prefix}, shape={shape}, dtype={dtype}, chunksize={chunksize}>")
    }
}

impl Drop for Inner {
    /// One after another: an array made by a thousand steps must not take a thousand frames of the stack.
    fn drop(&mut self) {
        let mut last: Vec<Array> = self.inputs.drain(..).collect();
        while let Some(array) = last.pop() {
            if let Some(mut inner) = Arc::into_inner(array.0) {
                last.extend(inner.inputs.drain(..));
            }
        }
    }
}

#[cfg(test)]
mod tests;
