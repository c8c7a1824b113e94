//! Where an executor runs: its lanes, their locks, its trace, and whether it was stopped.

use std::sync::Arc;

use super::atomics::{AtomicBool, Condvar, Mutex, MutexGuard, Ordering::*};
use crate::{
    clock::now_ms,
    ids::TaskId,
    interpreter::{Lock, Policy, Watch},
    trace::{Action, Lane, Trace, Writer},
};

/// The lane of the thread that submits and waits.
pub(super) const MAIN: usize = 0;

pub(super) struct Stage {
    pub(super) policy: Policy,
    pub(super) part: Part,
    /// One for all lanes, one for each, or none.
    locks: Box<[Lock]>,
    /// Behind the mutex that sleepers wait with.
    stopped: Mutex<bool>,
    has_stopped: AtomicBool,
    changed: Condvar,
    /// The pen of the main lane, while no thread sits there.
    main: Mutex<Option<Pen>>,
}

/// The part of a trace that an executor writes: it may share the trace with others.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) trace: Arc<Trace>,
    /// The main lane. Those of workers follow.
    pub(super) first_lane: usize,
    /// The task of the first future.
    pub(super) first_task: TaskId,
    /// The time 0 of its events, on the clock.
    pub(super) started_ms: f64,
}

impl Part {
    /// All of a new trace.
    pub(super) fn whole(traced: bool, workers: impl Iterator<Item = String>) -> Part {
        let lanes = std::iter::once("main".to_owned()).chain(workers).enumerate();
        let lanes = lanes.map(|(id, label)| Lane::new(id as u32, label, None));
        let started_ms = now_ms();
        let trace = Arc::new(Trace::new(lanes, traced, started_ms));
        Part { trace, first_lane: 0, first_task: 0, started_ms }
    }
}

impl Stage {
    /// Lane 0 is the main thread's, the others are those of `workers`.
    pub(super) fn new(policy: Policy, part: Part, workers: usize) -> Arc<Stage> {
        let locks = match (policy.has_lock(), policy.is_shared()) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 1 + workers,
        };
        let main = Pen::new(&part, MAIN);
        main.writer.join(&part.trace);
        Arc::new(Stage {
            policy,
            locks: (0..locks).map(|_| Lock::new(policy.rule())).collect(),
            stopped: Mutex::new(false),
            has_stopped: AtomicBool::new(false),
            changed: Condvar::new(),
            main: Mutex::new(Some(main)),
            part,
        })
    }

    /// The lock that the thread of `lane` needs to run interpreted code.
    pub(super) fn lock_of(&self, lane: usize) -> Option<&Lock> {
        self.locks.get(lane).or(self.locks.first())
    }

    /// What a thread does that runs interpreted code.
    pub(super) fn running(&self) -> Action {
        self.policy.interpreted()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.has_stopped.load(Relaxed)
    }

    /// Ends sleeps, and makes running code come to an end at its next check.
    pub(super) fn stop(&self) {
        *self.stopped() = true;
        self.has_stopped.store(true, Relaxed);
        self.changed.notify_all();
        self.locks.iter().for_each(Lock::stop);
    }

    /// Waits until `end_ms`, or until a stop. Returns whether it was not stopped.
    pub(super) fn sleep_until(&self, end_ms: f64) -> bool {
        let mut stopped = self.stopped();
        while !*stopped {
            let left_ms = end_ms - now_ms();
            if left_ms <= 0.0 {
                return true;
            }
            let left = std::time::Duration::from_nanos((left_ms * 1e6) as u64 + 1);
            stopped = super::atomics::wait(&self.changed, stopped, Some(left));
        }
        false
    }

    /// The pen of the main lane, for a thread that sits down there. `None` if another one has it.
    pub(super) fn take_main(&self) -> Option<Pen> {
        self.main().take()
    }

    pub(super) fn return_main(&self, pen: Pen) {
        *self.main() = Some(pen);
    }

    /// Notes a mark of a thread that has no lane here: on the main lane, unless a thread sits there.
    pub(super) fn mark_from_outside(&self, action: Action, task: TaskId) {
        if let Some(pen) = self.main().as_mut() {
            pen.until_now(Action::Idle);
            pen.mark(action, task);
        }
    }

    fn stopped(&self) -> MutexGuard<'_, bool> {
        self.stopped.lock().expect("nothing panics while it holds this lock")
    }

    fn main(&self) -> MutexGuard<'_, Option<Pen>> {
        self.main.lock().expect("nothing panics while it holds this lock")
    }
}

/// The pen of a lane. It knows the time, and which task the lane is at.
pub(super) struct Pen {
    part: Part,
    writer: Writer,
    task: Option<TaskId>,
    stop_ms: f64,
}

impl Pen {
    pub(super) fn new(part: &Part, lane: usize) -> Pen {
        let writer = Writer::new(part.first_lane + lane, &part.trace);
        Pen { part: part.clone(), writer, task: None, stop_ms: 0.0 }
    }

    pub(super) fn join(&mut self) {
        self.until_now(Action::Idle);
        self.writer.join(&self.part.trace);
    }

    pub(super) fn leave(&mut self) {
        self.until_now(Action::Idle);
        self.writer.leave(&self.part.trace);
    }

    /// What comes from here on is done for the future with this number.
    pub(super) fn begin(&mut self, future: TaskId) {
        let task = self.part.first_task + future;
        self.task = Some(task);
        if self.part.trace.is_enabled() {
            self.writer.run(&self.part.trace, task);
        }
    }

    /// The future is done: `action` says how.
    pub(super) fn end(&mut self, action: Action) {
        if let Some(task) = self.task.take() {
            self.writer.slice(&self.part.trace, Some(task), action, 0.0);
        }
        self.writer.rest(&self.part.trace);
    }

    /// The lane did `action` from the end of its last slice until now.
    pub(super) fn until_now(&mut self, action: Action) {
        self.until(action, now_ms);
    }

    /// The lane did `action` from the end of its last slice until a time of the clock.
    pub(super) fn until(&mut self, action: Action, at_ms: impl FnOnce() -> f64) {
        if self.part.trace.is_enabled() {
            let at_ms = at_ms() - self.part.started_ms;
            if at_ms > self.stop_ms {
                self.writer.slice(&self.part.trace, self.task, action, at_ms);
                self.stop_ms = at_ms;
            }
        }
    }

    /// Notes that the lane moved bytes from the end of its last slice until now, for no future.
    pub(super) fn moved(&mut self, action: Action, bytes: u64) {
        let now_ms = now_ms();
        self.stop_ms = now_ms - self.part.started_ms;
        // The writer counts from the start of the trace.
        let trace = &self.part.trace;
        self.writer.moved(trace, None, action, self.stop_ms + trace.started_ms(), (bytes, None));
    }

    /// Notes what happened to the future with this number where the last slice ended.
    pub(super) fn mark(&mut self, action: Action, future: TaskId) {
        self.writer.slice(&self.part.trace, Some(self.part.first_task + future), action, 0.0);
    }
}

impl Watch for Pen {
    fn note(&mut self, action: Action) {
        match action {
            Action::DropRequest => self.writer.slice(&self.part.trace, self.task, action, 0.0),
            _ => self.until_now(action),
        }
    }
}
