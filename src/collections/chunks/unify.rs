//! Common chunks of arrays that are used together: NumPy's broadcasting, and Dask's `common_blockdim`.

use std::sync::Arc;

use super::{UNKNOWN, lengths, total, tuple};
use crate::error::{Error, Result};

/// The common shape of arrays that are used together.
///
/// # Errors
/// If there is no common shape.
pub(crate) fn broadcast_shapes(shapes: &[Vec<usize>]) -> Result<Vec<usize>> {
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    let mut common = vec![1; ndim];
    for shape in shapes {
        for (length, &given) in common[ndim - shape.len()..].iter_mut().zip(shape) {
            match (*length, given) {
                (1, _) => *length = given,
                (_, 1) => {}
                (length, given) if length == given => {}
                _ => {
                    let shapes: Vec<String> = shapes.iter().map(|shape| lengths(shape)).collect();
                    return Err(Error::invalid(format!(
                        "operands could not be broadcast together with shapes {}",
                        shapes.join(" ")
                    )));
                }
            }
        }
    }
    Ok(common)
}

/// The coarsest chunks of an axis that have all cuts of `axes`. Axes of length 1 are broadcast to the others. Blocks of
/// unknown length only fit the same number of blocks of unknown length.
///
/// # Errors
/// If the lengths differ, or cannot be compared because they are unknown.
pub(crate) fn common_blockdim(axes: &[Arc<[usize]>]) -> Result<Arc<[usize]>> {
    let mut distinct: Vec<&Arc<[usize]>> = Vec::new();
    for lengths in axes {
        if !distinct.contains(&lengths) {
            distinct.push(lengths);
        }
    }
    if distinct.len() > 1 {
        distinct.retain(|lengths| ***lengths != [1]);
    }
    if distinct.len() > 1 && distinct.iter().any(|lengths| lengths.contains(&UNKNOWN)) {
        let shown: Vec<String> = distinct.iter().map(|axis| lengths(axis)).collect();
        return Err(unknown(&shown.join(" and ")));
    }
    let cut: Vec<&Arc<[usize]>> = distinct.iter().copied().filter(|lengths| lengths.len() > 1).collect();
    match cut[..] {
        [one] => return Ok(one.clone()),
        [] => return Ok(distinct.into_iter().max_by_key(|lengths| lengths[0]).expect("axes").clone()),
        _ => {}
    }
    if cut.iter().any(|axis| total(axis) != total(cut[0])) {
        let shown = tuple(cut.iter().map(|axis| lengths(axis)));
        return Err(Error::invalid(format!("Chunks do not add up to same value: {shown}")));
    }
    let mut ends: Vec<usize> = cut.iter().flat_map(|lengths| ends(lengths)).filter(|&end| end > 0).collect();
    ends.sort_unstable();
    ends.dedup();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    Ok(ends.iter().zip(starts).map(|(end, start)| end - start).collect())
}

/// The error of an operation that needs lengths that are unknown; `what` shows them.
pub(crate) fn unknown(what: &str) -> Error {
    Error::invalid(format!(
        "unknown chunk sizes: {what}. This operation needs the lengths of the blocks, which are only known once they \
         are computed: call x.compute_chunk_sizes() first"
    ))
}

/// The ends of the blocks.
fn ends(lengths: &[usize]) -> impl Iterator<Item = usize> {
    lengths.iter().scan(0, |end, &length| {
        *end += length;
        Some(*end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(axes: &[&[usize]]) -> Vec<usize> {
        let axes: Vec<Arc<[usize]>> = axes.iter().map(|&lengths| lengths.into()).collect();
        common_blockdim(&axes).unwrap().to_vec()
    }

    /// Printed by dask 2026.8's `common_blockdim` and `unify_chunks`.
    #[test]
    fn common_chunks_are_dasks() {
        assert_eq!(common(&[&[5, 2], &[4, 3]]), [4, 1, 2]);
        assert_eq!(common(&[&[3], &[2, 1]]), [2, 1]);
        assert_eq!(common(&[&[4], &[4]]), [4]);
        assert_eq!(common(&[&[1], &[4]]), [4]);
        assert_eq!(common(&[&[2, 2, 2], &[3, 3], &[6], &[1]]), [2, 1, 1, 2]);
        assert_eq!(common(&[&[1], &[1]]), [1]);
    }

    #[test]
    fn unknown_lengths_fit_as_many_unknown_lengths_and_one() {
        let nan = UNKNOWN;
        assert_eq!(common(&[&[nan, nan], &[nan, nan]]), [nan, nan]);
        assert_eq!(common(&[&[1], &[nan, nan]]), [nan, nan]);
        assert_eq!(common(&[&[nan], &[1]]), [nan]);
        for others in [&[nan][..], &[nan, nan, nan], &[2, 2], &[4]] {
            let error = common_blockdim(&[[nan, nan].into(), others.into()]).unwrap_err().to_string();
            assert!(error.starts_with("unknown chunk sizes: (nan, nan) and ("), "{error}");
        }
    }

    #[test]
    fn shapes_broadcast_as_in_numpy() {
        let common = |shapes: &[&[usize]]| {
            broadcast_shapes(&shapes.iter().map(|shape| shape.to_vec()).collect::<Vec<_>>())
        };
        assert_eq!(common(&[&[4, 1], &[6], &[]]).unwrap(), [4, 6]);
        assert_eq!(common(&[&[0, 3], &[1]]).unwrap(), [0, 3]);
        let error = common(&[&[3, 4], &[3, 5]]).unwrap_err().to_string();
        assert_eq!(error, "operands could not be broadcast together with shapes (3, 4) (3, 5)");
        assert!(common(&[&[0], &[3]]).is_err());
    }
}
