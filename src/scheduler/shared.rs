//! What the workers of one run of `threads` share.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*},
};

use crossbeam_deque::{Stealer, Worker};

use super::{
    completion::{Completion, Ending},
    failures::Failures,
    memory::Memory,
    options::Options,
    parking::Parking,
    policy::Ready,
    pool::{self, Job},
    shown::Shown,
    slots::Slots,
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskId},
    trace::{Lane, Trace},
    value::Value,
};

/// The largest number of roots that a worker takes at once.
const MAX_ROOTS_AT_ONCE: usize = 64;

/// What the workers of one run share.
pub(super) struct Shared {
    pub(super) plan: Arc<Plan>,
    pub(super) trace: Trace,
    pub(super) completion: Completion,
    pub(super) memory: Memory,
    pub(super) failures: Failures,
    pub(super) slots: Slots,
    /// Whether an erred task leaves those alone that do not depend on it.
    pub(super) keep_going: bool,
    pub(super) shown: Option<Shown>,
    /// The tasks without dependencies, in static order.
    pub(super) roots: Box<[TaskId]>,
    /// The number of roots that workers have taken.
    pub(super) roots_taken: AtomicUsize,
    pub(super) roots_at_once: usize,
    pub(super) stealers: Box<[Stealer<TaskId>]>,
    /// All ready tasks of a run whose policy is not the default one.
    queue: Option<Mutex<Ready>>,
    /// Set when no further task may start.
    stopped: AtomicBool,
    /// The seats that found nothing to do, each as the job that goes on with it.
    pub(super) parking: Parking<Job>,
    /// When the last task so far stopped, as the bits of a double. Workers update it when they run out of tasks.
    last_stop_ms: AtomicU64,
}

impl Shared {
    /// A run that has not started, and the deque of each of its workers.
    pub(super) fn new(plan: Arc<Plan>, options: &Options) -> (Shared, Vec<Worker<TaskId>>) {
        let workers = options.workers;
        let deques: Vec<_> = (0..workers).map(|_| Worker::new_lifo()).collect();
        let lanes = (0..workers).map(Lane::worker);
        let queue = Ready::new(&plan, options.policy, options.seed);
        let roots: Box<[TaskId]> = if queue.is_some() { Box::default() } else { plan.roots().collect() };
        let run = Shared {
            slots: Slots::new(&plan),
            memory: Memory::new(options),
            failures: Failures::default(),
            keep_going: options.keep_going,
            shown: options.shown.then(|| Shown::new(&plan)),
            trace: Trace::new(lanes, if options.trace { plan.len() } else { 0 }, now_ms()),
            completion: Completion::default(),
            // Few, so that the last ones are spread over the workers; but not so few that they meet at the counter.
            roots_at_once: (roots.len() / (8 * workers)).clamp(1, MAX_ROOTS_AT_ONCE),
            roots,
            roots_taken: AtomicUsize::new(0),
            stealers: deques.iter().map(Worker::stealer).collect(),
            queue: queue.map(Mutex::new),
            stopped: AtomicBool::new(false),
            parking: Parking::new(workers),
            last_stop_ms: AtomicU64::new(0),
            plan,
        };
        (run, deques)
    }

    /// Lets no further task start.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    /// Whether no further task may start.
    #[inline]
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    #[allow(unsafe_code, reason = "see slots")]
    pub(super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.completion.ending().expect("the run is over").result?;
        // SAFETY: the run is over, so no seat is left to run a task of it.
        let value =
            |&target: &TaskId| self.failures.check(&self.plan, target, unsafe { self.slots.target(target) });
        Ok(self.plan.targets().iter().map(value).collect())
    }

    /// Whether the run has one queue for all workers: if its policy is not the default one.
    #[inline]
    pub(super) fn has_queue(&self) -> bool {
        self.queue.is_some()
    }

    /// That queue.
    pub(super) fn queue(&self) -> Option<MutexGuard<'_, Ready>> {
        self.queue.as_ref().map(|queue| queue.lock().expect("nothing panics while it holds this lock"))
    }

    /// Whether a worker that looks now would find a task.
    pub(super) fn has_ready_tasks(&self) -> bool {
        self.roots_taken.load(SeqCst) < self.roots.len()
            || self.stealers.iter().any(|stealer| !stealer.is_empty())
            || self.queue().is_some_and(|queue| queue.len() > 0)
    }

    /// Gives a thread to a parked seat, if there is one. Every worker calls this after it has published ready tasks that
    /// others may take.
    #[inline]
    pub(super) fn tasks_were_shared(&self) {
        if let Some(seat) = self.parking.seat_for_shared_tasks() {
            pool::enqueue(seat);
        }
    }

    /// Notes when a worker stopped its last task.
    pub(super) fn note_stop(&self, stop_ms: f64) {
        // Positive doubles have the order of their bits.
        self.last_stop_ms.fetch_max(stop_ms.to_bits(), Relaxed);
    }

    /// Notes that a seat is no longer active. The last one ends the run.
    #[allow(unsafe_code, reason = "see slots")]
    pub(super) fn leave(&self) {
        let Some(parked) = self.parking.leave() else { return };
        // Seats hold the run, and the run its parked seats: dropping them lets go of both.
        drop(parked);
        // Whoever stops the run from here on is too late: how it ended is decided once.
        let result = match self.is_stopped() {
            false => Ok(()),
            true => {
                // SAFETY: this was the last active seat, and it runs no task any more.
                self.memory.free(unsafe { self.slots.clear() });
                let erred = if self.keep_going { None } else { self.failures.first(&self.plan) };
                Err(erred.unwrap_or_else(Error::cancelled))
            }
        };
        let at_ms = f64::from_bits(self.last_stop_ms.load(Relaxed));
        self.trace.end(at_ms - self.trace.started_ms());
        self.completion.complete(Ending { at_ms, result });
    }
}
