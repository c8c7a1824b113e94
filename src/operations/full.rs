//! A block filled with one number.

use serde::{Deserialize, Serialize};

use super::creation::Creation;
use crate::{
    block::{Block, Shape},
    dtype::{DType, is_default},
    error::Message,
    kernels::create,
    scalar::Scalar,
};

/// Parameters of [`Op::Full`](super::Op::Full).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Full {
    /// The block's shape.
    pub shape: Shape,
    /// What every element is.
    pub fill_value: Scalar,
    /// The type of the elements. So for the others.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Creation for Full {
    type Parameters = Full;

    const NAME: &'static str = "full";

    fn extent(full: &Full) -> (DType, Shape) {
        (full.dtype, full.shape.clone())
    }

    fn make(full: &Full) -> Result<Block, Message> {
        create::full(&full.shape, full.fill_value, full.dtype)
    }

    fn examples() -> Vec<Full> {
        vec![Full { shape: [2, 3].into(), fill_value: Scalar::Int(1), dtype: DType::Int32 }]
    }
}
