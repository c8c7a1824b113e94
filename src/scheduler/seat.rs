//! A seat: the right of one worker of a run to a thread, and the loop in which it runs tasks there.

use std::{
    borrow::Cow,
    hint, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{Ordering::*, fence},
    },
};

use crossbeam_deque::{Steal, Worker};

use super::{
    pool,
    task::{NO_OPS_PER_LOOK, culprit, note_computed, panic_message, run_task},
    threads::Threads,
};
use crate::{
    clock::now_ms,
    graph::TaskId,
    kernels::Message,
    op::Op,
    trace::{Action, Writer},
    value::Value,
};

/// How long a seat keeps its thread when another waits for one.
const TURN_MS: f64 = 4.0;

/// How many tasks the worker loop runs before it is left and entered again. A browser replaces a function by its
/// optimised form only when it is called, so a loop that is never left would stay slow for the whole first run.
const TASKS_PER_CALL: u32 = 4096;

/// How often a worker without a task looks for one before it gives up its thread: for some microseconds.
const LOOKS_BEFORE_PARKING: u32 = 256;

/// The right of one worker to a thread, with all that the worker owns.
pub(super) struct Seat {
    worker: usize,
    run: Arc<Threads>,
    deque: Worker<TaskId>,
    writer: Writer,
    /// The task to run before those in the deque.
    next: Option<TaskId>,
    /// How often that task has erred.
    attempt: u8,
}

/// Why a worker stopped running tasks.
enum Pause {
    /// Nothing to run, here or elsewhere.
    NoTask,
    /// Another seat waits for the thread.
    TurnOver,
    /// The run was cancelled or erred.
    Stopped,
}

impl Seat {
    /// The seat of `worker`, whose ready tasks are to lie in `deque`.
    pub(super) fn new(worker: usize, run: Arc<Threads>, deque: Worker<TaskId>) -> Seat {
        let writer = Writer::new(worker, &run.trace);
        Seat { worker, run, deque, writer, next: None, attempt: 0 }
    }

    /// Runs tasks until there is a reason not to, and then does what the reason asks for.
    pub(super) fn work(mut self) {
        self.writer.idle(&self.run.trace);
        let turn_over_ms = now_ms() + TURN_MS;
        let pause = loop {
            // Caught out here rather than around each task, where it would cost every one of them.
            match catch_unwind(AssertUnwindSafe(|| self.run_tasks(turn_over_ms))) {
                Ok(Some(pause)) => break pause,
                Ok(None) => {}
                Err(payload) => {
                    let task = self.next.expect("only a task can panic");
                    self.failed(task, panic_message(&*payload));
                }
            }
        };
        self.writer.rest(&self.run.trace);
        match pause {
            Pause::TurnOver => pool::enqueue(self),
            Pause::NoTask => self.park(),
            Pause::Stopped => self.run.clone().leave(),
        }
    }

    /// The worker loop, for so many tasks; the reason to stop, if there is one. While a task runs it stands in
    /// `self.next`.
    fn run_tasks(&mut self, turn_over_ms: f64) -> Option<Pause> {
        let run = self.run.clone();
        // Whether it is time to look at the clock.
        let mut looks = true;
        for _ in 0..TASKS_PER_CALL {
            if run.stopped.load(Relaxed) {
                return Some(Pause::Stopped);
            }
            if pool::is_wanted() && mem::take(&mut looks) && now_ms() > turn_over_ms {
                return Some(Pause::TurnOver);
            }
            let ready = self.next.or_else(|| self.deque.pop());
            let Some(task) = ready.or_else(|| self.look_for_task()) else {
                return Some(Pause::NoTask);
            };
            self.next = Some(task);
            looks |= task % NO_OPS_PER_LOOK == 0 || !matches!(run.plan.op(task), Op::NoOp);
            self.writer.begin(&run.trace, task, run.plan.dependencies().row(task));
            // SAFETY: this worker runs the task now and is due to read what it depends on.
            #[allow(unsafe_code, reason = "see slots")]
            let value_of = |dependency| unsafe { run.slots.get(dependency) };
            if run.failures.any()
                && let Some(culprit) = culprit(&run.plan, task, value_of)
            {
                self.writer.skip(&run.trace, task);
                self.next = self.finish(task, Value::Erred(culprit));
                continue;
            }
            let is_last_attempt = self.attempt >= run.plan.annotations(task).retries;
            // A value that the task needs twice has two reads left, and is not taken.
            let take_last = |dependency| match is_last_attempt {
                // SAFETY: as above, and nothing is borrowed from a value whose only read this is.
                #[allow(unsafe_code, reason = "see slots")]
                true => unsafe { run.slots.take_last(dependency) },
                false => None,
            };
            let input_of = |dependency| {
                take_last(dependency).map_or_else(|| Cow::Borrowed(value_of(dependency)), Cow::Owned)
            };
            let traced = (&mut self.writer, &run.trace);
            match run_task(&run.plan, task, self.attempt, &run.memory, traced, input_of) {
                Ok(value) => {
                    note_computed(&mut self.writer, &run.trace, &run.plan, task, &value, run.shown.as_ref());
                    self.attempt = 0;
                    self.next = self.finish(task, value);
                }
                Err(message) => self.failed(task, message),
            }
        }
        None
    }

    /// Sees to it that a task that erred runs again, if it may; else that those who need it, or all, do not run.
    #[cold]
    fn failed(&mut self, task: TaskId, message: Message) {
        let run = self.run.clone();
        if self.attempt < run.plan.annotations(task).retries {
            self.attempt += 1;
            self.writer.end(&run.trace, task, Action::Retry);
            return;
        }
        self.attempt = 0;
        self.writer.end(&run.trace, task, Action::Erred);
        run.failures.note(task, message);
        if run.keep_going {
            self.next = self.finish(task, Value::Erred(task));
        } else {
            self.next = None;
            run.stop();
        }
    }

