//! Ones on a diagonal.

use serde::{Deserialize, Serialize};

use super::creation::Creation;
use crate::{
    block::{Block, Shape},
    dtype::{DType, is_default},
    error::Message,
    kernels::create,
};

/// Parameters of [`Op::Eye`](super::Op::Eye): ones on a diagonal, zeros elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eye {
    /// How many rows there are.
    pub rows: usize,
    /// How many columns there are.
    pub columns: usize,
    /// Which diagonal: in row 0, the column of the one; negative below.
    pub k: i64,
    /// The type of the elements.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Creation for Eye {
    type Parameters = Eye;

    const NAME: &'static str = "eye";

    fn extent(eye: &Eye) -> (DType, Shape) {
        (eye.dtype, [eye.rows, eye.columns].into())
    }

    fn make(eye: &Eye) -> Result<Block, Message> {
        create::eye([eye.rows, eye.columns], eye.k, eye.dtype)
    }

    fn examples() -> Vec<Eye> {
        vec![Eye { rows: 3, columns: 4, k: 1, dtype: DType::Int32 }]
    }
}
