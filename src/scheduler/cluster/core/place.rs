//! Which node runs a task that could run.

use std::cmp::Reverse;

use super::{
    super::{
        message::{Command, Input, Inputs, NodeId},
        state::State,
    },
    Core, MOST_DEATHS, Placement,
    task::{NOBODY, Task},
};
use crate::graph::TaskId;

/// Of the nodes that have an input, this number is compared.
const MOST_HOLDERS: usize = 16;

impl Core {
    /// Sends a task to a node, or lets it wait in a queue.
    pub(super) fn place(&mut self, task: TaskId) {
        if self.alive == 0 {
            self.tasks[task as usize].state = State::NoWorker;
            self.no_worker.push(task);
            return;
        }
        if self.tasks[task as usize].deaths >= MOST_DEATHS - 1 {
            self.tasks[task as usize].state = State::Queued;
            self.suspects.push_back(task);
            return;
        }
        match self.choose(task) {
            Some(node) if self.nodes[node as usize].has_room() || self.floods() => self.assign(task, node),
            Some(node) if !self.outline.inputs(task).is_empty() => self.queue_for(task, node),
            _ => {
                self.tasks[task as usize].state = State::Queued;
                self.queue.push(Reverse(self.rank(task)));
                self.queued += 1;
            }
        }
    }

    /// Whether tasks are sent as soon as they are ready, whatever the node has to do.
    fn floods(&self) -> bool {
        self.settings.placement != Placement::Earliest
    }

    /// The best node for a task. `None` if no node takes any now.
    fn choose(&mut self, task: TaskId) -> Option<NodeId> {
        let least = self.loads.least();
        match self.settings.placement {
            Placement::Earliest if self.outline.inputs(task).is_empty() => least,
            Placement::Earliest => self.earliest(task).or(least),
            _ => least.and_then(|least| self.simple(task, least)),
        }
    }

