//! The distinct elements, sorted.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    concatenate::joined,
    meta::{Meta, UNKNOWN, total},
    operation::{Operation, form},
};
use crate::{
    block::Block,
    dtype::DType,
    error::Message,
    kernels::{Input, statistics},
    value::Value,
};

/// Parameters of [`Op::Unique`](super::Op::Unique). The inputs are blocks of one axis, whose distinct elements it finds;
/// its value is a tuple of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// Whether half of the inputs say how often each element of the other half is there. The second item of the value has
    /// the sum of that for each distinct element.
    #[serde(default)]
    pub counts: bool,
}

impl Operation for Unique {
    type Parameters = Unique;

    form!(object "unique");

    fn arity(unique: &Self::Parameters) -> RangeInclusive<usize> {
        1 + usize::from(unique.counts)..=usize::MAX
    }

    fn infer(unique: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, _) = joined(unique.values(inputs), 0)?.as_array()?;
        let items = [dtype, DType::Int64].map(|dtype| Meta::array(dtype, &[UNKNOWN]));
        Some(Meta::Tuple(items[..1 + usize::from(unique.counts)].to_vec()))
    }

    /// All elements, joined and as the value, if they are all distinct; and what is sorted, in 8 bytes each.
    fn scratch(unique: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let Some(whole) = joined(unique.values(inputs), 0) else { return 0 };
        let (bytes, words) = (whole.bytes(), whole.words());
        let counts = if unique.counts { words.saturating_mul(3) } else { 0 };
        total([bytes, bytes, words, words, counts])
    }

    fn execute(unique: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        let counts = inputs.len() - unique.values(inputs).len();
        statistics::unique(inputs, counts)
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        let elements: Value = Block::new(&[4], vec![1.5, -2.0, 1.5, 3.0]).into();
        let counts = Block::new(&[4], vec![1i64, 1, 2, 1]).into();
        vec![
            (Unique { counts: false }, vec![elements.clone()]),
            (Unique { counts: true }, vec![elements, counts]),
        ]
    }
}

impl Unique {
    /// The inputs that have elements.
    fn values<'a, T>(&self, inputs: &'a [T]) -> &'a [T] {
        if self.counts { &inputs[..inputs.len() / 2] } else { inputs }
    }
}
