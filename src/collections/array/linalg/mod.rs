//! Linear algebra: `da.linalg`. QR and singular values of tall and skinny arrays, and norms.

mod names;
mod norm;
mod tsqr;

pub use norm::{Order, norm};

use self::{names::Names, tsqr::Factors};
use super::{Array, Over, elementwise::ufunc};
use crate::{
    collections::{chunks::tuple, nodes::Each},
    error::{Error, Result},
    operations::{Op, Ufunc},
    scalar::Scalar,
};

/// Q and R of an array with one column of blocks: `da.linalg.qr`.
///
/// # Errors
/// If the array does not have two axes, or has more than one column of blocks.
pub fn qr(x: &Array) -> Result<(Array, Array)> {
    let [m, n] = tall_shape(x)?;
    if x.chunks().blocks() > 1 {
        let Factors { q, r, .. } = tsqr::tsqr(x, None)?;
        return Ok((q, r));
    }
    // Dask's `sfqr`, whose names these are.
    let names = Names::of("sfqr", x);
    let both = names.array("_Q_R_1", &[m, n], [x], Each::layer(Op::Qr))?;
    let k = m.min(n);
    Ok((names.item("_Q", &[m, k], &both, 0)?, names.item("_R_1", &[k, n], &both, 1)?))
}

/// U, the singular values and Vh of an array with one column of blocks: `da.linalg.svd`. The signs are chosen so that
/// the sum of each row of Vh is positive.
///
/// # Errors
/// As for [`qr`].
pub fn svd(x: &Array) -> Result<(Array, Array, Array)> {
    let [m, n] = tall_shape(x)?;
    let k = m.min(n);
    let (u, s, vh) = match x.chunks().blocks() {
        1 => {
            let names = Names::of("svd", x);
            let all = names.array("", &[m, n], [x], Each::layer(Op::Svd))?;
            let names = names.with("getitem");
            let u = names.item("-u", &[m, k], &all, 0)?;
            (u, names.item("-s", &[k], &all, 1)?, names.item("-v", &[k, n], &all, 2)?)
        }
        _ => tsqr::tsqr(x, None)?.svd()?,
    };
    let (u, vh) = flip(&u, &vh)?;
    Ok((u, s, vh))
}

/// Dask's `svd_flip`.
fn flip(u: &Array, vh: &Array) -> Result<(Array, Array)> {
    let sums = vh.sum(Over { keepdims: true, ..1.into() })?.t();
    let signs = sums.greater_equal(0)?.subtract(0.5)?.astype(vh.dtype())?;
    let signs = ufunc(Ufunc::Mul, &[Scalar::Float(2.0).into(), (&signs).into()])?;
    Ok((u.multiply(&signs)?, vh.multiply(&signs.t())?))
}

fn tall_shape(x: &Array) -> Result<[usize; 2]> {
    x.need_all_lengths()?;
    let shape = x.shape();
    let &[m, n] = &shape[..] else {
        let (shape, ndim) = (tuple(&shape), shape.len());
        return Err(Error::invalid(format!("Array must be 2D. Input shape: {shape}, input ndim: {ndim}")));
    };
    match x.chunks().axis(1).len() {
        1 => Ok([m, n]),
        _ => Err(Error::invalid(format!(
            "only tall-and-skinny (single column chunk/block) matrices are supported, not shape {} in chunks of {}. \
             Consider x.rechunk(('auto', -1))",
            tuple(shape),
            tuple(x.chunks().chunksize())
        ))),
    }
}
