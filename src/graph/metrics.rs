//! What a plan's shape says about its runs, before or after one: how parallel it can be, and how much it holds.
//!
//! ```text
//! a    b        levels          2, 2, 1     width 2
//! |   / \       work   T1       5           tasks, or the sum of their durations
//! c  d   |      span   Tinf     3           along the critical path a, c, e (or b, d, e)
//!  \ |  /       parallelism     5 / 3       more workers than this cannot all be busy
//!    e          held            1, 2, 2, 3, 4    in the order a, c, b, d, e
//! ```
//!
//! Work and span are from Brent's theorem: `workers` workers need at least `max(work / workers, span)`, and a greedy
//! scheduler at most `work / workers + span` (Brent, "[The Parallel Evaluation of General Arithmetic
//! Expressions](https://doi.org/10.1145/321812.321815)", 1974). The curve of values held is what
//! `dask.order.diagnostics` calls pressure, except that a task's own output and the targets count as held here.

pub use super::held::values_held;
use super::{Plan, TaskGraph, TaskId, held::Held, order::topological};

/// What a plan's shape says about its runs. O(tasks + edges) to compute.
///
/// ```
/// use dagdeck::{Op, Plan, graph::{gallery::Shape, metrics::Metrics}};
///
/// let tree = Plan::new(&Shape::Tree.graph(7, 0, |_| Op::NoOp));
/// let metrics = Metrics::new(&tree, None, None);
/// assert_eq!((metrics.work, metrics.span, metrics.width()), (7.0, 3.0, 4));
/// assert_eq!(metrics.critical_path.len(), 3);
/// assert_eq!(metrics.held, [1, 2, 3, 2, 3, 4, 3]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    /// T1, what one worker needs: the sum of all durations.
    pub work: f64,
    /// Tinf, what any number of workers need: the sum of the durations along the critical path.
    pub span: f64,
    /// The tasks of a longest path through the graph, from a root to the end. If there are several, the one through
    /// the earlier arguments.
    pub critical_path: Vec<TaskId>,
    /// The number of tasks in each level. A task's level is the number of tasks before it on the longest path to it,
    /// with every task counting as one.
    pub levels: Vec<u32>,
    /// What one worker that follows the static order holds while each task runs: values, or bytes if the sizes are
    /// known.
    pub held: Vec<u64>,
}

impl Metrics {
    /// Measures `plan`. With `durations_ms`, work and span are in milliseconds; otherwise every task counts as 1.
    /// With `bytes`, each value counts with its size; otherwise as 1.
    ///
    /// # Panics
    /// If the number of durations or sizes differs from the number of tasks.
    pub fn new(plan: &Plan, durations_ms: Option<&[f64]>, bytes: Option<&[u64]>) -> Metrics {
        let expected = plan.len();
        assert!(durations_ms.is_none_or(|given| given.len() == expected), "a duration for each task");
        assert!(bytes.is_none_or(|given| given.len() == expected), "a size for each task");
        let duration = |task: TaskId| durations_ms.map_or(1.0, |given| given[task as usize]);
        let (span, critical_path) = critical_path(plan, duration);
        let size = |task: TaskId| bytes.map_or(1, |given| given[task as usize]);
        Metrics {
            work: plan.tasks().map(duration).sum(),
            span,
            critical_path,
            levels: level_sizes(plan),
            held: Held::new(plan, plan.tasks(), size).collect(),
        }
    }

    /// `work / span`: an upper bound on the average number of busy workers. 0 if there is no work.
    pub fn parallelism(&self) -> f64 {
        if self.span > 0.0 { self.work / self.span } else { 0.0 }
    }

    /// The size of the largest level.
    ///
    /// These tasks are independent of each other. A set of independent tasks across levels can be larger: this is not
    /// the largest antichain, which takes longer to find.
    pub fn width(&self) -> u32 {
        self.levels.iter().copied().max().unwrap_or(0)
    }

    /// The maximum of [`held`](Metrics::held).
    pub fn peak(&self) -> u64 {
        self.held.iter().copied().max().unwrap_or(0)
    }
}

/// The length of the longest path and its tasks: `finish(t) = duration(t) + max(finish(d))` over what `t` depends on.
fn critical_path(plan: &Plan, duration: impl Fn(TaskId) -> f64) -> (f64, Vec<TaskId>) {
    let mut finish: Vec<f64> = Vec::with_capacity(plan.len());
    // The first of the greatest. NaN is never chosen.
    let later = |finish: &[f64], last: Option<TaskId>, task: TaskId| match last {
        Some(last) if finish[task as usize] > finish[last as usize] => Some(task),
        None => Some(task),
        last => last,
    };
    let last_of =
        |finish: &[f64], tasks: &[TaskId]| tasks.iter().fold(None, |last, &task| later(finish, last, task));
    for task in plan.tasks() {
        let ready = last_of(&finish, plan.dependencies().row(task)).map_or(0.0, |d| finish[d as usize]);
        finish.push(ready + duration(task));
    }
    // Of equals the last, since nothing depends on it: tasks at the end may take no time.
    let mut next = plan.tasks().max_by(|&a, &b| finish[a as usize].total_cmp(&finish[b as usize]));
    let span = next.map_or(0.0, |task| finish[task as usize]);
    let mut path = Vec::new();
    while let Some(task) = next {
        path.push(task);
        next = last_of(&finish, plan.dependencies().row(task));
    }
    path.reverse();
    (span, path)
}

