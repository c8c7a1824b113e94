//! Depth-first from the targets: finish what was started before starting anything new.
//!
//! If a task has several dependencies, the one that needs the most values held at once is visited first, since only
//! its result is held while the others are computed (Sethi and Ullman, "[The Generation of Optimal Code for
//! Arithmetic Expressions](https://doi.org/10.1145/321607.321620)", 1970). If no value is used twice, no order has a
//! lower peak.

use crate::{
    graph::{Rows, TaskGraph, TaskId},
    sort,
};

/// All tasks that the targets need, each after its dependencies.
pub(super) fn depth_first(graph: &TaskGraph) -> Vec<TaskId> {
    let (rows, targets) = by_need(graph);
    let mut sequence = Vec::with_capacity(graph.len());
    let mut seen = vec![false; graph.len()];
    // The tasks that were started, each with its dependencies that have not been visited.
    let mut begun = vec![(None, targets.iter())];
    while let Some((task, rest)) = begun.last_mut() {
        if let Some(&next) = rest.find(|&&next| !seen[next as usize]) {
            seen[next as usize] = true;
            begun.push((Some(next), rows.row(next).iter()));
        } else {
            sequence.extend(*task);
            begun.pop();
        }
    }
    sequence
}

/// The dependencies of each task, and the targets, both in visiting order: the one that needs the most values held
/// comes first, computed as if nothing were shared. Equals stay in the order in which they are written.
fn by_need(graph: &TaskGraph) -> (Rows, Vec<TaskId>) {
    let mut rows = graph.dependencies().clone();
    // The number of values that must be held at once to compute each task.
    let mut need = vec![0; graph.len()];
    for task in topological(graph) {
        let row = rows.row_mut(task);
        sort::by_key(row, &|dependency| !u64::from(need[dependency as usize]));
        // The output exists before the inputs can be freed.
        let own = row.len() as u32 + 1;
        let while_computing = (0..).zip(row).map(|(held, &mut dependency)| need[dependency as usize] + held);
        need[task as usize] = while_computing.fold(own, u32::max);
    }
    let mut targets = graph.targets().to_vec();
    sort::by_key(&mut targets, &|target| !u64::from(need[target as usize]));
    (rows, targets)
}

/// All tasks, each after its dependencies and otherwise in any order: by id if that is such an order. O(tasks +
/// edges).
pub(in crate::graph) fn topological(graph: &TaskGraph) -> Vec<TaskId> {
    let mut numbered = graph.dependencies().iter().zip(graph.tasks());
    if numbered.all(|(row, task)| row.iter().all(|&dependency| dependency < task)) {
        return graph.tasks().collect();
    }
    let mut pending: Vec<u32> = graph.dependencies().iter().map(|row| row.len() as u32).collect();
    let mut sequence = Vec::with_capacity(graph.len());
    sequence.extend(graph.tasks().filter(|&task| pending[task as usize] == 0));
    let mut next = 0;
    while let Some(&task) = sequence.get(next) {
        next += 1;
        for &dependent in graph.dependents().row(task) {
            pending[dependent as usize] -= 1;
            if pending[dependent as usize] == 0 {
                sequence.push(dependent);
            }
        }
    }
    sequence
}
