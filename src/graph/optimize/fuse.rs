//! Fusing: turns a chain of tasks into one task. In a chain, each task is the only dependency of the next, which is
//! its only dependent.
//!
//! ```text
//!  random-0    random-1
//!     |           |
//!   sum-0       sum-1        random-sum-0   random-sum-1
//!      \        /      ->           \        /
//!        add-0                       add-0
//! ```

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use rustc_hash::FxHashSet;

use super::{Chain, Group, Step, TaskGraph, TaskId, regroup, target_flags};
use crate::key::Key;

/// Longer names (in bytes) are shortened: Dask's `max_fused_key_length`.
const MAX_NAME: usize = 120;

/// Turns each chain into one task. O(tasks + edges).
///
/// A target is at the end of its chain, which then keeps the target's key. Other chains get the name that Dask gives
/// them: the prefixes of their tasks and then the key of the last: `random-sum-0`.
pub fn fuse(graph: &TaskGraph) -> (TaskGraph, Step) {
    fuse_chains(graph, false)
}

/// The same if nobody asks for targets by their keys: their chains are renamed like all others, as in Dask.
pub(crate) fn fuse_renaming(graph: &TaskGraph) -> TaskGraph {
    fuse_chains(graph, true).0
}

fn fuse_chains(graph: &TaskGraph, rename_targets: bool) -> (TaskGraph, Step) {
    let targets = target_flags(graph);
    // For each task, the previous one in its chain, and whether there is a next one.
    let mut before: Vec<Option<TaskId>> = vec![None; graph.len()];
    let mut is_last = vec![true; graph.len()];
    for task in graph.tasks().filter(|&task| !targets[task as usize]) {
        if let Some(next) = next(graph, task) {
            before[next as usize] = Some(task);
            is_last[task as usize] = false;
        }
    }
    let mut taken: FxHashSet<Key> = graph.keys.iter().cloned().collect();
    let mut steps = Vec::new();
    let mut groups = Vec::new();
    for last in graph.tasks().filter(|&task| is_last[task as usize]) {
        let mut members: Vec<TaskId> =
            std::iter::successors(Some(last), |&task| before[task as usize]).collect();
        members.reverse();
        let mut key = graph.key(last).clone();
        if members.len() > 1 {
            let keys: Vec<Key> = members.iter().map(|&task| graph.key(task).clone()).collect();
            let fused = fused_key(&keys);
            if (rename_targets || !targets[last as usize]) && taken.insert(fused.clone()) {
                key = fused;
            }
            steps.push(Chain { keys, fused: key.clone() });
        }
        groups.push(Group { key, members });
    }
    (regroup(graph, groups), Step::Fuse(steps))
}

/// The task that `task` can be fused with: its only dependent, if that has no other dependency.
fn next(graph: &TaskGraph, task: TaskId) -> Option<TaskId> {
    let dependents = graph.dependents().row(task);
    let &dependent = dependents.first()?;
    let alone = dependents.iter().all(|&other| other == dependent)
        && graph.dependencies().row(dependent).iter().all(|&other| other == task);
    (alone && graph.annotations(task) == graph.annotations(dependent)).then_some(dependent)
}

/// Dask's `default_fused_keys_renamer`: the other prefixes in alphabetical order, and the last key.
fn fused_key(keys: &[Key]) -> Key {
    let (last, others) = keys.split_last().expect("a chain has tasks");
    let mut prefixes: BTreeSet<&str> = others.iter().map(Key::prefix).collect();
    prefixes.remove(last.prefix());
    let mut names: Vec<&str> = prefixes.into_iter().collect();
    names.push(last.name());
    Key::block(shortened(names.join("-")), last.index())
}

