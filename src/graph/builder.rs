//! From loose tasks to a checked graph: every key exists, none twice, and there is no cycle.

use rustc_hash::FxHashMap;

use super::{Annotations, MAX_EDGES, MAX_TASKS, Rows, TaskGraph, TaskId};
use crate::{
    error::{Error, Result},
    key::Key,
    operations::Op,
};

/// Collects tasks in any order and checks them at the end.
///
/// ```
/// use dagdeck::{GraphBuilder, Op};
///
/// let mut graph = GraphBuilder::new();
/// graph.task("sum-0".into(), Op::NoOp, ["inc-0".into(), "inc-1".into()]);
/// graph.task("inc-0".into(), Op::NoOp, []);
/// graph.target("sum-0".into());
/// let error = graph.build().unwrap_err();
/// assert_eq!(error.to_string(), "missing key: sum-0 depends on inc-1, which no task has");
/// ```
#[derive(Default)]
pub struct GraphBuilder {
    keys: Vec<Key>,
    ops: Vec<Op>,
    arg_starts: Vec<u32>,
    args: Vec<Key>,
    targets: Vec<Key>,
    annotations: Vec<(Key, Annotations)>,
}

impl GraphBuilder {
    /// An empty graph.
    pub fn new() -> GraphBuilder {
        GraphBuilder::default()
    }

    /// Adds the task `key`, which applies `op` to the values of the tasks `args`.
    pub fn task(&mut self, key: Key, op: Op, args: impl IntoIterator<Item = Key>) {
        self.keys.push(key);
        self.ops.push(op);
        self.arg_starts.push(self.args.len() as u32);
        self.args.extend(args);
    }

    /// Makes the task `key` a target.
    pub fn target(&mut self, key: Key) {
        self.targets.push(key);
    }

    /// Annotates the task `key`. Later annotations replace earlier ones.
    pub fn annotate(&mut self, key: Key, annotations: Annotations) {
        self.annotations.push((key, annotations));
    }

    /// Checks the tasks and packs them. O(tasks + edges).
    ///
    /// # Errors
    /// A duplicate key, a missing key, a cycle (naming its keys), no target, or more than [`MAX_TASKS`] or
    /// [`MAX_EDGES`].
    pub fn build(self) -> Result<TaskGraph> {
        let GraphBuilder { keys, ops, mut arg_starts, args, targets, annotations } = self;
        if targets.is_empty() {
            return Err(Error::no_target());
        }
        if keys.len() > MAX_TASKS {
            return Err(Error::too_large("tasks", MAX_TASKS));
        }
        if args.len() > MAX_EDGES {
            return Err(Error::too_large("edges", MAX_EDGES));
        }
        let ids = index(&keys)?;
        arg_starts.push(args.len() as u32);
        let mut dependencies = Rows::with_capacity(keys.len(), args.len());
        let mut row = Vec::new();
        for (task, bounds) in arg_starts.windows(2).enumerate() {
            row.clear();
            for arg in &args[bounds[0] as usize..bounds[1] as usize] {
                let missing = || Error::missing_key(arg.clone(), Some(keys[task].clone()));
                row.push(*ids.get(arg).ok_or_else(missing)?);
            }
            dependencies.push(row.iter().copied());
        }
        let find = |key: &Key| ids.get(key).copied().ok_or_else(|| Error::missing_key(key.clone(), None));
        let targets = targets.iter().map(find).collect::<Result<Vec<_>>>()?;
        let annotations = annotations
            .iter()
            .map(|(key, annotations)| match ids.get(key) {
                Some(&task) => Ok((task, *annotations)),
                None => Err(Error::invalid(format!("missing key: {key} is annotated, but no task has it"))),
            })
            .collect::<Result<FxHashMap<_, _>>>()?;
        drop(ids);
        acyclic(keys, ops, dependencies, targets, annotations)
    }
}

/// The graph of tasks whose dependencies are known by their ids. O(tasks + edges).
///
/// # Errors
/// A duplicate key, a cycle, or no target.
pub(super) fn check(
    keys: Vec<Key>,
    ops: Vec<Op>,
    dependencies: Rows,
    targets: Vec<TaskId>,
    annotations: FxHashMap<TaskId, Annotations>,
) -> Result<TaskGraph> {
    if targets.is_empty() {
        return Err(Error::no_target());
    }
    index(&keys)?;
    acyclic(keys, ops, dependencies, targets, annotations)
}

