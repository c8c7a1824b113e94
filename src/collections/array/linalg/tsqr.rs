//! The direct QR decomposition of tall and skinny arrays, by A. Benson, D. Gleich and J. Demmel
//! (<https://arxiv.org/abs/1301.1071>): the R's of all blocks are stacked and decomposed again, and each block's Q is
//! multiplied by its part of the stack's Q. This is Dask's `tsqr`.
//!
//! ```text
//!     block     block  …
//!      |         |
//!      qr        qr    …
//!     /  \      /  \
//!    q    r    q    r
//!    |     \   |   /
//!    |      stack              in several blocks if it is taller than the tallest block: then recurse
//!    |        |
//!    |        qr
//!    |       /  \
//!    |      q    r        R of the whole
//!    |    /   \ …
//!    |  part  part
//!     \  |
//!      dot  …             Q of the whole
//! ```

use smallvec::{SmallVec, smallvec};

use super::names::Names;
use crate::{
    collections::{
        array::Array,
        chunks::Chunks,
        nodes::{Blockwise, Each, Emitter, Labels, Layer, Tasks, in_order},
    },
    error::Result,
    graph::TaskId,
    operations::{Index, Matmul, Op, Slice},
};

pub(super) struct Factors {
    pub(super) q: Array,
    pub(super) r: Array,
    names: Names,
}

/// Q and R of an array with two axes and one column of blocks. `tallest` is the largest number of rows of a block in
/// the original array.
pub(super) fn tsqr(x: &Array, tallest: Option<usize>) -> Result<Factors> {
    let names = Names::of("qr", x);
    let getitem = names.with("getitem");
    let (rows, n) = (x.chunks().axis(0), x.chunks().axis(1)[0]);
    let m: usize = rows.iter().sum();
    let heights: Vec<usize> = rows.iter().map(|&length| length.min(n)).collect();
    let first = names.chunked("", x.chunks().clone(), [x], Blockwise::each(2, Op::Qr))?;
    let each = |suffix, lengths: &[usize], item| {
        let chunks = Chunks::explicit(vec![lengths.to_vec(), vec![n]]);
        getitem.chunked(suffix, chunks, [&first], Each::layer(Op::Item(item)))
    };
    let (q1, r1) = (each("-q1", rows, 0)?, each("-r1", &heights, 1)?);

    let longest = rows.iter().max().copied().unwrap_or(0);
    let in_several = tallest.unwrap_or(longest) >= 2 * n && longest > 0 && rows.len() * n > longest;
    let groups = if in_several { groups(&heights, longest) } else { vec![heights.len()] };
    let mut heights_left = &heights[..];
    let stacked_rows = groups.iter().map(|&blocks| {
        let (group, rest) = heights_left.split_at(blocks);
        heights_left = rest;
        group.iter().sum()
    });
    let stacked_chunks = Chunks::explicit(vec![stacked_rows.collect(), vec![n]]);
    let stack = Layer::Tasks(Box::new(Stack { groups: groups.clone() }));
    let stacked = names.with("stack").chunked("-r1", stacked_chunks, [&r1], stack)?;
    let (q_inner, r) = if in_several {
        let inner = tsqr(&stacked, Some(longest))?;
        let r = Each::layer(Op::Alias);
        (inner.q, names.with("r-inner").array("", &inner.r.shape(), [&inner.r], r)?)
    } else {
        let height = stacked.shape()[0];
        let again = names.array("-qr2", &[height, n], [&stacked], Blockwise::each(2, Op::Qr))?;
        let k = height.min(n);
        (getitem.item("-q2-aux", &[height, k], &again, 0)?, getitem.item("-r2", &[k, n], &again, 1)?)
    };
    let unstack = Layer::Tasks(Box::new(Unstack { groups, heights: heights.clone() }));
    let columns = q_inner.chunks().axis(1)[0];
    let parts = Chunks::explicit(vec![heights, vec![columns]]);
    let q2 = getitem.chunked("-q2", parts, [&q_inner], unstack)?;
    let k = m.min(n);
    let q = Layer::Blockwise(Blockwise {
        out: in_order(2),
        inputs: smallvec![in_order(2), in_order(2)],
        op: Box::new(Op::Matmul(Matmul { keepdims: false })),
    });
    let chunks = Chunks::explicit(vec![rows.to_vec(), vec![k]]);
    let q = names.with("dot").chunked("-q3", chunks, [&q1, &q2], q)?;
    Ok(Factors { q, r, names })
}

