//! What comes of the replies of processes.

use std::sync::Arc;

use super::{
    super::{
        super::{
            bytes::Bytes,
            clocks::Offset,
            content::Content,
            wire::{Reader, next},
        },
        draft::Sent,
        reply::{self, Attempts, Record, Reply},
    },
    Held, Parent, Process, Slot, State,
};
use crate::{
    error::{Error, Result},
    graph::TaskId,
    operations::Op,
    trace::{Action, Reason},
    value::Value,
};

/// A reply with tasks that were run.
struct Done<'a> {
    process: usize,
    message: &'a Arc<Vec<u8>>,
    /// How long the values are.
    values: usize,
    span: Span,
    /// The last time on the process's clock that is known.
    before_ms: f64,
}

/// The time from a message to its reply, on the clock of the parent.
#[derive(Clone, Copy)]
struct Span {
    sent_ms: f64,
    now_ms: f64,
}

impl Span {
    /// A time of the process on the clock of the parent.
    fn at(self, clock: &Offset, child_ms: f64) -> f64 {
        clock.parent_ms(child_ms).max(self.sent_ms).min(self.now_ms)
    }
}

fn unreadable(process: usize, error: &Error) -> Error {
    Error::invalid(format!("process {process} sent a message that cannot be read: {error}"))
}

impl Parent {
    /// Takes in a reply.
    ///
    /// # Errors
    /// The error that ends the run.
    pub(super) fn reply(&mut self, process: usize, message: Vec<u8>, now_ms: f64) -> Result<()> {
        let message = Arc::new(message);
        let (values, reply) = Reply::read(&message).map_err(|error| unreadable(process, &error))?;
        let Process { state, failed_starts, messages, clock, writer } = &mut self.processes[process];
        let is_next = messages.front().is_some_and(|asked| asked.number == reply.number);
        if let reply::Content::Unreadable(why) = reply.content
            && (is_next || reply.number == 0)
        {
            return Err(Error::invalid(format!("process {process} could not read a message: {why}")));
        }
        if !is_next {
            let waits = messages.iter().any(|asked| asked.number == reply.number);
            return match !waits && (1..=self.last_number).contains(&reply.number) {
                // From a process that is known to be dead.
                true => Ok(()),
                false => Err(unreadable(process, &Error::invalid("it is the reply to another message"))),
            };
        }
        let asked = messages.pop_front().expect("it is the first one");
        clock.learn(asked.sent_ms, reply.received_ms, reply.replied_ms, now_ms);
        if writer.now_ms(&self.trace, || now_ms) < asked.sent_ms {
            writer.idle(&self.trace, Reason::NoTask, || asked.sent_ms);
        }
        let span = Span { sent_ms: asked.sent_ms, now_ms };
        let first = asked.tasks.first().map(|sent| sent.task);
        let received_ms = span.at(clock, reply.received_ms);
        writer.moved(&self.trace, first, Action::Transfer, received_ms, (asked.bytes, asked.peer));
        match reply.content {
            reply::Content::Ready | reply::Content::Unreadable(_) => {
                (*state, *failed_starts) = (State::Ready, 0);
                let replied_ms = span.at(clock, reply.replied_ms);
                writer.moved(&self.trace, None, Action::Deserialize, replied_ms, (asked.bytes, None));
            }
            reply::Content::Done(count, head) => {
                let before_ms = reply.received_ms;
                let done = Done { process, message: &message, values, span, before_ms };
                self.done(done, &asked.tasks, count as usize, head)?;
            }
        }
        let Process { messages, writer, .. } = &mut self.processes[process];
        // If it is at the next message already, the way back takes none of its time.
        let back_ms = if messages.is_empty() { now_ms } else { f64::NEG_INFINITY };
        writer.moved(&self.trace, None, Action::Transfer, back_ms, (message.len() as u64, None));
        self.show_running(process);
        Ok(())
    }