/// The task of each key.
fn index(keys: &[Key]) -> Result<FxHashMap<&Key, TaskId>> {
    let mut ids = FxHashMap::with_capacity_and_hasher(keys.len(), Default::default());
    for (id, key) in keys.iter().enumerate() {
        if ids.insert(key, id as TaskId).is_some() {
            return Err(Error::duplicate_key(key.clone()));
        }
    }
    Ok(ids)
}

fn acyclic(
    keys: Vec<Key>,
    ops: Vec<Op>,
    dependencies: Rows,
    targets: Vec<TaskId>,
    mut annotations: FxHashMap<TaskId, Annotations>,
) -> Result<TaskGraph> {
    // Graphs are equal whether defaults were set explicitly or not.
    annotations.retain(|_, asked| *asked != Annotations::default());
    let graph = TaskGraph::new(keys, ops, dependencies, targets, annotations);
    match find_cycle(&graph) {
        Some(cycle) => Err(Error::cycle(cycle.into_iter().map(|t| graph.key(t).clone()).collect())),
        None => Ok(graph),
    }
}

/// A cycle, if there is one; each task depends on the next one. O(tasks + edges).
///
/// Tasks that become ready are removed until none is left (Kahn, 1962). Every remaining task depends on another
/// remaining task, so following such dependencies must lead back to a task that was visited before.
fn find_cycle(graph: &TaskGraph) -> Option<Vec<TaskId>> {
    let mut pending: Vec<u32> = graph.dependencies().iter().map(|row| row.len() as u32).collect();
    let mut ready: Vec<TaskId> = graph.tasks().filter(|&t| pending[t as usize] == 0).collect();
    while let Some(task) = ready.pop() {
        for &dependent in graph.dependents().row(task) {
            pending[dependent as usize] -= 1;
            if pending[dependent as usize] == 0 {
                ready.push(dependent);
            }
        }
    }
    let mut task = graph.tasks().find(|&t| pending[t as usize] > 0)?;
    let mut path = Vec::new();
    let mut place = FxHashMap::default();
    loop {
        if let Some(start) = place.insert(task, path.len()) {
            return Some(path.split_off(start));
        }
        path.push(task);
        let stuck = graph.dependencies().row(task).iter().find(|&&d| pending[d as usize] > 0);
        task = *stuck.expect("a task that never became ready waits for another such task");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(tasks: &[(&str, &[&str])], targets: &[&str]) -> Result<TaskGraph> {
        let mut graph = GraphBuilder::new();
        for (key, args) in tasks {
            graph.task((*key).into(), Op::NoOp, args.iter().map(|&arg| arg.into()));
        }
        for &key in targets {
            graph.target(key.into());
        }
        graph.build()
    }

    fn error(tasks: &[(&str, &[&str])], targets: &[&str]) -> String {
        build(tasks, targets).unwrap_err().to_string()
    }

    #[test]
    fn a_cycle_is_named_from_end_to_end() {
        let tasks: &[(&str, &[&str])] = &[
            ("load-0", &[]),
            ("sum-0", &["load-0", "merge-1"]),
            ("merge-1", &["sum-0"]),
            ("out-0", &["sum-0"]),
        ];
        assert_eq!(error(tasks, &["out-0"]), "cycle: sum-0 -> merge-1 -> sum-0");
        assert_eq!(error(&[("a", &["a"])], &["a"]), "cycle: a -> a");
    }

    #[test]
    fn keys_must_be_there_and_be_unique() {
        assert_eq!(error(&[("a", &[]), ("a", &[])], &["a"]), "duplicate key: two tasks are called a");
        assert_eq!(error(&[("a", &["b"])], &["a"]), "missing key: a depends on b, which no task has");
        assert_eq!(error(&[("a", &[])], &["b"]), "missing key: b is a target, but no task has that key");
        assert_eq!(error(&[("a", &[])], &[]), "no target: name at least one key to compute");
    }

    #[test]
    fn arguments_keep_their_order_and_repeats() {
        let graph = build(&[("x", &[]), ("y", &[]), ("add", &["y", "x", "y"])], &["add"]).unwrap();
        assert_eq!(graph.dependencies().row(2), [1, 0, 1]);
        assert_eq!(graph.dependents().row(1), [2, 2]);
    }
}
