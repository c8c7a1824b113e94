//! What an executor asks of its workers, whatever they are.

use std::sync::Arc;

use super::{
    call::Call,
    exception::{Exception, Outcome},
    future::Future,
    queue::Item,
    stage::Stage,
};
use crate::scheduler::Joined;

/// The message for work that comes too late.
pub(super) const AFTER_SHUTDOWN: &str = "cannot schedule new futures after shutdown";

pub(super) trait Pool: Send + Sync {
    /// Queues calls that run one after another, with one result.
    ///
    /// # Errors
    /// The pool is shut down or broken.
    fn submit(self: Arc<Self>, work: Work, priority: i64) -> Outcome<Future>;

    /// Refuses more work. The work that is there still runs, unless it is to be cancelled.
    fn shutdown(&self, cancel_futures: bool);

    /// Waits until nothing runs any more.
    fn wait(&self);

    /// Shuts down, cancels the work that has not started, and interrupts what runs.
    fn stop(&self);

    /// The number of workers that were started.
    fn started(&self) -> usize;

    /// The processes that are there, or were.
    fn starts(&self) -> Vec<Joined>;

    fn stage(&self) -> &Arc<Stage>;

    /// How many calls of a map go together.
    fn chunk(&self, chunksize: usize) -> usize;
}

/// What was submitted as one.
pub(super) enum Work {
    /// A call.
    One(Call),
    /// Calls of a map, whose results are a tuple.
    Chunk(Vec<Call>),
}

/// Cancels what will not run, and tells those who wait for it. CPython only cancels, so `wait` would wait forever.
pub(super) fn cancel<W>(items: Vec<Item<W>>) {
    for Item { future, .. } in items {
        if future.cancel() {
            // Another thread may have notified them first.
            let _ = future.set_running_or_notify_cancel();
        }
    }
}

/// Fails what will not run.
pub(super) fn fail<W>(items: Vec<Item<W>>, exception: &Exception) {
    for Item { future, .. } in items {
        if let Ok(true) = future.set_running_or_notify_cancel() {
            // If somebody else has ended it meanwhile, that counts.
            let _ = future.set(Err(exception.clone()));
        }
    }
}
