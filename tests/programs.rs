//! The talk's array programs have the graphs that Dask has for the same Python after its optimisation, and the results.
//! The fixture is made by `tests/reference/programs.py`.
#![cfg(not(target_arch = "wasm32"))]

use std::{collections::BTreeMap, sync::Arc};

use dagdeck::{
    Block, Options, Plan, TaskGraph,
    collections::array,
    programs::{Answer, Given, GivenValue, Job, Wanted, program},
    scheduler,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    program: String,
    parameters: BTreeMap<String, f64>,
    graph: Graph,
    optimised: Graph,
    result: Array,
}

/// A graph in numbers.
#[derive(Debug, Deserialize, PartialEq)]
struct Graph {
    /// By prefix.
    tasks: BTreeMap<String, usize>,
    /// How many have only dependencies of lower levels, by level.
    levels: Vec<usize>,
    edges: usize,
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

fn described(graph: &TaskGraph) -> Graph {
    let (mut tasks, mut levels, mut level_of) = (BTreeMap::new(), Vec::new(), vec![0; graph.len()]);
    // Collections add each task after those that it depends on.
    for task in graph.tasks() {
        let row = graph.dependencies().row(task);
        let level = row.iter().map(|&needed| level_of[needed as usize] + 1).max().unwrap_or(0);
        level_of[task as usize] = level;
        levels.resize(levels.len().max(level + 1), 0);
        levels[level] += 1;
        *tasks.entry(graph.key(task).prefix().to_owned()).or_default() += 1;
    }
    Graph { tasks, levels, edges: graph.dependencies().entries() }
}

#[test]
fn graphs_are_those_that_dask_runs() {
    for (case, job) in cases() {
        assert_eq!(described(&job.graph), case.optimised, "{} {:?}", case.program, case.parameters);
        let Wanted::Array(array) = &job.wanted else { panic!("{} computes an array", case.program) };
        let built = array::graph(std::slice::from_ref(array), false).unwrap();
        assert_eq!(described(&built), case.graph, "{} {:?}, as built", case.program, case.parameters);
    }
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
