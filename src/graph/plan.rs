//! A plan: a graph in the form that schedulers need.

use std::ops::Deref;

use rustc_hash::FxHashMap;

use super::{Rows, TaskGraph, order};

/// A graph of needed tasks only, numbered in [static order](order): a task's id is its priority. Lower ids run
/// first, and every dependency has a lower id than its dependents.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan(TaskGraph);

impl Plan {
    /// Orders `graph` and drops (Dask: culls) every task that no target needs.
    pub fn new(graph: &TaskGraph) -> Plan {
        Plan(graph.renumber(&order(graph)))
    }

    /// Of no tasks.
    pub(crate) fn empty() -> Plan {
        Plan(TaskGraph::new(Vec::new(), Vec::new(), Rows::default(), Vec::new(), FxHashMap::default()))
    }
}

impl Deref for Plan {
    type Target = TaskGraph;

    fn deref(&self) -> &TaskGraph {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphBuilder, Op};

    #[test]
    fn tasks_that_no_target_needs_are_culled_and_ids_are_priorities() {
        let mut graph = GraphBuilder::new();
        for (key, args) in
            [("c", vec!["unused"]), ("b", vec!["a", "a"]), ("unused", vec!["a"]), ("a", vec![])]
        {
            graph.task(key.into(), Op::NoOp, args.into_iter().map(Into::into));
        }
        graph.target("b".into());
        let plan = Plan::new(&graph.build().unwrap());
        let keys: Vec<_> = plan.tasks().map(|t| plan.key(t).to_string()).collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(plan.dependencies().row(1), [0, 0]);
        assert_eq!(plan.targets(), [1]);
    }
}
