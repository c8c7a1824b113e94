//! Arrays cut into blocks: `dask.array`.
//!
//! An [`Array`] says how each of its blocks comes from blocks of other arrays; its [`graph`](Array::graph) has a
//! task for each. Names and tree shapes are Dask's, so its dashboard's colours and prefixes apply.
//!
//! ```
//! use dagdeck::{Options, Plan, collections::array as da, scheduler};
//!
//! let x = da::random::default_rng(42).normal(0.0, 1.0, &[40, 40], 10)?;
//! let y = x.add(&x.t())?.mean(&[0])?;
//! assert_eq!((y.shape(), y.name().starts_with("mean_agg-aggregate-")), (vec![40], true));
//! # Ok::<(), dagdeck::Error>(())
//! ```

pub mod random;

use std::{collections::HashSet, fmt, sync::Arc};

use ndarray::{ArrayD, IxDyn, Slice};
use smallvec::SmallVec;

use super::Chunks;
use crate::{
    dtype::DType,
    error::{Error, Result},
    graph::{GraphBuilder, TaskGraph},
    key::{Key, tokenize},
    op::{Arange, Axes, Distribution, Full, Op, Operands, Random, Reduce, Reduction, Stage, Ufunc},
    value::Value,
};

/// How many blocks a reduction combines at each step, over all axes together: Dask's default.
const SPLIT_EVERY: f64 = 4.0;

/// A lazy array of doubles, in blocks.
#[derive(Clone)]
pub struct Array {
    name: Arc<str>,
    chunks: Chunks,
    layer: Arc<Layer>,
}

/// How the blocks of an array are made.
#[derive(Debug)]
enum Layer {
    Full { fill_value: f64 },
    Arange { start: f64, step: f64 },
    Random { distribution: Distribution, seed: u64, first_child: u32 },
    Elementwise { ufunc: Ufunc, operands: Operands, inputs: Vec<Array> },
    Transpose { input: Array, axes: Axes },
    Reduce { input: Array, parameters: Reduce, split: Vec<usize> },
}

/// An array of ones: `da.ones`.
///
/// # Errors
/// `chunk` is 0.
pub fn ones(shape: &[usize], chunk: usize) -> Result<Array> {
    Ok(Array::new("ones_like", Chunks::uniform(shape, chunk)?, Layer::Full { fill_value: 1.0 }))
}

/// `start`, `start + step`, … up to but not including `stop`: `da.arange`.
///
/// # Errors
/// `chunk` or `step` is 0.
pub fn arange(start: f64, stop: f64, step: f64, chunk: usize) -> Result<Array> {
    let len = ((stop - start) / step).ceil().max(0.0);
    if !len.is_finite() {
        return Err(Error::invalid(format!("arange({start}, {stop}, {step}): no finite number of elements")));
    }
    Ok(Array::new("arange", Chunks::uniform(&[len as usize], chunk)?, Layer::Arange { start, step }))
}

impl Array {
    fn new(prefix: &str, chunks: Chunks, layer: Layer) -> Array {
        Array { name: tokenize(prefix, &(&chunks, &layer)), chunks, layer: Arc::new(layer) }
    }

    /// What its tasks are called: a prefix and a token, equal for equal arrays.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is cut into blocks.
    pub fn chunks(&self) -> &Chunks {
        &self.chunks
    }

    /// The length of each axis.
    pub fn shape(&self) -> Vec<usize> {
        self.chunks.shape()
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.chunks.ndim()
    }

    /// The array with its axes in reverse order: `x.T`.
    pub fn t(&self) -> Array {
        let axes: Vec<usize> = (0..self.ndim()).rev().collect();
        self.transpose(&axes).expect("reversed axes are a permutation")
    }

