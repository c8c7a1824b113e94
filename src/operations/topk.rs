//! The largest elements.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    concatenate::joined,
    meta::{Meta, least, total},
    operation::{Operation, form, matrix},
    reduce::{Stage, by_stage},
};
use crate::{
    error::Message,
    kernels::{Input, statistics},
    value::Value,
};

/// Parameters of [`Op::Topk`](super::Op::Topk): the `k` largest along an axis; the `-k` smallest, if it is negative.
/// The aggregate is sorted, the largest (or the smallest) first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topk {
    /// How many, and which.
    pub k: i64,
    /// Along which axis.
    pub axis: u8,
    /// Which step this is.
    pub stage: Stage,
}

impl Operation for Topk {
    type Parameters = Topk;

    form!(object "topk");

    fn arity(topk: &Topk) -> RangeInclusive<usize> {
        by_stage(topk.stage)
    }

    fn check(topk: &Self::Parameters) -> Result<(), Message> {
        match topk.k {
            0 => Err("k must not be 0".into()),
            _ => Ok(()),
        }
    }

    fn infer(topk: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let axis = usize::from(topk.axis);
        let Meta::Array(dtype, mut shape) = joined(inputs, axis)? else { return None };
        let length = shape.get_mut(axis)?;
        *length = least(*length, topk.k.unsigned_abs() as usize);
        Some(Meta::Array(dtype, shape))
    }

    fn scratch(topk: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let Some(whole) = joined(inputs, usize::from(topk.axis)) else { return 0 };
        let kept = Self::infer(topk, inputs).map_or(0, |kept| kept.words());
        let joined = if inputs.len() > 1 { whole.bytes() } else { 0 };
        // The keys that are sorted and the elements they come from, in 8 bytes each; the keys that are kept, twice.
        total([joined, whole.words(), whole.words(), kept, kept])
    }

    fn execute(topk: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(statistics::topk(inputs, topk.k, topk.axis)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        let topk = |stage| Topk { k: 2, axis: 1, stage };
        vec![(topk(Stage::Chunk), vec![matrix()]), (topk(Stage::Aggregate), vec![matrix(), matrix()])]
    }
}
