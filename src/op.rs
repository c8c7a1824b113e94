//! Operations: the closed list of what a task can do, with its parameters and without its code.
//!
//! An operation is plain data, so a graph can be sent anywhere and read back. What it does is in
//! [`kernels`](crate::kernels); its inputs are the values of the task's dependencies, in their order. How it is
//! written in JSON is told in [`graph::json`](crate::graph::json).

mod check;
mod form;
mod fused;
mod number;

pub use fused::{Args, Fused, Part, Source};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What a task does.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Nothing, whatever the inputs: what remains is the scheduler's overhead.
    NoOp,
    /// Computes for a while; its value is none.
    Busy(Busy),
    /// Panics with this message, as a bug in a kernel would.
    Panic(Box<str>),
    /// A block filled with one number.
    Full(Box<Full>),
    /// A block of evenly spaced numbers.
    Arange(Box<Arange>),
    /// A block of random numbers.
    Random(Box<Random>),
    /// Arithmetic, element by element.
    Elementwise(Ufunc, Operands),
    /// Axis `i` of the result is axis `axes[i]` of the input.
    Transpose(Box<Axes>),
    /// One step of a tree reduction.
    Reduce(Box<Reduce>),
    /// Several operations, one after another, as one task.
    Fused(Box<Fused>),
}

/// Parameters of [`Op::Busy`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Busy {
    /// How many steps of a small computation are made: a million take some milliseconds.
    pub steps: u64,
    /// How many times it errs before it succeeds.
    #[serde(default)]
    pub failures: u8,
}

/// Axis numbers.
pub type Axes = SmallVec<[u8; 4]>;

/// The length of each axis of a block.
pub type Shape = SmallVec<[usize; 2]>;

/// Parameters of [`Op::Full`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Full {
    /// The block's shape.
    pub shape: Shape,
    /// What every element is.
    #[serde(with = "number")]
    pub fill_value: f64,
}

/// Parameters of [`Op::Arange`]: element `i` is `start + i * step`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arange {
    /// The first element.
    #[serde(with = "number")]
    pub start: f64,
    /// The distance between two elements.
    #[serde(with = "number")]
    pub step: f64,
    /// How many there are.
    pub len: usize,
}

/// Parameters of [`Op::Random`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Random {
    /// The block's shape.
    pub shape: Shape,
    /// How the numbers are spread.
    pub distribution: Distribution,
    /// The seed given to `default_rng`.
    pub seed: u64,
    /// Which child of that seed this block draws from, counted as Dask counts its chunks.
    #[serde(default)]
    pub child: u32,
}

/// How random numbers are spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Distribution {
    /// Evenly in `[0, 1)`.
    Uniform,
    /// Normally.
    Normal {
        /// The mean.
        #[serde(with = "number")]
        loc: f64,
        /// The standard deviation.
        #[serde(with = "number")]
        scale: f64,
    },
}

/// A function applied to each element: NumPy's word, and the names of Python's operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ufunc {
    /// `x + y`
    Add,
    /// `x - y`
    Sub,
    /// `x * y`
    Mul,
    /// `x / y`
    TrueDiv,
    /// `-x`
    Neg,
    /// The square root.
    Sqrt,
}

impl Ufunc {
    /// How many operands it takes.
    pub fn arity(self) -> usize {
        match self {
            Ufunc::Add | Ufunc::Sub | Ufunc::Mul | Ufunc::TrueDiv => 2,
            Ufunc::Neg | Ufunc::Sqrt => 1,
        }
    }

    /// The prefix that Dask gives to its tasks.
    pub fn prefix(self) -> &'static str {
        match self {
            Ufunc::Add => "add",
            Ufunc::Sub => "sub",
            Ufunc::Mul => "mul",
            Ufunc::TrueDiv => "truediv",
            Ufunc::Neg => "neg",
            Ufunc::Sqrt => "sqrt",
        }
    }
}

/// Where the operands of a [`Ufunc`] come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operands {
    /// Each is an input.
    Inputs,
    /// The left one is this number, the right one an input.
    ScalarLeft(f64),
    /// The left one is an input, the right one this number.
    ScalarRight(f64),
}

/// Parameters of [`Op::Reduce`].
#[derive(Clone, Debug, PartialEq)]
pub struct Reduce {
    /// What is computed.
    pub reduction: Reduction,
    /// Which step this is.
    pub stage: Stage,
    /// Over which axes.
    pub axes: Axes,
    /// Whether the result keeps the reduced axes, with length 1.
    pub keepdims: bool,
}

/// What a tree reduction computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reduction {
    /// The sum.
    Sum,
    /// The mean.
    Mean,
    /// The variance.
    Var {
        /// Divides by the number of elements less this.
        ddof: f64,
    },
}

/// The steps of a tree reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// One block in, its partial result out.
    Chunk,
    /// Partial results in, one partial result out.
    Combine,
    /// Partial results in, the result out.
    Aggregate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_small() {
        assert!(size_of::<Op>() <= 24, "{}", size_of::<Op>());
    }
}
