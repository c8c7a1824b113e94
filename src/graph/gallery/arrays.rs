//! Shapes of work on arrays, block by block.

use super::sketch::{Sketch, largest};

/// The number of steps equals the number of cells.
///
/// ```text
/// o   o   o   o
/// | X | X | X |     each cell takes itself and its neighbours
/// o   o   o   o
/// | X | X | X |
/// o   o   o   o
/// ```
pub(super) fn stencil(tasks: u32) -> Sketch {
    let width = tasks.isqrt().max(2);
    let steps = (tasks / width).max(2);
    let mut sketch = Sketch::new();
    sketch.roots(width);
    for step in 1..steps {
        let before = (step - 1) * width;
        for cell in 0..width {
            let (first, last) = (cell.saturating_sub(1), (cell + 1).min(width - 1));
            sketch.task(before + first..=before + last);
        }
    }
    sketch
}

/// `a @ b`, where `a` has n × k blocks and `b` has k × n.
///
/// ```text
/// a[i, 0]  b[0, j]   a[i, 1]  b[1, j]  …
///       \  /               \  /
///     product            product  …       n * n * k; each block of a and b goes into n of them
///           \           /
///             sum[i, j]                   n * n
/// ```
pub(super) fn matmul(tasks: u32) -> Sketch {
    let len = |n: u64, k: u64| n * n * k + 2 * n * k + n * n;
    let n = largest(2, tasks, |n| len(n, n));
    let k = largest(2, tasks, |k| len(n.into(), k));
    let mut sketch = Sketch::new();
    let a = sketch.roots(n * k);
    let b = sketch.roots(k * n);
    for row in a.chunks(k as usize) {
        for j in 0..n as usize {
            let column = b[j..].iter().step_by(n as usize);
            let products: Vec<_> =
                row.iter().zip(column).map(|(&left, &right)| sketch.task([left, right])).collect();
            sketch.task(products);
        }
    }
    sketch
}

/// The tall-skinny algorithm, as in `dask.array.linalg.tsqr`: the R's of all blocks are stacked and decomposed again,
/// and each block's Q is multiplied by its part of the stack's Q.
///
/// ```text
///     load      load   …
///      |         |
///      qr        qr    …
///     /  \      /  \
///    q    r    q    r
///    |     \   |   /
///    |      stack
///    |        |
///    |        qr
///    |       /  \
///    |      q    r        R of the whole
///    |    /   \ …
///    |  part  part
///     \  |
///      dot  …             Q of the whole
/// ```
pub(super) fn qr(tasks: u32) -> Sketch {
    let blocks = largest(1, tasks, |n| 6 * n + 4);
    let mut sketch = Sketch::new();
    let loads = sketch.roots(blocks);
    let decomposed = sketch.map(&loads);
    let q = sketch.map(&decomposed);
    let r = sketch.map(&decomposed);
    let stack = sketch.task(r);
    let again = sketch.task([stack]);
    let stack_q = sketch.task([again]);
    sketch.task([again]);
    let parts = sketch.map(&vec![stack_q; blocks as usize]);
    q.into_iter().zip(parts).for_each(|(q, part)| _ = sketch.task([q, part]));
    sketch
}

/// Dask's `split_every` for arrays: the number of values that a task of a tree takes.
const SPLIT_EVERY: u32 = 4;

/// `(x + x.T).mean(axis=0)`, where `x` has n × n blocks: the first example in Dask's documentation.
///
/// ```text
/// x[i, j]   x[j, i]
///    |         |
///    |     transpose      n * n
///     \       /
///        add              n * n
///         |
///     mean_chunk          n * n
///      \  \  /  /
///       combine  …        for each column a tree, 4 at a time
///          |
///      aggregate
/// ```
pub(super) fn transpose_mean(tasks: u32) -> Sketch {
    let n = largest(1, tasks, |n| 4 * n * n + n * Sketch::tree_len(n, SPLIT_EVERY.into()));
    let mut sketch = Sketch::new();
    let x = sketch.roots(n * n);
    let transposed = sketch.map(&x);
    let at = |i: u32, j: u32| (i * n + j) as usize;
    let mut sums = Vec::with_capacity(x.len());
    for i in 0..n {
        sums.extend((0..n).map(|j| sketch.task([x[at(i, j)], transposed[at(j, i)]])));
    }
    let chunks = sketch.map(&sums);
    for j in 0..n {
        let column = (0..n).map(|i| chunks[at(i, j)]).collect();
        sketch.tree(column, SPLIT_EVERY as usize);
    }
    sketch
}
