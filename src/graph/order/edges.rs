//! The edges of what the targets need, numbered in depth-first order, each one once.

use crate::graph::{Rows, TaskGraph, TaskId, metrics::Held};

/// A graph of which 0, 1, 2, … is a possible order.
pub(super) struct Edges {
    pub dependencies: Rows,
    pub dependents: Rows,
    /// Each once, in ascending order.
    pub targets: Vec<TaskId>,
}

impl Edges {
    /// The edges between the tasks in `sequence`, which get the ids 0, 1, 2, … in that order.
    pub fn new(graph: &TaskGraph, sequence: &[TaskId]) -> Edges {
        let mut new_ids = vec![0; graph.len()];
        for (new, &old) in sequence.iter().enumerate() {
            new_ids[old as usize] = new as TaskId;
        }
        let new_ids_of = |old: &[TaskId], new: &mut Vec<TaskId>| {
            new.clear();
            new.extend(old.iter().map(|&old| new_ids[old as usize]));
            new.sort_unstable();
            new.dedup();
        };
        let mut dependencies = Rows::with_capacity(sequence.len(), graph.dependencies().entries());
        let mut row = Vec::new();
        for &task in sequence {
            new_ids_of(graph.dependencies().row(task), &mut row);
            dependencies.push(row.iter().copied());
        }
        new_ids_of(graph.targets(), &mut row);
        Edges { dependents: dependencies.transpose(), dependencies, targets: row }
    }

    /// All ids, in depth-first order.
    pub fn tasks(&self) -> std::ops::Range<TaskId> {
        0..self.dependencies.len() as TaskId
    }

    /// Whether any value is taken by more than one task, or wanted and taken.
    ///
    /// If none is, the graph is a tree or several, and there the depth-first order is optimal.
    pub fn are_shared(&self) -> bool {
        self.dependents.iter().any(|row| row.len() > 1)
            || self.targets.iter().any(|&target| !self.dependents.row(target).is_empty())
    }

    /// The most values held at once by one worker that runs all tasks in the order `sequence`.
    pub fn peak(&self, sequence: impl Iterator<Item = TaskId> + Clone) -> u64 {
        Held::new(&self.dependencies, &self.targets, sequence).max().unwrap_or(0)
    }

    /// No order holds fewer values at once: each task's inputs and its output, and all targets at the end.
    pub fn least_peak(&self) -> u64 {
        let inputs = self.dependencies.iter().map(<[_]>::len).max().unwrap_or(0);
        self.targets.len().max(inputs + 1) as u64
    }
}
