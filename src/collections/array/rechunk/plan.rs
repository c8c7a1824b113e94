//! In which steps to rechunk: Dask's `plan_rechunk`, and its words.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::collections::chunks::{CHUNK_SIZE, Chunks};

/// By which factor a graph may be larger than the number of blocks before a step in between is looked for: Dask's
/// `array.rechunk.threshold`.
const THRESHOLD: f64 = 4.0;

/// The chunks after each step, the last being `new`.
pub(super) fn plan(old: &Chunks, new: &Chunks, itemsize: usize) -> Vec<Chunks> {
    if new.ndim() <= 1 {
        return vec![new.clone()];
    }
    // In elements, and at least as large as blocks are anyway.
    let limit = (CHUNK_SIZE as f64 / itemsize as f64).max(largest_block(old)).max(largest_block(new));
    let most = THRESHOLD * (old.blocks() as f64 + new.blocks() as f64);
    let (mut current, mut steps, mut is_first) = (old.clone(), Vec::new(), true);
    loop {
        let size = graph_size(&current, new);
        if size < most {
            break;
        }
        // Where the limit was hit, blocks are split, at the price of a larger graph, to make room for the next merge.
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

/// About how many pieces there are between old and new blocks.
fn graph_size(old: &Chunks, new: &Chunks) -> f64 {
    let pieces =
        |(old, new): (&[usize], &[usize])| if old == new { old.len() } else { old.len() + new.len() - 1 };
    old.axes().zip(new.axes()).map(|axes| pieces(axes) as f64).product()
}

/// Chunks nearer to `new` by merging blocks, none to more than `limit` elements; whether the limit was hit.
fn merge(old: &Chunks, new: &Chunks, limit: f64) -> (Chunks, bool) {
    let by_axis = |axis: usize| (old.axis(axis), new.axis(axis));
    // What merging along an axis gains, against what it costs: a knapsack, filled greedily.
    let value = |&axis: &usize| {
        let (old, new) = by_axis(axis);
        let fewer = new.len() as f64 / old.len() as f64;
        let longer = largest(new) / largest(old).max(1.0);
        let longer = if longer == 1.0 { 1.0 + 1e-9 } else { longer };
        if longer > 0.0 { fewer.ln() / longer.ln() } else { 0.0 }
    };
    let mut axes: Vec<usize> =
        (0..old.ndim()).filter(|&axis| by_axis(axis).1.len() <= by_axis(axis).0.len()).collect();
    axes.sort_by(|a, b| value(a).total_cmp(&value(b)));
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

/// Chunks nearer to `new` by splitting blocks, in not more than `most` pieces.
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

/// At most `most` blocks, by merging neighbours, always the two that are shortest together.
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
        // What another merge changed is looked at again.
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
