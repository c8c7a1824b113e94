//! Functions of each element and its neighbours.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, array, total},
    operation::{Operation, form, matrix},
};
use crate::{
    dtype::DType,
    error::Message,
    kernels::{Input, input::array as block, neighbours},
    number,
    value::Value,
};

/// The next generation of Conway's game of life.
pub(crate) struct Life;

impl Operation for Life {
    type Parameters = ();

    form!(bare "life");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(_: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        inputs.first().map(|&input| input.clone())
    }

    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        inputs.first().map_or(0, |input| total([input.as_type(DType::Bool), input.as_type(DType::Bool)]))
    }

    fn execute(_: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(neighbours::life(block(inputs, 0)?)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![((), vec![crate::Block::new(&[3, 3], vec![true; 9]).into()])]
    }
}

/// Parameters of [`Op::Heat`](super::Op::Heat).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heat {
    /// How much of the difference from its four neighbours an element takes over: 0 to 0.25 is stable.
    #[serde(with = "number")]
    pub rate: f64,
}

impl Operation for Heat {
    type Parameters = Heat;

    form!(object "heat");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(_: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, shape) = array(inputs, 0)?;
        Some(Meta::array(dtype.inexact(), shape))
    }

    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        inputs
            .first()
            .map_or(0, |input| total([input.as_type(DType::Float64), input.as_type(DType::Float64)]))
    }

    fn execute(heat: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(neighbours::heat(block(inputs, 0)?, heat.rate)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(Heat { rate: 0.25 }, vec![matrix()])]
    }
}
