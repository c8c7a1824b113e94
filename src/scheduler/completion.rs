//! The end of a run, for those who wait for it: a blocked thread on the host, a future in the browser.

use std::{
    future::poll_fn,
    sync::{Condvar, Mutex, MutexGuard},
    task::{Poll, Waker},
};

/// A moment that comes once.
#[derive(Debug, Default)]
pub(super) struct Completion {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// What the clock showed.
    at_ms: Option<f64>,
    waker: Option<Waker>,
}

impl Completion {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    pub(super) fn complete(&self, at_ms: f64) {
        let waker = {
            let mut state = self.lock();
            state.at_ms = Some(at_ms);
            state.waker.take()
        };
        self.changed.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// When it came, if it has come.
    pub(super) fn at_ms(&self) -> Option<f64> {
        self.lock().at_ms
    }

    /// Blocks until it has come.
    pub(super) fn wait(&self) {
        let waiting = self.changed.wait_while(self.lock(), |state| state.at_ms.is_none());
        drop(waiting.expect("nothing panics while it holds this lock"));
    }

    /// Resolves when it has come. For one waiter at a time.
    pub(super) async fn completed(&self) {
        poll_fn(|context| {
            let mut state = self.lock();
            match state.at_ms {
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
