//! The parameters of the model.

use crate::error::{Error, Result};

/// The machine that the model assumes. All times are in nanoseconds.
///
/// The defaults are assumptions: round numbers of the order of magnitude that Linux has on a small server. Those of a
/// wake-up were chosen so that two threads on two cores slow each other down about as much as Beazley reports, so that
/// ratio is no independent result. The tests do not depend on the exact values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The number of cores.
    pub cores: usize,
    /// How long a tick takes. 50, which is 20 million bytecode instructions a second.
    pub tick_ns: u64,
    /// What it costs to release a lock and wake the thread that waits for it: one system call, after which the lock was
    /// free all the time. 5 us, for the call and the interrupt that it sends to another core.
    pub signal_ns: u64,
    /// What it costs to release and take a lock for which nobody waits. 50, for a few atomic operations.
    pub uncontended_ns: u64,
    /// What a woken thread does before it knows whether the lock is free. 1 us, to return from a system call.
    pub wake_check_ns: u64,
    /// The least time from waking a thread until a core that sleeps can run it. 3 us, for an interrupt and the end of a
    /// light sleep.
    pub wakeup_ns: u64,
    /// By how much that time varies: up to 9 us more. The seed of a simulation selects how long each wake-up takes.
    pub wakeup_jitter_ns: u64,
    /// What it costs to put another thread on a core. 2 us.
    pub context_switch_ns: u64,
    /// How long a thread keeps its core while others wait for one. 3 ms: half of the scheduling period of 6 ms of
    /// Linux's CFS (`sched_latency_ns`), for two threads.
    pub time_slice_ns: u64,
    /// A woken thread takes the core of another one if it has run for less by at least this much. 1 ms:
    /// `sched_wakeup_granularity_ns` of Linux's CFS.
    pub wakeup_granularity_ns: u64,
    /// What it costs to start another interpreter in the same process. 20 ms, a bit less than a process.
    pub interpreter_start_ns: u64,
    /// What it costs to start a process with Python in it. 30 ms.
    pub process_start_ns: u64,
}

impl Default for Machine {
    fn default() -> Machine {
        Machine {
            cores: 2,
            tick_ns: 50,
            signal_ns: 5_000,
            uncontended_ns: 50,
            wake_check_ns: 1_000,
            wakeup_ns: 3_000,
            wakeup_jitter_ns: 9_000,
            context_switch_ns: 2_000,
            time_slice_ns: 3_000_000,
            wakeup_granularity_ns: 1_000_000,
            interpreter_start_ns: 20_000_000,
            process_start_ns: 30_000_000,
        }
    }
}

impl Machine {
    /// The defaults, with this number of cores.
    pub fn with_cores(cores: usize) -> Machine {
        Machine { cores, ..Machine::default() }
    }

    pub(super) fn check(&self) -> Result<()> {
        let times = [
            self.signal_ns,
            self.uncontended_ns,
            self.wake_check_ns,
            self.wakeup_ns,
            self.wakeup_jitter_ns,
            self.context_switch_ns,
            self.wakeup_granularity_ns,
            self.interpreter_start_ns,
            self.process_start_ns,
        ];
        if !(1..=1024).contains(&self.cores) {
            return Err(Error::invalid(format!("cores = {}: must be between 1 and 1024", self.cores)));
        }
        // A second is far more than any of these takes, and keeps all sums in range.
        if times.into_iter().any(|ns| ns > 1_000_000_000) {
            return Err(Error::invalid("a time of the machine is longer than a second"));
        }
        if !(1..=1_000_000_000).contains(&self.tick_ns)
            || !(10_000..=1_000_000_000).contains(&self.time_slice_ns)
        {
            return Err(Error::invalid("a tick takes 1 ns to 1 s, a time slice 10 us to 1 s"));
        }
        Ok(())
    }
}
