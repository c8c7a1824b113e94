//! The states of a task, as Dask's scheduler names them.

use std::fmt;

/// The state of a task. `README.md` beside this file has the transitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// It has no value, and nobody needs one now.
    Released,
    /// Its value is needed, and an input has no value.
    Waiting,
    /// It could run, and there is no node.
    NoWorker,
    /// It could run, and waits in the scheduler for a node with room.
    Queued,
    /// It was sent to a node.
    Processing,
    /// A node has its value.
    Memory,
    /// It erred, or one that it depends on did.
    Erred,
    /// Nobody will ever need its value again.
    Forgotten,
}

impl State {
    /// Whether the task is on its way to a value, and so needs its inputs.
    #[inline]
    pub fn is_active(self) -> bool {
        matches!(self, State::Waiting | State::NoWorker | State::Queued | State::Processing)
    }

    /// Dask's name.
    pub fn name(self) -> &'static str {
        match self {
            State::Released => "released",
            State::Waiting => "waiting",
            State::NoWorker => "no-worker",
            State::Queued => "queued",
            State::Processing => "processing",
            State::Memory => "memory",
            State::Erred => "erred",
            State::Forgotten => "forgotten",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
