//! Axes as a user names them: negative ones count from the end.

use super::Array;
use crate::{
    collections::chunks::{lengths, unknown},
    error::{Error, Result},
    operations::Axes,
};

/// The axis `axis` of `ndim` axes, counted from 0: NumPy's `normalize_axis_index`.
///
/// # Errors
/// If there is no such axis.
pub(super) fn normalize_axis(axis: isize, ndim: usize) -> Result<usize> {
    let from_end = if axis < 0 { axis.checked_add(ndim as isize) } else { Some(axis) };
    match from_end.and_then(|axis| usize::try_from(axis).ok()) {
        Some(found) if found < ndim => Ok(found),
        _ => Err(Error::invalid(format!("Axis {axis} is out of bounds for array of dimension {ndim}"))),
    }
}

/// The axes that `axes` name, in their order.
///
/// # Errors
/// If an axis does not exist, or is named twice.
pub(super) fn normalize_axes(axes: &[isize], ndim: usize) -> Result<Vec<usize>> {
    let mut found = Vec::with_capacity(axes.len());
    for &axis in axes {
        let axis = normalize_axis(axis, ndim)?;
        if found.contains(&axis) {
            return Err(Error::invalid("duplicate value in 'axis'"));
        }
        found.push(axis);
    }
    Ok(found)
}

impl Array {
    /// Checks that the lengths of some axes are known.
    ///
    /// # Errors
    /// One is not.
    pub(super) fn need_lengths(&self, axes: impl IntoIterator<Item = usize>) -> Result<()> {
        match axes.into_iter().all(|axis| self.chunks().is_known(axis)) {
            true => Ok(()),
            false => Err(unknown(&format!("shape={}", lengths(&self.shape())))),
        }
    }

    /// Checks that all lengths are known.
    ///
    /// # Errors
    /// One is not.
    pub(super) fn need_all_lengths(&self) -> Result<()> {
        self.need_lengths(0..self.ndim())
    }
}

/// Axes in the form that operations take.
pub(super) fn op_axes(axes: &[usize]) -> Axes {
    axes.iter().map(|&axis| axis as u8).collect()
}
