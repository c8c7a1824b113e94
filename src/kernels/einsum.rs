//! Sums of products over labelled axes: `einsum`.
//!
//! ```text
//! ij,jk->ik     i and k stay, products are summed over j                a product of matrices
//! bij,bjk->bik  the same for each b                                     a stack of products
//! ii->i         the same label twice in an operand: its diagonal        a loop over strides
//! ```

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{
    Input, Message,
    arithmetic::Arithmetic,
    array,
    convert::{astype, contiguous},
    products::{computed, each_factor, matmul},
    room::filled,
    select::reshape,
};
use crate::{
    block::{Block, Shape, block_size},
    dtype::DType,
    value::Value,
};

/// The labels of all axes: one ASCII letter for each.
pub(crate) struct Labels<'a> {
    /// Those of each operand.
    pub(crate) operands: SmallVec<[&'a [u8]; 3]>,
    /// Those of the result, each once.
    pub(crate) output: &'a [u8],
    /// Those that are summed over.
    pub(crate) summed: SmallVec<[u8; 4]>,
}

/// The length of the axes with each label.
pub(crate) struct Lengths([usize; 128]);

impl Lengths {
    /// Axes of length 1 are broadcast.
    pub(crate) fn of(operands: &[&[u8]], shapes: &[&[usize]]) -> Result<Lengths, Message> {
        let mut lengths = [1; 128];
        for (i, (labels, shape)) in operands.iter().zip(shapes).enumerate() {
            if labels.len() < shape.len() {
                return Err(
                    "operand has more dimensions than subscripts given in einstein sum, but no '...' \
                            ellipsis provided to broadcast the extra dimensions."
                        .into(),
                );
            }
            if labels.len() > shape.len() {
                return Err(format!(
                    "einstein sum subscripts string contains too many subscripts for operand {i}"
                )
                .into());
            }
            for (axis, (&label, &length)) in labels.iter().zip(*shape).enumerate() {
                if let Some(before) = labels[..axis].iter().position(|&other| other == label)
                    && shape[before] != length
                {
                    return Err(format!(
                        "dimensions in operand {i} for collapsing index '{}' don't match ({} != {length})",
                        char::from(label),
                        shape[before]
                    )
                    .into());
                }
                let known = &mut lengths[usize::from(label)];
                match (*known, length) {
                    (1, _) => *known = length,
                    (_, 1) => {}
                    (known, length) if known == length => {}
                    (known, length) => {
                        return Err(format!(
                            "operands could not be broadcast together: axis '{}' has length {known}, and {length} in \
                             operand {i}",
                            char::from(label)
                        )
                        .into());
                    }
                }
            }
        }
        Ok(Lengths(lengths))
    }

    pub(crate) fn shape(&self, labels: &[u8]) -> Shape {
        labels.iter().map(|&label| self.0[usize::from(label)]).collect()
    }
}

/// The sum, in this type. If `keepdims`, an axis of length 1 at the end stands for each label that is summed over.
pub(crate) fn einsum(
    inputs: &[Input<'_>],
    labels: &Labels<'_>,
    dtype: DType,
    keepdims: bool,
) -> Result<Block, Message> {
    let blocks: SmallVec<[Block; 3]> = (0..inputs.len())
        .map(|i| astype(array(inputs, i)?, computed(dtype)))
        .collect::<Result<_, Message>>()?;
    let shapes: SmallVec<[&[usize]; 3]> = blocks.iter().map(Block::shape).collect();
    let lengths = Lengths::of(&labels.operands, &shapes)?;
    let mut shape = lengths.shape(labels.output);
    block_size(&shape)?;
    let sum = match Factors::new(&shapes, labels, &lengths) {
        Some(factors) => factors.product(&blocks, labels, &lengths)?,
        None => each_factor!(computed(dtype), T => sum_of_products::<T>(&blocks, labels, &lengths)?),
    };
    if keepdims && !labels.summed.is_empty() {
        shape.extend(labels.summed.iter().map(|_| 1));
        return reshape(&astype(&sum, dtype)?, &shape);
    }
    astype(&sum, dtype)
}

/// The labels of two operands whose sum is a product of matrices, or of stacks of them.
pub(crate) struct Factors {
    stack: SmallVec<[u8; 4]>,
    rows: SmallVec<[u8; 4]>,
    depth: SmallVec<[u8; 4]>,
    columns: SmallVec<[u8; 4]>,
}

impl Factors {
    /// `None` if there are not two operands, a label is twice in one of them, or an axis is broadcast or only in one
    /// operand and summed over.
    pub(crate) fn new(shapes: &[&[usize]], labels: &Labels<'_>, lengths: &Lengths) -> Option<Factors> {
        let [left, right] = labels.operands[..] else { return None };
        let is_whole = |(shape, labels): (&&[usize], &&[u8])| {
            *shape == &lengths.shape(labels)[..]
                && (1..labels.len()).all(|i| !labels[..i].contains(&labels[i]))
        };
        if !shapes.iter().zip(&labels.operands).all(is_whole) {
            return None;
        }
        let (mut stack, mut rows, mut depth) = (SmallVec::new(), SmallVec::new(), SmallVec::new());
        for &label in left {
            match (right.contains(&label), labels.output.contains(&label)) {
                (true, true) => stack.push(label),
                (true, false) => depth.push(label),
                (false, true) => rows.push(label),
                (false, false) => return None,
            }
        }
        let columns: SmallVec<[u8; 4]> =
            right.iter().copied().filter(|label| !left.contains(label)).collect();
        // Else it is a loop over the elements, without a product of matrices to make.
        let has_matrices = !depth.is_empty() && rows.len() + columns.len() > 0;
        (has_matrices && columns.iter().all(|label| labels.output.contains(label))).then_some(Factors {
            stack,
            rows,
            depth,
            columns,
        })
    }

    /// The rows, the depth and the columns of each product.
    pub(crate) fn sizes(&self, lengths: &Lengths) -> [usize; 3] {
        [&self.rows, &self.depth, &self.columns].map(|labels| size(lengths, labels))
    }

    fn product(&self, blocks: &[Block], labels: &Labels<'_>, lengths: &Lengths) -> Result<Block, Message> {
        let Factors { stack, rows, depth, columns } = self;
        let factor = |i: usize, parts: [&[u8]; 2]| -> Result<Input<'static>, Message> {
            let order = [&stack[..], parts[0], parts[1]].concat();
            let place =
                |label| labels.operands[i].iter().position(|other| other == label).expect("a label of it");
            let block = blocks[i].clone().permuted(&order.iter().map(place).collect::<Vec<_>>());
            let mut shape = lengths.shape(stack);
            shape.extend(parts.map(|labels| size(lengths, labels)));
            Ok(Cow::Owned(Value::from(reshape(&block, &shape)?)))
        };
        let product = matmul(&[factor(0, [rows, depth])?, factor(1, [depth, columns])?], false)?;
        let order = [&stack[..], rows, columns].concat();
        let product = reshape(&product, &lengths.shape(&order))?;
        let place = |label| order.iter().position(|other| other == label).expect("a label of the result");
        Ok(product.permuted(&labels.output.iter().map(place).collect::<Vec<_>>()))
    }
}

