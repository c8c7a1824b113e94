//! The tasks of a graph that is being built, layer after layer.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::grid::Grid;
use crate::{
    collections::MAX_TASKS,
    error::{Error, Result},
    graph::{Annotations, MAX_EDGES, Rows, TaskGraph, TaskId},
    key::Key,
    operations::Op,
};

/// Collects the tasks of one node.
pub(crate) struct Emitter<'a> {
    pub(super) tasks: &'a mut LooseTasks,
    /// The node's name.
    pub(crate) name: &'a Arc<str>,
    /// The node's partitions.
    pub(crate) grid: &'a Grid,
    pub(crate) inputs: SmallVec<[Input<'a>; 2]>,
}

/// An input of a node.
pub(crate) struct Input<'a> {
    pub(crate) grid: &'a Grid,
    /// The tasks that make its blocks, in C order.
    pub(crate) blocks: &'a [TaskId],
}

impl Emitter<'_> {
    /// Adds the task that makes the block `index` of the node.
    pub(crate) fn block(
        &mut self,
        index: &[u32],
        op: Op,
        args: impl IntoIterator<Item = TaskId>,
    ) -> Result<TaskId> {
        self.tasks.push(Key::block(self.name.clone(), index), op, args)
    }

    /// Adds an alias: the block `index` of the node is the value of a task.
    pub(crate) fn alias(&mut self, index: &[u32], task: TaskId) -> Result<TaskId> {
        self.block(index, Op::Alias, [task])
    }

    /// Adds a task that does not make a block of the node.
    pub(crate) fn task(
        &mut self,
        name: &Arc<str>,
        index: &[u32],
        op: Op,
        args: impl IntoIterator<Item = TaskId>,
    ) -> Result<TaskId> {
        self.tasks.push(Key::block(name.clone(), index), op, args)
    }

    /// The name of such tasks: their own prefix, and the node's token.
    pub(crate) fn named_beside(&self, prefix: &str) -> Arc<str> {
        let token = self.name.rsplit('-').next().unwrap_or_default();
        format!("{prefix}-{token}").into()
    }

    /// Annotates a task.
    pub(crate) fn annotate(&mut self, task: TaskId, annotations: Annotations) {
        if annotations != Annotations::default() {
            self.tasks.annotations.insert(task, annotations);
        }
    }

    /// The task that makes the block `index` of input number `input`.
    pub(crate) fn input(&self, input: usize, index: &[u32]) -> TaskId {
        let Input { grid, blocks } = &self.inputs[input];
        blocks[grid.ravel(index)]
    }
}

/// A graph that is being built. Each task comes after its dependencies.
#[derive(Default)]
pub(super) struct LooseTasks {
    keys: Vec<Key>,
    ops: Vec<Op>,
    dependencies: Rows,
    annotations: FxHashMap<TaskId, Annotations>,
}

impl LooseTasks {
    pub(super) fn push(
        &mut self,
        key: Key,
        op: Op,
        args: impl IntoIterator<Item = TaskId>,
    ) -> Result<TaskId> {
        let task = self.keys.len();
        if task >= MAX_TASKS || self.dependencies.entries() >= MAX_EDGES / 4 {
            let (prefix, edges) = (key.prefix(), self.dependencies.entries());
            return Err(Error::invalid(format!(
                "{prefix}: the graph has {task} tasks and {edges} edges so far, and may have {MAX_TASKS} and {}: \
                 choose larger chunks, or chunks that fit each other",
                MAX_EDGES / 4
            )));
        }
        self.keys.push(key);
        self.ops.push(op);
        self.dependencies.push(args);
        Ok(task as TaskId)
    }

    /// The graph of the tasks that the targets need. An array often needs only some blocks of its inputs.
    pub(super) fn into_graph(self, mut targets: Vec<TaskId>) -> Result<TaskGraph> {
        let mut needed = vec![false; self.keys.len()];
        targets.iter().for_each(|&target| needed[target as usize] = true);
        for task in (0..needed.len()).rev() {
            if needed[task] {
                let row = self.dependencies.row(task as TaskId);
                row.iter().for_each(|&dependency| needed[dependency as usize] = true);
            }
        }
        if needed.iter().all(|&needed| needed) {
            return TaskGraph::from_tasks(self.keys, self.ops, self.dependencies, targets, self.annotations);
        }
        let mut new_ids = Vec::with_capacity(needed.len());
        let mut dependencies = Rows::with_capacity(needed.len(), self.dependencies.entries());
        for (row, &needed) in self.dependencies.iter().zip(&needed) {
            new_ids.push(dependencies.len() as TaskId);
            if needed {
                dependencies.push(row.iter().map(|&dependency| new_ids[dependency as usize]));
            }
        }
        targets.iter_mut().for_each(|target| *target = new_ids[*target as usize]);
        let keys =
            self.keys.into_iter().zip(&needed).filter_map(|(key, &needed)| needed.then_some(key)).collect();
        let ops =
            self.ops.into_iter().zip(&needed).filter_map(|(op, &needed)| needed.then_some(op)).collect();
        let annotations = self.annotations.into_iter().filter(|&(task, _)| needed[task as usize]);
        let annotations = annotations.map(|(task, asked)| (new_ids[task as usize], asked)).collect();
        TaskGraph::from_tasks(keys, ops, dependencies, targets, annotations)
    }
}
