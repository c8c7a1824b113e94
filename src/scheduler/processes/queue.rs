//! The ready tasks, the next one on top.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::super::{options::Options, policy::Ready};
use crate::graph::{Plan, TaskId};

/// The tasks that wait for a process.
pub(super) enum Queue {
    /// In static order.
    Ordered(BinaryHeap<Reverse<TaskId>>),
    /// As the policy says. Those that came back are before all others, the last on top.
    Policy { ready: Ready, levels: Box<[u32]>, back: Vec<TaskId> },
}

impl Queue {
    /// The roots of `plan`.
    pub(super) fn new(plan: &Plan, options: &Options) -> Queue {
        match Ready::new(options.policy, options.seed) {
            None => Queue::Ordered(plan.roots().map(Reverse).collect::<Vec<_>>().into()),
            Some(mut ready) => {
                let levels = options.policy.levels(plan);
                ready.extend(0, &levels, plan.roots());
                Queue::Policy { ready, levels, back: Vec::new() }
            }
        }
    }

    /// Whether tasks are taken in static order.
    pub(super) fn is_ordered(&self) -> bool {
        matches!(self, Queue::Ordered(_))
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Queue::Ordered(heap) => heap.len(),
            Queue::Policy { ready, back, .. } => ready.len() + back.len(),
        }
    }

    pub(super) fn pop(&mut self) -> Option<TaskId> {
        match self {
            Queue::Ordered(heap) => heap.pop().map(|Reverse(task)| task),
            Queue::Policy { ready, back, .. } => back.pop().or_else(|| ready.pop()),
        }
    }

    /// Takes in tasks that became ready together.
    pub(super) fn extend(&mut self, tasks: impl IntoIterator<Item = TaskId>) {
        match self {
            Queue::Ordered(heap) => heap.extend(tasks.into_iter().map(Reverse)),
            Queue::Policy { ready, levels, .. } => ready.extend(0, levels, tasks),
        }
    }

    /// Takes a task back that was taken out before.
    pub(super) fn put_back(&mut self, task: TaskId) {
        match self {
            Queue::Ordered(heap) => heap.push(Reverse(task)),
            Queue::Policy { back, .. } => back.push(task),
        }
    }
}
