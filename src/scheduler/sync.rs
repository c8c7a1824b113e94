//! `sync`: one task after another, on the thread that asks.
//!
//! A plan's ids are already in an order that can be run, so by default this is a loop over them; another policy has a
//! queue. It can be left and taken up again, which lets a thread that has other things to do stay responsive.

use std::{
    borrow::Cow,
    iter::once,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use smallvec::SmallVec;

use super::{
    completion::Ending,
    content::Content,
    discard::{Discard, discard},
    failures::Failures,
    memory::Memory,
    options::Options,
    policy::Ready,
    shown::Shown,
    task::{NO_OPS_PER_LOOK, culprit, note_computed, panic_message, run_task},
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskId},
    kernels::Message,
    operations::Op,
    trace::{Action, Lane, Reason, Trace, Writer},
    value::Value,
};

/// A run of one task after another.
pub(super) struct Sequence {
    plan: Arc<Plan>,
    trace: Trace,
    memory: Memory,
    failures: Failures,
    keep_going: bool,
    pub(super) shown: Option<Shown>,
    writer: Writer,
    order: Order,
    slots: Vec<Content>,
    /// How many reads of each value are still due.
    readers: Vec<u32>,
    /// When the last task stopped for which that was noted.
    last_stop_ms: f64,
    /// Whether another has run since then.
    has_run: bool,
    ending: Option<Ending>,
}

/// Which task comes next.
enum Order {
    /// The next id.
    Static { next: TaskId },
    /// The policy's choice of those that have no input pending.
    Policy { ready: Ready, pending: Vec<u32> },
}

impl Sequence {
    pub(super) fn new(plan: Arc<Plan>, options: &Options) -> Sequence {
        let mut readers: Vec<u32> = plan.dependents().iter().map(|row| row.len() as u32).collect();
        for &target in plan.targets() {
            readers[target as usize] += 1;
        }
        let trace = Trace::new(once(Lane::worker(0)), if options.trace { plan.len() } else { 0 }, now_ms());
        Sequence {
            writer: Writer::new(0, &trace),
            memory: Memory::new(options),
            failures: Failures::default(),
            keep_going: options.keep_going,
            shown: options.shown.then(|| Shown::new(&plan)),
            order: Order::new(&plan, options),
            slots: plan.tasks().map(|_| Content::Empty).collect(),
            readers,
            last_stop_ms: trace.started_ms(),
            has_run: false,
            ending: None,
            trace,
            plan,
        }
    }

    /// Runs tasks until the clock shows `until_ms`, and at least one.
    pub(super) fn step(&mut self, until_ms: f64) {
        // What the thread did since the last step was not for this run.
        self.writer.idle(&self.trace, Reason::NoThread, now_ms);
        self.writer.join(&self.trace);
        while self.ending.is_none() {
            let Some(task) = self.order.next(&self.plan) else {
                self.end(Ok(()));
                break;
            };
            self.run(task);
            self.has_run = true;
            // A task without a kernel takes less time than a look at the clock.
            let looks = task % NO_OPS_PER_LOOK == 0 || !matches!(self.plan.op(task), Op::NoOp);
            if looks && self.note_stop() >= until_ms {
                break;
            }
        }
        self.writer.rest(&self.trace);
    }

    /// Notes when the last task stopped, at the time when that is the last thing that happened here.
    fn note_stop(&mut self) -> f64 {
        if std::mem::take(&mut self.has_run) {
            self.last_stop_ms = self.writer.now_ms(&self.trace, now_ms);
        }
        self.last_stop_ms
    }

