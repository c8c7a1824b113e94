//! What lies in a task's slot. A [`Value`] is what a task computed; whether there is one is the scheduler's business.

use super::discard::Discard;
use crate::{graph::TaskId, value::Value};

/// The content of a slot: as large as a value, so that a graph of a million tasks needs 16 MB of slots.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Content {
    /// Nothing: the task is still to run, or its value has been released.
    #[default]
    Empty,
    /// What the task computed. [`Value::None`] is a value, too.
    Value(Value),
    /// The task erred, or did not run because it depends on this task, which erred.
    Erred(TaskId),
}

impl Content {
    /// The value, for a task that reads it.
    ///
    /// # Panics
    /// If there is none. A task runs when all its dependencies have a value.
    #[inline]
    pub(super) fn value(&self) -> &Value {
        match self {
            Content::Value(value) => value,
            _ => no_value(),
        }
    }

    /// The same for the last task that reads it.
    #[inline]
    pub(super) fn into_value(self) -> Value {
        match self {
            Content::Value(value) => value,
            _ => no_value(),
        }
    }
}

#[cold]
fn no_value() -> ! {
    unreachable!("a task runs when all its dependencies have a value, and takes each of them once")
}

impl Discard for Content {
    #[inline]
    fn discard(self) -> u64 {
        match self {
            Content::Empty | Content::Erred(_) => 0,
            Content::Value(value) => value.discard(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_as_large_as_a_value() {
        assert_eq!(size_of::<Content>(), size_of::<Value>());
    }
}
