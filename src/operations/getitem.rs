//! Python's basic indexing.

use std::ops::RangeInclusive;

use ndarray::SliceInfoElem;
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use super::{
    meta::{self, Meta, UNKNOWN},
    operation::{Operation, form, matrix},
};
use crate::{
    block::{Block, Shape, each_block},
    error::Message,
    kernels::{Input, input::array, select::checked_place},
    value::Value,
};

/// What to take along an axis: Python's basic indexing. Negative places count from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected an integer, a slice as {\"start\", \"stop\", \"step\"}, or null")]
pub enum Index {
    /// One place; the axis goes.
    At(i64),
    /// `start:stop:step`
    Slice(Slice),
    /// A new axis of length 1: `null` in JSON.
    NewAxis,
}

/// What to take along each axis.
pub type Indices = SmallVec<[Index; 2]>;

/// `start:stop:step`, where `None` means what it means in Python.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// The first place.
    #[serde(default)]
    pub start: Option<i64>,
    /// The place before which to end.
    #[serde(default)]
    pub stop: Option<i64>,
    /// How far it is from one place to the next; not 0.
    #[serde(default)]
    pub step: Option<i64>,
}

impl From<std::ops::Range<usize>> for Slice {
    fn from(range: std::ops::Range<usize>) -> Slice {
        Slice { start: Some(range.start as i64), stop: Some(range.end as i64), step: None }
    }
}

/// Evenly spaced places along an axis: place `i` is `first + i * step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// The first place, if there is one.
    pub first: usize,
    /// The distance to the next; not 0.
    pub step: isize,
    /// How many there are.
    pub len: usize,
}

impl Slice {
    /// All of an axis.
    pub const ALL: Slice = Slice { start: None, stop: None, step: None };

    /// The places that it takes of an axis of this length, as Python's `slice.indices`. A step of 0 is one of 1.
    ///
    /// ```
    /// use dagdeck::operations::{Places, Slice};
    ///
    /// let back = Slice { step: Some(-2), ..Slice::ALL };
    /// assert_eq!(back.places(6), Places { first: 5, step: -2, len: 3 });
    /// ```
    pub fn places(&self, length: usize) -> Places {
        let step = self.step.filter(|&step| step != 0).unwrap_or(1);
        // No axis is so long that this loses anything.
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        // Going back, the place before the first is a possible end.
        let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let place = |given: Option<i64>, otherwise: i64| match given {
            None => otherwise,
            Some(place) if place < 0 => place.saturating_add(length).clamp(least, most),
            Some(place) => place.clamp(least, most),
        };
        let (start, stop) = match step > 0 {
            true => (place(self.start, least), place(self.stop, most)),
            false => (place(self.start, most), place(self.stop, least)),
        };
        let distance = if step > 0 { stop - start } else { start - stop };
        let len = match distance {
            ..=0 => 0,
            distance => ((distance - 1) as u64 / step.unsigned_abs()) as usize + 1,
        };
        Places { first: start.max(0) as usize, step: step as isize, len }
    }
}

/// Takes a slice along each axis. Axes that are not named are taken whole.
pub(crate) struct Getitem;

impl Operation for Getitem {
    type Parameters = Indices;

    form!(value "getitem");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn check(indices: &Self::Parameters) -> Result<(), Message> {
        check_indices(indices)
    }

    fn infer(indices: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, shape) = meta::array(inputs, 0)?;
        Some(Meta::Array(dtype, sliced(indices, shape)?))
    }

    fn execute(indices: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(slice(array(inputs, 0)?, indices)?.into())
    }

    fn cheap(_: &Self::Parameters) -> bool {
        true
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(
            smallvec![Index::At(-1), Index::Slice(Slice { start: Some(1), ..Slice::ALL }), Index::NewAxis],
            vec![matrix()],
        )]
    }
}

fn check_indices(indices: &[Index]) -> Result<(), Message> {
    let zero = |index: &Index| matches!(index, Index::Slice(slice) if slice.step == Some(0));
    if indices.iter().any(zero) { Err("slice step cannot be zero".into()) } else { Ok(()) }
}

