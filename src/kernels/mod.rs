//! Kernels: what operations do with values. The only numeric work of the crate.

mod block;
mod busy;
mod elementwise;
mod fused;
pub mod random;
mod reduce;
mod size;

pub(crate) use block::block_size;
pub(crate) use elementwise::broadcast_shape;
pub use size::output_bytes;

use std::borrow::Cow;

use ndarray::{ArrayD, IxDyn};

use crate::{
    block::{Block, Elements},
    op::{Distribution, Op, Random},
    value::Value,
};

const NOT_BUILT: &str = "not built yet";

/// Why a kernel gave no value.
pub type Message = Cow<'static, str>;

/// Applies `op` to the values of a task's dependencies. `attempt` counts from 0: what failed may be tried again.
///
/// # Errors
/// Inputs that the operation cannot take: too few, of the wrong kind, or of shapes that do not fit.
///
/// # Panics
/// [`Op::Panic`] does, as any kernel with a bug would; schedulers turn that into an error of the task.
pub fn execute(op: &Op, inputs: &[&Value], attempt: u8) -> Result<Value, Message> {
    let block = match op {
        Op::NoOp => return Ok(Value::None),
        Op::Busy(busy) => return busy::busy(*busy, attempt),
        Op::Panic(message) => panic!("{message}"),
        Op::Full(full) if full.dtype != crate::DType::Float64 => return Err(NOT_BUILT.into()),
        Op::Arange(range) if range.dtype != crate::DType::Float64 => return Err(NOT_BUILT.into()),
        Op::Full(full) => block::filled(&full.shape, full.fill_value.as_f64())?.into_shared(),
        Op::Arange(range) => {
            let mut block = block::filled(&[range.len], range.start.as_f64())?;
            block.iter_mut().enumerate().for_each(|(i, x)| *x += i as f64 * range.step.as_f64());
            block.into_shared()
        }
        Op::Random(random) => draw(random)?.into_shared(),
        Op::Elementwise(ufunc, operands) => elementwise::elementwise(*ufunc, operands, inputs)?,
        Op::Transpose(axes) => transpose(array(inputs, 0)?, axes)?,
        Op::Reduce(parameters) => return reduce::reduce(parameters, inputs),
        Op::Fused(parts) => return fused::fused(parts, inputs, attempt),
        _ => return Err(NOT_BUILT.into()),
    };
    Ok(Block::from(block).into())
}

/// A block of random numbers: as NumPy draws them from this child of the seed.
fn draw(parameters: &Random) -> Result<ArrayD<f64>, Message> {
    let mut generator = random::chunk_generator(parameters.seed.into(), parameters.child);
    let mut block = block::filled(&parameters.shape, 0.0)?;
    let data = block.as_slice_mut().expect("a block that was just made is in C order");
    match parameters.distribution {
        Distribution::Uniform => generator.random(data),
        Distribution::Normal { loc, scale } => generator.normal(loc, scale, data),
        Distribution::Integers { .. } => return Err(NOT_BUILT.into()),
    }
    Ok(block)
}

/// Shares the data of `block`.
fn transpose(block: &Elements<f64>, axes: &[u8]) -> Result<Elements<f64>, Message> {
    let mut seen = [false; u8::MAX as usize + 1];
    let once =
        |&axis: &u8| (axis as usize) < block.ndim() && !std::mem::replace(&mut seen[axis as usize], true);
    if axes.len() != block.ndim() || !axes.iter().all(once) {
        return Err(format!("axes {axes:?} are no permutation of {} axes", block.ndim()).into());
    }
    let axes: Vec<usize> = axes.iter().map(|&axis| axis as usize).collect();
    Ok(block.clone().permuted_axes(IxDyn(&axes)))
}

/// Input `i`, which must be an array.
fn array<'a>(inputs: &[&'a Value], i: usize) -> Result<&'a Elements<f64>, Message> {
    match inputs.get(i) {
        Some(Value::Array(block)) => block.elements().ok_or(NOT_BUILT.into()),
        Some(other) => Err(format!("input {i} must be an array, not {other:?}").into()),
        None => Err(format!("input {i} is missing").into()),
    }
}