    /// Axis `i` of the result is axis `axes[i]` of this one.
    ///
    /// # Errors
    /// `axes` is no permutation of this array's axes.
    pub fn transpose(&self, axes: &[usize]) -> Result<Array> {
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..self.ndim()) {
            return Err(Error::invalid(format!("axes {axes:?} are no permutation of {} axes", self.ndim())));
        }
        let chunks = Chunks::explicit(axes.iter().map(|&axis| self.chunks.axis(axis).to_vec()).collect());
        let axes = axes.iter().map(|&axis| axis as u8).collect();
        Ok(Array::new("transpose", chunks, Layer::Transpose { input: self.clone(), axes }))
    }

    /// `x + y`
    ///
    /// # Errors
    /// The shapes do not broadcast, or their blocks do not meet. So for the other operators.
    pub fn add(&self, other: impl Into<Operand>) -> Result<Array> {
        self.binary(Ufunc::Add, other)
    }

    /// `x - y`
    pub fn sub(&self, other: impl Into<Operand>) -> Result<Array> {
        self.binary(Ufunc::Sub, other)
    }

    /// `x * y`
    pub fn mul(&self, other: impl Into<Operand>) -> Result<Array> {
        self.binary(Ufunc::Mul, other)
    }

    /// `x / y`
    pub fn truediv(&self, other: impl Into<Operand>) -> Result<Array> {
        self.binary(Ufunc::TrueDiv, other)
    }

    /// `-x`
    pub fn neg(&self) -> Array {
        self.unary(Ufunc::Neg.prefix(), Ufunc::Neg)
    }

    /// The square root of each element.
    pub fn sqrt(&self) -> Array {
        self.unary(Ufunc::Sqrt.prefix(), Ufunc::Sqrt)
    }

    fn unary(&self, prefix: &str, ufunc: Ufunc) -> Array {
        let layer = Layer::Elementwise { ufunc, operands: Operands::Inputs, inputs: vec![self.clone()] };
        Array::new(prefix, self.chunks.clone(), layer)
    }

    fn binary(&self, ufunc: Ufunc, other: impl Into<Operand>) -> Result<Array> {
        let (chunks, operands, inputs) = match other.into() {
            Operand::Number(y) => (self.chunks.clone(), Operands::right(y), vec![self.clone()]),
            Operand::Array(y) => (self.chunks.broadcast(&y.chunks)?, Operands::Inputs, vec![self.clone(), y]),
        };
        Ok(Array::new(ufunc.prefix(), chunks, Layer::Elementwise { ufunc, operands, inputs }))
    }

    /// The sum over `axes`; over all, if none is named.
    ///
    /// # Errors
    /// An axis that this array has not, or one named twice. So for the other reductions.
    pub fn sum(&self, axes: &[usize]) -> Result<Array> {
        self.reduce(Reduction::Sum, ["sum", "sum-partial", "sum-aggregate"], axes)
    }

    /// The mean over `axes`; over all, if none is named.
    pub fn mean(&self, axes: &[usize]) -> Result<Array> {
        self.reduce(Reduction::Mean, ["mean_chunk", "mean_combine-partial", "mean_agg-aggregate"], axes)
    }

    /// The variance over `axes`; over all, if none is named. Divides by the number of elements less `ddof`.
    pub fn var(&self, axes: &[usize], ddof: f64) -> Result<Array> {
        self.reduce(Reduction::Var { ddof }, ["var", "var-partial", "var-aggregate"], axes)
    }

    /// The standard deviation over `axes`; over all, if none is named.
    pub fn std(&self, axes: &[usize], ddof: f64) -> Result<Array> {
        Ok(self.var(axes, ddof)?.unary("_sqrt", Ufunc::Sqrt))
    }

    /// A tree: a partial result for each block, then one for every few of those, until few enough are left.
    fn reduce(&self, reduction: Reduction, prefixes: [&str; 3], axes: &[usize]) -> Result<Array> {
        let axes: Axes = match axes {
            [] => (0..self.ndim() as u8).collect(),
            axes => axes.iter().map(|&axis| axis.min(u8::MAX as usize) as u8).collect(),
        };
        for (i, &axis) in axes.iter().enumerate() {
            if axis as usize >= self.ndim() || axes[..i].contains(&axis) {
                let ndim = self.ndim();
                return Err(Error::invalid(format!(
                    "axis {axis} of {axes:?}: each must be below {ndim}, and be named once"
                )));
            }
        }
        let step = |input: Array, stage, per_axis: usize| {
            let mut split = vec![1; input.ndim()];
            axes.iter().for_each(|&axis| split[axis as usize] = per_axis);
            let parameters = Reduce::new(reduction, stage, axes.iter().copied());
            let chunks = reduced_chunks(&input.chunks, &parameters, &split);
            Array::new(prefixes[stage as usize], chunks, Layer::Reduce { input, parameters, split })
        };
        // Over several axes the blocks combined are a square, a cube, …: about as many in all.
        let per_axis = (SPLIT_EVERY.powf(1.0 / axes.len().max(1) as f64) as usize).max(2);
        let mut partial = step(self.clone(), Stage::Chunk, 1);
        while axes.iter().any(|&axis| partial.chunks.axis(axis as usize).len() > per_axis) {
            partial = step(partial, Stage::Combine, per_axis);
        }
        Ok(step(partial, Stage::Aggregate, per_axis))
    }

    /// The task graph whose targets are this array's blocks, in C order.
    ///
    /// # Errors
    /// None that a user could cause.
    pub fn graph(&self) -> Result<TaskGraph> {
        let mut graph = GraphBuilder::new();
        self.emit(&mut graph, &mut HashSet::new());
        for index in self.chunks.indices() {
            graph.target(self.key(&index));
        }
        graph.build()
    }

    fn key(&self, index: &[u32]) -> Key {
        Key::block(self.name.clone(), index)
    }

    /// Adds the tasks of this array and of those that it is made from, each array once.
    fn emit<'a>(&'a self, graph: &mut GraphBuilder, emitted: &mut HashSet<&'a str>) {
        if !emitted.insert(&self.name) {
            return;
        }
        for input in self.layer.inputs() {
            input.emit(graph, emitted);
        }
        for (block, index) in self.chunks.indices().enumerate() {
            let op = self.op(block as u32, &index);
            graph.task(self.key(&index), op, self.layer.block_inputs(&index));
        }
    }

    fn op(&self, block: u32, index: &[u32]) -> Op {
        let shape = || self.chunks.block_shape(index);
        match &*self.layer {
            Layer::Full { fill_value } => {
                let (fill_value, dtype) = ((*fill_value).into(), DType::Float64);
                Op::Full(Full { shape: shape(), fill_value, dtype }.into())
            }
            Layer::Arange { start, step } => {
                let before: usize = self.chunks.axis(0)[..index[0] as usize].iter().sum();
                let start = start + before as f64 * step;
                let (start, step) = (start.into(), (*step).into());
                Op::Arange(Arange { start, step, len: shape()[0], dtype: DType::Float64 }.into())
            }
            Layer::Random { distribution, seed, first_child } => {
                let (seed, child) = (*seed, first_child + block);
                Op::Random(Random { shape: shape(), distribution: *distribution, seed, child }.into())
            }
            Layer::Elementwise { ufunc, operands, .. } => Op::Elementwise(*ufunc, operands.clone()),
            Layer::Transpose { axes, .. } => Op::Transpose(axes.clone().into()),
            Layer::Reduce { parameters, .. } => Op::Reduce(parameters.clone().into()),
        }
    }

    /// Puts the blocks of a computed array together.
    ///
    /// # Panics
    /// If `blocks` are not the values of this array's [`graph`](Array::graph).
    pub fn assemble(&self, blocks: &[Value]) -> ArrayD<f64> {
        let mut whole = ArrayD::zeros(IxDyn(&self.shape()));
        for (block, index) in blocks.iter().zip(self.chunks.indices()) {
            let block = block.elements::<f64>().expect("the tasks of an array have arrays as values");
            let mut place = whole.slice_each_axis_mut(|axis| {
                let (lengths, i) = (self.chunks.axis(axis.axis.index()), index[axis.axis.index()] as usize);
                let start: usize = lengths[..i].iter().sum();
                Slice::from(start..start + lengths[i])
            });
            place.assign(block);
        }
        whole
    }
}

