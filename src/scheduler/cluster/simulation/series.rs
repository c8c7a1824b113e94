//! The same graph on clusters of several sizes.

use std::{fmt, sync::Arc};

use super::{Parameters, Report, Simulation};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::Plan,
    scheduler::cluster::{drawing::Drawing, outline::Outline},
    trace::Trace,
};

/// A trace with more lanes than this is not drawn.
const MOST_LANES: u32 = 64;

/// The number of things that happen between two looks at the clock.
const CHUNK: usize = 1 << 10;

/// Simulations of one graph, one after another. The largest cluster with few enough lanes has a trace.
pub struct Series {
    outline: Arc<Outline>,
    parameters: Vec<Parameters>,
    trace: Arc<Trace>,
    /// Until the simulation with a trace starts.
    drawing: Option<Drawing>,
    drawn: usize,
    running: Option<Simulation>,
    reports: Vec<Report>,
    /// How long it has taken, in real milliseconds, to simulate the one that runs, and the last one that ended.
    spent_ms: f64,
    last_took_ms: f64,
    is_cancelled: bool,
}

impl Series {
    /// The simulations of `plan` on clusters with these parameters.
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
            trace,
            drawing: Some(drawing),
            drawn,
            outline: Arc::new(Outline::new(plan)),
            parameters,
            running: None,
            reports: Vec::new(),
            spent_ms: 0.0,
            last_took_ms: 0.0,
            is_cancelled: false,
        })
    }

    /// Goes on until the budget is spent. Returns whether all simulations have ended.
    pub fn step(&mut self, budget_ms: f64) -> bool {
        let mut since_ms = now_ms();
        let until_ms = since_ms + budget_ms;
        while !self.is_over() {
            let next = self.reports.len();
            let start = || {
                let drawing = if next == self.drawn { self.drawing.take() } else { None };
                Simulation::new(self.outline.clone(), self.parameters[next], drawing)
            };
            let simulation = self.running.get_or_insert_with(start);
            let ends = simulation.step(CHUNK);
            if ends {
                self.reports.push(simulation.report());
                self.running = None;
            }
            let now_ms = now_ms();
            self.spent_ms += now_ms - since_ms;
            since_ms = now_ms;
            if ends {
                self.last_took_ms = std::mem::take(&mut self.spent_ms);
            }
            if now_ms >= until_ms {
                break;
            }
        }
        self.is_over()
    }

    /// Whether all simulations have ended, or they were cancelled.
    pub fn is_over(&self) -> bool {
        self.is_cancelled || self.reports.len() == self.parameters.len()
    }

    /// Stops.
    pub fn cancel(&mut self) {
        self.is_cancelled |= !self.is_over();
        self.running = None;
    }

    /// What came of those that have ended.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// How long it took to simulate the last one that has ended, in real milliseconds.
    pub fn last_took_ms(&self) -> f64 {
        self.last_took_ms
    }

    /// The clusters, in order.
    pub fn parameters(&self) -> &[Parameters] {
        &self.parameters
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

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Series").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}
