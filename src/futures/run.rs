//! Several executors, one after another: the same work on different kinds of workers, side by side.
//!
//! ```text
//! start --> section 0: main submits and waits, workers run --> section 1 ... --> over
//! ```

use std::{
    future::poll_fn,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    task::{Poll, Waker},
};

use super::{
    exception::{Exception, Outcome},
    executor::{Executor, Options, labels},
    processes::Remote,
    stage::Part,
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    ids::TaskId,
    interpreter::{Job, Policy},
    scheduler::{Joined, StartMethod},
    trace::{Lane, Trace, Writer},
    value::Value,
};

/// What the main thread of a section does. It must submit as many calls as the section names.
pub type Main = Arc<dyn Fn(&Executor) -> Outcome<Value> + Send + Sync>;

/// What the workers of an executor are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// Threads or interpreters: who may run interpreted code at the same time.
    Threads(Policy),
    /// Processes, and how they start.
    Processes(StartMethod),
}

impl Workers {
    /// Who may run interpreted code at the same time.
    pub fn policy(self) -> Policy {
        match self {
            Workers::Threads(policy) => policy,
            Workers::Processes(_) => Policy::Processes,
        }
    }
}

/// An executor, and what is done with it.
#[derive(Clone)]
pub struct Section {
    /// What it is called. No other section of the run has this name.
    pub label: String,
    /// On what its calls run.
    pub workers: Workers,
    /// The largest number of workers.
    pub max_workers: usize,
    /// What each call is called, in the order of their submission.
    pub calls: Vec<&'static str>,
    /// What the main thread does.
    pub main: Main,
}

/// A section that is over.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How long it took.
    pub time_ms: f64,
    /// What its main thread returned or raised.
    pub outcome: Outcome<Value>,
    /// Its processes, as far as they were there before the end.
    pub starts: Vec<Joined>,
}

/// Sections that run, or have run. Dropping it stops them.
pub struct Run {
    shared: Arc<Shared>,
}

struct Shared {
    sections: Vec<Section>,
    trace: Arc<Trace>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The executor of the section that runs.
    executor: Option<Executor>,
    ended: Vec<Ended>,
    cancelled: bool,
    over: bool,
    waker: Option<Waker>,
}

impl Run {
    /// Starts the sections, one after another, each with a time 0 of its own. `spawn` is called for each worker that is a
    /// thread, and for the main thread; `remote` starts processes. The lanes of the trace are those of all sections in
    /// order, and so are the tasks.
    ///
    /// # Errors
    /// A number that is out of range.
    pub fn start(
        sections: Vec<Section>,
        spawn: impl Fn(Job) + Send + Sync + 'static,
        remote: impl Remote + 'static,
    ) -> Result<Run> {
        for section in &sections {
            section.workers.policy().check()?;
            if section.max_workers == 0 || section.workers == Workers::Threads(Policy::Processes) {
                return Err(Error::invalid(format!("{} has no workers", section.label)));
            }
        }
        let trace = Arc::new(Trace::new(lanes(&sections).into_iter(), true, 0.0));
        // All are shown from the start.
        (0..trace.columns().len()).for_each(|lane| Writer::new(lane, &trace).join(&trace));
        let shared = Arc::new(Shared { trace, sections, state: Mutex::default(), changed: Condvar::new() });
        let (main, spawn, remote) = (shared.clone(), Arc::new(spawn), Arc::new(remote));
        let workers = spawn.clone();
        spawn(Box::new(move || main.run(&workers, &(remote as Arc<dyn Remote>))));
        Ok(Run { shared })
    }

    /// The sections, each with what became of it: `None` before its end.
    pub fn sections(&self) -> Vec<(&Section, Option<Ended>)> {
        let ended = self.shared.state().ended.clone().into_iter().map(Some);
        self.shared.sections.iter().zip(ended.chain(std::iter::repeat(None))).collect()
    }

    /// What all lanes have done so far.
    pub fn trace(&self) -> &Trace {
        &self.shared.trace
    }

    /// The lanes of a section in the trace.
    pub fn lanes_of(&self, section: usize) -> std::ops::Range<usize> {
        let before = |count: usize| self.shared.sections[..count].iter().map(Section::lanes).sum();
        before(section)..before(section + 1)
    }

