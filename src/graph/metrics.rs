//! What a graph's form alone says about its run.

use super::{TaskGraph, order::topological};

/// The number of tasks on the longest path from each task to the end, itself included: a task that nothing depends
/// on has 1. O(tasks + edges).
///
/// A task's bottom level is how long the run goes on at least once it has started, if every task takes as long as
/// every other; a policy that runs the highest first follows the critical path.
pub(crate) fn bottom_levels(graph: &TaskGraph) -> Vec<u32> {
    let mut levels = vec![1; graph.len()];
    for &task in topological(graph).iter().rev() {
        for &dependent in graph.dependents().row(task) {
            levels[task as usize] = levels[task as usize].max(levels[dependent as usize] + 1);
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Op, graph::gallery::Shape};

    #[test]
    fn bottom_levels_count_the_tasks_to_the_end() {
        let levels = |shape: Shape, tasks| bottom_levels(&shape.graph(tasks, 0, |_| Op::NoOp));
        assert_eq!(levels(Shape::Chain, 4), [4, 3, 2, 1]);
        assert_eq!(levels(Shape::Tree, 5), [1, 2, 2, 3, 3]);
        assert_eq!(levels(Shape::Independent, 3), [1, 1, 1]);
    }
}
