//! Numbers with equal distances.

use serde::{Deserialize, Serialize};

use super::creation::Creation;
use crate::{
    block::{Block, Shape},
    dtype::{DType, is_default},
    error::Message,
    kernels::create,
    scalar::Scalar,
};

/// Parameters of [`Op::Arange`](super::Op::Arange): element `i` is `start + i * step`, computed as NumPy does: in the
/// result's type, the step being the distance of the first two elements there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arange {
    /// The first element.
    pub start: Scalar,
    /// The distance between two elements.
    pub step: Scalar,
    /// How many there are.
    pub len: usize,
    /// The type of the elements.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Creation for Arange {
    type Parameters = Arange;

    const NAME: &'static str = "arange";

    fn extent(arange: &Arange) -> (DType, Shape) {
        (arange.dtype, Shape::from_slice(&[arange.len]))
    }

    fn make(arange: &Arange) -> Result<Block, Message> {
        create::arange(arange.start, arange.step, arange.len, arange.dtype)
    }

    fn examples() -> Vec<Arange> {
        vec![Arange { start: Scalar::Int(0), step: Scalar::Int(2), len: 5, dtype: DType::Int64 }]
    }
}
