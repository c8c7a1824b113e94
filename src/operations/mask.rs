//! The elements where a mask is true.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, UNKNOWN, array, total},
    operation::{Operation, form, matrix},
};
use crate::{
    block::{Block, Shape},
    error::Message,
    kernels::{Input, input::array as block, select},
    value::Value,
};

/// Parameters of [`Op::Mask`](super::Op::Mask). The first input has the elements, the second is the mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mask {
    /// The axis along which a mask of one axis selects: `x[:, mask]`. Without one, the mask has the shape of the array,
    /// and the result has one axis: `x[mask]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axis: Option<u8>,
}

impl Operation for Mask {
    type Parameters = Mask;

    form!(object "mask");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        2..=2
    }

    fn infer(mask: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, shape) = array(inputs, 0)?;
        let Some(axis) = mask.axis else { return Some(Meta::array(dtype, &[UNKNOWN])) };
        let mut shape = Shape::from(shape);
        *shape.get_mut(usize::from(axis))? = UNKNOWN;
        Some(Meta::Array(dtype, shape))
    }

    /// All elements, if the mask is true everywhere, and the place of each.
    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let places = inputs.get(1).map_or(0, |mask| mask.words());
        total([inputs.first().map_or(0, |whole| whole.bytes()), places])
    }

    fn execute(mask: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(select::mask(block(inputs, 0)?, block(inputs, 1)?, mask.axis)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        let along = Block::new(&[3], vec![true, false, true]).into();
        let whole = Block::new(&[2, 3], vec![true, false, true, false, false, true]).into();
        vec![(Mask { axis: Some(1) }, vec![matrix(), along]), (Mask { axis: None }, vec![matrix(), whole])]
    }
}
