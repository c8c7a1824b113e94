//! The chunks that a [`ChunkSpec`] specifies for a shape: Dask's `normalize_chunks`.

use super::{
    AxisSpec, ChunkSpec, Chunks, UNKNOWN, auto::auto_chunks, lengths, spec::check_number, tuple, unknown,
};
use crate::error::{Error, Result};

/// The chunks that `spec` specifies for an array of this shape, whose elements have `itemsize` bytes.
///
/// ```
/// use dagdeck::collections::{AxisSpec, ChunkSpec, normalize_chunks};
///
/// let chunks = normalize_chunks(&[2, 3].into(), &[5, 6], 8)?;
/// assert_eq!(chunks.to_string(), "((2, 2, 1), (3, 3))");
/// let auto = normalize_chunks(&ChunkSpec::default(), &[100_000], 8)?;
/// assert_eq!(auto.to_string(), "((100000,),)");
/// # Ok::<(), dagdeck::Error>(())
/// ```
///
/// # Errors
/// If the number of axes is wrong, lengths do not add up, a size is 0, or there are more than 2^20 blocks.
pub fn normalize_chunks(spec: &ChunkSpec, shape: &[usize], itemsize: usize) -> Result<Chunks> {
    resolve(spec, shape, itemsize, None)
}

/// The chunks that `spec` specifies for an array with the chunks `previous`; automatic ones are proportional to
/// them. An axis with blocks of unknown length must keep its blocks.
pub(crate) fn rechunked(spec: &ChunkSpec, previous: &Chunks, itemsize: usize) -> Result<Chunks> {
    let shape = previous.shape();
    if !shape.contains(&UNKNOWN) {
        return resolve(spec, &shape, itemsize, Some(previous));
    }
    let keeps = |(axis, spec): (usize, &AxisSpec)| match spec {
        AxisSpec::Lengths(lengths) => lengths == previous.axis(axis),
        AxisSpec::Whole => previous.axis(axis).len() == 1,
        AxisSpec::Size(_) | AxisSpec::Auto => false,
    };
    let is_unknown = |axis: &usize| !previous.is_known(*axis);
    match spec {
        ChunkSpec::Axes(axes)
            if axes.len() == shape.len()
                && !axes.contains(&AxisSpec::Auto)
                && axes.iter().enumerate().filter(|(axis, _)| is_unknown(axis)).all(keeps) =>
        {
            let known: Vec<usize> = (0..shape.len()).filter(|&axis| previous.is_known(axis)).collect();
            let axes = ChunkSpec::Axes(known.iter().map(|&axis| axes[axis].clone()).collect());
            let shape: Vec<usize> = known.iter().map(|&axis| shape[axis]).collect();
            let resolved = resolve(&axes, &shape, itemsize, None)?;
            let cut =
                |chunks: Chunks, (i, &axis): (usize, &usize)| chunks.with_axis(axis, resolved.shared(i));
            Ok(known.iter().enumerate().fold(previous.clone(), cut))
        }
        _ => Err(unknown(&format!("shape={}", lengths(&shape)))),
    }
}

fn resolve(spec: &ChunkSpec, shape: &[usize], itemsize: usize, previous: Option<&Chunks>) -> Result<Chunks> {
    let mut axes = match spec {
        ChunkSpec::All(axis) => vec![axis.clone(); shape.len()],
        ChunkSpec::Axes(axes) => per_axis(axes, shape)?,
    };
    for (axis, &length) in axes.iter_mut().zip(shape) {
        if *axis == AxisSpec::Whole {
            *axis = AxisSpec::Lengths(vec![length]);
        }
    }
    if axes.contains(&AxisSpec::Auto) {
        auto_chunks(&mut axes, shape, itemsize, previous)?;
    }
    check_number(&axes, shape)?;
    let lengths: Vec<Vec<usize>> = axes.iter().zip(shape).map(|(axis, &length)| cut(axis, length)).collect();
    let adds_up = |(lengths, &length): (&Vec<usize>, &usize)| {
        lengths.iter().try_fold(0usize, |sum, &l| sum.checked_add(l)) == Some(length) && !lengths.is_empty()
    };
    if !lengths.iter().zip(shape).all(adds_up) {
        let (chunks, shape) = (tuple(lengths.iter().map(tuple)), tuple(shape));
        return Err(Error::invalid(format!(
            "Chunks do not add up to shape. Got chunks={chunks}, shape={shape}"
        )));
    }
    Ok(Chunks::explicit(lengths))
}

