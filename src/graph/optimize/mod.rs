//! Optimisation: smaller graphs with the same values, by the passes of
//! [Dask's `optimization`](https://docs.dask.org/en/stable/optimize.html).
//!
//! ```text
//!          cull              inline             fuse
//!
//!    ones   x   unused        x                 (x)
//!     | \   |                 |                  |
//!     |  add                 ones+add           ones+add-neg
//!     |   |                   |
//!   lost neg                 neg
//! ```
//!
//! - [`cull`] drops tasks that the targets do not need.
//! - [`inline`] computes cheap tasks inside each task that takes their value.
//! - [`fuse`] turns a chain into one task.
//!
//! A pass takes a graph and returns a new one, and reports what it did as a [`Step`], so that a view can show it.
//! The targets keep their keys, and tasks with different [annotations](Annotations) stay separate. No parallelism
//! is lost: tasks that could run at the same time still can.

mod aliases;
mod cull;
mod fuse;
mod inline;

pub(crate) use aliases::drop_aliases;
pub use cull::cull;
pub use fuse::fuse;
pub(crate) use fuse::fuse_renaming;
pub use inline::inline;

use rustc_hash::FxHashMap;

#[cfg(doc)]
use super::Annotations;
use super::{Rows, TaskGraph, TaskId};
use crate::{
    key::Key,
    operations::{Args, Fused, Op, Part, Source},
};

/// What a pass did, in the keys of its input graph.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The tasks that were dropped.
    Cull(Vec<Key>),
    /// The tasks that are now computed inside others.
    Inline(Vec<Inlined>),
    /// The chains that are now one task each.
    Fuse(Vec<Chain>),
}

/// A task that is computed inside others.
#[derive(Clone, Debug, PartialEq)]
pub struct Inlined {
    /// The key of the task.
    pub key: Key,
    /// The tasks that compute it now, each for itself.
    pub into: Vec<Key>,
}

/// Tasks that became one.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// The keys of the tasks, each depending on the previous one.
    pub keys: Vec<Key>,
    /// The key of the resulting task.
    pub fused: Key,
}

/// Culls, inlines and fuses, in this order; the steps are returned in the same order. O(tasks + edges).
///
/// ```
/// use dagdeck::{collections::array as da, graph::optimize::optimize};
///
/// let x = da::random::default_rng(0).random(&[40, 40], 10)?;
/// let graph = da::graph(&[x.sum(())?], false)?;
/// // Each of the 16 blocks is made and summed in one task.
/// assert_eq!((graph.len(), optimize(&graph).0.len()), (37, 21));
/// # Ok::<(), dagdeck::Error>(())
/// ```
pub fn optimize(graph: &TaskGraph) -> (TaskGraph, Vec<Step>) {
    let (graph, culled) = cull(graph);
    let (graph, inlined) = inline(&graph);
    let (graph, fused) = fuse(&graph);
    (graph, vec![culled, inlined, fused])
}

/// Tasks that become one task, with the key `key` and the value of its last member. Each member comes after those
/// that it depends on.
struct Group {
    key: Key,
    members: Vec<TaskId>,
}

/// The graph whose tasks are the `groups`, with ids in that order.
///
/// # Panics
/// If a group needs the value of a task that is neither the last of a group nor one of its own.
fn regroup(graph: &TaskGraph, groups: Vec<Group>) -> TaskGraph {
    let mut new_ids = FxHashMap::with_capacity_and_hasher(groups.len(), Default::default());
    for (new, group) in groups.iter().enumerate() {
        new_ids.insert(*group.last(), new as TaskId);
    }
    let mut keys = Vec::with_capacity(groups.len());
    let mut ops = Vec::with_capacity(groups.len());
    let mut dependencies = Rows::with_capacity(groups.len(), graph.dependencies().entries());
    let mut annotations = FxHashMap::default();
    for (new, group) in groups.into_iter().enumerate() {
        if let Some(&asked) = graph.annotations.get(group.last()) {
            annotations.insert(new as TaskId, asked);
        }
        let (op, inputs) = compose(graph, &group.members);
        keys.push(group.key);
        ops.push(op);
        dependencies.push(inputs.iter().map(|input| new_ids[input]));
    }
    let targets = graph.targets().iter().map(|target| new_ids[target]).collect();
    TaskGraph::new(keys, ops, dependencies, targets, annotations)
}

impl Group {
    fn last(&self) -> &TaskId {
        self.members.last().expect("a group has at least one task")
    }
}

