//! The largest elements along an axis: those of each block, of which a tree keeps the largest.

use super::{
    Array,
    axes::normalize_axis,
    layer::Blockwise,
    reduction::{Tree, partial_chunks},
};
use crate::{
    error::Result,
    op::{Op, Stage, Topk},
};

impl Array {
    /// The `k` largest elements along an axis, the largest first; the `-k` smallest, the smallest first, if `k` is
    /// negative.
    ///
    /// # Errors
    /// The axis is not there.
    pub fn topk(&self, k: i64, axis: isize) -> Result<Array> {
        let axis = normalize_axis(axis, self.ndim())?;
        let op = |stage| Op::Topk(Topk { k, axis: axis as u8, stage }.into());
        // A block has not always so many.
        let most = |length: usize| length.min(usize::try_from(k.unsigned_abs()).unwrap_or(usize::MAX));
        let chunks = partial_chunks(self.chunks(), &[axis], most);
        let layer = Blockwise::each(self.ndim(), op(Stage::Chunk));
        let partial = Array::new("topk", chunks, self.dtype(), [self.clone()], layer)?;
        let tree = Tree {
            axes: vec![axis],
            split_every: None,
            keepdims: true,
            length: most(self.shape()[axis]),
            combine: ("topk-partial", op(Stage::Combine)),
            aggregate: ("topk_aggregate-aggregate", op(Stage::Aggregate)),
        };
        tree.reduce(partial)
    }
}
