//! Many elements into few: folds along axes, in pairs, so that the rounding errors of a sum grow with the logarithm of
//! the number of its elements.
//!
//! ```text
//! kept axis     rows are folded         reduced axis      rows are folded
//!   |  . . . .  one by one, in lanes      |  . . . .      into each other, in pairs
//!   |  . . . .  and in pairs              |  . . . .
//!      --- reduced axis                      --- kept axis
//! ```
//!
//! Elements are walked as they lie in memory, whatever the axes are called.

use std::{borrow::Cow, ops::Range};

use ndarray::IxDyn;
use smallvec::SmallVec;

use super::{
    Message,
    arithmetic::Arithmetic,
    block::{filled, room_for},
    convert::in_order,
};
use crate::block::{Block, Element, Elements};

/// How many elements of a row are folded into each other without regard to their number.
const RUN: usize = 128;

/// How many partial results of a run are kept side by side, for vector code.
const LANES: usize = 8;

/// How many elements of a row are folded with those of other rows at once.
const STRIP: usize = 512;

/// What a fold does with elements of a type.
pub(super) trait Fold<T>: Copy {
    /// What changes nothing.
    const IDENTITY: T;

    /// Two elements, or partial results, into one.
    fn join(x: T, y: T) -> T;
}

macro_rules! folds {
    ($($(#[$doc:meta])* $name:ident, $identity:ident, $join:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy)]
            pub(super) struct $name;

            impl<T: Arithmetic> Fold<T> for $name {
                const IDENTITY: T = T::$identity;

                #[inline(always)]
                fn join(x: T, y: T) -> T {
                    x.$join(y)
                }
            }
        )*
    };
}

folds! {
    /// The sum; of `bool`, whether one is true.
    Sum, ZERO, plus;
    /// The product; of `bool`, whether all are true.
    Product, ONE, times;
    /// The smallest, or a NaN.
    Least, MOST, smaller;
    /// The largest, or a NaN.
    Greatest, LEAST, larger;
}

/// Folds the elements along `axes`, which stay, with length 1.
pub(super) fn fold_axes<T: Element, F: Fold<T>>(
    elements: &Elements<T>,
    axes: &[u8],
) -> Result<Block, Message> {
    let ndim = elements.ndim();
    let reduced = |axis: usize| axes.contains(&(axis as u8));
    // The order in which the axes lie in memory.
    let mut order: SmallVec<[usize; 4]> = (0..ndim).collect();
    order.sort_by_key(|&axis| std::cmp::Reverse(elements.strides()[axis].unsigned_abs()));
    let view = elements.view().permuted_axes(IxDyn(&order));
    let mut data = in_order(view)?;
    // Neighbours that are both kept or both reduced are as one.
    let mut runs: SmallVec<[(bool, usize); 4]> = SmallVec::new();
    for &axis in &order {
        let length = elements.shape()[axis];
        if length == 1 {
            continue;
        }
        match runs.last_mut() {
            Some((kind, run)) if *kind == reduced(axis) => *run *= length,
            _ => runs.push((reduced(axis), length)),
        }
    }
    // The last first, whose elements lie together.
    let mut inner = 1;
    for i in (0..runs.len()).rev() {
        let (is_reduced, length) = runs[i];
        if is_reduced {
            let outer: usize = runs[..i].iter().map(|&(_, length)| length).product();
            data = Cow::Owned(fold_middle::<T, F>(&data, outer, length, inner)?);
        } else {
            inner *= length;
        }
    }
    let lengths: SmallVec<[usize; 4]> =
        order.iter().map(|&axis| if reduced(axis) { 1 } else { elements.shape()[axis] }).collect();
    let mut back: SmallVec<[usize; 4]> = SmallVec::from_elem(0, ndim);
    order.iter().enumerate().for_each(|(place, &axis)| back[axis] = place);
    Ok(Block::new(&lengths, data.into_owned()).permuted(&back))
}

/// Folds the middle one of three axes.
fn fold_middle<T: Element, F: Fold<T>>(
    data: &[T],
    outer: usize,
    length: usize,
    inner: usize,
) -> Result<Vec<T>, Message> {
    if inner == 1 {
        let mut out = room_for(&[outer])?;
        out.extend((0..outer).map(|i| fold_row::<T, F>(&data[i * length..(i + 1) * length])));
        return Ok(out);
    }
    let mut out = filled(&[outer, inner], F::IDENTITY)?;
    if length == 0 {
        return Ok(out);
    }
    for i in 0..outer {
        let plane = &data[i * length * inner..(i + 1) * length * inner];
        let out = &mut out[i * inner..(i + 1) * inner];
        for start in (0..inner).step_by(STRIP) {
            let strip = start..inner.min(start + STRIP);
            fold_rows::<T, F>(plane, inner, strip.clone(), &mut out[strip], 0..length);
        }
    }
    Ok(out)
}

/// One row into one element.
fn fold_row<T: Element, F: Fold<T>>(row: &[T]) -> T {
    if row.len() > RUN {
        // Both halves have whole lanes, but for the last run.
        let half = (row.len() / 2).next_multiple_of(LANES);
        return F::join(fold_row::<T, F>(&row[..half]), fold_row::<T, F>(&row[half..]));
    }
    let (lanes, rest) = row.as_chunks::<LANES>();
    let mut partial = [F::IDENTITY; LANES];
    for lane in lanes {
        for (partial, &x) in partial.iter_mut().zip(lane) {
            *partial = F::join(*partial, x);
        }
    }
    let mut step = LANES / 2;
    while step > 0 {
        for i in 0..step {
            partial[i] = F::join(partial[i], partial[i + step]);
        }
        step /= 2;
    }
    rest.iter().fold(partial[0], |sum, &x| F::join(sum, x))
}

/// Rows of a plane into one row: a strip of them, which stays in the fastest cache.
fn fold_rows<T: Element, F: Fold<T>>(
    plane: &[T],
    width: usize,
    strip: Range<usize>,
    out: &mut [T],
    rows: Range<usize>,
) {
    let row = |i: usize| &plane[i * width + strip.start..i * width + strip.end];
    if rows.len() <= LANES {
        out.copy_from_slice(row(rows.start));
        for i in rows.start + 1..rows.end {
            out.iter_mut().zip(row(i)).for_each(|(out, &x)| *out = F::join(*out, x));
        }
        return;
    }
    let half = rows.start + rows.len() / 2;
    fold_rows::<T, F>(plane, width, strip.clone(), out, rows.start..half);
    let mut second = vec![F::IDENTITY; out.len()];
    fold_rows::<T, F>(plane, width, strip, &mut second, half..rows.end);
    out.iter_mut().zip(&second).for_each(|(out, &x)| *out = F::join(*out, x));
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use proptest::{prelude::*, sample::subsequence};

    use super::*;

    /// One element after another, each where its index says.
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
            prop_assert_eq!(fold_axes::<_, Sum>(elements, &axes).unwrap(), naive(elements, &axes, |x, y| x + y, 0));
            let least = fold_axes::<_, Least>(elements, &axes).unwrap();
            prop_assert_eq!(least, naive(elements, &axes, i64::min, i64::MAX));
        }
    }

    #[test]
    fn errors_of_a_sum_do_not_grow_with_its_length() {
        let tenths = Block::new(&[1000, 1000], vec![0.1; 1_000_000]);
        for axes in [&[0, 1][..], &[0], &[1]] {
            let sums = fold_axes::<_, Sum>(tenths.elements::<f64>().unwrap(), axes).unwrap();
            let expected = 1e5 / sums.len() as f64;
            let error = |&sum: &f64| ((sum - expected) / expected).abs();
            assert!(sums.elements::<f64>().unwrap().iter().all(|sum| error(sum) < 1e-14), "{axes:?}");
        }
    }
}
