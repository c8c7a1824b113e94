//! Culling: drops tasks that no target needs.

use super::{Step, TaskGraph};

/// The tasks that the targets need, in their original order. O(tasks + edges).
///
/// A [`Plan`](crate::Plan) culls as well; this pass reports it.
pub fn cull(graph: &TaskGraph) -> (TaskGraph, Step) {
    let mut needed = vec![false; graph.len()];
    let mut stack = graph.targets().to_vec();
    while let Some(task) = stack.pop() {
        if !std::mem::replace(&mut needed[task as usize], true) {
            stack.extend(graph.dependencies().row(task));
        }
    }
    let (kept, removed): (Vec<_>, Vec<_>) = graph.tasks().partition(|&task| needed[task as usize]);
    let removed = removed.into_iter().map(|task| graph.key(task).clone()).collect();
    (graph.renumber(&kept), Step::Cull(removed))
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{graph, keys},
        *,
    };

    #[test]
    fn only_what_the_targets_need_is_kept() {
        let tasks: &[(&str, &[&str])] =
            &[("c", &["a"]), ("lost-1", &["lost-0"]), ("b", &["a"]), ("a", &[]), ("lost-0", &["b"])];
        let (culled, step) = cull(&graph(tasks, &["c", "b"]));
        assert_eq!(keys(&culled), ["c", "b", "a"]);
        assert_eq!(step, Step::Cull(vec!["lost-1".into(), "lost-0".into()]));
    }
}