impl fmt::Debug for Array {
    /// The name alone, which stands for all that the array is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Array {
    /// As Dask prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chunksize =
            (0..self.ndim()).map(|axis| self.chunks.axis(axis).iter().max().copied().unwrap_or(0));
        let prefix = Key::new(self.name.clone()).prefix().to_owned();
        let (shape, chunksize) = (tuple(self.shape()), tuple(chunksize));
        write!(f, "dask.array<{prefix}, shape={shape}, dtype=float64, chunksize={chunksize}>")
    }
}

/// As Python prints a tuple.
fn tuple(lengths: impl IntoIterator<Item = usize>) -> String {
    match lengths.into_iter().map(|length| length.to_string()).collect::<Vec<_>>().as_slice() {
        [one] => format!("({one},)"),
        all => format!("({})", all.join(", ")),
    }
}

/// The right operand of an operator.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An array.
    Array(Array),
    /// A number.
    Number(f64),
}

impl From<&Array> for Operand {
    fn from(array: &Array) -> Operand {
        Operand::Array(array.clone())
    }
}

impl From<f64> for Operand {
    fn from(number: f64) -> Operand {
        Operand::Number(number)
    }
}

impl Layer {
    fn inputs(&self) -> &[Array] {
        match self {
            Layer::Full { .. } | Layer::Arange { .. } | Layer::Random { .. } => &[],
            Layer::Elementwise { inputs, .. } => inputs,
            Layer::Transpose { input, .. } | Layer::Reduce { input, .. } => std::slice::from_ref(input),
        }
    }

