//! A session: a run that takes batches of tasks until it is closed.

use std::{sync::Arc, time::Duration};

use rustc_hash::FxHashSet;

use super::{
    batch,
    cluster::live::Cluster,
    completion::Completion,
    memory::Memory,
    options::{Options, Scheduler},
    processes::Processes,
    shared::Shared,
    shown::Shown,
    source::Source,
    sync, threads,
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskId},
    operations::Op,
    trace::{Summary, Trace},
    value::Value,
};

/// A run that takes batches of tasks until it is closed. Tasks of earlier batches run before those of later ones; each
/// batch has its own static order. Dropping a session cancels what is left of it.
///
/// ```
/// use dagdeck::{GraphBuilder, Op, Plan, scheduler::{Input, Options, Session}};
///
/// let mut graph = GraphBuilder::new();
/// graph.task("x-0".into(), Op::NoOp, []);
/// graph.target("x-0".into());
/// let session = Session::open(Options { workers: 2, ..Default::default() })?;
/// let first = session.add(Plan::new(&graph.build()?).into(), &[])?;
/// // The next batch takes the value of the first target of the first one.
/// let mut graph = GraphBuilder::new();
/// graph.task("x-0".into(), Op::NoOp, []);
/// graph.task("y-0".into(), Op::NoOp, ["x-0".into()]);
/// graph.target("y-0".into());
/// let plan = Plan::new(&graph.build()?);
/// let next = session.add(plan.into(), &[Input { task: 0, batch: &first, target: 0 }])?;
/// assert_eq!(next.wait()?.len(), 1);
/// # Ok::<(), dagdeck::Error>(())
/// ```
pub struct Session(Kind);

#[derive(Clone)]
enum Kind {
    Sync(Arc<sync::Sequence>),
    Threads(Arc<Shared>),
    Processes(Arc<Processes>),
    Cluster(Arc<Cluster>),
}

/// A batch of a session, in progress or complete. It keeps the values of its targets. Dropping it lets go of these, and
/// does not cancel the batch.
#[derive(Clone)]
pub struct Batch {
    plan: Arc<Plan>,
    kind: BatchKind,
}

#[derive(Clone)]
enum BatchKind {
    Sync(Arc<sync::Sequence>, Arc<sync::Batch>),
    Threads(Arc<Shared>, Arc<batch::Batch>),
    /// The only one of its session.
    Processes(Arc<Processes>),
    /// The only one of its session.
    Cluster(Arc<Cluster>),
}

/// A value that a batch takes from an earlier one of the same session. It begins when that one is complete.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The task of the plan whose value it becomes. The task must be an [`Op::NoOp`] without dependencies, and does not run.
    pub task: TaskId,
    /// The earlier batch.
    pub batch: &'a Batch,
    /// The place of the value among its targets.
    pub target: usize,
}

impl Session {
    /// Starts a session without batches. A session of `threads` needs no steps; one of `sync` runs tasks only when it is
    /// [stepped](Session::step), or somebody waits.
    ///
    /// # Errors
    /// A worker count that is not in `1..=`[`pool_size()`](super::pool_size); or `processes` or `cluster`, which run one plan.
    pub fn open(options: Options) -> Result<Session> {
        options.check()?;
        Ok(Session(match options.scheduler {
            Scheduler::Sync => Kind::Sync(sync::Sequence::new(&options).into()),
            Scheduler::Threads => Kind::Threads(threads::open(&options)),
            Scheduler::Processes => return Err(Error::invalid("a session of processes runs one plan")),
            Scheduler::Cluster => return Err(Error::invalid("a session of a cluster runs one plan")),
        }))
    }

    /// A session of one batch, which takes no others.
    ///
    /// # Errors
    /// An operation of the plan cannot leave this process, and must.
    pub(super) fn of_one(plan: Arc<Plan>, options: &Options) -> Result<(Session, Batch)> {
        let (session, kind) = match options.scheduler {
            Scheduler::Sync => {
                let sequence = Arc::new(sync::Sequence::new(options));
                let batch = sequence.add(plan.clone(), Vec::new()).expect("a new run is open");
                sequence.close();
                (Kind::Sync(sequence.clone()), BatchKind::Sync(sequence, batch))
            }
            Scheduler::Threads => {
                let (run, batch) = threads::start(plan.clone(), options);
                (Kind::Threads(run.clone()), BatchKind::Threads(run, batch))
            }
            Scheduler::Processes => {
                let run = Arc::new(Processes::new(plan.clone(), options)?);
                (Kind::Processes(run.clone()), BatchKind::Processes(run))
            }
            Scheduler::Cluster => {
                let run = Arc::new(Cluster::new(plan.clone(), options)?);
                (Kind::Cluster(run.clone()), BatchKind::Cluster(run))
            }
        };
        Ok((Session(session), Batch { plan, kind }))
    }

