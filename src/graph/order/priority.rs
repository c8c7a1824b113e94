//! Priorities: tasks that a user wants first come first, whatever that costs in memory.

use super::super::{TaskGraph, TaskId};
use crate::sort;

/// Moves tasks of a higher priority before others, together with everything that they depend on. The rest of the
/// order stays as it is. O(tasks + edges) and a sort. Does nothing if no task has a priority.
pub(super) fn by_priority(graph: &TaskGraph, sequence: &mut [TaskId]) {
    if graph.annotations.values().all(|annotations| annotations.priority == 0) {
        return;
    }
    let mut priority: Vec<i32> = graph.tasks().map(|task| graph.annotations(task).priority).collect();
    // Backwards, so that a task is visited after all its dependents.
    for &task in sequence.iter().rev() {
        for &dependency in graph.dependencies().row(task) {
            priority[dependency as usize] = priority[dependency as usize].max(priority[task as usize]);
        }
    }
    sort::by_key(sequence, &|task| !sort::int_key(priority[task as usize].into()));
}

#[cfg(test)]
mod tests {
    use crate::{
        GraphBuilder, Op,
        graph::{Annotations, order},
    };

    #[test]
    fn a_priority_takes_its_dependencies_along() {
        let mut graph = GraphBuilder::new();
        for (key, arg) in [("a", None), ("b", Some("a")), ("c", None), ("d", Some("c")), ("e", None)] {
            graph.task(key.into(), Op::NoOp, arg.map(Into::into));
        }
        ["b", "d", "e"].into_iter().for_each(|key| graph.target(key.into()));
        graph.annotate("d".into(), Annotations { priority: 1, ..Default::default() });
        graph.annotate("b".into(), Annotations { priority: -1, ..Default::default() });
        let graph = graph.build().unwrap();
        let keys: Vec<String> = order(&graph).into_iter().map(|task| graph.key(task).to_string()).collect();
        // c and d first. Then a: only b has a lower priority.
        assert_eq!(keys, ["c", "d", "a", "e", "b"]);
    }
}
