//! Tasks that are sent *ahead*: to the node that makes the inputs they still lack, before these are there. The node starts
//! them as soon as it has the inputs. So a chain of short tasks does not wait for a message both ways after each task.
//!
//! ```text
//! scheduler   0 1 2 3                 4 5 6
//!               \                    ^  \
//! node             |0|1|2|3|--------/      |4|5|6|
//! ```
//!
//! Dask's scheduler only sends tasks whose inputs are in memory.

use super::{
    super::{message::NodeId, state::State},
    Core, MOST_DEATHS, Placement,
};
use crate::graph::TaskId;

/// Only tasks that are expected to take less time are sent ahead: compared with longer ones, a message takes none.
pub(in super::super) const MOST_MS: f64 = super::node::HORIZON_MS;

/// Only tasks with this number of inputs or fewer are sent ahead, so that it takes little time to see whether they can be.
const MOST_INPUTS: usize = 8;

/// The number of readers of a value that are looked at.
const MOST_READERS: usize = 8;

impl Core {
    /// A task was sent to a node. One that needs its value may follow.
    pub(super) fn lead(&mut self, task: TaskId, node: NodeId) {
        if self.settings.placement == Placement::Earliest && !self.outline.readers(task).is_empty() {
            self.nodes[node as usize].leaders.push_back(task);
            self.leading.push(node);
        }
    }

    /// Sends tasks ahead, as far as the nodes that this event concerns have room for them.
    pub(super) fn send_ahead(&mut self) {
        while let Some(node) = self.leading.pop() {
            if !self.may_lead(node) {
                self.nodes[node as usize].leaders.clear();
                continue;
            }
            while let Some(&leader) = self.nodes[node as usize].leaders.front() {
                let follower = self.follower(leader, node);
                if follower.is_some_and(|task| !self.nodes[node as usize].has_room_ahead(self.task_ms(task)))
                {
                    break;
                }
                self.nodes[node as usize].leaders.pop_front();
                if let Some(task) = follower {
                    self.counts.ahead += 1;
                    self.assign(task, node);
                }
            }
        }
    }

    /// Whether it would help to send tasks ahead to a node. If others wait in a queue, the node has enough to do. If it has
    /// more than it can run and another node is idle, that one may be the better place.
    fn may_lead(&self, node: NodeId) -> bool {
        let at = &self.nodes[node as usize];
        let is_any_idle = || self.loads.least().is_some_and(|least| self.nodes[least as usize].load() < 0.0);
        at.takes_tasks()
            && at.queued == 0
            && self.queued == 0
            && self.suspects.is_empty()
            && (at.ready() <= at.slots || !is_any_idle())
    }

    /// A short task that needs the value of `leader`, which `node` has been sent, and no value that the node does not have or
    /// make. One for each leader: others may run elsewhere at the same time.
    fn follower(&self, leader: TaskId, node: NodeId) -> Option<TaskId> {
        let is_there = |&input: &TaskId| {
            let input = &self.tasks[input as usize];
            match input.state {
                State::Memory => input.is_at(node),
                State::Processing => input.node == node,
                _ => false,
            }
        };
        let known = &self.tasks[leader as usize];
        if known.state != State::Processing || known.node != node {
            return None;
        }
        let can_follow = |&&task: &&TaskId| {
            let (known, inputs) = (&self.tasks[task as usize], self.outline.inputs(task));
            known.state == State::Waiting
                && known.deaths < MOST_DEATHS - 1
                && inputs.len() <= MOST_INPUTS
                && self.task_ms(task) < MOST_MS
                && inputs.iter().all(is_there)
        };
        self.outline.readers(leader).iter().take(MOST_READERS).find(can_follow).copied()
    }

    fn task_ms(&self, task: TaskId) -> f64 {
        self.pace.task_ms(self.outline.prefix(task))
    }

    /// One of the inputs of a task that was sent ahead is there now.
    pub(super) fn catch_up(&mut self, task: TaskId) {
        let known = &mut self.tasks[task as usize];
        known.waiting_on -= 1;
        if known.waiting_on == 0 {
            let (node, expected_ms) = (known.node, f64::from(known.expected_ms));
            let at = &mut self.nodes[node as usize];
            at.leave_ahead(expected_ms);
            at.occupancy_ms += expected_ms;
            self.weigh(node);
        }
    }

    /// The node does not make the value of a task after all, and knows it. The tasks that were sent ahead for it wait again.
    pub(super) fn call_back(&mut self, task: TaskId) {
        let outline = self.outline.clone();
        let mut stack = vec![task];
        let mut back = Vec::new();
        while let Some(task) = stack.pop() {
            for &reader in outline.readers(task) {
                if self.tasks[reader as usize].is_ahead() {
                    self.take_back(reader);
                    stack.push(reader);
                    back.push(reader);
                }
            }
        }
        back.into_iter().for_each(|task| self.wait_again(task));
    }
}