    /// A cluster that is open, whose only batch is empty.
    ///
    /// # Errors
    /// An option is out of range.
    pub(super) fn open_cluster(options: &Options) -> Result<(Session, Batch)> {
        options.check()?;
        let run = Arc::new(Cluster::open(options));
        let batch = Batch { plan: Plan::empty().into(), kind: BatchKind::Cluster(run.clone()) };
        Ok((Session(Kind::Cluster(run)), batch))
    }

    /// The run, if it is one of `processes`.
    pub(super) fn processes(&self) -> Option<&Processes> {
        match &self.0 {
            Kind::Processes(run) => Some(run),
            _ => None,
        }
    }

    /// The run, if it is one of `cluster`.
    pub(super) fn cluster(&self) -> Option<&Cluster> {
        match &self.0 {
            Kind::Cluster(run) => Some(run),
            _ => None,
        }
    }

    /// Adds a batch. It begins when the batches are complete from which it takes `inputs`. Any thread may call this, and so
    /// may what is called [at the end](Batch::then) of another batch.
    ///
    /// # Errors
    /// If the session is closed, or an input does not fit.
    pub fn add(&self, plan: Arc<Plan>, inputs: &[Input<'_>]) -> Result<Batch> {
        check(&plan, inputs)?;
        let another = || Error::invalid("an input must come from a batch of the same session");
        let kind = match &self.0 {
            Kind::Sync(run) => {
                let source = |input: &Input<'_>| match &input.batch.kind {
                    BatchKind::Sync(other, batch) if Arc::ptr_eq(run, other) => Ok(input.from(batch)),
                    _ => Err(another()),
                };
                let inputs = inputs.iter().map(source).collect::<Result<_>>()?;
                BatchKind::Sync(run.clone(), run.add(plan.clone(), inputs)?)
            }
            Kind::Threads(run) => {
                let source = |input: &Input<'_>| match &input.batch.kind {
                    BatchKind::Threads(other, batch) if Arc::ptr_eq(run, other) => Ok(input.from(batch)),
                    _ => Err(another()),
                };
                let inputs = inputs.iter().map(source).collect::<Result<_>>()?;
                BatchKind::Threads(run.clone(), run.add(plan.clone(), inputs)?)
            }
            Kind::Processes(_) | Kind::Cluster(_) => return Err(Error::closed()),
        };
        Ok(Batch { plan, kind })
    }

    /// Lets `sync` run tasks until `budget_ms` has passed, and at least one; `threads` needs no steps. Lets `processes` and
    /// `cluster` run tasks, too, inside this process: for the host.
    pub fn step(&self, budget_ms: f64) {
        match &self.0 {
            Kind::Sync(sequence) => sequence.step(now_ms() + budget_ms),
            Kind::Processes(run) => run.step(now_ms() + budget_ms),
            Kind::Cluster(run) => run.step(now_ms() + budget_ms),
            Kind::Threads(_) => {}
        }
    }

    /// Refuses further batches. The session is over when those that it has are complete.
    pub fn close(&self) {
        match &self.0 {
            Kind::Sync(sequence) => sequence.close(),
            Kind::Threads(threads) => threads.close(),
            Kind::Processes(_) | Kind::Cluster(_) => {}
        }
    }

    /// Lets no further task of the batches start that were added so far.
    pub fn cancel(&self) {
        match &self.0 {
            Kind::Sync(sequence) => sequence.cancel_all(),
            Kind::Threads(threads) => threads.cancel_all(),
            Kind::Processes(run) => run.cancel(),
            Kind::Cluster(run) => run.cancel(),
        }
    }

    /// Whether the session is closed, and no task runs any more.
    pub fn is_over(&self) -> bool {
        self.over_ms().is_some()
    }

    fn completion(&self) -> &Completion {
        match &self.0 {
            Kind::Sync(sequence) => &sequence.completion,
            Kind::Threads(threads) => &threads.completion,
            Kind::Processes(run) => &run.completion,
            Kind::Cluster(run) => &run.completion,
        }
    }

    /// When the last task stopped, if the session is over.
    fn over_ms(&self) -> Option<f64> {
        self.completion().ending().map(|ending| ending.at_ms)
    }

    /// Blocks until the session is over; it must have been closed. Not for a browser's main thread, which must not block.
    pub fn wait(&self) {
        match &self.0 {
            Kind::Sync(sequence) => sequence.step(f64::INFINITY),
            Kind::Threads(threads) => threads.completion.wait(),
            Kind::Processes(run) => run.step(f64::INFINITY),
            Kind::Cluster(run) => run.step(f64::INFINITY),
        }
    }

    /// Blocks until the session is over, or until `timeout` has passed. Returns whether it is over. A session of `sync` runs
    /// its tasks in this call, at least one, and finishes the one that is under way at that time.
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        match &self.0 {
            Kind::Sync(_) | Kind::Processes(_) | Kind::Cluster(_) => {
                self.step(timeout.as_secs_f64() * 1e3);
                self.is_over()
            }
            Kind::Threads(threads) => threads.completion.wait_timeout(timeout),
        }
    }

    /// Resolves when a session of `threads`, `processes` or `cluster` is over; at once for `sync`, which goes on only when it is
    /// stepped.
    pub fn completed(&self) -> impl Future<Output = ()> + use<> {
        let kind = self.0.clone();
        async move {
            match kind {
                Kind::Sync(_) => {}
                Kind::Threads(threads) => threads.completion.completed().await,
                Kind::Processes(run) => run.completion.completed().await,
                Kind::Cluster(run) => run.completion.completed().await,
            }
        }
    }

    /// What each worker has done so far; empty if no trace was asked for. The ids of a batch's tasks follow those of the
    /// batches before it.
    pub fn trace(&self) -> &Trace {
        match &self.0 {
            Kind::Sync(sequence) => &sequence.trace,
            Kind::Threads(threads) => &threads.trace,
            Kind::Processes(run) => &run.trace,
            Kind::Cluster(run) => &run.trace,
        }
    }

    /// How many bytes the values hold that exist now, and those that are being made: at the end, the targets of the batches
    /// that were not dropped and did not err.
    pub fn held_bytes(&self) -> u64 {
        self.memory().held()
    }

    fn memory(&self) -> &Memory {
        match &self.0 {
            Kind::Sync(sequence) => &sequence.memory,
            Kind::Threads(threads) => &threads.memory,
            Kind::Processes(run) => &run.memory,
            Kind::Cluster(run) => &run.memory,
        }
    }

    /// The session in a few numbers, if it is over.
    pub fn summary(&self) -> Option<Summary> {
        let tasks = match &self.0 {
            Kind::Sync(sequence) => sequence.tasks(),
            Kind::Threads(threads) => threads.batches.tasks(),
            Kind::Processes(run) => run.tasks,
            Kind::Cluster(run) => run.tasks,
        };
        let makespan_ms = self.over_ms()? - self.trace().started_ms();
        Some(Summary::new(tasks, self.trace(), makespan_ms, self.memory().peak()))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.is_over() {
            self.cancel();
            self.close();
        }
    }
}

