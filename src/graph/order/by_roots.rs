//! Runs what needs no further root before the next root.
//!
//! Depth-first order finishes one target before it starts the next, and holds whatever both need of the whole graph:
//!
//! ```text
//! roots       0       1       2       3
//!            / \     / \     / \     / \
//! splits    a   b   a   b   a   b   a   b
//! combine   a01     a23 and b01     b23      b01 needs the roots 0 and 1 only: it runs before root 2
//! target    a, then b
//! ```
//!
//! So each task with several dependencies runs when the last root that it needs has run, and each task with a single
//! dependency runs just before the first task that needs it. The idea of running reducers early, but not the tasks
//! that only lead to them, is from [`dask.order`](https://docs.dask.org/en/stable/order.html) (its
//! `process_runnables`).

use super::Edges;
use crate::graph::TaskId;

/// All tasks by the last root that they wait for, then in depth-first order. O(tasks + edges).
pub(super) fn by_roots(edges: &Edges) -> Vec<TaskId> {
    let mut when = last_roots(edges);
    let mut is_target = vec![false; when.len()];
    edges.targets.iter().for_each(|&target| is_target[target as usize] = true);
    for task in edges.tasks().rev() {
        if edges.dependencies.row(task).len() <= 1 && !is_target[task as usize] {
            let dependents = edges.dependents.row(task).iter().map(|&d| when[d as usize]);
            when[task as usize] = dependents.min().expect("what is no target is needed by another task");
        }
    }
    sort_by(&when)
}

/// The last root that each task needs. Roots are counted from 0 in depth-first order.
fn last_roots(edges: &Edges) -> Vec<u32> {
    let mut last: Vec<u32> = Vec::with_capacity(edges.dependencies.len());
    let mut roots = 0;
    for row in edges.dependencies.iter() {
        let of_dependencies = row.iter().map(|&d| last[d as usize]).max();
        last.push(of_dependencies.unwrap_or_else(|| {
            roots += 1;
            roots - 1
        }));
    }
    last
}

/// The tasks 0, 1, 2, …, stably sorted by `keys`, which are less than the number of tasks. O(tasks).
pub(super) fn sort_by(keys: &[u32]) -> Vec<TaskId> {
    let mut starts = vec![0u32; keys.len() + 1];
    keys.iter().for_each(|&key| starts[key as usize + 1] += 1);
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut sorted = vec![0; keys.len()];
    for (task, &key) in keys.iter().enumerate() {
        let place = &mut starts[key as usize];
        sorted[*place as usize] = task as TaskId;
        *place += 1;
    }
    sorted
}
