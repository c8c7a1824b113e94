//! The parent of the processes: decides what each of them runs, and holds all values, as the bytes in which they came.

mod receive;
mod send;

use std::{collections::VecDeque, mem, sync::Arc};

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::{
    super::{
        bytes::{Bytes, Message},
        clocks::Offset,
        completion::Ending,
        content::Content,
        failures::Failures,
        memory::Memory,
        options::{Options, StartMethod},
        shown::Shown,
    },
    draft::Sent,
    pace::Pace,
    queue::Queue,
    registry::Registered,
    request,
};
use crate::{
    error::{Error, Result},
    graph::{Plan, TaskId},
    kernels,
    operations::{Meta, Op},
    trace::{Action, Lane, Reason, Trace, Writer},
    value::Value,
};

/// What happened to a process.
#[derive(Debug)]
pub enum Event {
    /// It takes messages from now on.
    Joined {
        /// Which one.
        process: u32,
        /// How many bytes of memory were copied for it.
        bytes: u64,
        /// How long the start took.
        ms: f64,
    },
    /// It has replied.
    Reply {
        /// Which one.
        process: u32,
        /// What [`Child::on_message`](super::Child::on_message) returned.
        message: Vec<u8>,
    },
    /// It has died, or could not be started.
    Died {
        /// Which one.
        process: u32,
        /// Why, as far as is known.
        reason: String,
    },
}

/// What is to be done.
#[derive(Debug)]
pub enum Command {
    /// Start a process. After a death, another one gets the same number.
    Start {
        /// Which one.
        process: u32,
        /// How.
        method: StartMethod,
    },
    /// Pass a message on. Those for one process must come in this order.
    Send {
        /// To which one.
        process: u32,
        /// What.
        message: Message,
    },
    /// End a process, whatever it does.
    End {
        /// Which one.
        process: u32,
    },
    /// The run is over.
    Finished,
}

/// A process that was started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joined {
    /// Which one.
    pub process: u32,
    /// How many bytes of memory were copied for it.
    pub bytes: u64,
    /// How long the start took.
    pub ms: f64,
}

/// A task is given up after this number of deaths of processes that were to run it next. A run is given up after this
/// number of processes in a row that died before they were ready.
const MOST_DEATHS: u8 = 3;

/// What is known of a task's value.
#[derive(Default)]
enum Slot {
    /// The task is still to run, or its value has been released.
    #[default]
    Empty,
    /// A process has the task.
    Away,
    /// The value, as bytes.
    Held(Box<Held>),
    /// The value of a target, or none; or the task erred.
    Is(Content),
}

struct Held {
    encoded: Bytes,
    /// The memory that its elements take.
    bytes: u64,
    meta: Meta,
    /// Who made it.
    process: usize,
}

impl Slot {
    fn bytes(&self) -> u64 {
        match self {
            Slot::Held(held) => held.bytes,
            Slot::Is(Content::Value(value)) => value.bytes(),
            _ => 0,
        }
    }
}

struct Process {
    state: State,
    /// How often in a row it died before it was ready.
    failed_starts: u8,
    /// The messages that it has not answered, in their order.
    messages: VecDeque<Asked>,
    clock: Offset,
    writer: Writer,
}

#[derive(PartialEq)]
enum State {
    /// It is being started.
    Starting,
    /// It has been sent the plan.
    Joined,
    /// It has the plan.
    Ready,
}

/// A message that was sent.
struct Asked {
    number: u32,
    sent_ms: f64,
    /// None in a message with the plan.
    tasks: Vec<Sent>,
    expected_ms: f64,
    bytes: u64,
    peer: Option<usize>,
    /// Whether no other message may be under way beside it.
    alone: bool,
}

/// The parent of the processes of one run.
pub(super) struct Parent {
    plan: Arc<Plan>,
    trace: Arc<Trace>,
    memory: Arc<Memory>,
    failures: Failures,
    shown: Option<Shown>,
    keep_going: bool,
    method: StartMethod,
    /// What a process is sent first.
    start: Start,
    slots: Vec<Slot>,
    /// How many reads of each value are still due.
    readers: Vec<u32>,
    /// How many inputs each task still waits for.
    pending: Vec<u32>,
    queue: Queue,
    processes: Vec<Process>,
    unfinished: usize,
    /// How many tasks the processes have.
    away: usize,
    /// The number of the last message.
    last_number: u32,
    pace: Pace,
    /// How many processes died that were to run a task next.
    deaths: FxHashMap<TaskId, u8>,
    /// How often tasks have failed whose value had no room, and that are to be run again.
    failed: FxHashMap<TaskId, u8>,
    /// The tasks that did not run since the last event, and the lanes where that is to be noted.
    skipped: Vec<(usize, TaskId)>,
    joined: Vec<Joined>,
    commands: VecDeque<Command>,
    ending: Option<Ending>,
}

