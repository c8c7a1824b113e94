//! Task graphs: what to compute, and what each task depends on.
//!
//! ```text
//! GraphBuilder --check--> TaskGraph --order-->  Plan
//!  loose tasks            dense tables of ids        a task's id is its priority
//! ```
//!
//! Schedulers see ids and edges, never keys or values.

mod binary;
mod builder;
pub mod gallery;
mod held;
pub mod json;
pub mod metrics;
pub mod optimize;
mod order;
mod plan;
mod rows;

pub use builder::GraphBuilder;
pub(crate) use metrics::bottom_levels;
pub use order::order;
pub use plan::Plan;
pub use rows::Rows;

pub use crate::ids::TaskId;

use rustc_hash::FxHashMap;

use crate::{
    error::{Error, Result},
    key::Key,
    operations::Op,
};

/// The maximum number of tasks: the tables alone take some gigabytes then.
pub const MAX_TASKS: usize = 1 << 24;

/// The maximum number of edges.
pub const MAX_EDGES: usize = 1 << 26;

/// A checked graph: every dependency exists, and no task depends on itself, directly or indirectly.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskGraph {
    keys: Vec<Key>,
    ops: Vec<Op>,
    dependencies: Rows,
    dependents: Rows,
    targets: Vec<TaskId>,
    annotations: FxHashMap<TaskId, Annotations>,
}

/// Requests to the scheduler about one task; the name is Dask's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// How often the task is retried after a failure.
    pub retries: u8,
    /// Tasks of a higher priority run first, and so do the tasks that they depend on.
    pub priority: i32,
}

impl TaskGraph {
    fn new(
        keys: Vec<Key>,
        ops: Vec<Op>,
        dependencies: Rows,
        targets: Vec<TaskId>,
        annotations: FxHashMap<TaskId, Annotations>,
    ) -> TaskGraph {
        let dependents = dependencies.transpose();
        TaskGraph { keys, ops, dependencies, dependents, targets, annotations }
    }

    /// A graph of tasks in which each task comes after its dependencies, so there is nothing to look up and no cycle
    /// to look for.
    ///
    /// # Errors
    /// If there is no target.
    pub(crate) fn from_tasks(
        keys: Vec<Key>,
        ops: Vec<Op>,
        dependencies: Rows,
        targets: Vec<TaskId>,
        annotations: FxHashMap<TaskId, Annotations>,
    ) -> Result<TaskGraph> {
        debug_assert!(
            dependencies.iter().enumerate().all(|(task, row)| row.iter().all(|&d| (d as usize) < task))
        );
        match targets.is_empty() {
            true => Err(Error::no_target()),
            false => Ok(TaskGraph::new(keys, ops, dependencies, targets, annotations)),
        }
    }

    /// The number of tasks.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All ids.
    pub fn tasks(&self) -> std::ops::Range<TaskId> {
        0..self.len() as TaskId
    }

    /// The key of a task.
    pub fn key(&self, task: TaskId) -> &Key {
        &self.keys[task as usize]
    }

    /// The operation of a task.
    #[inline]
    pub fn op(&self, task: TaskId) -> &Op {
        &self.ops[task as usize]
    }

    /// For each task, the tasks whose values it takes, in the order of its operation's arguments.
    #[inline]
    pub fn dependencies(&self) -> &Rows {
        &self.dependencies
    }

    /// For each task, the tasks that take its value, once for each time they take it.
    #[inline]
    pub fn dependents(&self) -> &Rows {
        &self.dependents
    }

    /// The tasks whose values are wanted.
    pub fn targets(&self) -> &[TaskId] {
        &self.targets
    }

    /// The tasks that depend on nothing.
    pub fn roots(&self) -> impl Iterator<Item = TaskId> {
        self.tasks().filter(|&task| self.dependencies.row(task).is_empty())
    }

    /// The annotations of a task.
    #[inline]
    pub fn annotations(&self, task: TaskId) -> Annotations {
        self.annotations.get(&task).copied().unwrap_or_default()
    }

    /// Gives every task the same annotations.
    pub(crate) fn annotate_all(&mut self, annotations: Annotations) {
        self.annotations = self.tasks().map(|task| (task, annotations)).collect();
    }

    /// The graph that consists of the tasks in `sequence` only, with the ids 0, 1, 2, … in that order.
    ///
    /// # Panics
    /// If a task in `sequence` depends on one that is not in it, or a target is missing.
    fn renumber(&self, sequence: &[TaskId]) -> TaskGraph {
        const ABSENT: TaskId = TaskId::MAX;
        let mut new_ids = vec![ABSENT; self.len()];
        for (new, &old) in sequence.iter().enumerate() {
            new_ids[old as usize] = new as TaskId;
        }
        let new_id = |old: &TaskId| match new_ids[*old as usize] {
            ABSENT => panic!("{} is needed, but was left out", self.key(*old)),
            new => new,
        };
        let mut dependencies = Rows::with_capacity(sequence.len(), self.dependencies.entries());
        for &task in sequence {
            dependencies.push(self.dependencies.row(task).iter().map(new_id));
        }
        TaskGraph::new(
            sequence.iter().map(|&task| self.key(task).clone()).collect(),
            sequence.iter().map(|&task| self.op(task).clone()).collect(),
            dependencies,
            self.targets.iter().map(new_id).collect(),
            self.annotations
                .iter()
                .map(|(&old, &annotations)| (new_ids[old as usize], annotations))
                .filter(|&(new, _)| new != ABSENT)
                .collect(),
        )
    }
}
