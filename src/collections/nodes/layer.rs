//! How the blocks of a node are made from blocks of its inputs.
//!
//! ```text
//! Blockwise   every block by the same rule from blocks at places that follow from its own     add, transpose, sum
//! Tasks       any tasks                                                                       rechunk, slicing, trees
//! ```
//!
//! The difference matters for optimisation: blockwise layers are [fused](super::fusion) before tasks are created.

use std::fmt;

use smallvec::SmallVec;

use super::{emitter::Emitter, grid::Grid};
use crate::{
    error::Result,
    graph::TaskId,
    operations::{Meta, Op},
};

/// How the blocks of a node are made. Its debug text is hashed for the node's name, so it must have all parameters.
#[derive(Debug)]
pub(crate) enum Layer {
    Blockwise(Blockwise),
    Tasks(Box<dyn Tasks>),
}

impl Layer {
    /// What is known of the first of the node's blocks, which has the index `first`, from those of the inputs. `None` if
    /// the operation that makes it refuses them.
    pub(crate) fn infer(&self, first: &[u32], inputs: &[&Meta]) -> Option<Meta> {
        match self {
            Layer::Blockwise(blockwise) => blockwise.op.op(first).infer(inputs),
            Layer::Tasks(tasks) => tasks.infer(first, inputs),
        }
    }
}

/// Labels of axes: an axis of the result and an axis of an input with the same label move together.
pub(crate) type Labels = SmallVec<[u32; 4]>;

/// Blocks that are each made from one block of every input.
#[derive(Debug)]
pub(crate) struct Blockwise {
    /// The axes of the result.
    pub(crate) out: Labels,
    /// The axes of each input. An axis that the result does not have must have a single block.
    pub(crate) inputs: SmallVec<[Labels; 2]>,
    pub(crate) op: Box<dyn MakeOp>,
}

/// Makes the operation of the block `index`. An operation implements this by cloning itself.
pub(crate) trait MakeOp: fmt::Debug + Send + Sync {
    fn op(&self, index: &[u32]) -> Op;
}

/// The labels of `ndim` axes, in order.
pub(crate) fn in_order(ndim: usize) -> Labels {
    (0..ndim as u32).collect()
}

impl Blockwise {
    /// Blocks that are each made from the corresponding block of one input.
    pub(crate) fn each(ndim: usize, op: impl MakeOp + 'static) -> Layer {
        Layer::Blockwise(Blockwise {
            out: in_order(ndim),
            inputs: SmallVec::from_elem(in_order(ndim), 1),
            op: Box::new(op),
        })
    }

    /// Blocks without inputs.
    pub(crate) fn made(ndim: usize, op: impl MakeOp + 'static) -> Layer {
        Layer::Blockwise(Blockwise { out: in_order(ndim), inputs: SmallVec::new(), op: Box::new(op) })
    }

    /// The number, in C order, of the block of input `input`, which has the blocks `grid`, that goes into the block
    /// `index`.
    pub(super) fn source(&self, input: usize, grid: &Grid, index: &[u32]) -> usize {
        let mut place = 0;
        for (label, &length) in self.inputs[input].iter().zip(grid.axes()) {
            let at = self.out.iter().position(|other| other == label);
            // An axis with one block is broadcast.
            let i = if length == 1 { 0 } else { at.map_or(0, |axis| index[axis] as usize) };
            place = place * length as usize + i;
        }
        place
    }
}

/// Any other tasks.
pub(crate) trait Tasks: fmt::Debug + Send + Sync {
    /// Adds tasks to `graph`. Returns the task that makes each block of the node, in C order.
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>>;

    /// As [`Layer::infer`], but for lengths. Tasks that only move elements do not change their type.
    fn infer(&self, _first: &[u32], inputs: &[&Meta]) -> Option<Meta> {
        inputs.first().map(|&input| input.clone())
    }
}

/// Tasks that are made block by block. Each takes the block with the same number in C order from every input. Unlike
/// blockwise layers, they are not fused before tasks are created.
#[derive(Debug)]
pub(crate) struct Each<M>(M);

impl<M: MakeOp + 'static> Each<M> {
    pub(crate) fn layer(make: M) -> Layer {
        Layer::Tasks(Box::new(Each(make)))
    }
}

impl<M: MakeOp> Tasks for Each<M> {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let blocks = graph.grid.indices().enumerate();
        blocks
            .map(|(block, index)| {
                let args: SmallVec<[TaskId; 2]> =
                    graph.inputs.iter().map(|input| input.blocks[block]).collect();
                graph.block(&index, self.0.op(&index), args)
            })
            .collect()
    }

    fn infer(&self, first: &[u32], inputs: &[&Meta]) -> Option<Meta> {
        self.0.op(first).infer(inputs)
    }
}

impl MakeOp for Op {
    /// The same operation for all blocks.
    fn op(&self, _: &[u32]) -> Op {
        self.clone()
    }
}