    /// The blocks from which the block `index` is made.
    fn block_inputs(&self, index: &[u32]) -> Vec<Key> {
        match self {
            Layer::Full { .. } | Layer::Arange { .. } | Layer::Random { .. } => Vec::new(),
            Layer::Elementwise { inputs, .. } => {
                inputs.iter().map(|input| input.broadcast_key(index)).collect()
            }
            Layer::Transpose { input, axes } => {
                let mut from: SmallVec<[u32; 4]> = SmallVec::from_slice(index);
                axes.iter().zip(index).for_each(|(&axis, &i)| from[axis as usize] = i);
                vec![input.key(&from)]
            }
            Layer::Reduce { input, parameters, split } => input.group_keys(index, parameters, split),
        }
    }
}

impl Array {
    /// The key of the block that broadcasts to the block `index` of an array of as many axes or more.
    fn broadcast_key(&self, index: &[u32]) -> Key {
        let last = &index[index.len() - self.ndim()..];
        let fitted =
            last.iter().enumerate().map(|(axis, &i)| if self.chunks.axis(axis).len() == 1 { 0 } else { i });
        self.key(&fitted.collect::<SmallVec<[u32; 4]>>())
    }

    /// The keys of the blocks that are reduced to the block `index` of the result, in C order.
    fn group_keys(&self, index: &[u32], parameters: &Reduce, split: &[usize]) -> Vec<Key> {
        let mut index = index.iter();
        let kept = |axis: u8| !drops_axes(parameters) || !parameters.axes.contains(&axis);
        let ranges = (0..self.ndim()).map(|axis| {
            let group = if kept(axis as u8) { *index.next().expect("a place for each kept axis") } else { 0 };
            let start = group as usize * split[axis];
            start..self.chunks.axis(axis).len().min(start + split[axis])
        });
        let ranges: Vec<_> = ranges.collect();
        let group = Chunks::explicit(ranges.iter().map(|range| vec![0; range.len()]).collect());
        let absolute = |offset: Vec<u32>| -> SmallVec<[u32; 4]> {
            ranges.iter().zip(offset).map(|(range, i)| range.start as u32 + i).collect()
        };
        group.indices().map(|offset| self.key(&absolute(offset))).collect()
    }
}

