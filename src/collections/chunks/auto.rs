//! Automatic chunks: Dask's `auto_chunks`.

use super::{
    AxisSpec, Chunks,
    spec::{CHUNK_SIZE, check_number},
};
use crate::error::Result;

/// The factor by which a block may exceed the target size: Dask's `array.chunk-size-tolerance`.
pub(crate) const TOLERANCE: f64 = 1.25;

/// Replaces `Auto` by sizes.
pub(super) fn auto_chunks(
    axes: &mut [AxisSpec],
    shape: &[usize],
    itemsize: usize,
    previous: Option<&Chunks>,
) -> Result<()> {
    // Checks the number of explicit blocks before processing them.
    check_number(axes, shape)?;
    match previous {
        Some(previous) => Like { shape, previous, limit: CHUNK_SIZE as f64 / itemsize as f64 }.solve(axes),
        None => square(axes, shape, CHUNK_SIZE as f64 / itemsize as f64),
    }
    Ok(())
}

/// The product of the largest blocks along the axes that are not automatic.
fn largest_block(axes: &[AxisSpec]) -> f64 {
    let largest = |axis: &AxisSpec| match axis {
        AxisSpec::Size(size) => *size as f64,
        AxisSpec::Lengths(lengths) => lengths.iter().max().copied().unwrap_or(1) as f64,
        AxisSpec::Whole | AxisSpec::Auto => 1.0,
    };
    axes.iter().map(largest).product()
}

/// Blocks of at most `limit` elements, with the same length along each automatic axis.
fn square(axes: &mut [AxisSpec], shape: &[usize], limit: f64) {
    loop {
        let autos: Vec<usize> = (0..axes.len()).filter(|&axis| axes[axis] == AxisSpec::Auto).collect();
        if autos.is_empty() {
            return;
        }
        let size = (limit / largest_block(axes)).powf(1.0 / autos.len() as f64);
        let small: Vec<usize> = autos.iter().copied().filter(|&axis| (shape[axis] as f64) < size).collect();
        for &axis in if small.is_empty() { &autos } else { &small } {
            axes[axis] = match small.is_empty() {
                true => AxisSpec::Size(round_to(size, shape[axis] as f64) as usize),
                false => AxisSpec::Lengths(vec![shape[axis]]),
            };
        }
    }
}

/// A length close to `c`: at most `s`, or a multiple of `s`.
fn round_to(c: f64, s: f64) -> f64 {
    if c <= s { c.trunc().max(1.0) } else { (c / s).floor() * s }
}

/// Blocks proportional to the previous ones.
struct Like<'a> {
    shape: &'a [usize],
    previous: &'a Chunks,
    /// The maximum number of elements.
    limit: f64,
}

/// The result for one axis.
#[derive(Clone, Debug)]
enum Found {
    Size(f64),
    Lengths(Vec<usize>),
}

impl Found {
    /// The length of the longest block, or 1 if there is none.
    fn largest(&self) -> f64 {
        match self {
            Found::Size(size) if *size > 0.0 => *size,
            Found::Size(_) => 1.0,
            Found::Lengths(lengths) => lengths.iter().max().map_or(1.0, |&length| length as f64),
        }
    }
}

impl Like<'_> {
    fn solve(&self, axes: &mut [AxisSpec]) {
        let mut largest = largest_block(axes);
        let mut autos: Vec<usize> = (0..axes.len()).filter(|&axis| axes[axis] == AxisSpec::Auto).collect();
        let ndim = axes.len();
        let mut medians: Vec<Option<Found>> = vec![None; ndim];
        autos.iter().for_each(|&axis| medians[axis] = Some(Found::Size(median(self.previous.axis(axis)))));
        let multiplier_of = |largest: f64, sizes: &[Option<Found>]| {
            self.limit / largest / sizes.iter().flatten().map(Found::largest).product::<f64>()
        };
        let mut multiplier = multiplier_of(largest, &medians);
        // If blocks shrink, the results replace the medians that the rest is computed from.
        let shrinks = multiplier < 1.0;
        let mut result = medians.clone();
        let mut remaining = true;
        while remaining {
            remaining = false;
            let share = 1.0 / autos.len().max(1) as f64;
            for axis in autos.clone() {
                let length = self.shape[axis] as f64;
                let median = medians[axis].as_ref().map_or(1.0, Found::largest);
                let proposed = median * multiplier.powf(share);
                if proposed > length {
                    axes[axis] = AxisSpec::Size(self.shape[axis]);
                    autos.retain(|&other| other != axis);
                    medians[axis] = None;
                    remaining = true;
                    largest *= length;
                    result[axis] = Some(Found::Lengths(vec![self.shape[axis]]));
                } else if shrinks || self.longest(axis) > proposed * TOLERANCE.powf(share) {
                    result[axis] = Some(Found::Size(round_to(proposed, self.ideal(axis))));
                    if proposed < 1.0 {
                        remaining = true;
                        autos.retain(|&other| other != axis);
                    }
                } else {
                    result[axis] = Some(Found::Lengths(merged(self.previous.axis(axis), proposed)));
                }
                if shrinks {
                    medians[axis] = result[axis].clone();
                }
            }
            if remaining || shrinks {
                let last = multiplier;
                multiplier = multiplier_of(largest, &medians);
                remaining |= multiplier != last;
            }
            remaining &= !autos.is_empty();
        }
        for (axis, found) in axes.iter_mut().zip(result) {
            match found {
                Some(Found::Size(size)) => *axis = AxisSpec::Size(size as usize),
                Some(Found::Lengths(lengths)) => *axis = AxisSpec::Lengths(lengths),
                None => {}
            }
        }
    }

    fn longest(&self, axis: usize) -> f64 {
        self.previous.axis(axis).iter().max().map_or(0.0, |&length| length as f64)
    }

    /// The most frequent length of blocks if at least half of them have it, else the length of the axis.
    fn ideal(&self, axis: usize) -> f64 {
        let lengths = self.previous.axis(axis);
        let mut counts: Vec<(usize, usize)> = Vec::new();
        let mut sorted = lengths.to_vec();
        sorted.sort_unstable();
        for length in sorted {
            match counts.last_mut() {
                Some((last, count)) if *last == length => *count += 1,
                _ => counts.push((length, 1)),
            }
        }
        let most = counts.iter().map(|&(_, count)| count).max().unwrap_or(0);
        // Of several, the first one.
        let mode = lengths.iter().copied().find(|&length| counts.contains(&(length, most))).unwrap_or(0);
        if mode > 1 && 2 * most >= lengths.len() { mode as f64 } else { self.shape[axis] as f64 }
    }
}

fn median(lengths: &[usize]) -> f64 {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted[middle] as f64,
        _ => (sorted[middle - 1] + sorted[middle]) as f64 / 2.0,
    }
}

/// Merges neighbours as long as they have at most `most` elements together.
fn merged(lengths: &[usize], most: f64) -> Vec<usize> {
    let mut result = Vec::new();
    let mut open = 0;
    for &length in lengths {
        if (open + length) as f64 <= most {
            open += length;
        } else {
            result.extend((open > 0).then_some(open));
            open = length;
        }
    }
    result.extend((open > 0).then_some(open));
    if result.is_empty() { vec![0] } else { result }
}
