//! Operations: the closed list of what a task can do.
//!
//! An operation is plain data, so a graph can be sent anywhere and read back. Its inputs are the values of the task's
//! dependencies, in their order. Each file has one operation or a close family: its parameters, their check, what is
//! known of the value beforehand, how the value is computed, and the JSON form, which
//! [`graph::json`](crate::graph::json) describes. The list below names them all; all that asks any operation for
//! something is generated from it.

mod alias;
mod arange;
mod astype;
mod binary;
mod block;
mod busy;
mod call;
mod choice;
mod concatenate;
mod creation;
mod cumsum;
mod einsum;
mod elementwise;
mod eye;
mod factors;
mod foreign;
mod form;
mod full;
mod fused;
mod getitem;
mod histogram;
mod item;
mod linspace;
mod list;
mod mandelbrot;
mod mask;
mod meta;
mod neighbours;
mod no_op;
mod operation;
mod panic;
mod percentile;
mod products;
mod random;
mod reduce;
mod reshape;
mod take;
mod topk;
mod transpose;
mod unique;

use std::ops::RangeInclusive;

pub use arange::Arange;
pub use busy::Busy;
pub(crate) use call::count;
pub use call::{Call, Function};
pub use choice::Choice;
pub use cumsum::Cumsum;
pub use einsum::Einsum;
pub use elementwise::Elementwise;
pub use eye::Eye;
pub use foreign::{Callable, ForeignFunction};
pub use full::Full;
pub use fused::{Args, Source};
pub use getitem::{Index, Indices, Places, Slice};
pub use histogram::Histogram;
pub use linspace::Linspace;
pub use mandelbrot::Mandelbrot;
pub use mask::Mask;
pub(crate) use meta::Meta;
pub use meta::UNKNOWN;
pub use neighbours::Heat;
pub use percentile::Percentile;
pub use products::{Matmul, Tensordot};
pub use random::{Distribution, Random};
pub use reduce::{Place, Reduce, Reduction, Stage};
pub use take::Take;
pub use topk::Topk;
pub use unique::Unique;

pub use crate::{
    block::{Axes, Shape},
    kernels::{Operands, Signature, Ufunc},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::MapAccess};

use self::{
    form::Named,
    list::{bound, operations, pattern, variant},
    operation::Operation,
};
use crate::{block::Block, dtype::DType, error::Message, kernels::Input, value::Value};

/// Several operations as one task.
pub type Fused = fused::Fused<Op>;

/// One operation of a fused one.
pub type Part = fused::Part<Op>;

operations! {
    /// Nothing, whatever the inputs: what remains is the scheduler's overhead.
    NoOp: no_op::NoOp,
    /// Computes for a while, and fails the first times; its value is none.
    Busy(Busy): Busy,
    /// Panics with this message, as a bug in a kernel would.
    Panic(Box<str>): panic::Panic,
    /// A named function of numbers. A null argument is an input.
    Call(Box<Call>): Call,
    /// The value of its input, under another key.
    Alias: alias::Alias,
    /// A block filled with one number.
    Full(Box<Full>): Full,
    /// A block of numbers, each so much larger than the one before.
    Arange(Box<Arange>): Arange,
    /// A block of numbers, evenly spaced between two.
    Linspace(Box<Linspace>): Linspace,
    /// A block with ones on a diagonal.
    Eye(Box<Eye>): Eye,
    /// A block that is there already.
    Block(Box<Block>): block::Given,
    /// A block of random numbers.
    Random(Box<Random>): Random,
    /// A block of random choices.
    Choice(Box<Choice>): Choice,
    /// The same numbers as another type.
    Astype(DType): astype::Astype,
    /// Axis `i` of the result is axis `axes[i]` of the input.
    Transpose(Box<Axes>): transpose::Transpose,
    /// The same elements in C order in another shape.
    Reshape(Box<Shape>): reshape::Reshape,
    /// Python's basic indexing; null is a new axis. Axes that are not named are taken whole.
    Slice(Box<Indices>): getitem::Getitem,
    /// The elements at these places along an axis.
    Take(Box<Take>): Take,
    /// The elements where a mask is true.
    Mask(Mask): Mask,
    /// Blocks one after another along this axis.
    Concatenate(u8): concatenate::Concatenate,
    /// Blocks that lie in a grid of this shape, given in C order, as one.
    Merge(Box<Shape>): concatenate::Merge,
    /// The sum up to each element.
    Cumsum(Cumsum): Cumsum,
    /// One step of finding the `k` largest elements, or the `-k` smallest.
    Topk(Box<Topk>): Topk,
    /// The distinct elements, sorted; with counts, also the sum of the counts of each, which the last half of the inputs has.
    Unique(Unique): Unique,
    /// How many elements lie in each bin: of shape `(1, bins)`.
    Histogram(Box<Histogram>): Histogram,
    /// One step of approximate percentiles.
    Percentile(Box<Percentile>): Percentile,
    /// The sum of products over pairs of axes: `numpy.tensordot`.
    Tensordot(Box<Tensordot>): Tensordot,
    /// The product of matrices, or of stacks of them: `numpy.matmul`.
    Matmul(Matmul): Matmul,
    /// The sum of products over labelled axes: `numpy.einsum`.
    Einsum(Box<Einsum>): Einsum,
    /// Q and R of a matrix, as a tuple: `numpy.linalg.qr`.
    Qr: factors::Qr,
    /// U, S and Vh of a matrix, as a tuple: `numpy.linalg.svd(x, full_matrices=False)`.
    Svd: factors::Svd,
    /// One value of a tuple.
    Item(u8): item::Item,
    /// The next generation of Conway's game of life, the board's edges being joined.
    Life: neighbours::Life,
    /// One step of the heat equation, the plate's edges being joined.
    Heat(Heat): Heat,
    /// After how many steps points leave the Mandelbrot set, of their real and their imaginary parts.
    Mandelbrot(Mandelbrot): Mandelbrot,
    /// A function of each element. A null operand is an input.
    Elementwise(Elementwise): Elementwise,
    /// One step of a tree reduction: of a chunk, of several results, or the last.
    Reduce(Box<Reduce>): Reduce,
    /// Several operations, one after another, as one task. Each takes inputs and earlier parts.
    Fused(Box<Fused>): Fused,
    /// A call of a function of another language.
    Foreign(ForeignFunction): foreign::ForeignCall,
}

