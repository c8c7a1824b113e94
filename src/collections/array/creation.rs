//! Arrays made from parameters, or from existing data.

use std::{
    fmt,
    hash::{DefaultHasher, Hasher},
    sync::Arc,
};

use ndarray::{Axis, Slice};
use smallvec::SmallVec;

use super::Array;
use crate::{
    block::{Block, each_block},
    collections::{
        chunks::{AxisSpec, ChunkSpec, Chunks, UNKNOWN, normalize_chunks, tuple},
        nodes::{Blockwise, Each, Emitter, Layer, MakeOp, Tasks},
    },
    dtype::DType,
    error::{Error, Result},
    graph::TaskId,
    kernels::in_order,
    operations::{Arange, Eye, Full, Linspace, Meta, Op},
    scalar::Scalar,
    value::Value,
};

/// An array of ones: `da.ones`.
///
/// # Errors
/// If the chunks do not fit the shape. The other functions fail in the same case.
pub fn ones(shape: &[usize], chunks: impl Into<ChunkSpec>, dtype: DType) -> Result<Array> {
    filled("ones_like", shape, Scalar::Int(1), chunks, dtype)
}

/// An array of zeros: `da.zeros`.
///
/// # Errors
/// As for [`ones`].
pub fn zeros(shape: &[usize], chunks: impl Into<ChunkSpec>, dtype: DType) -> Result<Array> {
    filled("zeros_like", shape, Scalar::Int(0), chunks, dtype)
}

/// An array whose elements are all `fill_value`: `da.full`. The default type is that of `fill_value`.
///
/// # Errors
/// As for [`ones`].
pub fn full(
    shape: &[usize],
    fill_value: impl Into<Scalar>,
    chunks: impl Into<ChunkSpec>,
    dtype: Option<DType>,
) -> Result<Array> {
    let fill_value = fill_value.into();
    filled("full_like", shape, fill_value, chunks, dtype.unwrap_or(fill_value.dtype()))
}

fn filled(
    prefix: &str,
    shape: &[usize],
    fill_value: Scalar,
    chunks: impl Into<ChunkSpec>,
    dtype: DType,
) -> Result<Array> {
    // All integers except 0 are True.
    let limits = dtype.limits().filter(|_| dtype != DType::Bool);
    if let (Scalar::Int(value), Some((least, most))) = (fill_value, limits)
        && !(least..=most).contains(&value)
    {
        return Err(Error::invalid(format!("Python integer {value} out of bounds for {dtype}")));
    }
    let chunks = normalize_chunks(&chunks.into(), shape, dtype.size())?;
    filled_chunks(prefix, chunks, fill_value, dtype)
}

pub(super) fn filled_chunks(prefix: &str, chunks: Chunks, fill_value: Scalar, dtype: DType) -> Result<Array> {
    let layer = Blockwise::made(chunks.ndim(), Filled { chunks: chunks.clone(), fill_value, dtype });
    Array::new(prefix, chunks, [], layer)
}

#[derive(Debug)]
struct Filled {
    chunks: Chunks,
    fill_value: Scalar,
    dtype: DType,
}

impl MakeOp for Filled {
    fn op(&self, index: &[u32]) -> Op {
        let &Filled { ref chunks, fill_value, dtype } = self;
        Op::Full(Full { shape: chunks.block_shape(index), fill_value, dtype }.into())
    }
}

/// The start, stop and step of [`arange`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The first element.
    pub start: Scalar,
    /// The exclusive end.
    pub stop: Scalar,
    /// The distance between two elements.
    pub step: Scalar,
}

impl<S: Into<Scalar>> From<S> for Span {
    /// From 0 to `stop`, in steps of 1.
    fn from(stop: S) -> Span {
        Span { start: Scalar::Int(0), stop: stop.into(), step: Scalar::Int(1) }
    }
}

/// `start`, `start + step`, … up to but not including `stop`: `da.arange`.
///
/// # Errors
/// As for [`ones`], and if the step is 0 or the length is infinite.
pub fn arange(span: impl Into<Span>, chunks: impl Into<ChunkSpec>, dtype: Option<DType>) -> Result<Array> {
    let span @ Span { start, stop, step } = span.into();
    if step.as_f64() == 0.0 {
        return Err(Error::invalid("Maximum allowed size exceeded: step must not be 0"));
    }
    let len = ((stop.as_f64() - start.as_f64()) / step.as_f64()).ceil().max(0.0);
    // The largest length that is exact in a float. NaN is not a length.
    if len.is_nan() || len > (1u64 << 53) as f64 {
        return Err(Error::invalid(format!(
            "Maximum allowed size exceeded: {len} elements from {start} to {stop} in steps of {step}"
        )));
    }
    let dtype = dtype.unwrap_or_else(|| DType::result_type(&[], &[start, stop, step]).max(DType::Int64));
    let chunks = normalize_chunks(&chunks.into(), &[len as usize], dtype.size())?;
    let layer = Each::layer(Ranged { lengths: chunks.shared(0), span, dtype });
    Array::new("arange", chunks, [], layer)
}

