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

use crate::{
    error::{Error, Result},
    kernels::broadcast_shape,
    op::Shape,
};

/// The lengths of an array's blocks along each axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunks(Vec<Vec<usize>>);

impl Chunks {
    /// Cuts each axis of `shape` into blocks of `chunk` elements, and one of what is left.
    ///
    /// # Errors
    /// `chunk` is 0.
    pub fn uniform(shape: &[usize], chunk: usize) -> Result<Chunks> {
        if chunk == 0 {
            return Err(Error::invalid("chunks = 0: a block must have at least one element along each axis"));
        }
        let cut = |&length: &usize| match length {
            0 => vec![0],
            _ => (0..length).step_by(chunk).map(|start| chunk.min(length - start)).collect(),
        };
        Ok(Chunks(shape.iter().map(cut).collect()))
    }

    /// Cuts each axis into blocks of the given lengths.
    pub fn explicit(lengths: Vec<Vec<usize>>) -> Chunks {
        Chunks(lengths)
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.0.len()
    }

    /// The lengths of the blocks along `axis`.
    pub fn axis(&self, axis: usize) -> &[usize] {
        &self.0[axis]
    }

    /// The shape of the array.
    pub fn shape(&self) -> Vec<usize> {
        self.0.iter().map(|lengths| lengths.iter().sum()).collect()
    }

    /// The number of blocks along each axis.
    pub fn grid(&self) -> Vec<u32> {
        self.0.iter().map(|lengths| lengths.len() as u32).collect()
    }

    /// The number of blocks.
    pub fn blocks(&self) -> usize {
        self.0.iter().map(Vec::len).product()
    }

    /// The indices of all blocks, in C order: the last axis moves first.
    pub fn indices(&self) -> impl Iterator<Item = Vec<u32>> + use<> {
        let grid = self.grid();
        (0..self.blocks()).map(move |block| unravel(block, &grid))
    }

    /// The shape of the block `index`.
    pub fn block_shape(&self, index: &[u32]) -> Shape {
        self.0.iter().zip(index).map(|(lengths, &i)| lengths[i as usize]).collect()
    }

    /// The chunks of the result of combining two arrays, by NumPy's broadcasting rule.
    ///
    /// # Errors
    /// Shapes that do not broadcast, or blocks that do not meet.
    pub fn broadcast(&self, other: &Chunks) -> Result<Chunks> {
        let (left, right) = (self.shape(), other.shape());
        let shape = broadcast_shape(&left, &right).ok_or_else(|| {
            Error::invalid(format!("operands could not be broadcast together with shapes {left:?} {right:?}"))
        })?;
        let aligned = |chunks: &Chunks, axis: usize| {
            let axis = (axis + chunks.ndim()).checked_sub(shape.len())?;
            Some(chunks.axis(axis).to_vec())
        };
        let axes = (0..shape.len()).map(|axis| match (aligned(self, axis), aligned(other, axis)) {
            (Some(a), Some(b)) if a == b => Ok(a),
            (Some(a), Some(b)) if b == [1] => Ok(a),
            (Some(a), Some(b)) if a == [1] => Ok(b),
            (Some(a), Some(b)) => Err(Error::invalid(format!(
                "chunks differ along axis {axis}: {a:?} and {b:?}; they must be equal"
            ))),
            (Some(a), None) | (None, Some(a)) => Ok(a),
            (None, None) => unreachable!("the common shape has as many axes as the longer one"),
        });
        Ok(Chunks(axes.collect::<Result<_>>()?))
    }
}

/// The index of block number `block` of a grid, counted in C order.
fn unravel(mut block: usize, grid: &[u32]) -> Vec<u32> {
    let mut index = vec![0; grid.len()];
    for (i, &length) in index.iter_mut().zip(grid).rev() {
        *i = (block % length as usize) as u32;
        block /= length as usize;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_block_is_what_is_left() {
        let chunks = Chunks::uniform(&[5, 4, 0], 2).unwrap();
        assert_eq!(chunks, Chunks::explicit(vec![vec![2, 2, 1], vec![2, 2], vec![0]]));
        assert_eq!(chunks.shape(), [5, 4, 0]);
        assert_eq!(chunks.block_shape(&[2, 0, 0]).as_slice(), [1, 2, 0]);
        assert!(Chunks::uniform(&[5], 0).is_err());
    }

    #[test]
    fn blocks_are_counted_in_c_order() {
        let indices: Vec<_> = Chunks::uniform(&[4, 6], 2).unwrap().indices().collect();
        assert_eq!(indices, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
        assert_eq!(Chunks::uniform(&[], 2).unwrap().indices().count(), 1);
    }

    #[test]
    fn chunks_broadcast_where_their_blocks_meet() {
        let (x, y) = (Chunks::uniform(&[4, 6], 2).unwrap(), Chunks::uniform(&[6], 2).unwrap());
        assert_eq!(x.broadcast(&y).unwrap(), x);
        let column = Chunks::uniform(&[4, 1], 2).unwrap();
        assert_eq!(y.broadcast(&column).unwrap(), x);
        let other = Chunks::uniform(&[6], 3).unwrap();
        let error = x.broadcast(&other).unwrap_err().to_string();
        assert_eq!(error, "chunks differ along axis 1: [2, 2, 2] and [3, 3]; they must be equal");
    }
}
