//! Who may run Python code at the same time, and when a thread gives way.

use std::time::Duration;

use super::lock::Rule;
use crate::{
    error::{Error, Result},
    trace::Action,
};

/// How an interpreter shares the machine among its threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Python up to 3.1: the holder releases the lock every `check` ticks and takes it again at once. Nothing makes it
    /// wait until another thread has had it.
    Ticks {
        /// `sys.setcheckinterval`: 100 by default.
        check: u32,
    },
    /// Python 3.2 and later: a thread that has waited for `ns` without a switch requests the lock. The holder drops it at
    /// its next check, and waits until another thread has taken it.
    Interval {
        /// `sys.setswitchinterval`: 5 ms by default.
        ns: u64,
    },
    /// Each thread has an interpreter of its own, with its own lock (Python 3.12, PEP 684). They share nothing.
    PerInterpreter,
    /// No lock (PEP 703). Interpreted code takes `cost_percent` longer than with a lock: about 40 in Python 3.13, 5 to 10
    /// in 3.14 (PEP 779).
    None {
        /// By how much a single thread is slower, in percent.
        cost_percent: u32,
    },
    /// Each thread is a process of its own, which takes time to start. They share nothing.
    Processes,
}

/// One minute.
const LONGEST_INTERVAL_NS: u64 = 60_000_000_000;

impl Policy {
    /// Python up to 3.1.
    pub const TICKS: Policy = Policy::Ticks { check: 100 };
    /// Python 3.2 and later.
    pub const INTERVAL: Policy = Policy::Interval { ns: 5_000_000 };
    /// A free-threaded Python 3.14.
    pub const NONE: Policy = Policy::None { cost_percent: 10 };

    /// The name, as in the interface.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Ticks { .. } => "ticks",
            Policy::Interval { .. } => "interval",
            Policy::PerInterpreter => "per interpreter",
            Policy::None { .. } => "none",
            Policy::Processes => "processes",
        }
    }

    /// Whether all threads share one lock.
    pub fn is_shared(self) -> bool {
        matches!(self, Policy::Ticks { .. } | Policy::Interval { .. })
    }

    /// Whether threads can run under it: they cannot stand in for processes.
    pub fn runs_live(self) -> bool {
        self != Policy::Processes
    }

    /// The action to record while a thread runs interpreted code.
    pub(crate) fn interpreted(self) -> Action {
        if self.has_lock() { Action::Hold } else { Action::LockFree }
    }

    /// The action to record while a thread runs native code.
    pub(super) fn native(self, keeps_lock: bool) -> Action {
        if keeps_lock && self.has_lock() { Action::Hold } else { Action::Native }
    }

    /// Whether a thread needs a lock to run interpreted code.
    pub(crate) fn has_lock(self) -> bool {
        !matches!(self, Policy::None { .. })
    }

    /// How the holder of a lock gives way.
    pub(crate) fn rule(self) -> Rule {
        match self {
            Policy::Ticks { .. } => Rule::Ticks,
            Policy::Interval { ns } => Rule::Interval(Duration::from_nanos(ns)),
            _ => Rule::Interval(Duration::from_millis(5)),
        }
    }

    /// `ns` of interpreted code under this policy.
    pub(super) fn tick_ns(self, ns: u64) -> u64 {
        match self {
            Policy::None { cost_percent } => ns * u64::from(100 + cost_percent) / 100,
            _ => ns,
        }
    }

    pub(crate) fn check(self) -> Result<()> {
        match self {
            Policy::Ticks { check: 0 } => Err(Error::invalid("check = 0: must be at least 1 tick")),
            Policy::Interval { ns } if ns < 1000 => {
                Err(Error::invalid(format!("interval = {ns} ns: must be at least 1000 ns")))
            }
            Policy::Interval { ns } if ns > LONGEST_INTERVAL_NS => {
                Err(Error::invalid(format!("interval = {ns} ns: must be at most 60 s")))
            }
            Policy::None { cost_percent } if cost_percent > 1000 => {
                Err(Error::invalid(format!("cost = {cost_percent} %: must be at most 1000 %")))
            }
            _ => Ok(()),
        }
    }
}
