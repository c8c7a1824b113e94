//! Histograms: counts of each block, summed by a tree.

use super::Array;
use crate::{
    collections::{chunks::Chunks, nodes::Each},
    error::{Error, Result},
    operations::{Histogram, Op},
};

impl Array {
    /// The number of elements in each of `bins` bins of equal width from `low` to `high` inclusive:
    /// `da.histogram(x, bins, range=(low, high))[0]`.
    ///
    /// # Errors
    /// If there are no bins, if `high` is below `low`, or if one of them is not finite.
    pub fn histogram(&self, bins: usize, low: f64, high: f64) -> Result<Array> {
        if bins == 0 {
            return Err(Error::invalid("`bins` must be positive, when an integer"));
        }
        if !(low.is_finite() && high.is_finite()) {
            return Err(Error::invalid(format!("supplied range of [{low}, {high}] is not finite")));
        }
        if low > high {
            return Err(Error::invalid("max must be larger than min in range parameter."));
        }
        let chunks = Chunks::explicit(vec![vec![1; self.chunks().blocks()], vec![bins]]);
        let layer = Each::layer(Op::Histogram(Histogram { bins, low, high }.into()));
        Array::new("histogram-sum", chunks, [self.clone()], layer)?.sum(0)
    }
}
