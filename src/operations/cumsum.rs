//! Running sums.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, array},
    operation::{Operation, form, matrix},
};
use crate::{
    dtype::DType,
    error::Message,
    kernels::{Input, input::array as block, statistics},
    value::Value,
};

/// Parameters of [`Op::Cumsum`](super::Op::Cumsum).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cumsum {
    /// Along which axis.
    pub axis: u8,
    /// The type of the sums, where it is not NumPy's choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtype: Option<DType>,
}

impl Operation for Cumsum {
    type Parameters = Cumsum;

    form!(object "cumsum");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(cumsum: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, shape) = array(inputs, 0)?;
        Some(Meta::array(cumsum.dtype.unwrap_or(dtype.accumulator()), shape))
    }

    fn scratch(cumsum: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let Some((dtype, _)) = array(inputs, 0) else { return 0 };
        inputs[0].as_type(cumsum.dtype.unwrap_or(dtype.accumulator()))
    }

    fn execute(cumsum: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(statistics::cumsum(block(inputs, 0)?, cumsum.axis, cumsum.dtype)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(Cumsum { axis: 0, dtype: Some(DType::Float32) }, vec![matrix()])]
    }
}
