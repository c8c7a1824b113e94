//! `sync`: one task after another, on the thread that asks.
//!
//! A plan's ids are already in an order that can be run, so by default this is a loop over them; another policy has a
//! queue. It can be left and taken up again, which lets a thread that has other things to do stay responsive.

use std::{
    borrow::Cow,
    collections::VecDeque,
    iter::once,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering::*},
    },
};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    batches::next_batch,
    completion::{Completion, Ending},
    content::Content,
    discard::{Discard, discard},
    failures::Failures,
    memory::Memory,
    options::Options,
    policy::Ready,
    shown::Shown,
    source::{Source, Taker, Targets},
    task::{NO_OPS_PER_LOOK, culprit, note_computed, panic_message, run_task},
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskId},
    kernels::Message,
    operations::Op,
    trace::{Action, Lane, Notes, Reason, Trace, Writer},
    value::Value,
};

/// A run of one task after another. The batches run in the order in which they were added.
pub(super) struct Sequence {
    pub(super) trace: Arc<Trace>,
    pub(super) memory: Arc<Memory>,
    pub(super) completion: Completion,
    options: Options,
    state: Mutex<State>,
}

/// What changes while a run goes on. Locked by whoever runs tasks.
struct State {
    writer: Writer,
    /// Those that are not complete.
    batches: VecDeque<Arc<Batch>>,
    /// The number of tasks in all batches so far.
    tasks: TaskId,
    closed: bool,
    /// When the last task stopped for which that was noted.
    last_stop_ms: f64,
    /// Whether another has run since then.
    has_run: bool,
}

/// One plan in a run of `sync`.
pub(super) struct Batch {
    pub(super) plan: Arc<Plan>,
    pub(super) shown: Option<Shown>,
    pub(super) completion: Completion,
    failures: Failures,
    notes: Arc<Notes>,
    memory: Arc<Memory>,
    keep_going: bool,
    stopped: AtomicBool,
    tasks: Mutex<Tasks>,
}

/// How far a batch has come.
struct Tasks {
    order: Order,
    slots: Vec<Content>,
    /// How many reads of each value are still due.
    readers: Vec<u32>,
    /// The tasks that take their values from earlier batches.
    inputs: FxHashMap<TaskId, Source<Batch>>,
}

/// Which task comes next.
enum Order {
    /// The next id.
    Static { next: TaskId },
    /// The policy's choice of those that have no input pending.
    Policy { ready: Ready, levels: Box<[u32]>, pending: Vec<u32> },
}

