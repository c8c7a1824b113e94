//! What each process runs next.

use std::cmp::Reverse;

use super::{
    super::{
        super::bytes::Message,
        draft::{Draft, Sent},
        request::Input,
    },
    Asked, Command, Parent, Process, Slot, State,
};
use crate::{
    error::Result,
    graph::TaskId,
    kernels,
    operations::{Meta, Op, forecast},
    trace::Action,
};

/// A process gets another message while it is at one if it is expected to be done in this time.
const AHEAD_MS: f64 = 2.0;
/// The number of messages for one process at a time.
const MOST_MESSAGES: usize = 2;

impl Parent {
    pub(super) fn next_number(&mut self) -> u32 {
        self.last_number += 1;
        self.last_number
    }

    pub(super) fn send(&mut self, process: usize, asked: Asked, message: Message) {
        self.processes[process].messages.push_back(asked);
        self.show_running(process);
        self.commands.push_back(Command::Send { process: process as u32, message });
    }

    /// Sends ready tasks to processes that have few.
    ///
    /// # Errors
    /// The error that ends the run.
    pub(super) fn dispatch(&mut self, now_ms: f64) -> Result<()> {
        while self.queue.len() > 0
            && let Some(process) = self.next_process()
            && self.send_tasks(process, now_ms)?
        {}
        Ok(())
    }

    /// The process that has the least to do, if it shall have more.
    fn next_process(&self) -> Option<usize> {
        let takes_more = |process: &Process| {
            process.state != State::Starting && !process.messages.iter().any(|asked| asked.alone)
        };
        let takers = self.processes.iter().enumerate().filter(|(_, process)| takes_more(process));
        let todo = takers.map(|(place, process)| {
            let expected_ms: f64 = process.messages.iter().map(|asked| asked.expected_ms).sum();
            (process.messages.len(), expected_ms, place)
        });
        let (messages, expected_ms, place) = todo.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
        (messages == 0 || messages < MOST_MESSAGES && expected_ms < AHEAD_MS).then_some(place)
    }

    /// Sends a message with tasks. Returns whether there was any for which there is room.
    ///
    /// # Errors
    /// The error that ends the run.
    fn send_tasks(&mut self, process: usize, now_ms: f64) -> Result<bool> {
        let mut draft = Draft::default();
        // Enough must be left for the others.
        let share = (self.queue.len() / (2 * self.processes.len())).max(1);
        let mut taken = 0;
        while draft.wants_more() {
            let global = if taken < share { self.queue.pop() } else { None };
            let follows = draft.follow.peek().map(|&Reverse(task)| task);
            let task = match (global, follows) {
                (Some(global), Some(follows)) if follows < global => {
                    self.queue.put_back(global);
                    draft.follow.pop();
                    follows
                }
                (Some(global), _) => global,
                (None, Some(follows)) => {
                    draft.follow.pop();
                    follows
                }
                (None, None) => break,
            };
            let follows = follows == Some(task);
            let suspect = !self.deaths.is_empty() && self.deaths.contains_key(&task);
            if follows && (suspect || self.culprit(task).is_some()) {
                continue;
            }
            // Nothing goes before or after it, so that a death tells whose fault it is.
            if suspect && !(draft.is_empty() && self.processes[process].messages.is_empty()) {
                self.queue.put_back(task);
                break;
            }
            let (expected, reserved_bytes) = self.forecast(&draft, task);
            if let Err(message) = self.memory.take(reserved_bytes) {
                if !draft.is_empty() || self.away > 0 {
                    if !follows {
                        self.queue.put_back(task);
                    }
                    break;
                }
                self.refuse(process, task, message, now_ms)?;
                continue;
            }
            taken += usize::from(!follows);
            self.add(&mut draft, Sent { task, reserved_bytes }, expected);
            if suspect {
                draft.seal();
            }
        }
        self.forget_followers(&draft);
        if draft.is_empty() {
            return Ok(false);
        }
        let (number, expected_ms) = (self.next_number(), draft.expected_ms);
        let (peer, alone) = (draft.peer(), draft.is_sealed());
        let (tasks, message) = draft.message(number);
        let asked = Asked { number, sent_ms: now_ms, tasks, expected_ms, bytes: message.len(), peer, alone };
        self.send(process, asked, message);
        Ok(true)
    }

    /// What is known of the value of a task, and the bytes for which it needs room.
    fn forecast(&self, draft: &Draft, task: TaskId) -> (Option<Meta>, u64) {
        let op = self.plan.op(task);
        if let Op::NoOp = op {
            return (Some(Meta::None), 0);
        }
        let meta = |&dependency: &TaskId| match &self.slots[dependency as usize] {
            Slot::Held(held) => &held.meta,
            Slot::Away => draft.expected(dependency),
            _ => &Meta::None,
        };
        let inputs: Vec<&Meta> = self.plan.dependencies().row(task).iter().map(meta).collect();
        let (expected, reserved_bytes) = forecast(op, &inputs);
        (expected.filter(Meta::is_known), reserved_bytes)
    }

    /// How often a task has failed before.
    pub(super) fn tried(&self, task: TaskId) -> u8 {
        self.failed.get(&task).copied().unwrap_or(0)
    }

    fn add(&mut self, draft: &mut Draft, sent: Sent, expected: Option<Meta>) {
        let plan = self.plan.clone();
        let (task, op) = (sent.task, plan.op(sent.task));
        self.away += 1;
        draft.task(sent, self.tried(task), expected, self.pace.expected_ms(op));
        if !matches!(op, Op::NoOp) {
            for &dependency in plan.dependencies().row(task) {
                match &self.slots[dependency as usize] {
                    Slot::Held(held) => draft.value(dependency, &held.encoded, held.process),
                    Slot::Away => draft.local(dependency),
                    _ => draft.input(Input::None),
                }
            }
        }
        self.slots[task as usize] = Slot::Away;
        // Other policies than the static order say which task is next among those that are ready, so these go first.
        if self.queue.is_ordered() && draft.wants_more() && draft.let_follow(task) {
            for &dependent in plan.dependents().row(task) {
                let pending = &mut self.pending[dependent as usize];
                *pending -= 1;
                if *pending == 0 {
                    draft.follow.push(Reverse(dependent));
                }
            }
        }
    }

    /// The tasks of a message have not finished: what depends on them still waits.
    fn forget_followers(&mut self, draft: &Draft) {
        for &task in &draft.followed {
            for &dependent in self.plan.dependents().row(task) {
                self.pending[dependent as usize] += 1;
            }
        }
    }

    /// There is no room for the value of a task, and nobody will make any.
    fn refuse(&mut self, process: usize, task: TaskId, message: kernels::Message, now_ms: f64) -> Result<()> {
        let writer = &mut self.processes[process].writer;
        let retries = self.plan.annotations(task).retries;
        for _ in self.failed.get(&task).copied().unwrap_or(0)..retries {
            writer.end(&self.trace, task, Action::Retry, || now_ms);
        }
        writer.end(&self.trace, task, Action::Erred, || now_ms);
        self.fail(process, task, message)
    }
}