/// The shape that Python's basic indexing selects from this shape.
fn sliced(indices: &[Index], shape: &[usize]) -> Option<Shape> {
    let mut lengths = shape.iter().copied();
    let mut sliced = Shape::new();
    for index in indices {
        match index {
            Index::At(_) => drop(lengths.next()?),
            Index::Slice(slice) => sliced.push(match lengths.next()? {
                UNKNOWN => UNKNOWN,
                length => slice.places(length).len,
            }),
            Index::NewAxis => sliced.push(1),
        }
    }
    sliced.extend(lengths);
    Some(sliced)
}

/// Shares the data of `block`.
fn slice(block: &Block, indices: &[Index]) -> Result<Block, Message> {
    let taken = indices.iter().filter(|&&index| index != Index::NewAxis).count();
    if taken > block.ndim() {
        return Err(format!(
            "too many indices for array: array is {}-dimensional, but {taken} were indexed",
            block.ndim()
        )
        .into());
    }
    let mut lengths = block.shape().iter().enumerate();
    let mut infos: SmallVec<[SliceInfoElem; 4]> = SmallVec::new();
    for index in indices {
        if *index == Index::NewAxis {
            infos.push(SliceInfoElem::NewAxis);
            continue;
        }
        let (axis, &length) = lengths.next().expect("there are no more indices than axes");
        infos.push(match *index {
            Index::At(place) => SliceInfoElem::Index(checked_place(place, axis, length)? as isize),
            Index::Slice(slice) => {
                let places = slice.places(length);
                let last = places.len.saturating_sub(1) as isize * places.step;
                let ends = (places.first as isize, places.first as isize + last);
                match places.len {
                    0 => SliceInfoElem::Slice { start: 0, end: Some(0), step: 1 },
                    // With one element, the step does not matter and may be arbitrarily large.
                    1 => SliceInfoElem::Slice { start: ends.0, end: Some(ends.0 + 1), step: 1 },
                    // ndarray also starts at the end for a negative step, but takes the range from its lower
                    // end.
                    _ if places.step < 0 => {
                        SliceInfoElem::Slice { start: ends.1, end: Some(ends.0 + 1), step: places.step }
                    }
                    _ => SliceInfoElem::Slice { start: ends.0, end: Some(ends.1 + 1), step: places.step },
                }
            }
            Index::NewAxis => unreachable!("it was seen to above"),
        });
    }
    infos.extend(lengths.map(|_| SliceInfoElem::Slice { start: 0, end: None, step: 1 }));
    Ok(each_block!(block, elements => elements.clone().slice_move(&infos[..]).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, place by place: a slice written down as Python defines it.
    fn naive(slice: Slice, length: i64) -> Vec<i64> {
        let step = slice.step.unwrap_or(1);
        let from_end = |place: i64| if place < 0 { place + length } else { place };
        let inside = 0..length;
        let mut place = match (slice.start.map(from_end), step > 0) {
            (Some(place), true) => place.max(0),
            (Some(place), false) => place.min(length - 1),
            (None, true) => 0,
            (None, false) => length - 1,
        };
        let mut places = Vec::new();
        while inside.contains(&place)
            && slice.stop.map(from_end).is_none_or(|stop| if step > 0 { place < stop } else { place > stop })
        {
            places.push(place);
            place += step;
        }
        places
    }

    #[test]
    fn slices_take_what_python_takes() {
        let ends = || [None].into_iter().chain((-7..8).map(Some));
        for length in [0, 1, 5] {
            for (start, stop) in ends().flat_map(|start| ends().map(move |stop| (start, stop))) {
                for step in [None, Some(1), Some(2), Some(7), Some(-1), Some(-3)] {
                    let slice = Slice { start, stop, step };
                    let Places { first, step, len } = slice.places(length as usize);
                    let places: Vec<i64> = (0..len as i64).map(|i| first as i64 + i * step as i64).collect();
                    assert_eq!(places, naive(slice, length), "{slice:?} of {length}");
                }
            }
        }
        let huge = Slice { start: Some(i64::MIN), stop: Some(i64::MAX), step: Some(i64::MAX) };
        assert_eq!(huge.places(3).len, 1);
        assert_eq!(
            Slice { step: Some(i64::MIN), ..Slice::ALL }.places(3),
            Places { first: 2, step: isize::MIN, len: 1 }
        );
    }
}
