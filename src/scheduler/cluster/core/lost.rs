//! What is lost with a node, and who runs alone because of that.

use super::{
    super::{
        message::{Command, NodeId, RunId},
        state::State,
    },
    Core, GIVEN_UP, MOST_DEATHS,
    task::{NOBODY, Task},
};
use crate::{error::Message, graph::TaskId};

impl Core {
    /// A node is gone. `died`: why, unless it was ended on purpose.
    pub(super) fn lose(&mut self, node: NodeId, died: Option<Message>) {
        if !self.is_alive(node) {
            return;
        }
        self.alive -= 1;
        self.counts.deaths += 1;
        self.loads.remove(node);
        let at = &mut self.nodes[node as usize];
        (at.is_alive, at.is_alone, at.is_paused) = (false, false, false);
        let (holds, processing) = (std::mem::take(&mut at.holds), at.processing.clone());
        if self.alone == Some(node) {
            self.alone = None;
        }
        for &task in &processing {
            self.take_back(task);
            self.counts.taken_back += 1;
            self.tasks[task as usize].deaths += u8::from(died.is_some());
        }
        self.give_up_queue(node);
        self.crowded.set(node, false);
        for task in holds {
            let version = self.tasks[task as usize].version;
            self.lose_copy(node, task, version);
        }
        for task in processing {
            if self.tasks[task as usize].state != State::Waiting {
                continue;
            }
            if self.tasks[task as usize].deaths < MOST_DEATHS {
                self.wait_again(task);
            } else {
                let reason = died.as_deref().filter(|reason| !reason.is_empty());
                let because =
                    reason.map_or(String::new(), |reason| format!(", the last because of {reason}"));
                let text = format!("{GIVEN_UP}: {MOST_DEATHS} nodes died while they had this task{because}");
                self.fail(task, format!("{text} (Dask: KilledWorker)").into());
            }
        }
    }

    /// A node does not have this version of a value. If nobody else has it and it is needed, it is computed again.
    pub(super) fn lose_copy(&mut self, node: NodeId, task: TaskId, version: RunId) {
        let gather = self.settings.gather;
        let known = &mut self.tasks[task as usize];
        let place = known.who_has.binary_search(&node).ok();
        let Some(place) = place.filter(|_| known.version == version) else { return };
        known.who_has.remove(place);
        self.nodes[node as usize].held -= 1;
        let (is_wanted, is_kept) = (known.is_wanted, known.is_kept);
        let other = known.who_has.first().copied();
        self.free(node, task, version);
        if let Some(node) = other {
            // It may be that the client waited for this copy.
            if is_wanted {
                self.commands.push(Command::Send { node, task, version });
            }
            return;
        }
        let outline = self.outline.clone();
        let mut back = Vec::new();
        for &reader in outline.readers(task) {
            match self.tasks[reader as usize].state {
                State::Waiting => {}
                State::Processing if self.tasks[reader as usize].is_ahead() => {
                    self.withdraw(reader);
                    self.take_back(reader);
                    self.call_back(reader);
                    back.push(reader);
                }
                State::Queued => self.leave_queue(reader),
                State::NoWorker => {}
                // It may have the value already. If not, it says so.
                _ => continue,
            }
            let known = &mut self.tasks[reader as usize];
            if known.state != State::Waiting {
                (known.state, known.waiting_on) = (State::Waiting, 0);
            }
            known.waiting_on += 1;
        }
        if !gather && is_kept && !is_wanted && !self.is_over {
            self.tasks[task as usize].is_wanted = true;
            self.open += 1;
        }
        self.want(task);
        back.into_iter().for_each(|task| self.wait_again(task));
    }

    /// Gives the tasks that may kill nodes to a node that has nothing else.
    pub(super) fn isolate(&mut self) {
        loop {
            let is_suspect = |task: &Task| {
                task.state == State::Queued && task.node == NOBODY && task.deaths >= MOST_DEATHS - 1
            };
            while self.suspects.front().is_some_and(|&task| !is_suspect(&self.tasks[task as usize])) {
                self.suspects.pop_front();
            }
            let Some(&suspect) = self.suspects.front() else { break };
            let Some(node) = self.alone.or_else(|| self.loads.least()).or_else(|| self.blocked(suspect))
            else {
                return;
            };
            if self.alone.is_none() {
                self.alone = Some(node);
                self.nodes[node as usize].is_alone = true;
                self.loads.remove(node);
            }
            let at = &self.nodes[node as usize];
            if !at.processing.is_empty() || at.incoming > 0 {
                return;
            }
            self.suspects.pop_front();
            self.leave_queue(suspect);
            self.assign(suspect, node);
        }
        if let Some(node) = self.alone
            && self.nodes[node as usize].processing.is_empty()
        {
            self.alone = None;
            self.nodes[node as usize].is_alone = false;
            self.offer(node);
        }
    }
}
