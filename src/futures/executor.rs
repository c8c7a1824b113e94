//! Executors: take calls, and give futures.

use std::{sync::Arc, time::Duration};

use super::{
    call::Call,
    exception::{Exception, Outcome},
    future::Future,
    pool::{Pool, Work},
    processes::{Processes, Remote},
    results::Results,
    seat,
    stage::{Part, Stage},
    threads::{Initializer, Threads},
};
use crate::{
    interpreter::{Job, Policy},
    scheduler::{Joined, StartMethod},
    trace::Trace,
};

/// What every kind of executor can be told.
#[derive(Clone)]
pub struct Options {
    /// The largest number of workers.
    pub max_workers: usize,
    /// What every worker calls first. If it fails, the executor is broken. Processes have none.
    pub initializer: Option<Initializer>,
    /// Whether a trace is written.
    pub trace: bool,
    /// How processes start.
    pub start: StartMethod,
}

impl Default for Options {
    fn default() -> Options {
        Options { max_workers: 4, initializer: None, trace: false, start: StartMethod::Spawn }
    }
}

impl Options {
    /// This many workers.
    pub fn workers(max_workers: usize) -> Options {
        Options { max_workers, ..Options::default() }
    }

    fn check(&self) -> Outcome<()> {
        match self.max_workers {
            0 => Err(Exception::value("max_workers must be greater than 0")),
            _ => Ok(()),
        }
    }
}

/// What [`Executor::map`] can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapOptions {
    /// The time for all results, counted from the call of `map`.
    pub timeout: Option<Duration>,
    /// How many calls are sent to a process at once. Threads take one at a time.
    pub chunksize: usize,
}

impl Default for MapOptions {
    fn default() -> MapOptions {
        MapOptions { timeout: None, chunksize: 1 }
    }
}

/// Runs calls on threads, interpreters or processes: `concurrent.futures.Executor`.
///
/// Copies are the same executor. When the last one is dropped, the executor is shut down: what was submitted still runs.
///
/// ```
/// use dagdeck::{Op, Value, futures::{Executor, Options}, interpreter::Policy};
///
/// let spawn = |job| { std::thread::spawn(job); };
/// let executor = Executor::threads(Options::workers(2), Policy::INTERVAL, spawn)?;
/// let future = executor.submit(|| Ok(Value::None))?;
/// assert_eq!(future.result(None)?, Value::None);
/// assert_eq!(executor.map([Op::NoOp, Op::NoOp], Default::default())?.count(), 2);
/// executor.shutdown(true, false);
/// let refused = executor.submit(Op::NoOp).unwrap_err();
/// assert_eq!(refused.to_string(), "RuntimeError: cannot schedule new futures after shutdown");
/// # Ok::<(), dagdeck::futures::Exception>(())
/// ```
#[derive(Clone)]
pub struct Executor(Arc<Owner>);

struct Owner(Arc<dyn Pool>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.shutdown(false);
    }
}

impl Executor {
    /// Workers that are threads of one interpreter, under its lock, or without one under [`Policy::None`]: its cost is not
    /// charged, as calls are Rust's. `spawn` is called for each thread, when it is needed.
    ///
    /// # Errors
    /// `ValueError`, for a number that is out of range.
    pub fn threads(
        options: Options,
        policy: Policy,
        spawn: impl Fn(Job) + Send + Sync + 'static,
    ) -> Outcome<Executor> {
        options.check()?;
        let labels = labels(policy, options.max_workers);
        let part = Part::whole(options.trace, labels);
        Executor::on(part, policy, options, spawn)
    }

    /// The same on a part of a trace.
    pub(super) fn on(
        part: Part,
        policy: Policy,
        options: Options,
        spawn: impl Fn(Job) + Send + Sync + 'static,
    ) -> Outcome<Executor> {
        policy.check()?;
        let broken_name = match policy {
            Policy::PerInterpreter => "BrokenInterpreterPool",
            Policy::Processes => return Err(Exception::value("threads cannot stand in for processes")),
            _ => "BrokenThreadPool",
        };
        let stage = Stage::new(policy, part, options.max_workers);
        let pool =
            Threads::new(stage, options.max_workers, broken_name, options.initializer, Box::new(spawn));
        Ok(Executor::of(Arc::new(pool)))
    }

    /// Workers that are threads with an interpreter each, which has its own lock: `InterpreterPoolExecutor` of Python 3.14.
    ///
    /// # Errors
    /// `ValueError`, for a number that is out of range.
    pub fn interpreters(options: Options, spawn: impl Fn(Job) + Send + Sync + 'static) -> Outcome<Executor> {
        Executor::threads(options, Policy::PerInterpreter, spawn)
    }