enum Start {
    Plan(Bytes),
    Number(Registered),
}

impl Parent {
    /// A run that starts now.
    ///
    /// # Errors
    /// An operation cannot leave this process.
    pub(super) fn new(plan: Arc<Plan>, options: &Options, now_ms: f64) -> Result<Parent> {
        let start = match options.start {
            StartMethod::Spawn => Start::Plan(plan.encode()?.to_bytes().into()),
            StartMethod::Fork => {
                // Their code is in the copy, but what it calls is not.
                for task in plan.tasks() {
                    if let op @ (Op::Foreign(_) | Op::Fused(_)) = plan.op(task) {
                        op.encode().map_err(|error| error.within(&plan.key(task).to_string()))?;
                    }
                }
                Start::Number(Registered::new(plan.clone()))
            }
        };
        let count = options.workers.min(plan.len()).max(1);
        let lane = |process| Lane::new(process as u32, format!("process {process}"), None);
        let trace = Arc::new(Trace::new((0..count).map(lane), options.trace, now_ms));
        let notes = trace.add_batch(0, plan.len());
        let process = |process| {
            let mut writer = Writer::new(process, &trace);
            writer.turn_to(&notes);
            Process {
                state: State::Starting,
                failed_starts: 0,
                messages: VecDeque::new(),
                clock: Offset::unknown(),
                writer,
            }
        };
        let processes = (0..count).map(process).collect();
        let mut readers: Vec<u32> = plan.dependents().iter().map(|row| row.len() as u32).collect();
        for &target in plan.targets() {
            readers[target as usize] += 1;
        }
        let method = options.start;
        let starts = (0..count as u32).map(|process| Command::Start { process, method });
        Ok(Parent {
            memory: Memory::new(options).into(),
            failures: Failures::default(),
            shown: options.shown.then(|| Shown::new(&plan)),
            keep_going: options.keep_going,
            method,
            start,
            slots: plan.tasks().map(|_| Slot::Empty).collect(),
            readers,
            pending: plan.dependencies().iter().map(|row| row.len() as u32).collect(),
            queue: Queue::new(&plan, options),
            processes,
            unfinished: plan.len(),
            away: 0,
            last_number: 0,
            pace: Pace::default(),
            deaths: FxHashMap::default(),
            failed: FxHashMap::default(),
            skipped: Vec::new(),
            joined: Vec::new(),
            commands: starts.collect(),
            ending: None,
            trace,
            plan,
        })
    }

    pub(super) fn trace(&self) -> &Arc<Trace> {
        &self.trace
    }

    pub(super) fn memory(&self) -> &Arc<Memory> {
        &self.memory
    }

    /// The processes that were started so far.
    pub(super) fn joined(&self) -> &[Joined] {
        &self.joined
    }

    pub(super) fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// What is to be done, in this order.
    pub(super) fn commands(&mut self) -> VecDeque<Command> {
        mem::take(&mut self.commands)
    }

    /// How the run ended, if it has.
    pub(super) fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// Takes in what happened. When the run is over, nothing changes.
    pub(super) fn on(&mut self, event: Event, now_ms: f64) {
        if self.ending.is_some() {
            return;
        }
        let starts = |process: u32| {
            self.processes.get(process as usize).map(|process| process.state == State::Starting)
        };
        let result = match event {
            Event::Joined { process, bytes, ms } if starts(process) == Some(true) => {
                self.join(process as usize, bytes, ms, now_ms);
                Ok(())
            }
            Event::Reply { process, message } if starts(process) == Some(false) => {
                self.reply(process as usize, message, now_ms)
            }
            Event::Died { process, reason } if starts(process).is_some() => {
                self.died(process as usize, &reason, now_ms)
            }
            Event::Joined { .. } | Event::Reply { .. } | Event::Died { .. } => Ok(()),
        };
        let result = result.and_then(|()| self.dispatch(now_ms));
        self.note_skipped();
        match result {
            Ok(()) if self.unfinished > 0 => {}
            Ok(()) => {
                let result = self.decode_targets();
                self.end(result, now_ms);
            }
            Err(error) => self.end(Err(error), now_ms),
        }
    }

