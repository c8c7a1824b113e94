//! Products of matrices: `tensordot`, `dot` and `matmul`.
//!
//! ```text
//! a[i, 0]  b[0, j]   a[i, 1]  b[1, j]  …
//!       \  /               \  /
//!     tensordot          tensordot     …      the partial product of each pair, with an axis of length 1 for k
//!           \            /
//!            sum over k                       a tree, as any sum
//! ```

use super::{
    Array,
    align::align,
    axes::{normalize_axis, op_axes},
    reduction::{Axis, Over, Tree},
    slicing::Indexer,
};
use crate::{
    collections::{
        chunks::{Chunks, lengths},
        nodes::{Blockwise, Labels, Layer},
    },
    error::{Error, Result},
    operations::{Matmul, Op, Reduce, Reduction, Slice, Stage, Tensordot},
};

impl Array {
    /// The sum of products over pairs of axes, `left[i]` of this array with `right[i]` of the other:
    /// `da.tensordot(x, y, axes=(left, right))`.
    ///
    /// # Errors
    /// If an axis does not exist, or lengths differ.
    pub fn tensordot(&self, other: &Array, left: &[isize], right: &[isize]) -> Result<Array> {
        if left.len() != right.len() {
            return Err(shape_mismatch());
        }
        let axes = |axes: &[isize], array: &Array| -> Result<Vec<usize>> {
            axes.iter().map(|&axis| normalize_axis(axis, array.ndim())).collect()
        };
        let (left, right) = (axes(left, self)?, axes(right, other)?);
        let twice = |axes: &[usize]| (1..axes.len()).any(|i| axes[..i].contains(&axes[i]));
        let same = |(&l, &r): (&usize, &usize)| self.shape()[l] == other.shape()[r];
        if twice(&left) || twice(&right) || !left.iter().zip(&right).all(same) {
            return Err(shape_mismatch());
        }
        let left_labels: Labels = (0..self.ndim() as u32).collect();
        let mut right_labels: Labels =
            (0..other.ndim() as u32).map(|axis| self.ndim() as u32 + axis).collect();
        left.iter().zip(&right).for_each(|(&l, &r)| right_labels[r] = left_labels[l]);
        let mut out = left_labels.clone();
        out.extend(right_labels.iter().copied().filter(|label| !left_labels.contains(label)));
        let op = Tensordot { left: op_axes(&left), right: op_axes(&right), keepdims: true };
        let op = Op::Tensordot(op.into());
        let partial = product("tensordot", [self, other], [left_labels, right_labels], out, &left, op)?;
        let axes: Vec<isize> = left.iter().map(|&axis| axis as isize).collect();
        partial.sum(Over { axis: Axis::Some(axes), ..().into() })
    }

    /// `x.dot(y)`: sums products over the last axis of this array and the second-to-last axis of the other.
    ///
    /// # Errors
    /// As for [`tensordot`](Array::tensordot), and if an array has no axes.
    pub fn dot(&self, other: &Array) -> Result<Array> {
        if self.ndim() == 0 || other.ndim() == 0 {
            return self.multiply(other);
        }
        let right = if other.ndim() == 1 { 0 } else { other.ndim() as isize - 2 };
        if self.shape().last() != Some(&other.shape()[right as usize]) {
            let (left, right_axis) = (self.ndim() - 1, right);
            return Err(Error::invalid(format!(
                "shapes {} and {} not aligned: {} (dim {left}) != {} (dim {right_axis})",
                lengths(&self.shape()),
                lengths(&other.shape()),
                self.shape()[left],
                other.shape()[right as usize]
            )));
        }
        self.tensordot(other, &[-1], &[right])
    }

    /// `x @ y`: the product of matrices. With more than two axes, the last two are matrices and the others are
    /// broadcast.
    ///
    /// # Errors
    /// If an array has no axes, or lengths differ.
    pub fn matmul(&self, other: &Array) -> Result<Array> {
        if self.ndim() == 0 || other.ndim() == 0 {
            return Err(Error::invalid("`matmul` does not support scalars."));
        }
        let column = [Indexer::Slice(Slice::ALL), Indexer::NewAxis];
        let mut a = if self.ndim() == 1 { self.slice(&[Indexer::NewAxis])? } else { self.clone() };
        let mut b = if other.ndim() == 1 { other.slice(&column)? } else { other.clone() };
        let (inner, outer) = (a.shape()[a.ndim() - 1], b.shape()[b.ndim() - 2]);
        if inner != outer {
            return Err(Error::invalid(format!(
                "Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
                 (n?,k),(k,m?)->(n?,m?) (size {outer} is different from {inner})"
            )));
        }
        let ndim = a.ndim().max(b.ndim());
        for array in [&mut a, &mut b] {
            *array = array.slice(&vec![Indexer::NewAxis; ndim - array.ndim()])?;
        }
        // All axes. The last three are rows, the axis that is summed over, and columns.
        let out: Labels = (0..=ndim as u32).collect();
        let left: Labels = (0..ndim as u32).collect();
        let mut right: Labels = (0..ndim as u32 - 2).collect();
        right.extend([ndim as u32 - 1, ndim as u32]);
        let op = Op::Matmul(Matmul { keepdims: true });
        let partial = product("matmul", [&a, &b], [left, right], out, &[ndim - 1], op)?;
        let sum = chunk_sum(partial, ndim - 1)?;
        let sum = if self.ndim() == 1 { sum.squeezed(&[sum.ndim() - 2])? } else { sum };
        if other.ndim() == 1 { sum.squeezed(&[sum.ndim() - 1]) } else { Ok(sum) }
    }
}

fn shape_mismatch() -> Error {
    Error::invalid("shape-mismatch for sum")
}

/// The partial products of all pairs of blocks, with blocks of length 1 along the axes that are summed over.
fn product(
    prefix: &str,
    arrays: [&Array; 2],
    labels: [Labels; 2],
    out: Labels,
    summed: &[usize],
    op: Op,
) -> Result<Array> {
    let aligned = align(&arrays.map(Clone::clone), &labels)?;
    let chunks = summed.iter().fold(aligned.chunks(&out), |chunks: Chunks, &axis| {
        let blocks = chunks.axis(axis).len();
        chunks.with_axis(axis, vec![1; blocks])
    });
    let layer = Layer::Blockwise(Blockwise { out, inputs: labels.into_iter().collect(), op: Box::new(op) });
    Array::new(prefix, chunks, aligned.arrays, layer)
}

/// The sum over an axis whose blocks have length 1: Dask's `_sum_wo_cat`. A single block does not need it.
fn chunk_sum(partial: Array, axis: usize) -> Result<Array> {
    if partial.chunks().axis(axis).len() == 1 {
        return partial.squeezed(&[axis]);
    }
    let step = |stage| {
        let keepdims = stage != Stage::Aggregate;
        Op::Reduce(Reduce { keepdims, ..Reduce::new(Reduction::Sum, stage, [axis as u8]) }.into())
    };
    let chunks = partial.chunks().clone();
    let layer = Blockwise::each(partial.ndim(), step(Stage::Chunk));
    let partial = Array::new("chunk_sum", chunks, [partial], layer)?;
    let tree = Tree {
        axes: vec![axis],
        split_every: None,
        keepdims: false,
        length: 1,
        combine: ("_chunk_sum-partial", step(Stage::Combine)),
        aggregate: ("_chunk_sum-aggregate", step(Stage::Aggregate)),
    };
    tree.reduce(partial)
}
