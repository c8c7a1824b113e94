//! The edges between the tasks that the targets need, numbered in depth-first order, without repeats.

use crate::graph::{Rows, TaskGraph, TaskId, held::Held};

/// A graph for which 0, 1, 2, … is a valid order.
pub(super) struct Edges {
    pub dependencies: Rows,
    pub dependents: Rows,
    pub targets: Vec<TaskId>,
}

impl Edges {
    /// The edges between the tasks in `sequence`, which get the ids 0, 1, 2, … in that order.
    pub fn new(graph: &TaskGraph, sequence: &[TaskId]) -> Edges {
        // By old id: the new id, and the last row in which it was seen, so that no row has it twice.
        let mut table = vec![(0, TaskId::MAX); graph.len()];
        for (new, &old) in (0..).zip(sequence) {
            table[old as usize].0 = new;
        }
        let mut once = |old: TaskId, row: TaskId| {
            let (new, seen_in) = &mut table[old as usize];
            (std::mem::replace(seen_in, row) != row).then_some(*new)
        };
        let mut dependencies = Rows::with_capacity(sequence.len(), graph.dependencies().entries());
        for (row, &task) in (0..).zip(sequence) {
            dependencies.push(graph.dependencies().row(task).iter().filter_map(|&old| once(old, row)));
        }
        let row = sequence.len() as TaskId;
        let targets = graph.targets().iter().filter_map(|&old| once(old, row)).collect();
        Edges { dependents: dependencies.transpose(), dependencies, targets }
    }

    /// All ids, in depth-first order.
    pub fn tasks(&self) -> std::ops::Range<TaskId> {
        0..self.dependencies.len() as TaskId
    }

    /// Whether any value is used more than once: by several tasks, or by a task and as a target.
    ///
    /// If not, the graph is a tree or a forest, for which the depth-first order is optimal.
    pub fn are_shared(&self) -> bool {
        self.dependents.iter().any(|row| row.len() > 1)
            || self.targets.iter().any(|&target| !self.dependents.row(target).is_empty())
    }

    /// The most values that one worker holds at once when it runs all tasks in the order `sequence`. `None` if that
    /// is `limit` or more.
    pub fn peak_below(&self, limit: u64, sequence: impl Iterator<Item = TaskId>) -> Option<u64> {
        let mut readers: Vec<u32> = self.dependents.iter().map(|row| row.len() as u32).collect();
        self.targets.iter().for_each(|&target| readers[target as usize] += 1);
        let mut held = Held::with_readers(&self.dependencies, readers, sequence, |_| 1);
        held.try_fold(0, |peak, held| (held < limit).then_some(peak.max(held)))
    }

    /// A lower bound of the peak for every order: each task's inputs and output, and all targets at the end.
    pub fn least_peak(&self) -> u64 {
        let inputs = self.dependencies.iter().map(<[_]>::len).max().unwrap_or(0);
        self.targets.len().max(inputs + 1) as u64
    }
}