#[derive(Debug)]
struct Ranged {
    lengths: Arc<[usize]>,
    span: Span,
    dtype: DType,
}

impl MakeOp for Ranged {
    fn op(&self, index: &[u32]) -> Op {
        let Span { start, step, .. } = self.span;
        let (before, len) = before(&self.lengths, index);
        let start = match (start, step) {
            (Scalar::Float(_), _) | (_, Scalar::Float(_)) => {
                Scalar::Float(start.as_f64() + before as f64 * step.as_f64())
            }
            (start, step) => {
                Scalar::Int(integer(start).wrapping_add(integer(step).wrapping_mul(before as i64)))
            }
        };
        Op::Arange(Arange { start, step, len, dtype: self.dtype }.into())
    }
}

fn integer(scalar: Scalar) -> i64 {
    match scalar {
        Scalar::Bool(x) => i64::from(x),
        Scalar::Int(x) => x,
        Scalar::Float(x) => x as i64,
    }
}

/// For a block of an array with one axis: the number of elements before it, and its length.
fn before(lengths: &[usize], index: &[u32]) -> (usize, usize) {
    let block = index[0] as usize;
    (lengths[..block].iter().sum(), lengths[block])
}

/// `num` numbers from `start` to `stop`, evenly spaced; without `endpoint` the last one is left out: `da.linspace`.
///
/// # Errors
/// As for [`ones`].
pub fn linspace(
    start: f64,
    stop: f64,
    num: usize,
    endpoint: bool,
    chunks: impl Into<ChunkSpec>,
    dtype: DType,
) -> Result<Array> {
    let chunks = normalize_chunks(&chunks.into(), &[num], dtype.size())?;
    let divisor = if endpoint { num.saturating_sub(1) } else { num }.max(1);
    let step = (stop - start) / divisor as f64;
    // As in Dask, each block starts where the previous one ended, so that rounding is the same.
    let mut first = start;
    let blocks = chunks.axis(0).iter().map(|&num| {
        let start = first;
        let space = if endpoint { num as f64 - 1.0 } else { num as f64 };
        first += step * num as f64;
        Linspace { start, stop: start + space * step, num, endpoint, dtype }
    });
    let blocks = blocks.collect();
    Array::new("linspace", chunks, [], Each::layer(Spaced(blocks)))
}

/// Each block.
#[derive(Debug)]
struct Spaced(Vec<Linspace>);

impl MakeOp for Spaced {
    fn op(&self, index: &[u32]) -> Op {
        Op::Linspace(self.0[index[0] as usize].clone().into())
    }
}

/// Ones on the diagonal `k` of `n` rows and `m` columns, zeros elsewhere: `da.eye`.
///
/// # Errors
/// As for [`ones`], and if the chunks differ between the axes.
pub fn eye(n: usize, m: usize, k: i64, chunks: impl Into<ChunkSpec>, dtype: DType) -> Result<Array> {
    let ChunkSpec::All(axis @ (AxisSpec::Size(_) | AxisSpec::Auto | AxisSpec::Whole)) = chunks.into() else {
        return Err(Error::invalid("chunks must be an int or 'auto'"));
    };
    let rows = normalize_chunks(&ChunkSpec::All(axis), &[n, m], dtype.size())?;
    let size = rows.axis(0)[0];
    let chunks = normalize_chunks(&size.max(1).into(), &[n, m], dtype.size())?;
    let layer = Each::layer(Diagonal { chunks: chunks.clone(), k, size: size as i64, dtype });
    Array::new("eye", chunks, [], layer)
}

#[derive(Debug)]
struct Diagonal {
    chunks: Chunks,
    k: i64,
    /// The number of rows and columns of a block.
    size: i64,
    dtype: DType,
}

impl MakeOp for Diagonal {
    fn op(&self, index: &[u32]) -> Op {
        let (shape, dtype) = (self.chunks.block_shape(index), self.dtype);
        let k = self.k.saturating_sub((i64::from(index[1]) - i64::from(index[0])) * self.size);
        match k.unsigned_abs() <= self.size.unsigned_abs() {
            true => Op::Eye(Eye { rows: shape[0], columns: shape[1], k, dtype }.into()),
            false => Op::Full(Full { shape, fill_value: Scalar::Int(0), dtype }.into()),
        }
    }
}

