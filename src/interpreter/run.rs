//! A comparison that runs: section by section.
//!
//! ```text
//! live     go_on --> section 0: threads ... the last one ends --> go_on --> section 1 ... --> over
//! model    step  --> section 0, part of section 1 until the budget is spent --> step --> ... --> over
//! ```

use std::{
    fmt,
    future::poll_fn,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    task::{Poll, Waker},
};

use super::{
    comparison::{Comparison, Mode, Section},
    live::{self, Job, Live},
    machine::Machine,
    model::Model,
    timeline::Timeline,
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    trace::Trace,
};

/// A comparison that runs, or has run. Dropping it stops it.
pub struct Run {
    shared: Arc<Shared>,
}

struct Shared {
    comparison: Comparison,
    mode: Mode,
    machine: Machine,
    seed: u64,
    timelines: Vec<Timeline>,
    spawn: Box<dyn Fn(Job) + Send + Sync>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The section that is run next.
    next: usize,
    /// The section that runs, or the last one that did.
    live: Option<Live>,
    /// The section that is simulated, if its simulation has paused.
    model: Option<Model>,
    cancelled: bool,
    over: bool,
    waker: Option<Waker>,
}

impl Run {
    /// Starts a comparison. In a live run, `spawn` is called once for each thread of each section, by a thread of the
    /// section before it; a tick takes as long as on the machine of the model. In a model, nothing happens before
    /// [`step`](Run::step).
    ///
    /// # Errors
    /// A program, a policy or a machine with a number that is out of range.
    pub fn start(
        comparison: Comparison,
        mode: Mode,
        machine: Machine,
        seed: u64,
        spawn: impl Fn(Job) + Send + Sync + 'static,
    ) -> Result<Run> {
        comparison.check(mode, &machine)?;
        let shared = Arc::new(Shared {
            timelines: comparison.timelines(mode),
            comparison,
            mode,
            machine,
            seed,
            spawn: Box::new(spawn),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        if mode == Mode::Live {
            shared.go_on();
        }
        Ok(Run { shared })
    }

    /// How it was asked to run.
    pub fn mode(&self) -> Mode {
        self.shared.mode
    }

    /// The sections, each with what its threads have done so far, and how it is run.
    pub fn sections(&self) -> impl ExactSizeIterator<Item = (&Section, &Timeline, Mode)> {
        let Shared { comparison, timelines, mode, .. } = &*self.shared;
        comparison
            .sections
            .iter()
            .zip(timelines)
            .map(|(section, timeline)| (section, timeline, section.mode(*mode)))
    }

    /// What all threads have done so far: each section from its own start.
    pub fn trace(&self) -> &Trace {
        &self.shared.timelines[0].trace
    }

    /// The model only: simulates until the budget is spent. Returns whether the run is over.
    pub fn step(&self, budget_ms: f64) -> bool {
        let until_ms = now_ms() + budget_ms;
        loop {
            let paused = self.shared.state().model.take();
            let Some(model) = paused.or_else(|| self.shared.next().map(|section| self.shared.model(section)))
            else {
                return true;
            };
            if let Some(paused) = self.shared.simulate(model, until_ms) {
                self.shared.state().model = Some(paused);
                return false;
            }
        }
    }

    /// Whether all sections have finished, or have come to a stop.
    pub fn is_over(&self) -> bool {
        self.shared.state().over
    }

    /// Live only: resolves when the run is over. For one waiter at a time.
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

    /// Live only: waits until the run is over.
    pub fn wait(&self) {
        let waited = self.shared.changed.wait_while(self.shared.state(), |state| !state.over);
        drop(waited.expect("nothing panics while it holds this lock"));
    }

    /// Stops the run. No further section starts.
    pub fn cancel(&self) {
        let mut state = self.shared.state();
        state.cancelled |= !state.over;
        if let Some(live) = &state.live {
            live.cancel();
        }
    }

    /// The latest end of a thread, each section from its own start.
    ///
    /// # Errors
    /// If the run was cancelled.
    pub fn makespan_ms(&self) -> Result<f64> {
        if self.shared.state().cancelled {
            return Err(Error::cancelled());
        }
        let ends = self.shared.timelines.iter().filter_map(Timeline::makespan_ms);
        Ok(ends.fold(0.0, f64::max))
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("comparison", &self.shared.comparison).finish_non_exhaustive()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// The section that is run next. `None` at the end.
    fn next(&self) -> Option<usize> {
        let mut state = self.state();
        if state.cancelled || state.next == self.timelines.len() {
            state.over = true;
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn model(&self, section: usize) -> Model {
        let program = &self.comparison.sections[section].program;
        Model::new(&self.timelines[section], program, &self.machine, self.seed)
    }

    /// Goes on with a simulation until the clock shows `until_ms`. Returns it if it has paused. If the run was cancelled,
    /// it stops.
    fn simulate(&self, mut model: Model, until_ms: f64) -> Option<Model> {
        let is_cancelled = || self.state().cancelled;
        if model.run(|| is_cancelled() || now_ms() >= until_ms) {
            return None;
        }
        if is_cancelled() {
            model.stop_threads();
            return None;
        }
        Some(model)
    }

    /// Starts the next section that runs live, and simulates those before it.
    fn go_on(self: &Arc<Shared>) {
        while let Some(section) = self.next() {
            let Section { program, native, .. } = &self.comparison.sections[section];
            if self.comparison.sections[section].mode(self.mode) == Mode::Model {
                self.simulate(self.model(section), f64::INFINITY);
                continue;
            }
            let shared = self.clone();
            let end = Box::new(move || shared.go_on());
            let timeline = self.timelines[section].clone();
            // A section that ends at once waits here until it is stored.
            let mut state = self.state();
            let started = live::start_on(
                timeline,
                program.clone(),
                native.clone(),
                self.machine.tick_ns,
                end,
                &self.spawn,
            );
            if state.cancelled {
                started.cancel();
            }
            let ended = state.live.replace(started);
            drop(state);
            drop(ended);
            return;
        }
        self.changed.notify_all();
        if let Some(waker) = self.state().waker.take() {
            waker.wake();
        }
    }
}
