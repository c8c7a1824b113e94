//! The same graph on clusters of several sizes.

use std::{fmt, sync::Arc};

use super::{
    Parameters, Report,
    work::{Begun, Work},
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::Plan,
    scheduler::{cluster::drawing::Drawing, pool},
    trace::Trace,
};

/// A trace with more lanes than this is not drawn.
const MOST_LANES: u32 = 64;

/// At most this number of tasks is simulated at a time: each takes some memory in every simulation.
const MOST_AT_ONCE: usize = 4_000_000;

/// Simulations of one graph. The largest cluster with few enough lanes has a trace.
pub struct Series {
    work: Arc<Work>,
    trace: Arc<Trace>,
    drawn: usize,
    /// What this thread simulates.
    running: Option<Begun>,
    reports: Vec<Report>,
    /// How long it took, in real milliseconds, to simulate the last cluster.
    last_took_ms: f64,
    is_cancelled: bool,
}

impl Series {
    /// The simulations of `plan` on clusters with these parameters, from the smallest to the largest.
    ///
    /// # Errors
    /// Parameters that are out of range, or none.
    pub fn new(plan: &Plan, parameters: Vec<Parameters>) -> Result<Series> {
        parameters.iter().try_for_each(Parameters::check)?;
        let lanes = |parameters: &Parameters| parameters.nodes * parameters.slots;
        let few = |(_, parameters): &(usize, &Parameters)| lanes(parameters) <= MOST_LANES;
        let all = parameters.iter().enumerate();
        let drawn = all.filter(few).max_by_key(|(_, parameters)| lanes(parameters));
        let (drawn, largest) = drawn.ok_or_else(|| Error::invalid("there is no small cluster to draw"))?;
        let trace = Arc::new(Trace::new(Drawing::lanes(largest.nodes, largest.slots), true, 0.0));
        trace.add_batch(0, plan.len());
        let mut drawing = Drawing::new(trace.clone(), largest.slots);
        (0..largest.nodes as usize).for_each(|place| drawing.joins(place, 0.0));
        Ok(Series {
            work: Arc::new(Work::new(plan, parameters, (drawn, drawing))),
            trace,
            drawn,
            running: None,
            reports: Vec::new(),
            last_took_ms: 0.0,
            is_cancelled: false,
        })
    }

    /// Lets threads of the pool help, so that this number of simulations run at once.
    pub fn spread(&self, threads: usize) {
        let tasks = self.work.tasks().max(1);
        let most = threads.min(self.work.parameters().len()).min(MOST_AT_ONCE / tasks);
        for _ in 1..most {
            let work = self.work.clone();
            pool::spawn(Box::new(move || work.help()));
        }
    }

    /// Goes on until the budget is spent. Returns whether all simulations have ended.
    pub fn step(&mut self, budget_ms: f64) -> bool {
        let until_ms = now_ms() + budget_ms;
        while !self.is_over() {
            if let Some(begun) = self.running.take().or_else(|| self.work.begin()) {
                self.running = self.work.go_on(begun, until_ms);
            } else if let Some(ended) = self.work.wait(until_ms) {
                self.last_took_ms = ended.last().map_or(0.0, |&(_, took_ms)| took_ms);
                self.reports = ended.into_iter().map(|(report, _)| report).collect();
            }
            if now_ms() >= until_ms {
                break;
            }
        }
        self.is_over()
    }

    /// Whether all simulations have ended, or they were cancelled.
    pub fn is_over(&self) -> bool {
        self.is_cancelled || self.reports.len() == self.work.parameters().len()
    }

    /// Stops.
    pub fn cancel(&mut self) {
        self.is_cancelled |= !self.is_over();
        self.work.cancel();
        self.running = None;
    }

    /// What came of the simulations, when all have ended.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// How long it took to simulate the last cluster, in real milliseconds.
    pub fn last_took_ms(&self) -> f64 {
        self.last_took_ms
    }

    /// The clusters, in order.
    pub fn parameters(&self) -> &[Parameters] {
        self.work.parameters()
    }

    /// The trace of the largest cluster with few enough lanes.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The place of the cluster that has a trace.
    pub fn drawn(&self) -> usize {
        self.drawn
    }

    /// How long the run takes that has a trace.
    ///
    /// # Errors
    /// If it was cancelled.
    pub fn makespan_ms(&self) -> Result<f64> {
        match self.reports.get(self.drawn) {
            Some(report) if !self.is_cancelled => Ok(report.makespan_ms),
            _ => Err(Error::cancelled()),
        }
    }
}

impl Drop for Series {
    fn drop(&mut self) {
        self.work.cancel();
    }
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Series").field("parameters", &self.parameters()).finish_non_exhaustive()
    }
}
