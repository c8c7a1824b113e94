//! The handle on a run: step it or wait for it, cancel it, and see what it did and what came of it.

use std::{sync::Arc, time::Duration};

use super::{
    cluster::live::{self, Cluster, FutureId, News, Place, Request},
    options::{Options, Scheduler},
    processes::{Command, Event, Joined, Processes},
    session::{Batch, Session},
};
use crate::{
    error::{Error, Result},
    graph::Plan,
    trace::{Summary, Trace},
    value::Value,
};

/// A run, under way or over: a session of one batch. Dropping it cancels it.
pub struct Run {
    session: Session,
    batch: Batch,
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

    /// The values of the first targets: at most `most` of them, whose elements take at most `bytes` bytes together.
    pub fn first(&self, most: usize, mut bytes: u64) -> &[Result<Value>] {
        let fits = |value: &&Result<Value>| {
            let left = bytes.checked_sub(value.as_ref().map_or(0, Value::bytes));
            bytes = left.unwrap_or(0);
            left.is_some()
        };
        let fitting = self.values.iter().take(most).take_while(fits).count();
        &self.values[..fitting]
    }
}

impl Run {
    pub(super) fn new(plan: Arc<Plan>, options: &Options) -> Result<Run> {
        let (session, batch) = Session::of_one(plan, options)?;
        Ok(Run { session, batch })
    }

    /// Opens a cluster. It runs what its client [asks for](Run::ask) until it is [cancelled](Run::cancel), and keeps no trace.
    ///
    /// # Errors
    /// An option is out of range.
    pub fn open_cluster(options: Options) -> Result<Run> {
        let options = Options { scheduler: Scheduler::Cluster, ..options };
        let (session, batch) = Session::open_cluster(&options)?;
        Ok(Run { session, batch })
    }

    /// Does what the client of an open cluster asks for.
    ///
    /// # Errors
    /// It cannot be done, or the run is not an open cluster.
    pub fn ask(&self, request: Request) -> Result<()> {
        self.session.cluster().map_or(Err(Error::closed()), |cluster| cluster.ask(request))
    }

    /// Takes what the client of an open cluster is to be told: asked for after each request and each event.
    pub fn news(&self) -> Vec<News> {
        self.session.cluster().map(Cluster::news).unwrap_or_default()
    }

    /// The places of an open cluster whose nodes have the value of a future.
    pub fn who_has(&self, future: FutureId) -> Vec<u32> {
        self.session.cluster().map(|cluster| cluster.who_has(future)).unwrap_or_default()
    }

    /// Tells a run of `processes` what happened to one of them.
    pub fn tell(&self, event: Event) {
        if let Some(processes) = self.session.processes() {
            processes.tell(event);
        }
    }

    /// What is to be done for a run of `processes`, in this order: asked for after the start, after each event and after a
    /// cancel.
    pub fn commands(&self) -> Vec<Command> {
        self.session.processes().map(Processes::commands).unwrap_or_default()
    }

    /// The processes that were started so far.
    pub fn joined(&self) -> Vec<Joined> {
        self.session.processes().map(Processes::joined).unwrap_or_default()
    }

    /// Whether it is a run of `cluster`.
    pub fn is_cluster(&self) -> bool {
        self.session.cluster().is_some()
    }

    /// Tells a run of `cluster` what happened to one of its nodes.
    pub fn tell_cluster(&self, event: live::Event) {
        if let Some(cluster) = self.session.cluster() {
            cluster.tell(event);
        }
    }

    /// What is to be done for a run of `cluster`, in this order: asked for after the start, after each event, and after a node
    /// was added or killed, or the run cancelled.
    pub fn cluster_commands(&self) -> Vec<live::Command> {
        self.session.cluster().map(Cluster::commands).unwrap_or_default()
    }

    /// The places of a run of `cluster` that have a node.
    pub fn places(&self) -> Vec<Place> {
        self.session.cluster().map(Cluster::places).unwrap_or_default()
    }

