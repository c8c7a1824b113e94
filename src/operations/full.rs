//! A block filled with one number.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::Meta,
    operation::{Operation, form},
};
use crate::{
    block::{Shape, block_size, is_tiny},
    dtype::{DType, is_default},
    error::Message,
    kernels::{Input, create},
    scalar::Scalar,
    value::Value,
};

/// Parameters of [`Op::Full`](super::Op::Full).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Full {
    /// The block's shape.
    pub shape: Shape,
    /// What every element is.
    pub fill_value: Scalar,
    /// The type of the elements. So for the others.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Operation for Full {
    type Parameters = Full;

    form!(object "full");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        0..=0
    }

    fn check(parameters: &Self::Parameters) -> Result<(), Message> {
        block_size(&parameters.shape).map(drop)
    }

    fn infer(parameters: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::array(parameters.dtype, &parameters.shape))
    }

    fn execute(parameters: &Self::Parameters, _: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(create::full(&parameters.shape, parameters.fill_value, parameters.dtype)?.into())
    }

    fn cheap(parameters: &Self::Parameters) -> bool {
        is_tiny(&parameters.shape)
    }

    fn example() -> (Self::Parameters, Vec<Value>) {
        (Full { shape: [2, 3].into(), fill_value: Scalar::Int(1), dtype: DType::Int32 }, vec![])
    }
}
