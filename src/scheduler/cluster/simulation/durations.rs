//! How long each task takes.

use super::{super::dice::Dice, parameters::Parameters};
use crate::graph::TaskId;

/// The duration of a task follows from the seed and its id, so it is the same on every node and in every attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Durations {
    task_ms: f64,
    spread: f64,
    seed: u64,
}

impl Durations {
    pub(super) fn new(parameters: &Parameters) -> Durations {
        Durations { task_ms: parameters.task_ms, spread: parameters.spread, seed: parameters.seed }
    }

    /// No task takes less.
    pub(super) fn least_ms(&self) -> f64 {
        self.task_ms * (1.0 - self.spread)
    }

    /// Evenly distributed around the mean.
    #[inline]
    pub(super) fn ms(&self, task: TaskId) -> f64 {
        if self.spread == 0.0 {
            return self.task_ms;
        }
        let unit = Dice::new(self.seed ^ (u64::from(task) << 32 | u64::from(task))).unit();
        self.task_ms * (1.0 + self.spread * (2.0 * unit - 1.0))
    }
}
