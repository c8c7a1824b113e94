//! `threads`: worker loops that steal from each other. `README.md` beside this file tells the states of a seat.

use std::{
    hint,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*, fence},
    },
};

use crossbeam_deque::{Steal, Stealer, Worker};

use super::{
    completion::Completion,
    pool,
    slots::Slots,
    task::{erred, panicked, run_task},
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskId},
    trace::{Action, Trace, Writer},
    value::Value,
};

/// How long a seat keeps its thread when another waits for one.
const TURN_MS: f64 = 4.0;

/// How often a worker without a task looks for one before it gives up its thread: for some microseconds.
const LOOKS_BEFORE_PARKING: u32 = 256;

/// The most roots that a worker takes at once.
const MAX_ROOTS_AT_ONCE: usize = 64;

/// A run on the pool: what its workers share.
pub(super) struct Threads {
    pub(super) plan: Arc<Plan>,
    pub(super) trace: Trace,
    pub(super) completion: Completion,
    slots: Slots,
    /// The tasks without dependencies, in static order, and how many of them are taken.
    roots: Box<[TaskId]>,
    roots_taken: AtomicUsize,
    roots_at_once: usize,
    stealers: Box<[Stealer<TaskId>]>,
    /// Set when no further task may start.
    stopped: AtomicBool,
    error: Mutex<Option<Error>>,
    /// The seats that found nothing to do.
    parked: Mutex<Vec<Seat>>,
    parked_count: AtomicUsize,
    /// When the last task so far stopped, as the bits of a double: kept by workers that run out of tasks.
    last_stop_ms: AtomicU64,
    /// How many seats are not parked. The run is over when none is left: only they make tasks ready.
    active: AtomicUsize,
}

/// The right of one worker to a thread, with all that the worker owns.
pub(super) struct Seat {
    worker: usize,
    run: Arc<Threads>,
    deque: Worker<TaskId>,
    writer: Writer,
    /// The task to run before those in the deque.
    next: Option<TaskId>,
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

/// Starts to run `plan` with so many workers.
pub(super) fn start(plan: Arc<Plan>, workers: usize, traced: bool) -> Arc<Threads> {
    let deques: Vec<_> = (0..workers).map(|_| Worker::new_lifo()).collect();
    let roots: Box<[TaskId]> = plan.tasks().filter(|&t| plan.dependencies().row(t).is_empty()).collect();
    let run = Arc::new(Threads {
        slots: Slots::new(&plan),
        trace: Trace::new(workers, if traced { plan.len() } else { 0 }),
        completion: Completion::default(),
        // Few, so that the last ones are spread over the workers; but not so few that they meet at the counter.
        roots_at_once: (roots.len() / (8 * workers)).clamp(1, MAX_ROOTS_AT_ONCE),
        roots,
        roots_taken: AtomicUsize::new(0),
        stealers: deques.iter().map(Worker::stealer).collect(),
        stopped: AtomicBool::new(false),
        error: Mutex::new(None),
        parked: Mutex::new(Vec::with_capacity(workers)),
        parked_count: AtomicUsize::new(0),
        last_stop_ms: AtomicU64::new(0),
        active: AtomicUsize::new(workers),
        plan,
    });
    for (worker, deque) in deques.into_iter().enumerate() {
        let writer = Writer::new(worker, &run.trace);
        pool::enqueue(Seat { worker, run: run.clone(), deque, writer, next: None });
    }
    run
}

impl Threads {
    /// Lets no further task start.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    fn fail(&self, error: Error) {
        self.error.lock().expect("nothing panics while it holds this lock").get_or_insert(error);
        self.stop();
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    #[allow(unsafe_code, reason = "see slots")]
    pub(super) fn outcome(&self) -> Result<Vec<Value>> {
        assert!(self.completion.at_ms().is_some(), "the run is not over");
        if let Some(error) = &*self.error.lock().expect("nothing panics while it holds this lock") {
            return Err(error.clone());
        }
        if self.stopped.load(Relaxed) {
            return Err(Error::cancelled());
        }
        // SAFETY: the run is over, so no seat is left to run a task of it.
        Ok(self.plan.targets().iter().map(|&target| unsafe { self.slots.target(target) }).collect())
    }

    fn parked(&self) -> MutexGuard<'_, Vec<Seat>> {
        self.parked.lock().expect("nothing panics while it holds this lock")
    }

    /// Gives a thread to a parked seat, if there is one. Only for active seats: else the run could be over.
    #[cold]
    fn unpark_one(&self) {
        let seat = {
            let mut parked = self.parked();
            let seat = parked.pop();
            self.parked_count.store(parked.len(), SeqCst);
            seat
        };
        if let Some(seat) = seat {
            self.active.fetch_add(1, Relaxed);
            pool::enqueue(seat);
        }
    }