/// An existing array, cut into blocks: `da.from_array`.
///
/// # Errors
/// As for [`ones`].
pub fn from_block(block: &Block, chunks: impl Into<ChunkSpec>) -> Result<Array> {
    let chunks = normalize_chunks(&chunks.into(), block.shape(), block.dtype().size())?;
    let blocks: Result<Vec<Value>> =
        chunks.indices().map(|index| Ok(part(block, &chunks, &index)?.into())).collect();
    let layer = Layer::Tasks(Box::new(Held::new(&blocks?, &chunks, block.dtype())?));
    Array::new("array", chunks, [], layer)
}

/// A copy of the part of `whole` that is the block `index`.
fn part(whole: &Block, chunks: &Chunks, index: &[u32]) -> Result<Block> {
    if chunks.blocks() == 1 {
        return Ok(whole.clone());
    }
    each_block!(whole, elements => {
        let mut part = elements.view();
        for (axis, (range, &i)) in (0..chunks.ndim()).map(|axis| chunks.ranges(axis)).zip(index).enumerate() {
            part.slice_axis_inplace(Axis(axis), Slice::from(range[i as usize].clone()));
        }
        let elements = in_order(part).map_err(Error::invalid)?;
        Ok(Block::new(&chunks.block_shape(index), elements.into_owned()))
    })
}

/// An array of computed blocks, given in C order: the result of `x.persist()`. Lengths that were unknown are those of
/// the blocks.
///
/// # Errors
/// If the blocks do not fit the array, or each other.
pub fn held(name: &str, chunks: Chunks, dtype: DType, blocks: &[Value]) -> Result<Array> {
    let chunks = computed_chunks(chunks, blocks);
    let layer = Layer::Tasks(Box::new(Held::new(blocks, &chunks, dtype)?));
    Array::named(name.into(), chunks, [], layer)
}

/// The chunks with the lengths that the blocks at the edge of the grid have, where those were unknown.
fn computed_chunks(mut chunks: Chunks, blocks: &[Value]) -> Chunks {
    for axis in 0..chunks.ndim() {
        if chunks.is_known(axis) {
            continue;
        }
        let length = |(i, &length): (u32, &usize)| {
            let mut index: SmallVec<[u32; 4]> = SmallVec::from_elem(0, chunks.ndim());
            index[axis] = i;
            let block = blocks.get(chunks.grid().ravel(&index)).and_then(Value::as_array);
            let found = block.and_then(|block| block.shape().get(axis));
            if length == UNKNOWN { found.copied().unwrap_or(UNKNOWN) } else { length }
        };
        let lengths: Vec<usize> = (0..).zip(chunks.axis(axis)).map(length).collect();
        chunks = chunks.with_axis(axis, lengths);
    }
    chunks
}

/// Computed blocks.
struct Held(Vec<Block>);

impl Held {
    fn new(values: &[Value], chunks: &Chunks, dtype: DType) -> Result<Held> {
        let fits = |(value, index): (&Value, &[u32])| match value.as_array() {
            Some(block) if block.dtype() == dtype && block.shape() == &chunks.block_shape(index)[..] => {
                Ok(block.clone())
            }
            other => Err(Error::invalid(format!(
                "block {}: must be {dtype} of shape {}, not {:?}",
                tuple(index),
                tuple(chunks.block_shape(index)),
                other.map(|block| (block.dtype(), block.shape()))
            ))),
        };
        if values.len() != chunks.blocks() {
            let (given, needed) = (values.len(), chunks.blocks());
            return Err(Error::invalid(format!("{given} blocks for an array that has {needed}")));
        }
        let blocks = values.iter().zip(chunks.indices()).map(|(value, index)| fits((value, &index[..])));
        Ok(Held(blocks.collect::<Result<_>>()?))
    }
}

impl fmt::Debug for Held {
    /// A hash of all elements, to distinguish arrays.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hasher = DefaultHasher::new();
        self.0.iter().for_each(|block| hasher.write(&block.to_bytes()));
        write!(f, "Held({:x})", hasher.finish())
    }
}

impl Tasks for Held {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let blocks = self.0.iter().zip(graph.grid.indices());
        blocks.map(|(block, index)| graph.block(&index, Op::Block(block.clone().into()), [])).collect()
    }

    fn infer(&self, _: &[u32], _: &[&Meta]) -> Option<Meta> {
        self.0.first().map(|block| Meta::array(block.dtype(), block.shape()))
    }
}
