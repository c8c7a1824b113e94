//! What the scheduler of a cluster knows of a plan: ids and edges.

use rustc_hash::FxHashMap;

use crate::graph::{Plan, Rows, TaskId};

/// The edges of a plan, each once, and the prefix of each task by number. O(tasks + edges log edges of a task) to make.
#[derive(Debug)]
pub struct Outline {
    inputs: Rows,
    readers: Rows,
    prefixes: Vec<u32>,
    prefix_count: usize,
    is_target: Vec<bool>,
    retries: Vec<u8>,
}

impl Outline {
    /// The outline of `plan`.
    pub fn new(plan: &Plan) -> Outline {
        let mut inputs = Rows::with_capacity(plan.len(), plan.dependencies().entries());
        let mut row = Vec::new();
        for dependencies in plan.dependencies().iter() {
            row.clear();
            row.extend_from_slice(dependencies);
            row.sort_unstable();
            row.dedup();
            inputs.push(row.iter().copied());
        }
        let mut is_target = vec![false; plan.len()];
        plan.targets().iter().for_each(|&target| is_target[target as usize] = true);
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let prefixes = plan.tasks().map(|task| {
            let next = numbers.len() as u32;
            *numbers.entry(plan.key(task).prefix()).or_insert(next)
        });
        let prefixes = prefixes.collect();
        Outline {
            readers: inputs.transpose(),
            inputs,
            prefixes,
            prefix_count: numbers.len(),
            is_target,
            retries: plan.tasks().map(|task| plan.annotations(task).retries).collect(),
        }
    }

    /// The number of tasks.
    pub fn len(&self) -> usize {
        self.prefixes.len()
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// All ids.
    pub fn tasks(&self) -> std::ops::Range<TaskId> {
        0..self.len() as TaskId
    }

    /// The tasks whose values `task` takes, each once.
    #[inline]
    pub fn inputs(&self, task: TaskId) -> &[TaskId] {
        self.inputs.row(task)
    }

    /// The tasks that take the value of `task`, each once.
    #[inline]
    pub fn readers(&self, task: TaskId) -> &[TaskId] {
        self.readers.row(task)
    }

    /// The number of the prefix of `task`'s key.
    #[inline]
    pub fn prefix(&self, task: TaskId) -> u32 {
        self.prefixes[task as usize]
    }

    /// The number of prefixes.
    pub fn prefixes(&self) -> usize {
        self.prefix_count
    }

    /// Whether the value of `task` is wanted.
    #[inline]
    pub fn is_target(&self, task: TaskId) -> bool {
        self.is_target[task as usize]
    }

    /// How often `task` is retried after a failure.
    pub fn retries(&self, task: TaskId) -> u8 {
        self.retries[task as usize]
    }
}
