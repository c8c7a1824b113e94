//! How large a task's value will be: from the shapes alone, before anything is allocated.

use super::{array, broadcast_shape};
use crate::{
    op::{Op, Operands, Reduce, Reduction, Stage},
    value::Value,
};

/// The most bytes that the value of `op` will hold for these inputs; 0 where the kernel will refuse them anyway.
/// What is too large to be counted is [`u64::MAX`].
pub fn output_bytes(op: &Op, inputs: &[&Value]) -> u64 {
    match op {
        Op::NoOp | Op::Busy(_) | Op::Panic(_) => 0,
        Op::Full(full) => doubles(&full.shape),
        Op::Random(random) => doubles(&random.shape),
        Op::Arange(range) => doubles(&[range.len]),
        Op::Transpose(_) => first_shape(inputs).map_or(0, doubles),
        Op::Elementwise(_, Operands::Inputs) if inputs.len() == 2 => {
            match (array(inputs, 0), array(inputs, 1)) {
                (Ok(x), Ok(y)) => broadcast_shape(x.shape(), y.shape()).map_or(0, |shape| doubles(&shape)),
                _ => 0,
            }
        }
        Op::Elementwise(..) => first_shape(inputs).map_or(0, doubles),
        Op::Reduce(parameters) => reduced_bytes(parameters, inputs),
    }
}

fn reduced_bytes(parameters: &Reduce, inputs: &[&Value]) -> u64 {
    let Reduce { reduction, stage, axes, .. } = parameters;
    match (stage, inputs.first()) {
        (Stage::Chunk, Some(Value::Array(block))) => {
            let kept = |axis: usize| if axes.contains(&(axis as u8)) { 1 } else { block.shape()[axis] };
            let total = doubles(&(0..block.ndim()).map(kept).collect::<Vec<_>>());
            if matches!(reduction, Reduction::Var { .. }) { total.saturating_mul(2) } else { total }
        }
        (_, Some(Value::Array(partial))) => doubles(partial.shape()),
        (Stage::Combine, Some(partial @ Value::Moments(_))) => partial.bytes(),
        (Stage::Aggregate, Some(Value::Moments(moments))) => doubles(moments.total.shape()),
        _ => 0,
    }
}

fn first_shape<'a>(inputs: &[&'a Value]) -> Option<&'a [usize]> {
    inputs.first().and_then(|value| value.as_array()).map(|block| block.shape())
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
        op::{Full, Ufunc},
    };

    fn block(shape: &[usize]) -> Value {
        ArrayD::from_elem(IxDyn(shape), 1.5).into_shared().into()
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
            (Op::Full(Full { shape: smallvec![5, 6], fill_value: 0.0 }.into()), vec![]),
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
    fn a_size_that_cannot_be_counted_is_the_largest() {
        assert_eq!(doubles(&[1 << 40, 1 << 40]), u64::MAX);
        assert_eq!(doubles(&[1 << 40, 0, 1 << 40]), 0);
    }
}
