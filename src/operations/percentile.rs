//! Approximate percentiles.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, UNKNOWN, total},
    operation::{Operation, form},
    reduce::{Stage, by_stage},
};
use crate::{
    dtype::DType,
    error::Message,
    kernels::{Input, input::array, statistics},
    value::Value,
};

/// Parameters of [`Op::Percentile`](super::Op::Percentile).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Percentile {
    /// Which percentiles are wanted in the end.
    pub q: Box<[f64]>,
    /// `chunk`: those of a block, with the least and the largest around them. `aggregate`: merges them, in Dask's
    /// approximate way. There is no `combine`.
    pub stage: Stage,
}

impl Operation for Percentile {
    type Parameters = Percentile;

    form!(object "percentile");

    fn arity(percentile: &Percentile) -> RangeInclusive<usize> {
        by_stage(percentile.stage)
    }

    fn check(percentile: &Self::Parameters) -> Result<(), Message> {
        match percentile.q.iter().all(|q| (0.0..=100.0).contains(q)) {
            true if percentile.stage == Stage::Combine => {
                Err("percentiles have no step that combines".into())
            }
            true => Ok(()),
            false => Err("Percentiles must be in the range [0, 100]".into()),
        }
    }

    fn infer(percentile: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let q = percentile.q.len();
        match (percentile.stage, inputs.first()?) {
            (Stage::Chunk, Meta::Array(dtype, shape)) => {
                let length = match shape[..] {
                    [length @ (0 | UNKNOWN)] => length,
                    _ => q + 2,
                };
                let values = Meta::array(dtype.inexact(), &[length]);
                Some(Meta::Tuple(vec![values, Meta::array(DType::Int64, &[])]))
            }
            (_, Meta::Tuple(parts)) => Some(Meta::array(parts.first()?.as_array()?.0, &[q])),
            _ => None,
        }
    }

    fn scratch(percentile: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        match percentile.stage {
            // The elements, their keys and the sorted elements, in 8 bytes each.
            Stage::Chunk => inputs.first().map_or(0, |input| input.words().saturating_mul(3)),
            // A weight, a value and a sum for each percentile of each input.
            _ => total(inputs.iter().map(|input| input.bytes().saturating_mul(4))),
        }
    }

    fn execute(percentile: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        match percentile.stage {
            Stage::Chunk => statistics::percentiles(array(inputs, 0)?, &percentile.q),
            _ => Ok(statistics::merged_percentiles(inputs, &percentile.q)?.into()),
        }
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(
            Percentile { q: [25.0, 50.0].into(), stage: Stage::Chunk },
            vec![crate::Block::new(&[4], vec![1.0, 2.0, 3.0, 4.0]).into()],
        )]
    }
}
