//! A lane: who does one thing at a time, such as a thread, a process, or a slot of a node.

use std::sync::atomic::{AtomicU64, Ordering::*};

/// Whose events a column of a trace holds.
#[derive(Debug)]
pub struct Lane {
    /// No other lane of the trace has this id.
    pub id: u32,
    /// Its name, for people.
    pub label: String,
    /// The machine that it is on. `None` if all lanes are on one.
    pub node: Option<String>,
    joined_ms: AtomicU64,
    left_ms: AtomicU64,
}

impl Lane {
    /// A lane that has not joined.
    pub(crate) fn new(id: u32, label: String, node: Option<String>) -> Lane {
        Lane { id, label, node, joined_ms: unknown(), left_ms: unknown() }
    }

    /// The lane of a worker of a run on this machine.
    pub(crate) fn worker(worker: usize) -> Lane {
        Lane::new(worker as u32, format!("worker {worker}"), None)
    }

    /// When it joined, in milliseconds since the run's start. `None` before that.
    pub fn joined_ms(&self) -> Option<f64> {
        known(&self.joined_ms)
    }

    /// When it left, in milliseconds since the run's start. `None` before that. A worker that gets a thread after the last
    /// task has stopped leaves when it joins.
    pub fn left_ms(&self) -> Option<f64> {
        let joined = self.joined_ms().unwrap_or(f64::NEG_INFINITY);
        known(&self.left_ms).map(|left| left.max(joined))
    }

    /// Notes when it joined: the first time counts.
    pub(super) fn join(&self, at_ms: f64) {
        let _ = self.joined_ms.compare_exchange(f64::NAN.to_bits(), at_ms.to_bits(), Relaxed, Relaxed);
    }

    /// Notes that it is there again.
    pub(super) fn return_again(&self) {
        self.left_ms.store(f64::NAN.to_bits(), Relaxed);
    }

    /// Notes when it left: the last time counts.
    pub(super) fn leave(&self, at_ms: f64) {
        self.left_ms.store(at_ms.to_bits(), Relaxed);
    }
}

fn unknown() -> AtomicU64 {
    AtomicU64::new(f64::NAN.to_bits())
}

fn known(ms: &AtomicU64) -> Option<f64> {
    Some(f64::from_bits(ms.load(Relaxed))).filter(|ms| !ms.is_nan())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_does_not_leave_before_it_joins() {
        let lane = Lane::worker(1);
        assert_eq!((lane.joined_ms(), lane.left_ms()), (None, None));
        lane.leave(2.0);
        lane.join(3.0);
        assert_eq!((lane.joined_ms(), lane.left_ms()), (Some(3.0), Some(3.0)));
        lane.join(4.0);
        lane.leave(5.0);
        assert_eq!((lane.joined_ms(), lane.left_ms()), (Some(3.0), Some(5.0)));
    }
}
