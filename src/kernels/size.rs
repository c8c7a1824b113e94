//! Predicts the memory that a task's value takes, from the shapes alone, before anything is allocated.

use smallvec::SmallVec;

use super::{Input, broadcast_shape};
use crate::{
    dtype::DType,
    op::{Fused, Index, Matmul, Op, Operands, Reduce, Reduction, Shape, Source, Stage, Tensordot, Ufunc},
    scalar::Scalar,
    value::{Moments, Value},
};

/// The maximum number of bytes that the value of `op` will take for these inputs, including the parts of a fused
/// operation while they are needed. 0 if the kernel will reject the inputs anyway; [`u64::MAX`] if the number is too
/// large.
pub fn output_bytes(op: &Op, inputs: &[Input<'_>]) -> u64 {
    let inputs: Vec<Extent> = inputs.iter().map(|value| Extent::of(value)).collect();
    let inputs: Vec<&Extent> = inputs.iter().collect();
    match op {
        Op::Fused(fused) => fused_extents(fused, &inputs).1,
        op => extent(op, &inputs).bytes(),
    }
}

/// What is known of a value before it is computed.
#[derive(Clone, Debug)]
enum Extent {
    /// Not an array.
    None,
    Array(DType, Shape),
    Moments {
        shape: Shape,
        dtype: DType,
        has_m2: bool,
    },
    Tuple(Vec<Extent>),
}

impl Extent {
    fn of(value: &Value) -> Extent {
        match value {
            Value::None | Value::Erred(_) => Extent::None,
            Value::Array(block) => Extent::Array(block.dtype(), block.shape().into()),
            Value::Moments(moments) => {
                let Moments { total, m2, .. } = &**moments;
                Extent::Moments { shape: total.shape().into(), dtype: total.dtype(), has_m2: m2.is_some() }
            }
            Value::Tuple(values) => Extent::Tuple(values.iter().map(Extent::of).collect()),
        }
    }

    fn array(dtype: DType, shape: &[usize]) -> Extent {
        Extent::Array(dtype, shape.into())
    }

    fn bytes(&self) -> u64 {
        match self {
            Extent::None => 0,
            Extent::Array(dtype, shape) => bytes(*dtype, shape),
            Extent::Moments { shape, dtype, has_m2 } => {
                let sums = bytes(*dtype, shape).saturating_mul(1 + u64::from(*has_m2));
                sums.saturating_add(bytes(DType::Float64, shape))
            }
            Extent::Tuple(extents) => {
                extents.iter().fold(0, |sum: u64, extent| sum.saturating_add(extent.bytes()))
            }
        }
    }
}

/// The extent of the result of `op` for inputs of these extents.
fn extent(op: &Op, inputs: &[&Extent]) -> Extent {
    let first = inputs.first().copied().unwrap_or(&Extent::None);
    let array = match first {
        Extent::Array(dtype, shape) => Some((*dtype, shape.as_slice())),
        _ => None,
    };
    let of_array = |f: &dyn Fn(DType, &[usize]) -> Option<Extent>| {
        array.and_then(|(dtype, shape)| f(dtype, shape)).unwrap_or(Extent::None)
    };
    match op {
        Op::NoOp | Op::Busy(_) | Op::Panic(_) => Extent::None,
        Op::Alias => first.clone(),
        Op::Full(full) => Extent::Array(full.dtype, full.shape.clone()),
        Op::Random(random) => Extent::Array(random.distribution.dtype(), random.shape.clone()),
        Op::Arange(range) => Extent::array(range.dtype, &[range.len]),
        Op::Linspace(range) => Extent::array(range.dtype, &[range.num]),
        Op::Eye(eye) => Extent::array(eye.dtype, &[eye.rows, eye.columns]),
        Op::Block(block) => Extent::array(block.dtype(), block.shape()),
        Op::Elementwise(ufunc, operands) => elementwise(*ufunc, operands, inputs).unwrap_or(Extent::None),
        Op::Astype(dtype) => of_array(&|_, shape| Some(Extent::array(*dtype, shape))),
        Op::Transpose(axes) => of_array(&|dtype, shape| {
            let turned = axes.iter().map(|&axis| shape.get(usize::from(axis)).copied());
            Some(Extent::Array(dtype, turned.collect::<Option<_>>()?))
        }),
        Op::Reshape(shape) => of_array(&|dtype, _| Some(Extent::array(dtype, shape))),
        Op::Slice(indices) => of_array(&|dtype, shape| Some(Extent::Array(dtype, sliced(indices, shape)?))),
        Op::Take(take) => of_array(&|dtype, shape| {
            let mut shape = Shape::from(shape);
            *shape.get_mut(usize::from(take.axis))? = take.indices.len();
            Some(Extent::Array(dtype, shape))
        }),
        Op::Concatenate(axis) => joined(inputs, usize::from(*axis)).unwrap_or(Extent::None),
        Op::Merge(grid) => merged(inputs, grid).unwrap_or(Extent::None),
        Op::Reduce(parameters) => reduced(parameters, inputs),
        Op::Cumsum(cumsum) => {
            of_array(&|dtype, shape| Some(Extent::array(cumsum.dtype.unwrap_or(dtype.accumulator()), shape)))
        }
        Op::Topk(topk) => {
            let axis = usize::from(topk.axis);
            let largest = |extent: Extent| match extent {
                Extent::Array(dtype, mut shape) => {
                    let length = shape.get_mut(axis)?;
                    *length = (*length).min(topk.k.unsigned_abs() as usize);
                    Some(Extent::Array(dtype, shape))
                }
                _ => None,
            };
            joined(inputs, axis).and_then(largest).unwrap_or(Extent::None)
        }
        Op::Histogram(histogram) => Extent::array(DType::Int64, &[1, histogram.bins]),
        Op::Percentile(percentile) => {
            let q = percentile.q.len();
            match (percentile.stage, first) {
                (Stage::Chunk, Extent::Array(dtype, _)) => Extent::Tuple(vec![
                    Extent::array(dtype.inexact(), &[q + 2]),
                    Extent::array(DType::Int64, &[]),
                ]),
                (Stage::Chunk, _) => Extent::None,
                _ => Extent::array(DType::Float64, &[q]),
            }
        }
        Op::Tensordot(tensordot) => tensordot_extent(tensordot, inputs).unwrap_or(Extent::None),
        Op::Matmul(matmul) => matmul_extent(*matmul, inputs).unwrap_or(Extent::None),
        Op::Qr => of_array(&|dtype, shape| {
            let &[rows, columns] = shape else { return None };
            let (dtype, rank) = (dtype.inexact(), rows.min(columns));
            let factors = [[rows, rank], [rank, columns]];
            Some(Extent::Tuple(factors.map(|shape| Extent::array(dtype, &shape)).into()))
        }),
        Op::Svd => of_array(&|dtype, shape| {
            let &[rows, columns] = shape else { return None };
            let (dtype, rank) = (dtype.inexact(), rows.min(columns));
            let factors: [&[usize]; 3] = [&[rows, rank], &[rank], &[rank, columns]];
            Some(Extent::Tuple(factors.map(|shape| Extent::array(dtype, shape)).into()))
        }),
        Op::Item(item) => match first {
            Extent::Tuple(extents) => extents.get(usize::from(*item)).cloned().unwrap_or(Extent::None),
            _ => Extent::None,
        },
        Op::Life => first.clone(),
        Op::Heat(_) => of_array(&|dtype, shape| Some(Extent::array(dtype.inexact(), shape))),
        Op::Mandelbrot(_) => match inputs {
            [Extent::Array(_, re), Extent::Array(_, im)] => broadcast_shape(re, im)
                .map_or(Extent::None, |shape| Extent::Array(DType::Int32, shape.into())),
            _ => Extent::None,
        },
        Op::Fused(fused) => fused_extents(fused, inputs).0,
    }
}

fn elementwise(ufunc: Ufunc, operands: &Operands, inputs: &[&Extent]) -> Option<Extent> {
    let mut dtypes: SmallVec<[DType; 4]> = SmallVec::new();
    let mut common = Vec::new();
    for input in inputs {
        let Extent::Array(dtype, shape) = input else { return None };
        dtypes.push(*dtype);
        common = broadcast_shape(&common, shape)?;
    }
    let scalars: SmallVec<[Scalar; 4]> = operands.scalars().collect();
    let (dtypes, scalars) = match ufunc.takes_condition() {
        true => operands.without_condition(&dtypes, &scalars),
        false => (&dtypes[..], &scalars[..]),
    };
    let signature = ufunc.signature(dtypes, scalars).ok()?;
    Some(Extent::Array(signature.result, common.into()))
}

/// The shape that Python's basic indexing selects from this shape.
pub(super) fn sliced(indices: &[Index], shape: &[usize]) -> Option<Shape> {
    let mut lengths = shape.iter().copied();
    let mut sliced = Shape::new();
    for index in indices {
        match index {
            Index::At(_) => drop(lengths.next()?),
            Index::Slice(slice) => sliced.push(slice.places(lengths.next()?).len),
            Index::NewAxis => sliced.push(1),
        }
    }
    sliced.extend(lengths);
    Some(sliced)
}

/// Arrays one after another along an axis.
fn joined(inputs: &[&Extent], axis: usize) -> Option<Extent> {
    let mut all: Option<(DType, Shape)> = None;
    for input in inputs {
        let Extent::Array(dtype, shape) = input else { return None };
        match &mut all {
            None => all = Some((*dtype, shape.clone())),
            Some((common, whole)) => {
                *common = common.promote(*dtype);
                let length = whole.get_mut(axis)?;
                *length = length.saturating_add(*shape.get(axis)?);
            }
        }
    }
    all.map(|(dtype, shape)| Extent::Array(dtype, shape))
}

/// A grid of arrays: along each axis, those at the edge determine the length of the whole.
fn merged(inputs: &[&Extent], grid: &[usize]) -> Option<Extent> {
    let mut dtype: Option<DType> = None;
    for input in inputs {
        let Extent::Array(other, _) = input else { return None };
        dtype = Some(dtype.map_or(*other, |dtype| dtype.promote(*other)));
    }
    let length = |axis: usize| {
        let step: usize = grid[axis + 1..].iter().product();
        (0..grid[axis]).try_fold(0usize, |sum, i| match inputs.get(i * step)? {
            Extent::Array(_, shape) => Some(sum.saturating_add(*shape.get(axis)?)),
            _ => None,
        })
    };
    Some(Extent::Array(dtype?, (0..grid.len()).map(length).collect::<Option<_>>()?))
}

fn tensordot_extent(tensordot: &Tensordot, inputs: &[&Extent]) -> Option<Extent> {
    let [Extent::Array(x, left), Extent::Array(y, right)] = inputs else { return None };
    let kept = |axes: &[u8], axis: usize| !axes.contains(&(axis as u8));
    let mut shape = Shape::new();
    for (axis, &length) in left.iter().enumerate() {
        match kept(&tensordot.left, axis) {
            true => shape.push(length),
            false if tensordot.keepdims => shape.push(1),
            false => {}
        }
    }
    shape.extend(right.iter().enumerate().filter(|&(axis, _)| kept(&tensordot.right, axis)).map(|(_, &l)| l));
    Some(Extent::Array(x.promote(*y), shape))
}

fn matmul_extent(matmul: Matmul, inputs: &[&Extent]) -> Option<Extent> {
    let [Extent::Array(x, left), Extent::Array(y, right)] = inputs else { return None };
    let shape = matmul_shape(left, right, matmul.keepdims)?;
    Some(Extent::Array(x.promote(*y), shape))
}

/// The shape of `numpy.matmul`'s result.
pub(super) fn matmul_shape(left: &[usize], right: &[usize], keepdims: bool) -> Option<Shape> {
    let (stack_left, rows) = match left {
        [] => return None,
        [_] => (&[][..], None),
        [stack @ .., rows, _] => (stack, Some(*rows)),
    };
    let (stack_right, columns) = match right {
        [] => return None,
        [_] => (&[][..], None),
        [stack @ .., _, columns] => (stack, Some(*columns)),
    };
    let mut shape = Shape::from(broadcast_shape(stack_left, stack_right)?);
    shape.extend(rows);
    shape.extend(keepdims.then_some(1));
    shape.extend(columns);
    Some(shape)
}

fn reduced(parameters: &Reduce, inputs: &[&Extent]) -> Extent {
    // Partial results have the same shape, except for empty ones.
    let first = inputs.iter().copied().max_by_key(|input| input.bytes()).unwrap_or(&Extent::None);
    let Reduce { reduction, stage, axes, dtype, keepdims, .. } = parameters;
    let partial = match (stage, first) {
        (Stage::Chunk, Extent::Array(given, block)) => {
            let kept =
                |(axis, &length): (usize, &usize)| if axes.contains(&(axis as u8)) { 1 } else { length };
            let shape: Shape = block.iter().enumerate().map(kept).collect();
            let dtype = dtype.unwrap_or(reduction.result_dtype(*given));
            match reduction {
                Reduction::Var { .. } => Extent::Moments { shape, dtype, has_m2: true },
                _ if reduction.has_moments() => Extent::Moments { shape, dtype, has_m2: false },
                _ if reduction.finds_place() => {
                    Extent::Tuple(vec![Extent::Array(*given, shape.clone()), Extent::Array(dtype, shape)])
                }
                _ => Extent::Array(dtype, shape),
            }
        }
        (Stage::Aggregate, Extent::Moments { shape, dtype, .. }) => Extent::Array(*dtype, shape.clone()),
        (Stage::Aggregate, Extent::Tuple(found)) => found.get(1).cloned().unwrap_or(Extent::None),
        (_, Extent::Array(_, shape)) => {
            let dtypes = inputs.iter().filter_map(|input| match input {
                Extent::Array(dtype, _) => Some(*dtype),
                _ => None,
            });
            Extent::Array(dtypes.reduce(DType::promote).unwrap_or_default(), shape.clone())
        }
        (_, partial) => partial.clone(),
    };
    match partial {
        Extent::Array(dtype, shape) if *stage == Stage::Aggregate && !keepdims => {
            let stays = |(axis, length): (usize, &usize)| (!axes.contains(&(axis as u8))).then_some(*length);
            Extent::Array(dtype, shape.iter().enumerate().filter_map(stays).collect())
        }
        partial => partial,
    }
}

/// The extent of the last part, and the maximum number of bytes that parts hold at once.
fn fused_extents(fused: &Fused, inputs: &[&Extent]) -> (Extent, u64) {
    let mut last_reader = vec![usize::MAX; fused.parts.len()];
    for (reader, part) in fused.parts.iter().enumerate() {
        for source in &part.args {
            if let Source::Part(before) = *source
                && let Some(last) = last_reader.get_mut(before as usize)
            {
                *last = reader;
            }
        }
    }
    let mut extents: Vec<Extent> = Vec::with_capacity(fused.parts.len());
    let mut most = 0;
    for (i, part) in fused.parts.iter().enumerate() {
        let value_of = |source: &Source| match *source {
            Source::Input(input) => inputs.get(input as usize).copied(),
            Source::Part(before) => extents.get(before as usize),
        };
        let args: Vec<&Extent> =
            part.args.iter().map(|source| value_of(source).unwrap_or(&Extent::None)).collect();
        let made = extent(&part.op, &args);
        extents.push(made);
        let held = extents.iter().zip(&last_reader).filter(|&(_, &last)| last >= i);
        most = most.max(held.fold(0, |sum: u64, (extent, _)| sum.saturating_add(extent.bytes())));
    }
    (extents.pop().unwrap_or(Extent::None), most)
}

/// The size of an array in bytes.
fn bytes(dtype: DType, shape: &[usize]) -> u64 {
    // An axis of length 0 makes the array empty, however long the others are.
    if shape.contains(&0) {
        return 0;
    }
    let size = dtype.size() as u64;
    shape.iter().try_fold(size, |bytes, &length| bytes.checked_mul(length as u64)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use smallvec::smallvec;

    use super::*;
    use crate::{
        Block,
        kernels::execute,
        op::{Args, Full, Part, Ufunc},
    };

    fn block(shape: &[usize]) -> Value {
        Block::new(shape, vec![1.5; shape.iter().product()]).into()
    }

    fn full(shape: &[usize]) -> Op {
        Op::Full(Full { shape: shape.into(), fill_value: 0.0.into(), dtype: DType::Float64 }.into())
    }

    #[test]
    fn what_is_foretold_is_what_is_held() {
        let (x, row) = (block(&[3, 4]), block(&[4]));
        let reduce = |reduction, stage| Op::Reduce(Reduce::new(reduction, stage, [1]).into());
        let chunk =
            |reduction| execute(&reduce(reduction, Stage::Chunk), &mut [Cow::Borrowed(&x)], 0).unwrap();
        let (moments, sums) = (chunk(Reduction::Var { ddof: 0.0 }), chunk(Reduction::Sum));
        let cases: Vec<(Op, Vec<&Value>)> = vec![
            (Op::NoOp, vec![&x]),
            (full(&[5, 6]), vec![]),
            (Op::Elementwise(Ufunc::Add, Operands::Inputs), vec![&row, &x]),
            (Op::Elementwise(Ufunc::Add, Operands::left(1.0)), vec![&x]),
            (Op::Elementwise(Ufunc::Neg, Operands::Inputs), vec![&x]),
            (Op::Transpose(Box::new(smallvec![1, 0])), vec![&x]),
            (reduce(Reduction::Sum, Stage::Chunk), vec![&x]),
            (reduce(Reduction::Sum, Stage::Combine), vec![&sums, &sums]),
            (reduce(Reduction::Sum, Stage::Aggregate), vec![&sums]),
            (reduce(Reduction::Mean, Stage::Chunk), vec![&x]),
            (reduce(Reduction::Var { ddof: 0.0 }, Stage::Chunk), vec![&x]),
            (reduce(Reduction::Var { ddof: 0.0 }, Stage::Combine), vec![&moments, &moments]),
            (reduce(Reduction::Var { ddof: 0.0 }, Stage::Aggregate), vec![&moments]),
        ];
        for (op, inputs) in cases {
            let mut inputs: Vec<Input> = inputs.into_iter().map(Cow::Borrowed).collect();
            let foretold = output_bytes(&op, &inputs);
            assert_eq!(foretold, execute(&op, &mut inputs, 0).unwrap().bytes(), "{op:?}");
        }
    }

    #[test]
    fn parts_count_while_they_are_needed() {
        let part = |op, args: &[Source]| Part { key: "part".into(), op, args: Args::from_slice(args) };
        let neg = || Op::Elementwise(Ufunc::Neg, Operands::Inputs);
        let chain = vec![
            part(full(&[10]), &[]),
            part(neg(), &[Source::Part(0)]),
            part(neg(), &[Source::Part(1)]),
            part(neg(), &[Source::Part(2)]),
        ];
        assert_eq!(output_bytes(&Op::Fused(Fused { parts: chain }.into()), &[]), 2 * 80);
        let sum = vec![
            part(full(&[10]), &[]),
            part(neg(), &[Source::Part(0)]),
            part(Op::Elementwise(Ufunc::Add, Operands::Inputs), &[Source::Part(0), Source::Part(1)]),
        ];
        assert_eq!(output_bytes(&Op::Fused(Fused { parts: sum }.into()), &[]), 3 * 80);
        // The next part's input does not have the removed axis.
        let reduce = |reduction, stage, axis| Op::Reduce(Reduce::new(reduction, stage, [axis]).into());
        let place = [
            part(full(&[1, 10, 4]), &[]),
            part(Op::Astype(DType::Bool), &[Source::Part(0)]),
            part(reduce(Reduction::Any, Stage::Aggregate, 0), &[Source::Part(1)]),
            part(reduce(Reduction::ArgMax, Stage::Chunk, 0), &[Source::Part(2)]),
        ];
        let extent = |parts: &[Part]| fused_extents(&Fused { parts: parts.into() }, &[]).0.bytes();
        assert_eq!([3, 4].map(|parts| extent(&place[..parts])), [40, 4 + 4 * 8]);
    }

    #[test]
    fn a_size_that_cannot_be_counted_is_the_largest() {
        assert_eq!(bytes(DType::Bool, &[usize::MAX, usize::MAX]), u64::MAX);
        assert_eq!(bytes(DType::Float64, &[usize::MAX, 0, 3]), 0);
    }
}
