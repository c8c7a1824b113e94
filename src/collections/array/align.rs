//! Common chunks for arrays that are used together: Dask's `unify_chunks`.

use std::{collections::BTreeMap, sync::Arc};

use super::Array;
use crate::{
    collections::{
        chunks::{Chunks, common_blockdim},
        nodes::Labels,
    },
    error::Result,
};

/// Arrays with matching blocks.
pub(super) struct Aligned {
    /// The same arrays, rechunked where necessary.
    pub(super) arrays: Vec<Array>,
    /// The lengths of the blocks along each axis, by its label.
    pub(super) axes: BTreeMap<u32, Arc<[usize]>>,
}

impl Aligned {
    /// The chunks of a result with these axes.
    pub(super) fn chunks(&self, out: &[u32]) -> Chunks {
        Chunks::from_axes(out.iter().map(|label| self.axes[label].clone()))
    }
}

/// The labels of an array's axes for broadcasting: the last axes of all arrays have the same labels.
pub(super) fn broadcast_labels(ndim: usize) -> Labels {
    (0..ndim as u32).rev().collect()
}

/// Rechunks arrays so that along axes with the same label their blocks have the same lengths, or length 1.
///
/// # Errors
/// If axes with the same label differ in length.
pub(super) fn align(arrays: &[Array], labels: &[Labels]) -> Result<Aligned> {
    let mut given: BTreeMap<u32, Vec<Arc<[usize]>>> = BTreeMap::new();
    for (array, labels) in arrays.iter().zip(labels) {
        for (axis, &label) in labels.iter().enumerate() {
            given.entry(label).or_default().push(array.chunks().shared(axis));
        }
    }
    let common = given.into_iter().map(|(label, lengths)| Ok((label, common_blockdim(&lengths)?)));
    let axes: BTreeMap<u32, Arc<[usize]>> = common.collect::<Result<_>>()?;
    let cut = |(array, labels): (&Array, &Labels)| {
        let shape = array.shape();
        let lengths = labels.iter().zip(&shape).map(|(label, &length)| match length {
            0 | 1 => Arc::from([length]),
            _ => axes[label].clone(),
        });
        array.rechunk(&Chunks::from_axes(lengths))
    };
    Ok(Aligned { arrays: arrays.iter().zip(labels).map(cut).collect::<Result<_>>()?, axes })
}
