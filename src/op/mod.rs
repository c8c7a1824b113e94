//! Operations: the closed list of what a task can do, with its parameters and without its code.
//!
//! An operation is plain data, so a graph can be sent anywhere and read back. What it does is in
//! [`kernels`](crate::kernels); its inputs are the values of the task's dependencies, in their order. How it is
//! written in JSON is told in [`graph::json`](crate::graph::json).

mod check;
mod create;
mod form;
mod fused;
mod reduce;
mod select;
mod shape;
mod ufunc;

pub use create::{Arange, Distribution, Eye, Full, Linspace, Random};
pub use fused::{Args, Source};
pub use reduce::{Cumsum, Histogram, Percentile, Place, Reduce, Reduction, Stage};
pub use select::{Index, Indices, Places, Slice, Take, Topk};
pub use shape::{Axes, Shape};
pub use ufunc::{Operands, Signature, Ufunc};

use serde::{Deserialize, Serialize};

use crate::{block::Block, dtype::DType, number};

/// Several operations as one task.
pub type Fused = fused::Fused<Op>;

/// One operation of a fused one.
pub type Part = fused::Part<Op>;

/// What a task does.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Nothing, whatever the inputs: what remains is the scheduler's overhead.
    NoOp,
    /// Computes for a while; its value is none.
    Busy(Busy),
    /// Panics with this message, as a bug in a kernel would.
    Panic(Box<str>),
    /// The value of its input, under another key.
    Alias,
    /// A block filled with one number.
    Full(Box<Full>),
    /// A block of numbers, each so much larger than the one before.
    Arange(Box<Arange>),
    /// A block of numbers, evenly spaced between two.
    Linspace(Box<Linspace>),
    /// A block with ones on a diagonal.
    Eye(Box<Eye>),
    /// A block that is there already.
    Block(Box<Block>),
    /// A block of random numbers.
    Random(Box<Random>),
    /// A function of each element.
    Elementwise(Ufunc, Operands),
    /// The same numbers as another type.
    Astype(DType),
    /// Axis `i` of the result is axis `axes[i]` of the input.
    Transpose(Box<Axes>),
    /// The same elements in C order in another shape.
    Reshape(Box<Shape>),
    /// Python's basic indexing. Axes beyond those that are named are taken whole.
    Slice(Box<Indices>),
    /// The elements at these places along an axis.
    Take(Box<Take>),
    /// Blocks one after another along this axis.
    Concatenate(u8),
    /// Blocks that lie in a grid of this shape, given in C order, as one.
    Merge(Box<Shape>),
    /// One step of a tree reduction.
    Reduce(Box<Reduce>),
    /// The sum up to each element.
    Cumsum(Cumsum),
    /// One step of finding the largest elements.
    Topk(Box<Topk>),
    /// How many elements lie in each bin: of shape `(1, bins)`.
    Histogram(Box<Histogram>),
    /// One step of approximate percentiles.
    Percentile(Box<Percentile>),
    /// The sum of products over pairs of axes: `numpy.tensordot`.
    Tensordot(Box<Tensordot>),
    /// The product of matrices, or of stacks of them: `numpy.matmul`.
    Matmul(Matmul),
    /// Q and R of a matrix, as a tuple: `numpy.linalg.qr`.
    Qr,
    /// U, S and Vh of a matrix, as a tuple: `numpy.linalg.svd(x, full_matrices=False)`.
    Svd,
    /// One value of a tuple.
    Item(u8),
    /// The next generation of Conway's game of life, the board's edges being joined.
    Life,
    /// One step of the heat equation, the plate's edges being joined.
    Heat(Heat),
    /// After how many steps points leave the Mandelbrot set, of their real and their imaginary parts.
    Mandelbrot(Mandelbrot),
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

/// Parameters of [`Op::Tensordot`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tensordot {
    /// The axes of the first operand over which products are summed.
    pub left: Axes,
    /// The axes of the second operand that go with them.
    pub right: Axes,
    /// Whether those of the first stay, with length 1: what a sum over several blocks needs.
    #[serde(default)]
    pub keepdims: bool,
}

/// Parameters of [`Op::Matmul`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matmul {
    /// Whether an axis of length 1 is left before the last one: what a sum over several blocks needs.
    #[serde(default)]
    pub keepdims: bool,
}

/// Parameters of [`Op::Heat`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heat {
    /// How much of the difference from its four neighbours an element takes over: 0 to 0.25 is stable.
    #[serde(with = "number")]
    pub rate: f64,
}

/// Parameters of [`Op::Mandelbrot`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandelbrot {
    /// When to give up: a point that has not left by then counts as one of the set.
    pub max_iter: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_small() {
        assert!(size_of::<Op>() <= 24, "{}", size_of::<Op>());
    }
}
