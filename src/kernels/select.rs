//! Elements picked, moved and joined.

use ndarray::{ArrayViewMutD, Axis, IxDyn, Slice};
use smallvec::SmallVec;

use super::{
    Input, Message, array,
    convert::{Convert, astype, copy, in_c_order, in_order},
    room::room_for,
};
use crate::{
    block::{Block, Elements, block_size, each_block, each_dtype},
    dtype::DType,
};

/// Shares the data of `block`.
pub(crate) fn transpose(block: &Block, axes: &[u8]) -> Result<Block, Message> {
    let mut seen = [false; u8::MAX as usize + 1];
    let once =
        |&axis: &u8| (axis as usize) < block.ndim() && !std::mem::replace(&mut seen[axis as usize], true);
    if axes.len() != block.ndim() || !axes.iter().all(once) {
        return Err(format!("axes {axes:?} are not a permutation of {} axes", block.ndim()).into());
    }
    let axes: SmallVec<[usize; 4]> = axes.iter().map(|&axis| axis as usize).collect();
    Ok(block.clone().permuted(&axes))
}

/// Shares the data of `block` if its elements are in C order.
pub(crate) fn reshape(block: &Block, shape: &[usize]) -> Result<Block, Message> {
    if block_size(shape)? != block.len() {
        return Err(format!("cannot reshape array of size {} into shape {shape:?}", block.len()).into());
    }
    Ok(each_block!(in_c_order(block)?, elements => {
        elements.into_shape_with_order(IxDyn(shape)).expect("as many elements, in C order").into()
    }))
}

/// The position of an index, which may count from the end.
pub(crate) fn checked_place(place: i64, axis: usize, length: usize) -> Result<usize, Message> {
    let from_start = if place < 0 { place.checked_add(length as i64) } else { Some(place) };
    from_start
        .and_then(|place| usize::try_from(place).ok())
        .filter(|&place| place < length)
        .ok_or_else(|| format!("index {place} is out of bounds for axis {axis} with size {length}").into())
}

pub(crate) fn take(block: &Block, axis: u8, indices: &[i64]) -> Result<Block, Message> {
    let axis = checked_axis(axis, block.ndim())?;
    let length = block.shape()[axis];
    let places: Result<Vec<usize>, Message> =
        indices.iter().map(|&place| checked_place(place, axis, length)).collect();
    taken(block, axis, &places?)
}

/// The elements where `mask` is true: along an axis, or with a mask of the same shape as one axis, in C order.
pub(crate) fn mask(block: &Block, mask: &Block, axis: Option<u8>) -> Result<Block, Message> {
    let Some(truths) = mask.elements::<bool>() else {
        return Err(format!("a mask must be an array of bool, not of {}", mask.dtype()).into());
    };
    let (block, axis) = match axis {
        None if block.shape() == mask.shape() => (reshape(block, &[block.len()])?, 0),
        Some(axis) if mask.shape() == &block.shape()[checked_axis(axis, block.ndim())?..][..1] => {
            (block.clone(), usize::from(axis))
        }
        _ => {
            let (whole, shape) = (block.shape(), mask.shape());
            let along = axis.map_or(String::new(), |axis| format!(" along axis {axis}"));
            return Err(
                format!("a mask of shape {shape:?} does not fit an array of shape {whole:?}{along}").into()
            );
        }
    };
    let truths = in_order(truths.view())?;
    let count = truths.iter().filter(|&&truth| truth).count();
    let mut places = room_for(&[count])?;
    places.extend((0..truths.len()).filter(|&place| truths[place]));
    taken(&block, axis, &places)
}

/// The elements at these places, which all exist, along `axis`.
fn taken(block: &Block, axis: usize, places: &[usize]) -> Result<Block, Message> {
    let length = block.shape()[axis];
    let mut shape: SmallVec<[usize; 4]> = block.shape().into();
    shape[axis] = places.len();
    let outer: usize = shape[..axis].iter().product();
    let inner: usize = shape[axis + 1..].iter().product();
    each_block!(block, elements => {
        let elements = in_order(elements.view())?;
        let mut out = room_for(&shape)?;
        for row in 0..outer {
            for &place in places {
                let start = (row * length + place) * inner;
                out.extend_from_slice(&elements[start..start + inner]);
            }
        }
        Ok(Block::new(&shape, out))
    })
}

