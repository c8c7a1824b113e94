//! Failures: which tasks of a run erred, and what each of them said.

use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, Ordering::*},
};

use rustc_hash::FxHashMap;

use super::content::Content;
use crate::{
    error::{Error, Result},
    graph::{Plan, TaskId},
    kernels::Message,
    key::Key,
    value::Value,
};

/// The tasks that erred. Of those that did not run since one of these had erred, nothing is kept here: their slots
/// name the culprit.
#[derive(Debug, Default)]
pub(super) struct Failures {
    any: AtomicBool,
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    first: Option<TaskId>,
    /// What each of them said, and its key: of an input from another batch, that of the task that erred there.
    messages: FxHashMap<TaskId, (Key, Message)>,
}

impl Failures {
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().expect("nothing panics while it holds this lock")
    }

    /// Notes that `task`, whose key is `key`, erred. Before any of its dependents is made ready, who then find [`any`](Failures::any) set.
    #[cold]
    pub(super) fn note(&self, task: TaskId, key: Key, message: Message) {
        let mut noted = self.noted();
        noted.first.get_or_insert(task);
        noted.messages.insert(task, (key, message));
        self.any.store(true, Relaxed);
    }

    /// Whether a task has erred.
    #[inline]
    pub(super) fn any(&self) -> bool {
        self.any.load(Relaxed)
    }

    /// The error of the task that erred first.
    pub(super) fn first(&self, plan: &Plan) -> Option<Error> {
        let first = self.noted().first?;
        Some(self.error(plan, first, first))
    }

    /// The value of a target, or why it has none.
    pub(super) fn check(&self, plan: &Plan, target: TaskId, content: &Content) -> Result<Value> {
        match content {
            Content::Erred(culprit) => Err(self.error(plan, target, *culprit)),
            content => Ok(content.value().clone()),
        }
    }

    /// Why `task` has no value: it erred itself, or `culprit` did, on which it depends.
    fn error(&self, plan: &Plan, task: TaskId, culprit: TaskId) -> Error {
        let (key, message) = self.noted().messages[&culprit].clone();
        if task == culprit {
            Error::task(key, message)
        } else {
            Error::task_needs(plan.key(task).clone(), key, message)
        }
    }
}
