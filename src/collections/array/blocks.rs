//! Named functions of whole blocks: `da.map_blocks`.

use smallvec::SmallVec;

use super::{Array, elementwise::elementwise};
use crate::{
    dtype::DType,
    error::{Error, Result},
    op::{Heat, Mandelbrot, Op, Operands, Ufunc},
};

/// What is done with each block. Python would take any function; here there is a closed list, for graphs are data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BlockFunction {
    /// The next generation of Conway's game of life, the block's edges being joined.
    Life,
    /// One step of the heat equation, the block's edges being joined.
    Heat {
        /// How much of the difference from its four neighbours an element takes over.
        rate: f64,
    },
    /// After how many steps points leave the Mandelbrot set, of their real and their imaginary parts, which are
    /// broadcast.
    Mandelbrot {
        /// When to give up.
        max_iter: u32,
    },
    /// A function of each element.
    Ufunc(Ufunc),
}

impl BlockFunction {
    /// What its tasks are called.
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

    fn dtype(self, arrays: &[Array]) -> Result<DType> {
        let dtypes: SmallVec<[DType; 2]> = arrays.iter().map(Array::dtype).collect();
        match self {
            BlockFunction::Life if dtypes[0].is_float() => {
                Err(Error::invalid(format!("life: a board of {} is not one of integers", dtypes[0])))
            }
            BlockFunction::Life => Ok(dtypes[0]),
            BlockFunction::Heat { .. } => Ok(dtypes[0].inexact()),
            BlockFunction::Mandelbrot { .. } => Ok(DType::Int32),
            BlockFunction::Ufunc(ufunc) => {
                ufunc.signature(&dtypes, &[]).map(|signature| signature.result).map_err(Error::invalid)
            }
        }
    }

    fn op(self) -> Op {
        match self {
            BlockFunction::Life => Op::Life,
            BlockFunction::Heat { rate } => Op::Heat(Heat { rate }),
            BlockFunction::Mandelbrot { max_iter } => Op::Mandelbrot(Mandelbrot { max_iter }),
            BlockFunction::Ufunc(ufunc) => Op::Elementwise(ufunc, Operands::Inputs),
        }
    }
}

/// Applies `function` to blocks at the same place of arrays that are broadcast to each other.
///
/// # Errors
/// More or fewer arrays than it takes; shapes that do not broadcast; types that it does not take.
pub fn map_blocks(function: BlockFunction, arrays: &[Array]) -> Result<Array> {
    if arrays.len() != function.arity() {
        let (name, takes, given) = (function.name(), function.arity(), arrays.len());
        return Err(Error::invalid(format!("{name} takes {takes} arrays but {given} were given")));
    }
    elementwise(function.name(), arrays, function.dtype(arrays)?, function.op())
}