    fn run(&mut self, task: TaskId) {
        self.writer.begin(&self.trace, task, self.plan.dependencies().row(task));
        if self.failures.any()
            && let Some(culprit) = culprit(&self.plan, task, |dependency| &self.slots[dependency as usize])
        {
            self.writer.skip(&self.trace, task);
            return self.finish(task, Content::Erred(culprit));
        }
        let retries = self.plan.annotations(task).retries;
        for attempt in 0..=retries {
            match self.attempt(task, attempt) {
                Ok(value) => {
                    note_computed(
                        &mut self.writer,
                        &self.trace,
                        &self.plan,
                        task,
                        &value,
                        self.shown.as_ref(),
                    );
                    return self.finish(task, Content::Value(value));
                }
                Err(_) if attempt < retries => self.writer.end(&self.trace, task, Action::Retry, now_ms),
                Err(message) => {
                    self.writer.end(&self.trace, task, Action::Erred, now_ms);
                    self.failures.note(task, message);
                    if self.keep_going {
                        self.finish(task, Content::Erred(task));
                    } else {
                        let error = self.failures.first(&self.plan).expect("one was noted just now");
                        self.end(Err(error));
                    }
                }
            }
        }
    }

    fn attempt(&mut self, task: TaskId, attempt: u8) -> std::result::Result<Value, Message> {
        let Sequence { plan, memory, slots, readers, writer, trace, .. } = self;
        // An operation that does nothing leaves its inputs where they are.
        let uses_up = attempt >= plan.annotations(task).retries && !matches!(plan.op(task), Op::NoOp);
        let dependencies = plan.dependencies().row(task);
        // Those that nobody else needs are taken out first: what is borrowed stays where it is.
        let mut taken: SmallVec<[Option<Content>; 4]> = SmallVec::new();
        for &dependency in dependencies {
            let is_last = uses_up && readers[dependency as usize] == 1;
            taken.push(is_last.then(|| std::mem::take(&mut slots[dependency as usize])));
        }
        let mut taken = taken.into_iter();
        let input_of = |dependency: TaskId| match taken.next().flatten() {
            Some(content) => Cow::Owned(content.into_value()),
            None => Cow::Borrowed(slots[dependency as usize].value()),
        };
        let run = || run_task(plan, task, attempt, memory, (writer, trace), input_of);
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
            let message = panic_message(&*payload);
            discard(payload);
            Err(message)
        })
    }

    /// Puts down what came of `task`, releases what it was computed from, and makes ready what waited for it.
    fn finish(&mut self, task: TaskId, content: Content) {
        self.slots[task as usize] = content;
        for &dependency in self.plan.dependencies().row(task) {
            self.readers[dependency as usize] -= 1;
            if self.readers[dependency as usize] == 0 {
                self.memory.free(std::mem::take(&mut self.slots[dependency as usize]).discard());
            }
        }
        self.order.finished(&self.plan, task);
    }

    pub(super) fn cancel(&mut self) {
        self.end(Err(Error::cancelled()));
    }

    fn end(&mut self, result: Result<()>) {
        let at_ms = self.note_stop();
        if result.is_err() {
            let held = self.slots.drain(..).map(Discard::discard).sum();
            self.memory.free(held);
        }
        self.trace.end(at_ms - self.trace.started_ms());
        self.ending = Some(Ending { at_ms, result });
    }

    pub(super) fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    pub(super) fn trace(&self) -> &Trace {
        &self.trace
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    pub(super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.ending.as_ref().expect("the run is over").result.clone()?;
        let value = |&target: &TaskId| self.failures.check(&self.plan, target, &self.slots[target as usize]);
        Ok(self.plan.targets().iter().map(value).collect())
    }
}

impl Order {
    fn new(plan: &Plan, options: &Options) -> Order {
        match Ready::new(plan, options.policy, options.seed) {
            None => Order::Static { next: 0 },
            Some(ready) => {
                let pending = plan.dependencies().iter().map(|row| row.len() as u32).collect();
                Order::Policy { ready, pending }
            }
        }
    }

    fn next(&mut self, plan: &Plan) -> Option<TaskId> {
        match self {
            Order::Static { next } => {
                let task = *next;
                *next += 1;
                Some(task).filter(|&task| (task as usize) < plan.len())
            }
            Order::Policy { ready, .. } => ready.pop(),
        }
    }

    fn finished(&mut self, plan: &Plan, task: TaskId) {
        if let Order::Policy { ready, pending } = self {
            let arrive = |&dependent: &TaskId| {
                pending[dependent as usize] -= 1;
                pending[dependent as usize] == 0
            };
            ready.extend(plan.dependents().row(task).iter().copied().filter(arrive));
        }
    }
}
