//! What is simulated.

use super::super::core::Placement;
use crate::error::{Error, Result};

/// The largest number of nodes.
pub const MOST_NODES: u32 = 10_000;

/// The largest number of slots of a node.
pub const MOST_SLOTS: u32 = 64;

/// A cluster, and what its tasks take. Times are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// The number of nodes.
    pub nodes: u32,
    /// How many tasks each runs at once.
    pub slots: u32,
    /// How long a task takes, on average.
    pub task_ms: f64,
    /// By which share of that the duration of a task may be longer or shorter: 0 to 1.
    pub spread: f64,
    /// The size of each value whose operation does not infer it.
    pub value_bytes: u64,
    /// What a node sends at most, and what it receives at most.
    pub bytes_per_ms: f64,
    /// How long a message is under way.
    pub latency_ms: f64,
    /// What a decision takes: to handle the end of a task and to send one to a node.
    pub decision_ms: f64,
    /// How often a node dies in an hour, on average. Its values are lost.
    pub failures_per_hour: f64,
    /// How long it takes until another node is there instead.
    pub restart_ms: f64,
    /// How nodes are chosen.
    pub placement: Placement,
    /// Whether targets are sent to the client, over one link. Otherwise they stay on the nodes.
    pub gather: bool,
    /// Selects durations and deaths.
    pub seed: u64,
}

impl Default for Parameters {
    /// 10 nodes of a small cluster: 1 ms on the way, 1 GB/s, and 20 us for a decision.
    fn default() -> Parameters {
        Parameters {
            nodes: 10,
            slots: 1,
            task_ms: 100.0,
            spread: 0.0,
            value_bytes: 1000,
            bytes_per_ms: 1e6,
            latency_ms: 1.0,
            decision_ms: 0.02,
            failures_per_hour: 0.0,
            restart_ms: 1000.0,
            placement: Placement::Earliest,
            gather: false,
            seed: 0,
        }
    }
}

impl Parameters {
    /// # Errors
    /// A number that is out of range.
    pub(super) fn check(&self) -> Result<()> {
        let times =
            [self.task_ms, self.latency_ms, self.decision_ms, self.failures_per_hour, self.restart_ms];
        if !(1..=MOST_NODES).contains(&self.nodes) {
            return Err(Error::invalid(format!(
                "nodes = {}: must be between 1 and {MOST_NODES}",
                self.nodes
            )));
        }
        if !(1..=MOST_SLOTS).contains(&self.slots) {
            return Err(Error::invalid(format!(
                "slots = {}: must be between 1 and {MOST_SLOTS}",
                self.slots
            )));
        }
        if !(0.0..=1.0).contains(&self.spread) {
            return Err(Error::invalid("the spread must be between 0 and 1"));
        }
        if times.iter().any(|time| !(0.0..=1e9).contains(time)) || !(1.0..=1e12).contains(&self.bytes_per_ms)
        {
            return Err(Error::invalid("a time, rate or bandwidth of the simulated cluster is out of range"));
        }
        Ok(())
    }
}