/// At most about [`MAX_NAME`] bytes of `name`, and a hash of all of it.
fn shortened(name: String) -> String {
    if name.len() <= MAX_NAME {
        return name;
    }
    let end = (0..=MAX_NAME).rev().find(|&end| name.is_char_boundary(end)).unwrap_or(0);
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    format!("{}-{:04x}", &name[..end], hasher.finish() as u16)
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{graph, keys, parts},
        *,
    };
    use crate::operations::Source::{Input, Part};

    #[test]
    fn a_chain_becomes_one_task_and_a_fork_stays() {
        let graph = graph(
            &[
                ("random-0", &[]),
                ("neg-0", &["random-0"]),
                ("add-0", &["neg-0", "neg-0"]),
                ("neg-1", &["add-0"]),
                ("transpose-1", &["add-0"]),
                ("add-2", &["neg-1", "transpose-1"]),
            ],
            &["add-2"],
        );
        let (fused, step) = fuse(&graph);
        assert_eq!(keys(&fused), ["neg-random-add-0", "neg-1", "transpose-1", "add-2"]);
        assert_eq!(
            parts(&fused, 0),
            [
                ("random-0".into(), vec![]),
                ("neg-0".into(), vec![Part(0)]),
                ("add-0".into(), vec![Part(1), Part(1)])
            ]
        );
        let keys = ["random-0", "neg-0", "add-0"].map(Key::from).to_vec();
        assert_eq!(step, Step::Fuse(vec![Chain { keys, fused: "neg-random-add-0".into() }]));
    }

    #[test]
    fn what_is_fused_already_is_not_nested() {
        let graph =
            graph(&[("x", &[]), ("neg-0", &["x"]), ("neg-1", &["neg-0"]), ("y", &["x"])], &["neg-1", "y"]);
        let (once, _) = fuse(&graph);
        assert_eq!(parts(&once, 1), [("neg-0".into(), vec![Input(0)]), ("neg-1".into(), vec![Part(0)])]);
        let mut more = crate::GraphBuilder::new();
        for task in once.tasks() {
            let args = once.dependencies().row(task).iter().map(|&d| once.key(d).clone());
            more.task(once.key(task).clone(), once.op(task).clone(), args);
        }
        more.task("neg-2".into(), crate::Op::NoOp, ["neg-1".into()]);
        more.target("neg-2".into());
        more.target("y".into());
        let (twice, _) = fuse(&more.build().unwrap());
        let names: Vec<_> = parts(&twice, 2).into_iter().map(|(key, _)| key).collect();
        assert_eq!(names, ["neg-0", "neg-1", "neg-2"]);
    }

    #[test]
    fn a_target_ends_a_chain_and_keeps_its_key() {
        let tasks: &[(&str, &[&str])] = &[("random-0", &[]), ("neg-0", &["random-0"]), ("add-0", &["neg-0"])];
        let (fused, _) = fuse(&graph(tasks, &["neg-0", "add-0"]));
        assert_eq!(keys(&fused), ["neg-0", "add-0"]);
    }

    #[test]
    fn names_are_dasks() {
        let key = |index: &[u32], names: &[&str]| {
            fused_key(&names.iter().map(|&name| Key::block(name, index)).collect::<Vec<_>>()).to_string()
        };
        assert_eq!(key(&[0, 3], &["normal-1f", "mean_chunk-8c"]), "('normal-mean_chunk-8c', 0, 3)");
        assert_eq!(key(&[], &["neg-1", "add-2", "neg-3", "sum-4"]), "add-neg-sum-4");
        assert_eq!(key(&[], &["sum-1", "sum-2"]), "sum-2");
        let long = key(&[1], &["ä".repeat(70).as_str(), "sum-4"]);
        assert!(long.starts_with("('ää") && long.len() <= MAX_NAME + 12, "{long}");
    }

    #[test]
    fn a_name_that_is_taken_is_not_given_again() {
        let tasks: &[(&str, &[&str])] = &[
            ("random-0", &[]),
            ("neg-0", &["random-0"]),
            ("random-neg-0", &[]),
            ("add-0", &["neg-0", "random-neg-0"]),
        ];
        let (fused, _) = fuse(&graph(tasks, &["add-0"]));
        assert_eq!(keys(&fused), ["neg-0", "random-neg-0", "add-0"]);
    }
}
