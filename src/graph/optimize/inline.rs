//! Inlining: [cheap](crate::Op::cheap) tasks are computed inside each task that takes their value.
//!
//! ```text
//!   x-0                 x-0
//!    |  \                |  \
//!    | transpose-0       |   |
//!    |   |   \           |   |
//!   add-0    sub-0    transpose-0+add-0   transpose-0+sub-0
//! ```

use super::{Group, Inlined, Step, TaskGraph, TaskId, regroup, target_flags};
use crate::{graph::order, operations::Op};

/// The maximum number of parts that one argument turns into: what is cheap once is not cheap a hundred times.
const MAX_PARTS: usize = 16;

/// Computes cheap tasks inside their dependents. Targets stay tasks, and so do tasks without dependents. O(tasks +
/// edges).
pub fn inline(graph: &TaskGraph) -> (TaskGraph, Step) {
    let inlined = choose(graph);
    let mut steps: Vec<Inlined> = Vec::new();
    let mut step_of = vec![0; graph.len()];
    for task in graph.tasks().filter(|&task| inlined[task as usize]) {
        step_of[task as usize] = steps.len();
        steps.push(Inlined { key: graph.key(task).clone(), into: Vec::new() });
    }
    let mut groups = Vec::new();
    for task in graph.tasks().filter(|&task| !inlined[task as usize]) {
        let mut members = Vec::new();
        gather(graph, &inlined, task, &mut members);
        for &member in &members[..members.len() - 1] {
            steps[step_of[member as usize]].into.push(graph.key(task).clone());
        }
        groups.push(Group { key: graph.key(task).clone(), members });
    }
    (regroup(graph, groups), Step::Inline(steps))
}

/// Which tasks are inlined.
fn choose(graph: &TaskGraph) -> Vec<bool> {
    let targets = target_flags(graph);
    let mut inlined = vec![false; graph.len()];
    // The number of parts of each task, including the tasks inlined into it.
    let mut parts = vec![0usize; graph.len()];
    for task in order::topological(graph) {
        let inside = graph.dependencies().row(task).iter().filter(|&&d| inlined[d as usize]);
        let own = match graph.op(task) {
            Op::Fused(fused) => fused.parts.len(),
            _ => 1,
        };
        let size = inside.fold(own, |size, &d| size.saturating_add(parts[d as usize]));
        parts[task as usize] = size;
        let dependents = graph.dependents().row(task);
        inlined[task as usize] = graph.op(task).cheap()
            && size <= MAX_PARTS
            && !targets[task as usize]
            && !dependents.is_empty()
            && dependents.iter().all(|&dependent| graph.annotations(dependent) == graph.annotations(task));
    }
    inlined
}

/// Adds `task` to `members`, after the tasks inlined into it. Recursion is at most [`MAX_PARTS`] deep.
fn gather(graph: &TaskGraph, inlined: &[bool], task: TaskId, members: &mut Vec<TaskId>) {
    for &dependency in graph.dependencies().row(task) {
        if inlined[dependency as usize] && !members.contains(&dependency) {
            gather(graph, inlined, dependency, members);
        }
    }
    members.push(task);
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{graph, keys, parts},
        *,
    };
    use crate::operations::Source::{Input, Part};

    #[test]
    fn what_is_cheap_is_computed_where_it_is_taken() {
        let graph = graph(
            &[
                ("random-0", &[]),
                ("transpose-0", &["random-0"]),
                ("add-0", &["random-0", "transpose-0"]),
                ("add-1", &["transpose-0", "transpose-0"]),
            ],
            &["add-0", "add-1"],
        );
        let (inlined, step) = inline(&graph);
        assert_eq!(keys(&inlined), ["random-0", "add-0", "add-1"]);
        assert_eq!(
            parts(&inlined, 1),
            [("transpose-0".into(), vec![Input(0)]), ("add-0".into(), vec![Input(0), Part(0)])]
        );
        assert_eq!(
            parts(&inlined, 2),
            [("transpose-0".into(), vec![Input(0)]), ("add-1".into(), vec![Part(0), Part(0)])]
        );
        assert_eq!(inlined.dependencies().row(1), [0]);
        let into = vec!["add-0".into(), "add-1".into()];
        assert_eq!(step, Step::Inline(vec![Inlined { key: "transpose-0".into(), into }]));
    }

    #[test]
    fn targets_and_what_nobody_takes_stay_tasks() {
        let graph = graph(
            &[("ones-0", &[]), ("transpose-0", &["ones-0"]), ("neg-0", &["transpose-0"]), ("ones-1", &[])],
            &["transpose-0", "neg-0"],
        );
        let (inlined, _) = inline(&graph);
        assert_eq!(keys(&inlined), ["transpose-0", "neg-0", "ones-1"]);
    }

    #[test]
    fn a_long_chain_of_cheap_tasks_is_inlined_in_pieces() {
        let names: Vec<String> = (0..100).map(|i| format!("transpose-{i}")).collect();
        let args: Vec<Vec<&str>> =
            (0..100).map(|i| names[..i].last().map(|s| s.as_str()).into_iter().collect()).collect();
        let tasks: Vec<(&str, &[&str])> =
            names.iter().map(String::as_str).zip(args.iter().map(|a| &a[..])).collect();
        let (inlined, _) = inline(&graph(&tasks, &["transpose-99"]));
        assert_eq!(inlined.len(), 100usize.div_ceil(MAX_PARTS + 1));
        assert!(inlined.tasks().all(|task| parts(&inlined, task).len() <= MAX_PARTS + 1));
    }
}