impl Sequence {
    /// A run without batches.
    pub(super) fn new(options: &Options) -> Sequence {
        let trace = Trace::new(once(Lane::worker(0)), options.trace, now_ms());
        let state = State {
            writer: Writer::new(0, &trace),
            batches: VecDeque::new(),
            tasks: 0,
            closed: false,
            last_stop_ms: trace.started_ms(),
            has_run: false,
        };
        Sequence {
            trace: trace.into(),
            memory: Memory::new(options).into(),
            completion: Completion::default(),
            options: *options,
            state: state.into(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// Adds a batch, to be run after those before it.
    ///
    /// # Errors
    /// If the run is closed.
    pub(super) fn add(&self, plan: Arc<Plan>, inputs: Vec<Source<Batch>>) -> Result<Arc<Batch>> {
        let mut state = self.state();
        if state.closed {
            return Err(Error::closed());
        }
        let first = state.tasks;
        state.tasks = next_batch(first, plan.len())?;
        let notes = self.trace.add_batch(first, plan.len());
        let batch = Arc::new(Batch::new(plan, inputs, notes, self.memory.clone(), &self.options));
        state.batches.push_back(batch.clone());
        Ok(batch)
    }

    /// The number of tasks in all batches so far.
    pub(super) fn tasks(&self) -> usize {
        self.state().tasks as usize
    }

    /// Runs tasks until the clock shows `until_ms`, and at least one.
    pub(super) fn step(&self, until_ms: f64) {
        self.step_while(until_ms, || true);
    }

    /// Runs tasks until the clock shows `until_ms`, and at least one; also stops after a batch when `goes_on` says no.
    pub(super) fn step_while(&self, until_ms: f64, goes_on: impl Fn() -> bool) {
        {
            let State { writer, .. } = &mut *self.state();
            // What the thread did since the last step was not for this run.
            writer.idle(&self.trace, Reason::NoThread, now_ms);
            writer.join(&self.trace);
        }
        while goes_on() {
            let ended = self.state().run_batch(self, until_ms);
            let Some((batch, ending)) = ended else { break };
            let at_ms = ending.at_ms;
            // Without the lock: this may call who adds another batch.
            batch.completion.complete(ending);
            self.end_if_over();
            if at_ms >= until_ms {
                break;
            }
        }
        self.state().writer.rest(&self.trace);
    }

    /// Lets no further task of a batch start.
    pub(super) fn cancel(&self, batch: &Arc<Batch>) {
        batch.stopped.store(true, Relaxed);
        // Whoever runs tasks now looks at this.
        let Ok(mut state) = self.state.try_lock() else { return };
        let Some(place) = state.batches.iter().rposition(|other| Arc::ptr_eq(other, batch)) else { return };
        state.batches.remove(place);
        let ending = state.ending(self, batch, Err(Error::cancelled()));
        drop(state);
        batch.completion.complete(ending);
        self.end_if_over();
    }

    /// Lets no further task start.
    pub(super) fn cancel_all(&self) {
        let batches: Vec<_> = self.state().batches.iter().rev().cloned().collect();
        batches.iter().for_each(|batch| self.cancel(batch));
    }

    /// Lets nobody add a batch any more. The run ends when all batches have ended.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.end_if_over();
    }

    fn end_if_over(&self) {
        let at_ms = {
            let state = self.state();
            if !state.closed || !state.batches.is_empty() || self.completion.is_complete() {
                return;
            }
            state.last_stop_ms
        };
        self.trace.end(at_ms - self.trace.started_ms());
        self.completion.complete(Ending { at_ms, result: Ok(()) });
    }
}

impl State {
    /// Runs tasks of the first batch until the clock shows `until_ms`, and at least one. If that completes the batch, it is
    /// returned, with its ending.
    fn run_batch(&mut self, run: &Sequence, until_ms: f64) -> Option<(Arc<Batch>, Ending)> {
        let batch = self.batches.front()?.clone();
        self.writer.turn_to(&batch.notes);
        let mut tasks = batch.tasks();
        let result = loop {
            if batch.stopped.load(Relaxed) {
                break Err(Error::cancelled());
            }
            let Some(task) = tasks.order.next(&batch.plan) else { break Ok(()) };
            if let Err(error) = self.run(run, &batch, &mut tasks, task) {
                break Err(error);
            }
            self.has_run = true;
            // A task without a kernel takes less time than a look at the clock.
            let looks = task % NO_OPS_PER_LOOK == 0 || !matches!(batch.plan.op(task), Op::NoOp);
            if looks && self.note_stop(run) >= until_ms {
                return None;
            }
        };
        drop(tasks);
        self.batches.pop_front();
        let ending = self.ending(run, &batch, result);
        Some((batch, ending))
    }

    /// Notes when the last task stopped, at the time when that is the last thing that happened here.
    fn note_stop(&mut self, run: &Sequence) -> f64 {
        if mem::take(&mut self.has_run) {
            self.last_stop_ms = self.writer.now_ms(&run.trace, now_ms);
        }
        self.last_stop_ms
    }

    /// The ending of a batch of which no further task runs.
    fn ending(&mut self, run: &Sequence, batch: &Batch, result: Result<()>) -> Ending {
        let at_ms = self.note_stop(run);
        if result.is_err() {
            batch.clear();
        }
        Ending { at_ms, result }
    }

    /// Runs one task.
    ///
    /// # Errors
    /// The error that ends the batch.
    fn run(&mut self, run: &Sequence, batch: &Batch, tasks: &mut Tasks, task: TaskId) -> Result<()> {
        let (writer, trace, plan) = (&mut self.writer, &*run.trace, &*batch.plan);
        if !tasks.inputs.is_empty()
            && let Some(source) = tasks.inputs.remove(&task)
        {
            let content = source.take(&batch.taker())?;
            tasks.finish(batch, task, content);
            return Ok(());
        }
        writer.begin(trace, task, plan.dependencies().row(task));
        if batch.failures.any()
            && let Some(culprit) = culprit(plan, task, |dependency| &tasks.slots[dependency as usize])
        {
            writer.skip(trace, task);
            tasks.finish(batch, task, Content::Erred(culprit));
            return Ok(());
        }
        let retries = plan.annotations(task).retries;
        for attempt in 0..=retries {
            match tasks.attempt(batch, task, attempt, (writer, trace)) {
                Ok(value) => {
                    note_computed(writer, trace, plan, task, &value, batch.shown.as_ref());
                    tasks.finish(batch, task, Content::Value(value));
                    break;
                }
                Err(_) if attempt < retries => writer.end(trace, task, Action::Retry, now_ms),
                Err(message) => {
                    writer.end(trace, task, Action::Erred, now_ms);
                    batch.failures.note(task, plan.key(task).clone(), message);
                    if !batch.keep_going {
                        return Err(batch.failures.first(plan).expect("one was noted just now"));
                    }
                    tasks.finish(batch, task, Content::Erred(task));
                }
            }
        }
        Ok(())
    }
}

impl Batch {
    fn new(
        plan: Arc<Plan>,
        inputs: Vec<Source<Batch>>,
        notes: Arc<Notes>,
        memory: Arc<Memory>,
        options: &Options,
    ) -> Batch {
        let mut readers: Vec<u32> = plan.dependents().iter().map(|row| row.len() as u32).collect();
        for &target in plan.targets() {
            readers[target as usize] += 1;
        }
        let tasks = Tasks {
            order: Order::new(&plan, options),
            slots: vec![Content::Empty; plan.len()],
            readers,
            inputs: inputs.into_iter().map(|input| (input.task, input)).collect(),
        };
        Batch {
            failures: Failures::default(),
            completion: Completion::default(),
            keep_going: options.keep_going,
            shown: options.shown.then(|| Shown::new(&plan)),
            stopped: AtomicBool::new(false),
            tasks: tasks.into(),
            notes,
            memory,
            plan,
        }
    }

    fn tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().expect("nothing panics while it holds this lock")
    }

    fn taker(&self) -> Taker<'_> {
        Taker {
            plan: &self.plan,
            memory: &self.memory,
            failures: &self.failures,
            shown: self.shown.as_ref(),
            keep_going: self.keep_going,
        }
    }

