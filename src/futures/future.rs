//! A future: the result of a call that may not have run yet.
//!
//! ```text
//! pending -> running -> finished
//!    '-----> cancelled -> cancelled and notified
//! ```
//!
//! As in CPython, a future that is cancelled counts as done at once for those who wait for it alone, and for `wait` and
//! `as_completed` only when its executor has seen it.

use std::{
    fmt,
    hash::{Hash, Hasher},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use super::{
    atomics::{Condvar, Mutex, MutexGuard},
    deadline::Deadline,
    exception::{Exception, Outcome},
    seat::{self, wait_until},
    stage::Stage,
};
use crate::{ids::TaskId, panics::discard, trace::Action, value::Value};

/// The result of a call that may not have run yet: `concurrent.futures.Future`.
///
/// Copies are the same future, and are equal. Whatever waits releases the interpreter's lock, if its thread holds one. In
/// a browser the main thread must not wait.
#[derive(Clone)]
pub struct Future(Arc<Inner>);

struct Inner {
    /// Where it runs, and its number there, which is its task in the trace. A future that stands alone has none.
    place: Option<(Arc<Stage>, TaskId)>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    status: Status,
    outcome: Option<Outcome<Value>>,
    callbacks: Vec<Callback>,
    waiters: Vec<Arc<dyn Waiter>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Status {
    #[default]
    Pending,
    Running,
    Cancelled,
    CancelledAndNotified,
    Finished,
}

type Callback = Box<dyn FnOnce(&Future) + Send>;

/// How a future ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Returned,
    Raised,
    Cancelled,
}

/// Who is told of the end of several futures.
pub(super) trait Waiter: Send + Sync {
    /// Called with the lock of the future, so it must not ask the future anything.
    fn ended(&self, future: &Future, how: Ended);
}

impl Status {
    fn is_cancelled(self) -> bool {
        matches!(self, Status::Cancelled | Status::CancelledAndNotified)
    }

    fn is_done(self) -> bool {
        self.is_cancelled() || self == Status::Finished
    }

    /// The name of CPython's constant.
    fn constant(self) -> &'static str {
        match self {
            Status::Pending => "PENDING",
            Status::Running => "RUNNING",
            Status::Cancelled => "CANCELLED",
            Status::CancelledAndNotified => "CANCELLED_AND_NOTIFIED",
            Status::Finished => "FINISHED",
        }
    }
}

impl Default for Future {
    fn default() -> Future {
        Future::new()
    }
}

impl Future {
    /// A future without an executor: whoever makes it has to [set its result](Future::set_result).
    pub fn new() -> Future {
        Future::placed(None)
    }

    pub(super) fn on(stage: &Arc<Stage>, task: TaskId) -> Future {
        Future::placed(Some((stage.clone(), task)))
    }

    fn placed(place: Option<(Arc<Stage>, TaskId)>) -> Future {
        Future(Arc::new(Inner { place, state: Mutex::default(), changed: Condvar::new() }))
    }

    /// Its number: futures of an executor are numbered in the order in which they were submitted. In the trace, it is the
    /// task with this number.
    pub fn task(&self) -> Option<TaskId> {
        self.0.place.as_ref().map(|&(_, task)| task)
    }

    /// Whether the call runs.
    pub fn running(&self) -> bool {
        self.lock().status == Status::Running
    }

    /// Whether the future was cancelled.
    pub fn cancelled(&self) -> bool {
        self.lock().status.is_cancelled()
    }

    /// Whether the call has finished, or the future was cancelled.
    pub fn done(&self) -> bool {
        self.lock().status.is_done()
    }

    /// Cancels the future, if its call has not started. Returns whether it is cancelled.
    pub fn cancel(&self) -> bool {
        let callbacks = {
            let mut state = self.lock();
            match state.status {
                Status::Running | Status::Finished => return false,
                Status::Cancelled | Status::CancelledAndNotified => return true,
                Status::Pending => state.status = Status::Cancelled,
            }
            mem::take(&mut state.callbacks)
        };
        if let Some((stage, task)) = &self.0.place {
            seat::mark(stage, Action::Cancel, *task);
        }
        self.0.changed.notify_all();
        self.call(callbacks);
        true
    }

    /// Waits for the value of the call.
    ///
    /// # Errors
    /// What the call raised; `CancelledError`; `TimeoutError` if `timeout` has passed first.
    pub fn result(&self, timeout: impl Into<Option<Duration>>) -> Outcome<Value> {
        self.outcome(timeout.into())?
    }

    /// Waits for the end of the call, and returns what it raised. `None` if it has a value.
    ///
    /// # Errors
    /// `CancelledError`, and `TimeoutError` if `timeout` has passed first.
    pub fn exception(&self, timeout: impl Into<Option<Duration>>) -> Outcome<Option<Exception>> {
        Ok(self.outcome(timeout.into())?.err())
    }

