//! Factors of matrices: QR by Householder reflections, and the singular value decomposition by one-sided Jacobi
//! rotations.
//!
//! Both work on columns, each a slice. The signs of Q and R are LAPACK's. The signs of U and V follow no rule (Dask
//! normalises them itself).
//!
//! Sources: G. Golub, C. Van Loan, Matrix Computations, 5.1 and 8.6; the signs: LAPACK's
//! [`dlarfg`](https://netlib.org/lapack/explore-html/d8/d0d/group__larfg.html).

use super::{
    Message,
    arithmetic::Arithmetic,
    convert::{astype, contiguous, in_c_order},
    room::filled,
};
use crate::{
    block::{Block, block_size},
    dtype::DType,
    sort,
    value::Value,
};

/// The maximum number of sweeps over all pairs of columns; five to ten are usual.
const MAX_SWEEPS: usize = 60;

/// Columns of equal length, one after another.
struct Columns {
    rows: usize,
    data: Vec<f64>,
}

impl Columns {
    fn zeros(rows: usize, columns: usize) -> Result<Columns, Message> {
        Ok(Columns { rows, data: filled(&[columns, rows], 0.0)? })
    }

    /// The columns of a matrix, or its rows.
    fn of(block: &Block, turned: bool) -> Result<Columns, Message> {
        let &[rows, columns] = block.shape() else {
            return Err(
                format!("{}-dimensional array given. Array must be two-dimensional", block.ndim()).into()
            );
        };
        let (order, rows) = if turned { ([0, 1], columns) } else { ([1, 0], rows) };
        let turned = block.clone().permuted(&order);
        Ok(Columns { rows, data: contiguous::<f64>(&turned)?.into_owned() })
    }

    #[inline]
    fn column(&self, i: usize) -> &[f64] {
        &self.data[i * self.rows..(i + 1) * self.rows]
    }

    #[inline]
    fn column_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.data[i * self.rows..(i + 1) * self.rows]
    }

    /// Two columns, the first before the second.
    fn pair(&mut self, i: usize, j: usize) -> (&mut [f64], &mut [f64]) {
        let (before, from) = self.data.split_at_mut(j * self.rows);
        (&mut before[i * self.rows..(i + 1) * self.rows], &mut from[..self.rows])
    }

    /// The matrix with these columns, or with these rows.
    fn into_block(self, count: usize, as_rows: bool, dtype: DType) -> Result<Block, Message> {
        let block = Block::new(&[count, self.rows], self.data);
        let block = astype(&block, dtype)?;
        // In C order, which readers process fastest.
        let order = if as_rows { [0, 1] } else { [1, 0] };
        in_c_order(&block.permuted(&order))
    }
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (x_lanes, x_rest) = x.as_chunks::<8>();
    let (y_lanes, y_rest) = y.as_chunks::<8>();
    for (x, y) in x_lanes.iter().zip(y_lanes) {
        for i in 0..8 {
            sums[i] += x[i] * y[i];
        }
    }
    let rest: f64 = x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f64>() + rest
}

/// `y += a * x`
fn add_multiple(a: f64, x: &[f64], y: &mut [f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += a * x);
}

