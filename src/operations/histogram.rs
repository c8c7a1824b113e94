//! Counts of elements in bins.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::Meta,
    operation::{Operation, form, matrix},
};
use crate::{
    block::block_size,
    dtype::DType,
    error::Message,
    kernels::{Input, input::array, statistics},
    number,
    value::Value,
};

/// Parameters of [`Op::Histogram`](super::Op::Histogram): bins of equal width, each with its lower edge, the last with
/// both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Histogram {
    /// How many bins.
    pub bins: usize,
    /// The lowest edge.
    #[serde(with = "number")]
    pub low: f64,
    /// The highest edge.
    #[serde(with = "number")]
    pub high: f64,
}

impl Operation for Histogram {
    type Parameters = Histogram;

    form!(object "histogram");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn check(histogram: &Self::Parameters) -> Result<(), Message> {
        let Histogram { bins, low, high } = *histogram;
        match bins > 0 && low < high && (high - low).is_finite() {
            true => block_size(&[bins]).map(drop),
            false => {
                Err(format!("{bins} bins from {low} to {high}: there must be one, and low < high").into())
            }
        }
    }

    fn infer(histogram: &Self::Parameters, _: &[&Meta]) -> Option<Meta> {
        Some(Meta::array(DType::Int64, &[1, histogram.bins]))
    }

    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        inputs.first().map_or(0, |input| input.as_type(DType::Float64))
    }

    fn execute(histogram: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        let Histogram { bins, low, high } = *histogram;
        Ok(statistics::histogram(array(inputs, 0)?, bins, (low, high))?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(Histogram { bins: 4, low: 0.0, high: 8.0 }, vec![matrix()])]
    }
}
