//! A run in a few numbers.

use super::{action::Action, columns::Trace, lane::Lane};

/// The figures of a finished run.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// How many tasks there were.
    pub tasks: usize,
    /// How many workers there were.
    pub workers: usize,
    /// From the run's start to the end of its last task.
    pub makespan_ms: f64,
    /// The time of all workers together. A node of a cluster counts from when it joined until it left.
    pub available_ms: f64,
    /// What only a trace tells.
    pub traced: Option<Traced>,
}

/// What a trace tells of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// The time that each worker spent in tasks.
    pub busy_ms: Vec<f64>,
    /// The time that workers spent between tasks, summed over all workers.
    pub overhead_ms: f64,
    /// How many tasks were taken from another worker.
    pub steals: usize,
    /// How often a task erred and was run again.
    pub retries: usize,
    /// How many tasks erred, or did not run since one had that they depend on.
    pub erred: usize,
    /// The most bytes that the run held at once: values, the scratch memory of tasks that ran, and the blocks of
    /// persisted arrays. The same schedule succeeds with this as its memory limit.
    pub peak_bytes: u64,
    /// How many events found no room in the trace, and so are in none of these numbers.
    pub dropped: u32,
}

impl Summary {
    /// Of a run of `tasks` tasks that is over. O(events).
    pub(crate) fn new(tasks: usize, trace: &Trace, makespan_ms: f64, peak_bytes: u64) -> Summary {
        let span_ms = |lane: &Lane| match &lane.node {
            Some(_) => {
                let within = |at_ms: f64| at_ms.clamp(0.0, makespan_ms.max(0.0));
                within(lane.left_ms().unwrap_or(makespan_ms)) - within(lane.joined_ms().unwrap_or(0.0))
            }
            None => makespan_ms,
        };
        Summary {
            tasks,
            workers: trace.columns().len(),
            makespan_ms,
            available_ms: trace.columns().iter().map(|column| span_ms(column.lane())).sum(),
            traced: trace.is_enabled().then(|| Traced::new(trace, peak_bytes)),
        }
    }

    /// The time that workers spent in tasks, all together.
    pub fn work_ms(&self) -> Option<f64> {
        Some(self.traced.as_ref()?.busy_ms.iter().sum())
    }

    /// The share of the workers' time that was spent in tasks, between 0 and 1.
    pub fn utilisation(&self) -> Option<f64> {
        let share = |work_ms| if self.available_ms > 0.0 { work_ms / self.available_ms } else { 0.0 };
        self.work_ms().map(share)
    }
}

impl Traced {
    fn new(trace: &Trace, peak_bytes: u64) -> Traced {
        let mut traced = Traced {
            busy_ms: vec![0.0; trace.columns().len()],
            overhead_ms: 0.0,
            steals: 0,
            retries: 0,
            erred: 0,
            peak_bytes,
            dropped: trace.columns().iter().map(|column| column.dropped()).sum(),
        };
        for (column, busy_ms) in trace.columns().iter().zip(&mut traced.busy_ms) {
            for event in column.events() {
                match event.action {
                    Action::Steal => traced.steals += 1,
                    Action::Retry => traced.retries += 1,
                    Action::Erred => traced.erred += 1,
                    Action::Overhead => traced.overhead_ms += event.stop_ms - event.start_ms,
                    _ => {}
                }
                if event.action.is_busy() {
                    *busy_ms += event.stop_ms - event.start_ms;
                }
            }
        }
        traced
    }
}
