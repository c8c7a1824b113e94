//! Masks: `x[x > 0.5]` and `x[:, mask]`.
//!
//! ```text
//! x[x > 0.5]  all axes: both as one axis (ravel), and a block of unknown length for each block     getitem
//! x[:, mask]  one axis, whose blocks have unknown lengths afterwards                   getitem_variadic
//! ```

use super::Indexer;
use crate::{
    collections::{
        array::{Array, align::align, elementwise::elementwise},
        chunks::{Chunks, UNKNOWN, lengths, unknown},
        nodes::{Blockwise, Emitter, Labels, Layer, Tasks, in_order},
    },
    dtype::DType,
    error::{Error, Result},
    graph::TaskId,
    operations::{Mask, Op, Slice},
};

impl Array {
    /// The elements that the mask in `index` selects; `None` if there is no mask.
    pub(super) fn masked(&self, index: &[Indexer]) -> Result<Option<Array>> {
        let masks = || index.iter().enumerate().filter(|(_, index)| matches!(index, Indexer::Mask(_)));
        let Some((at, Indexer::Mask(mask))) = masks().next() else { return Ok(None) };
        if mask.dtype() != DType::Bool {
            return Err(Error::invalid(format!(
                "an array as an index must be a mask of dtype bool, not {}",
                mask.dtype()
            )));
        }
        if masks().count() > 1 {
            return Err(Error::invalid("Don't yet support nd fancy indexing: at most one mask"));
        }
        // With one axis, an ellipsis stands for nothing.
        let is_rest = |other: &Indexer| matches!(other, Indexer::Ellipsis) && self.ndim() == 1;
        let is_alone = index.iter().enumerate().all(|(i, other)| i == at || is_rest(other));
        match is_alone && self.ndim() == mask.ndim() && self.ndim() > 0 {
            true => self.masked_whole(mask).map(Some),
            false => {
                let mut rest = index.to_vec();
                rest[at] = Slice::ALL.into();
                // An index that makes no sense is refused before the mask is applied.
                self.normalized(&rest)?;
                let named = |index: &[Indexer]| {
                    let is_named = |index: &&Indexer| !matches!(index, Indexer::NewAxis | Indexer::Ellipsis);
                    index.iter().filter(is_named).count()
                };
                let left_out = match index[..at].iter().any(|index| matches!(index, Indexer::Ellipsis)) {
                    true => self.ndim() - named(index),
                    false => 0,
                };
                let masked = self.masked_along(mask, named(&index[..at]) + left_out)?;
                masked.slice(&rest).map(Some)
            }
        }
    }

    /// The elements where a mask of the same shape is true.
    fn masked_whole(&self, mask: &Array) -> Result<Array> {
        if self.ndim() > 1 {
            // Elements are in C order, whichever blocks they come from.
            self.need_all_lengths()?;
        }
        let (shape, other) = (self.shape(), mask.shape());
        if let Some(axis) = (0..shape.len()).find(|&axis| shape[axis] != other[axis]) {
            return Err(mismatch(axis, shape[axis], other[axis]));
        }
        let values = elementwise("getitem", &[self.ravel()?, mask.ravel()?], Op::Mask(Mask::default()))?;
        let chunks = Chunks::explicit(vec![vec![UNKNOWN; values.chunks().blocks()]]);
        Array::new("getitem", chunks, [values], Layer::Tasks(Box::new(Renamed)))
    }

    /// The elements along an axis where a mask of one axis is true.
    fn masked_along(&self, mask: &Array, axis: usize) -> Result<Array> {
        if mask.ndim() != 1 {
            return Err(Error::invalid(
                "Slicing with dask.array of bools only permitted when the indexer has only one dimension or when it has \
                 the same dimension as the sliced array",
            ));
        }
        let (length, other) = (self.shape()[axis], mask.shape()[0]);
        if length != other {
            return Err(mismatch(axis, length, other));
        }
        let out = in_order(self.ndim());
        let labels: [Labels; 2] = [out.clone(), [axis as u32].into_iter().collect()];
        let aligned = align(&[self.clone(), mask.clone()], &labels)?;
        let chunks = aligned.chunks(&out);
        let blocks = chunks.axis(axis).len();
        let op = Box::new(Op::Mask(Mask { axis: Some(axis as u8) }));
        let layer = Layer::Blockwise(Blockwise { out, inputs: labels.into_iter().collect(), op });
        let chunks = chunks.with_axis(axis, vec![UNKNOWN; blocks]);
        Array::new("getitem_variadic", chunks, aligned.arrays, layer)
    }
}

fn mismatch(axis: usize, length: usize, other: usize) -> Error {
    if [length, other].contains(&UNKNOWN) {
        return unknown(&format!("a mask of length {} for {}", lengths(&[other]), lengths(&[length])));
    }
    Error::invalid(format!(
        "boolean index did not match indexed array along axis {axis}; size of axis is {length} but size of \
         corresponding boolean axis is {other}"
    ))
}

/// The same blocks, under a name of their own and with unknown lengths.
#[derive(Debug)]
struct Renamed;

impl Tasks for Renamed {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let blocks = graph.inputs[0].blocks;
        (0..).zip(blocks).map(|(i, &block)| graph.alias(&[i], block)).collect()
    }
}
