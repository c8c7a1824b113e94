//! The trace of a simulation: a lane for each slot of each place.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{super::message::RunId, parameters::Parameters};
use crate::{
    graph::TaskId,
    trace::{Action, Lane, Reason, Trace, Writer},
};

/// The pens of all lanes.
#[derive(Debug)]
pub(super) struct Drawing {
    trace: Arc<Trace>,
    slots: usize,
    pens: Vec<Writer>,
    /// Per lane, when its last slice ended, and what runs in it.
    lanes: Vec<(f64, Option<RunId>)>,
    /// Since when an attempt has waited for bytes, and for how many.
    waits: FxHashMap<RunId, (f64, u64)>,
}

impl Drawing {
    /// An empty trace with the lanes of a cluster.
    pub(super) fn trace(parameters: &Parameters, tasks: usize) -> Arc<Trace> {
        let lanes = (0..parameters.nodes).flat_map(|node| {
            (0..parameters.slots).map(move |slot| {
                let label =
                    if parameters.slots == 1 { format!("node {node}") } else { format!("slot {slot}") };
                Lane::new(node * parameters.slots + slot, label, Some(format!("node {node}")))
            })
        });
        let trace = Arc::new(Trace::new(lanes, true, 0.0));
        trace.add_batch(0, tasks);
        trace
    }

    pub(super) fn new(trace: Arc<Trace>, slots: u32) -> Drawing {
        let count = trace.columns().len();
        let mut pens: Vec<Writer> = (0..count).map(|lane| Writer::new(lane, &trace)).collect();
        let notes = trace.batch(0);
        pens.iter_mut().for_each(|pen| pen.turn_to(&notes));
        pens.iter().for_each(|pen| pen.join(&trace));
        Drawing {
            trace,
            slots: slots as usize,
            pens,
            lanes: vec![(0.0, None); count],
            waits: FxHashMap::default(),
        }
    }

    /// An attempt waits for these bytes from now on.
    pub(super) fn waits(&mut self, run: RunId, bytes: u64, now_ms: f64) {
        let (_, all) = self.waits.entry(run).or_insert((now_ms, 0));
        *all += bytes;
    }

    /// A slot of a place starts a task.
    pub(super) fn starts(&mut self, place: usize, task: TaskId, run: RunId, now_ms: f64) {
        let waited = self.waits.remove(&run);
        let first = place * self.slots;
        let Some(lane) = (first..first + self.slots).find(|&lane| self.lanes[lane].1.is_none()) else {
            return;
        };
        if let Some((since_ms, bytes)) = waited {
            if since_ms > self.lanes[lane].0 {
                self.idle(lane, Reason::NoTask, since_ms);
            }
            if now_ms > self.lanes[lane].0 {
                self.pens[lane].moved(&self.trace, Some(task), Action::Transfer, now_ms, (bytes, None));
            }
        } else if now_ms > self.lanes[lane].0 {
            self.idle(lane, Reason::NoTask, now_ms);
        }
        self.lanes[lane] = (now_ms, Some(run));
        self.pens[lane].running(&self.trace, Some(task));
    }

    /// A slot of a place has run a task.
    pub(super) fn stops(&mut self, place: usize, task: TaskId, run: RunId, bytes: u64, now_ms: f64) {
        let first = place * self.slots;
        let runs_it = |&lane: &usize| self.lanes[lane].1 == Some(run);
        let Some(lane) = (first..first + self.slots).find(runs_it) else { return };
        self.pens[lane].bytes(task, bytes);
        self.pens[lane].end(&self.trace, task, Action::Compute, || now_ms);
        self.pens[lane].running(&self.trace, None);
        self.lanes[lane] = (now_ms, None);
    }

    /// A place has lost its node. What it ran is not known.
    pub(super) fn dies(&mut self, place: usize, now_ms: f64) {
        for lane in place * self.slots..(place + 1) * self.slots {
            self.idle(lane, Reason::Died, now_ms);
            self.pens[lane].running(&self.trace, None);
        }
    }

    /// The value of a task is gone with the node of a place.
    pub(super) fn loses(&mut self, place: usize, task: TaskId) {
        self.pens[place * self.slots].lost(&self.trace, task);
    }

    /// A place has another node.
    pub(super) fn restarts(&mut self, place: usize, now_ms: f64) {
        for lane in place * self.slots..(place + 1) * self.slots {
            self.idle(lane, Reason::NoProcess, now_ms);
        }
    }

    /// The run is over.
    pub(super) fn end(&mut self, now_ms: f64) {
        for lane in 0..self.pens.len() {
            if now_ms > self.lanes[lane].0 {
                self.idle(lane, Reason::NoTask, now_ms);
            }
            self.pens[lane].running(&self.trace, None);
        }
        self.trace.end(now_ms);
    }

    fn idle(&mut self, lane: usize, reason: Reason, now_ms: f64) {
        self.pens[lane].idle(&self.trace, reason, || now_ms);
        self.lanes[lane] = (now_ms, None);
    }
}
