//! The static order: which task runs first where several could.
//!
//! Aims at few values in memory, as `dask.order` does: finish what is begun before beginning anything new. A
//! depth-first walk from the targets does that; where a task has several dependencies it first visits the one
//! under which most must be held at once, since its result alone is then held while the others are computed
//! (Sethi and Ullman, "The Generation of Optimal Code for Arithmetic Expressions", 1970).

use super::{TaskGraph, TaskId};

/// All tasks that the targets need, each after its dependencies. O(tasks + edges), but for the sort of each row.
pub fn order(graph: &TaskGraph) -> Vec<TaskId> {
    let need = registers(graph);
    let mut sequence = Vec::with_capacity(graph.len());
    let mut seen = vec![false; graph.len()];
    // A task is on the stack twice: first to visit what it depends on, then, flagged, to come after it.
    let mut stack: Vec<(TaskId, bool)> = graph.targets().iter().rev().map(|&t| (t, false)).collect();
    let mut row = Vec::new();
    while let Some((task, visited)) = stack.pop() {
        if visited {
            sequence.push(task);
            continue;
        }
        if std::mem::replace(&mut seen[task as usize], true) {
            continue;
        }
        stack.push((task, true));
        row.clear();
        row.extend(graph.dependencies().row(task).iter().copied().filter(|&d| !seen[d as usize]));
        // The last one pushed is visited first. The sort is stable: equals are visited as written.
        row.reverse();
        row.sort_by_key(|&d| need[d as usize]);
        stack.extend(row.iter().map(|&d| (d, false)));
    }
    sequence
}

/// How many values must be held at once to compute each task, as if nothing were shared.
fn registers(graph: &TaskGraph) -> Vec<u32> {
    let mut need = vec![0; graph.len()];
    let mut inputs = Vec::new();
    for task in topological(graph) {
        inputs.clear();
        inputs.extend(graph.dependencies().row(task).iter().map(|&d| need[d as usize]));
        inputs.sort_unstable_by(|a, b| b.cmp(a));
        need[task as usize] =
            inputs.iter().enumerate().map(|(held, &need)| need + held as u32).max().unwrap_or(1);
    }
    need
}

/// Each task after its dependencies, in no particular order otherwise.
pub(super) fn topological(graph: &TaskGraph) -> Vec<TaskId> {
    let mut pending: Vec<u32> = graph.dependencies().iter().map(|row| row.len() as u32).collect();
    let mut sequence: Vec<TaskId> = graph.tasks().filter(|&t| pending[t as usize] == 0).collect();
    let mut next = 0;
    while let Some(&task) = sequence.get(next) {
        next += 1;
        for &dependent in graph.dependents().row(task) {
            pending[dependent as usize] -= 1;
            if pending[dependent as usize] == 0 {
                sequence.push(dependent);
            }
        }
    }
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphBuilder, Op};

    /// A binary tree of 2^depth leaves; task 0 is the target, task `i` takes the tasks `2i + 1` and `2i + 2`.
    fn tree(depth: u32) -> TaskGraph {
        let mut graph = GraphBuilder::new();
        let inner = 2u32.pow(depth) - 1;
        let key = |i: u32| format!("t-{i}").as_str().into();
        for i in 0..2 * inner + 1 {
            let args = if i < inner { vec![key(2 * i + 1), key(2 * i + 2)] } else { vec![] };
            graph.task(key(i), Op::NoOp, args);
        }
        graph.target(key(0));
        graph.build().unwrap()
    }

    /// The most values held at once by one worker that follows `sequence`.
    fn peak(graph: &TaskGraph, sequence: &[TaskId]) -> usize {
        let mut readers: Vec<usize> = graph.dependents().iter().map(<[_]>::len).collect();
        let (mut held, mut peak) = (0, 0);
        for &task in sequence {
            held += 1;
            peak = peak.max(held);
            for &dependency in graph.dependencies().row(task) {
                readers[dependency as usize] -= 1;
                held -= usize::from(readers[dependency as usize] == 0);
            }
        }
        peak
    }

    #[test]
    fn dependencies_come_first() {
        let graph = tree(5);
        let sequence = order(&graph);
        let place = |task: TaskId| sequence.iter().position(|&t| t == task).unwrap();
        for task in graph.tasks() {
            assert!(graph.dependencies().row(task).iter().all(|&d| place(d) < place(task)));
        }
    }

    #[test]
    fn a_tree_reduction_holds_one_value_a_level() {
        for depth in 0..8 {
            let graph = tree(depth);
            assert_eq!(peak(&graph, &order(&graph)), depth as usize + if depth == 0 { 1 } else { 2 });
        }
    }

    #[test]
    fn a_long_chain_does_not_need_a_deep_stack() {
        let mut graph = GraphBuilder::new();
        let key = |i: u32| crate::Key::block("chain", &[i]);
        graph.task(key(0), Op::NoOp, []);
        (1..100_000).for_each(|i| graph.task(key(i), Op::NoOp, [key(i - 1)]));
        graph.target(key(99_999));
        assert_eq!(order(&graph.build().unwrap()), (0..100_000).collect::<Vec<_>>());
    }
}
