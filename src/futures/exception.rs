//! Exceptions of calls and futures: the name of Python's type, and its message.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::{error::Message, panics};

/// An exception, by the name of its type and its words, as Python has them.
///
/// It is plain data, so that it can come from another process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    name: Message,
    message: Message,
}

/// What a call returns: a value, or an exception.
pub type Outcome<T> = Result<T, Exception>;

const CANCELLED: &str = "CancelledError";
const TIMEOUT: &str = "TimeoutError";

impl Exception {
    /// An exception with these words.
    pub fn new(name: impl Into<Message>, message: impl Into<Message>) -> Exception {
        Exception { name: name.into(), message: message.into() }
    }

    /// The name of its type, such as `ZeroDivisionError`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says. Empty for some.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the future was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.name == CANCELLED
    }

    /// Whether the time ran out.
    pub fn is_timeout(&self) -> bool {
        self.name == TIMEOUT
    }

    pub(super) fn cancelled() -> Exception {
        Exception::new(CANCELLED, "")
    }

    pub(super) fn timeout() -> Exception {
        Exception::new(TIMEOUT, "")
    }

    /// `as_completed` ran out of time.
    pub(super) fn unfinished(pending: usize, total: usize) -> Exception {
        Exception::new(TIMEOUT, format!("{pending} (of {total}) futures unfinished"))
    }

    pub(super) fn runtime(message: impl Into<Message>) -> Exception {
        Exception::new("RuntimeError", message)
    }

    pub(super) fn value(message: impl Into<Message>) -> Exception {
        Exception::new("ValueError", message)
    }

    pub(super) fn invalid_state(message: String) -> Exception {
        Exception::new("InvalidStateError", message)
    }

    /// The executor was stopped while the call ran.
    pub(super) fn interrupted() -> Exception {
        Exception::new("KeyboardInterrupt", "")
    }

    /// A call that panicked, as Python sees a panic in an extension written in Rust (PyO3).
    pub(super) fn panic(payload: Box<dyn std::any::Any + Send>) -> Exception {
        let exception = Exception::new("PanicException", panics::words(&*payload).to_owned());
        panics::discard(payload);
        exception
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.message {
            "" => write!(f, "{}", self.name),
            message => write!(f, "{}: {message}", self.name),
        }
    }
}

impl std::error::Error for Exception {}

impl From<crate::error::Error> for Exception {
    fn from(error: crate::error::Error) -> Exception {
        Exception::value(Cow::Owned(error.to_string()))
    }
}
