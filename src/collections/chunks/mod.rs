//! Chunks: how an array is cut into blocks, along each axis.
//!
//! ```text
//! shape (5, 6), chunks ((2, 2, 1), (4, 2))
//!            4     2
//!        +------+---+
//!      2 | 0, 0 |0,1|
//!        +------+---+
//!      2 | 1, 0 |1,1|
//!        +------+---+
//!      1 | 2, 0 |2,1|
//!        +------+---+
//! ```
//!
//! Users specify chunks as a [`ChunkSpec`]; [`normalize_chunks`] turns it into [`Chunks`] for a shape.

mod auto;
mod normalize;
mod shrink;
mod spec;
mod unify;

use std::{fmt, ops::Range, sync::Arc};

use smallvec::SmallVec;

pub(crate) use auto::TOLERANCE;
pub use normalize::normalize_chunks;
pub(crate) use normalize::rechunked;
pub(crate) use spec::CHUNK_SIZE;
pub use spec::{AxisSpec, ChunkSpec};
pub(crate) use unify::{broadcast_shapes, common_blockdim, unknown};

use super::nodes::{Grid, Indices};
use crate::operations::Shape;
pub use crate::operations::UNKNOWN;

/// The lengths of an array's blocks along each axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunks(SmallVec<[Arc<[usize]>; 3]>);

impl Chunks {
    /// Cuts each axis into blocks of the given lengths.
    pub fn explicit(lengths: Vec<Vec<usize>>) -> Chunks {
        Chunks(lengths.into_iter().map(Arc::from).collect())
    }

    /// One block.
    pub fn single(shape: &[usize]) -> Chunks {
        Chunks(shape.iter().map(|&length| Arc::from([length])).collect())
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.0.len()
    }

    /// The lengths of the blocks along `axis`.
    pub fn axis(&self, axis: usize) -> &[usize] {
        &self.0[axis]
    }

    /// The lengths along each axis.
    pub fn axes(&self) -> impl DoubleEndedIterator<Item = &[usize]> + ExactSizeIterator {
        self.0.iter().map(|lengths| &**lengths)
    }

    /// The shape of the array. The length of an axis is [`UNKNOWN`] if that of one of its blocks is.
    pub fn shape(&self) -> Vec<usize> {
        self.axes().map(total).collect()
    }

    /// Whether the lengths of all blocks along `axis` are known.
    pub fn is_known(&self, axis: usize) -> bool {
        !self.0[axis].contains(&UNKNOWN)
    }

    /// The number of elements; at most `usize::MAX`, also if a length is unknown.
    pub fn size(&self) -> usize {
        self.shape().into_iter().fold(1, usize::saturating_mul)
    }

    /// The number of blocks along each axis: `x.numblocks`.
    pub fn grid(&self) -> Grid {
        self.axes().map(|lengths| lengths.len() as u32).collect()
    }

    /// The number of blocks; at most `usize::MAX`.
    pub fn blocks(&self) -> usize {
        self.axes().map(<[usize]>::len).fold(1, usize::saturating_mul)
    }

    /// The longest block along each axis: `x.chunksize`.
    pub fn chunksize(&self) -> Vec<usize> {
        self.axes().map(|lengths| lengths.iter().max().copied().unwrap_or(0)).collect()
    }

    /// The indices of all blocks, in C order: the last axis varies fastest.
    pub fn indices(&self) -> Indices {
        self.grid().indices()
    }

    /// The shape of the block `index`.
    pub fn block_shape(&self, index: &[u32]) -> Shape {
        self.0.iter().zip(index).map(|(lengths, &i)| lengths[i as usize]).collect()
    }

    /// The range of elements of each block along `axis`.
    pub fn ranges(&self, axis: usize) -> Vec<Range<usize>> {
        let mut start = 0;
        let range = |&length: &usize| {
            let range = start..total(&[start, length]);
            start = range.end;
            range
        };
        self.axis(axis).iter().map(range).collect()
    }

    /// The same axes in another order: axis `i` is axis `axes[i]` of these.
    pub(crate) fn permuted(&self, axes: &[usize]) -> Chunks {
        Chunks(axes.iter().map(|&axis| self.0[axis].clone()).collect())
    }

    /// The same chunks with one axis replaced.
    pub(crate) fn with_axis(&self, axis: usize, lengths: impl Into<Arc<[usize]>>) -> Chunks {
        let mut chunks = self.clone();
        chunks.0[axis] = lengths.into();
        chunks
    }

    /// Axes collected from other chunks.
    pub(crate) fn from_axes(axes: impl IntoIterator<Item = Arc<[usize]>>) -> Chunks {
        Chunks(axes.into_iter().collect())
    }

    /// The lengths along `axis`, shared.
    pub(crate) fn shared(&self, axis: usize) -> Arc<[usize]> {
        self.0[axis].clone()
    }
}

impl fmt::Display for Chunks {
    /// As Python prints a tuple of tuples.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tuple(self.axes().map(lengths)))
    }
}

/// The sum of some lengths.
pub(crate) fn total(lengths: &[usize]) -> usize {
    lengths.iter().fold(0, |sum, &length| sum.saturating_add(length))
}

/// Lengths as Dask prints them: those that are unknown are `nan`.
pub(crate) fn lengths(lengths: &[usize]) -> String {
    tuple(lengths.iter().map(|&length| if length == UNKNOWN { "nan".to_owned() } else { length.to_string() }))
}

/// As Python prints a tuple.
pub(crate) fn tuple(items: impl IntoIterator<Item = impl ToString>) -> String {
    match items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().as_slice() {
        [one] => format!("({one},)"),
        all => format!("({})", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_blocks_hold() {
        let chunks = Chunks::explicit(vec![vec![2, 2, 1], vec![2, 2], vec![0]]);
        assert_eq!((chunks.shape(), chunks.blocks()), (vec![5, 4, 0], 6));
        assert_eq!(chunks.block_shape(&[2, 0, 0]).as_slice(), [1, 2, 0]);
        assert_eq!(chunks.ranges(0), [0..2, 2..4, 4..5]);
        assert_eq!(chunks.to_string(), "((2, 2, 1), (2, 2), (0,))");
    }

    #[test]
    fn one_unknown_length_makes_that_of_the_axis_unknown() {
        let chunks = Chunks::explicit(vec![vec![UNKNOWN, 2], vec![3, 4]]);
        assert_eq!((chunks.shape(), chunks.chunksize()), (vec![UNKNOWN, 7], vec![UNKNOWN, 4]));
        assert_eq!((chunks.is_known(0), chunks.is_known(1), chunks.blocks()), (false, true, 4));
        assert_eq!(chunks.to_string(), "((nan, 2), (3, 4))");
    }
}
