//! Functions of whole blocks: `da.map_blocks`.

use super::{
    Array,
    elementwise::{check_types, elementwise},
};
use crate::{
    error::{Error, Result},
    operations::{ForeignFunction, Heat, Mandelbrot, Op, Operands, Ufunc},
};

/// A named function of blocks. The list is closed, because graphs are data. A [foreign](map_function) function can be any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BlockFunction {
    /// The next generation of Conway's game of life; the block wraps around at its edges.
    Life,
    /// One step of the heat equation; the block wraps around at its edges.
    Heat {
        /// The part of the difference to its four neighbours by which an element moves.
        rate: f64,
    },
    /// The number of steps after which points leave the Mandelbrot set, from their real and imaginary parts, which
    /// are broadcast.
    Mandelbrot {
        /// The maximum number of steps.
        max_iter: u32,
    },
    /// A function of each element.
    Ufunc(Ufunc),
}

impl BlockFunction {
    /// The name of its tasks.
    pub fn name(self) -> &'static str {
        match self {
            BlockFunction::Life => "life",
            BlockFunction::Heat { .. } => "heat",
            BlockFunction::Mandelbrot { .. } => "mandelbrot",
            BlockFunction::Ufunc(Ufunc::Neg) => "negative",
            BlockFunction::Ufunc(Ufunc::Abs) => "absolute",
            BlockFunction::Ufunc(ufunc) => ufunc.prefix(),
        }
    }

    fn arity(self) -> usize {
        match self {
            BlockFunction::Life | BlockFunction::Heat { .. } => 1,
            BlockFunction::Mandelbrot { .. } => 2,
            BlockFunction::Ufunc(ufunc) => ufunc.arity(),
        }
    }

    /// Checks that it supports the types of `arrays`.
    fn check(self, arrays: &[Array]) -> Result<()> {
        match self {
            BlockFunction::Life if arrays[0].dtype().is_float() => Err(Error::invalid(format!(
                "life: the board must be an array of integers, not {}",
                arrays[0].dtype()
            ))),
            BlockFunction::Ufunc(ufunc) => check_types(ufunc, &Operands::Inputs, arrays),
            _ => Ok(()),
        }
    }

    fn op(self) -> Op {
        match self {
            BlockFunction::Life => Op::Life,
            BlockFunction::Heat { rate } => Op::Heat(Heat { rate }),
            BlockFunction::Mandelbrot { max_iter } => Op::Mandelbrot(Mandelbrot { max_iter }),
            BlockFunction::Ufunc(ufunc) => Op::elementwise(ufunc, Operands::Inputs),
        }
    }
}

/// Applies `function` to corresponding blocks of arrays that are broadcast to each other.
///
/// # Errors
/// If the number of arrays is wrong, their shapes do not broadcast, or the function does not support their types.
pub fn map_blocks(function: BlockFunction, arrays: &[Array]) -> Result<Array> {
    if arrays.len() != function.arity() {
        let (name, takes, given) = (function.name(), function.arity(), arrays.len());
        return Err(Error::invalid(format!("{name} takes {takes} arrays but {given} were given")));
    }
    function.check(arrays)?;
    elementwise(function.name(), arrays, function.op())
}

/// Applies a function of another language, as [`map_blocks`] does. It must [say](crate::operations::Callable::returns) what it
/// returns, and its debug text must be different from that of other functions: the names of tasks depend on it.
///
/// # Errors
/// If the shapes of the arrays do not broadcast.
pub fn map_function(name: &str, function: ForeignFunction, arrays: &[Array]) -> Result<Array> {
    elementwise(name, arrays, Op::Foreign(function))
}