    /// Whether all sections are over.
    pub fn is_over(&self) -> bool {
        self.shared.state().over
    }

    /// Resolves when the run is over. For one waiter at a time.
    pub fn completed(&self) -> impl Future<Output = ()> + use<> {
        let shared = self.shared.clone();
        poll_fn(move |context| {
            let mut state = shared.state();
            if state.over {
                return Poll::Ready(());
            }
            state.waker = Some(context.waker().clone());
            Poll::Pending
        })
    }

    /// Waits until the run is over.
    pub fn wait(&self) {
        let waited = self.shared.changed.wait_while(self.shared.state(), |state| !state.over);
        drop(waited.expect("nothing panics while it holds this lock"));
    }

    /// Stops the section that runs. No further section starts.
    pub fn cancel(&self) {
        let executor = {
            let mut state = self.shared.state();
            state.cancelled |= !state.over;
            state.executor.clone()
        };
        if let Some(executor) = executor {
            executor.stop();
        }
    }

    /// How long the longest section took.
    ///
    /// # Errors
    /// The run was cancelled, or the main thread of a section raised something.
    pub fn makespan_ms(&self) -> Result<f64> {
        let state = self.shared.state();
        if state.cancelled {
            return Err(Error::cancelled());
        }
        state.ended.iter().zip(&self.shared.sections).try_fold(0.0, |longest: f64, (ended, section)| {
            match &ended.outcome {
                Ok(_) => Ok(longest.max(ended.time_ms)),
                Err(exception) => Err(Error::invalid(format!("{}: {exception}", section.label))),
            }
        })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Section {
    /// The main thread, and the workers.
    fn lanes(&self) -> usize {
        1 + self.max_workers
    }
}

/// The lanes of all sections. The label of the section is their node.
fn lanes(sections: &[Section]) -> Vec<Lane> {
    let names = sections.iter().flat_map(|section| {
        let workers = labels(section.workers.policy(), section.max_workers);
        std::iter::once("main".to_owned()).chain(workers).map(|label| (label, section.label.clone()))
    });
    names.enumerate().map(|(id, (label, node))| Lane::new(id as u32, label, Some(node))).collect()
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    fn run(&self, spawn: &Arc<impl Fn(Job) + Send + Sync + 'static>, remote: &Arc<dyn Remote>) {
        let mut part = Part { trace: self.trace.clone(), first_lane: 0, first_task: 0, started_ms: now_ms() };
        for section in &self.sections {
            part.started_ms = now_ms();
            let Some(ended) = self.run_section(section, part.clone(), spawn, remote) else { break };
            self.state().ended.push(ended);
            part.first_lane += section.lanes();
            part.first_task += section.calls.len() as TaskId;
        }
        let waker = {
            let mut state = self.state();
            state.executor = None;
            state.over = true;
            state.waker.take()
        };
        self.changed.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// `None` if the run was cancelled before.
    fn run_section(
        &self,
        section: &Section,
        part: Part,
        spawn: &Arc<impl Fn(Job) + Send + Sync + 'static>,
        remote: &Arc<dyn Remote>,
    ) -> Option<Ended> {
        let started_ms = part.started_ms;
        let options = Options { trace: true, ..Options::workers(section.max_workers) };
        let spawn = spawn.clone();
        let executor = match section.workers {
            Workers::Threads(policy) => Executor::on(part, policy, options, move |job| spawn(job)),
            Workers::Processes(start) => {
                Ok(Executor::on_processes(part, &Options { start, ..options }, remote.clone()))
            }
        };
        let executor = executor.expect("the section was checked");
        let before = {
            let mut state = self.state();
            if state.cancelled {
                return None;
            }
            state.executor.replace(executor.clone())
        };
        drop(before);
        let outcome = executor.run_main(|| {
            let main = std::panic::AssertUnwindSafe(|| (section.main)(&executor));
            let outcome =
                std::panic::catch_unwind(main).unwrap_or_else(|payload| Err(Exception::panic(payload)));
            // As at the end of a `with` block. What an exception leaves is not wanted any more.
            executor.shutdown(true, outcome.is_err());
            outcome
        });
        Some(Ended { time_ms: now_ms() - started_ms, outcome, starts: executor.starts() })
    }
}
