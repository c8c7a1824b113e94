//! Shared by the steps of all reductions: sums over axes, and empty partial results.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::{
    block::{Block, each_dtype},
    error::Message,
    kernels::{
        Operands, Ufunc,
        elementwise::elementwise,
        fold::{Fold, fold_axes},
    },
    value::Value,
};

/// The sum over the axes, in the type of the block.
pub(super) fn sum(block: &Block, axes: &[u8]) -> Result<Block, Message> {
    fold_axes(block, axes, Fold::Sum)
}

/// Whether there are no elements along the axes.
pub(super) fn has_none(block: &Block, axes: &[u8]) -> bool {
    axes.iter().any(|&axis| block.shape().get(usize::from(axis)) == Some(&0))
}

/// An empty partial result, for reductions that have no value without elements.
pub(super) fn nothing(block: &Block, axes: &[u8]) -> Block {
    let shape = block.shape().iter().enumerate();
    let shape: SmallVec<[usize; 4]> =
        shape.map(|(axis, &length)| if axes.contains(&(axis as u8)) { 0 } else { length }).collect();
    each_dtype!(block.dtype(), T => Block::new(&shape, Vec::<T>::new()))
}

/// The block with zeros for NaNs.
pub(super) fn without_nans(block: &Block) -> Result<Block, Message> {
    if !block.dtype().is_float() {
        return Ok(block.clone());
    }
    let value: Value = block.clone().into();
    let is_nan = elementwise(Ufunc::IsNan, &Operands::Inputs, &mut [Cow::Borrowed(&value)])?;
    let zero = Operands::Mixed([None, Some(0.into()), None].into());
    elementwise(Ufunc::Where, &zero, &mut [Cow::Owned(is_nan.into()), Cow::Borrowed(&value)])
}

pub(super) fn same_shape(left: &Block, right: &Block) -> Result<(), Message> {
    match left.shape() == right.shape() {
        true => Ok(()),
        false => Err(format!("partial results of shapes {:?} and {:?}", left.shape(), right.shape()).into()),
    }
}