/// Blocks one after another along `axis`.
pub(crate) fn concatenate(inputs: &[Input<'_>], axis: u8) -> Result<Block, Message> {
    let first = array(inputs, 0)?;
    let axis = checked_axis(axis, first.ndim())?;
    let mut grid: SmallVec<[usize; 4]> = SmallVec::from_elem(1, first.ndim());
    grid[axis] = inputs.len();
    merge(inputs, &grid)
}

/// Joins a grid of blocks, given in C order.
pub(crate) fn merge(inputs: &[Input<'_>], grid: &[usize]) -> Result<Block, Message> {
    let blocks: Result<Vec<&Block>, Message> = (0..inputs.len()).map(|i| array(inputs, i)).collect();
    let blocks = blocks?;
    if blocks.is_empty() || grid.iter().product::<usize>() != blocks.len() {
        return Err(format!("{} blocks do not form a grid of shape {grid:?}", blocks.len()).into());
    }
    if let Some(other) = blocks.iter().find(|block| block.ndim() != grid.len()) {
        return Err(format!(
            "all the input array dimensions must match: a grid of {} axes has a block of {}",
            grid.len(),
            other.ndim()
        )
        .into());
    }
    if let [only] = blocks[..] {
        return Ok(only.clone());
    }
    // Where each block starts along each axis, derived from the blocks at the grid's edge.
    let starts: Vec<Vec<usize>> = (0..grid.len())
        .map(|axis| {
            let stride: usize = grid[axis + 1..].iter().product();
            let lengths = (0..grid[axis]).map(|i| blocks[i * stride].shape()[axis]);
            std::iter::once(0)
                .chain(lengths.scan(0, |end, length| {
                    *end += length;
                    Some(*end)
                }))
                .collect()
        })
        .collect();
    let shape: SmallVec<[usize; 4]> = starts.iter().map(|starts| starts[starts.len() - 1]).collect();
    let dtype = blocks.iter().map(|block| block.dtype()).reduce(DType::promote).expect("there is one");
    each_dtype!(dtype, T => merged::<T>(&blocks, grid, &starts, &shape))
}

fn merged<T: Convert>(
    blocks: &[&Block],
    grid: &[usize],
    starts: &[Vec<usize>],
    shape: &[usize],
) -> Result<Block, Message> {
    let mut out: Vec<T> = room_for(shape)?;
    out.resize(shape.iter().product(), T::default());
    let mut whole = ArrayViewMutD::from_shape(IxDyn(shape), &mut out).expect("room for as many");
    for (i, block) in blocks.iter().enumerate() {
        let mut place = whole.view_mut();
        let mut stride = blocks.len();
        for axis in 0..grid.len() {
            stride /= grid[axis];
            let at = i / stride % grid[axis];
            let (start, end) = (starts[axis][at], starts[axis][at + 1]);
            if block.shape()[axis] != end - start {
                return Err(format!(
                    "all the input array dimensions except for the concatenation axis must match exactly, but \
                     along dimension {axis}, a block has size {} where others have {}",
                    block.shape()[axis],
                    end - start
                )
                .into());
            }
            place.slice_axis_inplace(Axis(axis), Slice::from(start..end));
        }
        let converted: Block;
        let elements: &Elements<T> = match T::of(block) {
            Some(elements) => elements,
            None => {
                converted = astype(block, T::DTYPE)?;
                T::of(&converted).expect("it was made of this type")
            }
        };
        copy(elements.view(), place);
    }
    Ok(Block::new(shape, out))
}

/// The axis, which must exist.
pub(crate) fn checked_axis(axis: u8, ndim: usize) -> Result<usize, Message> {
    match usize::from(axis) {
        axis if axis < ndim => Ok(axis),
        axis => Err(format!("axis {axis} is out of bounds for array of dimension {ndim}").into()),
    }
}
