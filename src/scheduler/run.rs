//! The handle on a run: step it or wait for it, cancel it, and see what it did and what came of it.

use std::{sync::Arc, time::Duration};

use super::{memory::Memory, options::Options, shared::Shared, shown::Shown, sync::Sequence, threads};
use crate::{
    clock::now_ms,
    error::Result,
    graph::Plan,
    trace::{Summary, Trace},
    value::Value,
};

/// A run, under way or over. Dropping it cancels it.
pub struct Run {
    plan: Arc<Plan>,
    kind: Kind,
}

enum Kind {
    Sync(Box<Sequence>),
    Threads(Arc<Shared>),
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The values of the targets, in the order in which they were asked for. In a run that keeps going, the error of
    /// each target that has none.
    pub values: Vec<Result<Value>>,
    /// The run in a few numbers.
    pub summary: Summary,
}

impl Outcome {
    /// The values of all targets.
    ///
    /// # Errors
    /// The first target that has none, and why.
    pub fn values(&self) -> Result<Vec<Value>> {
        self.values.iter().cloned().collect()
    }
}

impl Run {
    pub(super) fn sync(plan: Arc<Plan>, options: &Options) -> Run {
        let kind = Kind::Sync(Box::new(Sequence::new(plan.clone(), options)));
        Run { plan, kind }
    }

    pub(super) fn threads(plan: Arc<Plan>, options: &Options) -> Run {
        let kind = Kind::Threads(threads::start(plan.clone(), options));
        Run { plan, kind }
    }

    /// Lets `sync` run tasks until `budget_ms` has passed, and at least one; `threads` needs no steps. Whether
    /// the run is over.
    pub fn step(&mut self, budget_ms: f64) -> bool {
        if let Kind::Sync(sequence) = &mut self.kind {
            sequence.step(now_ms() + budget_ms);
        }
        self.is_over()
    }

    /// Blocks until the run is over. Not for a browser's main thread, which must not block.
    ///
    /// # Errors
    /// See [`outcome`](Run::outcome).
    pub fn wait(&mut self) -> Result<Outcome> {
        match &mut self.kind {
            Kind::Sync(sequence) => sequence.step(f64::INFINITY),
            Kind::Threads(threads) => threads.completion.wait(),
        }
        self.outcome()
    }

    /// Blocks until the run is over, or until `timeout` has passed: then the result is `None`, and the run goes on. A run
    /// of `sync` runs its tasks in this call, at least one, and finishes the one that is under way at that time.
    ///
    /// ```
    /// # use dagdeck::{GraphBuilder, Op, Plan, scheduler};
    /// use std::time::Duration;
    ///
    /// # let mut graph = GraphBuilder::new();
    /// # graph.task("hello-0".into(), Op::NoOp, []);
    /// # graph.target("hello-0".into());
    /// # let plan = Plan::new(&graph.build()?);
    /// # let mut run = scheduler::start(plan.into(), scheduler::Options { workers: 2, ..Default::default() })?;
    /// let outcome = loop {
    ///     match run.wait_timeout(Duration::from_millis(100)) {
    ///         Some(outcome) => break outcome?,
    ///         None => println!("still running"),
    ///     }
    /// };
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    pub fn wait_timeout(&mut self, timeout: Duration) -> Option<Result<Outcome>> {
        let is_over = match &mut self.kind {
            Kind::Sync(_) => self.step(timeout.as_secs_f64() * 1e3),
            Kind::Threads(threads) => threads.completion.wait_timeout(timeout),
        };
        is_over.then(|| self.outcome())
    }

    /// Resolves when a run of `threads` is over; at once for `sync`, which goes on only when it is stepped.
    pub fn completed(&self) -> impl Future<Output = ()> + use<> {
        let threads = match &self.kind {
            Kind::Sync(_) => None,
            Kind::Threads(threads) => Some(threads.clone()),
        };
        async move {
            if let Some(threads) = threads {
                threads.completion.completed().await;
            }
        }
    }

    /// Lets no further task start. The run is over when the tasks that run now have ended. A run that is over does not
    /// change.
    pub fn cancel(&mut self) {
        if self.is_over() {
            return;
        }
        match &mut self.kind {
            Kind::Sync(sequence) => sequence.cancel(),
            Kind::Threads(threads) => threads.stop(),
        }
    }

    /// Whether no task runs any more, nor will.
    pub fn is_over(&self) -> bool {
        match &self.kind {
            Kind::Sync(sequence) => sequence.ending().is_some(),
            Kind::Threads(threads) => threads.completion.is_complete(),
        }
    }

    /// When the last task stopped, if the run is over.
    fn over_ms(&self) -> Option<f64> {
        match &self.kind {
            Kind::Sync(sequence) => sequence.ending().map(|ending| ending.at_ms),
            Kind::Threads(threads) => threads.completion.ending().map(|ending| ending.at_ms),
        }
    }

    /// What was run.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What each worker has done so far; empty if no trace was asked for.
    pub fn trace(&self) -> &Trace {
        match &self.kind {
            Kind::Sync(sequence) => sequence.trace(),
            Kind::Threads(threads) => &threads.trace,
        }
    }

    /// The values of targets that have finished since this was last asked, each with its place among the targets:
    /// also while the run goes on. None if [`Options::shown`] was not set.
    pub fn finished_targets(&self) -> Vec<(usize, Value)> {
        let shown = match &self.kind {
            Kind::Sync(sequence) => &sequence.shown,
            Kind::Threads(threads) => &threads.shown,
        };
        shown.as_ref().map(Shown::take).unwrap_or_default()
    }

    /// How many bytes the values hold that are there now, and those that are being made. After a run that went well,
    /// that of its targets; after one that did not, nothing.
    pub fn held_bytes(&self) -> u64 {
        self.memory().held()
    }

    fn memory(&self) -> &Memory {
        match &self.kind {
            Kind::Sync(sequence) => sequence.memory(),
            Kind::Threads(threads) => &threads.memory,
        }
    }

    /// What came of the run.
    ///
    /// # Errors
    /// A task that erred, with its key and what it said, unless the run keeps going; or that the run was cancelled.
    ///
    /// # Panics
    /// If the run is not over.
    pub fn outcome(&self) -> Result<Outcome> {
        let over_ms = self.over_ms().expect("asked for the outcome of a run that is not over");
        let values = match &self.kind {
            Kind::Sync(sequence) => sequence.outcome(),
            Kind::Threads(threads) => threads.outcome(),
        }?;
        let trace = self.trace();
        let summary =
            Summary::new(self.plan.len(), trace, over_ms - trace.started_ms(), self.memory().peak());
        Ok(Outcome { values, summary })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.cancel();
    }
}
