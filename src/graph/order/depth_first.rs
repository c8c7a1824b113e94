//! Depth-first from the targets: finish what is begun before beginning anything new.
//!
//! Where a task has several dependencies, the one under which most must be held at once is visited first, since its
//! result alone is then held while the others are computed (Sethi and Ullman, "[The Generation of Optimal Code for
//! Arithmetic Expressions](https://doi.org/10.1145/321607.321620)", 1970). If no value is taken twice, no order holds
//! fewer at its peak.

use crate::graph::{TaskGraph, TaskId};

/// All tasks that the targets need, each after its dependencies.
pub(super) fn depth_first(graph: &TaskGraph) -> Vec<TaskId> {
    let need = registers(graph);
    let mut sequence = Vec::with_capacity(graph.len());
    let mut seen = vec![false; graph.len()];
    // A task is on the stack twice: first to visit what it depends on, then, flagged, to come after it.
    let mut stack: Vec<(TaskId, bool)> = Vec::new();
    let mut row = Vec::new();
    let mut visit = |tasks: &[TaskId], seen: &[bool], stack: &mut Vec<(TaskId, bool)>| {
        row.clear();
        row.extend(tasks.iter().copied().filter(|&task| !seen[task as usize]));
        // The last one pushed is visited first. The sort is stable: equals are visited as written.
        row.reverse();
        row.sort_by_key(|&task| need[task as usize]);
        stack.extend(row.iter().map(|&task| (task, false)));
    };
    visit(graph.targets(), &seen, &mut stack);
    while let Some((task, visited)) = stack.pop() {
        if visited {
            sequence.push(task);
        } else if !std::mem::replace(&mut seen[task as usize], true) {
            stack.push((task, true));
            visit(graph.dependencies().row(task), &seen, &mut stack);
        }
    }
    sequence
}

/// How many values must be held at once to compute each task, as if nothing were shared.
fn registers(graph: &TaskGraph) -> Vec<u32> {
    let mut need = vec![0; graph.len()];
    let mut inputs = Vec::new();
    for task in topological(graph) {
        inputs.clear();
        inputs.extend(graph.dependencies().row(task).iter().map(|&d| need[d as usize]));
        inputs.sort_unstable_by(|a, b| b.cmp(a));
        // The output is there before the inputs can go.
        let own = inputs.len() as u32 + 1;
        let while_computing = inputs.iter().enumerate().map(|(held, &need)| need + held as u32);
        need[task as usize] = while_computing.max().unwrap_or(0).max(own);
    }
    need
}

/// Each task after its dependencies, in no particular order otherwise: as numbered, if that will do.
/// O(tasks + edges).
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
