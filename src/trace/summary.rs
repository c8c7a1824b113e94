//! A run in a few numbers.

use super::{Action, Trace};

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many tasks ran.
    pub tasks: usize,
    /// How many workers there were.
    pub workers: usize,
    /// From the run's start to the end of its last task.
    pub makespan_ms: f64,
    /// The time that workers spent in tasks, all together, if the run was traced.
    pub work_ms: Option<f64>,
}

impl Summary {
    /// The share of the workers' time that was spent in tasks, between 0 and 1.
    pub fn utilisation(&self) -> Option<f64> {
        let available_ms = self.makespan_ms * self.workers as f64;
        self.work_ms.map(|work_ms| if available_ms > 0.0 { work_ms / available_ms } else { 0.0 })
    }
}

/// The time that workers spent in tasks, all together. O(events).
pub(crate) fn work_ms(trace: &Trace) -> f64 {
    let events = trace.columns().iter().flat_map(|column| column.events());
    let busy = events.filter(|event| event.action != Action::Idle);
    busy.map(|event| event.stop_ms - event.start_ms).sum()
}