    /// Whether a worker that looks now would find a task.
    fn has_ready_tasks(&self) -> bool {
        self.roots_taken.load(SeqCst) < self.roots.len()
            || self.stealers.iter().any(|stealer| !stealer.is_empty())
    }

    /// Notes that a seat is no longer active; the last one ends the run.
    fn leave(&self) {
        if self.active.fetch_sub(1, AcqRel) == 1 {
            // Seats hold the run, and the run its parked seats: dropping them lets go of both.
            let parked = std::mem::take(&mut *self.parked());
            drop(parked);
            self.completion.complete(f64::from_bits(self.last_stop_ms.load(Relaxed)));
        }
    }
}

impl Seat {
    /// Runs tasks until there is a reason not to, and then does what the reason asks for.
    pub(super) fn work(mut self) {
        self.writer.idle(&self.run.trace);
        let pause = loop {
            // Caught out here rather than around each task, where it would cost every one of them.
            match catch_unwind(AssertUnwindSafe(|| self.run_tasks())) {
                Ok(pause) => break pause,
                Err(payload) => {
                    let task = self.next.take().expect("only a task can panic");
                    self.writer.end(&self.run.trace, task, Action::Erred);
                    self.run.fail(panicked(&self.run.plan, task, &*payload));
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

    /// The worker loop. While a task runs it stands in `self.next`.
    fn run_tasks(&mut self) -> Pause {
        let run = self.run.clone();
        let turn_over_ms = now_ms() + TURN_MS;
        loop {
            if run.stopped.load(Relaxed) {
                return Pause::Stopped;
            }
            if pool::is_wanted() && now_ms() > turn_over_ms {
                return Pause::TurnOver;
            }
            let ready = self.next.or_else(|| self.deque.pop());
            let Some(task) = ready.or_else(|| self.look_for_task()) else {
                return Pause::NoTask;
            };
            self.next = Some(task);
            self.writer.begin(&run.trace, task, run.plan.dependencies().row(task));
            // SAFETY: this worker runs the task now and is due to read what it depends on.
            #[allow(unsafe_code, reason = "see slots")]
            let result = run_task(&run.plan, task, 0, |dependency| unsafe { run.slots.get(dependency) });
            match result {
                Ok(value) => {
                    self.writer.end(&run.trace, task, Action::Compute);
                    self.next = self.finish(task, value);
                }
                Err(message) => {
                    self.next = None;
                    self.writer.end(&run.trace, task, Action::Erred);
                    run.fail(erred(&run.plan, task, message));
                }
            }
        }
    }

    /// Puts down the value of `task`, releases what it was computed from, and makes ready what waited for it.
    /// Of these the first in static order is returned, to be run next; the others can be stolen.
    #[inline]
    #[allow(unsafe_code, reason = "see slots")]
    fn finish(&self, task: TaskId, value: Value) -> Option<TaskId> {
        let Threads { plan, slots, parked_count, .. } = &*self.run;
        // SAFETY: this worker has just run the task, and no dependent has been told yet.
        unsafe { slots.put(task, value) };
        for &dependency in plan.dependencies().row(task) {
            // SAFETY: the task was due to read it once for each place in its row, and is done with it.
            unsafe { slots.release(dependency) };
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

    /// A task from elsewhere: new roots, or what another worker has in its deque. Looks for a short while.
    #[cold]
    fn look_for_task(&mut self) -> Option<TaskId> {
        // Taking the next roots, or what another has to spare, is no break in the work.
        if let Some(task) = self.take_roots().or_else(|| self.steal()) {
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
            if let Some(task) = self.steal() {
                self.writer.idle(&run.trace);
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

    /// The task that another worker would run last.
    fn steal(&self) -> Option<TaskId> {
        let stealers = &self.run.stealers;
        let others = (1..stealers.len()).map(|i| &stealers[(self.worker + i) % stealers.len()]);
        for stealer in others {
            loop {
                match stealer.steal() {
                    Steal::Success(task) => {
                        // Whoever pushed many woke one. Each that finds work wakes the next, while there is more.
                        if !stealer.is_empty() && self.run.parked_count.load(Relaxed) > 0 {
                            self.run.unpark_one();
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
        {
            let mut parked = run.parked();
            parked.push(self);
            run.parked_count.store(parked.len(), SeqCst);
        }
        // Pairs with the one in `finish`: a task that was made ready while this worker looked elsewhere.
        fence(SeqCst);
        if run.has_ready_tasks() {
            run.unpark_one();
        }
        run.leave();
    }
}