    /// Workers that are processes. They run operations only, as a closure cannot leave this process.
    ///
    /// # Errors
    /// `ValueError`, for a number that is out of range.
    pub fn processes(options: Options, remote: impl Remote + 'static) -> Outcome<Executor> {
        options.check()?;
        let part = Part::whole(options.trace, labels(Policy::Processes, options.max_workers));
        Ok(Executor::on_processes(part, &options, Arc::new(remote)))
    }

    /// The same on a part of a trace.
    pub(super) fn on_processes(part: Part, options: &Options, remote: Arc<dyn Remote>) -> Executor {
        let stage = Stage::new(Policy::Processes, part, options.max_workers);
        Executor::of(Processes::new(stage, options.max_workers, options.start, remote))
    }

    fn of(pool: Arc<dyn Pool>) -> Executor {
        Executor(Arc::new(Owner(pool)))
    }

    /// Queues a call. A call may submit others. If it waits for one, and all workers do the same, nothing ever runs: as in
    /// Python, a pool can deadlock.
    ///
    /// # Errors
    /// `RuntimeError` after a shutdown, and `BrokenThreadPool`, `BrokenInterpreterPool` or `BrokenProcessPool`.
    pub fn submit(&self, call: impl Into<Call>) -> Outcome<Future> {
        self.submit_with_priority(0, call)
    }

    /// Queues a call that starts before calls of a lower priority which have not started yet. Calls of the same priority
    /// start in the order in which they were submitted. The priority of [`submit`](Executor::submit) is 0.
    ///
    /// # Errors
    /// As for `submit`.
    pub fn submit_with_priority(&self, priority: i64, call: impl Into<Call>) -> Outcome<Future> {
        self.pool().clone().submit(Work::One(call.into()), priority)
    }

    /// Submits all calls at once. The results come in the order of the calls. The first exception ends them, and cancels the
    /// calls that have not started.
    ///
    /// # Errors
    /// As for `submit`; `ValueError` for a chunk size of 0.
    pub fn map<C: Into<Call>>(
        &self,
        calls: impl IntoIterator<Item = C>,
        options: MapOptions,
    ) -> Outcome<Results> {
        let chunk = match options.chunksize {
            0 => return Err(Exception::value("chunksize must be >= 1.")),
            chunksize => self.pool().chunk(chunksize),
        };
        let mut results = Results::new(options.timeout);
        let mut calls = calls.into_iter().map(Into::into).peekable();
        while calls.peek().is_some() {
            let work = Work::Chunk(calls.by_ref().take(chunk).collect());
            results.push(self.pool().clone().submit(work, 0)?);
        }
        Ok(results)
    }

    /// Refuses more calls from here on. Those that were submitted still run, unless `cancel_futures` cancels the ones that
    /// have not started. `wait`: returns when all have ended. A call must not wait for its own executor.
    pub fn shutdown(&self, wait: bool, cancel_futures: bool) {
        self.pool().shutdown(cancel_futures);
        if wait {
            self.pool().wait();
        }
    }

    /// Shuts down, cancels the calls that have not started, and interrupts those that run: their next
    /// [`check`](super::check) or [`sleep`](super::sleep) fails. Processes are ended, whatever they do.
    pub fn stop(&self) {
        self.pool().stop();
    }

    /// Runs `main` as the main thread of the interpreter: it holds the lock unless it waits, and the trace shows what it
    /// does. For one thread at a time.
    pub fn run_main<R>(&self, main: impl FnOnce() -> R) -> R {
        seat::sit_on_main(self.pool().stage(), main)
    }

    /// The number of workers that were started so far.
    pub fn workers(&self) -> usize {
        self.pool().started()
    }

    /// The processes that are there, or were: what each start copied, and how long it took.
    pub fn starts(&self) -> Vec<Joined> {
        self.pool().starts()
    }

    /// What happened so far. Lane 0 is the main thread, the others are workers. The tasks are futures.
    pub fn trace(&self) -> &Arc<Trace> {
        &self.pool().stage().part.trace
    }

    fn pool(&self) -> &Arc<dyn Pool> {
        &self.0.0
    }
}

/// What the workers of an executor are called.
pub(super) fn labels(policy: Policy, workers: usize) -> impl Iterator<Item = String> {
    let what = match policy {
        Policy::PerInterpreter => "interpreter",
        Policy::Processes => "process",
        _ => "thread",
    };
    (0..workers).map(move |worker| format!("{what} {worker}"))
}
