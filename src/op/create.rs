//! Parameters of the operations that make a block from nothing.

use serde::{Deserialize, Serialize};

use super::Shape;
use crate::{dtype::DType, number, scalar::Scalar};

fn is_default(dtype: &DType) -> bool {
    *dtype == DType::default()
}

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

/// Parameters of [`Op::Random`](super::Op::Random).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Random {
    /// The block's shape.
    pub shape: Shape,
    /// How the numbers are spread.
    pub distribution: Distribution,
    /// The seed given to `default_rng`.
    pub seed: u64,
    /// Which child of that seed this block draws from, counted as Dask counts its chunks.
    #[serde(default)]
    pub child: u32,
}

/// How random numbers are spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Distribution {
    /// Evenly in `[0, 1)`.
    Uniform,
    /// Normally.
    Normal {
        /// The mean.
        #[serde(with = "number")]
        loc: f64,
        /// The standard deviation.
        #[serde(with = "number")]
        scale: f64,
    },
    /// Evenly over the integers from `low` to `last`, both included.
    Integers {
        /// The lowest.
        low: i64,
        /// The highest.
        last: i64,
        /// An integer type or `bool`: NumPy draws other bits for each width.
        dtype: DType,
    },
}

impl Distribution {
    /// The type of the numbers.
    pub fn dtype(&self) -> DType {
        match self {
            Distribution::Uniform | Distribution::Normal { .. } => DType::Float64,
            Distribution::Integers { dtype, .. } => *dtype,
        }
    }
}
