//! The batches of a run that are not complete, and the ids of their tasks.
//!
//! A task's id in a run is the number of tasks in the batches before its own, plus its id in its plan. So an entry of a
//! deque is one number, and says which batch it belongs to. A worker keeps the batch of the task that it ran last, so it
//! looks here only when it turns to another batch.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use super::batch::Batch;
use crate::{
    error::{Error, Result},
    graph::TaskId,
};

/// The batches of one run that are not complete.
#[derive(Default)]
pub(super) struct Batches(Mutex<List>);

#[derive(Default)]
struct List {
    /// All of them, by the id of their first task.
    live: BTreeMap<TaskId, Arc<Batch>>,
    /// Those that may have roots that nobody has taken.
    open: BTreeMap<TaskId, Arc<Batch>>,
    /// The number of tasks in all batches so far.
    tasks: TaskId,
    closed: bool,
}

impl Batches {
    fn lock(&self) -> MutexGuard<'_, List> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }

    /// Adds the batch that `make` makes, which gets the id of its first task. `join` is called while the run cannot be
    /// [closed](Batches::close).
    ///
    /// # Errors
    /// If the run is closed, or there are no ids left.
    pub(super) fn add(
        &self,
        tasks: usize,
        join: impl FnOnce(),
        make: impl FnOnce(TaskId) -> Batch,
    ) -> Result<Arc<Batch>> {
        let first = {
            let mut list = self.lock();
            if list.closed {
                return Err(Error::closed());
            }
            let first = list.tasks;
            list.tasks = next_batch(first, tasks)?;
            join();
            first
        };
        // Made without the lock: that takes a while for a large plan.
        let batch = Arc::new(make(first));
        self.lock().live.insert(first, batch.clone());
        Ok(batch)
    }

    /// From now on no batch can be added. Returns whether that was possible before.
    pub(super) fn close(&self) -> bool {
        !std::mem::replace(&mut self.lock().closed, true)
    }

    /// The number of tasks in all batches so far.
    pub(super) fn tasks(&self) -> usize {
        self.lock().tasks as usize
    }

    /// The batch of a task, unless the batch is complete.
    pub(super) fn of(&self, task: TaskId) -> Option<Arc<Batch>> {
        let list = self.lock();
        let (_, batch) = list.live.range(..=task).next_back()?;
        batch.place_of(task).map(|_| batch.clone())
    }

    /// Lets workers take the roots of `batch`.
    pub(super) fn open(&self, batch: &Arc<Batch>) {
        self.lock().open.insert(batch.first, batch.clone());
    }

    /// The first batch that has roots left. Its tasks may start from now on.
    pub(super) fn with_roots(&self) -> Option<Arc<Batch>> {
        let mut list = self.lock();
        while let Some(first) = list.open.first_entry() {
            if first.get().has_roots() && first.get().begin() {
                return Some(first.get().clone());
            }
            first.remove();
        }
        None
    }

    /// Whether any batch has roots left.
    pub(super) fn have_roots(&self) -> bool {
        self.lock().open.values().any(|batch| batch.has_roots())
    }

    /// Forgets a batch that is complete.
    pub(super) fn remove(&self, batch: &Batch) {
        let removed = {
            let mut list = self.lock();
            (list.live.remove(&batch.first), list.open.remove(&batch.first))
        };
        // Dropped without the lock.
        drop(removed);
    }

    /// All that are not complete, the latest first.
    pub(super) fn latest_first(&self) -> Vec<Arc<Batch>> {
        self.lock().live.values().rev().cloned().collect()
    }
}

/// The id of the first task after a batch of `tasks` tasks.
///
/// # Errors
/// If there are not enough ids.
pub(super) fn next_batch(first: TaskId, tasks: usize) -> Result<TaskId> {
    // The last one means "no task" in a trace.
    let next = TaskId::try_from(tasks).ok().and_then(|tasks| first.checked_add(tasks));
    next.ok_or_else(|| Error::invalid("too many tasks for one session: start another"))
}