    /// What happened to the node of a run of `cluster` that died last, as a sentence. `None` if none has died by itself.
    pub fn last_death(&self) -> Option<String> {
        self.session.cluster().and_then(Cluster::last_death)
    }

    /// Adds a node to a run of `cluster`. Returns its place, or `None` if there is no room for another.
    pub fn add_node(&self) -> Option<u32> {
        self.session.cluster().and_then(Cluster::add)
    }

    /// Ends the node at a place of a run of `cluster`, whatever it does: what it holds is lost. Returns whether there is one.
    pub fn kill_node(&self, place: u32) -> bool {
        self.session.cluster().is_some_and(|cluster| cluster.kill(place))
    }

    /// Lets `sync` run tasks until `budget_ms` has passed, and at least one; `threads` needs no steps. Lets `processes` and
    /// `cluster` run tasks, too, inside this process: for the host. Whether the run is over.
    pub fn step(&mut self, budget_ms: f64) -> bool {
        self.session.step(budget_ms);
        self.is_over()
    }

    /// Blocks until the run is over. Not for a browser's main thread, which must not block.
    ///
    /// # Errors
    /// See [`outcome`](Run::outcome).
    pub fn wait(&mut self) -> Result<Outcome> {
        self.session.wait();
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
        self.session.wait_timeout(timeout).then(|| self.outcome())
    }

    /// Resolves when a run of `threads` is over; at once for `sync`, which goes on only when it is stepped.
    pub fn completed(&self) -> impl Future<Output = ()> + use<> {
        self.session.completed()
    }

    /// Lets no further task start. The run is over when the tasks that run now have ended. A run that is over does not
    /// change.
    pub fn cancel(&mut self) {
        self.session.cancel();
    }

    /// Whether no task runs any more, nor will.
    pub fn is_over(&self) -> bool {
        self.session.is_over()
    }

    /// What was run.
    pub fn plan(&self) -> &Plan {
        self.batch.plan()
    }

    /// What each worker has done so far; empty if no trace was asked for.
    pub fn trace(&self) -> &Trace {
        self.session.trace()
    }

    /// The values of targets that have finished since this was last asked, each with its place among the targets:
    /// also while the run goes on. None if [`Options::shown`] was not set.
    pub fn finished_targets(&self) -> Vec<(usize, Value)> {
        self.batch.finished_targets()
    }

    /// How many bytes the values hold that are there now, and those that are being made. After a run that went well,
    /// that of its targets; after one that did not, nothing.
    pub fn held_bytes(&self) -> u64 {
        self.session.held_bytes()
    }

    /// What came of the run.
    ///
    /// # Errors
    /// A task that erred, with its key and what it said, unless the run keeps going; or that the run was cancelled.
    ///
    /// # Panics
    /// If the run is not over.
    pub fn outcome(&self) -> Result<Outcome> {
        assert!(self.is_over(), "asked for the outcome of a run that is not over");
        let values = self.batch.outcome()?;
        let summary = self.session.summary().expect("the run is over");
        Ok(Outcome { values, summary })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Block;

    #[test]
    fn the_first_values_are_as_many_as_fit() {
        let block = |len: usize| Ok(Block::new(&[len], vec![0.0; len]).into());
        let values =
            vec![block(2), Err(Error::invalid("no value")), Ok(Value::None), block(1), block(3), block(1)];
        let summary = Summary { tasks: 6, workers: 1, makespan_ms: 0.0, available_ms: 0.0, traced: None };
        let outcome = Outcome { values, summary };
        for (most, bytes, fitting) in [(9, 99, 6), (4, 99, 4), (9, 24, 4), (9, 23, 3), (9, 15, 0), (0, 99, 0)]
        {
            assert_eq!(
                outcome.first(most, bytes),
                &outcome.values[..fitting],
                "{most} values, {bytes} bytes"
            );
        }
    }
}
