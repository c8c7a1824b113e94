//! Numbers evenly spaced between two.

use serde::{Deserialize, Serialize};

use super::creation::Creation;
use crate::{
    block::{Block, Shape},
    dtype::{DType, is_default},
    error::Message,
    kernels::create,
    number,
};

/// Parameters of [`Op::Linspace`](super::Op::Linspace): `numpy.linspace`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linspace {
    /// The first element.
    #[serde(with = "number")]
    pub start: f64,
    /// The last element, or the one after it.
    #[serde(with = "number")]
    pub stop: f64,
    /// How many there are.
    pub num: usize,
    /// Whether `stop` is one of them.
    pub endpoint: bool,
    /// The type of the elements.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dtype: DType,
}

impl Creation for Linspace {
    type Parameters = Linspace;

    const NAME: &'static str = "linspace";

    fn extent(linspace: &Linspace) -> (DType, Shape) {
        (linspace.dtype, Shape::from_slice(&[linspace.num]))
    }

    fn make(linspace: &Linspace) -> Result<Block, Message> {
        let Linspace { start, stop, num, endpoint, dtype } = *linspace;
        create::linspace((start, stop), num, endpoint, dtype)
    }

    fn examples() -> Vec<Linspace> {
        vec![Linspace { start: 0.0, stop: 1.0, num: 5, endpoint: true, dtype: DType::Float32 }]
    }
}
