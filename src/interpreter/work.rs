//! What the threads of a program do.

use std::ops::Range;

use crate::{
    error::{Error, Result},
    ids::TaskId,
};

/// The longest that a thread may be busy by itself, in nanoseconds: one minute.
const LONGEST_NS: u64 = 60_000_000_000;

/// The largest number of threads, and of pieces of all threads.
const MOST_THREADS: usize = 64;
const MOST_PIECES: usize = 1_000_000;

/// A part of what a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Python code: needs the lock, and checks after each tick whether to drop it. A tick is about one bytecode
    /// instruction.
    Interpreted {
        /// The number of ticks.
        ticks: u64,
    },
    /// Compiled code, which never checks.
    Native {
        /// How long it takes on a core of its own, in nanoseconds.
        ns: u64,
        /// Whether the thread keeps the lock meanwhile. If not, it releases the lock first and takes it again when it needs
        /// it.
        keeps_lock: bool,
    },
    /// A call that waits for something outside of the program, such as a disk or a network, without the lock.
    Blocking {
        /// How long it waits, in nanoseconds.
        ns: u64,
    },
}

/// The threads of a program, each with its pieces in order. All threads start at the same time.
///
/// The pieces are numbered through all threads: the first thread has the first numbers. In a trace, they are the tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// For each thread, its pieces.
    pub threads: Vec<Vec<Piece>>,
}

impl Program {
    /// `threads` threads that all do the same.
    pub fn uniform(threads: usize, pieces: &[Piece]) -> Program {
        Program { threads: vec![pieces.to_vec(); threads] }
    }

    /// The number of pieces of all threads.
    pub fn pieces(&self) -> usize {
        self.threads.iter().map(Vec::len).sum()
    }

    /// The numbers of each thread's pieces.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Range<TaskId>> {
        self.threads.iter().scan(0, |next, pieces| {
            let first = *next;
            *next += pieces.len() as TaskId;
            Some(first..*next)
        })
    }

    pub(super) fn check(&self, tick_ns: u64) -> Result<()> {
        let (threads, pieces) = (self.threads.len(), self.pieces());
        if threads == 0 || threads > MOST_THREADS {
            return Err(Error::invalid(format!("threads = {threads}: must be between 1 and {MOST_THREADS}")));
        }
        if pieces == 0 || pieces > MOST_PIECES {
            return Err(Error::invalid(format!("pieces = {pieces}: must be between 1 and {MOST_PIECES}")));
        }
        let too_long = |pieces: &Vec<Piece>| {
            let ns = pieces.iter().map(|piece| piece.ns(tick_ns)).fold(0, u64::saturating_add);
            ns > LONGEST_NS
        };
        match self.threads.iter().position(too_long) {
            Some(thread) => {
                Err(Error::invalid(format!("thread {thread} takes more than a minute: give it less work")))
            }
            None => Ok(()),
        }
    }
}

impl Piece {
    /// How long the piece takes if nothing disturbs it.
    pub(super) fn ns(self, tick_ns: u64) -> u64 {
        match self {
            Piece::Interpreted { ticks } => ticks.saturating_mul(tick_ns),
            Piece::Native { ns, .. } | Piece::Blocking { ns } => ns,
        }
    }

    pub(super) fn needs_lock(self) -> bool {
        matches!(self, Piece::Interpreted { .. } | Piece::Native { keeps_lock: true, .. })
    }
}