/// Whether tasks of `plan` can take these inputs.
///
/// # Errors
/// If not.
fn check(plan: &Plan, inputs: &[Input<'_>]) -> Result<()> {
    let mut tasks = FxHashSet::default();
    for &Input { task, batch, target } in inputs {
        let fits = (task as usize) < plan.len()
            && plan.dependencies().row(task).is_empty()
            && matches!(plan.op(task), Op::NoOp)
            && tasks.insert(task);
        if !fits {
            return Err(Error::invalid(format!(
                "task {task} cannot be an input: it must be a NoOp without dependencies, and be listed once"
            )));
        }
        if target >= batch.plan.targets().len() {
            let most = batch.plan.targets().len();
            return Err(Error::invalid(format!("no target {target}: that batch has {most}")));
        }
    }
    Ok(())
}

impl Input<'_> {
    fn from<B>(&self, batch: &Arc<B>) -> Source<B> {
        Source { task: self.task, batch: batch.clone(), target: self.target }
    }
}

impl Batch {
    /// What it runs.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Lets no further task of this batch start. If none has started, the batch is complete at once. Batches that wait for
    /// its values are cancelled, too. A batch that is complete does not change.
    pub fn cancel(&self) {
        match &self.kind {
            BatchKind::Sync(sequence, batch) => sequence.cancel(batch),
            BatchKind::Threads(threads, batch) => threads.cancel(batch),
            BatchKind::Processes(run) => run.cancel(),
            BatchKind::Cluster(run) => run.cancel(),
        }
    }

