//! How much memory a task needs for its value: from the shapes alone, before anything is allocated.

use super::broadcast_shape;
use crate::{
    op::{Fused, Op, Operands, Reduce, Reduction, Shape, Source, Stage},
    value::Value,
};

/// The most bytes that the value of `op` will hold for these inputs, those of the parts of a fused operation included
/// while they are needed. 0 where the kernel will refuse the inputs anyway; what is too large to be counted is
/// [`u64::MAX`].
pub fn output_bytes(op: &Op, inputs: &[&Value]) -> u64 {
    let inputs: Vec<Extent> = inputs.iter().map(|value| Extent::of(value)).collect();
    let inputs: Vec<&Extent> = inputs.iter().collect();
    match op {
        Op::Fused(fused) => fused_extents(fused, &inputs).1,
        op => extent(op, &inputs).bytes(),
    }
}

/// What is known of a value before it is there.
#[derive(Clone, Debug)]
enum Extent {
    /// No array.
    None,
    Array(Shape),
    Moments {
        shape: Shape,
        has_m2: bool,
    },
}

impl Extent {
    fn of(value: &Value) -> Extent {
        match value {
            Value::None | Value::Erred(_) => Extent::None,
            Value::Array(block) => Extent::Array(block.shape().into()),
            Value::Moments(moments) => {
                Extent::Moments { shape: moments.total.shape().into(), has_m2: moments.m2.is_some() }
            }
        }
    }

    fn bytes(&self) -> u64 {
        match self {
            Extent::None => 0,
            Extent::Array(shape) => doubles(shape),
            Extent::Moments { shape, has_m2 } => doubles(shape).saturating_mul(1 + u64::from(*has_m2)),
        }
    }
}

/// The extent of what `op` makes of inputs of these extents.
fn extent(op: &Op, inputs: &[&Extent]) -> Extent {
    let first = inputs.first().copied().unwrap_or(&Extent::None);
    match op {
        Op::NoOp | Op::Busy(_) | Op::Panic(_) => Extent::None,
        Op::Full(full) => Extent::Array(full.shape.clone()),
        Op::Random(random) => Extent::Array(random.shape.clone()),
        Op::Arange(range) => Extent::Array([range.len].as_slice().into()),
        Op::Elementwise(_, Operands::Inputs) if inputs.len() == 2 => match inputs {
            [Extent::Array(x), Extent::Array(y)] => {
                broadcast_shape(x, y).map_or(Extent::None, |shape| Extent::Array(shape.into()))
            }
            _ => Extent::None,
        },
        Op::Elementwise(..) => first.clone(),
        Op::Transpose(axes) => match first {
            Extent::Array(shape) => {
                let turned = axes.iter().map(|&axis| shape.get(usize::from(axis)).copied());
                turned.collect::<Option<Shape>>().map_or(Extent::None, Extent::Array)
            }
            _ => Extent::None,
        },
        Op::Reduce(parameters) => reduced(parameters, first),
        Op::Fused(fused) => fused_extents(fused, inputs).0,
    }
}

fn reduced(parameters: &Reduce, first: &Extent) -> Extent {
    let Reduce { reduction, stage, axes, .. } = parameters;
    match (stage, first) {
        (Stage::Chunk, Extent::Array(block)) => {
            let kept =
                |(axis, &length): (usize, &usize)| if axes.contains(&(axis as u8)) { 1 } else { length };
            let shape = block.iter().enumerate().map(kept).collect();
            match reduction {
                Reduction::Sum => Extent::Array(shape),
                Reduction::Mean => Extent::Moments { shape, has_m2: false },
                Reduction::Var { .. } => Extent::Moments { shape, has_m2: true },
            }
        }
        // The axes that go have length 1.
        (Stage::Aggregate, Extent::Moments { shape, .. }) => Extent::Array(shape.clone()),
        (_, partial) => partial.clone(),
    }
}

/// The extent of the last part, and the most bytes that parts hold at once.
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

/// The bytes of so many doubles.
fn doubles(shape: &[usize]) -> u64 {
    // An axis of length 0 makes the array empty, however long the others are.
    if shape.contains(&0) {
        return 0;
    }
    shape.iter().try_fold(8u64, |bytes, &length| bytes.checked_mul(length as u64)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, IxDyn};
    use smallvec::smallvec;

    use super::*;
    use crate::{
        kernels::execute,
        op::{Args, Full, Part, Ufunc},
    };

    fn block(shape: &[usize]) -> Value {
        ArrayD::from_elem(IxDyn(shape), 1.5).into_shared().into()
    }

    fn full(shape: &[usize]) -> Op {
        Op::Full(Full { shape: shape.into(), fill_value: 0.0 }.into())
    }

    #[test]
    fn what_is_foretold_is_what_is_held() {
        let (x, row) = (block(&[3, 4]), block(&[4]));
        let reduce = |reduction, stage| {
            Op::Reduce(Reduce { reduction, stage, axes: smallvec![1], keepdims: false }.into())
        };
        let moments = execute(&reduce(Reduction::Var { ddof: 0.0 }, Stage::Chunk), &[&x], 0).unwrap();
        let sums = execute(&reduce(Reduction::Sum, Stage::Chunk), &[&x], 0).unwrap();
        let cases: Vec<(Op, Vec<&Value>)> = vec![
            (Op::NoOp, vec![&x]),
            (full(&[5, 6]), vec![]),
            (Op::Elementwise(Ufunc::Add, Operands::Inputs), vec![&row, &x]),
            (Op::Elementwise(Ufunc::Add, Operands::ScalarLeft(1.0)), vec![&x]),
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
            let value = execute(&op, &inputs, 0).unwrap();
            assert_eq!(output_bytes(&op, &inputs), value.bytes(), "{op:?}");
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
    }

    #[test]
    fn a_size_that_cannot_be_counted_is_the_largest() {
        assert_eq!(doubles(&[usize::MAX, usize::MAX]), u64::MAX);
        assert_eq!(doubles(&[usize::MAX, 0, 3]), 0);
    }
}
