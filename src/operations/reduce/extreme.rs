//! The index of the smallest or largest element: `argmin` and `argmax`. The first one of equals; NaN comes before
//! everything else.
//!
//! A partial result is a tuple of the extreme elements and their indices in the whole array: along the axis, or in C
//! order if all axes are reduced.

use std::borrow::Cow;

use super::{
    Place, Reduce, Reduction,
    partial::{nothing, same_shape},
};
use crate::{
    block::Block,
    dtype::DType,
    error::Message,
    kernels::{
        Input, Operands, Ufunc,
        arithmetic::Arithmetic,
        convert::{astype, contiguous},
        elementwise::elementwise,
        room::room_for,
    },
    value::Value,
};

/// Whether `x` is better than `y`, which was found earlier.
#[inline]
fn beats<T: Arithmetic + PartialOrd>(reduction: Reduction, x: T, y: T) -> bool {
    match reduction {
        _ if y.is_nan() => false,
        _ if x.is_nan() => true,
        Reduction::ArgMin => x < y,
        _ => x > y,
    }
}

pub(super) fn chunk(block: &Block, parameters: &Reduce) -> Result<Value, Message> {
    let Reduce { reduction, axes, place, .. } = parameters;
    let place = place.as_ref().ok_or("the block's place is missing")?;
    let ndim = block.ndim();
    if place.offset.len() != ndim || place.shape.len() != ndim {
        return Err(format!("a block of {ndim} axes does not fit the place {place:?}").into());
    }
    if axes.len() != ndim && axes.len() != 1 {
        return Err(format!("{} takes one axis or all axes", reduction.name()).into());
    }
    if axes.iter().any(|&axis| block.shape()[usize::from(axis)] == 0) {
        let places = Block::new(nothing(block, axes).shape(), Vec::<i64>::new());
        return Ok([nothing(block, axes).into(), places.into()].into());
    }
    match block.dtype().is_float() {
        true => find::<f64>(*reduction, block, axes, place),
        false => find::<i64>(*reduction, block, axes, place),
    }
}

/// The extreme elements of a non-empty block, compared in a type that holds them all.
fn find<T: Arithmetic + PartialOrd>(
    reduction: Reduction,
    block: &Block,
    axes: &[u8],
    place: &Place,
) -> Result<Value, Message> {
    let over_all = axes.len() == block.ndim() && block.ndim() != 1;
    let data = contiguous::<T>(block)?;
    let (outer, length, inner) = match (over_all, axes) {
        (false, &[axis]) => {
            let (before, after) = block.shape().split_at(usize::from(axis));
            (before.iter().product::<usize>(), after[0], after[1..].iter().product::<usize>())
        }
        _ => (1, data.len(), 1),
    };
    let mut shape = block.shape().to_vec();
    axes.iter().for_each(|&axis| shape[usize::from(axis)] = 1);
    let (mut extremes, mut places) = (room_for(&shape)?, room_for(&shape)?);
    for plane in data.chunks_exact(length * inner.max(1)).take(outer) {
        let start = extremes.len();
        extremes.extend_from_slice(&plane[..inner]);
        places.resize(start + inner, 0i64);
        let (extremes, places) = (&mut extremes[start..], &mut places[start..]);
        for (i, row) in plane.chunks_exact(inner.max(1)).enumerate().skip(1) {
            for ((extreme, at), &x) in extremes.iter_mut().zip(places.iter_mut()).zip(row) {
                let better = beats(reduction, x, *extreme);
                *extreme = if better { x } else { *extreme };
                *at = if better { i as i64 } else { *at };
            }
        }
    }
    for at in &mut places {
        *at = match (over_all, axes) {
            (false, &[axis]) => *at + place.offset[usize::from(axis)] as i64,
            _ => in_whole(*at as usize, block.shape(), place),
        };
    }
    let extremes = astype(&Block::new(&shape, extremes), block.dtype())?;
    Ok([extremes.into(), Block::new(&shape, places).into()].into())
}

/// The index in the whole array, in C order, of an index in a block.
fn in_whole(mut at: usize, shape: &[usize], place: &Place) -> i64 {
    let (mut whole, mut stride) = (0i64, 1i64);
    for axis in (0..shape.len()).rev() {
        let index = (at % shape[axis] + place.offset[axis]) as i64;
        whole = whole.wrapping_add(index.wrapping_mul(stride));
        stride = stride.wrapping_mul(place.shape[axis] as i64);
        at /= shape[axis];
    }
    whole
}

/// The extreme elements of all inputs, and their indices.
pub(super) fn combine(inputs: &mut [Input<'_>], reduction: Reduction) -> Result<[Block; 2], Message> {
    let mut so_far: Option<[Block; 2]> = None;
    for (i, input) in inputs.iter_mut().enumerate() {
        let Value::Tuple(pair) = &**input else {
            return Err(format!("input {i} must be extremes with their places, not {:?}", &**input).into());
        };
        let [Value::Array(extremes), Value::Array(places)] = &pair[..] else {
            return Err(format!("input {i} must be extremes with their places, not {pair:?}").into());
        };
        same_shape(extremes, places)?;
        if extremes.is_empty() && so_far.is_some() {
            continue;
        }
        so_far = Some(match so_far {
            Some(before) if !before[0].is_empty() => join(before, extremes, places, reduction)?,
            _ => [(**extremes).clone(), (**places).clone()],
        });
    }
    so_far.ok_or("no partial results to combine".into())
}

fn join(
    [extremes, places]: [Block; 2],
    others: &Block,
    other_places: &Block,
    reduction: Reduction,
) -> Result<[Block; 2], Message> {
    same_shape(&extremes, others)?;
    if extremes.dtype() != others.dtype() {
        return Err("extremes of different types".into());
    }
    if [&places, other_places].iter().any(|places| places.dtype() != DType::Int64) {
        return Err("places must be int64".into());
    }
    let better = match extremes.dtype().is_float() {
        true => better::<f64>(reduction, &extremes, others)?,
        false => better::<i64>(reduction, &extremes, others)?,
    };
    let better = Value::from(Block::new(extremes.shape(), better));
    let of_both = |block: Block, other: &Block| {
        let inputs = [Cow::Borrowed(&better), Cow::Owned(other.clone().into()), Cow::Owned(block.into())];
        elementwise(Ufunc::Where, &Operands::Inputs, &mut { inputs })
    };
    Ok([of_both(extremes, others)?, of_both(places, other_places)?])
}

/// Which of the others are better than those found before.
fn better<T: Arithmetic + PartialOrd>(
    reduction: Reduction,
    extremes: &Block,
    others: &Block,
) -> Result<Vec<bool>, Message> {
    let (extremes, others) = (contiguous::<T>(extremes)?, contiguous::<T>(others)?);
    Ok(extremes.iter().zip(&*others).map(|(&extreme, &x)| beats(reduction, x, extreme)).collect())
}
