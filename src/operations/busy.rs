//! Work that takes time and gives nothing.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::Meta,
    operation::{Operation, form},
};
use crate::{
    error::Message,
    kernels::{Input, busy},
    value::Value,
};

/// Parameters of [`Op::Busy`](super::Op::Busy).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Busy {
    /// How many steps of a small computation are made: a million take some milliseconds.
    pub steps: u64,
    /// How many times it errs before it succeeds.
    #[serde(default)]
    pub failures: u8,
}

impl Operation for Busy {
    type Parameters = Busy;

    form!(object "busy");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        0..=usize::MAX
    }

    fn infer(_: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::None)
    }

    fn execute(busy: &Busy, _: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
        busy::busy(busy.steps, busy.failures, attempt)
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(Busy { steps: 1000, failures: 0 }, vec![])]
    }
}