/// The number of elements of an array with these axes.
fn size(lengths: &Lengths, labels: &[u8]) -> usize {
    lengths.shape(labels).iter().product()
}

/// Any sum, by a loop over all axes.
fn sum_of_products<T: Arithmetic>(
    blocks: &[Block],
    labels: &Labels<'_>,
    lengths: &Lengths,
) -> Result<Block, Message> {
    let shape = lengths.shape(labels.output);
    let mut out: Vec<T> = filled(&shape, T::ZERO)?;
    let data: SmallVec<[Cow<'_, [T]>; 3]> = blocks.iter().map(contiguous::<T>).collect::<Result<_, _>>()?;
    let data: SmallVec<[&[T]; 3]> = data.iter().map(|data| &**data).collect();
    // The axes of the loop. Those that are summed over come last, and the result has the stride 0 along them.
    let axes = [labels.output, &labels.summed].concat();
    let counts = lengths.shape(&axes);
    let steps = |labels: &[u8], shape: &[usize]| -> SmallVec<[usize; 6]> {
        let mut strides: SmallVec<[usize; 6]> = SmallVec::from_elem(1, shape.len());
        (1..shape.len()).rev().for_each(|axis| strides[axis - 1] = strides[axis] * shape[axis]);
        let along = |label: &u8| {
            let places = labels.iter().zip(shape).zip(&strides);
            places
                .filter(|((other, length), _)| *other == label && **length > 1)
                .map(|(_, stride)| stride)
                .sum()
        };
        axes.iter().map(along).collect()
    };
    let mut strides: SmallVec<[SmallVec<[usize; 6]>; 4]> =
        labels.operands.iter().zip(blocks).map(|(labels, block)| steps(labels, block.shape())).collect();
    strides.push(steps(labels.output, &shape));
    let Some((&inner, outer)) = counts.split_last() else {
        out[0] = product(&data, |_| 0);
        return Ok(Block::new(&shape, out));
    };
    if counts.contains(&0) {
        return Ok(Block::new(&shape, out));
    }
    let inner_strides: SmallVec<[usize; 4]> = strides.iter().map(|strides| strides[outer.len()]).collect();
    let mut places: SmallVec<[usize; 4]> = SmallVec::from_elem(0, strides.len());
    let mut index: SmallVec<[usize; 6]> = SmallVec::from_elem(0, outer.len());
    loop {
        add_products(&data, &places, &inner_strides, inner, &mut out);
        // The next index of the outer axes, in C order.
        let Some(axis) = (0..outer.len()).rev().find(|&axis| index[axis] + 1 < outer[axis]) else { break };
        for (place, strides) in places.iter_mut().zip(&strides) {
            let back: usize = (axis + 1..outer.len()).map(|later| index[later] * strides[later]).sum();
            *place = *place + strides[axis] - back;
        }
        index[axis] += 1;
        index[axis + 1..].fill(0);
    }
    Ok(Block::new(&shape, out))
}

/// Adds `count` products along one axis, from these places on. The last place and the last stride are the result's.
fn add_products<T: Arithmetic>(
    data: &[&[T]],
    places: &[usize],
    strides: &[usize],
    count: usize,
    out: &mut [T],
) {
    let place = |i: usize, k: usize| places[i] + k * strides[i];
    let to = |k| place(data.len(), k);
    match *data {
        [x] => add(count, out, to, |k| x[place(0, k)]),
        [x, y] => add(count, out, to, |k| x[place(0, k)].times(y[place(1, k)])),
        _ => add(count, out, to, |k| product(data, |i| place(i, k))),
    }
}

fn add<T: Arithmetic>(count: usize, out: &mut [T], to: impl Fn(usize) -> usize, term: impl Fn(usize) -> T) {
    for k in 0..count {
        let sum = &mut out[to(k)];
        *sum = sum.plus(term(k));
    }
}

/// The product of one element of each operand.
fn product<T: Arithmetic>(data: &[&[T]], place: impl Fn(usize) -> usize) -> T {
    data.iter().enumerate().fold(T::ONE, |product, (i, data)| product.times(data[place(i)]))
}
