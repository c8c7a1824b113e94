//! How large each value is.

use crate::{
    graph::{Plan, TaskId},
    operations::{Meta, Op},
};

/// The size of a task's value in bytes: what its operation infers, or the same for all whose operation does not say it.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    /// Empty if no operation says it. [`UNKNOWN`] for a task whose operation does not.
    inferred: Vec<u64>,
}

const UNKNOWN: u64 = u64::MAX;

impl Sizes {
    /// The sizes of the values of a plan. O(tasks + edges).
    pub(super) fn new(plan: &Plan) -> Sizes {
        if plan.tasks().all(|task| matches!(plan.op(task), Op::NoOp)) {
            return Sizes::default();
        }
        let mut metas: Vec<Meta> = Vec::with_capacity(plan.len());
        let mut inferred = Vec::with_capacity(plan.len());
        for task in plan.tasks() {
            let inputs: Vec<&Meta> =
                plan.dependencies().row(task).iter().map(|&input| &metas[input as usize]).collect();
            let meta = plan.op(task).infer(&inputs).unwrap_or(Meta::None);
            let is_known = meta != Meta::None && meta.is_known();
            inferred.push(if is_known { meta.bytes() } else { UNKNOWN });
            metas.push(meta);
        }
        Sizes { inferred }
    }

    /// The size of the value of `task`. `other`: what it is if its operation does not say it.
    #[inline]
    pub(super) fn bytes(&self, task: TaskId, other: u64) -> u64 {
        match self.inferred.get(task as usize) {
            Some(&bytes) if bytes != UNKNOWN => bytes,
            _ => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collections::array::{graph, random::default_rng};

    #[test]
    fn sizes_are_those_of_the_values() {
        let x = default_rng(0).normal(0.0, 1.0, &[40, 40], 20).unwrap();
        let mean = x.add(&x.t()).unwrap().mean(0).unwrap();
        let plan = Plan::new(&graph(&[mean], false).unwrap());
        let sizes = Sizes::new(&plan);
        let of = |task| sizes.bytes(task, 7);
        let roots = plan.tasks().filter(|&task| plan.dependencies().row(task).is_empty());
        assert!(roots.map(of).all(|bytes| bytes == 20 * 20 * 8));
        assert!(plan.targets().iter().all(|&target| of(target) == 20 * 8));
    }

    #[test]
    fn operations_that_say_nothing_have_the_size_that_is_given() {
        let plan = Plan::new(&crate::graph::gallery::Shape::Tree.graph(7, 0, |_| Op::NoOp));
        assert_eq!(Sizes::new(&plan).bytes(3, 7), 7);
    }
}
