//! Where the smallest or the largest element is: `argmin` and `argmax`. Of several that are equal, the first; a NaN
//! before all.
//!
//! A partial result is a tuple of the extreme elements and their places in the whole array: along the axis, or, over
//! all axes, counted in C order.

use super::{
    Input, Message,
    arithmetic::Arithmetic,
    block::room_for,
    convert::in_order,
    reduce::{nothing, same_shape},
};
use crate::{
    block::{Block, Elements, each_block},
    op::{Place, Reduce, Reduction},
    value::Value,
};

/// Whether `x` comes before `y`, which was found first.
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
        return Err(format!("a block of {ndim} axes cannot lie at {place:?}").into());
    }
    if axes.len() != ndim && axes.len() != 1 {
        return Err(format!("{} goes over one axis, or over all", reduction.name()).into());
    }
    if axes.iter().any(|&axis| block.shape()[usize::from(axis)] == 0) {
        let places = Block::new(nothing(block, axes).shape(), Vec::<i64>::new());
        return Ok([nothing(block, axes).into(), places.into()].into());
    }
    each_block!(block, elements => find(*reduction, elements, axes, place))
}

/// The extreme elements of a block that has some.
fn find<T: Arithmetic + PartialOrd>(
    reduction: Reduction,
    elements: &Elements<T>,
    axes: &[u8],
    place: &Place,
) -> Result<Value, Message> {
    let over_all = axes.len() == elements.ndim() && elements.ndim() != 1;
    let data = in_order(elements.view())?;
    let (outer, length, inner) = match (over_all, axes) {
        (false, &[axis]) => {
            let (before, after) = elements.shape().split_at(usize::from(axis));
            (before.iter().product::<usize>(), after[0], after[1..].iter().product::<usize>())
        }
        _ => (1, data.len(), 1),
    };
    let mut shape = elements.shape().to_vec();
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
            _ => in_whole(*at as usize, elements.shape(), place),
        };
    }
    Ok([Block::new(&shape, extremes).into(), Block::new(&shape, places).into()].into())
}

/// The place in the whole array, in C order, of a place in a block.
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

/// The extreme elements of all inputs, and their places.
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
    other: &Block,
    other_places: &Block,
    reduction: Reduction,
) -> Result<[Block; 2], Message> {
    same_shape(&extremes, other)?;
    let of_places = |places: &Block| -> Result<Elements<i64>, Message> {
        places.elements().cloned().ok_or("places must be int64".into())
    };
    let (places, other_places) = (of_places(&places)?, of_places(other_places)?);
    each_block!(extremes, extremes => {
        let other = other.elements().ok_or("extremes of different types")?;
        Ok(better_of(reduction, (extremes, places), (other, &other_places)))
    })
}

fn better_of<T: Arithmetic + PartialOrd>(
    reduction: Reduction,
    (mut extremes, mut places): (Elements<T>, Elements<i64>),
    (others, other_places): (&Elements<T>, &Elements<i64>),
) -> [Block; 2] {
    let found = extremes.iter_mut().zip(places.iter_mut());
    for ((extreme, place), (&x, &at)) in found.zip(others.iter().zip(other_places)) {
        if beats(reduction, x, *extreme) {
            (*extreme, *place) = (x, at);
        }
    }
    [T::into_block(extremes), places.into()]
}