/// The length of a vector, computed without overflow or underflow of squares.
fn norm(x: &[f64]) -> f64 {
    let largest = x.iter().fold(0.0, |largest: f64, x| largest.larger(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    if (1e-140..1e140).contains(&largest) {
        return dot(x, x).sqrt();
    }
    let scaled: Vec<f64> = x.iter().map(|x| x / largest).collect();
    dot(&scaled, &scaled).sqrt() * largest
}

/// `Q` with orthonormal columns and the upper triangle `R`, whose product is the matrix.
pub(crate) fn qr(block: &Block) -> Result<Value, Message> {
    let dtype = block.dtype().inexact();
    let mut a = Columns::of(block, false)?;
    let (rows, columns) = (block.shape()[0], block.shape()[1]);
    let rank = rows.min(columns);
    let mut scales = Vec::with_capacity(rank);
    for k in 0..rank {
        let scale = reflector(&mut a.column_mut(k)[k..]);
        scales.push(scale);
        for j in k + 1..columns {
            let (v, x) = a.pair(k, j);
            reflect(scale, &v[k..], &mut x[k..]);
        }
    }
    let mut r = filled(&[rank, columns], 0.0)?;
    for j in 0..columns {
        for (i, &x) in a.column(j).iter().enumerate().take(rank.min(j + 1)) {
            r[i * columns + j] = x;
        }
    }
    // Applies the reflections to the unit vectors, the last one first: elements that they have not reached are still
    // zero.
    let mut q = Columns::zeros(rows, rank)?;
    for k in (0..rank).rev() {
        q.column_mut(k)[k] = 1.0;
        for j in k..rank {
            reflect(scales[k], &a.column(k)[k..], &mut q.column_mut(j)[k..]);
        }
    }
    let r = astype(&Block::new(&[rank, columns], r), dtype)?;
    Ok([q.into_block(rank, false, dtype)?.into(), r.into()].into())
}

/// Replaces a vector by the reflector that maps it to a multiple of the first unit vector. The first element becomes
/// that multiple, the others the reflector without its first element, which is 1. Returns the reflector's scale.
fn reflector(x: &mut [f64]) -> f64 {
    let Some((&first, rest)) = x.split_first() else { return 0.0 };
    let below = norm(rest);
    if below == 0.0 {
        return 0.0;
    }
    let multiple = -first.hypot(below).copysign(first);
    let factor = 1.0 / (first - multiple);
    x[1..].iter_mut().for_each(|x| *x *= factor);
    x[0] = multiple;
    (multiple - first) / multiple
}

/// Reflects `x`.
fn reflect(scale: f64, v: &[f64], x: &mut [f64]) {
    let along = scale * (x[0] + dot(&v[1..], &x[1..]));
    x[0] -= along;
    add_multiple(-along, &v[1..], &mut x[1..]);
}

/// `U`, the singular values in descending order, and the rows `Vh`, whose product is the matrix.
pub(crate) fn svd(block: &Block) -> Result<Value, Message> {
    let dtype = block.dtype().inexact();
    let &[rows, columns] = block.shape() else {
        return Err(format!("{}-dimensional array given. Array must be two-dimensional", block.ndim()).into());
    };
    let turned = rows < columns;
    let rank = rows.min(columns);
    block_size(&[rank, rank])?;
    // There are at least as many rows as columns. The columns are rotated until they are orthogonal.
    let mut u = Columns::of(block, turned)?;
    let mut v = Columns::zeros(rank, rank)?;
    (0..rank).for_each(|i| v.column_mut(i)[i] = 1.0);
    if !u.data.iter().all(|x| x.is_finite()) || !orthogonalize(&mut u, &mut v, rank) {
        return Err("SVD did not converge".into());
    }
    let lengths: Vec<f64> = (0..rank).map(|i| norm(u.column(i))).collect();
    let mut order: Vec<usize> = (0..rank).collect();
    sort::by_key(&mut order, &|i| !sort::float_key(lengths[i]));
    let values: Vec<f64> = order.iter().map(|&i| lengths[i]).collect();
    let mut left = Columns::zeros(u.rows, rank)?;
    let mut right = Columns::zeros(rank, rank)?;
    for (to, &from) in order.iter().enumerate() {
        right.column_mut(to).copy_from_slice(v.column(from));
        left.column_mut(to).copy_from_slice(u.column(from));
        complete(&mut left, to, lengths[from], values[0]);
    }
    // For the transposed matrix, left and right are swapped.
    let (left, right) = if turned { (right, left) } else { (left, right) };
    let values = astype(&Block::new(&[rank], values), dtype)?;
    let (left, right) = (left.into_block(rank, false, dtype)?, right.into_block(rank, true, dtype)?);
    Ok([left.into(), values.into(), right.into()].into())
}

/// Rotates pairs of columns until all are orthogonal, and rotates `v` along. Returns whether that converged.
fn orthogonalize(u: &mut Columns, v: &mut Columns, count: usize) -> bool {
    for _ in 0..MAX_SWEEPS {
        let mut turned = false;
        for i in 0..count {
            for j in i + 1..count {
                let (x, y) = u.pair(i, j);
                let (xx, yy, xy) = (dot(x, x), dot(y, y), dot(x, y));
                if xy == 0.0 || xy.abs() <= f64::EPSILON * (xx * yy).sqrt() {
                    continue;
                }
                turned = true;
                // The smaller of the two possible angles.
                let zeta = (yy - xx) / (2.0 * xy);
                let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                rotate(x, y, cosine, cosine * tangent);
                let (x, y) = v.pair(i, j);
                rotate(x, y, cosine, cosine * tangent);
            }
        }
        if !turned {
            return true;
        }
    }
    false
}

fn rotate(x: &mut [f64], y: &mut [f64], cosine: f64, sine: f64) {
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

/// Makes column `i` a unit vector. A column that is practically zero is replaced by one orthogonal to the previous
/// columns.
fn complete(columns: &mut Columns, i: usize, length: f64, largest: f64) {
    if length > largest * f64::EPSILON * f64::EPSILON && length > 0.0 {
        columns.column_mut(i).iter_mut().for_each(|x| *x /= length);
        return;
    }
    for unit in 0..columns.rows {
        columns.column_mut(i).fill(0.0);
        columns.column_mut(i)[unit] = 1.0;
        // Doing it twice makes it orthogonal to the last bit.
        for j in (0..i).chain(0..i) {
            let (before, x) = columns.pair(j, i);
            let along = dot(before, x);
            add_multiple(-along, before, x);
        }
        let length = norm(columns.column(i));
        // At least one of the unit vectors retains this length.
        if length * length * columns.rows as f64 >= 0.5 / columns.rows as f64 {
            columns.column_mut(i).iter_mut().for_each(|x| *x /= length);
            return;
        }
    }
}
