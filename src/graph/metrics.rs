//! What a graph's form alone says about its run.

use super::{Rows, TaskGraph, TaskId, order::topological};

/// One worker's memory: the number of values held while each task runs.
///
/// A value is held from when its task runs until its last dependent has run, a target's for ever; while a task runs,
/// its inputs and its output are held. Tasks that are not in the sequence need nothing. O(tasks + edges).
pub(super) struct Held<'a, S> {
    dependencies: &'a Rows,
    readers: Vec<u32>,
    sequence: S,
    held: u64,
}

impl<'a, S: Iterator<Item = TaskId> + Clone> Held<'a, S> {
    pub fn new(dependencies: &'a Rows, targets: &[TaskId], sequence: S) -> Held<'a, S> {
        let mut readers = vec![0; dependencies.len()];
        for task in sequence.clone() {
            dependencies.row(task).iter().for_each(|&d| readers[d as usize] += 1);
        }
        targets.iter().for_each(|&target| readers[target as usize] += 1);
        Held { dependencies, readers, sequence, held: 0 }
    }
}

impl<S: Iterator<Item = TaskId>> Iterator for Held<'_, S> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let task = self.sequence.next()?;
        self.held += 1;
        let while_running = self.held;
        for &dependency in self.dependencies.row(task) {
            self.readers[dependency as usize] -= 1;
            self.held -= u64::from(self.readers[dependency as usize] == 0);
        }
        self.held -= u64::from(self.readers[task as usize] == 0);
        Some(while_running)
    }
}

/// The number of tasks on the longest path from each task to the end, itself included: a task that nothing depends
/// on has 1. O(tasks + edges).
///
/// A task's bottom level is how long the run goes on at least once it has started, if every task takes as long as
/// every other; a policy that runs the highest first follows the critical path.
#[allow(dead_code)]
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
