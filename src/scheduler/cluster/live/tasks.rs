//! The tasks that a node knows of: those of one graph after another.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::{
    graph::{Rows, TaskGraph, TaskId},
    operations::Op,
};

/// A graph. Its tasks have the ids from `first` on.
struct Part {
    first: TaskId,
    graph: Arc<TaskGraph>,
    /// The inputs of its tasks, by their ids here; of the first graph they are in the graph.
    inputs: Rows,
}

/// All graphs of a run, in order.
#[derive(Default)]
pub(super) struct Tasks(Vec<Part>);

impl Tasks {
    /// The number of tasks.
    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |part| part.first as usize + part.graph.len())
    }

    /// Adds the tasks of a graph. `known`: those that stand for tasks of earlier graphs.
    pub(super) fn add(&mut self, graph: TaskGraph, known: &FxHashMap<TaskId, TaskId>) {
        let first = self.len() as TaskId;
        let id = |task: &TaskId| known.get(task).copied().unwrap_or(first + task);
        let inputs = match first {
            0 => Rows::default(),
            _ => Rows::from_rows(graph.dependencies().iter().map(|row| row.iter().map(id))),
        };
        self.0.push(Part { first, graph: graph.into(), inputs });
    }

    /// The graph of a task, and its id there.
    fn find(&self, task: TaskId) -> (&Part, TaskId) {
        let place = match self.0.len() {
            1 => 0,
            _ => self.0.partition_point(|part| part.first <= task) - 1,
        };
        (&self.0[place], task - self.0[place].first)
    }

    /// What a task does.
    pub(super) fn op(&self, task: TaskId) -> &Op {
        let (part, task) = self.find(task);
        part.graph.op(task)
    }

    /// The graph that says what a task does, and its id there: for another thread.
    pub(super) fn shared(&self, task: TaskId) -> (Arc<TaskGraph>, TaskId) {
        let (part, task) = self.find(task);
        (part.graph.clone(), task)
    }

    /// The tasks whose values it takes.
    pub(super) fn inputs(&self, task: TaskId) -> &[TaskId] {
        let (part, task) = self.find(task);
        match part.first {
            0 => part.graph.dependencies().row(task),
            _ => part.inputs.row(task),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{graph::GraphBuilder, key::Key};

    #[test]
    fn tasks_of_later_graphs_take_values_of_earlier_ones() {
        let mut tasks = Tasks::default();
        let add = |tasks: &mut Tasks, edges: &[(&str, &[&str])], known: &[(TaskId, TaskId)]| {
            let mut graph = GraphBuilder::new();
            for &(key, args) in edges {
                graph.task(key.into(), Op::NoOp, args.iter().map(|&arg| Key::from(arg)));
            }
            graph.target(edges[edges.len() - 1].0.into());
            tasks.add(graph.build().unwrap(), &known.iter().copied().collect());
        };
        add(&mut tasks, &[("a", &[]), ("b", &["a"])], &[]);
        add(&mut tasks, &[("b", &[]), ("c", &["b", "b"]), ("d", &["c", "b"])], &[(0, 1)]);
        assert_eq!(tasks.len(), 5);
        let inputs: Vec<&[TaskId]> = (0..5).map(|task| tasks.inputs(task)).collect();
        assert_eq!(inputs, [&[][..], &[0], &[], &[1, 1], &[3, 1]]);
    }
}
