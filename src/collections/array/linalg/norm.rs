//! Norms of vectors and matrices: `da.linalg.norm`.

use super::svd;
use crate::{
    collections::{
        array::{Array, Axis, Indexer, Over, axes::normalize_axes},
        chunks::Chunks,
    },
    error::{Error, Result},
    scalar::Scalar,
};

/// The kind of norm: NumPy's `ord`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    /// The root of the sum of squares.
    Frobenius,
    /// The sum of the singular values.
    Nuclear,
    /// For a vector: the root of this order of the sum of powers. For a matrix: 1, -1, 2, -2 or an infinity.
    Number(Scalar),
}

/// The norm of vectors (one axis) or of matrices (two axes); over all axes if none is given.
///
/// # Errors
/// If an axis does not exist, there are more than two, or the order is not defined for that number of axes.
pub fn norm(x: &Array, order: Option<Order>, axis: &Axis, keepdims: bool) -> Result<Array> {
    let axes: Vec<isize> = match axis {
        Axis::All => (0..x.ndim() as isize).collect(),
        Axis::Some(axes) => axes.clone(),
    };
    let over =
        |axes: &[isize], keepdims| Over { axis: Axis::Some(axes.to_vec()), keepdims, ..Over::default() };
    let all = || over(&axes, keepdims);
    let r = x.absolute()?;
    let no_order = |what: &str| Error::invalid(format!("Invalid norm order for {what}."));
    let number = match order {
        Some(Order::Number(number)) => number.as_f64(),
        _ => f64::NAN,
    };
    match (&axes[..], order) {
        ([] | [_] | [_, _], None) => root(&r.power(2)?.sum(all())?, 2.0),
        ([_], Some(Order::Number(_))) if number == f64::INFINITY => r.max(all()),
        ([_], Some(Order::Number(_))) if number == f64::NEG_INFINITY => r.min(all()),
        ([_], Some(Order::Number(_))) if number == 0.0 => r.not_equal(0)?.astype(r.dtype())?.sum(all()),
        ([_], Some(Order::Number(_))) if number == 1.0 => r.sum(all()),
        ([_], Some(Order::Number(power))) => root(&r.power(power)?.sum(all())?, number),
        ([_], Some(_)) => Err(no_order("vectors")),
        ([_, _], Some(Order::Frobenius)) => root(&r.power(2)?.sum(all())?, 2.0),
        (&[rows, columns], Some(Order::Number(_)))
            if [1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY].contains(&number) =>
        {
            let (first, second) = if number.is_finite() { (rows, columns) } else { (columns, rows) };
            let sums = r.sum(over(&[first], true))?;
            let over = over(&[second], true);
            let extreme = if number > 0.0 { sums.max(over)? } else { sums.min(over)? };
            if keepdims { Ok(extreme) } else { extreme.squeezed(&normalize_axes(&axes, x.ndim())?) }
        }
        ([_, _], Some(order)) => {
            let singular = |x: &Array| -> Result<Array> {
                match x.ndim() {
                    2 => {
                        // Without elements, the blocks do not matter.
                        let is_empty = x.size() == 0;
                        let x = if is_empty { x.rechunk(&Chunks::single(&x.shape()))? } else { x.clone() };
                        svd(&x)?.1.slice(&[Indexer::NewAxis])
                    }
                    ndim => {
                        Err(Error::invalid(format!("SVD based norm not implemented for {ndim} dimensions")))
                    }
                }
            };
            let all = Over { keepdims, ..Over::default() };
            match (order, number) {
                (Order::Nuclear, _) => singular(x)?.sum(all),
                (_, 2.0) => singular(x)?.max(all),
                (_, -2.0) => singular(x)?.min(all),
                _ => Err(no_order("matrices")),
            }
        }
        _ => Err(Error::invalid("Improper number of dimensions to norm.")),
    }
}

fn root(sum: &Array, order: f64) -> Result<Array> {
    sum.power(1.0 / order)
}
