//! A sketch: the edges of a graph while its shape is built, before its tasks have keys and operations.

use crate::graph::{Rows, TaskId};

/// Tasks get the ids 0, 1, 2, … as they are added.
pub(super) struct Sketch {
    dependencies: Rows,
}

impl Sketch {
    /// No tasks yet.
    pub fn new() -> Sketch {
        Sketch { dependencies: Rows::with_capacity(0, 0) }
    }

    /// Adds a task that takes the values of `args`. These may be added later.
    pub fn task(&mut self, args: impl IntoIterator<Item = TaskId>) -> TaskId {
        self.dependencies.push(args);
        self.dependencies.len() as TaskId - 1
    }

    /// Adds `count` tasks without dependencies.
    pub fn roots(&mut self, count: u32) -> Vec<TaskId> {
        (0..count).map(|_| self.task([])).collect()
    }

    /// Adds one task for each of `args`; it takes that value.
    pub fn map(&mut self, args: &[TaskId]) -> Vec<TaskId> {
        args.iter().map(|&arg| self.task([arg])).collect()
    }

    /// Adds a tree that reduces `leaves` to one task. Each task takes up to `fan_in` values.
    pub fn tree(&mut self, mut leaves: Vec<TaskId>, fan_in: usize) -> TaskId {
        while leaves.len() > fan_in {
            leaves = leaves.chunks(fan_in).map(|group| self.task(group.iter().copied())).collect();
        }
        self.task(leaves)
    }

    /// The number of tasks that [`tree`](Sketch::tree) adds.
    pub fn tree_len(mut leaves: u64, fan_in: u64) -> u64 {
        let mut len = 1;
        while leaves > fan_in {
            leaves = leaves.div_ceil(fan_in);
            len += leaves;
        }
        len
    }

    /// The edges, and the tasks without dependents.
    pub fn finish(self) -> (Rows, Vec<TaskId>) {
        let dependencies = self.dependencies;
        let mut taken = vec![false; dependencies.len()];
        dependencies.tasks().iter().for_each(|&task| taken[task as usize] = true);
        let targets = (0..dependencies.len() as TaskId).filter(|&task| !taken[task as usize]).collect();
        (dependencies, targets)
    }
}

/// The largest `n >= least` for which `len(n)`, which grows with `n`, is at most `tasks`; `least` if there is
/// none.
pub(super) fn largest(least: u32, tasks: u32, len: impl Fn(u64) -> u64) -> u32 {
    let fits = |n: u32| len(n.into()) <= tasks.into();
    let (mut most, mut beyond) = (least, least + 1);
    while fits(beyond) {
        (most, beyond) = (beyond, 2 * beyond);
    }
    while beyond - most > 1 {
        let middle = most + (beyond - most) / 2;
        *if fits(middle) { &mut most } else { &mut beyond } = middle;
    }
    most
}
