//! Shapes of work on tables and bags, partition by partition.

use super::sketch::{Sketch, largest};

/// Dask's `split_every` for bags and data frames: the number of values that a task of a tree takes.
const SPLIT_EVERY: u32 = 8;

/// ```text
/// load  load  load  load  …
///  |     |     |     |
/// map   map   map   map   …
///   \    |     |    /
///      reduce  …              8 at a time, as often as needed
///            \
///            reduce
/// ```
pub(super) fn map_reduce(tasks: u32) -> Sketch {
    let blocks = largest(1, tasks, |n| 2 * n + Sketch::tree_len(n, SPLIT_EVERY.into()));
    let mut sketch = Sketch::new();
    let loads = sketch.roots(blocks);
    let maps = sketch.map(&loads);
    sketch.tree(maps, SPLIT_EVERY as usize);
    sketch
}

/// From `n` partitions to `n` others, each of which takes a part of every one.
///
/// ```text
///     load          load
///    /    \        /    \
/// split  split  split  split      n * n
///    \     \    /       /
///     \     \  /       /
///      \     \/       /
///       \    /\      /
///        merge  merge
/// ```
pub(super) fn shuffle(tasks: u32) -> Sketch {
    let n = largest(2, tasks, |n| n * n + 2 * n);
    let mut sketch = Sketch::new();
    let loads = sketch.roots(n);
    let splits: Vec<_> = loads.iter().map(|&load| sketch.map(&vec![load; n as usize])).collect();
    for output in 0..n as usize {
        sketch.task(splits.iter().map(|split| split[output]));
    }
    sketch
}

/// The outputs of [`groupby`]: Dask's `split_out`.
const SPLIT_OUT: usize = 4;

/// ```text
///      load             load             one for each partition
///       |                |
///     chunk            chunk             each group's part in this partition
///    /     \          /     \
/// split   split    split   split         one for each output
///    \      \       /       /
///     combine  ×  combine                for each output a tree, 8 at a time
///        |           |
///    aggregate   aggregate
/// ```
pub(super) fn groupby(tasks: u32) -> Sketch {
    let outputs = SPLIT_OUT as u64;
    let len = |n| n * (2 + outputs) + outputs * Sketch::tree_len(n, SPLIT_EVERY.into());
    let partitions = largest(1, tasks, len);
    let mut sketch = Sketch::new();
    let loads = sketch.roots(partitions);
    let chunks = sketch.map(&loads);
    let splits: Vec<_> = chunks.iter().map(|&chunk| sketch.map(&[chunk; SPLIT_OUT])).collect();
    for output in 0..SPLIT_OUT {
        let leaves = splits.iter().map(|split| split[output]).collect();
        sketch.tree(leaves, SPLIT_EVERY as usize);
    }
    sketch
}
