//! The partitions of a collection: a grid, with a number of blocks along each axis.

use smallvec::SmallVec;

/// The index of a block: its number along each axis.
pub type BlockIndex = SmallVec<[u32; 4]>;

/// The number of blocks along each axis. A grid without axes has one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid(BlockIndex);

impl Grid {
    /// The number of blocks along each axis.
    pub fn axes(&self) -> &[u32] {
        &self.0
    }

    /// The number of blocks; at most `usize::MAX`.
    pub fn blocks(&self) -> usize {
        self.0.iter().fold(1, |blocks, &length| blocks.saturating_mul(length as usize))
    }

    /// The indices of all blocks, in C order: the last axis varies fastest.
    pub fn indices(&self) -> Indices {
        let next = self.0.iter().all(|&length| length > 0).then(|| SmallVec::from_elem(0, self.0.len()));
        Indices { grid: self.0.clone(), next }
    }

    /// The number of the block `index` in C order.
    pub fn ravel(&self, index: &[u32]) -> usize {
        debug_assert_eq!(index.len(), self.0.len());
        self.0.iter().zip(index).fold(0, |place, (&length, &i)| place * length as usize + i as usize)
    }

    /// The index of block number `block` in C order.
    pub fn unravel(&self, mut block: usize) -> BlockIndex {
        let mut index: BlockIndex = SmallVec::from_elem(0, self.0.len());
        for (i, &length) in index.iter_mut().zip(&self.0).rev() {
            *i = (block % length as usize) as u32;
            block /= length as usize;
        }
        index
    }
}

impl FromIterator<u32> for Grid {
    fn from_iter<I: IntoIterator<Item = u32>>(axes: I) -> Grid {
        Grid(axes.into_iter().collect())
    }
}

/// The indices of a grid, in C order.
#[derive(Clone, Debug)]
pub struct Indices {
    grid: BlockIndex,
    next: Option<BlockIndex>,
}

impl Iterator for Indices {
    type Item = BlockIndex;

    fn next(&mut self) -> Option<BlockIndex> {
        let current = self.next.clone()?;
        let after = self.next.as_mut().expect("there is a current place");
        for (i, &length) in after.iter_mut().zip(&self.grid).rev() {
            *i += 1;
            if *i < length {
                return Some(current);
            }
            *i = 0;
        }
        self.next = None;
        Some(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_counted_in_c_order() {
        let grid: Grid = [2, 3].into_iter().collect();
        let indices: Vec<BlockIndex> = grid.indices().collect();
        assert_eq!(
            indices.iter().map(|index| index.to_vec()).collect::<Vec<_>>(),
            [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
        );
        for (block, index) in indices.iter().enumerate() {
            assert_eq!((grid.ravel(index), grid.unravel(block)), (block, index.clone()));
        }
        assert_eq!(Grid::default().indices().count(), 1);
        assert_eq!([2, 0].into_iter().collect::<Grid>().indices().count(), 0);
    }
}
