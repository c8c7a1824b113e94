//! A run in a few numbers.

use super::{Action, Trace};
use crate::graph::{Plan, TaskId};

/// What a run comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// How many tasks there were.
    pub tasks: usize,
    /// How many workers there were.
    pub workers: usize,
    /// From the run's start to the end of its last task.
    pub makespan_ms: f64,
    /// What only a trace tells.
    pub traced: Option<Traced>,
}

/// What a trace tells of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// The time that each worker spent in tasks.
    pub busy_ms: Vec<f64>,
    /// How many tasks were taken from another worker.
    pub steals: usize,
    /// How often a task erred and was run again.
    pub retries: usize,
    /// How many tasks erred, or did not run since one had that they depend on.
    pub erred: usize,
    /// The most bytes that values held at once. Inputs are held until the task that reads them last has stopped.
    pub peak_bytes: u64,
    /// When they did, in milliseconds since the run's start.
    pub peak_ms: f64,
    /// How many events found no room in the trace, and so are in none of these numbers.
    pub dropped: u32,
}

impl Summary {
    /// Of a run that is over. O(events), and a sort of the tasks whose values hold memory.
    pub(crate) fn new(plan: &Plan, trace: &Trace, makespan_ms: f64) -> Summary {
        Summary {
            tasks: plan.len(),
            workers: trace.columns().len(),
            makespan_ms,
            traced: trace.is_enabled().then(|| Traced::new(plan, trace)),
        }
    }

    /// The time that workers spent in tasks, all together.
    pub fn work_ms(&self) -> Option<f64> {
        Some(self.traced.as_ref()?.busy_ms.iter().sum())
    }

    /// The share of the workers' time that was spent in tasks, between 0 and 1.
    pub fn utilisation(&self) -> Option<f64> {
        let available_ms = self.makespan_ms * self.workers as f64;
        self.work_ms().map(|work_ms| if available_ms > 0.0 { work_ms / available_ms } else { 0.0 })
    }

    /// The time that workers had and did not spend in tasks, for each task.
    pub fn overhead_ms(&self) -> Option<f64> {
        let idle_ms = self.makespan_ms * self.workers as f64 - self.work_ms()?;
        Some(idle_ms.max(0.0) / self.tasks as f64)
    }
}

impl Traced {
    fn new(plan: &Plan, trace: &Trace) -> Traced {
        let mut traced = Traced {
            busy_ms: vec![0.0; trace.columns().len()],
            steals: 0,
            retries: 0,
            erred: 0,
            peak_bytes: 0,
            peak_ms: 0.0,
            dropped: trace.columns().iter().map(|column| column.dropped()).sum(),
        };
        for (column, busy_ms) in trace.columns().iter().zip(&mut traced.busy_ms) {
            for event in column.events() {
                match event.action {
                    Action::Steal => traced.steals += 1,
                    Action::Retry => traced.retries += 1,
                    Action::Erred => traced.erred += 1,
                    Action::Compute | Action::Idle => {}
                }
                if event.action.is_busy() {
                    *busy_ms += event.stop_ms - event.start_ms;
                }
            }
        }
        (traced.peak_ms, traced.peak_bytes) = peak(plan, trace);
        traced
    }
}

/// When values held the most bytes, and how many. A value is there from its task's stop until the last of its
/// dependents has stopped; that of a target stays.
fn peak(plan: &Plan, trace: &Trace) -> (f64, u64) {
    let mut is_target = vec![false; plan.len()];
    plan.targets().iter().for_each(|&target| is_target[target as usize] = true);
    let released_ms = |task: TaskId| {
        let stops_ms = plan.dependents().row(task).iter().map(|&dependent| trace.stop_ms(dependent));
        stops_ms.fold(trace.stop_ms(task), f64::max)
    };
    // Where a value comes as another goes, both were there.
    let mut changes: Vec<(f64, i64)> = Vec::new();
    for (task, bytes) in
        plan.tasks().map(|task| (task, trace.bytes(task) as i64)).filter(|&(_, bytes)| bytes > 0)
    {
        changes.push((trace.stop_ms(task), bytes));
        if !is_target[task as usize] {
            changes.push((released_ms(task), -bytes));
        }
    }
    changes
        .sort_unstable_by(|(at, change), (other_at, other)| at.total_cmp(other_at).then(other.cmp(change)));
    let (mut held, mut peak) = (0, (0.0, 0));
    for (at_ms, change) in changes {
        held += change;
        if held > peak.1 {
            peak = (at_ms, held);
        }
    }
    (peak.0, peak.1 as u64)
}
