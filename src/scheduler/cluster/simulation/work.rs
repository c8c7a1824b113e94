//! The simulations of a series, which several threads share: each takes the next, and simulates it to its end.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use super::{Parameters, Report, Simulation, sizes::Sizes};
use crate::{
    clock::now_ms,
    graph::Plan,
    scheduler::cluster::{drawing::Drawing, outline::Outline},
};

/// The number of things that happen between two looks at the clock.
const CHUNK: usize = 1 << 10;

/// What came of a simulation, and the real milliseconds in which it was simulated.
pub(super) type Ended = (Report, f64);

/// Simulations of one graph.
pub(super) struct Work {
    outline: Arc<Outline>,
    sizes: Arc<Sizes>,
    parameters: Vec<Parameters>,
    /// Which one has a trace.
    drawn: usize,
    is_cancelled: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// The number of simulations that no thread has begun. The last one, which is the largest, is begun first.
    left: usize,
    /// Until the simulation with a trace begins.
    drawing: Option<Drawing>,
    ended: Vec<Option<Ended>>,
    /// What a thread panicked with.
    panicked: Option<Box<dyn Any + Send>>,
}

/// A simulation that a thread has begun.
pub(super) struct Begun {
    row: usize,
    simulation: Simulation,
    spent_ms: f64,
}

impl Begun {
    /// Simulates until the end or for a few moments. Returns whether it is the end.
    fn step(&mut self) -> bool {
        let since_ms = now_ms();
        let ends = self.simulation.step(CHUNK);
        self.spent_ms += now_ms() - since_ms;
        ends
    }
}

impl Work {
    /// One simulation for each of these parameters.
    pub(super) fn new(plan: &Plan, parameters: Vec<Parameters>, (drawn, drawing): (usize, Drawing)) -> Work {
        let left = parameters.len();
        let ended = (0..left).map(|_| None).collect();
        Work {
            outline: Arc::new(Outline::new(plan)),
            sizes: Arc::new(Sizes::new(plan)),
            parameters,
            drawn,
            is_cancelled: AtomicBool::new(false),
            state: Mutex::new(State { left, drawing: Some(drawing), ended, panicked: None }),
            changed: Condvar::new(),
        }
    }

    pub(super) fn parameters(&self) -> &[Parameters] {
        &self.parameters
    }

    /// The number of tasks of the graph.
    pub(super) fn tasks(&self) -> usize {
        self.outline.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    pub(super) fn cancel(&self) {
        self.is_cancelled.store(true, Relaxed);
    }

    /// Begins the next simulation, if there is one.
    pub(super) fn begin(&self) -> Option<Begun> {
        let mut state = self.state();
        let row = state.left.checked_sub(1)?;
        state.left = row;
        let drawing = if row == self.drawn { state.drawing.take() } else { None };
        drop(state);
        let graph = (self.outline.clone(), self.sizes.clone());
        let simulation = Simulation::new(graph, self.parameters[row], drawing);
        Some(Begun { row, simulation, spent_ms: 0.0 })
    }

    /// Goes on until the end of a simulation, or until `until_ms`. Returns the simulation if it has not ended.
    pub(super) fn go_on(&self, mut begun: Begun, until_ms: f64) -> Option<Begun> {
        while !self.is_cancelled.load(Relaxed) {
            if begun.step() {
                self.state().ended[begun.row] = Some((begun.simulation.report(), begun.spent_ms));
                self.changed.notify_all();
                return None;
            }
            if now_ms() >= until_ms {
                return Some(begun);
            }
        }
        None
    }

    /// Simulates as long as there is something that no thread has begun.
    pub(super) fn help(&self) {
        let all = || {
            while let Some(begun) = self.begin() {
                self.go_on(begun, f64::INFINITY);
            }
        };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(all)) {
            self.state().panicked = Some(panic);
            self.changed.notify_all();
        }
    }

    /// Waits for other threads until `until_ms`, or until all simulations have ended. Then it takes what came of them.
    ///
    /// # Panics
    /// Another thread has panicked.
    pub(super) fn wait(&self, until_ms: f64) -> Option<Vec<Ended>> {
        let mut state = self.state();
        loop {
            if let Some(panic) = state.panicked.take() {
                drop(state);
                resume_unwind(panic);
            }
            if state.ended.iter().all(Option::is_some) {
                return Some(state.ended.drain(..).flatten().collect());
            }
            let left_ms = until_ms - now_ms();
            if left_ms <= 0.0 {
                return None;
            }
            let left = Duration::from_secs_f64(left_ms / 1e3);
            state =
                self.changed.wait_timeout(state, left).expect("nothing panics while it holds this lock").0;
        }
    }
}
