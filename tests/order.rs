//! The static order holds no more values than Dask's on every graph of the gallery, and is a valid order of any
//! graph. `benches/order.py` writes the fixture.
#![cfg(not(target_arch = "wasm32"))]

use dagdeck::{
    GraphBuilder, Key, Op, TaskGraph, TaskId,
    graph::{gallery::Shape, metrics::values_held, order},
};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    shape: String,
    tasks: u32,
    seed: u64,
    /// The peak number of values held in Dask's order.
    dask_peak: u64,
}

fn peak(graph: &TaskGraph, sequence: &[TaskId]) -> u64 {
    values_held(graph, sequence).into_iter().max().unwrap()
}

#[test]
fn no_more_values_are_held_than_in_dasks_order() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/order.json")).unwrap();
    assert!(Shape::ALL.iter().all(|shape| cases.iter().any(|case| case.shape == shape.name())));
    for Case { shape, tasks, seed, dask_peak } in cases {
        let graph = shape.parse::<Shape>().unwrap().graph(tasks, seed, |_| Op::NoOp);
        let ours = peak(&graph, &order(&graph));
        assert!(ours <= dask_peak, "{shape} of {tasks} tasks, seed {seed}: {ours} instead of {dask_peak}");
    }
}

prop_compose! {
    /// Tasks numbered at random, each depending on up to four others, some of them twice, and some tasks not
    /// needed.
    fn random_graph()(size in 1usize..80)(
        rows in (0..size).map(|task| prop::collection::vec(0..task.max(1), 0..5.min(task + 1))).collect::<Vec<_>>(),
        numbering in Just(Vec::from_iter(0..size as u32)).prop_shuffle(),
        targets in prop::collection::vec(0..size, 1..6),
    ) -> TaskGraph {
        let key = |task: usize| Key::block("t", &[task as u32]);
        let mut tasks: Vec<usize> = (0..rows.len()).collect();
        tasks.sort_by_key(|&task| numbering[task]);
        let mut graph = GraphBuilder::new();
        tasks.iter().for_each(|&task| graph.task(key(task), Op::NoOp, rows[task].iter().map(|&d| key(d))));
        targets.iter().for_each(|&target| graph.target(key(target)));
        graph.build().unwrap()
    }
}

/// Depth-first from the targets, dependencies as written.
fn visit(graph: &TaskGraph, task: TaskId, seen: &mut Vec<TaskId>) {
    if !seen.contains(&task) {
        graph.dependencies().row(task).iter().for_each(|&d| visit(graph, d, seen));
        seen.push(task);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_the_targets_need_comes_once_and_after_its_dependencies(graph in random_graph()) {
        let sequence = order(&graph);
        let mut done = vec![false; graph.len()];
        for &task in &sequence {
            prop_assert!(graph.dependencies().row(task).iter().all(|&d| done[d as usize]));
            prop_assert!(!std::mem::replace(&mut done[task as usize], true));
        }
        let mut needed = Vec::new();
        graph.targets().iter().for_each(|&target| visit(&graph, target, &mut needed));
        prop_assert_eq!(needed.len(), sequence.len());
        prop_assert!(needed.iter().all(|&task| done[task as usize]));
        prop_assert_eq!(order(&graph), sequence);
    }

    /// The count by its definition: a value is held from when its task runs until its last dependent has run, or
    /// forever.
    #[test]
    fn held_values_are_those_that_are_still_wanted(graph in random_graph()) {
        let sequence = order(&graph);
        let held = values_held(&graph, &sequence);
        for (now, &held) in held.iter().enumerate() {
            let wanted = |&&task: &&TaskId| {
                task == sequence[now]
                    || graph.targets().contains(&task)
                    || sequence[now..].iter().any(|&later| graph.dependencies().row(later).contains(&task))
            };
            prop_assert_eq!(held, sequence[..=now].iter().filter(wanted).count() as u64);
        }
    }
}
