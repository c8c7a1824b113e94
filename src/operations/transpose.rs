//! Axes in another order.

use std::ops::RangeInclusive;

use super::{
    meta::{Meta, array},
    operation::{Operation, form, matrix},
};
use crate::{
    block::{Axes, Shape},
    error::Message,
    kernels::{Input, input::array as block, select},
    value::Value,
};

/// Axis `i` of the result is axis `axes[i]` of the input.
pub(crate) struct Transpose;

impl Operation for Transpose {
    type Parameters = Axes;

    form!(value "transpose");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn check(axes: &Self::Parameters) -> Result<(), Message> {
        check_permutation(axes)
    }

    fn infer(axes: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, shape) = array(inputs, 0)?;
        let turned = axes.iter().map(|&axis| shape.get(usize::from(axis)).copied());
        Some(Meta::Array(dtype, turned.collect::<Option<Shape>>()?))
    }

    fn execute(axes: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(select::transpose(block(inputs, 0)?, axes)?.into())
    }

    fn cheap(_: &Self::Parameters) -> bool {
        true
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![([1, 0].into_iter().collect(), vec![matrix()])]
    }
}

fn check_permutation(axes: &[u8]) -> Result<(), Message> {
    let mut sorted = axes.to_vec();
    sorted.sort_unstable();
    match sorted.iter().map(|&axis| axis as usize).eq(0..axes.len()) {
        true => Ok(()),
        false => Err(format!("axes {axes:?} are not a permutation of {} axes", axes.len()).into()),
    }
}
