//! The same value under another key.

use std::ops::RangeInclusive;

use super::{
    meta::Meta,
    operation::{Operation, form},
};
use crate::{
    error::Message,
    kernels::{Input, input::take},
    value::Value,
};

/// Returns its input.
pub(crate) struct Alias;

impl Operation for Alias {
    type Parameters = ();

    form!(bare "alias");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(_: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        inputs.first().map(|&input| input.clone())
    }

    fn execute(_: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(inputs.first_mut().map(take).unwrap_or_default())
    }

    fn cheap(_: &Self::Parameters) -> bool {
        true
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![((), vec![crate::Block::new(&[1], vec![2.0]).into()])]
    }
}
