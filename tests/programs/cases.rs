//! Programs with small parameters, and what Dask computes for the same Python. `tests/reference/programs.py`
//! writes the fixture.

use std::collections::BTreeMap;

use dagdeck::{
    Block, Outcome,
    programs::{Answer, Given, GivenValue, Job, program},
};
use serde::Deserialize;

/// A program, its parameters, and its result in Dask.
#[derive(Deserialize)]
pub struct Case {
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

/// All cases, each with the job that we build for it.
pub fn cases() -> Vec<(Case, Job)> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../fixtures/programs.json")).unwrap();
    let with_job = |mut case: Case| {
        let seed = case.parameters.remove("seed").unwrap_or(0.0) as u64;
        let given: Given =
            case.parameters.iter().map(|(name, &value)| (name.clone(), GivenValue::Number(value))).collect();
        let job = program(&case.program).unwrap().job(&given, seed).unwrap();
        (case, job)
    };
    cases.into_iter().map(with_job).collect()
}

impl Case {
    /// # Panics
    /// If the run's result differs from Dask's.
    pub fn check(&self, job: &Job, outcome: &Outcome) {
        let Answer::Array(block) = job.wanted.answer(outcome).unwrap() else {
            panic!("{} computes an array", self.program)
        };
        let about = format!("{} {:?}", self.program, self.parameters);
        assert_eq!(
            (block.shape(), block.dtype().to_string()),
            (&self.result.shape[..], self.result.dtype.clone()),
            "{about}"
        );
        let elements = numbers(&block);
        assert_eq!(elements.len(), self.result.data.len(), "{about}");
        for (ours, theirs) in elements.iter().zip(&self.result.data) {
            // The error of a factorisation is only rounding, in both.
            let near = if self.program == "array-qr" { 1e-13 } else { 1e-12 * theirs.abs() };
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
