//! Level by level: each task as late as the longest path to the end allows.
//!
//! ```text
//! o   o   o   o     2     a grid: depth-first order goes down to the first target, and holds
//! | X | X | X |           both sides of a triangle
//! o   o   o   o     1
//! | X | X | X |
//! o   o   o   o     0     the level: the number of edges on the longest path to the end
//! ```

use super::{Edges, by_roots::sort_by};
use crate::graph::TaskId;

/// All tasks by descending level, then in depth-first order. O(tasks + edges).
pub(super) fn by_levels(edges: &Edges) -> Vec<TaskId> {
    let mut levels = vec![0; edges.dependencies.len()];
    let mut highest = 0;
    for task in edges.tasks().rev() {
        let level = levels[task as usize];
        highest = highest.max(level);
        for &dependency in edges.dependencies.row(task) {
            levels[dependency as usize] = levels[dependency as usize].max(level + 1);
        }
    }
    levels.iter_mut().for_each(|level| *level = highest - *level);
    sort_by(&levels)
}
