//! Nodes whose values take too much memory: they take no new tasks until memory is free again.

use std::cmp::Reverse;

use super::{
    super::{message::NodeId, state::State},
    Core,
    task::Task,
};
use crate::graph::TaskId;

impl Core {
    /// A node has paused: it takes no new tasks, and gives back those that it has not started.
    pub(super) fn pause(&mut self, node: NodeId) {
        if !self.is_alive(node) || self.nodes[node as usize].is_paused {
            return;
        }
        self.nodes[node as usize].is_paused = true;
        self.loads.remove(node);
        self.give_up_queue(node);
    }

    /// A node that was paused takes tasks again.
    pub(super) fn resume(&mut self, node: NodeId) {
        if self.is_alive(node) && self.nodes[node as usize].is_paused {
            self.nodes[node as usize].is_paused = false;
            self.offer(node);
        }
    }

    /// A node may take tasks again, unless something else forbids it.
    pub(super) fn offer(&mut self, node: NodeId) {
        if self.nodes[node as usize].takes_tasks() {
            self.loads.insert(node, self.nodes[node as usize].load());
            self.is_stirred = true;
            self.hungry.push(node);
        }
    }

    /// The tasks that wait for a node no longer do.
    pub(super) fn give_up_queue(&mut self, node: NodeId) {
        for Reverse((_, task)) in std::mem::take(&mut self.nodes[node as usize].queue) {
            let &Task { state, node: waits_for, .. } = &self.tasks[task as usize];
            if state == State::Queued && waits_for == node {
                self.leave_queue(task);
                self.tasks[task as usize].state = State::Waiting;
                self.fresh.push(task);
            }
        }
    }

    /// If all nodes are paused and none has a task, one of them gets one all the same: otherwise nothing would ever happen.
    pub(super) fn unblock(&mut self) {
        if self.loads.least().is_some() || self.alone.is_some() || !self.fresh.is_empty() {
            return;
        }
        if let Some(task) = self.next_for_any()
            && let Some(node) = self.blocked(task)
        {
            self.leave_queue(task);
            self.assign(task, node);
        }
    }

    /// If all nodes are paused and none has a task: the one that gets the inputs of this task soonest.
    pub(super) fn blocked(&self, task: TaskId) -> Option<NodeId> {
        let alive = || (0..self.nodes.len() as NodeId).filter(|&node| self.is_alive(node));
        let is_blocked = |node: NodeId| {
            let node = &self.nodes[node as usize];
            node.is_paused && node.processing.is_empty()
        };
        if !alive().all(is_blocked) {
            return None;
        }
        let transfer_ms = |node| self.transfer_ms_below(f64::INFINITY, task, node).unwrap_or(f64::INFINITY);
        let cost = |node: NodeId| (transfer_ms(node), self.nodes[node as usize].held);
        alive()
            .map(|node| (cost(node), node))
            .min_by(|(a, _), (b, _)| a.partial_cmp(b).expect("no NaN"))
            .map(|(_, node)| node)
    }
}
