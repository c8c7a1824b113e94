//! Numbers evenly spaced between two.

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
    number,
    value::Value,
};

/// Parameters of [`Op::Linspace`](super::Op::Linspace): `numpy.linspace`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linspace {
    /// The first element.
    #[serde(with = "number")]
    pub start: f64,
    /// The last element, or the one after it.
    #[serde(with = "number")]
    pub stop: f64,
    /// How many there are.
    pub num: usize,
    /// Whether `stop` is one of them.
    pub endpoint: bool,
    /// The type of the elements.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Operation for Linspace {
    type Parameters = Linspace;

    form!(object "linspace");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        0..=0
    }

    fn check(parameters: &Self::Parameters) -> Result<(), Message> {
        block_size(&[parameters.num]).map(drop)
    }

    fn infer(parameters: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::array(parameters.dtype, &[parameters.num]))
    }

    fn execute(parameters: &Self::Parameters, _: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(create::linspace(
            (parameters.start, parameters.stop),
            parameters.num,
            parameters.endpoint,
            parameters.dtype,
        )?
        .into())
    }

    fn cheap(parameters: &Self::Parameters) -> bool {
        is_tiny(&[parameters.num])
    }

    fn example() -> (Self::Parameters, Vec<Value>) {
        (Linspace { start: 0.0, stop: 1.0, num: 5, endpoint: true, dtype: DType::Float64 }, vec![])
    }
}
