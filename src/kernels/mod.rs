//! Kernels: what operations do with values. The only numeric work of the crate.
//!
//! One noun a file. A kernel gets its [`Input`]s, of which it may use up those that nobody else needs; it refuses what
//! does not fit together, and results that would be too large, before it makes anything. How large a result will be,
//! [`output_bytes`] tells beforehand.

mod arithmetic;
mod block;
mod busy;
mod convert;
mod create;
mod elementwise;
mod extreme;
mod factors;
mod fold;
mod fused;
mod mandelbrot;
mod matrix;
mod moments;
mod neighbours;
mod products;
pub mod random;
mod reduce;
mod select;
mod size;
mod statistics;

pub(crate) use block::block_size;
pub(crate) use busy::steps_per_us;
#[cfg(target_arch = "wasm32")]
pub(crate) use convert::in_c_order;
pub(crate) use convert::{copy, in_order};
pub(crate) use elementwise::broadcast_shape;
pub use size::output_bytes;

use std::borrow::Cow;

use crate::{block::Block, op::Op, value::Value};

/// Why a kernel gave no value.
pub type Message = Cow<'static, str>;

/// The value of a task's dependency. Owned, if the task is the last that needs it: then its buffer may become that of
/// the result.
pub type Input<'a> = Cow<'a, Value>;

/// Applies `op` to the values of a task's dependencies. `attempt` counts from 0: what failed may be tried again.
///
/// # Errors
/// Inputs that the operation cannot take: too few, of the wrong kind, or of shapes that do not fit. Those that were
/// owned may be used up even then.
///
/// # Panics
/// [`Op::Panic`] does, as any kernel with a bug would; schedulers turn that into an error of the task.
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
        Op::Fused(parts) => return fused::fused(parts, inputs, attempt),
    };
    Ok(block.into())
}

/// The value of an input, which is not needed as an input any more. Shares its data, if others need it.
fn take(input: &mut Input<'_>) -> Value {
    std::mem::take(input).into_owned()
}

/// Input `i`, which must be an array.
fn array<'a>(inputs: &'a [Input<'_>], i: usize) -> Result<&'a Block, Message> {
    match inputs.get(i).map(|input| &**input) {
        Some(Value::Array(block)) => Ok(block),
        Some(other) => Err(format!("input {i} must be an array, not {other:?}").into()),
        None => Err(format!("input {i} is missing").into()),
    }
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
