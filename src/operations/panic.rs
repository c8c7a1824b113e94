//! A bug in a kernel, on purpose.

use std::ops::RangeInclusive;

use super::{
    meta::Meta,
    operation::{Operation, form},
};
use crate::{error::Message, kernels::Input, value::Value};

/// Panics with this message, as a bug in a kernel would.
pub(crate) struct Panic;

impl Operation for Panic {
    type Parameters = Box<str>;

    form!(value "panic");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        0..=usize::MAX
    }

    fn infer(_: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::None)
    }

    fn execute(message: &Self::Parameters, _: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        panic!("{message}")
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![("boom".into(), vec![])]
    }
}
