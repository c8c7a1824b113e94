//! Blocks joined into one.

use std::ops::RangeInclusive;

use super::{
    meta::Meta,
    operation::{Operation, form, matrix},
};
use crate::{
    block::Shape,
    dtype::DType,
    error::Message,
    kernels::{Input, select},
    value::Value,
};

/// Blocks one after another along this axis.
pub(crate) struct Concatenate;

impl Operation for Concatenate {
    type Parameters = u8;

    form!(value "concatenate");

    fn arity(_: &u8) -> RangeInclusive<usize> {
        1..=usize::MAX
    }

    fn infer(axis: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        joined(inputs, usize::from(*axis))
    }

    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        converted(inputs)
    }

    fn execute(axis: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(select::concatenate(inputs, *axis)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(0, vec![matrix(), matrix()])]
    }
}

/// Blocks that lie in a grid of this shape, given in C order, as one.
pub(crate) struct Merge;

impl Operation for Merge {
    type Parameters = Shape;

    form!(value "merge");

    fn arity(grid: &Shape) -> RangeInclusive<usize> {
        let blocks = grid.iter().fold(1, |blocks: usize, &length| blocks.saturating_mul(length));
        blocks..=blocks
    }

    fn check(grid: &Self::Parameters) -> Result<(), Message> {
        check_grid(grid)
    }

    fn infer(grid: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        merged(inputs, grid)
    }

    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        converted(inputs)
    }

    fn execute(grid: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(select::merge(inputs, grid)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![([1, 2].into(), vec![matrix(), matrix()])]
    }
}

/// The memory of the largest block that must be converted to the common type.
fn converted(inputs: &[&Meta]) -> u64 {
    let dtypes = inputs.iter().filter_map(|input| Some(input.as_array()?.0));
    let Some(common) = dtypes.reduce(DType::promote) else { return 0 };
    inputs.iter().map(|input| input.as_type(common)).max().unwrap_or(0)
}

/// Arrays one after another along an axis.
pub(super) fn joined(inputs: &[&Meta], axis: usize) -> Option<Meta> {
    let mut all: Option<(DType, Shape)> = None;
    for input in inputs {
        let Meta::Array(dtype, shape) = input else { return None };
        match &mut all {
            None => all = Some((*dtype, shape.clone())),
            Some((common, whole)) => {
                *common = common.promote(*dtype);
                let length = whole.get_mut(axis)?;
                *length = length.saturating_add(*shape.get(axis)?);
            }
        }
    }
    all.map(|(dtype, shape)| Meta::Array(dtype, shape))
}

/// A grid of arrays: along each axis, those at the edge determine the length of the whole.
fn merged(inputs: &[&Meta], grid: &[usize]) -> Option<Meta> {
    let mut dtype: Option<DType> = None;
    for input in inputs {
        let Meta::Array(other, _) = input else { return None };
        dtype = Some(dtype.map_or(*other, |dtype| dtype.promote(*other)));
    }
    let length = |axis: usize| {
        let step: usize = grid[axis + 1..].iter().product();
        (0..grid[axis]).try_fold(0usize, |sum, i| match inputs.get(i * step)? {
            Meta::Array(_, shape) => Some(sum.saturating_add(*shape.get(axis)?)),
            _ => None,
        })
    };
    Some(Meta::Array(dtype?, (0..grid.len()).map(length).collect::<Option<_>>()?))
}

fn check_grid(grid: &[usize]) -> Result<(), Message> {
    let blocks = grid.iter().try_fold(1, |blocks: usize, &length| blocks.checked_mul(length));
    match blocks {
        Some(1..) => Ok(()),
        _ => Err(format!("a grid of blocks cannot have the shape {grid:?}").into()),
    }
}
