//! Where an executor runs: its lanes, their locks, its trace, and whether it was stopped.

use std::sync::Arc;

use super::{
    atomics::{AtomicBool, Condvar, Mutex, MutexGuard, Ordering::*, wait},
    deadline::Deadline,
};
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
    /// Changes once, with `sleeping` locked.
    has_stopped: AtomicBool,
    /// What sleepers wait with.
    sleeping: Mutex<()>,
    changed: Condvar,
    main: Mutex<Main>,
}

/// The main lane.
struct Main {
    /// While no thread sits there.
    pen: Option<Pen>,
    /// What threads that have no lane here did while a thread sat there, which writes it.
    marks: Vec<(Action, TaskId)>,
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
            has_stopped: AtomicBool::new(false),
            sleeping: Mutex::new(()),
            changed: Condvar::new(),
            main: Mutex::new(Main { pen: Some(main), marks: Vec::new() }),
            part,
        })
    }

    /// The lock that the thread of `lane` needs to run interpreted code.
    pub(super) fn lock_of(&self, lane: usize) -> Option<&Lock> {
        self.locks.get(lane).or(self.locks.first())
    }

    /// The action to record while a thread runs interpreted code.
    pub(super) fn running(&self) -> Action {
        self.policy.interpreted()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.has_stopped.load(Relaxed)
    }

    /// Ends sleeps, and makes running code come to an end at its next check.
    pub(super) fn stop(&self) {
        {
            // No sleeper is between its look at the flag and its wait.
            let _sleeping = self.sleeping();
            self.has_stopped.store(true, Relaxed);
        }
        self.changed.notify_all();
        self.locks.iter().for_each(Lock::stop);
    }

    /// Waits until `end`, or until a stop. Returns whether it was not stopped.
    pub(super) fn sleep_until(&self, end: Deadline) -> bool {
        let mut sleeping = self.sleeping();
        while !self.is_stopped() {
            if end.is_over() {
                return true;
            }
            sleeping = wait(&self.changed, sleeping, end.left());
        }
        false
    }

    /// The pen of the main lane, for a thread that sits down there. `None` if another one has it.
    pub(super) fn take_main(&self) -> Option<Pen> {
        self.main().pen.take()
    }

    /// The thread of the main lane leaves it.
    pub(super) fn return_main(&self, mut pen: Pen) {
        let mut main = self.main();
        main.write_marks(&mut pen);
        pen.leave();
        main.pen = Some(pen);
    }

    /// Notes a mark of a thread that has no lane here: on the main lane. If a thread sits there, when it comes back from a
    /// wait or leaves.
    pub(super) fn mark_from_outside(&self, action: Action, task: TaskId) {
        let mut main = self.main();
        match &mut main.pen {
            Some(pen) => {
                pen.until_now(Action::Idle);
                pen.mark(action, task);
            }
            None => main.marks.push((action, task)),
        }
    }

    /// Writes the marks of threads that have no lane here, with the pen of the main lane.
    pub(super) fn write_marks_from_outside(&self, pen: &mut Pen) {
        self.main().write_marks(pen);
    }

    fn sleeping(&self) -> MutexGuard<'_, ()> {
        self.sleeping.lock().expect("nothing panics while it holds this lock")
    }

    fn main(&self) -> MutexGuard<'_, Main> {
        self.main.lock().expect("nothing panics while it holds this lock")
    }
}

impl Main {
    fn write_marks(&mut self, pen: &mut Pen) {
        self.marks.drain(..).for_each(|(action, task)| pen.mark(action, task));
    }
}

/// The pen of a lane. It knows the time, and which task the lane is at.
pub(super) struct Pen {
    part: Part,
    writer: Writer,
    task: Option<TaskId>,
    stop_ms: f64,
    /// What the lane did last.
    last: Action,
}

impl Pen {
    pub(super) fn new(part: &Part, lane: usize) -> Pen {
        let writer = Writer::new(part.first_lane + lane, &part.trace);
        Pen { part: part.clone(), writer, task: None, stop_ms: 0.0, last: Action::Idle }
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
            // What is counted is written even if the clock shows no time: a browser's has steps of up to 20 us.
            if at_ms > self.stop_ms || action.is_counted() && action != self.last {
                self.stop_ms = at_ms.max(self.stop_ms);
                self.writer.slice(&self.part.trace, self.task, action, self.stop_ms);
            }
            self.last = action;
        }
    }

    /// Notes that the lane moved bytes from the end of its last slice until now, for no future.
    pub(super) fn moved(&mut self, action: Action, bytes: u64) {
        let now_ms = now_ms();
        self.stop_ms = (now_ms - self.part.started_ms).max(self.stop_ms);
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
            Action::DropRequest | Action::FalseAlarm => {
                self.writer.slice(&self.part.trace, self.task, action, 0.0)
            }
            _ => self.until_now(action),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_written_even_if_the_clock_stands_still() {
        use Action::*;
        let whole = Part::whole(true, std::iter::empty());
        // The clock never gets as far as the start.
        let mut pen = Pen::new(&Part { started_ms: f64::INFINITY, ..whole.clone() }, MAIN);
        for action in [LockWait, FalseAlarm, LockWait, FalseAlarm, LockWait, Hold, Hold, ForcedSwitch, Hold] {
            pen.note(action);
        }
        let events = whole.trace.columns()[MAIN].events();
        let actions: Vec<Action> = events.map(|event| event.action).collect();
        assert_eq!(actions, [FalseAlarm, FalseAlarm, Hold, ForcedSwitch, Hold]);
    }
}
