//! The steps of rechunking: Dask's `plan_rechunk`, with its terms.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    collections::chunks::{CHUNK_SIZE, Chunks},
    sort,
};

/// If a graph is larger than the number of blocks by this factor, an intermediate step is considered: Dask's
/// `array.rechunk.threshold`.
const THRESHOLD: f64 = 4.0;

/// The chunks after each step; the last ones are `new`.
pub(super) fn plan(old: &Chunks, new: &Chunks, itemsize: usize) -> Vec<Chunks> {
    if new.ndim() <= 1 {
        return vec![new.clone()];
    }
    // In elements, and at least as large as the existing blocks.
    let limit = (CHUNK_SIZE as f64 / itemsize as f64).max(largest_block(old)).max(largest_block(new));
    let most = THRESHOLD * (old.blocks() as f64 + new.blocks() as f64);
    let (mut current, mut steps, mut is_first) = (old.clone(), Vec::new(), true);
    loop {
        let size = graph_size(&current, new);
        if size < most {
            break;
        }
        // If the limit was hit, blocks are split, which makes the graph larger but leaves room for the next merge.
        let from = if is_first { current.clone() } else { split(&current, new, size * THRESHOLD) };
        let (chunks, limit_hit) = merge(&from, new, limit);
        if (chunks == current && !is_first) || chunks == *new {
            break;
        }
        if chunks != current {
            steps.push(chunks.clone());
        }
        current = chunks;
        if !limit_hit {
            break;
        }
        is_first = false;
    }
    steps.push(new.clone());
    steps
}

fn largest(lengths: &[usize]) -> f64 {
    lengths.iter().max().map_or(0.0, |&length| length as f64)
}

fn largest_block(chunks: &Chunks) -> f64 {
    chunks.axes().map(largest).product()
}

/// The approximate number of pieces between old and new blocks.
fn graph_size(old: &Chunks, new: &Chunks) -> f64 {
    let pieces =
        |(old, new): (&[usize], &[usize])| if old == new { old.len() } else { old.len() + new.len() - 1 };
    old.axes().zip(new.axes()).map(|axes| pieces(axes) as f64).product()
}

/// Chunks that are closer to `new`, by merging blocks up to `limit` elements. Also returns whether the limit was hit.
fn merge(old: &Chunks, new: &Chunks, limit: f64) -> (Chunks, bool) {
    let by_axis = |axis: usize| (old.axis(axis), new.axis(axis));
    // The gain of merging along an axis relative to its cost: a knapsack problem, solved greedily.
    let value = |axis: usize| {
        let (old, new) = by_axis(axis);
        let fewer = new.len() as f64 / old.len() as f64;
        let longer = largest(new) / largest(old).max(1.0);
        let longer = if longer == 1.0 { 1.0 + 1e-9 } else { longer };
        if longer > 0.0 { fewer.ln() / longer.ln() } else { 0.0 }
    };
    let mut axes: Vec<usize> =
        (0..old.ndim()).filter(|&axis| by_axis(axis).1.len() <= by_axis(axis).0.len()).collect();
    sort::by_key(&mut axes, &|axis| sort::float_key(value(axis)));
    let (mut chunks, mut block, mut limit_hit) = (old.clone(), largest_block(old), false);
    for axis in axes {
        let (old, new) = by_axis(axis);
        let merged = (block * largest(new) / largest(old).max(1.0)).floor();
        if merged <= limit {
            chunks = chunks.with_axis(axis, new);
            block = merged;
            continue;
        }
        limit_hit = true;
        let divided = divide(new, (limit * largest(old) / block) as usize);
        if divided.len() <= old.len() {
            block = (block * largest(&divided) / largest(old)).floor();
            chunks = chunks.with_axis(axis, divided);
        }
    }
    (chunks, limit_hit)
}

/// Blocks of at most `most` elements.
fn divide(lengths: &[usize], most: usize) -> Vec<usize> {
    let mut divided = Vec::new();
    for &length in lengths {
        let (parts, mut left) = (length.div_ceil(most.max(1)), length);
        for part in 0..parts {
            let taken = left / (parts - part);
            divided.push(taken);
            left -= taken;
        }
    }
    divided
}

/// Chunks that are closer to `new`, by splitting blocks into at most `most` pieces.
fn split(old: &Chunks, new: &Chunks, most: f64) -> Chunks {
    let mut chunks = old.clone();
    for axis in 0..old.ndim() {
        let size = graph_size(&chunks, new);
        if size > most {
            break;
        }
        let (old, new) = (old.axis(axis), new.axis(axis));
        if old.len() > new.len() {
            continue;
        }
        let merged = merge_to(new, ((old.len() as f64 * most / size) as usize).max(1));
        if merged.len() >= old.len() && largest(&merged) <= largest(old) {
            chunks = chunks.with_axis(axis, merged);
        }
    }
    chunks
}

/// At most `most` blocks, by repeatedly merging the two neighbours with the shortest total length.
fn merge_to(lengths: &[usize], most: usize) -> Vec<usize> {
    if lengths.len() <= most {
        return lengths.to_vec();
    }
    if lengths.iter().all(|length| length == &lengths[0]) {
        let (length, total) = (lengths[0], lengths[0] * lengths.len());
        let width = length * (total / most / length);
        let longer = (total - most * width) / length;
        return (0..most).map(|block| if block < longer { width + length } else { width }).collect();
    }
    let mut lengths = lengths.to_vec();
    let pair = |lengths: &[usize], i: usize, j: usize| Reverse((lengths[i] + lengths[j], i, j));
    let mut pairs: BinaryHeap<_> = (1..lengths.len()).map(|j| pair(&lengths, j - 1, j)).collect();
    let mut merges = lengths.len() - most;
    while merges > 0 {
        let Some(Reverse((length, i, mut j))) = pairs.pop() else { break };
        // Skip or update entries that another merge changed.
        if lengths[j] == 0 {
            while lengths[j] == 0 {
                j += 1;
            }
            pairs.push(pair(&lengths, i, j));
        } else if lengths[i] + lengths[j] != length {
            pairs.push(pair(&lengths, i, j));
        } else {
            lengths[i] = 0;
            lengths[j] = length;
            merges -= 1;
        }
    }
    lengths.retain(|&length| length > 0);
    lengths
}
