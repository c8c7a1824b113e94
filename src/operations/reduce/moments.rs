//! Means and variances, from counts, sums and squared distances.

use std::borrow::Cow;

use super::{
    Reduce, Reduction,
    partial::{same_shape, sum, without_nans},
};
use crate::{
    block::Block,
    dtype::DType,
    error::Message,
    kernels::{Input, Operands, Ufunc, convert::astype, elementwise::elementwise, room::filled},
    value::{Moments, Value},
};

pub(super) fn chunk(block: &Block, parameters: &Reduce) -> Result<Value, Message> {
    let Reduce { reduction, axes, dtype, .. } = parameters;
    let dtype = dtype.unwrap_or(reduction.result_dtype(block.dtype()));
    let mut moments = match reduction {
        Reduction::NanMean => {
            let is_nan = one(Ufunc::IsNan, Cow::Owned(block.clone()))?;
            let counted = astype(&one(Ufunc::LogicalNot, Cow::Owned(is_nan))?, DType::Float64)?;
            let total = sum(&astype(&without_nans(block)?, dtype)?, axes)?;
            Moments { count: sum(&counted, axes)?, total, m2: None }
        }
        _ => {
            let total = sum(&astype(block, dtype)?, axes)?;
            let count: f64 = axes.iter().map(|&axis| block.shape()[axis as usize] as f64).product();
            Moments { count: Block::new(total.shape(), filled(total.shape(), count)?), total, m2: None }
        }
    };
    if let Reduction::Var { .. } = reduction {
        let mean = two(Ufunc::TrueDiv, moments.total.clone(), astype(&moments.count, dtype)?)?;
        let distance = two(Ufunc::Sub, astype(block, dtype)?, mean)?;
        moments.m2 = Some(sum(&one(Ufunc::Square, Cow::Owned(distance))?, axes)?);
    }
    Ok(Value::Moments(moments.into()))
}

/// Adds up moments. The squared distances of two sets are those within each set, and that between their means
/// (Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
pub(super) fn combine(inputs: &mut [Input<'_>]) -> Result<Moments, Message> {
    let mut so_far: Option<Moments> = None;
    for (i, input) in inputs.iter_mut().enumerate() {
        let moments = match std::mem::take(input).into_owned() {
            Value::Moments(moments) => *moments,
            other => return Err(format!("input {i} must be moments, not {other:?}").into()),
        };
        so_far = Some(match so_far {
            None => moments,
            Some(before) => join(before, moments)?,
        });
    }
    so_far.ok_or("no moments to combine".into())
}

fn join(x: Moments, y: Moments) -> Result<Moments, Message> {
    same_shape(&x.total, &y.total)?;
    if x.m2.is_some() != y.m2.is_some() || x.total.dtype() != y.total.dtype() {
        return Err("moments of a mean and of a variance cannot be combined".into());
    }
    // An empty block has no mean and adds nothing.
    let is_empty =
        |moments: &Moments| moments.m2.is_some() && doubles(&moments.count).all(|count| count == 0.0);
    if is_empty(&y) {
        return Ok(x);
    }
    if is_empty(&x) {
        return Ok(y);
    }
    let m2 = match (x.m2, y.m2) {
        (Some(first), Some(second)) => {
            let dtype = x.total.dtype();
            let mean = |total: &Block, count| two(Ufunc::TrueDiv, total.clone(), astype(count, dtype)?);
            let distance = two(Ufunc::Sub, mean(&x.total, &x.count)?, mean(&y.total, &y.count)?)?;
            let product = two(Ufunc::Mul, x.count.clone(), y.count.clone())?;
            let weight = two(Ufunc::TrueDiv, product, two(Ufunc::Add, x.count.clone(), y.count.clone())?)?;
            let between =
                two(Ufunc::Mul, one(Ufunc::Square, Cow::Owned(distance))?, astype(&weight, dtype)?)?;
            Some(two(Ufunc::Add, two(Ufunc::Add, first, second)?, between)?)
        }
        _ => None,
    };
    Ok(Moments { count: two(Ufunc::Add, x.count, y.count)?, total: two(Ufunc::Add, x.total, y.total)?, m2 })
}

/// The mean or the variance.
pub(super) fn result(moments: Moments, parameters: &Reduce) -> Result<Block, Message> {
    let Moments { count, total, m2 } = moments;
    let dtype = total.dtype();
    match (parameters.reduction, m2) {
        (Reduction::Var { ddof }, Some(m2)) => {
            // As in Dask, where fewer elements than degrees of freedom have no variance.
            let degrees = |count| if count < ddof { f64::NAN } else { count - ddof };
            let degrees = Block::new(count.shape(), doubles(&count).map(degrees).collect());
            two(Ufunc::TrueDiv, m2, astype(&degrees, dtype)?)
        }
        (Reduction::Var { .. }, None) => Err("a variance needs moments with m2".into()),
        _ => two(Ufunc::TrueDiv, total, astype(&count, dtype)?),
    }
}

/// The elements of a block of counts.
fn doubles(count: &Block) -> impl Iterator<Item = f64> {
    count.elements::<f64>().into_iter().flatten().copied()
}

fn one(ufunc: Ufunc, block: Cow<'_, Block>) -> Result<Block, Message> {
    elementwise(ufunc, &Operands::Inputs, &mut [Cow::Owned(block.into_owned().into())])
}

fn two(ufunc: Ufunc, x: Block, y: Block) -> Result<Block, Message> {
    elementwise(ufunc, &Operands::Inputs, &mut [Cow::Owned(x.into()), Cow::Owned(y.into())])
}
