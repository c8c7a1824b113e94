//! The largest elements along an axis: first of each block, then a tree keeps the largest.

use super::{
    Array,
    axes::normalize_axis,
    reduction::{Tree, partial_chunks},
};
use crate::{
    collections::nodes::Blockwise,
    error::Result,
    operations::{Op, Stage, Topk},
};

impl Array {
    /// The `k` largest elements along an axis in descending order. If `k` is negative, the `-k` smallest in
    /// ascending order.
    ///
    /// # Errors
    /// If the axis does not exist.
    pub fn topk(&self, k: i64, axis: isize) -> Result<Array> {
        let axis = normalize_axis(axis, self.ndim())?;
        let op = |stage| Op::Topk(Topk { k, axis: axis as u8, stage }.into());
        // A block may have fewer than `k` elements.
        let most = |length: usize| length.min(usize::try_from(k.unsigned_abs()).unwrap_or(usize::MAX));
        let chunks = partial_chunks(self.chunks(), &[axis], most);
        let layer = Blockwise::each(self.ndim(), op(Stage::Chunk));
        let partial = Array::new("topk", chunks, [self.clone()], layer)?;
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
