//! Kernels: what operations do with values. The only numeric work of the crate.

mod busy;
mod elementwise;
pub mod random;
mod reduce;
mod size;

pub(crate) use elementwise::broadcast_shape;
pub use size::output_bytes;

use std::borrow::Cow;

use ndarray::{Array, ArrayD, IxDyn};

use crate::{
    op::{Distribution, Op, Random},
    value::{Block, Value},
};

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
        Op::Full(full) => ArrayD::from_elem(IxDyn(&full.shape), full.fill_value).into_shared(),
        Op::Arange(range) => {
            Array::from_shape_fn(IxDyn(&[range.len]), |i| range.start + i[0] as f64 * range.step)
                .into_shared()
        }
        Op::Random(random) => draw(random),
        Op::Elementwise(ufunc, operands) => elementwise::elementwise(*ufunc, *operands, inputs)?,
        Op::Transpose(axes) => {
            let input = array(inputs, 0)?.clone();
            input.permuted_axes(axes.iter().map(|&axis| axis as usize).collect::<Vec<_>>())
        }
        Op::Reduce(parameters) => return reduce::reduce(parameters, inputs),
    };
    Ok(block.into())
}

/// A block of random numbers: as NumPy draws them from this child of the seed.
fn draw(parameters: &Random) -> Block {
    let mut generator = random::chunk_generator(parameters.seed.into(), parameters.child);
    let mut data = vec![0.0; parameters.shape.iter().product()];
    match parameters.distribution {
        Distribution::Uniform => generator.random(&mut data),
        Distribution::Normal { loc, scale } => generator.normal(loc, scale, &mut data),
    }
    ArrayD::from_shape_vec(IxDyn(&parameters.shape), data)
        .expect("the buffer was made for this shape")
        .into_shared()
}

/// Input `i`, which must be an array.
fn array<'a>(inputs: &[&'a Value], i: usize) -> Result<&'a Block, Message> {
    match inputs.get(i) {
        Some(Value::Array(block)) => Ok(block),
        Some(other) => Err(format!("input {i} must be an array, not {other:?}").into()),
        None => Err(format!("input {i} is missing").into()),
    }
}