    /// Drops all values, and gives back their memory.
    fn clear(&self) {
        let mut tasks = self.tasks();
        // The batches that it was to take values from are dropped, too.
        let _inputs = mem::take(&mut tasks.inputs);
        let held = tasks.slots.drain(..).map(Discard::discard).sum();
        self.memory.free(held);
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the batch is not complete.
    pub(super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.completion.ending().expect("the batch is complete").result?;
        let tasks = self.tasks();
        let value = |&target: &TaskId| self.failures.check(&self.plan, target, &tasks.slots[target as usize]);
        Ok(self.plan.targets().iter().map(value).collect())
    }
}

impl Targets for Batch {
    fn target(&self, place: usize) -> Result<Value> {
        self.completion.ending().expect("the batch is complete").result?;
        let target = self.plan.targets()[place];
        self.failures.check(&self.plan, target, &self.tasks().slots[target as usize])
    }
}

impl Drop for Batch {
    /// Gives back the memory that its targets hold.
    fn drop(&mut self) {
        self.clear();
    }
}

impl Tasks {
    fn attempt(
        &mut self,
        batch: &Batch,
        task: TaskId,
        attempt: u8,
        traced: (&mut Writer, &Trace),
    ) -> std::result::Result<Value, Message> {
        let Tasks { slots, readers, .. } = self;
        let plan = &batch.plan;
        // An operation that does nothing leaves its inputs where they are.
        let uses_up = attempt >= plan.annotations(task).retries && !matches!(plan.op(task), Op::NoOp);
        let dependencies = plan.dependencies().row(task);
        // Those that nobody else needs are taken out first: what is borrowed stays where it is.
        let mut taken: SmallVec<[Option<Content>; 4]> = SmallVec::new();
        for &dependency in dependencies {
            let is_last = uses_up && readers[dependency as usize] == 1;
            taken.push(is_last.then(|| mem::take(&mut slots[dependency as usize])));
        }
        let mut taken = taken.into_iter();
        let input_of = |dependency: TaskId| match taken.next().flatten() {
            Some(content) => Cow::Owned(content.into_value()),
            None => Cow::Borrowed(slots[dependency as usize].value()),
        };
        let run = || run_task(plan, task, attempt, &batch.memory, traced, input_of);
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
            let message = panic_message(&*payload);
            discard(payload);
            Err(message)
        })
    }

    /// Puts down what came of `task`, releases what it was computed from, and makes ready what waited for it.
    fn finish(&mut self, batch: &Batch, task: TaskId, content: Content) {
        self.slots[task as usize] = content;
        for &dependency in batch.plan.dependencies().row(task) {
            self.readers[dependency as usize] -= 1;
            if self.readers[dependency as usize] == 0 {
                batch.memory.free(mem::take(&mut self.slots[dependency as usize]).discard());
            }
        }
        self.order.finished(&batch.plan, task);
    }
}

impl Order {
    fn new(plan: &Plan, options: &Options) -> Order {
        match Ready::new(options.policy, options.seed) {
            None => Order::Static { next: 0 },
            Some(mut ready) => {
                let levels = options.policy.levels(plan);
                ready.extend(0, &levels, plan.roots());
                let pending = plan.dependencies().iter().map(|row| row.len() as u32).collect();
                Order::Policy { ready, levels, pending }
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
        if let Order::Policy { ready, levels, pending } = self {
            let arrive = |&dependent: &TaskId| {
                pending[dependent as usize] -= 1;
                pending[dependent as usize] == 0
            };
            ready.extend(0, levels, plan.dependents().row(task).iter().copied().filter(arrive));
        }
    }
}