    /// What the placements that are there to be compared with choose.
    fn simple(&mut self, task: TaskId, least: NodeId) -> Option<NodeId> {
        self.cursor = self.cursor.wrapping_add(1);
        let pick = match self.settings.placement {
            Placement::Random => {
                let mixed = (self.cursor as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                (mixed >> 33) as usize
            }
            Placement::StealingOnly => {
                let input = self.outline.inputs(task).last();
                let made = input.and_then(|&input| self.tasks[input as usize].who_has.first().copied());
                if let Some(node) = made.filter(|&node| self.loads.contains(node)) {
                    return Some(node);
                }
                self.cursor
            }
            _ => self.cursor,
        };
        let nodes = self.nodes.len();
        let after = (0..nodes).map(|step| ((pick % nodes + step) % nodes) as NodeId);
        after.into_iter().find(|&node| self.loads.contains(node)).or(Some(least))
    }

    /// The node that could start a task first: one of those that have its inputs, or the one with least to do.
    fn earliest(&mut self, task: TaskId) -> Option<NodeId> {
        let least = self.loads.least();
        let (mut values, mut bytes) = (0, 0);
        for &input in self.outline.inputs(task) {
            let known = &self.tasks[input as usize];
            let Task { who_has, bytes: size, .. } = known;
            values += 1;
            bytes += size;
            let first = self.runs as usize;
            let some = (0..who_has.len().min(MOST_HOLDERS)).map(|i| who_has[(first + i) % who_has.len()]);
            let all_but_least = some.filter(|&holder| Some(holder) != least);
            let is_at_least = least.filter(|&least| known.is_at(least));
            for holder in all_but_least.chain(is_at_least) {
                let (held, count) = &mut self.has[holder as usize];
                if *count == 0 {
                    self.holders.push(holder);
                }
                *held += size;
                *count += 1;
            }
        }
        let mut best: Option<(f64, f64, NodeId)> = None;
        for &node in self.holders.iter().chain(&least) {
            if !self.loads.contains(node) {
                continue;
            }
            let (held, count) = self.has[node as usize];
            let load = self.nodes[node as usize].load();
            let transfer_ms = self.pace.transfer_ms(values - count as usize, bytes - held);
            let cost = (load.max(0.0) + transfer_ms, load, node);
            if best.is_none_or(|best| cost < best) {
                best = Some(cost);
            }
        }
        for holder in self.holders.drain(..) {
            self.has[holder as usize] = (0, 0);
        }
        best.map(|(.., node)| node)
    }

    /// How long the inputs of a task take to get to a node. `None` if that is `most_ms` or longer.
    pub(super) fn transfer_ms_below(&self, most_ms: f64, task: TaskId, node: NodeId) -> Option<f64> {
        let (mut values, mut bytes, mut ms) = (0, 0, 0.0);
        for &input in self.outline.inputs(task) {
            if ms >= most_ms {
                break;
            }
            let input = &self.tasks[input as usize];
            if !input.is_at(node) {
                values += 1;
                bytes += input.bytes;
                ms = self.pace.transfer_ms(values, bytes);
            }
        }
        (ms < most_ms).then_some(ms)
    }

    /// Lets a task wait for a node that is busy.
    fn queue_for(&mut self, task: TaskId, node: NodeId) {
        let expected_ms = self.pace.task_ms(self.outline.prefix(task)) as f32;
        let rank = self.rank(task);
        let known = &mut self.tasks[task as usize];
        (known.state, known.node, known.expected_ms) = (State::Queued, node, expected_ms);
        let at = &mut self.nodes[node as usize];
        at.queue.push(Reverse(rank));
        at.queued += 1;
        at.queued_ms += f64::from(expected_ms);
        self.weigh(node);
    }

    /// Sends a task to a node.
    pub(super) fn assign(&mut self, task: TaskId, node: NodeId) {
        self.send(task, node, None);
    }

    /// Sends a task to a node that took it from another.
    pub(super) fn assign_stolen(&mut self, task: TaskId, node: NodeId, victim: NodeId) {
        self.counts.steals += 1;
        self.send(task, node, Some(victim));
    }

    fn send(&mut self, task: TaskId, node: NodeId, stolen_from: Option<NodeId>) {
        self.runs += 1;
        let run = self.runs;
        let inputs: Inputs = self
            .outline
            .inputs(task)
            .iter()
            .map(|&input| {
                let known = &self.tasks[input as usize];
                if known.state == State::Processing {
                    return Input { task: input, version: known.run, from: Input::MADE_HERE };
                }
                // Those who need the same value get it from different nodes.
                let other = || known.who_has[run as usize % known.who_has.len()];
                let from = if known.is_at(node) { node } else { other() };
                Input { task: input, version: known.version, from }
            })
            .collect();
        let expected_ms = self.pace.task_ms(self.outline.prefix(task)) as f32;
        let at = &mut self.nodes[node as usize];
        if at.processing.is_empty() {
            at.since_ms = self.now_ms;
        }
        let known = &mut self.tasks[task as usize];
        (known.state, known.node, known.run, known.thief) = (State::Processing, node, run, NOBODY);
        (known.expected_ms, known.place) = (expected_ms, at.processing.len() as u32);
        at.processing.push(task);
        if known.waiting_on > 0 {
            at.ahead += 1;
            at.ahead_ms += f64::from(expected_ms);
        } else {
            at.occupancy_ms += f64::from(expected_ms);
        }
        self.weigh(node);
        self.counts.decisions += 1;
        self.commands.push(Command::Compute { node, task, run, inputs, stolen_from });
        self.lead(task, node);
    }

    /// The next task that waits for a node, or for any: of those with the highest priority, the first in static order.
    fn next_for(&mut self, node: NodeId) -> Option<TaskId> {
        match (self.top_of(node), self.next_for_any()) {
            (Some(own), Some(any)) => Some(self.rank(own).min(self.rank(any)).1),
            (own, any) => own.or(any),
        }
    }

    /// The first of the tasks that wait for any node.
    pub(super) fn next_for_any(&mut self) -> Option<TaskId> {
        while let Some(&Reverse((_, task))) = self.queue.peek() {
            let known = &self.tasks[task as usize];
            if known.state == State::Queued && known.node == NOBODY && known.deaths < MOST_DEATHS - 1 {
                return Some(task);
            }
            self.queue.pop();
        }
        None
    }

    /// The first of the tasks that wait for a node.
    pub(super) fn top_of(&mut self, node: NodeId) -> Option<TaskId> {
        let queue = &mut self.nodes[node as usize].queue;
        while let Some(&Reverse((_, task))) = queue.peek() {
            let known = &self.tasks[task as usize];
            if known.state == State::Queued && known.node == node {
                return Some(task);
            }
            queue.pop();
        }
        None
    }

    /// Gives a node what waits for it or for any node, as long as it has room.
    pub(super) fn feed(&mut self, node: NodeId) {
        while self.nodes[node as usize].has_room() {
            let Some(task) = self.next_for(node) else { break };
            self.leave_queue(task);
            self.assign(task, node);
        }
    }
}
