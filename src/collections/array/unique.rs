//! The distinct elements of an array: `da.unique`.
//!
//! ```text
//! block            block            block          as one axis
//!   |                |                |
//! unique_internal  unique_internal  unique_internal     those of each block
//!   |                |                |
//! getitem          getitem          getitem
//!        \           |           /
//!        unique-aggregate                               of all, in one block of unknown length
//!                |
//!             getitem
//! ```

use smallvec::SmallVec;

use super::{Array, creation::ones};
use crate::{
    collections::{
        chunks::{Chunks, UNKNOWN},
        nodes::{Blockwise, Emitter, Layer, Tasks, in_order},
    },
    dtype::DType,
    error::Result,
    graph::TaskId,
    operations::{Meta, Op, Unique},
};

impl Array {
    /// The distinct elements, sorted. NaN, which comes last, is one of them at most once. How many there are is only
    /// known when they are computed.
    ///
    /// ```
    /// use dagdeck::collections::array as da;
    ///
    /// let x = da::arange(7, 3, None)?.remainder(3)?;
    /// assert_eq!(x.unique()?.to_string(), "dask.array<getitem, shape=(nan,), dtype=int64, chunksize=(nan,)>");
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    ///
    /// # Errors
    /// If lengths are unknown and there is more than one axis.
    pub fn unique(&self) -> Result<Array> {
        let [values] = distinct([self.ravel()?])?;
        Ok(values)
    }

    /// The distinct elements, sorted, and how often each is there: `da.unique(x, return_counts=True)`.
    ///
    /// # Errors
    /// If lengths are unknown.
    pub fn unique_counts(&self) -> Result<(Array, Array)> {
        self.need_all_lengths()?;
        let flat = self.ravel()?;
        let each = ones(&flat.shape(), flat.chunks(), DType::Int64)?;
        let [values, counts] = distinct([flat, each])?;
        Ok((values, counts))
    }
}

/// The distinct elements of the first array, and the sums of what the others have for each.
fn distinct<const N: usize>(flat: [Array; N]) -> Result<[Array; N]> {
    let op = Op::Unique(Unique { counts: N > 1 });
    let inputs = SmallVec::from_elem(in_order(1), N);
    let layer = Layer::Blockwise(Blockwise { out: in_order(1), inputs, op: Box::new(op.clone()) });
    let chunks = Chunks::explicit(vec![vec![UNKNOWN; flat[0].chunks().blocks()]]);
    let found: [Array; N] = items(&Array::new("unique_internal", chunks, flat, layer)?)?;
    let layer = Layer::Tasks(Box::new(Aggregate(op)));
    let whole = Chunks::explicit(vec![vec![UNKNOWN]]);
    items(&Array::new("unique-aggregate-unique_internal", whole, found, layer)?)
}

/// The items of tuples, each as an array.
fn items<const N: usize>(tuples: &Array) -> Result<[Array; N]> {
    let item = |i: usize| {
        let layer = Blockwise::each(1, Op::Item(i as u8));
        Array::new("getitem", tuples.chunks().clone(), [tuples.clone()], layer)
    };
    let items: Vec<Array> = (0..N).map(item).collect::<Result<_>>()?;
    Ok(items.try_into().expect("that many items"))
}

/// One task that takes all blocks of all inputs.
#[derive(Debug)]
struct Aggregate(Op);

impl Tasks for Aggregate {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let blocks: Vec<TaskId> = graph.inputs.iter().flat_map(|input| input.blocks).copied().collect();
        Ok(vec![graph.block(&[0], self.0.clone(), blocks)?])
    }

    fn infer(&self, _: &[u32], inputs: &[&Meta]) -> Option<Meta> {
        self.0.infer(inputs)
    }
}
