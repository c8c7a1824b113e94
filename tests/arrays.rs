//! Arrays have the values that Dask computes. `tests/reference/arrays.py` writes the fixture.
#![cfg(not(target_arch = "wasm32"))]

use dagdeck::{
    DType, Options, Plan, Result, Scheduler,
    collections::array::{self as da, Array, Over},
    scheduler,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    expression: String,
    shape: Vec<usize>,
    chunk: usize,
    /// The shape of the result.
    result: Vec<usize>,
    /// Its elements in C order, `None` for NaN.
    data: Vec<Option<f64>>,
}

/// The expression of `case` in Rust.
fn expression(case: &Case) -> Result<Array> {
    let Case { shape, chunk, .. } = case;
    let x = da::random::default_rng(42).random(shape, *chunk)?;
    match case.expression.as_str() {
        "x + x.T" => x.add(&x.t()),
        "x - x.mean()" => x.subtract(&x.mean(())?),
        "-x * 2" => x.negative()?.multiply(2),
        "x / (x + 1)" => x.divide(&x.add(1)?),
        "sqrt(x)" => x.sqrt(),
        "x.T" => Ok(x.t()),
        "x.sum()" => x.sum(()),
        "x.mean()" => x.mean(()),
        "x.std()" => x.std(()),
        "x.std(ddof=1)" => x.std(Over { ddof: 1.0, ..().into() }),
        "x.sum(axis=0)" => x.sum(0),
        "x.mean(axis=0)" => x.mean(0),
        "x.var(axis=-1)" => x.var(-1),
        "x.std(axis=(0, 1))" => x.std([0, 1]),
        "(x + x.T).mean(axis=0)" => x.add(&x.t())?.mean(0),
        "x + arange" => x.add(&da::arange(shape[shape.len() - 1] as i64, *chunk, None)?),
        "x * ones" => x.multiply(&da::ones(shape, *chunk, DType::Float64)?),
        other => panic!("no Rust for {other}"),
    }
}

fn close(got: f64, expected: Option<f64>) -> bool {
    match expected {
        None => got.is_nan(),
        // An element whose exact value is 0 has no relative error.
        Some(expected) => (got - expected).abs() <= 1e-12 * expected.abs().max(1e-3),
    }
}

#[test]
fn expressions_have_dasks_values() {
    // serde_json, with its default features, reads floats to the nearest double.
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/arrays.json")).unwrap();
    assert!(cases.len() > 80);
    for case in &cases {
        let array = expression(case).unwrap();
        let name = format!("{} of {:?} in blocks of {}", case.expression, case.shape, case.chunk);
        assert_eq!(array.shape(), case.result, "{name}");
        let plan = Plan::new(&array.graph().unwrap()).into();
        let options =
            Options { scheduler: Scheduler::Threads, workers: 2, trace: false, ..Options::default() };
        let values = scheduler::start(plan, options).unwrap().wait().unwrap().values().unwrap();
        let whole = array.assemble(&values).unwrap();
        assert_eq!(whole.shape(), case.result, "{name}");
        for (i, (&got, &expected)) in whole.elements::<f64>().unwrap().iter().zip(&case.data).enumerate() {
            assert!(close(got, expected), "{name}: element {i} is {got}, not {expected:?}");
        }
    }
}

#[test]
fn operands_that_do_not_fit_are_refused_as_in_numpy() {
    let ones = |shape| da::ones(shape, 2, DType::Float64).unwrap();
    let error = ones(&[3, 4]).add(&ones(&[3, 5])).unwrap_err().to_string();
    assert_eq!(error, "operands could not be broadcast together with shapes (3, 4) (3, 5)");
}

#[test]
fn equal_arrays_share_their_tasks() {
    let random = |seed| da::random::default_rng(seed).random(&[8, 8], 4).unwrap();
    let sum = |other| da::graph(&[random(1).add(&random(other)).unwrap()], false).unwrap();
    assert_eq!((sum(1).len(), sum(2).len()), (8, 12));
}

#[test]
fn arrays_that_are_computed_together_share_their_tasks() {
    let x = da::random::default_rng(1).random(&[8, 8], 4).unwrap();
    let (mean, turned) = (x.mean(()).unwrap(), x.t());
    let graph = da::graph(&[mean.clone(), turned.clone(), mean.clone()], true).unwrap();
    // Four blocks, the contribution of each to the mean, the mean, and four transposed blocks.
    assert_eq!((graph.len(), graph.targets().len()), (13, 6));
    assert_eq!(graph.targets()[0], graph.targets()[5]);
    // Without fusion, the only other difference is that the blocks are drawn once.
    let tasks = |arrays: &[Array]| da::graph(arrays, false).unwrap().len();
    let alone = tasks(std::slice::from_ref(&mean)) + tasks(std::slice::from_ref(&turned));
    assert_eq!((tasks(&[mean, turned]), alone), (13, 17));
}
