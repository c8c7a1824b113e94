//! Slicing: `x[3:50:7, ::-2, 0, None, ...]`, one array of integers, and one mask: `x[x > 0.5]`.

mod masks;
mod slices;
mod take;

use super::Array;
use crate::{
    collections::chunks::{lengths, unknown},
    error::{Error, Result},
    operations::Slice,
};

/// An index along one axis, as a user writes it.
#[derive(Clone, Debug)]
pub enum Indexer {
    /// One element; removes the axis.
    At(i64),
    /// `start:stop:step`
    Slice(Slice),
    /// These elements, in this order.
    Indices(Vec<i64>),
    /// A new axis of length 1: `None`.
    NewAxis,
    /// All axes that are not mentioned, whole: `...`
    Ellipsis,
    /// The elements where an array of `bool` is true: of one axis, or of all axes if the mask has as many and is the only
    /// index.
    Mask(Array),
}

impl From<i64> for Indexer {
    fn from(place: i64) -> Indexer {
        Indexer::At(place)
    }
}

impl From<&Array> for Indexer {
    fn from(mask: &Array) -> Indexer {
        Indexer::Mask(mask.clone())
    }
}

impl From<std::ops::RangeFull> for Indexer {
    fn from(_: std::ops::RangeFull) -> Indexer {
        Indexer::Slice(Slice::ALL)
    }
}

impl From<std::ops::Range<i64>> for Indexer {
    fn from(range: std::ops::Range<i64>) -> Indexer {
        Indexer::Slice(Slice { start: Some(range.start), stop: Some(range.end), step: None })
    }
}

/// What is taken along an axis, with valid indices.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Taken {
    /// The whole axis.
    All,
    At(usize),
    Run(Run),
    Indices(Vec<usize>),
    /// A new axis.
    New,
}

/// The indices `start`, `start + step`, … up to but not including `stop`, in the direction of `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    start: i64,
    stop: i64,
    step: i64,
}

impl Array {
    /// `x[index]`, as in Python and NumPy, but with at most one array of integers and one mask. How many elements a mask
    /// leaves is only known when it is computed; until then their number is [`UNKNOWN`](crate::collections::UNKNOWN).
    ///
    /// ```
    /// use dagdeck::{DType, collections::array::{self as da, Indexer}, operations::Slice};
    ///
    /// let x = da::arange(10, 4, None)?;
    /// let back = x.slice(&[Slice { step: Some(-3), ..Slice::ALL }.into()])?;
    /// assert_eq!(back.chunks().to_string(), "((1, 1, 2),)");
    /// assert_eq!(x.slice(&[Indexer::NewAxis, 3.into()])?.shape(), [1]);
    /// let large = x.slice(&[(&x.greater(5)?).into()])?;
    /// assert_eq!(large.to_string(), "dask.array<getitem, shape=(nan,), dtype=int64, chunksize=(nan,)>");
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    ///
    /// # Errors
    /// If an index is out of bounds, there are more indices than axes, a step is 0, or there are two arrays of
    /// integers or two masks, a mask does not fit, or an axis of unknown length is not taken whole.
    pub fn slice(&self, index: &[Indexer]) -> Result<Array> {
        if let Some(masked) = self.masked(index)? {
            return Ok(masked);
        }
        let taken = self.normalized(index)?;
        if taken.iter().all(|taken| *taken == Taken::All) {
            return Ok(self.clone());
        }
        let is_list = |taken: &Taken| matches!(taken, Taken::Indices(_));
        let Some(list) = taken.iter().position(is_list) else { return self.sliced("getitem", taken) };
        if taken[list + 1..].iter().any(is_list) {
            return Err(Error::invalid("Don't yet support nd fancy indexing: at most one array of integers"));
        }
        // Slices and integers first, then the array of integers, then new axes.
        let has_axis = |taken: &&Taken| !matches!(taken, Taken::At(_) | Taken::New);
        let axis = taken[..list].iter().filter(has_axis).count();
        let mut basic: Vec<Taken> = taken.iter().filter(|taken| **taken != Taken::New).cloned().collect();
        basic.iter_mut().filter(|taken| is_list(taken)).for_each(|taken| *taken = Taken::All);
        let is_whole = basic.iter().all(|taken| *taken == Taken::All);
        let input = if is_whole { self.clone() } else { self.sliced("slice", basic)? };
        let Taken::Indices(places) = &taken[list] else { unreachable!("the place of the array of integers") };
        let result = input.take(places, axis)?;
        if !taken.contains(&Taken::New) {
            return Ok(result);
        }
        let widen = |taken: &Taken| match taken {
            Taken::At(_) => None,
            Taken::New => Some(Taken::New),
            _ => Some(Taken::All),
        };
        result.sliced("getitem", taken.iter().filter_map(widen).collect())
    }

