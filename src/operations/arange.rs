//! Numbers with equal distances.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::Meta,
    operation::{Operation, form},
};
use crate::{
    block::{block_size, is_tiny},
    dtype::{DType, is_default},
    error::Message,
    kernels::{Input, create},
    scalar::Scalar,
    value::Value,
};

/// Parameters of [`Op::Arange`](super::Op::Arange): element `i` is `start + i * step`, computed as NumPy does: in the
/// result's type, the step being the distance of the first two elements there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arange {
    /// The first element.
    pub start: Scalar,
    /// The distance between two elements.
    pub step: Scalar,
    /// How many there are.
    pub len: usize,
    /// The type of the elements.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Operation for Arange {
    type Parameters = Arange;

    form!(object "arange");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        0..=0
    }

    fn check(parameters: &Self::Parameters) -> Result<(), Message> {
        block_size(&[parameters.len]).map(drop)
    }

    fn infer(parameters: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::array(parameters.dtype, &[parameters.len]))
    }

    fn execute(parameters: &Self::Parameters, _: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(create::arange(parameters.start, parameters.step, parameters.len, parameters.dtype)?.into())
    }

    fn cheap(parameters: &Self::Parameters) -> bool {
        is_tiny(&[parameters.len])
    }

    fn example() -> (Self::Parameters, Vec<Value>) {
        (Arange { start: Scalar::Int(0), step: Scalar::Int(2), len: 5, dtype: DType::Int64 }, vec![])
    }
}