/// One operation that runs `members` one after another, and the tasks whose values it takes.
fn compose(graph: &TaskGraph, members: &[TaskId]) -> (Op, Vec<TaskId>) {
    if let [only] = *members {
        return (graph.op(only).clone(), graph.dependencies().row(only).to_vec());
    }
    let mut parts = Vec::with_capacity(members.len());
    let mut inputs = Vec::new();
    // Where each value is: a member's in its last part, another task's in an input.
    let mut sources = FxHashMap::default();
    for &task in members {
        let mut source_of = |&dependency: &TaskId| {
            *sources.entry(dependency).or_insert_with(|| {
                inputs.push(dependency);
                Source::Input(inputs.len() as u32 - 1)
            })
        };
        let args: Args = graph.dependencies().row(task).iter().map(&mut source_of).collect();
        match graph.op(task) {
            Op::Fused(fused) => {
                let before = parts.len() as u32;
                let moved = |source: &Source| match *source {
                    Source::Part(part) => Source::Part(before + part),
                    // What is missing stays missing: it becomes an error when the task runs.
                    Source::Input(input) => {
                        args.get(input as usize).copied().unwrap_or(Source::Input(u32::MAX))
                    }
                };
                parts.extend(fused.parts.iter().map(|part| Part {
                    key: part.key.clone(),
                    op: part.op.clone(),
                    args: part.args.iter().map(moved).collect(),
                }));
            }
            op => parts.push(Part { key: graph.key(task).clone(), op: op.clone(), args }),
        }
        sources.insert(task, Source::Part(parts.len() as u32 - 1));
    }
    (Op::Fused(Fused { parts }.into()), inputs)
}

/// Whether each task is a target.
fn target_flags(graph: &TaskGraph) -> Vec<bool> {
    let mut flags = vec![false; graph.len()];
    graph.targets().iter().for_each(|&target| flags[target as usize] = true);
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GraphBuilder;

    /// A graph of `neg`, `add`, `transpose` and so on, chosen by key, on tiny blocks.
    pub(super) fn graph(tasks: &[(&str, &[&str])], targets: &[&str]) -> TaskGraph {
        use crate::operations::{Full, Operands, Random, Ufunc};
        let mut graph = GraphBuilder::new();
        let shape = || [2, 2].into_iter().collect();
        for &(key, args) in tasks {
            let key = Key::from(key);
            let op = match key.prefix() {
                "ones" => Op::Full(
                    Full { shape: shape(), fill_value: 1.0.into(), dtype: Default::default() }.into(),
                ),
                "random" => {
                    let distribution = crate::operations::Distribution::Uniform;
                    Op::Random(Random { shape: shape(), distribution, seed: 1, child: 0 }.into())
                }
                "getitem" => Op::Alias,
                "transpose" => Op::Transpose(Box::new([1, 0].into_iter().collect())),
                "neg" => Op::elementwise(Ufunc::Neg, Operands::Inputs),
                "add" => Op::elementwise(Ufunc::Add, Operands::Inputs),
                _ => Op::NoOp,
            };
            graph.task(key, op, args.iter().map(|&arg| arg.into()));
        }
        targets.iter().for_each(|&target| graph.target(target.into()));
        graph.build().unwrap()
    }

    pub(super) fn keys(graph: &TaskGraph) -> Vec<String> {
        graph.tasks().map(|task| graph.key(task).to_string()).collect()
    }

    /// The parts of a fused task: key, and where its arguments come from.
    pub(super) fn parts(graph: &TaskGraph, task: TaskId) -> Vec<(String, Vec<Source>)> {
        match graph.op(task) {
            Op::Fused(fused) => {
                fused.parts.iter().map(|part| (part.key.to_string(), part.args.to_vec())).collect()
            }
            other => panic!("{other:?} is not fused"),
        }
    }

    #[test]
    fn the_passes_follow_each_other() {
        let graph = graph(
            &[
                ("ones-0", &[]),
                ("random-0", &[]),
                ("add-0", &["ones-0", "random-0"]),
                ("lost-0", &["ones-0"]),
                ("neg-0", &["add-0"]),
                ("neg-1", &["neg-0"]),
            ],
            &["neg-1"],
        );
        let (graph, steps) = optimize(&graph);
        assert_eq!(keys(&graph), ["neg-1"]);
        let names: Vec<_> = parts(&graph, 0).into_iter().map(|(key, _)| key).collect();
        assert_eq!(names, ["random-0", "ones-0", "add-0", "neg-0", "neg-1"]);
        assert_eq!(steps[0], Step::Cull(vec!["lost-0".into()]));
        let inlined = Inlined { key: "ones-0".into(), into: vec!["add-0".into()] };
        assert_eq!(steps[1], Step::Inline(vec![inlined]));
        let keys = ["random-0", "add-0", "neg-0", "neg-1"].map(Key::from).to_vec();
        assert_eq!(steps[2], Step::Fuse(vec![Chain { keys, fused: "neg-1".into() }]));
    }
}
