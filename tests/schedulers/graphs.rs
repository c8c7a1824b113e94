//! Graphs whose values tell where they came from, and a strategy that makes random graphs.

use dagdeck::{
    GraphBuilder, Key, Op, TaskGraph,
    operations::{Arange, Operands, Ufunc},
};
use proptest::prelude::*;

/// Numbers flow along the edges: a root counts from its id, and every other task adds up its inputs, so that a
/// value tells which tasks it came from.
pub fn adding(dependencies: &[Vec<usize>], targets: &[usize]) -> TaskGraph {
    let mut graph = GraphBuilder::new();
    let key = |task: usize| Key::block("t", &[task as u32]);
    let part = |task: usize, i: usize| Key::block("part", &[task as u32, i as u32]);
    for (task, row) in dependencies.iter().enumerate() {
        match row[..] {
            [] => {
                let range = Arange {
                    start: (task as f64).into(),
                    step: 1.0.into(),
                    len: 3,
                    dtype: Default::default(),
                };
                graph.task(key(task), Op::Arange(range.into()), []);
            }
            [only] => graph.task(key(task), Op::elementwise(Ufunc::Neg, Operands::Inputs), [key(only)]),
            [first, ref rest @ ..] => {
                let mut left = key(first);
                for (i, &right) in rest.iter().enumerate() {
                    let sum = if i + 1 == rest.len() { key(task) } else { part(task, i) };
                    let args = [left, key(right)];
                    graph.task(sum.clone(), Op::elementwise(Ufunc::Add, Operands::Inputs), args);
                    left = sum;
                }
            }
        }
    }
    targets.iter().for_each(|&target| graph.target(key(target)));
    graph.build().unwrap()
}

/// The same graph with other operations where `op` returns one, and with the annotations that `annotate` adds.
pub fn replaced(
    graph: &TaskGraph,
    op: impl Fn(u32) -> Option<Op>,
    annotate: impl FnOnce(&mut GraphBuilder),
) -> TaskGraph {
    let mut changed = GraphBuilder::new();
    for task in graph.tasks() {
        let args = graph.dependencies().row(task).iter().map(|&d| graph.key(d).clone());
        changed.task(graph.key(task).clone(), op(task).unwrap_or_else(|| graph.op(task).clone()), args);
    }
    graph.targets().iter().for_each(|&target| changed.target(graph.key(target).clone()));
    annotate(&mut changed);
    changed.build().unwrap()
}

prop_compose! {
    /// Tasks in a topological order, each depending on up to four earlier ones, some on the same one twice.
    pub fn random_graph()(size in 1usize..120)(
        rows in (0..size).map(|task| prop::collection::vec(0..task.max(1), 0..5.min(task + 1))).collect::<Vec<_>>(),
        targets in prop::collection::vec(0..size, 1..4),
    ) -> TaskGraph {
        adding(&rows, &targets)
    }
}

/// Graphs with shapes that are hard for schedulers: no edges, one long chain, wide joins and forks.
pub fn shapes() -> Vec<(&'static str, TaskGraph)> {
    let size = 2000;
    let chain = (0..size).map(|i: usize| Vec::from_iter(i.checked_sub(1))).collect::<Vec<_>>();
    let tree =
        (0..size).map(|_| vec![]).chain((0..size - 1).map(|i| vec![2 * i, 2 * i + 1])).collect::<Vec<_>>();
    let mut fork_join = vec![vec![]];
    fork_join.extend(vec![vec![0]; size]);
    fork_join.push((1..=size).collect());
    vec![
        ("independent", adding(&vec![vec![]; size], &(0..size).collect::<Vec<_>>())),
        ("chain", adding(&chain, &[size - 1])),
        ("tree", adding(&tree, &[2 * size - 2])),
        ("fork-join", adding(&fork_join, &[size + 1])),
    ]
}
