//! The talk's array programs have the results that Dask has for the same Python. (Their graphs: `array_graphs.rs`.) The
//! fixture is made by `tests/reference/programs.py`.
#![cfg(not(target_arch = "wasm32"))]

use std::{collections::BTreeMap, sync::Arc};

use dagdeck::{
    Block, Options, Plan,
    programs::{Answer, Given, GivenValue, Job, program},
    scheduler,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    program: String,
    parameters: BTreeMap<String, f64>,
    result: Array,
}

#[derive(Deserialize)]
struct Array {
    shape: Vec<usize>,
    dtype: String,
    data: Vec<f64>,
}

fn cases() -> Vec<(Case, Job)> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/programs.json")).unwrap();
    let with_job = |mut case: Case| {
        let seed = case.parameters.remove("seed").unwrap_or(0.0) as u64;
        let given: Given =
            case.parameters.iter().map(|(name, &value)| (name.clone(), GivenValue::Number(value))).collect();
        let job = program(&case.program).unwrap().job(&given, seed).unwrap();
        (case, job)
    };
    cases.into_iter().map(with_job).collect()
}

#[test]
fn results_are_those_that_dask_computes() {
    for (case, job) in cases() {
        let mut run = scheduler::start(Arc::new(Plan::new(&job.graph)), Options::default()).unwrap();
        let Answer::Array(block) = job.wanted.answer(&run.wait().unwrap()).unwrap() else {
            panic!("{} computes an array", case.program)
        };
        let about = format!("{} {:?}", case.program, case.parameters);
        assert_eq!(
            (block.shape(), block.dtype().to_string()),
            (&case.result.shape[..], case.result.dtype),
            "{about}"
        );
        let elements = numbers(&block);
        assert_eq!(elements.len(), case.result.data.len(), "{about}");
        for (ours, theirs) in elements.iter().zip(&case.result.data) {
            // The error of a factorisation is rounding, here and there.
            let near = if case.program == "array-qr" { 1e-13 } else { 1e-12 * theirs.abs() };
            assert!((ours - theirs).abs() <= near, "{about}: {ours}, not {theirs}");
        }
    }
}

fn numbers(block: &Block) -> Vec<f64> {
    match block {
        Block::Bool(elements) => elements.iter().map(|&x| f64::from(u8::from(x))).collect(),
        Block::UInt8(elements) => elements.iter().map(|&x| x.into()).collect(),
        Block::Int32(elements) => elements.iter().map(|&x| x.into()).collect(),
        Block::Int64(elements) => elements.iter().map(|&x| x as f64).collect(),
        Block::Float32(elements) => elements.iter().map(|&x| x.into()).collect(),
        Block::Float64(elements) => elements.iter().copied().collect(),
    }
}
