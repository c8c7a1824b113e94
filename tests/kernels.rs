//! Kernels have NumPy's values, types and errors. `tests/reference/kernels.py` writes the fixture.
#![cfg(not(target_arch = "wasm32"))]

use std::borrow::Cow;

use dagdeck::{Block, DType, Op, Scalar, Value, block::Element, kernels::Message, operations::execute};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    op: Op,
    inputs: Vec<Block>,
    output: Option<Block>,
    error: Option<String>,
}

fn scalars(block: &Block) -> Vec<Scalar> {
    fn all<T: Element>(block: &Block) -> Option<Vec<Scalar>> {
        Some(block.elements::<T>()?.iter().map(|x| x.to_scalar()).collect())
    }
    let found = all::<f64>(block)
        .or_else(|| all::<f32>(block))
        .or_else(|| all::<i64>(block))
        .or_else(|| all::<i32>(block))
        .or_else(|| all::<u8>(block))
        .or_else(|| all::<bool>(block));
    found.expect("a block has one of these types")
}

/// Integers must be equal. Floats must be close up to rounding, and zeros have the same sign.
fn close(got: Scalar, expected: Scalar, dtype: DType) -> bool {
    let (Scalar::Float(x), Scalar::Float(y)) = (got, expected) else { return got == expected };
    let tolerance = if dtype == DType::Float32 { 4e-6 } else { 1e-12 };
    x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= tolerance * y.abs().max(1e-3)
}

/// Equal bit for bit: every NaN equals itself, and no zero equals the other one.
fn same(left: &Result<Value, Message>, right: &Result<Value, Message>) -> bool {
    let (Ok(left), Ok(right)) = (left, right) else { return left == right };
    let (Some(left), Some(right)) = (left.as_array(), right.as_array()) else { return left == right };
    let bits = |scalar: Scalar| match scalar {
        Scalar::Float(x) => Scalar::Int(x.to_bits() as i64),
        scalar => scalar,
    };
    (left.dtype(), left.shape()) == (right.dtype(), right.shape())
        && scalars(left).into_iter().map(bits).eq(scalars(right).into_iter().map(bits))
}

#[test]
fn kernels_give_what_numpy_gives() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/kernels.json")).unwrap();
    assert!(cases.len() > 1000);
    let mut wrong = Vec::new();
    for Case { op, inputs, output, error } in cases {
        let types: Vec<DType> = inputs.iter().map(Block::dtype).collect();
        let values: Vec<Value> = inputs.iter().cloned().map(Value::from).collect();
        let shared = execute(&op, &mut values.iter().map(Cow::Borrowed).collect::<Vec<_>>(), 0);
        // The same with buffers that may be reused.
        drop(values);
        let owned = inputs.into_iter().map(|input| Cow::Owned(Block::clone(&input).into()));
        let owned = execute(&op, &mut owned.collect::<Vec<_>>(), 0);
        assert!(same(&shared, &owned), "{op:?} {types:?}: {shared:?}, and with its own buffers {owned:?}");
        match (shared, output, error) {
            (Err(got), None, Some(expected)) => {
                if !got.starts_with(expected.trim_end_matches(|c: char| c.is_ascii_punctuation())) {
                    wrong.push(format!("{op:?} {types:?}: '{got}', not '{expected}'"));
                }
            }
            (Ok(Value::Array(got)), Some(expected), None) => {
                let header = |block: &Block| (block.dtype(), block.shape().to_vec());
                if header(&got) != header(&expected) {
                    wrong.push(format!("{op:?} {types:?}: {:?}, not {:?}", header(&got), header(&expected)));
                    continue;
                }
                let pairs = scalars(&got).into_iter().zip(scalars(&expected));
                let differ = |(_, (x, y)): &(usize, (Scalar, Scalar))| !close(*x, *y, got.dtype());
                if let Some((i, (x, y))) = pairs.enumerate().find(differ) {
                    wrong.push(format!("{op:?} {types:?}: element {i} is {x}, not {y}"));
                }
            }
            (got, expected, error) => {
                wrong.push(format!("{op:?} {types:?}: {got:?}, not {expected:?} {error:?}"))
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
