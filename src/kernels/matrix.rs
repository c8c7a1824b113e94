//! Products of matrices, of any element type.
//!
//! This is the standard method: both factors are packed into panels, so that the innermost loop reads memory in
//! order and works on a small tile of the product that stays in registers. (K. Goto, R. van de Geijn, [Anatomy of
//! high-performance matrix multiplication](https://doi.org/10.1145/1356052.1356053), 2008.)
//!
//! ```text
//!              k           columns                 columns
//!          +-------+     +--+--+--+--+          +--+--+--+--+
//!   rows   | panel |   k |  |  |  |  |   rows   |  |##|  |  |   ## is a tile
//!          +-------+     |  panels   |          +--+--+--+--+
//!          | panel |     +--+--+--+--+          |  |  |  |  |
//!          +-------+                            +--+--+--+--+
//! ```
//!
//! It is written so that the compiler generates 128-bit vector code, both on the host and in WebAssembly;
//! `benches/kernels.rs` measures it.

use ndarray::ArrayView2;

use super::arithmetic::Arithmetic;

/// The rows and columns of a tile: eight vectors of two doubles, which make good use of the sixteen registers.
const ROWS: usize = 4;
const COLUMNS: usize = 4;

/// The length of the factors' common axis that is packed at once: a panel with this many columns fits the fastest
/// cache.
const DEPTH: usize = 256;

/// The number of rows of the left factor that are packed at once: they fit the second-level cache.
const BAND: usize = 96;

/// The bytes that [`multiply`] allocates for elements of `size` bytes.
pub(crate) fn panel_bytes([rows, depth, columns]: [usize; 3], size: usize) -> u64 {
    let wide = |count: usize, panel: usize| count.div_ceil(panel).saturating_mul(panel);
    let both = wide(columns, COLUMNS).saturating_add(wide(rows.min(BAND), ROWS));
    both.saturating_mul(depth.min(DEPTH)).saturating_mul(size) as u64
}

/// `out += left @ right`, where `out` is in C order.
pub(crate) fn multiply<T: Arithmetic>(left: ArrayView2<'_, T>, right: ArrayView2<'_, T>, out: &mut [T]) {
    let (rows, depth) = left.dim();
    let columns = right.ncols();
    if columns == 0 || rows == 0 {
        return;
    }
    let (mut left_panels, mut right_panels) = (Vec::new(), Vec::new());
    for start in (0..depth).step_by(DEPTH) {
        let end = depth.min(start + DEPTH);
        pack::<T, COLUMNS>(right.slice(ndarray::s![start..end, ..]).reversed_axes(), &mut right_panels);
        for top in (0..rows).step_by(BAND) {
            let bottom = rows.min(top + BAND);
            pack::<T, ROWS>(left.slice(ndarray::s![top..bottom, start..end]), &mut left_panels);
            multiply_band(
                &left_panels,
                &right_panels,
                end - start,
                columns,
                &mut out[top * columns..bottom * columns],
            );
        }
    }
}

/// Packs a matrix into panels of `N` rows, each stored column by column. Missing rows are filled with zeros.
fn pack<T: Arithmetic, const N: usize>(matrix: ArrayView2<'_, T>, panels: &mut Vec<[T; N]>) {
    let (rows, columns) = matrix.dim();
    panels.clear();
    panels.resize(rows.div_ceil(N) * columns, [T::ZERO; N]);
    if columns == 0 {
        return;
    }
    for (i, panel) in panels.chunks_exact_mut(columns).enumerate() {
        for j in 0..N.min(rows - i * N) {
            for (slot, &x) in panel.iter_mut().zip(matrix.row(i * N + j)) {
                slot[j] = x;
            }
        }
    }
}

fn multiply_band<T: Arithmetic>(
    left: &[[T; ROWS]],
    right: &[[T; COLUMNS]],
    depth: usize,
    columns: usize,
    out: &mut [T],
) {
    for (j, right) in right.chunks_exact(depth).enumerate() {
        let (first, width) = (j * COLUMNS, COLUMNS.min(columns - j * COLUMNS));
        for (left, out) in left.chunks_exact(depth).zip(out.chunks_mut(ROWS * columns)) {
            let tile = multiply_panels(left, right);
            for (row, sums) in out.chunks_exact_mut(columns).zip(&tile) {
                let row = &mut row[first..first + width];
                row.iter_mut().zip(sums).for_each(|(out, &sum)| *out = out.plus(sum));
            }
        }
    }
}

/// One tile of the product.
#[inline]
fn multiply_panels<T: Arithmetic>(left: &[[T; ROWS]], right: &[[T; COLUMNS]]) -> [[T; COLUMNS]; ROWS] {
    let mut tile = [[T::ZERO; COLUMNS]; ROWS];
    for (left, right) in left.iter().zip(right) {
        for i in 0..ROWS {
            for j in 0..COLUMNS {
                tile[i][j] = tile[i][j].plus(left[i].times(right[j]));
            }
        }
    }
    tile
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, s};

    use super::*;

    /// The product by its definition.
    fn naive(left: ArrayView2<'_, i64>, right: ArrayView2<'_, i64>) -> Vec<i64> {
        let product = |i: usize, j: usize| (0..left.ncols()).map(|k| left[[i, k]] * right[[k, j]]).sum();
        (0..left.nrows())
            .flat_map(|i| (0..right.ncols()).map(move |j| (i, j)))
            .map(|(i, j)| product(i, j))
            .collect()
    }

    #[test]
    fn products_match_the_naive_for_any_shape_and_layout() {
        let numbers = Array2::from_shape_fn((300, 300), |(i, j)| (i * 31 + j * 17) as i64 % 101 - 50);
        for (m, k, n) in
            [(1, 1, 1), (4, 4, 4), (5, 7, 3), (0, 3, 2), (3, 0, 2), (2, 3, 0), (100, 260, 9), (3, 300, 101)]
        {
            let (left, right) = (numbers.slice(s![..m, ..k]), numbers.slice(s![..k, ..n]));
            let (turned_left, turned_right) = (numbers.slice(s![..k, ..m]), numbers.slice(s![..n, ..k]));
            for (left, right) in
                [(left, right), (turned_left.t(), turned_right.t()), (left.slice(s![..;-1, ..]), right)]
            {
                let mut out = vec![0; m * n];
                multiply(left, right, &mut out);
                assert_eq!(out, naive(left, right), "{m} {k} {n}");
            }
        }
    }
}