    /// Puts down the value of `task`, releases what it was computed from, and makes ready what waited for it.
    /// Of these the first in static order is returned, to be run next; the others can be stolen.
    #[inline]
    #[allow(unsafe_code, reason = "see slots")]
    fn finish(&self, task: TaskId, value: Value) -> Option<TaskId> {
        let Threads { plan, slots, memory, queue, parked_count, .. } = &*self.run;
        // SAFETY: this worker has just run the task, and no dependent has been told yet.
        unsafe { slots.put(task, value) };
        for &dependency in plan.dependencies().row(task) {
            // SAFETY: the task was due to read it once for each place in its row, and is done with it.
            if let Some(value) = unsafe { slots.release(dependency) } {
                memory.free(value.bytes());
            }
        }
        if queue.is_some() {
            self.queue_dependents(task);
            return None;
        }
        let mut first = None;
        let mut pushed = false;
        // Rows of dependents are ascending. The last one pushed is popped first, so the first goes last.
        for &dependent in plan.dependents().row(task).iter().rev() {
            if slots.arrive(dependent)
                && let Some(later) = first.replace(dependent)
            {
                self.deque.push(later);
                pushed = true;
            }
        }
        if pushed {
            // Pairs with the one in `park`: either this load sees the parked seat, or it sees these tasks.
            fence(SeqCst);
            if parked_count.load(Relaxed) > 0 {
                self.run.unpark_one();
            }
        }
        first
    }

    /// Gives what waited for `task` to all workers, this one among them.
    #[cold]
    fn queue_dependents(&self, task: TaskId) {
        let Threads { plan, slots, parked_count, .. } = &*self.run;
        let dependents = plan.dependents().row(task).iter().copied();
        let waiting = self.run.queue().map_or(0, |mut queue| {
            queue.extend(dependents.filter(|&dependent| slots.arrive(dependent)));
            queue.len()
        });
        // One of them is for this worker.
        if waiting > 1 {
            fence(SeqCst);
            if parked_count.load(Relaxed) > 0 {
                self.run.unpark_one();
            }
        }
    }

    /// A task from elsewhere: new roots, or what another worker has in its deque. Looks for a short while.
    #[cold]
    fn look_for_task(&mut self) -> Option<TaskId> {
        // Taking the next roots, or what another has to spare, is no break in the work.
        if let Some(task) = self.take_roots() {
            return Some(task);
        }
        if let Some(task) = self.take_from_others() {
            self.note_theft(task);
            return Some(task);
        }
        let run = self.run.clone();
        // Positive doubles have the order of their bits.
        run.last_stop_ms.fetch_max(self.writer.now_ms(&run.trace).to_bits(), Relaxed);
        self.writer.rest(&run.trace);
        for _ in 0..LOOKS_BEFORE_PARKING {
            if run.stopped.load(Relaxed) || pool::is_wanted() {
                return None;
            }
            hint::spin_loop();
            if let Some(task) = self.take_from_others() {
                self.writer.idle(&run.trace);
                self.note_theft(task);
                return Some(task);
            }
        }
        None
    }

    /// Takes the next roots in static order: all but the first into the deque, where others may steal them.
    fn take_roots(&self) -> Option<TaskId> {
        let Threads { roots, roots_taken, roots_at_once, .. } = &*self.run;
        if roots_taken.load(Relaxed) >= roots.len() {
            return None;
        }
        let start = roots_taken.fetch_add(*roots_at_once, SeqCst);
        let (&first, rest) = roots.get(start..roots.len().min(start + roots_at_once))?.split_first()?;
        rest.iter().rev().for_each(|&root| self.deque.push(root));
        Some(first)
    }

    /// The next task of the common queue, or the one that another worker would run last.
    fn take_from_others(&self) -> Option<TaskId> {
        match self.run.queue() {
            Some(mut queue) => queue.pop(),
            None => self.steal(),
        }
    }

    /// Notes that `task` was taken from another worker; what comes from the common queue was nobody's.
    fn note_theft(&mut self, task: TaskId) {
        if self.run.queue.is_none() {
            self.writer.steal(&self.run.trace, task);
        }
    }

    /// The task that another worker would run last, and some more of those that it would run after others: so that
    /// a wide graph does not take a theft for each task.
    fn steal(&self) -> Option<TaskId> {
        let run = &self.run;
        let stealers = &run.stealers;
        let others = (1..stealers.len()).map(|i| &stealers[(self.worker + i) % stealers.len()]);
        for stealer in others {
            loop {
                match stealer.steal_batch_and_pop(&self.deque) {
                    Steal::Success(task) => {
                        // Whoever pushed many woke one. Each that finds work wakes the next, while there is more.
                        if !stealer.is_empty() && run.parked_count.load(Relaxed) > 0 {
                            run.unpark_one();
                        }
                        return Some(task);
                    }
                    Steal::Retry => hint::spin_loop(),
                    Steal::Empty => break,
                }
            }
        }
        None
    }

    /// Gives up the thread until another worker has tasks to spare.
    fn park(self) {
        let run = self.run.clone();
        run.take_in(self);
        // Pairs with the one in `finish`: a task that was made ready while this worker looked elsewhere.
        fence(SeqCst);
        if run.has_ready_tasks() {
            run.unpark_one();
        }
        run.leave();
    }
}
