//! The parameters of a step of a tree reduction.

use serde::{Deserialize, Serialize};

use crate::{
    block::{Axes, Shape},
    dtype::DType,
};

/// Parameters of [`Op::Reduce`](crate::Op::Reduce).
#[derive(Clone, Debug, PartialEq)]
pub struct Reduce {
    /// What is computed.
    pub reduction: Reduction,
    /// Which step this is.
    pub stage: Stage,
    /// Over which axes.
    pub axes: Axes,
    /// Whether the result keeps the reduced axes, with length 1.
    pub keepdims: bool,
    /// The type to compute in and of the result, where it is not NumPy's choice. Only for `sum`, `prod`, `mean`, `var`
    /// and the nan-variants.
    pub dtype: Option<DType>,
    /// Where the block lies, for the chunks of `argmin` and `argmax`.
    pub place: Option<Place>,
}

impl Reduce {
    /// One step, with all else as it usually is.
    pub fn new(reduction: Reduction, stage: Stage, axes: impl IntoIterator<Item = u8>) -> Reduce {
        let axes = axes.into_iter().collect();
        Reduce { reduction, stage, axes, keepdims: false, dtype: None, place: None }
    }
}

/// Where a block lies in the whole array: what is found in it is counted there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The place of its first element.
    pub offset: Shape,
    /// The whole array's shape.
    pub shape: Shape,
}

/// What a tree reduction computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reduction {
    /// The sum.
    Sum,
    /// The product.
    Prod,
    /// The mean.
    Mean,
    /// The variance.
    Var {
        /// Divides by the number of elements less this.
        ddof: f64,
    },
    /// The smallest, or a NaN.
    Min,
    /// The largest, or a NaN.
    Max,
    /// The place of the first of the smallest, or of a NaN. Over one axis, or over all.
    ArgMin,
    /// The place of the first of the largest, or of a NaN.
    ArgMax,
    /// Whether one is other than 0.
    Any,
    /// Whether none is 0.
    All,
    /// The sum of what is no NaN.
    NanSum,
    /// The mean of what is no NaN.
    NanMean,
}

impl Reduction {
    /// All of them; `Var` with a ddof of 0.
    pub const ALL: [Reduction; 12] = [
        Reduction::Sum,
        Reduction::Prod,
        Reduction::Mean,
        Reduction::Var { ddof: 0.0 },
        Reduction::Min,
        Reduction::Max,
        Reduction::ArgMin,
        Reduction::ArgMax,
        Reduction::Any,
        Reduction::All,
        Reduction::NanSum,
        Reduction::NanMean,
    ];

    /// The names of all of them.
    pub(super) const NAMES: &[&str] =
        &["sum", "prod", "mean", "var", "min", "max", "argmin", "argmax", "any", "all", "nansum", "nanmean"];

    pub(super) fn named(name: &str) -> Option<Reduction> {
        Reduction::ALL.into_iter().find(|reduction| reduction.name() == name)
    }

    /// NumPy's word.
    pub fn name(self) -> &'static str {
        match self {
            Reduction::Sum => "sum",
            Reduction::Prod => "prod",
            Reduction::Mean => "mean",
            Reduction::Var { .. } => "var",
            Reduction::Min => "min",
            Reduction::Max => "max",
            Reduction::ArgMin => "argmin",
            Reduction::ArgMax => "argmax",
            Reduction::Any => "any",
            Reduction::All => "all",
            Reduction::NanSum => "nansum",
            Reduction::NanMean => "nanmean",
        }
    }

    /// The type of the result for an array of this type, if none is asked for.
    pub fn result_dtype(self, array: DType) -> DType {
        match self {
            Reduction::Sum | Reduction::Prod | Reduction::NanSum => array.accumulator(),
            Reduction::Mean | Reduction::Var { .. } | Reduction::NanMean => array.inexact(),
            Reduction::Min | Reduction::Max => array,
            Reduction::ArgMin | Reduction::ArgMax => DType::Int64,
            Reduction::Any | Reduction::All => DType::Bool,
        }
    }

    /// Whether it can be asked for in this type: sums and products in any, means in floats, others in none but their own.
    pub fn takes_dtype(self, dtype: DType) -> bool {
        match self {
            Reduction::Sum | Reduction::Prod | Reduction::NanSum => true,
            _ => self.has_moments() && dtype.is_float(),
        }
    }

    /// Whether its partial results are [`Moments`](crate::value::Moments).
    pub(crate) fn has_moments(self) -> bool {
        matches!(self, Reduction::Mean | Reduction::Var { .. } | Reduction::NanMean)
    }

    /// Whether its partial results are tuples of the extreme element and its place.
    pub(crate) fn finds_place(self) -> bool {
        matches!(self, Reduction::ArgMin | Reduction::ArgMax)
    }
}

/// The steps of a tree reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// One block in, its partial result out.
    Chunk,
    /// Partial results in, one partial result out.
    Combine,
    /// Partial results in, the result out.
    Aggregate,
}
