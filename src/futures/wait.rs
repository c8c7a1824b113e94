//! To wait for several futures: `wait` and `as_completed`.
#![allow(clippy::mutable_key_type, reason = "a future is hashed by its address")]

use std::{collections::VecDeque, mem, sync::Arc, time::Duration};

use rustc_hash::FxHashSet;

use super::{
    atomics::{Condvar, Mutex, MutexGuard},
    deadline::Deadline,
    exception::{Exception, Outcome},
    future::{Ended, Future, Waiter},
    seat::wait_until,
};

/// When [`wait`] returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReturnWhen {
    /// When any future is done: `FIRST_COMPLETED`.
    FirstCompleted,
    /// When any future has raised an exception, or all are done: `FIRST_EXCEPTION`.
    FirstException,
    /// When all are done: `ALL_COMPLETED`.
    #[default]
    AllCompleted,
}

/// What [`wait`] returns. Both are in the order in which the futures were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneAndNotDone {
    /// Those that are done.
    pub done: Vec<Future>,
    /// The others.
    pub not_done: Vec<Future>,
}

/// Notes which futures have ended, in their order, and wakes who waits for them.
struct Completions {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ended: VecDeque<(Future, Ended)>,
    /// Whether the first exception ends the wait.
    stops_on_exception: bool,
    /// The number of ends that are waited for.
    needed: usize,
    /// How many have come so far.
    seen: usize,
    raised: bool,
}

impl Waiter for Completions {
    fn ended(&self, future: &Future, how: Ended) {
        let mut state = self.state();
        state.note(future, how);
        if state.is_enough() {
            self.changed.notify_all();
        }
    }
}

impl State {
    fn note(&mut self, future: &Future, how: Ended) {
        self.ended.push_back((future.clone(), how));
        self.seen += 1;
        self.raised |= how == Ended::Raised;
    }

    fn is_enough(&self) -> bool {
        self.seen >= self.needed || self.stops_on_exception && self.raised
    }
}

impl Completions {
    fn new(state: State) -> Arc<Completions> {
        Arc::new(Completions { state: Mutex::new(state), changed: Condvar::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// Watches a future, or notes how it has ended.
    fn watch(self: &Arc<Self>, future: &Future) {
        let waiter: Arc<dyn Waiter> = self.clone();
        if let Some(how) = future.watch(&waiter) {
            self.state().note(future, how);
        }
    }

    fn unwatch<'a>(self: &Arc<Self>, futures: impl IntoIterator<Item = &'a Future>) {
        let waiter: Arc<dyn Waiter> = self.clone();
        futures.into_iter().for_each(|future| future.unwatch(&waiter));
    }

    /// Waits until enough has ended, or until the deadline.
    fn wait_until(&self, deadline: Deadline) {
        wait_until(&self.state, &self.changed, deadline, State::is_enough);
    }
}

/// Waits for futures, of one executor or several, until `timeout` has passed. A future that is given twice counts once.
pub fn wait<'a>(
    futures: impl IntoIterator<Item = &'a Future>,
    timeout: impl Into<Option<Duration>>,
    return_when: ReturnWhen,
) -> DoneAndNotDone {
    let deadline = Deadline::after(timeout.into());
    let mut seen = FxHashSet::default();
    let futures: Vec<Future> = futures.into_iter().filter(|&future| seen.insert(future)).cloned().collect();
    let needed = match return_when {
        ReturnWhen::FirstCompleted => futures.len().min(1),
        _ => futures.len(),
    };
    let stops_on_exception = return_when == ReturnWhen::FirstException;
    let completions = Completions::new(State { needed, stops_on_exception, ..State::default() });
    futures.iter().for_each(|future| completions.watch(future));
    completions.wait_until(deadline);
    completions.unwatch(&futures);
    let ended: FxHashSet<Future> = completions.state().ended.drain(..).map(|(future, _)| future).collect();
    let (done, not_done) = futures.into_iter().partition(|future| ended.contains(future));
    DoneAndNotDone { done, not_done }
}

/// Futures as they complete: those that are done first, then the others in the order of their ends. A future that is given
/// twice comes once. The time counts from this call.
pub fn as_completed<'a>(
    futures: impl IntoIterator<Item = &'a Future>,
    timeout: impl Into<Option<Duration>>,
) -> AsCompleted {
    let deadline = Deadline::after(timeout.into());
    let completions = Completions::new(State { needed: 1, ..State::default() });
    let pending = FxHashSet::default();
    let mut completed = AsCompleted { completions, ended: VecDeque::new(), pending, total: 0, deadline };
    futures.into_iter().for_each(|future| completed.add(future));
    completed.take_ended();
    completed
}

/// What [`as_completed`] returns. An item is an error only if the time ran out, and is then the last. As in CPython, the
/// time is looked at before those that have ended meanwhile.
pub struct AsCompleted {
    completions: Arc<Completions>,
    /// Those that are next: they had ended when the completions were looked at last.
    ended: VecDeque<(Future, Ended)>,
    pending: FxHashSet<Future>,
    total: usize,
    deadline: Deadline,
}

impl AsCompleted {
    /// Adds a future that was submitted meanwhile, as Dask's `as_completed` allows. One that has been there already is not
    /// added again before it has come.
    pub fn add(&mut self, future: &Future) {
        if self.pending.insert(future.clone()) {
            self.total += 1;
            self.completions.watch(future);
        }
    }

    /// The number of futures that have not come yet.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    fn take_ended(&mut self) {
        let mut state = self.completions.state();
        self.ended = mem::take(&mut state.ended);
        state.seen = 0;
    }
}

impl Iterator for AsCompleted {
    type Item = Outcome<Future>;

    fn next(&mut self) -> Option<Outcome<Future>> {
        if self.pending.is_empty() {
            return None;
        }
        if self.ended.is_empty() && !self.deadline.is_over() {
            self.completions.wait_until(self.deadline);
            self.take_ended();
        }
        match self.ended.pop_front() {
            Some((future, _)) => {
                self.pending.remove(&future);
                Some(Ok(future))
            }
            None => {
                let unfinished = Exception::unfinished(self.pending.len(), self.total);
                self.completions.unwatch(&self.pending);
                self.pending.clear();
                Some(Err(unfinished))
            }
        }
    }
}

impl Drop for AsCompleted {
    fn drop(&mut self) {
        self.completions.unwatch(&self.pending);
    }
}