    /// Lets no further task start, and ends the processes.
    pub(super) fn cancel(&mut self, now_ms: f64) {
        if self.ending.is_none() {
            self.end(Err(Error::cancelled()), now_ms);
        }
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    pub(super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.ending.clone().expect("the run is over").result?;
        let value = |&target: &TaskId| match &self.slots[target as usize] {
            Slot::Is(content) => self.failures.check(&self.plan, target, content),
            _ => unreachable!("the targets were decoded when the run ended"),
        };
        Ok(self.plan.targets().iter().map(value).collect())
    }

    /// Notes in the trace which task a process has first.
    fn show_running(&self, process: usize) {
        let Process { messages, writer, .. } = &self.processes[process];
        let first = messages.front().and_then(|asked| asked.tasks.first());
        writer.running(&self.trace, first.map(|sent| sent.task));
    }

    /// A process takes messages from now on.
    fn join(&mut self, process: usize, bytes: u64, ms: f64, now_ms: f64) {
        self.joined.push(Joined { process: process as u32, bytes, ms });
        let Process { state, writer, .. } = &mut self.processes[process];
        *state = State::Joined;
        let copied = bytes > 0;
        writer.idle(&self.trace, Reason::NoProcess, || if copied { now_ms - ms } else { now_ms });
        writer.join(&self.trace);
        if copied {
            writer.moved(&self.trace, None, Action::Transfer, now_ms, (bytes, None));
        }
        let number = self.next_number();
        let mut message = Message::default();
        let head = match &self.start {
            Start::Plan(plan) => {
                message.push(plan.clone());
                request::plan(number)
            }
            Start::Number(plan) => request::plan_number(number, plan.0),
        };
        message.push(head);
        let asked = Asked {
            number,
            sent_ms: now_ms,
            tasks: Vec::new(),
            expected_ms: 0.0,
            bytes: message.len(),
            peer: None,
            alone: false,
        };
        self.send(process, asked, message);
    }

    /// A process has died. Its tasks will run again.
    ///
    /// # Errors
    /// The error that ends the run.
    fn died(&mut self, process: usize, why: &str, now_ms: f64) -> Result<()> {
        self.commands.push_back(Command::Start { process: process as u32, method: self.method });
        let Process { state, failed_starts, messages, writer, clock } = &mut self.processes[process];
        if *state != State::Ready {
            *failed_starts += 1;
            if *failed_starts == MOST_DEATHS {
                return Err(Error::invalid(format!(
                    "process {process} could not be started: {MOST_DEATHS} times in a row it died before it was ready: \
                     {why}"
                )));
            }
        }
        let reason = if *state == State::Starting { Reason::NoProcess } else { Reason::Died };
        *state = State::Starting;
        *clock = Offset::unknown();
        writer.idle(&self.trace, reason, || now_ms);
        let mut lost = Vec::new();
        let mut given_up = Vec::new();
        for (asked, place) in mem::take(messages).into_iter().zip(0..) {
            for Sent { task, reserved_bytes } in asked.tasks {
                self.away -= 1;
                self.slots[task as usize] = Slot::Empty;
                self.memory.free(reserved_bytes);
                if place == 0 {
                    writer.lost(&self.trace, task);
                    let deaths = self.deaths.entry(task).or_default();
                    *deaths += 1;
                    if *deaths == MOST_DEATHS {
                        given_up.push(task);
                        continue;
                    }
                }
                lost.push(task);
            }
        }
        self.show_running(process);
        self.take_back(process, &lost);
        for task in given_up {
            let message = format!(
                "{MOST_DEATHS} processes died while this was the task that they ran or were to run next (Dask: \
                 KilledWorker): {why}"
            );
            self.processes[process].writer.skip(&self.trace, task);
            self.fail(process, task, message.into())?;
        }
        Ok(())
    }

    /// Takes tasks back that were not run: those whose inputs are there are ready.
    fn take_back(&mut self, process: usize, tasks: &[TaskId]) {
        // A queue with a policy has what comes back last on top.
        for &task in tasks.iter().rev() {
            if self.pending[task as usize] > 0 {
                continue;
            }
            match self.culprit(task) {
                Some(culprit) => self.skip(process, task, culprit),
                None => self.queue.put_back(task),
            }
        }
    }

    /// On which task that erred `task` depends.
    fn culprit(&self, task: TaskId) -> Option<TaskId> {
        if !self.failures.any() {
            return None;
        }
        let erred = |&dependency: &TaskId| match self.slots[dependency as usize] {
            Slot::Is(Content::Erred(culprit)) => Some(culprit),
            _ => None,
        };
        self.plan.dependencies().row(task).iter().find_map(erred)
    }

    /// A task erred.
    ///
    /// # Errors
    /// This, if the run does not keep going.
    fn fail(&mut self, process: usize, task: TaskId, message: kernels::Message) -> Result<()> {
        self.failures.note(task, self.plan.key(task).clone(), message);
        if !self.keep_going {
            return Err(self.failures.first(&self.plan).expect("one was noted just now"));
        }
        self.finish(process, task, Slot::Is(Content::Erred(task)));
        Ok(())
    }

    /// A task does not run, since `culprit` erred.
    fn skip(&mut self, process: usize, task: TaskId, culprit: TaskId) {
        self.skipped.push((process, task));
        self.finish(process, task, Slot::Is(Content::Erred(culprit)));
    }

    /// Notes which tasks did not run, after what the event says of the same lanes.
    fn note_skipped(&mut self) {
        for (process, task) in mem::take(&mut self.skipped) {
            let writer = &mut self.processes[process].writer;
            writer.begin(&self.trace, task, self.plan.dependencies().row(task));
            writer.skip(&self.trace, task);
            self.show_running(process);
        }
    }

    /// Puts down what came of `task`, releases what it was computed from, and makes ready what waited for it.
    fn finish(&mut self, process: usize, task: TaskId, slot: Slot) {
        self.put(task, slot);
        let plan = self.plan.clone();
        // Tasks that do not run finish here, too, without a call for each: a chain of them may be long.
        let mut finished: SmallVec<[TaskId; 1]> = smallvec![task];
        while let Some(task) = finished.pop() {
            let mut ready: SmallVec<[TaskId; 8]> = SmallVec::new();
            for &dependent in plan.dependents().row(task) {
                let pending = &mut self.pending[dependent as usize];
                *pending -= 1;
                if *pending > 0 || matches!(self.slots[dependent as usize], Slot::Away) {
                    continue;
                }
                match self.culprit(dependent) {
                    Some(culprit) => {
                        self.skipped.push((process, dependent));
                        self.put(dependent, Slot::Is(Content::Erred(culprit)));
                        finished.push(dependent);
                    }
                    None => ready.push(dependent),
                }
            }
            self.queue.extend(ready);
        }
    }

    /// Puts down what came of `task`, and releases what it was computed from.
    fn put(&mut self, task: TaskId, slot: Slot) {
        self.unfinished -= 1;
        self.slots[task as usize] = slot;
        for &dependency in self.plan.dependencies().row(task) {
            let readers = &mut self.readers[dependency as usize];
            *readers -= 1;
            if *readers == 0 {
                self.memory.free(mem::take(&mut self.slots[dependency as usize]).bytes());
            }
        }
    }

    /// The value of a target.
    ///
    /// # Errors
    /// The bytes are damaged.
    fn decode(&self, task: TaskId, held: &Held) -> Result<Value> {
        let value = Value::decode(held.encoded.as_slice());
        let value = value.and_then(|value| match value.bytes() == held.bytes {
            true => Ok(value),
            false => Err(Error::invalid("it has another size than the process said")),
        });
        value.map_err(|error| {
            let (process, key) = (held.process, self.plan.key(task));
            Error::invalid(format!("the value of {key} from process {process} cannot be read: {error}"))
        })
    }

    /// Makes values of the bytes of the targets.
    fn decode_targets(&mut self) -> Result<()> {
        for &target in self.plan.clone().targets() {
            if let Slot::Held(held) = &self.slots[target as usize] {
                let value = self.decode(target, held)?;
                self.slots[target as usize] = Slot::Is(Content::Value(value));
            }
        }
        Ok(())
    }

    fn end(&mut self, result: Result<()>, now_ms: f64) {
        if result.is_err() {
            self.slots.clear();
            self.memory.free(self.memory.held());
        }
        self.processes.iter().for_each(|process| process.writer.rest(&self.trace));
        self.trace.end(now_ms - self.trace.started_ms());
        self.ending = Some(Ending { at_ms: now_ms, result });
        // What was not fetched is not needed any more: a process that was not started need not be ended.
        let starts = |command: &Command| match command {
            Command::Start { process, .. } => Some(*process),
            _ => None,
        };
        let unstarted: Vec<u32> = mem::take(&mut self.commands).iter().filter_map(starts).collect();
        let started = (0..self.processes.len() as u32).filter(|process| !unstarted.contains(process));
        self.commands = started.map(|process| Command::End { process }).chain([Command::Finished]).collect();
    }
}
