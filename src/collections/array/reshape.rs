//! Reshaping: the same elements, in C order, in another shape. Dask's `reshape`.
//!
//! Axes are merged or split, each group of them separately: `(6, 5, 4)` becomes `(30, 4)` or `(3, 2, 5, 4)`. First the
//! array is rechunked, so that each block of the result is one block reshaped.

use super::Array;
use crate::{
    collections::{
        chunks::{Chunks, tuple},
        nodes::{Each, MakeOp},
    },
    error::{Error, Result},
    operations::Op,
};

impl Array {
    /// The same elements in this shape. One length may be -1; it is inferred.
    ///
    /// # Errors
    /// If the number of elements differs, axes are neither merged nor split, or lengths are unknown.
    pub fn reshape(&self, shape: &[i64]) -> Result<Array> {
        if self.ndim() == 1 && *shape == [-1] {
            return Ok(self.clone());
        }
        self.need_all_lengths()?;
        let shape = self.known_shape(shape)?;
        let own = self.shape();
        if shape == own {
            return Ok(self.clone());
        }
        let (input, chunks) = match self.chunks().blocks() {
            1 => (self.clone(), Chunks::single(&shape)),
            _ if self.size() == 0 => (self.rechunk_to(Chunks::single(&own))?, Chunks::single(&shape)),
            _ => {
                let [before, after] = Reshaped::chunks(&own, &shape, self.chunks())?;
                (self.rechunk_to(before)?, after)
            }
        };
        let layer = Each::layer(Reshape { chunks: chunks.clone() });
        Array::new("reshape", chunks, [input], layer)
    }

    /// The elements in C order, along one axis.
    ///
    /// # Errors
    /// If lengths are unknown and there is more than one axis.
    pub fn ravel(&self) -> Result<Array> {
        self.reshape(&[-1])
    }

    fn known_shape(&self, shape: &[i64]) -> Result<Vec<usize>> {
        let wrong = || {
            let (size, shape) = (self.size(), tuple(shape));
            Error::invalid(format!(
                "total size of new array must be unchanged: cannot reshape array of size {size} into shape {shape}"
            ))
        };
        if shape.iter().filter(|&&length| length == -1).count() > 1 {
            return Err(Error::invalid("can only specify one unknown dimension"));
        }
        let known: Vec<usize> = shape.iter().map(|&length| usize::try_from(length).unwrap_or(0)).collect();
        if shape.iter().any(|&length| length < -1) {
            return Err(Error::invalid("negative dimensions are not allowed except for one -1"));
        }
        let product = |lengths: &[usize]| {
            lengths.iter().try_fold(1usize, |product, &length| product.checked_mul(length))
        };
        let others = shape.iter().zip(&known).filter(|(given, _)| **given != -1).map(|(_, &length)| length);
        let others = product(&others.collect::<Vec<_>>()).ok_or_else(wrong)?;
        let missing = if others > 0 && self.size().is_multiple_of(others) { self.size() / others } else { 0 };
        let shape: Vec<usize> = shape
            .iter()
            .zip(known)
            .map(|(given, length)| if *given == -1 { missing } else { length })
            .collect();
        match product(&shape) == Some(self.size()) && (others > 0 || self.size() == 0) {
            true => Ok(shape),
            false => Err(wrong()),
        }
    }
}

#[derive(Debug)]
struct Reshape {
    chunks: Chunks,
}

impl MakeOp for Reshape {
    fn op(&self, index: &[u32]) -> Op {
        Op::Reshape(self.chunks.block_shape(index).into())
    }
}

/// The matching of axes, from last to first.
struct Reshaped<'a> {
    shapes: [&'a [usize]; 2],
    old: &'a Chunks,
    /// The required lengths of blocks along each axis of the input.
    before: Vec<Vec<usize>>,
    /// The lengths of the result's blocks.
    after: Vec<Vec<usize>>,
}