impl Op {
    /// A function of each element.
    pub fn elementwise(ufunc: Ufunc, operands: Operands) -> Op {
        Op::Elementwise(Elementwise { ufunc, operands })
    }

    /// Checks that it takes that many inputs.
    ///
    /// # Errors
    /// It does not; the message says how many.
    pub fn check_arity(&self, inputs: usize) -> Result<(), Message> {
        let arity = self.arity();
        if arity.contains(&inputs) {
            return Ok(());
        }
        let takes = match (*arity.start(), *arity.end()) {
            (0, 0) => "no inputs".to_owned(),
            (1, 1) => "1 input".to_owned(),
            (least, usize::MAX) => format!("at least {least} input"),
            (least, _) => format!("{least} inputs"),
        };
        Err(format!("{} takes {takes}, not {inputs}", self.name()).into())
    }
}

/// The most bytes that `op` holds for these inputs: its value, and what its kernel allocates besides. 0 if it will
/// refuse the inputs; [`u64::MAX`] if they are too many to count.
pub fn output_bytes(op: &Op, inputs: &[Input<'_>]) -> u64 {
    let inputs: Vec<Meta> = inputs.iter().map(|value| Meta::of(value)).collect();
    forecast(op, &inputs.iter().collect::<Vec<_>>()).1
}

/// What is known of the value of `op` before it runs, and its [`output_bytes`].
pub(crate) fn forecast(op: &Op, inputs: &[&Meta]) -> (Option<Meta>, u64) {
    let value = op.infer(inputs);
    let bytes = value.as_ref().map_or(0, |value| value.bytes().saturating_add(op.scratch(inputs)));
    (value, bytes)
}

impl<'de> Deserialize<'de> for Op {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Op, D::Error> {
        form::read(deserializer)
    }
}

impl operation::Part for Op {
    fn check(&self) -> Result<(), Message> {
        self.check()
    }

    fn check_arity(&self, inputs: usize) -> Result<(), Message> {
        self.check_arity(inputs)
    }

    fn infer(&self, inputs: &[&Meta]) -> Option<Meta> {
        self.infer(inputs)
    }

    fn scratch(&self, inputs: &[&Meta]) -> u64 {
        self.scratch(inputs)
    }

    fn execute(&self, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
        execute(self, inputs, attempt)
    }

    fn cheap(&self) -> bool {
        self.cheap()
    }

    fn is_fused(&self) -> bool {
        matches!(self, Op::Fused(_))
    }

    fn example() -> Op {
        Op::elementwise(Ufunc::Neg, Operands::Inputs)
    }
}

#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;
