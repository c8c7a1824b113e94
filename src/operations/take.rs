//! Elements at given places along an axis.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, array},
    operation::{Operation, form, matrix},
};
use crate::{
    block::Shape,
    error::Message,
    kernels::{Input, input::array as block, select},
    value::Value,
};

/// Parameters of [`Op::Take`](super::Op::Take): `x[..., indices, ...]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Take {
    /// Along which axis.
    pub axis: u8,
    /// The places; negative ones count from the end.
    pub indices: Box<[i64]>,
}

impl Operation for Take {
    type Parameters = Take;

    form!(object "take");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(take: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, shape) = array(inputs, 0)?;
        let mut shape = Shape::from(shape);
        *shape.get_mut(usize::from(take.axis))? = take.indices.len();
        Some(Meta::Array(dtype, shape))
    }

    fn execute(take: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(select::take(block(inputs, 0)?, take.axis, &take.indices)?.into())
    }

    fn scratch(take: &Self::Parameters, _: &[&Meta]) -> u64 {
        8 * take.indices.len() as u64
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(Take { axis: 1, indices: [2, 0].into() }, vec![matrix()])]
    }
}
