//! The static order: which task runs first when several are ready.
//!
//! It aims to hold few values in memory, as [`dask.order`](https://docs.dask.org/en/stable/order.html) does. No rule is
//! best for every graph, so a few cheap ones each propose an order. The peak number of values held is counted for each
//! order, and the lowest one wins:
//!
//! ```text
//! depth_first            from the targets: finish what was started before starting anything new
//!   -> by_roots          runs what needs no further root before the next root: several results of one table
//!   -> by_levels, eager  level by level, as time steps over a grid, but what frees a value runs as soon as possible
//! ```
//!
//! A tie goes to the first of them. The later passes are skipped if an order is known to be optimal, and a pass is
//! abandoned once it holds as many values as an earlier one. Every pass is linear in tasks and edges, except for
//! sorting each row. All but the first work on a copy of the edges, numbered in depth-first order, so that they read
//! memory mostly forwards. Priorities set by the user take precedence over all of this.
//!
//! `benches/order.md` compares the results with Dask's order; `tests/order.rs` checks that they stay that good.

mod by_levels;
mod by_roots;
mod depth_first;
mod eager;
mod edges;
mod priority;

pub(super) use self::depth_first::topological;
use self::{
    by_levels::by_levels, by_roots::by_roots, depth_first::depth_first, eager::eager, edges::Edges,
    priority::by_priority,
};
use super::{TaskGraph, TaskId};

/// All tasks that the targets need, each after its dependencies. O(tasks + edges), except for sorting each row.
pub fn order(graph: &TaskGraph) -> Vec<TaskId> {
    let first = depth_first(graph);
    let edges = Edges::new(graph, &first);
    let mut sequence = match improve(&edges) {
        Some(better) => better.into_iter().map(|task| first[task as usize]).collect(),
        None => first,
    };
    by_priority(graph, &mut sequence);
    sequence
}

/// An order that holds fewer values at once than 0, 1, 2, …, if one is found.
fn improve(edges: &Edges) -> Option<Vec<TaskId>> {
    if !edges.are_shared() {
        return None;
    }
    let least = edges.least_peak();
    let depth_first = edges.peak_below(u64::MAX, edges.tasks())?;
    if depth_first <= least {
        return None;
    }
    let sequence = by_roots(edges);
    let roots = edges.peak_below(depth_first, sequence.iter().copied());
    let best = roots.map(|_| sequence);
    let peak = roots.unwrap_or(depth_first);
    if peak <= least {
        return best;
    }
    eager(edges, peak, by_levels(edges)).or(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        GraphBuilder, Op,
        graph::{gallery::Shape, metrics::values_held},
    };

    /// A binary tree with 2^depth leaves. Task 0 is the target, and task `i` takes the tasks `2i + 1` and `2i + 2`.
    fn tree(depth: u32) -> TaskGraph {
        let mut graph = GraphBuilder::new();
        let inner = 2u32.pow(depth) - 1;
        let key = |i: u32| format!("t-{i}").as_str().into();
        for i in 0..2 * inner + 1 {
            let args = if i < inner { vec![key(2 * i + 1), key(2 * i + 2)] } else { vec![] };
            graph.task(key(i), Op::NoOp, args);
        }
        graph.target(key(0));
        graph.build().unwrap()
    }

    fn peak(graph: &TaskGraph, sequence: &[TaskId]) -> u64 {
        values_held(graph, sequence).into_iter().max().unwrap_or(0)
    }

    #[test]
    fn dependencies_come_first() {
        let graph = tree(5);
        let sequence = order(&graph);
        let place = |task: TaskId| sequence.iter().position(|&t| t == task).unwrap();
        for task in graph.tasks() {
            assert!(graph.dependencies().row(task).iter().all(|&d| place(d) < place(task)));
        }
    }

    #[test]
    fn a_tree_reduction_holds_one_value_a_level() {
        for depth in 0..8 {
            let graph = tree(depth);
            assert_eq!(peak(&graph, &order(&graph)), u64::from(depth) + if depth == 0 { 1 } else { 2 });
        }
    }

    #[test]
    fn a_long_chain_does_not_need_a_deep_stack() {
        let mut graph = GraphBuilder::new();
        let key = |i: u32| crate::Key::block("chain", &[i]);
        graph.task(key(0), Op::NoOp, []);
        (1..100_000).for_each(|i| graph.task(key(i), Op::NoOp, [key(i - 1)]));
        graph.target(key(99_999));
        assert_eq!(order(&graph.build().unwrap()), (0..100_000).collect::<Vec<_>>());
    }

    fn order_peak(shape: Shape, tasks: u32) -> u64 {
        let graph = shape.graph(tasks, 0, |_| Op::NoOp);
        peak(&graph, &order(&graph))
    }

    /// What each pass is for.
    #[test]
    fn no_shape_needs_more_than_its_best_pass() {
        // One row of cells and the neighbours of the current one, instead of a triangle.
        assert_eq!(order_peak(Shape::Stencil, 10_000), 103);
        // Eight partitions in all their outputs and a tree above them, instead of all partitions.
        assert_eq!(order_peak(Shape::Groupby, 10_000), 77);
        // Two blocks for each column, instead of the whole matrix.
        assert_eq!(order_peak(Shape::TransposeMean, 10_000), 223);
    }

    #[test]
    fn the_order_is_never_worse_than_depth_first() {
        for (shape, seed) in Shape::ALL.into_iter().flat_map(|shape| (0..5).map(move |seed| (shape, seed))) {
            let graph = shape.graph(400, seed, |_| Op::NoOp);
            assert!(peak(&graph, &order(&graph)) <= peak(&graph, &depth_first(&graph)), "{shape} {seed}");
        }
    }

    #[test]
    fn a_value_that_is_taken_twice_by_one_task_counts_once() {
        let mut graph = GraphBuilder::new();
        graph.task("x".into(), Op::NoOp, []);
        graph.task("double".into(), Op::NoOp, ["x".into(), "x".into()]);
        graph.target("double".into());
        graph.target("double".into());
        let graph = graph.build().unwrap();
        let edges = Edges::new(&graph, &[0, 1]);
        assert_eq!((edges.dependencies.row(1), edges.targets.as_slice()), (&[0][..], &[1][..]));
        assert_eq!(peak(&graph, &order(&graph)), 2);
    }
}