    /// The array without these axes, which have length 1.
    pub(super) fn squeezed(&self, axes: &[usize]) -> Result<Array> {
        let taken = |axis| if axes.contains(&axis) { Taken::At(0) } else { Taken::All };
        // Dask's names.
        let prefix = if axes.len() == self.ndim() { "squeeze" } else { "getitem" };
        self.sliced(prefix, (0..self.ndim()).map(taken).collect())
    }

    /// One entry for each axis, and new axes between them.
    fn normalized(&self, index: &[Indexer]) -> Result<Vec<Taken>> {
        let (shape, ndim) = (self.shape(), self.ndim());
        let named =
            index.iter().filter(|index| !matches!(index, Indexer::NewAxis | Indexer::Ellipsis)).count();
        if index.iter().filter(|index| matches!(index, Indexer::Ellipsis)).count() > 1 {
            return Err(Error::invalid("an index can only have a single ellipsis ('...')"));
        }
        if named > ndim {
            return Err(Error::invalid(format!(
                "Too many indices for array: array is {ndim}-dimensional, but {named} were indexed"
            )));
        }
        let (mut taken, mut axis) = (Vec::with_capacity(ndim), 0);
        for index in index {
            let next = match index {
                Indexer::NewAxis => {
                    taken.push(Taken::New);
                    continue;
                }
                Indexer::Ellipsis => {
                    taken.extend(std::iter::repeat_n(Taken::All, ndim - named));
                    axis += ndim - named;
                    continue;
                }
                Indexer::Slice(Slice::ALL) => Taken::All,
                _ if !self.chunks().is_known(axis) => {
                    return Err(unknown(&format!("shape={}", lengths(&shape))));
                }
                Indexer::At(place) => Taken::At(in_bounds(*place, axis, shape[axis])?),
                Indexer::Slice(slice) => run(*slice, shape[axis])?,
                // An empty list is an empty slice, as in Dask.
                Indexer::Indices(places) if places.is_empty() => {
                    Taken::Run(Run { start: 0, stop: 0, step: 1 })
                }
                Indexer::Indices(places) => {
                    let places = places.iter().map(|&place| in_bounds(place, axis, shape[axis]));
                    Taken::Indices(places.collect::<Result<_>>()?)
                }
                Indexer::Mask(_) => unreachable!("it was applied before"),
            };
            taken.push(next);
            axis += 1;
        }
        taken.extend(std::iter::repeat_n(Taken::All, ndim - axis));
        Ok(taken)
    }
}

impl From<Slice> for Indexer {
    fn from(slice: Slice) -> Indexer {
        Indexer::Slice(slice)
    }
}

/// The position of `place`, which may count from the end, on an axis of this length.
fn in_bounds(place: i64, axis: usize, length: usize) -> Result<usize> {
    let from_end = if place < 0 { place.checked_add_unsigned(length as u64) } else { Some(place) };
    match from_end.and_then(|place| usize::try_from(place).ok()) {
        Some(found) if found < length => Ok(found),
        _ => {
            Err(Error::invalid(format!("Index {place} is out of bounds for axis {axis} with size {length}")))
        }
    }
}

/// The indices that a slice takes from an axis of this length.
fn run(slice: Slice, length: usize) -> Result<Taken> {
    let step = slice.step.unwrap_or(1);
    if step == 0 {
        return Err(Error::invalid("slice step cannot be zero"));
    }
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    // Backwards, the position before the first is a valid end.
    let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let place = |given: Option<i64>, otherwise: i64| match given {
        None => otherwise,
        Some(place) if place < 0 => place.saturating_add(length).clamp(least, most),
        Some(place) => place.clamp(least, most),
    };
    let (first, last) = if step > 0 { (least, most) } else { (most, least) };
    let run = Run { start: place(slice.start, first), stop: place(slice.stop, last), step };
    Ok(if run == (Run { start: 0, stop: length, step: 1 }) { Taken::All } else { Taken::Run(run) })
}
