//! Work stealing: who has nothing to do takes what waits for others.

use smallvec::SmallVec;

use super::{
    super::message::NodeId,
    Core, Placement,
    task::{NOBODY, Task},
};
use crate::graph::TaskId;

/// The number of nodes that are compared, by the first node that looks and by others.
const PROBES: usize = 8;
const FEW_PROBES: usize = 2;

/// A task that could be taken.
struct Loot {
    task: TaskId,
    /// How long it would wait where it is, beyond what it takes to move it.
    gain_ms: f64,
    /// Whether it was sent to its node.
    is_sent: bool,
}

impl Core {
    /// Lets nodes with a free slot take tasks from others, as long as that is expected to pay. A task that is taken changes
    /// loads, so that the search goes on.
    pub(super) fn balance(&mut self) {
        if matches!(self.settings.placement, Placement::Random | Placement::RoundRobin) {
            return;
        }
        while std::mem::take(&mut self.is_stirred) && !self.crowded.nodes().is_empty() {
            // What does not pay for one node may pay for the next, which has other values.
            let thieves: SmallVec<[NodeId; 3]> = self.loads.lowest().into();
            for (node, probes) in thieves.into_iter().zip([PROBES, FEW_PROBES, FEW_PROBES]) {
                if self.nodes[node as usize].is_idle() && self.steal_for(node, probes) {
                    break;
                }
            }
        }
    }

    /// Lets a node take one task. Returns whether there was one.
    fn steal_for(&mut self, thief: NodeId, probes: usize) -> bool {
        let crowded = self.crowded.nodes().len();
        let mut best: Option<Loot> = None;
        for _ in 0..probes.min(crowded) {
            self.cursor = self.cursor.wrapping_add(1);
            let victim = self.crowded.nodes()[self.cursor % crowded];
            if let Some(loot) = self.loot(victim, thief)
                && best.as_ref().is_none_or(|best| loot.gain_ms > best.gain_ms)
            {
                best = Some(loot);
            }
        }
        let Some(Loot { task, is_sent, .. }) = best else { return false };
        if is_sent {
            self.tasks[task as usize].thief = thief;
            self.nodes[thief as usize].incoming += 1;
            self.weigh(thief);
            self.withdraw(task);
        } else {
            let victim = self.tasks[task as usize].node;
            self.leave_queue(task);
            self.assign_stolen(task, thief, victim);
        }
        true
    }

    /// What a node can take from another, if that pays.
    fn loot(&mut self, victim: NodeId, thief: NodeId) -> Option<Loot> {
        if victim == thief {
            return None;
        }
        let queued = self.top_of(victim);
        let at = &self.nodes[victim as usize];
        // A task that has run for longer than expected may run for as long again.
        let late_ms = self.now_ms - at.since_ms;
        let wait_ms = (at.occupancy_ms / at.slots as f64).max(late_ms);
        if let Some(task) = queued {
            let gain_ms = wait_ms - self.transfer_ms_below(wait_ms, task, thief)?;
            return (gain_ms > 0.0).then_some(Loot { task, gain_ms, is_sent: false });
        }
        let is_ready = |&&task: &&TaskId| !self.tasks[task as usize].is_ahead();
        let can_be_taken = |&&task: &&TaskId| {
            let known = &self.tasks[task as usize];
            known.thief == NOBODY && !known.has_started
        };
        if at.ready() <= at.slots {
            return None;
        }
        let &task = at.processing.iter().rev().filter(is_ready).take(PROBES).find(can_be_taken)?;
        let own_ms = f64::from(self.tasks[task as usize].expected_ms) / at.slots as f64;
        let most_ms = (wait_ms - own_ms).max(late_ms) - self.pace.round_trip_ms();
        let gain_ms = most_ms - self.transfer_ms_below(most_ms, task, thief)?;
        (gain_ms > 0.0).then_some(Loot { task, gain_ms, is_sent: true })
    }

    /// A node was asked to give a task back, and has answered.
    pub(super) fn withdrawn(&mut self, task: TaskId, granted: bool) {
        let Task { thief, node: victim, .. } = self.tasks[task as usize];
        if !granted {
            let known = &mut self.tasks[task as usize];
            (known.thief, known.has_started) = (NOBODY, true);
            self.no_longer_steals(thief);
            return;
        }
        self.take_back(task);
        self.call_back(task);
        if thief != NOBODY && self.nodes[thief as usize].is_idle() {
            let inputs = self.outline.inputs(task);
            let has_inputs = inputs.iter().all(|&input| !self.tasks[input as usize].who_has.is_empty());
            if has_inputs && self.tasks[task as usize].deaths < super::MOST_DEATHS - 1 {
                self.tasks[task as usize].waiting_on = 0;
                self.assign_stolen(task, thief, victim);
                return;
            }
        }
        self.wait_again(task);
    }
}
