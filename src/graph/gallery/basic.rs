//! The basic shapes, on which schedulers are tried first.

use super::sketch::{Sketch, largest};

/// ```text
/// o  o  o  o
/// ```
pub(super) fn independent(tasks: u32) -> Sketch {
    let mut sketch = Sketch::new();
    sketch.roots(tasks.max(1));
    sketch
}

/// ```text
/// o -> o -> o -> o
/// ```
pub(super) fn chain(tasks: u32) -> Sketch {
    let mut sketch = Sketch::new();
    (0..tasks.max(1)).for_each(|i| _ = sketch.task(i.checked_sub(1)));
    sketch
}

/// A heap: task 0 is the root of the tree, and task `i` takes the tasks `2i + 1` and `2i + 2`.
///
/// ```text
/// 3   4  5   6
///  \ /    \ /
///   1      2
///     \  /
///      0
/// ```
pub(super) fn tree(tasks: u32) -> Sketch {
    let mut sketch = Sketch::new();
    let tasks = tasks.max(1);
    (0..tasks).for_each(|i| _ = sketch.task(2 * i + 1..(2 * i + 3).min(tasks)));
    sketch
}

/// The number of branches equals the number of stages.
///
/// ```text
///    o
///  / | \     fork
/// o  o  o
///  \ | /     join, and fork again
///    o
///  / | \
/// o  o  o
///  \ | /
///    o
/// ```
pub(super) fn fork_join(tasks: u32) -> Sketch {
    let width = tasks.isqrt().max(2);
    let stages = largest(1, tasks, |stages| 1 + stages * (u64::from(width) + 1));
    let mut sketch = Sketch::new();
    let mut join = sketch.task([]);
    for _ in 0..stages {
        let branches: Vec<_> = (0..width).map(|_| sketch.task([join])).collect();
        join = sketch.task(branches);
    }
    sketch
}
