//! The end of a batch or a run, for those who wait for it: a blocked thread on the host, a future in the browser, a
//! callback.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::poll_fn,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard},
    task::{Poll, Waker},
    time::Duration,
};

use super::discard::discard;
use crate::{clock::now_ms, error::Result};

/// When and how a batch or a run ended.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    /// When its last task stopped, on the clock that all threads share.
    pub(super) at_ms: f64,
    /// Why its targets have no values, if they have none.
    pub(super) result: Result<()>,
}

/// What is called at the end.
pub(super) type Callback = Box<dyn FnOnce() + Send>;

/// The ending of a batch or a run: stored once, never changed.
#[derive(Default)]
pub(super) struct Completion {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ending: Option<Ending>,
    waker: Option<Waker>,
    callbacks: Vec<Callback>,
}

impl Completion {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// Stores the ending, wakes those who wait for it, and calls the callbacks. The caller must hold no lock.
    pub(super) fn complete(&self, ending: Ending) {
        let (waker, callbacks) = {
            let mut state = self.lock();
            debug_assert!(state.ending.is_none(), "it ends once");
            state.ending = Some(ending);
            (state.waker.take(), mem::take(&mut state.callbacks))
        };
        self.changed.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
        call(callbacks);
    }

    /// Calls `callback` at the end, on the thread that completes this; at once, if it is complete. A callback that panics
    /// stops nothing.
    pub(super) fn then(&self, callback: Callback) {
        {
            let mut state = self.lock();
            if state.ending.is_none() {
                return state.callbacks.push(callback);
            }
        }
        call([callback]);
    }

    /// The ending, if there is one yet.
    pub(super) fn ending(&self) -> Option<Ending> {
        self.lock().ending.clone()
    }

    /// Whether there is an ending.
    pub(super) fn is_complete(&self) -> bool {
        self.lock().ending.is_some()
    }

    /// Blocks until the end.
    pub(super) fn wait(&self) {
        let waiting = self.changed.wait_while(self.lock(), |state| state.ending.is_none());
        drop(waiting.expect("nothing panics while it holds this lock"));
    }

    /// Blocks until the end, or until `timeout` has passed. Returns whether the end has come.
    pub(super) fn wait_timeout(&self, timeout: Duration) -> bool {
        // Without `wait_timeout_while`, which reads the clock of the standard library: in a browser that panics.
        let started_ms = now_ms();
        let mut state = self.lock();
        while state.ending.is_none() {
            let waited = Duration::from_secs_f64((now_ms() - started_ms).max(0.0) / 1e3);
            let left = timeout.saturating_sub(waited);
            if left.is_zero() {
                return false;
            }
            let waiting = self.changed.wait_timeout(state, left);
            (state, _) = waiting.expect("nothing panics while it holds this lock");
        }
        true
    }

    /// Resolves at the end. For one waiter at a time.
    pub(super) async fn completed(&self) {
        poll_fn(|context| {
            let mut state = self.lock();
            match state.ending {
                Some(_) => Poll::Ready(()),
                None => {
                    state.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await;
    }
}

thread_local! {
    /// The callbacks that this thread is still to call, while it calls one.
    static QUEUE: RefCell<Option<VecDeque<Callback>>> = const { RefCell::new(None) };
}

/// Calls each of `callbacks`. If one of them leads to another call, its callbacks come after those before them, so a long
/// chain of batches that wait for each other takes no stack.
fn call(callbacks: impl IntoIterator<Item = Callback>) {
    let is_inside = QUEUE.with_borrow_mut(|queue| {
        let is_inside = queue.is_some();
        queue.get_or_insert_default().extend(callbacks);
        is_inside
    });
    if is_inside {
        return;
    }
    while let Some(callback) = QUEUE.with_borrow_mut(|queue| queue.as_mut().and_then(VecDeque::pop_front)) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(callback)) {
            discard(payload);
        }
    }
    QUEUE.set(None);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering::*},
    };

    use super::*;

    fn ending() -> Ending {
        Ending { at_ms: 1.0, result: Ok(()) }
    }

    #[test]
    fn a_callback_is_called_once_before_or_after_the_end() {
        let called = Arc::new(AtomicU32::new(0));
        let completion = Completion::default();
        let count = || {
            let called = called.clone();
            completion.then(Box::new(move || {
                called.fetch_add(1, Relaxed);
            }));
        };
        count();
        completion.then(Box::new(|| panic!("a callback that panics stops nothing")));
        count();
        assert_eq!(called.load(Relaxed), 0);
        completion.complete(ending());
        assert_eq!(called.load(Relaxed), 2);
        count();
        assert_eq!(called.load(Relaxed), 3);
    }

    #[test]
    fn a_long_chain_of_endings_takes_no_stack() {
        let chain: Vec<Arc<Completion>> = (0..200_000).map(|_| Arc::default()).collect();
        for pair in chain.windows(2) {
            let next = pair[1].clone();
            pair[0].then(Box::new(move || next.complete(ending())));
        }
        chain[0].complete(ending());
        assert!(chain.iter().all(|completion| completion.is_complete()));
    }
}
