//! Values that a batch takes from earlier batches.

use std::sync::Arc;

use super::{content::Content, failures::Failures, memory::Memory, shown::Shown};
use crate::{
    error::{Error, Result},
    graph::{Plan, TaskId},
    value::Value,
};

/// A value that a batch takes from an earlier one, a `B`.
pub(super) struct Source<B> {
    /// The task whose value it becomes. It does not run.
    pub(super) task: TaskId,
    pub(super) batch: Arc<B>,
    /// Its place among the targets of the earlier batch.
    pub(super) target: usize,
}

/// A batch whose targets can be taken when it is complete.
pub(super) trait Targets {
    /// The value of the target with this place, or why it has none.
    ///
    /// # Panics
    /// If the batch is not complete.
    fn target(&self, place: usize) -> Result<Value>;
}

/// The batch that takes it.
pub(super) struct Taker<'a> {
    pub(super) plan: &'a Plan,
    pub(super) memory: &'a Memory,
    pub(super) failures: &'a Failures,
    pub(super) shown: Option<&'a Shown>,
    pub(super) keep_going: bool,
}

impl<B: Targets> Source<B> {
    /// What comes into the slot of the task: the value, for which room is reserved.
    ///
    /// # Errors
    /// There is no value, or no room for it, and the run does not keep going. Or the earlier batch was cancelled.
    pub(super) fn take(&self, taker: &Taker<'_>) -> Result<Content> {
        let error = match self.batch.target(self.target).and_then(|value| self.adopt(taker, value)) {
            Ok(value) => return Ok(Content::Value(value)),
            Err(error) => error,
        };
        match error.task_message() {
            Some((key, message)) if taker.keep_going => {
                taker.failures.note(self.task, key.clone(), message.clone());
                Ok(Content::Erred(self.task))
            }
            _ => Err(error),
        }
    }

    fn adopt(&self, taker: &Taker<'_>, value: Value) -> Result<Value> {
        let bytes = value.bytes();
        let room = taker.memory.reserve(bytes).and_then(|room| room.keep(bytes));
        room.map_err(|message| Error::task(taker.plan.key(self.task).clone(), message))?;
        if let Some(shown) = taker.shown {
            shown.note(self.task, &value);
        }
        Ok(value)
    }
}
