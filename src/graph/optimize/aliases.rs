//! Aliases: a second name for a task's value is not a task. Dependents of the alias take the value itself.
//!
//! ```text
//!  random-0                 random-0
//!     |                        |
//!  getitem-0 (alias)   ->      |
//!     |      \                 |  \
//!   add-0    sub-0           add-0 sub-0
//! ```
//!
//! Aliases exist while chains are [fused](super::fuse), so that chains get the names that Dask gives them, and are
//! dropped then.

use super::{Args, Fused, Op, Part, Rows, Source, TaskGraph, TaskId};

/// The graph without [aliases](Op::Alias). In `graph`, each task comes after its dependencies. O(tasks + edges).
pub(crate) fn drop_aliases(graph: TaskGraph) -> TaskGraph {
    let has_alias = |op: &Op| match op {
        Op::Fused(fused) => fused.parts.iter().any(|part| part.op == Op::Alias),
        op => *op == Op::Alias,
    };
    if !graph.ops.iter().any(has_alias) {
        return graph;
    }
    let mut new_ids: Vec<TaskId> = Vec::with_capacity(graph.len());
    let (mut keys, mut ops) = (Vec::with_capacity(graph.len()), Vec::with_capacity(graph.len()));
    let mut dependencies = Rows::with_capacity(graph.len(), graph.dependencies().entries());
    for task in graph.tasks() {
        let inputs = graph.dependencies().row(task);
        let (op, inputs) = match graph.op(task) {
            Op::Fused(fused) => without_aliases(fused, inputs),
            op => (op.clone(), inputs.to_vec()),
        };
        if let (Op::Alias, [input]) = (&op, &inputs[..]) {
            new_ids.push(new_ids[*input as usize]);
            continue;
        }
        new_ids.push(keys.len() as TaskId);
        keys.push(graph.key(task).clone());
        ops.push(op);
        dependencies.push(inputs.iter().map(|&input| new_ids[input as usize]));
    }
    let targets = graph.targets().iter().map(|&target| new_ids[target as usize]).collect();
    let annotations =
        graph.annotations.iter().map(|(&task, &asked)| (new_ids[task as usize], asked)).collect();
    TaskGraph::new(keys, ops, dependencies, targets, annotations)
}

/// The same operation without the parts that are aliases, and the inputs that it takes.
fn without_aliases(fused: &Fused, inputs: &[TaskId]) -> (Op, Vec<TaskId>) {
    // Where the value of each part is now.
    let mut sources: Vec<Source> = Vec::with_capacity(fused.parts.len());
    let mut parts: Vec<Part> = Vec::with_capacity(fused.parts.len());
    for part in &fused.parts {
        let source = |source: &Source| match *source {
            Source::Part(before) => sources[before as usize],
            input => input,
        };
        let args: Args = part.args.iter().map(source).collect();
        match (&part.op, &args[..]) {
            (Op::Alias, &[source]) => sources.push(source),
            _ => {
                sources.push(Source::Part(parts.len() as u32));
                parts.push(Part { key: part.key.clone(), op: part.op.clone(), args });
            }
        }
    }
    let input = |source: &Source| match *source {
        Source::Input(input) => inputs[input as usize],
        Source::Part(_) => unreachable!("there is no part before the only one"),
    };
    match &parts[..] {
        [] => (Op::Alias, sources.last().map(input).into_iter().collect()),
        [only] => (only.op.clone(), only.args.iter().map(input).collect()),
        _ => (Op::Fused(Fused { parts }.into()), inputs.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            fuse_renaming,
            tests::{graph, keys, parts},
        },
        *,
    };

    #[test]
    fn a_second_name_is_no_task() {
        let graph = graph(
            &[
                ("random-0", &[]),
                ("random-1", &[]),
                ("getitem-0", &["random-0"]),
                ("getitem-1", &["random-1"]),
                ("neg-0", &["getitem-0"]),
                ("sum-0", &["getitem-1", "neg-0", "random-1"]),
            ],
            &["sum-0", "getitem-1"],
        );
        let dropped = drop_aliases(graph.clone());
        assert_eq!(keys(&dropped), ["random-0", "random-1", "neg-0", "sum-0"]);
        assert_eq!((dropped.dependencies().row(3), dropped.targets()), (&[1, 2, 1][..], &[3, 1][..]));
        let fused = drop_aliases(fuse_renaming(&graph));
        assert_eq!(keys(&fused), ["random-1", "getitem-random-neg-0", "sum-0"]);
        let members = [("random-0".to_owned(), vec![]), ("neg-0".to_owned(), vec![Source::Part(0)])];
        assert_eq!(parts(&fused, 1), members);
    }

    #[test]
    fn a_chain_of_one_task_and_its_names_is_that_task() {
        let graph = graph(&[("sum-0", &[]), ("getitem-0", &["sum-0"])], &["getitem-0"]);
        let fused = drop_aliases(fuse_renaming(&graph));
        assert_eq!((keys(&fused), fused.op(0)), (vec!["sum-getitem-0".to_owned()], &Op::NoOp));
    }
}
