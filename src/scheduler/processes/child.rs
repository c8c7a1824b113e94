//! A process: runs tasks that come as messages, with a memory of its own.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use smallvec::SmallVec;

use super::{
    super::{
        discard::discard,
        task::{NO_OPS_PER_LOOK, panic_message},
    },
    registry,
    reply::{Attempts, Writing},
    request::{Input, Request, Task, Tasks},
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskGraph},
    kernels::{self, Message},
    operations::{Op, execute},
    value::Value,
};

/// The number of tasks without a kernel that end before the clock is read.
const NO_OPS_PER_READ: u32 = 16;

/// The values of a reply take no more than this, and one value.
const REPLY_BYTES: usize = 1 << 20;

/// A process, for those who pass messages on. It keeps the plan, and no values between two messages.
#[derive(Default)]
pub struct Child {
    plan: Option<Held>,
}

/// The plan: read from a message, or found in a memory that was copied.
enum Held {
    Read(Box<TaskGraph>),
    Found(Arc<Plan>),
}

impl Held {
    fn graph(&self) -> &TaskGraph {
        match self {
            Held::Read(graph) => graph,
            Held::Found(plan) => plan,
        }
    }
}

impl Child {
    /// A process that has no plan yet.
    pub fn new() -> Child {
        Child::default()
    }

    /// Does what a message of the parent asks for, and returns the reply. If the message cannot be read, the reply says so.
    pub fn on_message(&mut self, message: &[u8]) -> Vec<u8> {
        self.on_message_at(message, &now_ms)
    }

    /// The same with another clock.
    pub(super) fn on_message_at(&mut self, message: &[u8], clock: &dyn Fn() -> f64) -> Vec<u8> {
        let received_ms = clock();
        let (number, request) = match Request::read(message) {
            Ok(read) => read,
            Err(error) => return Writing::unreadable(0, received_ms, &error).finish(clock(), false),
        };
        let reply = match request {
            Request::Plan(bytes) => TaskGraph::decode(bytes).map(|graph| {
                self.plan = Some(Held::Read(graph.into()));
                Writing::ready(number, received_ms).finish(clock(), false)
            }),
            Request::Number(plan) => registry::plan(plan).map_or_else(
                || Err(Error::invalid(format!("plan {plan} is not in the memory of this process"))),
                |plan| {
                    self.plan = Some(Held::Found(plan));
                    Ok(Writing::ready(number, received_ms).finish(clock(), false))
                },
            ),
            Request::Tasks { budget_ms, values, head } => {
                self.graph().and_then(|graph| Tasks::read(graph, values, head)).and_then(|tasks| {
                    let graph = self.graph()?;
                    let mut work = Work::new(graph, &tasks, number, received_ms, clock);
                    work.run(received_ms + budget_ms)?;
                    Ok(work.reply.finish(clock(), true))
                })
            }
        };
        reply.unwrap_or_else(|error| Writing::unreadable(number, received_ms, &error).finish(clock(), false))
    }

    fn graph(&self) -> Result<&TaskGraph> {
        let plan = self.plan.as_ref().map(Held::graph);
        plan.ok_or_else(|| Error::invalid("tasks came before their plan"))
    }
}

/// The tasks of one message.
struct Work<'a> {
    graph: &'a TaskGraph,
    message: &'a Tasks<'a>,
    clock: &'a dyn Fn() -> f64,
    reply: Writing,
    /// When the clock was last read.
    at_ms: f64,
    /// The values that were read or made, and are needed again.
    sent: Vec<Option<Value>>,
    local: Vec<Option<Value>>,
    /// How often each of them is still to be read.
    sent_readers: Vec<u32>,
    local_readers: Vec<u32>,
}