    /// Takes in the records of a reply.
    fn done(&mut self, mut done: Done<'_>, tasks: &[Sent], count: usize, mut head: Reader<'_>) -> Result<()> {
        let process = done.process;
        let unreadable = |error: Error| unreadable(process, &error);
        let ran = tasks.split_at_checked(count);
        let (ran, rest) =
            ran.ok_or_else(|| unreadable(Error::invalid("it has more tasks than it was sent")))?;
        let plan = self.plan.clone();
        let mut returned: Vec<TaskId> = Vec::new();
        // The tasks without a kernel since the last time that is known, and how long the values are that were taken.
        let (mut plain, mut taken) = (0, 0);
        for &Sent { task, reserved_bytes } in ran {
            let is_plain = matches!(plan.op(task), Op::NoOp);
            let record = loop {
                let record = Record::read(&mut head).map_err(unreadable)?;
                let Record::Time(ms) = record else { break record };
                self.pace.learn(&Op::NoOp, ms - done.before_ms, plain + u32::from(is_plain));
                plain = 0;
                self.note(&done, task, Action::Overhead, ms, 0);
                done.before_ms = ms;
            };
            plain += u32::from(is_plain);
            self.away -= 1;
            self.slots[task as usize] = Slot::Empty;
            if self.pending[task as usize] > 0 || self.culprit(task).is_some() {
                // It was run with the value of a task before it, for which there was no room here.
                if let Record::Value { length, .. } = record {
                    next(done.values, &mut taken, length).map_err(unreadable)?;
                }
                self.memory.free(reserved_bytes);
                returned.push(task);
                continue;
            }
            let slot = match record {
                Record::Time(_) => unreachable!("the loop ends at a record that is not a time"),
                Record::Nothing => {
                    self.processes[process].writer.instant(&self.trace, task);
                    Ok(Some(Slot::Is(Content::Value(Value::None))))
                }
                Record::None(attempts) => {
                    self.note_attempts(&mut done, task, &attempts, attempts.stop_ms);
                    self.note_end(&done, task, Action::Compute, attempts.stop_ms);
                    if let Some(shown) = &self.shown {
                        shown.note(task, &Value::None);
                    }
                    Ok(Some(Slot::Is(Content::Value(Value::None))))
                }
                Record::Erred(attempts, message) => {
                    self.note_attempts(&mut done, task, &attempts, attempts.stop_ms);
                    self.note_end(&done, task, Action::Erred, attempts.stop_ms);
                    Err(message.to_owned().into())
                }
                Record::NotRun => Ok(None),
                Record::Value { attempts, written_ms, bytes, length, meta } => {
                    let range = next(done.values, &mut taken, length).map_err(unreadable)?;
                    self.note_attempts(&mut done, task, &attempts, written_ms);
                    if let Err(message) = self.memory.adopt(reserved_bytes).keep(bytes) {
                        let tried = self.tried(task).saturating_add(attempts.failed_ms.len() as u8);
                        if tried < plan.annotations(task).retries {
                            self.note_end(&done, task, Action::Retry, attempts.stop_ms);
                            self.failed.insert(task, tried + 1);
                            returned.push(task);
                        } else {
                            self.note_end(&done, task, Action::Erred, attempts.stop_ms);
                            self.fail(process, task, message)?;
                        }
                        continue;
                    }
                    let writer = &self.processes[process].writer;
                    writer.bytes(task, bytes);
                    writer.scratch(task, reserved_bytes.saturating_sub(bytes));
                    self.note_end(&done, task, Action::Compute, attempts.stop_ms);
                    self.note(&done, task, Action::Serialize, written_ms, length);
                    let held = Held { encoded: Bytes::part(done.message, range), bytes, meta, process };
                    let slot = self.hold(task, held)?;
                    self.finish(process, task, slot);
                    continue;
                }
            };
            self.memory.free(reserved_bytes);
            match slot {
                Ok(Some(slot)) => self.finish(process, task, slot),
                Ok(None) => returned.push(task),
                Err(message) => self.fail(process, task, message)?,
            }
        }
        head.end().map_err(unreadable)?;
        for &Sent { task, reserved_bytes } in rest {
            self.away -= 1;
            self.slots[task as usize] = Slot::Empty;
            self.memory.free(reserved_bytes);
            returned.push(task);
        }
        self.take_back(process, &returned);
        Ok(())
    }

    /// The slot of a value. A target that nobody else needs is read at once.
    fn hold(&self, task: TaskId, held: Held) -> Result<Slot> {
        let is_shown = self.shown.as_ref().filter(|shown| shown.wants(task));
        let is_last = self.plan.dependents().row(task).is_empty();
        if is_shown.is_none() && !is_last {
            return Ok(Slot::Held(held.into()));
        }
        let value = self.decode(task, &held)?;
        if let Some(shown) = is_shown {
            shown.note(task, &value);
        }
        Ok(if is_last { Slot::Is(Content::Value(value)) } else { Slot::Held(held.into()) })
    }

    /// Notes what a process did for a task until a time on its clock.
    fn note(&mut self, done: &Done<'_>, task: TaskId, action: Action, child_ms: f64, bytes: u64) {
        let Process { clock, writer, .. } = &mut self.processes[done.process];
        let at_ms = done.span.at(clock, child_ms);
        writer.moved(&self.trace, Some(task), action, at_ms, (bytes, None));
    }

    /// Notes that a task ended at a time on the process's clock.
    fn note_end(&mut self, done: &Done<'_>, task: TaskId, action: Action, child_ms: f64) {
        let Process { clock, writer, .. } = &mut self.processes[done.process];
        let at_ms = done.span.at(clock, child_ms);
        writer.end(&self.trace, task, action, || at_ms);
    }

    /// Notes what came before the last attempt of a task, and what all of it took, until `end_ms`.
    fn note_attempts(&mut self, done: &mut Done<'_>, task: TaskId, attempts: &Attempts, end_ms: f64) {
        self.pace.learn(self.plan.op(task), end_ms - done.before_ms, 1);
        done.before_ms = end_ms;
        if attempts.read_bytes > 0 {
            self.note(done, task, Action::Deserialize, attempts.ready_ms, attempts.read_bytes);
        }
        for &failed_ms in &attempts.failed_ms {
            self.note_end(done, task, Action::Retry, failed_ms);
        }
    }
}
