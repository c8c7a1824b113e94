//! Values of targets, handed out while a run goes on: for a picture that is drawn as its parts finish.
//!
//! Targets are few beside the tasks that lead to them, so a lock for each of them costs nothing that could be measured.
//! Values share their data with the run's own, and count only there.

use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::discard::discard;
use crate::{
    graph::{Plan, TaskId},
    value::Value,
};

/// The targets that have finished and were not yet asked for.
pub(super) struct Shown {
    /// Which target a task is; the first, if it is several.
    places: FxHashMap<TaskId, usize>,
    finished: Mutex<Vec<(usize, Value)>>,
}

impl Shown {
    pub(super) fn new(plan: &Plan) -> Shown {
        let places = plan.targets().iter().enumerate().rev().map(|(place, &task)| (task, place)).collect();
        Shown { places, finished: Mutex::default() }
    }

    /// Whether a task is a target.
    pub(super) fn wants(&self, task: TaskId) -> bool {
        self.places.contains_key(&task)
    }

    /// Keeps the value of a task that has just finished, if it is a target.
    pub(super) fn note(&self, task: TaskId, value: &Value) {
        if let Some(&place) = self.places.get(&task) {
            self.finished
                .lock()
                .expect("nothing panics while it holds this lock")
                .push((place, value.clone()));
        }
    }

    /// Those that have finished since this was last asked, each with its place among the targets.
    pub(super) fn take(&self) -> Vec<(usize, Value)> {
        std::mem::take(&mut self.finished.lock().expect("nothing panics while it holds this lock"))
    }
}

impl Drop for Shown {
    /// See [`discard`](super::discard): this may be on any thread.
    fn drop(&mut self) {
        self.take().into_iter().for_each(discard);
    }
}