impl<'a> Work<'a> {
    fn new(
        graph: &'a TaskGraph,
        message: &'a Tasks<'a>,
        number: u32,
        received_ms: f64,
        clock: &'a dyn Fn() -> f64,
    ) -> Work<'a> {
        let (values, tasks) = (message.values.len(), message.tasks.len());
        let mut work = Work {
            graph,
            message,
            clock,
            reply: Writing::done(number, received_ms),
            at_ms: received_ms,
            sent: vec![None; values],
            local: vec![None; tasks],
            sent_readers: vec![0; values],
            local_readers: vec![0; tasks],
        };
        for &input in message.all_inputs() {
            if let Some(readers) = work.readers(input) {
                *readers += 1;
            }
        }
        work
    }

    fn readers(&mut self, input: Input) -> Option<&mut u32> {
        match input {
            Input::None => None,
            Input::Sent(place) => Some(&mut self.sent_readers[place as usize]),
            Input::Local(place) => Some(&mut self.local_readers[place as usize]),
        }
    }

    fn slot(&mut self, input: Input) -> Option<&mut Option<Value>> {
        match input {
            Input::None => None,
            Input::Sent(place) => Some(&mut self.sent[place as usize]),
            Input::Local(place) => Some(&mut self.local[place as usize]),
        }
    }

    fn value(&self, input: Input) -> Option<&Value> {
        match input {
            Input::None => Some(&Value::None),
            Input::Sent(place) => self.sent[place as usize].as_ref(),
            Input::Local(place) => self.local[place as usize].as_ref(),
        }
    }

    fn read_clock(&mut self) -> f64 {
        self.at_ms = (self.clock)();
        self.at_ms
    }

    /// Runs tasks until the clock shows `until_ms`, or the reply is long.
    ///
    /// # Errors
    /// A value that was sent cannot be read.
    fn run(&mut self, until_ms: f64) -> Result<()> {
        let last = self.message.tasks.len();
        // The tasks without a kernel since the clock was read.
        let mut unread = 0;
        for (task, place) in self.message.tasks.iter().zip(1..) {
            match self.graph.op(task.id) {
                Op::NoOp => {
                    unread += 1;
                    if unread == NO_OPS_PER_READ || place == last {
                        unread = 0;
                        let at_ms = self.read_clock();
                        self.reply.time(at_ms);
                    }
                    self.reply.nothing();
                    if self.local_readers[place - 1] > 0 {
                        self.local[place - 1] = Some(Value::None);
                    }
                }
                op => {
                    if unread > 0 {
                        unread = 0;
                        let at_ms = self.read_clock();
                        self.reply.time(at_ms);
                    }
                    self.task(op, task, place - 1)?;
                }
            }
            let looks = unread == 0 || (place as u32).is_multiple_of(NO_OPS_PER_LOOK);
            if looks && (self.at_ms >= until_ms || self.reply.values_len() >= REPLY_BYTES) {
                break;
            }
        }
        Ok(())
    }

    /// Runs one task.
    fn task(&mut self, op: &Op, task: &Task, place: usize) -> Result<()> {
        let message = self.message;
        let inputs = message.inputs(task);
        let mut attempts = Attempts::default();
        for &input in inputs {
            if let Input::Sent(place) = input
                && self.sent[place as usize].is_none()
            {
                let bytes = message.values[place as usize];
                self.sent[place as usize] = Some(Value::decode(bytes)?);
                attempts.read_bytes += bytes.len() as u64;
            }
        }
        let ready = inputs.iter().all(|&input| self.value(input).is_some());
        if !ready {
            self.reply.not_run();
            self.release(inputs);
            return Ok(());
        }
        attempts.ready_ms = self.read_clock();
        let retries = self.graph.annotations(task.id).retries;
        let mut attempt = task.attempt;
        let value = loop {
            let value = self.attempt(op, inputs, attempt, attempt >= retries);
            attempts.stop_ms = self.read_clock();
            if value.is_ok() || attempt >= retries {
                break value;
            }
            attempts.failed_ms.push(attempts.stop_ms);
            attempt += 1;
        };
        self.release(inputs);
        let written = match value {
            Ok(value) => match self.reply.value(&attempts, &value, self.clock) {
                Ok(()) => {
                    if self.local_readers[place] > 0 {
                        self.local[place] = Some(value);
                    }
                    Ok(())
                }
                Err(error) => Err(Cow::Owned(error.to_string())),
            },
            Err(message) => Err(message),
        };
        if let Err(message) = written {
            self.reply.erred(&attempts, &message);
        }
        self.read_clock();
        Ok(())
    }

    /// Runs an operation once. If it `is_last`, it may use up the inputs that no other task of the message needs.
    fn attempt(
        &mut self,
        op: &Op,
        inputs: &[Input],
        attempt: u8,
        is_last: bool,
    ) -> std::result::Result<Value, Message> {
        // Those that are used up are taken out first: what is borrowed stays where it is.
        let mut taken: SmallVec<[Option<Value>; 4]> = SmallVec::new();
        for &input in inputs {
            let alone = is_last && self.readers(input).is_some_and(|readers| *readers == 1);
            taken.push(self.slot(input).filter(|_| alone).and_then(Option::take));
        }
        let borrowed = |input| Cow::Borrowed(self.value(input).expect("the inputs are there"));
        let mut inputs: SmallVec<[kernels::Input<'_>; 4]> = taken
            .into_iter()
            .zip(inputs)
            .map(|(value, &input)| value.map_or_else(|| borrowed(input), Cow::Owned))
            .collect();
        catch_unwind(AssertUnwindSafe(|| execute(op, &mut inputs, attempt))).unwrap_or_else(|payload| {
            let message = panic_message(&*payload);
            discard(payload);
            Err(message)
        })
    }

    /// Gives up a task's reads of its inputs, and drops those that nobody else needs.
    fn release(&mut self, inputs: &[Input]) {
        for &input in inputs {
            let Some(readers) = self.readers(input) else { continue };
            *readers -= 1;
            if *readers == 0
                && let Some(slot) = self.slot(input)
            {
                *slot = None;
            }
        }
    }
}