/// The number of R's in each block of the stack, such that no block is taller than `tallest`.
fn groups(heights: &[usize], tallest: usize) -> Vec<usize> {
    let (mut groups, mut blocks, mut height) = (Vec::new(), 0, 0);
    for &more in heights {
        if height + more > tallest {
            groups.push(blocks);
            (blocks, height) = (0, 0);
        }
        blocks += 1;
        height += more;
    }
    groups.push(blocks);
    groups
}

impl Factors {
    /// U, the singular values and Vh, computed from the SVD of R.
    pub(super) fn svd(self) -> Result<(Array, Array, Array)> {
        let Factors { q, r, names } = self;
        let (k, n) = (r.shape()[0], r.shape()[1]);
        let all = names.with("svd").array("-2", &[k, n], [&r], Blockwise::each(2, Op::Svd))?;
        let getitem = names.with("getitem");
        let u = getitem.item("-u2", &[k, k], &all, 0)?;
        let s = getitem.item("-s2", &[k], &all, 1)?;
        let vh = getitem.item("-v2", &[k, n], &all, 2)?;
        // Rows of Q, columns of U, and the axis that is summed over, which has one block.
        let (left, right): (Labels, Labels) = (smallvec![0, 2], smallvec![2, 1]);
        let product = Layer::Blockwise(Blockwise {
            out: in_order(2),
            inputs: smallvec![left, right],
            op: Box::new(Op::Matmul(Matmul { keepdims: false })),
        });
        let u = getitem.chunked("-u4", q.chunks().clone(), [&q, &u], product)?;
        Ok((u, s, vh))
    }
}

/// Stacks blocks on top of each other, a given number for each block of the result.
#[derive(Debug)]
struct Stack {
    groups: Vec<usize>,
}

impl Tasks for Stack {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let mut rest = graph.inputs[0].blocks;
        let mut tasks = Vec::with_capacity(self.groups.len());
        for (block, &group) in (0..).zip(&self.groups) {
            let (args, after) = rest.split_at(group);
            rest = after;
            let args = args.iter().copied();
            tasks.push(graph.block(&[block, 0], Op::Concatenate(0), args)?);
        }
        Ok(tasks)
    }
}

/// The rows of a stacked block that belong to each of its parts.
#[derive(Debug)]
struct Unstack {
    groups: Vec<usize>,
    heights: Vec<usize>,
}

impl Tasks for Unstack {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let mut heights = self.heights.iter();
        let mut tasks = Vec::with_capacity(self.heights.len());
        for (&stacked, &group) in graph.inputs[0].blocks.iter().zip(&self.groups) {
            let mut start = 0;
            for height in heights.by_ref().take(group) {
                let rows = Slice::from(start..start + height);
                start += height;
                let index: SmallVec<[Index; 2]> = smallvec![Index::Slice(rows), Index::Slice(Slice::ALL)];
                let place = [tasks.len() as u32, 0];
                tasks.push(graph.block(&place, Op::Slice(index.into()), [stacked])?);
            }
        }
        Ok(tasks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stack_is_taller_than_the_tallest_block() {
        assert_eq!(groups(&[4; 6], 10), [2, 2, 2]);
        assert_eq!(groups(&[5, 5, 5, 5, 5], 8), [1, 1, 1, 1, 1]);
    }
}
