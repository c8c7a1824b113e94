//! Which kernel an operation runs.

use super::{
    Input, array, busy, convert, create, elementwise, factors, fused, input::take, mandelbrot, neighbours,
    products, reduce, select, statistics,
};
use crate::{error::Message, op::Op, value::Value};

/// Applies `op` to the values of a task's dependencies. `attempt` counts from 0, since failed tasks may be retried.
///
/// # Errors
/// If the operation cannot take the inputs: too few, of the wrong kind, or with shapes that do not fit. Owned
/// inputs may be consumed even then.
///
/// # Panics
/// [`Op::Panic`] panics, like a kernel with a bug; schedulers turn that into an error of the task.
pub fn execute(op: &Op, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
    let block = match op {
        Op::NoOp => return Ok(Value::None),
        Op::Busy(busy) => return busy::busy(*busy, attempt),
        Op::Panic(message) => panic!("{message}"),
        Op::Alias => return Ok(inputs.first_mut().map(take).unwrap_or_default()),
        Op::Full(full) => create::full(full)?,
        Op::Arange(range) => create::arange(range)?,
        Op::Linspace(range) => create::linspace(range)?,
        Op::Eye(eye) => create::eye(eye)?,
        Op::Block(block) => (**block).clone(),
        Op::Random(random) => create::draw(random)?,
        Op::Elementwise(ufunc, operands) => elementwise::elementwise(*ufunc, operands, inputs)?,
        Op::Astype(dtype) => convert::astype(array(inputs, 0)?, *dtype)?,
        Op::Transpose(axes) => select::transpose(array(inputs, 0)?, axes)?,
        Op::Reshape(shape) => select::reshape(array(inputs, 0)?, shape)?,
        Op::Slice(indices) => select::slice(array(inputs, 0)?, indices)?,
        Op::Take(take) => select::take(array(inputs, 0)?, take)?,
        Op::Concatenate(axis) => select::concatenate(inputs, *axis)?,
        Op::Merge(grid) => select::merge(inputs, grid)?,
        Op::Reduce(parameters) => return reduce::reduce(parameters, inputs),
        Op::Cumsum(cumsum) => statistics::cumsum(array(inputs, 0)?, *cumsum)?,
        Op::Topk(topk) => statistics::topk(inputs, topk)?,
        Op::Histogram(histogram) => statistics::histogram(array(inputs, 0)?, histogram)?,
        Op::Percentile(percentile) => return statistics::percentile(inputs, percentile),
        Op::Tensordot(tensordot) => products::tensordot(inputs, tensordot)?,
        Op::Matmul(matmul) => products::matmul(inputs, *matmul)?,
        Op::Qr => return factors::qr(array(inputs, 0)?),
        Op::Svd => return factors::svd(array(inputs, 0)?),
        Op::Item(item) => return item_of(inputs, *item),
        Op::Life => neighbours::life(array(inputs, 0)?)?,
        Op::Heat(heat) => neighbours::heat(array(inputs, 0)?, *heat)?,
        Op::Mandelbrot(parameters) => mandelbrot::mandelbrot(inputs, *parameters)?,
        Op::Fused(parts) => return fused::fused(parts, inputs, |op, inputs| execute(op, inputs, attempt)),
    };
    Ok(block.into())
}

/// One value of a tuple.
fn item_of(inputs: &[Input<'_>], item: u8) -> Result<Value, Message> {
    match inputs.first().map(|input| &**input) {
        Some(Value::Tuple(values)) => values
            .get(usize::from(item))
            .cloned()
            .ok_or_else(|| format!("there is no item {item}: the tuple has {}", values.len()).into()),
        Some(other) => Err(format!("input 0 must be a tuple, not {other:?}").into()),
        None => Err("input 0 is missing".into()),
    }
}
