//! Differences of neighbours along an axis: `da.diff`.

use super::{Array, Indexer, Operand, axes::normalize_axis, concatenate, full};
use crate::{
    collections::chunks::Chunks,
    error::{Error, Result},
    operations::Slice,
};

impl Array {
    /// Each element less the one before it along an axis, `n` times.
    ///
    /// ```
    /// use dagdeck::collections::array as da;
    ///
    /// let x = da::arange(7, 3, None)?;
    /// assert_eq!(x.diff(2, -1)?.shape(), [5]);
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `n` is negative, or the axis does not exist or has an unknown length.
    pub fn diff(&self, n: i64, axis: isize) -> Result<Array> {
        self.diff_with(n, axis, None, None)
    }

    /// The same of the array with something before and after it. A scalar is an axis of length 1.
    ///
    /// # Errors
    /// As for [`diff`](Array::diff), and if the arrays do not fit.
    pub fn diff_with(
        &self,
        n: i64,
        axis: isize,
        prepend: Option<Operand>,
        append: Option<Operand>,
    ) -> Result<Array> {
        if n == 0 {
            return Ok(self.clone());
        }
        if n < 0 {
            return Err(Error::invalid(format!("order must be non-negative but got {n}")));
        }
        let axis = normalize_axis(axis, self.ndim())?;
        self.need_lengths([axis])?;
        let along = |slice: Slice| -> Vec<Indexer> {
            (0..self.ndim()).map(|other| if other == axis { slice } else { Slice::ALL }.into()).collect()
        };
        let after = along(Slice { start: Some(1), ..Slice::ALL });
        let before = along(Slice { stop: Some(-1), ..Slice::ALL });
        let beside = |operand: Operand| match operand {
            // As in Dask, in one block.
            Operand::Array(array) => array.rechunk(&Chunks::single(&array.shape())),
            Operand::Scalar(scalar) => {
                let mut shape = self.shape();
                shape[axis] = 1;
                full(&shape, scalar, &Chunks::single(&shape), None)
            }
        };
        let (prepend, append) = (prepend.map(beside).transpose()?, append.map(beside).transpose()?);
        let parts: Vec<Array> = [prepend, Some(self.clone()), append].into_iter().flatten().collect();
        let mut result = if parts.len() > 1 { concatenate(&parts, axis as isize)? } else { self.clone() };
        // Beyond the length of the axis nothing changes any more.
        for _ in 0..n.min(result.shape()[axis].max(1) as i64) {
            result = result.slice(&after)?.subtract(&result.slice(&before)?)?;
        }
        Ok(result)
    }
}