    fn completion(&self) -> &Completion {
        match &self.kind {
            BatchKind::Sync(_, batch) => &batch.completion,
            BatchKind::Threads(_, batch) => &batch.completion,
            BatchKind::Processes(run) => &run.completion,
            BatchKind::Cluster(run) => &run.completion,
        }
    }

    /// Whether none of its tasks runs any more, nor will.
    pub fn is_complete(&self) -> bool {
        self.completion().is_complete()
    }

    /// Calls `callback` when the batch is complete, on the thread that completes it: at once, if it is complete. The
    /// callback may add batches to the session. It must not wait for one.
    pub fn then(&self, callback: impl FnOnce() + Send + 'static) {
        self.completion().then(Box::new(callback));
    }

    /// Blocks until the batch is complete. A session of `sync` runs the batches before it and this one in this call. Not for
    /// a browser's main thread, nor for a task of the session.
    ///
    /// # Errors
    /// See [`outcome`](Batch::outcome).
    pub fn wait(&self) -> Result<Vec<Result<Value>>> {
        match &self.kind {
            BatchKind::Sync(sequence, batch) => {
                sequence.step_while(f64::INFINITY, || !batch.completion.is_complete());
            }
            BatchKind::Threads(_, batch) => batch.completion.wait(),
            BatchKind::Processes(run) => run.step(f64::INFINITY),
            BatchKind::Cluster(run) => run.step(f64::INFINITY),
        }
        self.outcome()
    }

    /// Blocks until the batch is complete, or until `timeout` has passed: then the result is `None`, and the session goes
    /// on. A session of `sync` runs its tasks in this call, at least one.
    pub fn wait_timeout(&self, timeout: Duration) -> Option<Result<Vec<Result<Value>>>> {
        let is_complete = match &self.kind {
            BatchKind::Sync(sequence, batch) => {
                let until_ms = now_ms() + timeout.as_secs_f64() * 1e3;
                sequence.step_while(until_ms, || !batch.completion.is_complete());
                batch.completion.is_complete()
            }
            BatchKind::Threads(_, batch) => batch.completion.wait_timeout(timeout),
            BatchKind::Processes(run) => {
                run.step(now_ms() + timeout.as_secs_f64() * 1e3);
                run.completion.is_complete()
            }
            BatchKind::Cluster(run) => {
                run.step(now_ms() + timeout.as_secs_f64() * 1e3);
                run.completion.is_complete()
            }
        };
        is_complete.then(|| self.outcome())
    }

    /// The values of targets that have finished since this was last asked, each with its place among the targets:
    /// also while the batch goes on. None if [`Options::shown`] was not set.
    pub fn finished_targets(&self) -> Vec<(usize, Value)> {
        let shown = match &self.kind {
            BatchKind::Sync(_, batch) => &batch.shown,
            BatchKind::Threads(_, batch) => &batch.shown,
            BatchKind::Processes(run) => return run.finished_targets(),
            BatchKind::Cluster(run) => return run.finished_targets(),
        };
        shown.as_ref().map(Shown::take).unwrap_or_default()
    }

    /// The values of the targets, in the order in which they were asked for. If the session keeps going, the error of each
    /// target that has none.
    ///
    /// # Errors
    /// A task that erred, with its key and what it said, unless the session keeps going; or that the batch was cancelled.
    ///
    /// # Panics
    /// If the batch is not complete.
    pub fn outcome(&self) -> Result<Vec<Result<Value>>> {
        match &self.kind {
            BatchKind::Sync(_, batch) => batch.outcome(),
            BatchKind::Threads(_, batch) => batch.outcome(),
            BatchKind::Processes(run) => run.outcome(),
            BatchKind::Cluster(run) => run.outcome(),
        }
    }
}