/// One specification for each axis.
fn per_axis(axes: &[AxisSpec], shape: &[usize]) -> Result<Vec<AxisSpec>> {
    let sizes = || -> Option<Vec<usize>> {
        let size = |axis: &AxisSpec| if let AxisSpec::Size(size) = axis { Some(*size) } else { None };
        axes.iter().map(size).collect()
    };
    // With one axis, a list of numbers is the lengths of its blocks.
    if let ([length], true, Some(lengths)) = (shape, axes.len() > 1, sizes()) {
        let _ = length;
        return Ok(vec![AxisSpec::Lengths(lengths)]);
    }
    if axes.is_empty() && !shape.is_empty() && shape.iter().all(|&length| length == 0) {
        return Ok(vec![AxisSpec::Lengths(vec![0]); shape.len()]);
    }
    if axes.len() != shape.len() {
        let (chunks, shape) = (tuple(axes), tuple(shape));
        return Err(Error::invalid(format!(
            "Chunks and shape must be of the same length/dimension. Got chunks={chunks}, shape={shape}"
        )));
    }
    Ok(axes.to_vec())
}

/// The lengths of the blocks along one axis.
fn cut(axis: &AxisSpec, length: usize) -> Vec<usize> {
    match axis {
        AxisSpec::Lengths(lengths) => lengths.clone(),
        AxisSpec::Size(size) if length > 0 => {
            (0..length).step_by(*size).map(|start| (*size).min(length - start)).collect()
        }
        _ => vec![length],
    }
}

#[cfg(test)]
mod tests {
    use super::{AxisSpec::*, ChunkSpec::*, *};

    fn normalized(spec: ChunkSpec, shape: &[usize]) -> String {
        normalize_chunks(&spec, shape, 8).map_or_else(|error| error.to_string(), |chunks| chunks.to_string())
    }

    /// Printed by dask 2026.8, except for the messages of the last three.
    #[test]
    fn chunks_are_dasks() {
        assert_eq!(normalized(2.into(), &[5, 6]), "((2, 2, 1), (2, 2, 2))");
        assert_eq!(normalized([3, 2].into(), &[5]), "((3, 2),)");
        assert_eq!(normalized([3].into(), &[5]), "((3, 2),)");
        assert_eq!(normalized(Axes(vec![Whole, Size(4)]), &[5, 6]), "((5,), (4, 2))");
        assert_eq!(normalized(Axes(vec![Lengths(vec![4, 1]), Size(9)]), &[5, 6]), "((4, 1), (6,))");
        assert_eq!(normalized(2.into(), &[]), "()");
        assert_eq!(normalized(2.into(), &[0, 3]), "((0,), (2, 1))");
        assert_eq!(normalized(Axes(vec![]), &[0, 0]), "((0,), (0,))");
        assert_eq!(
            normalized([2, 3].into(), &[4, 4, 4]),
            "Chunks and shape must be of the same length/dimension. Got chunks=(2, 3), shape=(4, 4, 4)"
        );
        assert_eq!(
            normalized([2, 3].into(), &[4]),
            "Chunks do not add up to shape. Got chunks=((2, 3),), shape=(4,)"
        );
        assert_eq!(
            normalized(Axes(vec![Lengths(vec![]), Size(1)]), &[0, 1]),
            "Chunks do not add up to shape. Got chunks=((), (1,)), shape=(0, 1)"
        );
        assert!(normalized(0.into(), &[4]).starts_with("chunks = 0: "));
        assert_eq!(
            normalized(1.into(), &[4096, 4096]),
            "shape (4096, 4096) in chunks of (1, 1) is 16777216 blocks, more than the 1048576 that an array may have: \
             choose larger chunks"
        );
    }
}
