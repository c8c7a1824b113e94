//! `threads`: what the workers of one run share. The worker loop is in `seat.rs`; `README.md` beside this file tells
//! the states of a seat.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*},
};

use crossbeam_deque::{Stealer, Worker};

use super::{
    Options, completion::Completion, failures::Failures, memory::Memory, policy::Ready, pool, seat::Seat,
    shown::Shown, slots::Slots,
};
use crate::{
    error::{Error, Result},
    graph::{Plan, TaskId},
    trace::Trace,
    value::Value,
};

/// The most roots that a worker takes at once.
const MAX_ROOTS_AT_ONCE: usize = 64;

/// A run on the pool: what its workers share.
pub(super) struct Threads {
    pub(super) plan: Arc<Plan>,
    pub(super) trace: Trace,
    pub(super) completion: Completion,
    pub(super) memory: Memory,
    pub(super) failures: Failures,
    pub(super) slots: Slots,
    /// Whether an erred task leaves those alone that do not depend on it.
    pub(super) keep_going: bool,
    pub(super) shown: Option<Shown>,
    /// The tasks without dependencies, in static order, and how many of them are taken.
    pub(super) roots: Box<[TaskId]>,
    pub(super) roots_taken: AtomicUsize,
    pub(super) roots_at_once: usize,
    pub(super) stealers: Box<[Stealer<TaskId>]>,
    /// The ready tasks, all of them, in a run whose policy is not the default one.
    pub(super) queue: Option<Mutex<Ready>>,
    /// Set when no further task may start.
    pub(super) stopped: AtomicBool,
    /// The seats that found nothing to do.
    parked: Mutex<Vec<Seat>>,
    pub(super) parked_count: AtomicUsize,
    /// When the last task so far stopped, as the bits of a double: kept by workers that run out of tasks.
    pub(super) last_stop_ms: AtomicU64,
    /// How many seats are not parked. The run is over when none is left: only they make tasks ready.
    active: AtomicUsize,
}

/// Starts to run `plan`.
pub(super) fn start(plan: Arc<Plan>, options: &Options) -> Arc<Threads> {
    let workers = options.workers;
    let deques: Vec<_> = (0..workers).map(|_| Worker::new_lifo()).collect();
    let queue = Ready::new(&plan, options.policy, options.seed);
    let roots: Box<[TaskId]> = if queue.is_some() { Box::default() } else { plan.roots().collect() };
    let run = Arc::new(Threads {
        slots: Slots::new(&plan),
        memory: Memory::new(options),
        failures: Failures::default(),
        keep_going: options.keep_going,
        shown: options.shown.then(|| Shown::new(&plan)),
        trace: Trace::new(workers, if options.trace { plan.len() } else { 0 }),
        completion: Completion::default(),
        // Few, so that the last ones are spread over the workers; but not so few that they meet at the counter.
        roots_at_once: (roots.len() / (8 * workers)).clamp(1, MAX_ROOTS_AT_ONCE),
        roots,
        roots_taken: AtomicUsize::new(0),
        stealers: deques.iter().map(Worker::stealer).collect(),
        queue: queue.map(Mutex::new),
        stopped: AtomicBool::new(false),
        parked: Mutex::new(Vec::with_capacity(workers)),
        parked_count: AtomicUsize::new(0),
        last_stop_ms: AtomicU64::new(0),
        active: AtomicUsize::new(workers),
        plan,
    });
    for (worker, deque) in deques.into_iter().enumerate() {
        pool::enqueue(Seat::new(worker, run.clone(), deque));
    }
    run
}

impl Threads {
    /// Lets no further task start.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    #[allow(unsafe_code, reason = "see slots")]
    pub(super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        assert!(self.completion.at_ms().is_some(), "the run is not over");
        if self.stopped.load(Relaxed) {
            let erred = if self.keep_going { None } else { self.failures.first(&self.plan) };
            return Err(erred.unwrap_or_else(Error::cancelled));
        }
        // SAFETY: the run is over, so no seat is left to run a task of it.
        let value =
            |&target: &TaskId| self.failures.check(&self.plan, target, unsafe { self.slots.target(target) });
        Ok(self.plan.targets().iter().map(value).collect())
    }

    /// The ready tasks of a run whose policy is not the default one.
    pub(super) fn queue(&self) -> Option<MutexGuard<'_, Ready>> {
        self.queue.as_ref().map(|queue| queue.lock().expect("nothing panics while it holds this lock"))
    }

    fn parked(&self) -> MutexGuard<'_, Vec<Seat>> {
        self.parked.lock().expect("nothing panics while it holds this lock")
    }

    /// Takes in a seat that has nothing to do.
    pub(super) fn take_in(&self, seat: Seat) {
        let mut parked = self.parked();
        parked.push(seat);
        self.parked_count.store(parked.len(), SeqCst);
    }

    /// Gives a thread to a parked seat, if there is one. Only for active seats: else the run could be over.
    #[cold]
    pub(super) fn unpark_one(&self) {
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
    pub(super) fn has_ready_tasks(&self) -> bool {
        self.roots_taken.load(SeqCst) < self.roots.len()
            || self.stealers.iter().any(|stealer| !stealer.is_empty())
            || self.queue().is_some_and(|queue| queue.len() > 0)
    }

    /// Notes that a seat is no longer active; the last one ends the run.
    #[allow(unsafe_code, reason = "see slots")]
    pub(super) fn leave(&self) {
        if self.active.fetch_sub(1, AcqRel) == 1 {
            // Seats hold the run, and the run its parked seats: dropping them lets go of both.
            let parked = std::mem::take(&mut *self.parked());
            drop(parked);
            if self.stopped.load(Relaxed) {
                // SAFETY: this was the last active seat, and it runs no task any more.
                self.memory.free(unsafe { self.slots.clear() });
            }
            self.completion.complete(f64::from_bits(self.last_stop_ms.load(Relaxed)));
        }
    }
}
