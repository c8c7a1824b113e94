//! Elements in reverse order: `da.flip`.

use super::{Array, Axis, Indexer, axes::normalize_axis};
use crate::{
    collections::chunks::tuple,
    error::{Error, Result},
    operations::Slice,
};

impl Array {
    /// The elements in reverse order along these axes.
    ///
    /// ```
    /// use dagdeck::collections::array::{self as da, Axis};
    ///
    /// let x = da::arange(7, 3, None)?;
    /// assert_eq!(x.flip(&Axis::All)?.chunks().to_string(), "((1, 3, 3),)");
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    ///
    /// # Errors
    /// If an axis does not exist.
    pub fn flip(&self, axis: &Axis) -> Result<Array> {
        let ndim = self.ndim();
        let mut index: Vec<Indexer> = vec![Slice::ALL.into(); ndim];
        let backwards = Slice { step: Some(-1), ..Slice::ALL };
        match axis {
            Axis::All => index.fill(backwards.into()),
            Axis::Some(axes) => {
                let invalid =
                    |_| Error::invalid(format!("`axis` of {} invalid for {ndim}-D array", tuple(axes)));
                for &axis in axes {
                    let found = normalize_axis(axis, ndim).map_err(invalid)?;
                    index[found] = backwards.into();
                }
            }
        }
        self.slice(&index)
    }
}
