use std::borrow::Cow;

use smallvec::smallvec;

use super::*;
use crate::{Scalar, kernels::Input};

/// What the list says of each operation fits its example: the forecast is what the kernel gives, and what is written
/// is read back.
#[test]
fn every_example_is_what_its_operation_says() {
    for (op, inputs) in Op::examples() {
        assert_eq!(op.check(), Ok(()), "{op:?}");
        assert_eq!(op.check_arity(inputs.len()), Ok(()), "{op:?}");
        let text = serde_json::to_string(&op).unwrap();
        assert_eq!(serde_json::from_str::<Op>(&text).unwrap(), op, "{text}");
        assert!(text.contains(&format!("\"{}\"", op.name())), "{text}");
        if let Op::Panic(_) = op {
            continue;
        }
        let mut inputs: Vec<Input> = inputs.into_iter().map(Cow::Owned).collect();
        let metas: Vec<Meta> = inputs.iter().map(|input| Meta::of(input)).collect();
        let forecast = op.infer(&metas.iter().collect::<Vec<_>>());
        let value = execute(&op, &mut inputs, 0).unwrap();
        let value = Meta::of(&value);
        assert!(forecast.as_ref().is_some_and(|forecast| forecast.allows(&value)), "{op:?}: {forecast:?}");
    }
}

#[test]
fn no_two_operations_have_the_same_name() {
    let mut names: Vec<_> = Op::names().collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn an_operation_is_small() {
    assert!(size_of::<Op>() <= 24, "{}", size_of::<Op>());
}

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
    let chunk = |reduction| execute(&reduce(reduction, Stage::Chunk), &mut [Cow::Borrowed(&x)], 0).unwrap();
    let (moments, sums) = (chunk(Reduction::Var { ddof: 0.0 }), chunk(Reduction::Sum));
    let cases: Vec<(Op, Vec<&Value>)> = vec![
        (Op::NoOp, vec![&x]),
        (full(&[5, 6]), vec![]),
        (Op::elementwise(Ufunc::Add, Operands::Inputs), vec![&row, &x]),
        (Op::elementwise(Ufunc::Add, Operands::left(1.0)), vec![&x]),
        (Op::elementwise(Ufunc::Neg, Operands::Inputs), vec![&x]),
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
        let metas: Vec<Meta> = inputs.iter().map(|input| Meta::of(input)).collect();
        let foretold = op.infer(&metas.iter().collect::<Vec<_>>()).map_or(0, |value| value.bytes());
        assert!(output_bytes(&op, &inputs) >= foretold, "{op:?}");
        assert_eq!(foretold, execute(&op, &mut inputs, 0).unwrap().bytes(), "{op:?}");
    }
}

#[test]
fn parts_count_while_they_are_needed() {
    let part = |op, args: &[Source]| Part { key: "part".into(), op, args: Args::from_slice(args) };
    let neg = || Op::elementwise(Ufunc::Neg, Operands::Inputs);
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
        part(Op::elementwise(Ufunc::Add, Operands::Inputs), &[Source::Part(0), Source::Part(1)]),
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
    let extent = |parts: &[Part]| Op::Fused(Fused { parts: parts.into() }.into()).infer(&[]).unwrap().bytes();
    assert_eq!([3, 4].map(|parts| extent(&place[..parts])), [40, 4 + 4 * 8]);
}

fn axes(axes: &[u8]) -> Axes {
    axes.iter().copied().collect()
}

fn refused(op: Op) -> String {
    op.check().unwrap_err().into_owned()
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    let too_large = "shape [2147483648, 2147483648] is too large: a block has at most 134217728 elements";
    let shape = [1 << 31, 1 << 31].into_iter().collect();
    assert_eq!(
        refused(Op::Full(Full { shape, fill_value: Scalar::Float(1.0), dtype: DType::Float64 }.into())),
        too_large
    );
    assert!(
        Op::Arange(
            Arange { start: 0.0.into(), step: 1.0.into(), len: usize::MAX, dtype: DType::Float64 }.into()
        )
        .check()
        .is_err()
    );
    let distribution = Distribution::Normal { loc: 0.0, scale: -1.0 };
    let random = Random { shape: Default::default(), distribution, seed: 0, child: 0 };
    assert_eq!(refused(Op::Random(random.into())), "scale = -1: must not be negative");
    assert_eq!(refused(Op::Transpose(axes(&[0, 2]).into())), "axes [0, 2] are not a permutation of 2 axes");
    let reduce = Reduce::new(Reduction::Sum, Stage::Chunk, [1, 1]);
    assert_eq!(refused(Op::Reduce(reduce.into())), "axis 1 is named twice");
    assert_eq!(refused(Op::elementwise(Ufunc::Neg, Operands::left(1.0))), "neg takes 1 operands, not 2");
}

#[test]
fn parts_take_only_what_is_there() {
    let fused = |parts| Op::Fused(Fused { parts }.into());
    let part = |op, args: &[Source]| Part { key: "p".into(), op, args: Args::from_slice(args) };
    let neg = || Op::elementwise(Ufunc::Neg, Operands::Inputs);
    let good = fused(vec![part(neg(), &[Source::Input(1)]), part(neg(), &[Source::Part(0)])]);
    assert_eq!((good.check(), good.arity()), (Ok(()), 2..=2));
    assert_eq!(
        refused(fused(vec![part(neg(), &[Source::Part(0)])])),
        "part p: takes part 0, which is not before it"
    );
    assert_eq!(refused(fused(vec![part(neg(), &[])])), "part p: neg takes 1 input, not 0");
    assert_eq!(refused(fused(vec![part(good, &[])])), "part p: a part must not be fused itself");
    assert_eq!(refused(fused(vec![])), "a fused operation has at least one part");
}
