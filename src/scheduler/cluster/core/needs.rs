//! Who needs which value: what is computed, computed again, released, forgotten, and what errs with an input.

use super::{super::state::State, Core, LOST, task::NOBODY};
use crate::{error::Message, graph::TaskId};

impl Core {
    /// One of those that need the value of `task` no longer does.
    pub(super) fn unneed(&mut self, task: TaskId) {
        debug_assert!(self.stack.is_empty());
        self.stack.push(task);
        while let Some(task) = self.stack.pop() {
            let known = &mut self.tasks[task as usize];
            known.needed -= 1;
            if known.needed > 0 {
                continue;
            }
            let state = known.state;
            match state {
                State::Memory => {
                    self.tasks[task as usize].state = State::Released;
                    self.free_all(task);
                }
                _ if state.is_active() => {
                    self.stop(task);
                    self.tasks[task as usize].state = State::Released;
                    self.stack.extend_from_slice(self.outline.inputs(task));
                }
                _ => {}
            }
        }
    }

    /// Takes a task from wherever it is on its way to a value.
    fn stop(&mut self, task: TaskId) {
        match self.tasks[task as usize].state {
            State::Processing => {
                self.withdraw(task);
                self.leave_node(task);
            }
            State::Queued => self.leave_queue(task),
            _ => {}
        }
    }

    /// Takes a task back that is processing. It [waits again](Core::wait_again).
    pub(super) fn take_back(&mut self, task: TaskId) {
        self.leave_node(task);
        self.tasks[task as usize].state = State::Waiting;
        // Counted anew when all that is lost is known.
        self.tasks[task as usize].waiting_on = u32::MAX / 2;
    }

    /// Counts anew what a task waits for, if it was taken back.
    pub(super) fn wait_again(&mut self, task: TaskId) {
        let known = &self.tasks[task as usize];
        if known.state == State::Waiting && known.waiting_on >= u32::MAX / 4 {
            let missing = |&&input: &&TaskId| self.tasks[input as usize].state != State::Memory;
            let waiting_on = self.outline.inputs(task).iter().filter(missing).count() as u32;
            self.tasks[task as usize].waiting_on = waiting_on;
            if waiting_on == 0 {
                self.fresh.push(task);
            }
        }
    }

    /// The value of a task is needed again: computes it, and what it depends on.
    pub(super) fn want(&mut self, task: TaskId) {
        let outline = self.outline.clone();
        let (mut failed, mut given) = (Vec::new(), Vec::new());
        let mut stack = vec![task];
        self.tasks[task as usize].state = State::Waiting;
        while let Some(task) = stack.pop() {
            if self.tasks[task as usize].is_given {
                given.push(task);
                continue;
            }
            self.counts.recomputed += 1;
            self.again.push(task);
            let mut waiting_on = 0;
            for &input in outline.inputs(task) {
                let known = &mut self.tasks[input as usize];
                known.needed += 1;
                match known.state {
                    State::Memory => continue,
                    State::Released => {
                        known.state = State::Waiting;
                        stack.push(input);
                    }
                    State::Erred => failed.push((task, input)),
                    _ => {}
                }
                waiting_on += 1;
            }
            self.tasks[task as usize].waiting_on = waiting_on;
            if waiting_on == 0 {
                self.fresh.push(task);
            }
        }
        for (task, input) in failed {
            if self.tasks[task as usize].state.is_active() {
                let blamed = self.tasks[input as usize].blamed;
                self.fail_all(task, blamed);
            }
        }
        for task in given {
            if self.tasks[task as usize].state.is_active() {
                self.fail(task, LOST.into());
            }
        }
    }

    /// A task has erred for the last time.
    pub(super) fn fail(&mut self, task: TaskId, message: Message) {
        self.messages.insert(task, message);
        self.fail_all(task, task);
    }

    /// A task that is on its way to a value errs, and all that wait for it.
    pub(super) fn fail_all(&mut self, task: TaskId, blamed: TaskId) {
        let outline = self.outline.clone();
        let mut stack = vec![task];
        while let Some(task) = stack.pop() {
            let known = &self.tasks[task as usize];
            if !known.state.is_active() {
                continue;
            }
            if known.node != NOBODY || known.state == State::Queued {
                self.stop(task);
            }
            let known = &mut self.tasks[task as usize];
            (known.state, known.blamed) = (State::Erred, blamed);
            let is_wanted = known.is_wanted;
            if is_wanted || known.is_kept {
                known.needed -= 1;
            }
            if is_wanted {
                self.close_target(task);
            }
            self.failed.push(task);
            stack.extend_from_slice(outline.readers(task));
            for &input in outline.inputs(task) {
                self.unneed(input);
            }
            self.retire(task);
        }
    }

    /// The value of a task will never be needed again, if nobody is left who might.
    pub(super) fn forget_if_done(&mut self, task: TaskId) {
        let known = &mut self.tasks[task as usize];
        let may_be_needed = known.readers_left > 0 || known.needed > 0;
        if !may_be_needed && known.state == State::Released {
            known.state = State::Forgotten;
            self.retire(task);
        }
    }

    /// A task will never need its inputs again.
    fn retire(&mut self, task: TaskId) {
        let outline = self.outline.clone();
        let mut stack = vec![task];
        while let Some(task) = stack.pop() {
            for &input in outline.inputs(task) {
                let known = &mut self.tasks[input as usize];
                known.readers_left -= 1;
                if known.readers_left == 0 && known.needed == 0 && known.state == State::Released {
                    known.state = State::Forgotten;
                    stack.push(input);
                }
            }
        }
    }
}
