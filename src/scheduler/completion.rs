//! The end of a run, for those who wait for it: a blocked thread on the host, a future in the browser.

use std::{
    future::poll_fn,
    sync::{Condvar, Mutex, MutexGuard},
    task::{Poll, Waker},
    time::Duration,
};

use crate::error::Result;

/// When and how a run ended.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    /// When its last task stopped, on the clock that all threads share.
    pub(super) at_ms: f64,
    /// Why its targets have no values, if they have none.
    pub(super) result: Result<()>,
}

/// The ending of a run: stored once, never changed.
#[derive(Debug, Default)]
pub(super) struct Completion {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    ending: Option<Ending>,
    waker: Option<Waker>,
}

impl Completion {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// Stores the ending, and wakes those who wait for it.
    pub(super) fn complete(&self, ending: Ending) {
        let waker = {
            let mut state = self.lock();
            debug_assert!(state.ending.is_none(), "a run ends once");
            state.ending = Some(ending);
            state.waker.take()
        };
        self.changed.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The ending, if the run is over.
    pub(super) fn ending(&self) -> Option<Ending> {
        self.lock().ending.clone()
    }

    /// Whether the run is over.
    pub(super) fn is_complete(&self) -> bool {
        self.lock().ending.is_some()
    }

    /// Blocks until the run is over.
    pub(super) fn wait(&self) {
        let waiting = self.changed.wait_while(self.lock(), |state| state.ending.is_none());
        drop(waiting.expect("nothing panics while it holds this lock"));
    }

    /// Blocks until the run is over, or until `timeout` has passed. Returns whether the run is over.
    pub(super) fn wait_timeout(&self, timeout: Duration) -> bool {
        let waiting = self.changed.wait_timeout_while(self.lock(), timeout, |state| state.ending.is_none());
        let (state, _) = waiting.expect("nothing panics while it holds this lock");
        state.ending.is_some()
    }

    /// Resolves when the run is over. For one waiter at a time.
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
