//! Nothing: what remains is the overhead of the scheduler.

use std::ops::RangeInclusive;

use super::{
    meta::Meta,
    operation::{Operation, form},
};
use crate::{error::Message, kernels::Input, value::Value};

/// Does nothing, whatever the inputs are.
pub(crate) struct NoOp;

impl Operation for NoOp {
    type Parameters = ();

    form!(bare "no-op");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        0..=usize::MAX
    }

    fn infer(_: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::None)
    }

    fn execute(_: &Self::Parameters, _: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(Value::None)
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![((), vec![])]
    }
}