impl Reshaped<'_> {
    /// The chunks that the input must have, and the resulting chunks, block by block in C order.
    fn chunks(from: &[usize], to: &[usize], old: &Chunks) -> Result<[Chunks; 2]> {
        let mut reshaped = Reshaped {
            shapes: [from, to],
            old,
            before: vec![vec![1]; from.len()],
            after: vec![vec![1]; to.len()],
        };
        // The number of axes left on each side.
        let (mut i, mut o) = (from.len(), to.len());
        while i > 0 || o > 0 {
            match (i.checked_sub(1).map(|i| from[i]), o.checked_sub(1).map(|o| to[o])) {
                (Some(a), Some(b)) if a == b => {
                    (i, o) = (i - 1, o - 1);
                    reshaped.before[i] = old.axis(i).to_vec();
                    reshaped.after[o] = old.axis(i).to_vec();
                }
                // An axis of length 1 is removed or added.
                (Some(1), _) => i -= 1,
                (_, Some(1)) => o -= 1,
                (Some(a), Some(b)) if a < b => (i, o) = (reshaped.merge(i - 1, o - 1)?, o - 1),
                (Some(_), Some(_)) => (i, o) = (i - 1, reshaped.divide(i - 1, o - 1)?),
                _ => return Err(reshaped.unsupported()),
            }
        }
        Ok([reshaped.before, reshaped.after].map(Chunks::explicit))
    }

    fn unsupported(&self) -> Error {
        let [from, to] = self.shapes.map(tuple);
        Error::invalid(format!(
            "cannot reshape {from} into {to} block by block: Dask's reshape only supports operations that merge or \
             split existing dimensions evenly. Rechunk to one block before, or reshape in several steps"
        ))
    }

    /// The first axis such that the lengths from it up to `last` multiply to `length`.
    fn first(&self, shape: &[usize], last: usize, length: usize) -> Result<usize> {
        let mut product = shape[last];
        for first in (0..last).rev() {
            product = product.saturating_mul(shape[first]);
            if product >= length {
                return if product == length { Ok(first) } else { Err(self.unsupported()) };
            }
        }
        Err(self.unsupported())
    }

    /// Merges axes up to `i` into the axis `o`. Returns the first of them.
    fn merge(&mut self, i: usize, o: usize) -> Result<usize> {
        let first = self.first(self.shapes[0], i, self.shapes[1][o])?;
        let is_cut_up = |axis: usize| self.old.axis(axis).len() == self.shapes[0][axis];
        if (0..i).all(is_cut_up) {
            // Blocks keep their elements and only change their positions.
            (first..=i).for_each(|axis| self.before[axis] = self.old.axis(axis).to_vec());
            let repeats = (first..i).map(|axis| self.old.axis(axis).len()).product();
            self.after[o] = self.old.axis(i).repeat(repeats);
            return Ok(first);
        }
        (first + 1..=i).for_each(|axis| self.before[axis] = vec![self.shapes[0][axis]]);
        let factor = (first + 1..=i).map(|axis| self.old.axis(axis).len()).product();
        self.before[first] = expand(self.old.axis(first), factor);
        let most = (first..=i).map(|axis| longest(self.old.axis(axis))).product();
        smooth(&mut self.before[first..=i], most);
        self.after[o] = products(&self.before[first..=i]);
        Ok(first)
    }

    /// Splits the axis `i` into axes up to `o`. Returns the first of them.
    fn divide(&mut self, i: usize, o: usize) -> Result<usize> {
        let first = self.first(self.shapes[1], o, self.shapes[0][i])?;
        let inner: usize = self.shapes[1][first + 1..=o].iter().product();
        (first + 1..=o).for_each(|axis| self.after[axis] = vec![self.shapes[1][axis]]);
        self.after[first] =
            contract(self.old.axis(i), inner).into_iter().map(|length| length / inner).collect();
        smooth(&mut self.after[first..=o], longest(self.old.axis(i)));
        self.before[i] = products(&self.after[first..=o]);
        Ok(first)
    }
}

fn longest(lengths: &[usize]) -> usize {
    lengths.iter().max().copied().unwrap_or(1)
}

/// Splits each block into about `factor` parts.
fn expand(lengths: &[usize], factor: usize) -> Vec<usize> {
    if factor == 1 {
        return lengths.to_vec();
    }
    let mut parts = Vec::new();
    for &length in lengths {
        let (mut left, part) = (length, (length as f64 / factor as f64).max(1.0));
        while left as f64 >= 2.0 * part {
            parts.push(part as usize);
            left -= part as usize;
        }
        parts.extend((left > 0).then_some(left));
    }
    parts
}

/// Blocks whose lengths are multiples of `factor`, as close to the old lengths as possible.
fn contract(lengths: &[usize], factor: usize) -> Vec<usize> {
    let mut left = 0;
    let multiple = |&length: &usize| {
        let whole = (length + left) / factor * factor;
        left = (length + left) % factor;
        (whole > 0).then_some(whole)
    };
    lengths.iter().filter_map(multiple).collect()
}

/// Cuts axes so that blocks have at most about `most` elements. All axes before one that is cut have blocks of length
/// 1, so that the elements of a block are consecutive.
fn smooth(axes: &mut [Vec<usize>], most: usize) {
    let largest: usize = axes.iter().map(|lengths| longest(lengths)).product();
    if largest == most {
        return;
    }
    let Some(cut) = axes.iter().position(|lengths| lengths.iter().any(|&length| length != 1)) else { return };
    if let [length] = axes[cut][..] {
        let parts = largest.div_ceil(most.max(1)).min(length).max(1);
        axes[cut] = even(length, parts);
        if axes[cut].iter().all(|&length| length == 1) && cut + 1 < axes.len() {
            smooth(axes, most);
        }
        return;
    }
    let others = largest / longest(&axes[cut]);
    let cut_one = |&length: &usize| match length * others <= most {
        true => vec![length],
        false => even(length, (length * others).div_ceil(most.max(1)).min(length)),
    };
    axes[cut] = axes[cut].iter().flat_map(cut_one).collect();
}

/// Splits a length into `parts` nearly equal parts, the shorter ones first.
fn even(length: usize, parts: usize) -> Vec<usize> {
    let longest = length.div_ceil(parts);
    let shorter = longest * parts - length;
    (0..parts).map(|part| longest - usize::from(part < shorter)).collect()
}

/// The number of elements of each block of these axes, in C order.
fn products(axes: &[Vec<usize>]) -> Vec<usize> {
    axes.iter().fold(vec![1], |products, lengths| {
        products.iter().flat_map(|product| lengths.iter().map(move |length| product * length)).collect()
    })
}
