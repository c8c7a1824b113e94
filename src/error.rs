//! The one error type: what the user did wrong, where, and how to fix it.
//!
//! Mistakes in a user's input (a graph, a parameter, a shape) are errors; broken invariants of the crate are
//! panics. A panic inside a task becomes an error of that task, see [`scheduler`](crate::scheduler).

use std::{borrow::Cow, fmt};

use crate::key::Key;

/// Why a graph could not be built or a run gave no value. The message names the key and the fix.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Kind);

/// Why a task gave no value.
pub type Message = Cow<'static, str>;

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    MissingKey { missing: Key, needed_by: Option<Key> },
    DuplicateKey(Key),
    Cycle(Vec<Key>),
    NoTarget,
    Task { key: Key, message: Message, needed_by: Option<Key> },
    Cancelled,
    Json { message: String, line: usize, column: usize },
    Invalid(Message),
}

/// What is wrong in JSON, without the place.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let mut text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.truncate(text.strip_suffix(&place).unwrap_or(&text).len());
    text
}

impl Error {
    pub(crate) fn missing_key(missing: Key, needed_by: Option<Key>) -> Error {
        Error(Kind::MissingKey { missing, needed_by })
    }

    pub(crate) fn duplicate_key(key: Key) -> Error {
        Error(Kind::DuplicateKey(key))
    }

    pub(crate) fn cycle(keys: Vec<Key>) -> Error {
        Error(Kind::Cycle(keys))
    }

    pub(crate) fn no_target() -> Error {
        Error(Kind::NoTarget)
    }

    /// A task that erred with the kernel's `message`.
    pub(crate) fn task(key: Key, message: impl Into<Message>) -> Error {
        Error(Kind::Task { key, message: message.into(), needed_by: None })
    }

    /// A task that did not run because it needs one that erred.
    pub(crate) fn task_needs(needed_by: Key, key: Key, message: impl Into<Message>) -> Error {
        Error(Kind::Task { key, message: message.into(), needed_by: Some(needed_by) })
    }

    pub(crate) fn cancelled() -> Error {
        Error(Kind::Cancelled)
    }

    /// A batch that comes too late.
    pub(crate) fn closed() -> Error {
        Error::invalid("the session is closed: it takes no more batches")
    }

    /// What is wrong in a text, and where. Lines and columns count from 1.
    pub(crate) fn json(message: String, line: usize, column: usize) -> Error {
        Error(Kind::Json { message, line, column })
    }

    /// More tasks or edges than a graph may have.
    pub(crate) fn too_large(what: &str, most: usize) -> Error {
        Error::invalid(format!("too large: a graph has at most {most} {what}"))
    }

    /// Any other invalid input; the message says what is allowed.
    pub(crate) fn invalid(message: impl Into<Message>) -> Error {
        Error(Kind::Invalid(message.into()))
    }

    /// The same error, prefixed with its place.
    pub(crate) fn within(&self, place: &str) -> Error {
        Error::invalid(format!("{place}: {self}"))
    }

    /// Whether the run was cancelled.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0, Kind::Cancelled)
    }

    /// The line and column of the error in the text, both counted from 1.
    pub fn place(&self) -> Option<(usize, usize)> {
        match self.0 {
            Kind::Json { line, column, .. } => Some((line, column)),
            _ => None,
        }
    }

    /// The key of the task that erred, if any, and what it said.
    pub(crate) fn task_message(&self) -> Option<(&Key, &Message)> {
        match &self.0 {
            Kind::Task { key, message, .. } => Some((key, message)),
            _ => None,
        }
    }

    /// The key of the task that erred, if any.
    pub fn task_key(&self) -> Option<&Key> {
        self.task_message().map(|(key, _)| key)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::MissingKey { missing, needed_by: Some(key) } => {
                write!(f, "missing key: {key} depends on {missing}, which no task has")
            }
            Kind::MissingKey { missing, needed_by: None } => {
                write!(f, "missing key: {missing} is a target, but no task has that key")
            }
            Kind::DuplicateKey(key) => write!(f, "duplicate key: two tasks are called {key}"),
            Kind::Cycle(keys) => {
                write!(f, "cycle: ")?;
                for key in keys {
                    write!(f, "{key} -> ")?;
                }
                write!(f, "{}", keys[0])
            }
            Kind::NoTarget => write!(f, "no target: name at least one key to compute"),
            Kind::Task { key, message, needed_by: None } => write!(f, "{key} erred: {message}"),
            Kind::Task { key, message, needed_by: Some(task) } => {
                write!(f, "{task} needs {key}, which erred: {message}")
            }
            Kind::Cancelled => write!(f, "the run was cancelled"),
            Kind::Json { message, line, column } => write!(f, "{message} (line {line}, column {column})"),
            Kind::Invalid(message) => write!(f, "{message}"),
        }
    }
}

impl std::error::Error for Error {}

/// The beginning of a text, short enough for a message.
pub(crate) fn shown(text: &str) -> &str {
    match text.char_indices().nth(60) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
