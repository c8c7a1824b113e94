//! Folds along axes. Elements are added in pairs, so that the rounding error of a sum grows with the logarithm of the
//! number of elements.
//!
//! ```text
//! kept axis     rows are folded         reduced axis      rows are folded
//!   |  . . . .  one by one, in lanes      |  . . . .      into each other, in pairs
//!   |  . . . .  and in pairs              |  . . . .
//!      --- reduced axis                      --- kept axis
//! ```
//!
//! Elements are read in memory order, independent of the order of the axes.

use std::{borrow::Cow, ops::Range};

use ndarray::IxDyn;
use smallvec::SmallVec;

use super::{
    Message,
    arithmetic::Arithmetic,
    convert::in_order,
    room::{filled, room_for},
};
use crate::{
    block::{Block, Element, each_block},
    sort,
};

/// The number of elements of a row that are folded without splitting them in halves.
const RUN: usize = 128;

/// The number of partial results of a run that are kept side by side, for vectorisation.
const LANES: usize = 8;

/// The number of elements of a row that are folded with those of other rows at once.
const STRIP: usize = 512;

/// How two elements are combined.
#[derive(Clone, Copy)]
pub(crate) enum Fold {
    /// Their sum; for `bool`, whether any is true.
    Sum,
    /// Their product; for `bool`, whether all are true.
    Product,
    /// The smaller, or a NaN.
    Least,
    /// The larger, or a NaN.
    Greatest,
}

/// The loops of a fold over one element type; everything else is the same for all folds.
struct Loops<T> {
    /// The neutral element.
    identity: T,
    /// Folds a run into one element.
    run: fn(&[T]) -> T,
    /// Elements into others.
    join: fn(&mut [T], &[T]),
}

impl Fold {
    fn loops<T: Arithmetic>(self) -> Loops<T> {
        // A macro, since function pointers cannot capture another function.
        macro_rules! loops {
            ($identity:expr, $join:expr) => {
                Loops {
                    identity: $identity,
                    run: |row| fold_run(row, $identity, $join),
                    join: |out, row| out.iter_mut().zip(row).for_each(|(out, &x)| *out = $join(*out, x)),
                }
            };
        }
        match self {
            Fold::Sum => loops!(T::ZERO, T::plus),
            Fold::Product => loops!(T::ONE, T::times),
            Fold::Least => loops!(T::MOST, T::smaller),
            Fold::Greatest => loops!(T::LEAST, T::larger),
        }
    }
}

/// Folds the elements along `axes`, which are kept with length 1.
pub(crate) fn fold_axes(block: &Block, axes: &[u8], fold: Fold) -> Result<Block, Message> {
    each_block!(block, elements => {
        let plan = Plan::new(elements.shape(), elements.strides(), axes);
        let mut data = in_order(elements.view().permuted_axes(IxDyn(&plan.order)))?;
        for middle in plan.folds {
            data = Cow::Owned(fold_middle(&data, middle, &fold.loops())?);
        }
        Ok(Block::new(&plan.lengths, data.into_owned()).permuted(&plan.back))
    })
}

/// How a block is folded.
struct Plan {
    /// The memory order of the axes, their lengths after the fold, and the inverse order.
    order: SmallVec<[usize; 4]>,
    lengths: SmallVec<[usize; 4]>,
    back: SmallVec<[usize; 4]>,
    /// Each fold is over the middle one of three axes; they run one after another.
    folds: SmallVec<[[usize; 3]; 2]>,
}

impl Plan {
    fn new(shape: &[usize], strides: &[isize], axes: &[u8]) -> Plan {
        let reduced = |axis: usize| axes.contains(&(axis as u8));
        let mut order: SmallVec<[usize; 4]> = (0..shape.len()).collect();
        sort::by_key(&mut order, &|axis| !(strides[axis].unsigned_abs() as u64));
        // Adjacent axes that are both kept or both reduced are merged.
        let mut runs: SmallVec<[(bool, usize); 4]> = SmallVec::new();
        for &axis in order.iter().filter(|&&axis| shape[axis] != 1) {
            match runs.last_mut() {
                Some((kind, run)) if *kind == reduced(axis) => *run *= shape[axis],
                _ => runs.push((reduced(axis), shape[axis])),
            }
        }
        // The last one first, since its elements are contiguous.
        let (mut folds, mut inner) = (SmallVec::new(), 1);
        while let Some((is_reduced, length)) = runs.pop() {
            if is_reduced {
                folds.push([runs.iter().map(|&(_, length)| length).product(), length, inner]);
            } else {
                inner *= length;
            }
        }
        let lengths = order.iter().map(|&axis| if reduced(axis) { 1 } else { shape[axis] }).collect();
        let mut back = SmallVec::from_elem(0, shape.len());
        order.iter().enumerate().for_each(|(place, &axis)| back[axis] = place);
        Plan { order, lengths, back, folds }
    }
}

