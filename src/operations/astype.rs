//! The same numbers as another type.

use std::ops::RangeInclusive;

use super::{
    meta::{Meta, array},
    operation::{Operation, form, matrix},
};
use crate::{
    dtype::DType,
    error::Message,
    kernels::{Input, convert, input::array as block},
    value::Value,
};

/// Converts the elements to this type.
pub(crate) struct Astype;

impl Operation for Astype {
    type Parameters = DType;

    form!(value "astype");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(dtype: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        Some(Meta::array(*dtype, array(inputs, 0)?.1))
    }

    fn execute(dtype: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(convert::astype(block(inputs, 0)?, *dtype)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(DType::Int32, vec![matrix()])]
    }
}
