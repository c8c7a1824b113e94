//! Joins arrays along an existing axis or along a new one.

use smallvec::SmallVec;

use super::{Array, align::align, axes::normalize_axis};
use crate::{
    collections::{
        chunks::{Chunks, lengths},
        nodes::{Emitter, Labels, Layer, Tasks, in_order},
    },
    dtype::DType,
    error::{Error, Result},
    graph::TaskId,
    operations::{Index, Op, Slice},
};

/// Arrays one after another along an axis: `da.concatenate`. Their blocks become the result's blocks, so nothing is
/// computed if their other axes have the same chunks.
///
/// # Errors
/// If there are no arrays, an array has no axes, the numbers of axes differ, or shapes differ along another axis.
pub fn concatenate(arrays: &[Array], axis: isize) -> Result<Array> {
    let arrays = common_dtype(arrays, "concatenate")?;
    let ndim = arrays[0].ndim();
    if ndim == 0 {
        return Err(Error::invalid("zero-dimensional arrays cannot be concatenated"));
    }
    let axis = normalize_axis(axis, ndim)?;
    if let Some(other) = arrays.iter().position(|array| array.ndim() != ndim) {
        return Err(Error::invalid(format!(
            "all the input arrays must have same number of dimensions, but the array at index 0 has {ndim} \
             dimension(s) and the array at index {other} has {} dimension(s)",
            arrays[other].ndim()
        )));
    }
    // As in Dask, empty arrays do not have to match.
    let mut kept: Vec<Array> = arrays.iter().filter(|array| array.size() > 0).cloned().collect();
    if kept.is_empty() {
        kept = arrays.clone();
    }
    let first = kept[0].shape();
    let alike = |shape: Vec<usize>| (0..ndim).all(|other| other == axis || shape[other] == first[other]);
    if !kept.iter().all(|array| alike(array.shape())) {
        let shapes = kept.iter().map(|array| lengths(&array.shape())).collect::<Vec<_>>().join(", ");
        return Err(Error::invalid(format!("Shapes do not align: [{shapes}]")));
    }
    if let [only] = &kept[..] {
        return Ok(only.clone());
    }
    // As in Dask: that unknown lengths are the same can only be hoped for.
    kept.iter().try_for_each(|array| array.need_lengths((0..ndim).filter(|&other| other != axis)))?;
    // The axis along which they are joined has a different label for each array.
    let label = |i: usize| {
        let mut labels: Labels = in_order(ndim);
        labels[axis] = (ndim + i) as u32;
        labels
    };
    let labels: Vec<Labels> = (0..kept.len()).map(label).collect();
    let arrays = align(&kept, &labels)?.arrays;
    let blocks: Vec<usize> = arrays.iter().flat_map(|array| array.chunks().axis(axis)).copied().collect();
    let chunks = arrays[0].chunks().with_axis(axis, blocks);
    let layer = Layer::Tasks(Box::new(Concatenated { axis }));
    Array::new("concatenate", chunks, arrays, layer)
}

/// The arrays converted to their common type.
fn common_dtype(arrays: &[Array], what: &str) -> Result<Vec<Array>> {
    let dtype = arrays.iter().map(Array::dtype).reduce(DType::promote);
    let dtype = dtype.ok_or_else(|| Error::invalid(format!("Need array(s) to {what}")))?;
    arrays.iter().map(|array| array.astype(dtype)).collect()
}

#[derive(Debug)]
struct Concatenated {
    axis: usize,
}

impl Tasks for Concatenated {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let mut starts = vec![0];
        for input in &graph.inputs {
            starts.push(starts[starts.len() - 1] + input.grid.axes()[self.axis]);
        }
        let indices = graph.grid.indices();
        let block = |index: SmallVec<[u32; 4]>| {
            let mut from = index.clone();
            let input = starts.partition_point(|&start| start <= index[self.axis]) - 1;
            from[self.axis] -= starts[input];
            let block = graph.input(input, &from);
            graph.alias(&index, block)
        };
        indices.map(block).collect()
    }
}

/// Arrays of the same shape, joined along a new axis: `da.stack`.
///
/// # Errors
/// If there are no arrays, or their shapes differ.
pub fn stack(arrays: &[Array], axis: isize) -> Result<Array> {
    let arrays = common_dtype(arrays, "stack")?;
    let shape = arrays[0].shape();
    if let Some(other) = arrays.iter().position(|array| array.shape() != shape) {
        return Err(Error::invalid(format!(
            "Stacked arrays must have the same shape. The first array had shape {}, while array {} has shape {}.",
            lengths(&shape),
            other + 1,
            lengths(&arrays[other].shape())
        )));
    }
    let axis = normalize_axis(axis, shape.len() + 1)?;
    let labels = vec![in_order(shape.len()); arrays.len()];
    let arrays = align(&arrays, &labels)?.arrays;
    let mut axes: Vec<_> = (0..shape.len()).map(|axis| arrays[0].chunks().shared(axis)).collect();
    axes.insert(axis, vec![1; arrays.len()].into());
    Array::new("stack", Chunks::from_axes(axes), arrays, Layer::Tasks(Box::new(Stacked { axis })))
}

#[derive(Debug)]
struct Stacked {
    axis: usize,
}

impl Tasks for Stacked {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let mut index: SmallVec<[Index; 2]> = SmallVec::from_elem(Index::Slice(Slice::ALL), self.axis);
        index.push(Index::NewAxis);
        let op = Op::Slice(index.into());
        let indices = graph.grid.indices();
        let block = |place: SmallVec<[u32; 4]>| {
            let mut from = place.clone();
            let input = from.remove(self.axis) as usize;
            let block = graph.input(input, &from);
            graph.block(&place, op.clone(), [block])
        };
        indices.map(block).collect()
    }
}