/// Folds the middle one of three axes.
fn fold_middle<T: Element>(
    data: &[T],
    [outer, length, inner]: [usize; 3],
    loops: &Loops<T>,
) -> Result<Vec<T>, Message> {
    if inner == 1 {
        let mut out = room_for(&[outer])?;
        out.extend((0..outer).map(|i| fold_row(&data[i * length..(i + 1) * length], loops)));
        return Ok(out);
    }
    let mut out = filled(&[outer, inner], loops.identity)?;
    if length == 0 {
        return Ok(out);
    }
    for i in 0..outer {
        let plane = &data[i * length * inner..(i + 1) * length * inner];
        let out = &mut out[i * inner..(i + 1) * inner];
        for start in (0..inner).step_by(STRIP) {
            let strip = start..inner.min(start + STRIP);
            fold_rows(plane, inner, strip.clone(), &mut out[strip], 0..length, loops);
        }
    }
    Ok(out)
}

/// Folds one row into one element.
fn fold_row<T: Element>(row: &[T], loops: &Loops<T>) -> T {
    if row.len() <= RUN {
        return (loops.run)(row);
    }
    // Both halves consist of whole lanes, except for the last run.
    let half = (row.len() / 2).next_multiple_of(LANES);
    let mut out = [fold_row(&row[..half], loops)];
    (loops.join)(&mut out, &[fold_row(&row[half..], loops)]);
    out[0]
}

/// Folds a run into one element.
#[inline(always)]
fn fold_run<T: Element>(row: &[T], identity: T, join: impl Fn(T, T) -> T) -> T {
    let (lanes, rest) = row.as_chunks::<LANES>();
    let mut partial = [identity; LANES];
    for lane in lanes {
        for (partial, &x) in partial.iter_mut().zip(lane) {
            *partial = join(*partial, x);
        }
    }
    let mut step = LANES / 2;
    while step > 0 {
        for i in 0..step {
            partial[i] = join(partial[i], partial[i + step]);
        }
        step /= 2;
    }
    rest.iter().fold(partial[0], |sum, &x| join(sum, x))
}

/// Folds the rows of a plane into one row, strip by strip: a strip stays in the fastest cache.
fn fold_rows<T: Element>(
    plane: &[T],
    width: usize,
    strip: Range<usize>,
    out: &mut [T],
    rows: Range<usize>,
    loops: &Loops<T>,
) {
    let row = |i: usize| &plane[i * width + strip.start..i * width + strip.end];
    if rows.len() <= LANES {
        out.copy_from_slice(row(rows.start));
        (rows.start + 1..rows.end).for_each(|i| (loops.join)(out, row(i)));
        return;
    }
    let half = rows.start + rows.len() / 2;
    fold_rows(plane, width, strip.clone(), out, rows.start..half, loops);
    let mut second = vec![loops.identity; out.len()];
    fold_rows(plane, width, strip, &mut second, half..rows.end, loops);
    (loops.join)(out, &second);
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use proptest::{prelude::*, sample::subsequence};

    use super::*;
    use crate::block::Elements;

    /// One element after another, at its index.
    fn naive(elements: &Elements<i64>, axes: &[u8], join: fn(i64, i64) -> i64, identity: i64) -> Block {
        let mut shape = elements.shape().to_vec();
        axes.iter().for_each(|&axis| shape[usize::from(axis)] = 1);
        let mut out = ndarray::ArrayD::from_elem(IxDyn(&shape), identity);
        for (index, &x) in elements.indexed_iter() {
            let mut index = index.clone();
            axes.iter().for_each(|&axis| index[usize::from(axis)] = 0);
            let slot = &mut out[index];
            *slot = join(*slot, x);
        }
        out.into()
    }

    fn shape_and_axes() -> impl Strategy<Value = (Vec<usize>, Vec<usize>, Vec<u8>)> {
        let length = prop_oneof![6 => 0..6usize, 1 => 100..300usize];
        prop::collection::vec(length, 0..4).prop_flat_map(|shape| {
            let ndim = shape.len();
            let axes: Vec<usize> = (0..ndim).collect();
            let reduced: Vec<u8> = (0..ndim as u8).collect();
            (Just(shape), Just(axes).prop_shuffle(), subsequence(reduced, 0..=ndim))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn folds_along_any_axes_of_any_layout_match_the_naive((shape, order, axes) in shape_and_axes()) {
            let len: usize = shape.iter().product();
            prop_assume!(len < 100_000);
            let block = Block::new(&shape, (0..len as i64).map(|i| i * 7919 % 1009 - 500).collect());
            let turned = block.permuted(&order);
            let elements = turned.elements::<i64>().unwrap();
            prop_assert_eq!(fold_axes(&turned, &axes, Fold::Sum).unwrap(), naive(elements, &axes, |x, y| x + y, 0));
            let least = fold_axes(&turned, &axes, Fold::Least).unwrap();
            prop_assert_eq!(least, naive(elements, &axes, i64::min, i64::MAX));
        }
    }

    #[test]
    fn errors_of_a_sum_do_not_grow_with_its_length() {
        let tenths = Block::new(&[1000, 1000], vec![0.1; 1_000_000]);
        for axes in [&[0, 1][..], &[0], &[1]] {
            let sums = fold_axes(&tenths, axes, Fold::Sum).unwrap();
            let expected = 1e5 / sums.len() as f64;
            let error = |&sum: &f64| ((sum - expected) / expected).abs();
            assert!(sums.elements::<f64>().unwrap().iter().all(|sum| error(sum) < 1e-14), "{axes:?}");
        }
    }
}
