//! The same elements in another shape.

use std::ops::RangeInclusive;

use super::{
    meta::{Meta, array},
    operation::{Operation, form, matrix},
};
use crate::{
    block::{Shape, block_size},
    error::Message,
    kernels::{Input, input::array as block, select},
    value::Value,
};

/// The same elements in C order in another shape.
pub(crate) struct Reshape;

impl Operation for Reshape {
    type Parameters = Shape;

    form!(value "reshape");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn check(shape: &Self::Parameters) -> Result<(), Message> {
        block_size(shape).map(drop)
    }

    fn infer(shape: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        Some(Meta::array(array(inputs, 0)?.0, shape))
    }

    fn execute(shape: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(select::reshape(block(inputs, 0)?, shape)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![([3, 2].into(), vec![matrix()])]
    }
}
