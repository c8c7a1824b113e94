//! A seat: the right of one worker of a run to a thread, and the loop in which it runs tasks there.

use std::{
    borrow::Cow,
    hint, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use crossbeam_deque::{Steal, Worker};

use super::{
    batch::Batch,
    content::Content,
    discard::discard,
    pool::{self, Job},
    shared::Shared,
    task::{NO_OPS_PER_LOOK, culprit, note_computed, panic_message, run_task},
};
use crate::{
    clock::now_ms,
    graph::TaskId,
    kernels::Message,
    operations::Op,
    trace::{Action, Reason, Writer},
};

/// How long a seat keeps its thread when another waits for one.
const TURN_MS: f64 = 4.0;

/// How many tasks the worker loop runs before it is left and entered again. A browser replaces a function by its
/// optimised form only when it is called, so a loop that is never left would stay slow for the whole first run.
const TASKS_PER_CALL: u32 = 4096;

/// How often a worker without a task looks for one before it gives up its thread: for some microseconds.
const LOOKS_BEFORE_PARKING: u32 = 256;

/// The right of one worker to a thread, with all that the worker owns. Tasks in the deque, and the next, have ids of the
/// [run](super::batches); elsewhere a task is named by its place in its batch's plan.
pub(super) struct Seat {
    worker: usize,
    run: Arc<Shared>,
    deque: Worker<TaskId>,
    writer: Writer,
    /// The batch of the task that this worker ran last, while it has a thread.
    batch: Option<Arc<Batch>>,
    /// The number of tasks of that batch that it has finished and not counted there.
    uncounted: usize,
    /// The task to run before those in the deque.
    next: Option<TaskId>,
    /// How often that task has erred.
    attempt: u8,
    /// Whether it has run a task since it last noted when one stopped.
    has_run: bool,
    /// What it waits for when it has no thread.
    waits_for: Reason,
}

/// Why a worker stopped running tasks.
enum Pause {
    /// Nothing to run, here or elsewhere.
    NoTask,
    /// Another seat waits for the thread.
    TurnOver,
}

impl Seat {
    /// The seat of `worker`, whose ready tasks are to lie in `deque`.
    pub(super) fn new(worker: usize, run: Arc<Shared>, deque: Worker<TaskId>) -> Seat {
        let writer = Writer::new(worker, &run.trace);
        Seat {
            worker,
            run,
            deque,
            writer,
            batch: None,
            uncounted: 0,
            next: None,
            attempt: 0,
            has_run: false,
            waits_for: Reason::NoThread,
        }
    }

    /// The next turn of this worker, for a thread of the pool.
    pub(super) fn into_job(self) -> Job {
        Box::new(move || self.work())
    }

    /// Runs tasks until there is a reason not to, and then does what the reason asks for.
    pub(super) fn work(mut self) {
        self.writer.idle(&self.run.trace, self.waits_for, now_ms);
        self.writer.join(&self.run.trace);
        self.waits_for = Reason::NoThread;
        let turn_over_ms = now_ms() + TURN_MS;
        let pause = loop {
            // Caught out here rather than around each task, where it would cost every one of them.
            match catch_unwind(AssertUnwindSafe(|| self.run_tasks(turn_over_ms))) {
                Ok(Some(pause)) => break pause,
                Ok(None) => {}
                Err(payload) => {
                    let batch = self.batch.clone().expect("only a task can panic");
                    let task =
                        self.next.and_then(|task| batch.place_of(task)).expect("only a task can panic");
                    self.failed(&batch, task, panic_message(&*payload));
                    discard(payload);
                }
            }
        };
        self.writer.rest(&self.run.trace);
        self.note_stop();
        self.leave_batch();
        match pause {
            Pause::TurnOver => pool::enqueue(self.into_job()),
            Pause::NoTask => self.park(),
        }
    }

    /// Runs up to [`TASKS_PER_CALL`] tasks. Returns the reason to stop, if there is one. The task that runs is in
    /// `self.next`, and its batch in `self.batch`.
    fn run_tasks(&mut self, turn_over_ms: f64) -> Option<Pause> {
        let run = self.run.clone();
        let mut current = self.batch.clone();
        // Whether it is time to look at the clock.
        let mut looks = true;
        for _ in 0..TASKS_PER_CALL {
            if pool::is_wanted() && mem::take(&mut looks) && now_ms() > turn_over_ms {
                return Some(Pause::TurnOver);
            }
            let ready = self.next.or_else(|| self.deque.pop());
            let Some(id) = ready.or_else(|| self.look_for_task()) else {
                return Some(Pause::NoTask);
            };
            self.next = Some(id);
            if current.as_ref().is_none_or(|batch| batch.place_of(id).is_none()) {
                current = Some(self.turn_to_batch_of(id));
            }
            let batch = current.as_deref().expect("a task has a batch");
            let task = id - batch.first;
            let plan = &batch.plan;
            // SAFETY: this worker runs the task now and is due to read what it depends on.
            #[allow(unsafe_code, reason = "see slots")]
            let content_of = |dependency| unsafe { batch.slots.get(dependency) };
            if batch.needs_care() {
                if batch.is_stopped() {
                    self.attempt = 0;
                    self.next = self.finish(batch, task, Content::Empty);
                    continue;
                }
                if let Some(culprit) = culprit(plan, task, content_of) {
                    self.has_run = true;
                    self.writer.begin(&run.trace, task, plan.dependencies().row(task));
                    self.writer.skip(&run.trace, task);
                    self.next = self.finish(batch, task, Content::Erred(culprit));
                    continue;
                }
            }
            self.has_run = true;
            looks |= task.is_multiple_of(NO_OPS_PER_LOOK) || !matches!(plan.op(task), Op::NoOp);
            self.writer.begin(&run.trace, task, plan.dependencies().row(task));
            let is_last_attempt = self.attempt >= plan.annotations(task).retries;
            // A value that the task needs twice has two reads left, and is not taken.
            let take_last = |dependency| match is_last_attempt {
                // SAFETY: as above, and nothing is borrowed from a value whose only read this is.
                #[allow(unsafe_code, reason = "see slots")]
                true => unsafe { batch.slots.take_last(dependency) },
                false => None,
            };
            let input_of = |dependency| match take_last(dependency) {
                Some(content) => Cow::Owned(content.into_value()),
                None => Cow::Borrowed(content_of(dependency).value()),
            };
            let traced = (&mut self.writer, &*run.trace);
            match run_task(plan, task, self.attempt, &run.memory, traced, input_of) {
                Ok(value) => {
                    note_computed(&mut self.writer, &run.trace, plan, task, &value, batch.shown.as_ref());
                    self.attempt = 0;
                    self.next = self.finish(batch, task, Content::Value(value));
                }
                Err(message) => self.failed(batch, task, message),
            }
        }
        None
    }

    /// The batch of a task that this worker has taken.
    #[cold]
    fn turn_to_batch_of(&mut self, task: TaskId) -> Arc<Batch> {
        if let Some(batch) = self.batch.as_ref().filter(|batch| batch.place_of(task).is_some()) {
            return batch.clone();
        }
        self.leave_batch();
        let batch =
            self.run.batches.of(task).expect("a batch is not complete before its tasks have finished");
        self.writer.turn_to(&batch.notes);
        self.batch.insert(batch).clone()
    }

    /// Counts what this worker has finished of its batch, and lets go of the batch.
    fn leave_batch(&mut self) {
        self.count_finished();
        self.batch = None;
    }

    /// Counts what this worker has finished of its batch. It does so before it looks for another batch or waits, so a batch
    /// ends with its last task.
    fn count_finished(&mut self) {
        if let Some(batch) = &self.batch
            && self.uncounted > 0
        {
            self.run.count_finished(batch, mem::take(&mut self.uncounted));
        }
    }

    /// Retries a task that erred if it has retries left. Otherwise its dependents, or all other tasks of its batch, do not
    /// run.
    #[cold]
    fn failed(&mut self, batch: &Batch, task: TaskId, message: Message) {
        if self.attempt < batch.plan.annotations(task).retries {
            self.attempt += 1;
            self.writer.end(&self.run.trace, task, Action::Retry, now_ms);
            return;
        }
        self.attempt = 0;
        self.writer.end(&self.run.trace, task, Action::Erred, now_ms);
        batch.failed(task, message);
        self.next = self.finish(batch, task, Content::Erred(task));
    }

    /// Puts down what came of `task`, releases what it was computed from, and makes ready what waited for it. Returns the
    /// first of these in static order, to be run next; others may steal the rest.
    #[inline]
    #[allow(unsafe_code, reason = "see slots")]
    pub(super) fn finish(&mut self, batch: &Batch, task: TaskId, content: Content) -> Option<TaskId> {
        let Batch { plan, slots, first: first_id, .. } = batch;
        // SAFETY: this worker has just run the task and holds no reference to its inputs. No dependent has been told yet.
        self.run.memory.free(unsafe { slots.finish(task, content, plan.dependencies().row(task)) });
        self.uncounted += 1;
        if self.run.has_queue() {
            self.queue_dependents(batch, task);
            return None;
        }
        let mut first = None;
        let mut shared = false;
        // Rows of dependents are ascending. The last one pushed is popped first, so the first goes last.
        for &dependent in plan.dependents().row(task).iter().rev() {
            if slots.arrive(dependent)
                && let Some(later) = first.replace(first_id + dependent)
            {
                self.deque.push(later);
                shared = true;
            }
        }
        if shared {
            self.run.tasks_were_shared();
        }
        first
    }

    /// Gives what waited for `task` to all workers, this one among them.
    #[cold]
    fn queue_dependents(&self, batch: &Batch, task: TaskId) {
        let Batch { plan, slots, levels, .. } = batch;
        let dependents = plan.dependents().row(task).iter().copied();
        let waiting = self.run.queue().map_or(0, |mut queue| {
            queue.extend(batch.first, levels, dependents.filter(|&dependent| slots.arrive(dependent)));
            queue.len()
        });
        // One of them is for this worker.
        if waiting > 1 {
            self.run.tasks_were_shared();
        }
    }

    /// Notes when the last task stopped, at the time when that is the last thing that happened here.
    fn note_stop(&mut self) {
        if mem::take(&mut self.has_run) {
            self.run.note_stop(self.writer.now_ms(&self.run.trace, now_ms));
        }
    }

    /// A task from elsewhere: new roots, or what another worker has in its deque. Looks for a short while.
    #[cold]
    fn look_for_task(&mut self) -> Option<TaskId> {
        // Taking the next roots, or what another has to spare, is no break in the work.
        if let Some(task) = self.take_roots() {
            return Some(task);
        }
        if let Some((task, victim)) = self.take_from_others() {
            self.note_theft(task, victim);
            return Some(task);
        }
        let run = self.run.clone();
        self.count_finished();
        self.note_stop();
        self.writer.rest(&run.trace);
        for _ in 0..LOOKS_BEFORE_PARKING {
            if pool::is_wanted() {
                return None;
            }
            hint::spin_loop();
            if let Some((task, victim)) = self.take_from_others() {
                self.writer.idle(&run.trace, Reason::NoTask, now_ms);
                self.note_theft(task, victim);
                return Some(task);
            }
        }
        None
    }

    /// Takes the next roots in static order, of this worker's batch, or else of the first batch that has any.
    pub(super) fn take_roots(&mut self) -> Option<TaskId> {
        if self.run.has_queue() {
            return None;
        }
        if let Some(batch) = &self.batch
            && let Some(task) = self.take_roots_of(batch)
        {
            return Some(task);
        }
        self.count_finished();
        loop {
            let batch = self.run.batches.with_roots()?;
            // Others may have taken the last ones since.
            if let Some(task) = self.take_roots_of(&batch) {
                return Some(task);
            }
        }
    }

    /// Takes the next roots of a batch: all but the first into the deque, where others may steal them.
    fn take_roots_of(&self, batch: &Batch) -> Option<TaskId> {
        let (&first, rest) = batch.take_roots().split_first()?;
        rest.iter().rev().for_each(|&root| self.deque.push(batch.first + root));
        if !rest.is_empty() || batch.has_roots() {
            self.run.tasks_were_shared();
        }
        Some(batch.first + first)
    }

    /// The next task of the common queue, or the one that another worker would run last, and the place of that worker.
    fn take_from_others(&self) -> Option<(TaskId, Option<usize>)> {
        if self.run.has_queue() {
            self.take_from_queue().map(|task| (task, None))
        } else {
            self.steal().map(|(task, victim)| (task, Some(victim)))
        }
    }

    /// The next task of the common queue. Tasks of a batch that ended before it began are dropped.
    fn take_from_queue(&self) -> Option<TaskId> {
        loop {
            let task = self.run.queue()?.pop()?;
            let is_own = self.batch.as_ref().is_some_and(|batch| batch.place_of(task).is_some());
            if is_own || self.run.batches.of(task).is_some_and(|batch| batch.begin()) {
                return Some(task);
            }
        }
    }

    /// Notes that `task` was taken from another worker. A task from the common queue was nobody's.
    fn note_theft(&mut self, task: TaskId, victim: Option<usize>) {
        if let Some(victim) = victim {
            self.writer.steal(&self.run.trace, task, victim);
        }
    }

    /// Takes the task that another worker would run last, and puts some more of its tasks on the own deque, so that a wide
    /// graph does not take a theft for each task. Returns the task and the place of that worker.
    pub(super) fn steal(&self) -> Option<(TaskId, usize)> {
        let run = &self.run;
        let stealers = &run.stealers;
        for victim in (1..stealers.len()).map(|i| (self.worker + i) % stealers.len()) {
            let stealer = &stealers[victim];
            loop {
                match stealer.steal_batch_and_pop(&self.deque) {
                    Steal::Success(task) => {
                        // A worker that pushes many tasks wakes one seat. Each that finds work wakes the next, while
                        // there is more: here or there.
                        if !self.deque.is_empty() || !stealer.is_empty() {
                            run.tasks_were_shared();
                        }
                        return Some((task, victim));
                    }
                    Steal::Retry => hint::spin_loop(),
                    Steal::Empty => break,
                }
            }
        }
        None
    }

    /// Gives up the thread until another worker has tasks to spare.
    fn park(mut self) {
        self.waits_for = Reason::NoTask;
        let run = self.run.clone();
        if let Some(seat) = run.parking.park(self.into_job(), || run.has_ready_tasks()) {
            pool::enqueue(seat);
        }
        run.leave();
    }
}
