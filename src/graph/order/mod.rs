//! The static order: which task runs first where several could.
//!
//! Aims at few values in memory, as [`dask.order`](https://docs.dask.org/en/stable/order.html) does. No rule is best
//! for every graph, so a few cheap ones each propose an order, the peak of values held is counted for each, and the
//! least one is taken:
//!
//! ```text
//! depth_first            from the targets: finish what is begun before beginning anything new
//!   -> eager             the same, but what frees a value runs as soon as it can
//!   -> by_roots, eager   what needs no further root runs before the next one: several results of one table
//!   -> by_levels, eager  level by level: time steps over a grid
//! ```
//!
//! A tie goes to the first of them, and the rest are spared where the first one is known to be optimal. Every pass is
//! linear in tasks and edges, but for the sort of each row. All but the first work on a copy of the edges that is
//! numbered in depth-first order, so that they walk memory mostly forwards.
//!
//! `benches/order.md` has what comes of it beside Dask's order; `tests/order.rs` keeps it so.

mod by_levels;
mod by_roots;
mod depth_first;
mod eager;
mod edges;

pub(super) use self::depth_first::topological;
use self::{by_levels::by_levels, by_roots::by_roots, depth_first::depth_first, eager::eager, edges::Edges};
use super::{TaskGraph, TaskId};

/// All tasks that the targets need, each after its dependencies. O(tasks + edges), but for the sort of each row.
pub fn order(graph: &TaskGraph) -> Vec<TaskId> {
    let first = depth_first(graph);
    let edges = Edges::new(graph, &first);
    match improve(&edges) {
        Some(better) => better.into_iter().map(|task| first[task as usize]).collect(),
        None => first,
    }
}

/// An order in which fewer values are held at once than in 0, 1, 2, …, if one is found.
fn improve(edges: &Edges) -> Option<Vec<TaskId>> {
    if !edges.are_shared() {
        return None;
    }
    let mut best = Best { peak: edges.peak(edges.tasks()), sequence: None };
    let passes: [fn(&Edges, &Best) -> Vec<TaskId>; 3] = [
        |edges, _| by_roots(edges),
        |edges, _| by_levels(edges),
        |edges, best| match &best.sequence {
            Some(sequence) => eager(edges, sequence.iter().copied()),
            None => eager(edges, edges.tasks()),
        },
    ];
    for pass in passes {
        if best.peak <= edges.least_peak() {
            break;
        }
        let sequence = pass(edges, &best);
        let peak = edges.peak(sequence.iter().copied());
        if peak < best.peak {
            best = Best { peak, sequence: Some(sequence) };
        }
    }
    best.sequence
}

struct Best {
    peak: u64,
    /// None for 0, 1, 2, …
    sequence: Option<Vec<TaskId>>,
}