/// Whether the result of this step lacks the reduced axes.
fn drops_axes(parameters: &Reduce) -> bool {
    parameters.stage == Stage::Aggregate && !parameters.keepdims
}

/// The chunks after one step of a reduction: along reduced axes every `split` blocks become one of length 1.
fn reduced_chunks(chunks: &Chunks, parameters: &Reduce, split: &[usize]) -> Chunks {
    let kept = (0..chunks.ndim())
        .filter(|&axis| !drops_axes(parameters) || !parameters.axes.contains(&(axis as u8)));
    let lengths = kept.map(|axis| match parameters.axes.contains(&(axis as u8)) {
        true => vec![1; chunks.axis(axis).len().div_ceil(split[axis])],
        false => chunks.axis(axis).to_vec(),
    });
    Chunks::explicit(lengths.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn tasks_by_prefix(array: &Array) -> BTreeMap<String, usize> {
        let graph = array.graph().unwrap();
        let mut counts = BTreeMap::new();
        for task in graph.tasks() {
            *counts.entry(graph.key(task).prefix().to_owned()).or_default() += 1;
        }
        counts
    }

    fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
        expected.iter().map(|&(prefix, count)| (prefix.to_owned(), count)).collect()
    }

    /// The counts are those of dask 2026.8 before it optimises.
    #[test]
    fn graphs_have_dasks_prefixes_and_counts() {
        let x = random::default_rng(0).normal(0.0, 1.0, &[4000, 4000], 500).unwrap();
        let mean = [("mean_chunk", 64), ("normal", 64)];
        assert_eq!(
            tasks_by_prefix(&x.add(&x.t()).unwrap().mean(&[0]).unwrap()),
            counts(
                &[
                    &mean[..],
                    &[
                        ("add", 64),
                        ("transpose", 64),
                        ("mean_combine-partial", 16),
                        ("mean_agg-aggregate", 8)
                    ]
                ]
                .concat()
            )
        );
        assert_eq!(
            tasks_by_prefix(&x.mean(&[]).unwrap()),
            counts(&[&mean[..], &[("mean_combine-partial", 20), ("mean_agg-aggregate", 1)]].concat())
        );
        assert_eq!(
            tasks_by_prefix(&x.std(&[], 0.0).unwrap()),
            counts(&[("normal", 64), ("var", 64), ("var-partial", 20), ("var-aggregate", 1), ("_sqrt", 1)])
        );
        assert_eq!(
            tasks_by_prefix(&x.add(1.0).unwrap().sum(&[1]).unwrap()),
            counts(&[("normal", 64), ("add", 64), ("sum", 64), ("sum-partial", 16), ("sum-aggregate", 8)])
        );
    }

    #[test]
    fn an_array_prints_as_in_dask() {
        let x = ones(&[5, 4], 2).unwrap();
        assert_eq!(x.to_string(), "dask.array<ones_like, shape=(5, 4), dtype=float64, chunksize=(2, 2)>");
        let mean = "dask.array<mean_agg-aggregate, shape=(4,), dtype=float64, chunksize=(2,)>";
        assert_eq!(x.mean(&[0]).unwrap().to_string(), mean);
    }

    #[test]
    fn axes_that_are_not_there_are_refused() {
        let x = ones(&[5, 4], 2).unwrap();
        let error = x.sum(&[2]).unwrap_err().to_string();
        assert_eq!(error, "axis 2 of [2]: each must be below 2, and be named once");
        assert!(x.mean(&[0, 0]).is_err());
        assert!(x.transpose(&[0, 0]).is_err());
    }
}