fn level_sizes(plan: &Plan) -> Vec<u32> {
    let mut levels: Vec<u32> = Vec::with_capacity(plan.len());
    let mut sizes = Vec::new();
    for row in plan.dependencies().iter() {
        let level = row.iter().map(|&d| levels[d as usize] + 1).max().unwrap_or(0);
        levels.push(level);
        // A task's level is at most one more than the highest so far.
        if level as usize == sizes.len() {
            sizes.push(0);
        }
        sizes[level as usize] += 1;
    }
    sizes
}

/// The number of tasks on the longest path from each task to the end, itself included. A task without dependents has
/// 1. O(tasks + edges).
///
/// A task's bottom level is a lower bound on how long the run still takes once the task starts, if all tasks take
/// equally long. A policy that runs the highest level first follows the critical path.
pub(crate) fn bottom_levels(graph: &TaskGraph) -> Vec<u32> {
    let mut levels = vec![1; graph.len()];
    for &task in topological(graph).iter().rev() {
        for &dependent in graph.dependents().row(task) {
            levels[task as usize] = levels[task as usize].max(levels[dependent as usize] + 1);
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphBuilder, Op, graph::gallery::Shape};

    /// The graph drawn at the top, with `b` twice among the arguments of `e`.
    fn drawn() -> Plan {
        let mut graph = GraphBuilder::new();
        for (key, args) in [
            ("a", vec![]),
            ("b", vec![]),
            ("c", vec!["a"]),
            ("d", vec!["b"]),
            ("e", vec!["c", "d", "b", "b"]),
        ] {
            graph.task(key.into(), Op::NoOp, args.into_iter().map(Into::into));
        }
        graph.target("e".into());
        Plan::new(&graph.build().unwrap())
    }

    fn keys(plan: &Plan, tasks: &[TaskId]) -> Vec<String> {
        tasks.iter().map(|&task| plan.key(task).to_string()).collect()
    }

    #[test]
    fn the_drawn_graph_has_the_drawn_metrics() {
        let plan = drawn();
        assert_eq!(keys(&plan, &[0, 1, 2, 3, 4]), ["a", "c", "b", "d", "e"]);
        let metrics = Metrics::new(&plan, None, None);
        assert_eq!((metrics.work, metrics.span, metrics.parallelism()), (5.0, 3.0, 5.0 / 3.0));
        assert_eq!((metrics.levels.as_slice(), metrics.width()), (&[2, 2, 1][..], 2));
        assert_eq!(keys(&plan, &metrics.critical_path), ["a", "c", "e"]);
        assert_eq!((metrics.held.as_slice(), metrics.peak()), (&[1, 2, 2, 3, 4][..], 4));
    }

    #[test]
    fn measured_durations_decide_the_critical_path_and_sizes_the_curve() {
        let plan = drawn();
        let metrics = Metrics::new(&plan, Some(&[1.0, 2.0, 3.0, 0.5, 1.5]), Some(&[10, 20, 30, 40, 50]));
        assert_eq!((metrics.work, metrics.span), (8.0, 5.0));
        assert_eq!(keys(&plan, &metrics.critical_path), ["b", "d", "e"]);
        assert_eq!(metrics.held, [10, 30, 50, 90, 140]);
    }

    #[test]
    fn a_target_stays_and_what_is_not_run_reads_nothing() {
        let graph = Shape::Chain.graph(4, 0, |_| Op::NoOp);
        assert_eq!(values_held(&graph, &[0, 1, 2, 3]), [1, 2, 2, 2]);
        assert_eq!(values_held(&graph, &[0, 1]), [1, 2]);
        let independent = Shape::Independent.graph(3, 0, |_| Op::NoOp);
        assert_eq!(values_held(&independent, &[2, 0, 1]), [1, 2, 3]);
    }

    #[test]
    fn no_time_gives_no_parallelism() {
        let metrics = Metrics::new(&drawn(), Some(&[0.0; 5]), None);
        assert_eq!((metrics.parallelism(), metrics.critical_path.len()), (0.0, 3));
    }

    #[test]
    fn every_shape_keeps_the_laws() {
        for shape in Shape::ALL {
            let plan = Plan::new(&shape.graph(700, 3, |_| Op::NoOp));
            let metrics = Metrics::new(&plan, None, None);
            assert_eq!(metrics.work, plan.len() as f64, "{shape}");
            assert!(metrics.span <= metrics.work, "{shape}");
            assert_eq!(metrics.span, metrics.critical_path.len() as f64, "{shape}");
            assert_eq!(metrics.levels.len(), metrics.critical_path.len(), "{shape}");
            assert_eq!(metrics.levels.iter().sum::<u32>() as usize, plan.len(), "{shape}");
            assert!(metrics.width() as usize * metrics.levels.len() >= plan.len(), "{shape}");
            assert_eq!(bottom_levels(&plan).into_iter().max(), Some(metrics.levels.len() as u32), "{shape}");
            let path = metrics.critical_path.windows(2);
            assert!(
                path.into_iter().all(|pair| plan.dependencies().row(pair[1]).contains(&pair[0])),
                "{shape}"
            );
            assert!(metrics.peak() as usize >= plan.targets().len(), "{shape}");
        }
    }

    #[test]
    fn bottom_levels_count_the_tasks_to_the_end() {
        let levels = |shape: Shape, tasks| bottom_levels(&shape.graph(tasks, 0, |_| Op::NoOp));
        assert_eq!(levels(Shape::Chain, 4), [4, 3, 2, 1]);
        assert_eq!(levels(Shape::Tree, 5), [1, 2, 2, 3, 3]);
        assert_eq!(levels(Shape::Independent, 3), [1, 1, 1]);
    }
}