    /// Calls `callback` when the future is done, on the thread that ends it; at once, if it is done. Callbacks are called in
    /// the order in which they were added. One that panics stops nothing.
    pub fn add_done_callback(&self, callback: impl FnOnce(&Future) + Send + 'static) {
        {
            let mut state = self.lock();
            if !state.status.is_done() {
                return state.callbacks.push(Box::new(callback));
            }
        }
        self.call([Box::new(callback) as Callback]);
    }

    /// For executors and tests: the call is about to run. Returns `false` if the future was cancelled, so it must not; those
    /// who wait for several futures are then told.
    ///
    /// # Errors
    /// `RuntimeError`, if it runs already or is finished.
    pub fn set_running_or_notify_cancel(&self) -> Outcome<bool> {
        let mut state = self.lock();
        match state.status {
            Status::Cancelled => {
                state.status = Status::CancelledAndNotified;
                self.tell(&mut state, Ended::Cancelled);
                Ok(false)
            }
            Status::Pending => {
                state.status = Status::Running;
                Ok(true)
            }
            _ => Err(Exception::runtime("Future in unexpected state")),
        }
    }

    /// For executors and tests: the call has returned this.
    ///
    /// # Errors
    /// `InvalidStateError`, if the future is done.
    pub fn set_result(&self, value: Value) -> Outcome<()> {
        self.set(Ok(value))
    }

    /// For executors and tests: the call has raised this.
    ///
    /// # Errors
    /// `InvalidStateError`, if the future is done.
    pub fn set_exception(&self, exception: Exception) -> Outcome<()> {
        self.set(Err(exception))
    }

    pub(super) fn set(&self, outcome: Outcome<Value>) -> Outcome<()> {
        let callbacks = {
            let mut state = self.lock();
            if state.status.is_done() {
                let text = format!("{}: {}", state.status.constant(), self.shown(&state));
                return Err(Exception::invalid_state(text));
            }
            let how = if outcome.is_ok() { Ended::Returned } else { Ended::Raised };
            state.outcome = Some(outcome);
            state.status = Status::Finished;
            self.tell(&mut state, how);
            mem::take(&mut state.callbacks)
        };
        self.0.changed.notify_all();
        self.call(callbacks);
        Ok(())
    }

    /// Has `waiter` told of the end. Returns how the future has ended, if it has: then the waiter is not told.
    pub(super) fn watch(&self, waiter: &Arc<dyn Waiter>) -> Option<Ended> {
        let mut state = self.lock();
        match (state.status, &state.outcome) {
            (Status::CancelledAndNotified, _) => Some(Ended::Cancelled),
            (Status::Finished, Some(Err(_))) => Some(Ended::Raised),
            (Status::Finished, _) => Some(Ended::Returned),
            _ => {
                state.waiters.push(waiter.clone());
                None
            }
        }
    }

    pub(super) fn unwatch(&self, waiter: &Arc<dyn Waiter>) {
        self.lock().waiters.retain(|other| !Arc::ptr_eq(other, waiter));
    }

    fn tell(&self, state: &mut State, how: Ended) {
        for waiter in mem::take(&mut state.waiters) {
            waiter.ended(self, how);
        }
    }

    fn outcome(&self, timeout: Option<Duration>) -> Outcome<Outcome<Value>> {
        let now = |state: &State| match state.status {
            Status::Finished => Some(Ok(state.outcome.clone().expect("a finished future has an outcome"))),
            status => status.is_cancelled().then(|| Err(Exception::cancelled())),
        };
        wait_until(&self.0.state, &self.0.changed, Deadline::after(timeout), |state| state.status.is_done());
        now(&self.lock()).unwrap_or(Err(Exception::timeout()))
    }

    fn call(&self, callbacks: impl IntoIterator<Item = Callback>) {
        for callback in callbacks {
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| callback(self))) {
                discard(payload);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("nothing panics while it holds this lock")
    }

    fn address(&self) -> *const () {
        Arc::as_ptr(&self.0).cast()
    }

    /// As Python shows it.
    fn shown(&self, state: &State) -> String {
        let address = self.address();
        let status = match (state.status, &state.outcome) {
            (Status::Finished, Some(Ok(value))) => format!("finished returned {}", type_name(value)),
            (Status::Finished, Some(Err(exception))) => format!("finished raised {}", exception.name()),
            (Status::Running, _) => "running".to_owned(),
            (status, _) => if status.is_cancelled() { "cancelled" } else { "pending" }.to_owned(),
        };
        format!("<Future at {address:p} state={status}>")
    }
}

/// The name of the Python type of a value.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::None => "NoneType",
        Value::Array(block) => match (block.ndim(), block.item()) {
            (0, Some(number)) if number.dtype().is_float() => "float",
            (0, Some(crate::scalar::Scalar::Bool(_))) => "bool",
            (0, Some(_)) => "int",
            _ => "ndarray",
        },
        Value::Tuple(_) => "tuple",
        Value::Moments(_) => "dict",
        Value::Foreign(_) => "object",
    }
}

impl fmt::Debug for Future {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.shown(&self.lock());
        f.write_str(&shown)
    }
}

impl PartialEq for Future {
    fn eq(&self, other: &Future) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Future {}

impl Hash for Future {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}
