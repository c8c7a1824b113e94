//! Another order, but what frees a value runs as soon as it can.
//!
//! A task that is the last to take a value puts its own in that value's place, so nothing is lost by running it early,
//! and what it makes ready may free more:
//!
//! ```text
//!   x     y          depth-first for the target on the left: x, y, left; then right frees x and y.
//!   | \ / |          If right is an inner task whose target comes late, x and y are held until then;
//!   | / \ |          eager runs it right after left.
//! left   right
//! ```

use super::Edges;
use crate::graph::TaskId;

/// Follows `sequence`, which has each task after its dependencies, and puts in between what frees a value.
/// O(tasks + edges).
pub(super) fn eager(edges: &Edges, sequence: impl IntoIterator<Item = TaskId>) -> Vec<TaskId> {
    let mut walk = Walk::new(edges);
    for task in sequence {
        let mut next = Some(task);
        while let Some(task) = next {
            if walk.pending[task as usize] != DONE {
                walk.run(task);
            }
            next = walk.freeing.pop();
        }
    }
    walk.done
}

/// In place of a number of dependencies: the task has run.
const DONE: u32 = u32::MAX;

struct Walk<'a> {
    edges: &'a Edges,
    /// How many dependencies of each task have not run.
    pending: Vec<u32>,
    /// How many dependents of each task have not run, and one more for a target.
    readers: Vec<u32>,
    /// Tasks that could run now and would free a value, the next one last.
    freeing: Vec<TaskId>,
    done: Vec<TaskId>,
}

impl Walk<'_> {
    fn new(edges: &Edges) -> Walk<'_> {
        let lengths = |rows: &super::super::Rows| rows.iter().map(|row| row.len() as u32).collect::<Vec<_>>();
        let mut readers = lengths(&edges.dependents);
        edges.targets.iter().for_each(|&target| readers[target as usize] += 1);
        Walk {
            edges,
            pending: lengths(&edges.dependencies),
            readers,
            freeing: Vec::new(),
            done: Vec::with_capacity(edges.dependencies.len()),
        }
    }

    fn run(&mut self, task: TaskId) {
        self.pending[task as usize] = DONE;
        self.done.push(task);
        for &dependency in self.edges.dependencies.row(task) {
            self.readers[dependency as usize] -= 1;
            if self.readers[dependency as usize] == 1 {
                self.push_last_reader(dependency);
            }
        }
        // The last one pushed runs first: of equals, the one that comes first in depth-first order.
        for &dependent in self.edges.dependents.row(task).iter().rev() {
            self.pending[dependent as usize] -= 1;
            if self.pending[dependent as usize] == 0 && self.frees(dependent) {
                self.freeing.push(dependent);
            }
        }
    }

    /// Whether `task` is the last to take some value.
    fn frees(&self, task: TaskId) -> bool {
        self.edges.dependencies.row(task).iter().any(|&d| self.readers[d as usize] == 1)
    }

    /// Looks once for each value, when one reader is left, for who that is. A target's is nobody.
    fn push_last_reader(&mut self, value: TaskId) {
        let readers = self.edges.dependents.row(value);
        if let Some(&last) = readers.iter().find(|&&reader| self.pending[reader as usize] != DONE)
            && self.pending[last as usize] == 0
        {
            self.freeing.push(last);
        }
    }
}
