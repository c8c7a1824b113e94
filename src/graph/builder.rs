//! From loose tasks to a checked graph: every key there, none twice, no cycle.

use rustc_hash::FxHashMap;

use super::{Annotations, MAX_EDGES, MAX_TASKS, Rows, TaskGraph, TaskId};
use crate::{
    error::{Error, Result},
    key::Key,
    op::Op,
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
    /// Every key that was mentioned, so that an argument takes four bytes.
    names: FxHashMap<Key, Name>,
    /// Which task has the key, by name.
    ids: Vec<TaskId>,
    ops: Vec<Op>,
    args: Rows,
    targets: Vec<Name>,
    annotations: Vec<(Name, Annotations)>,
    duplicate: Option<Key>,
}

/// A key's place in the order in which keys were first mentioned.
type Name = u32;

/// No task has the key so far.
const ABSENT: TaskId = TaskId::MAX;

impl GraphBuilder {
    /// An empty graph.
    pub fn new() -> GraphBuilder {
        GraphBuilder::default()
    }

    /// Adds the task `key`, which applies `op` to the values of the tasks `args`.
    pub fn task(&mut self, key: Key, op: Op, args: impl IntoIterator<Item = Key>) {
        let GraphBuilder { names, ids, .. } = self;
        if self.duplicate.is_none() && names.get(&key).is_some_and(|&name| ids[name as usize] != ABSENT) {
            self.duplicate = Some(key.clone());
        }
        let name = intern(names, ids, key);
        ids[name as usize] = self.ops.len() as TaskId;
        self.ops.push(op);
        self.args.push(args.into_iter().map(|arg| intern(names, ids, arg)));
    }

    /// Asks for the value of the task `key`.
    pub fn target(&mut self, key: Key) {
        let name = intern(&mut self.names, &mut self.ids, key);
        self.targets.push(name);
    }

    /// Asks for something beyond the defaults for the task `key`. What is said last holds.
    pub fn annotate(&mut self, key: Key, annotations: Annotations) {
        let name = intern(&mut self.names, &mut self.ids, key);
        self.annotations.push((name, annotations));
    }

    /// Whether there is a task `key`.
    pub(super) fn contains(&self, key: &Key) -> bool {
        self.names.get(key).is_some_and(|&name| self.ids[name as usize] != ABSENT)
    }

    /// The number of tasks, and of arguments of all tasks.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.ops.len(), self.args.entries())
    }

    /// Checks the tasks and packs them. O(tasks + edges).
    ///
    /// # Errors
    /// A duplicate key, a missing key, a cycle (naming its keys), no target, or more than [`MAX_TASKS`] or
    /// [`MAX_EDGES`].
    pub fn build(self) -> Result<TaskGraph> {
        let GraphBuilder { names, ids, ops, args, targets, annotations, duplicate } = self;
        if targets.is_empty() {
            return Err(Error::no_target());
        }
        if ops.len() > MAX_TASKS {
            return Err(Error::too_large("tasks", MAX_TASKS));
        }
        if args.entries() > MAX_EDGES {
            return Err(Error::too_large("edges", MAX_EDGES));
        }
        if let Some(key) = duplicate {
            return Err(Error::duplicate_key(key));
        }
        // Looks at every key, but only once something is wrong.
        let key_of = |wanted: Name| {
            let (key, _) = names.iter().find(|&(_, &name)| name == wanted).expect("every name has a key");
            key.clone()
        };
        let id = |name: Name| match ids[name as usize] {
            ABSENT => None,
            id => Some(id),
        };
        let mut dependencies = Rows::with_capacity(ops.len(), args.entries());
        for (task, row) in args.iter().enumerate() {
            if let Some(&missing) = row.iter().find(|&&name| id(name).is_none()) {
                let name = ids.iter().position(|&id| id == task as TaskId).expect("every task has a name");
                return Err(Error::missing_key(key_of(missing), Some(key_of(name as Name))));
            }
            dependencies.push(row.iter().map(|&name| ids[name as usize]));
        }
        let target = |&name: &Name| id(name).ok_or_else(|| Error::missing_key(key_of(name), None));
        let targets = targets.iter().map(target).collect::<Result<Vec<_>>>()?;
        let annotation = |&(name, annotations): &(Name, Annotations)| match id(name) {
            Some(task) => Ok((task, annotations)),
            None => {
                let key = key_of(name);
                Err(Error::invalid(format!("missing key: {key} is annotated, but no task has it")))
            }
        };
        let mut annotations = annotations.iter().map(annotation).collect::<Result<FxHashMap<_, _>>>()?;
        // So that graphs are equal whether or not the defaults were said.
        annotations.retain(|_, asked| *asked != Annotations::default());
        let mut keys: Vec<Option<Key>> = vec![None; ops.len()];
        for (key, name) in names {
            keys[ids[name as usize] as usize] = Some(key);
        }
        let keys = keys.into_iter().map(|key| key.expect("no two tasks have the same key")).collect();
        let graph = TaskGraph::new(keys, ops, dependencies, targets, annotations);
        match find_cycle(&graph) {
            Some(cycle) => Err(Error::cycle(cycle.into_iter().map(|t| graph.key(t).clone()).collect())),
            None => Ok(graph),
        }
    }
}

/// The name of `key`: a new one if it has not been mentioned before.
fn intern(names: &mut FxHashMap<Key, Name>, ids: &mut Vec<TaskId>, key: Key) -> Name {
    *names.entry(key).or_insert_with(|| {
        ids.push(ABSENT);
        (ids.len() - 1) as Name
    })
}

/// A cycle, if there is one, each task depending on the next. O(tasks + edges).
///
/// Tasks that become ready are taken away until none is left (Kahn, 1962). Every task that remains depends on
/// another that remains, so following such dependencies must come back to where it has been.
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
