//! Ones on a diagonal.

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
    value::Value,
};

/// Parameters of [`Op::Eye`](super::Op::Eye): ones on a diagonal, zeros elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eye {
    /// How many rows there are.
    pub rows: usize,
    /// How many columns there are.
    pub columns: usize,
    /// Which diagonal: in row 0, the column of the one; negative below.
    pub k: i64,
    /// The type of the elements.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Operation for Eye {
    type Parameters = Eye;

    form!(object "eye");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        0..=0
    }

    fn check(parameters: &Self::Parameters) -> Result<(), Message> {
        block_size(&[parameters.rows, parameters.columns]).map(drop)
    }

    fn infer(parameters: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::array(parameters.dtype, &[parameters.rows, parameters.columns]))
    }

    fn execute(parameters: &Self::Parameters, _: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(create::eye([parameters.rows, parameters.columns], parameters.k, parameters.dtype)?.into())
    }

    fn cheap(parameters: &Self::Parameters) -> bool {
        is_tiny(&[parameters.rows, parameters.columns])
    }

    fn example() -> (Self::Parameters, Vec<Value>) {
        (Eye { rows: 3, columns: 4, k: 1, dtype: DType::Float64 }, vec![])
    }
}
