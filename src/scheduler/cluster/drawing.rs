//! The trace of a cluster: a lane for each slot of each place. A *place* is where a node is: if the node dies, the place
//! gets another one.
//!
//! ```text
//! node 0   |== task 3 ==|idle|== task 8 ==|died   |starts |== task 8 ==|
//! node 1   |== task 4 ==|transfer 3|== task 7 ==|
//! ```
//!
//! It needs no clock and no node, so the simulation and the real cluster write the same trace.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::message::{NodeId, RunId};
use crate::{
    graph::TaskId,
    trace::{Action, Lane, Reason, Trace, Writer},
};

/// A value that came to a place, and is not in the trace yet.
#[derive(Debug)]
struct Arrival {
    task: TaskId,
    from: usize,
    bytes: u64,
    since_ms: f64,
    at_ms: f64,
}

/// An attempt that was sent to a node. Its place may have the next node already.
#[derive(Debug)]
struct Sent {
    node: NodeId,
    task: TaskId,
    stolen_from: Option<usize>,
}

/// The pens of all lanes. Times are those of the clock of the trace.
#[derive(Debug)]
pub struct Drawing {
    trace: Arc<Trace>,
    slots: usize,
    pens: Vec<Writer>,
    /// Per lane, when its last slice ended, and what runs in it.
    lanes: Vec<(f64, Option<RunId>)>,
    /// Per place, the values that came since a slot last started a task.
    arrivals: Vec<Vec<Arrival>>,
    /// The attempts under way.
    sent: FxHashMap<RunId, Sent>,
}

impl Drawing {
    /// The lanes of a cluster.
    pub fn lanes(places: u32, slots: u32) -> impl Iterator<Item = Lane> {
        (0..places).flat_map(move |place| {
            (0..slots).map(move |slot| {
                let node = format!("node {place}");
                let label = if slots == 1 { node.clone() } else { format!("{node} slot {slot}") };
                Lane::new(place * slots + slot, label, Some(node))
            })
        })
    }

    /// The pens of a trace with [these lanes](Drawing::lanes) and one batch of tasks.
    pub fn new(trace: Arc<Trace>, slots: u32) -> Drawing {
        let count = trace.columns().len();
        let mut pens: Vec<Writer> = (0..count).map(|lane| Writer::new(lane, &trace)).collect();
        if trace.is_enabled() {
            let notes = trace.batch(0);
            pens.iter_mut().for_each(|pen| pen.turn_to(&notes));
        }
        let slots = slots as usize;
        Drawing {
            slots,
            pens,
            lanes: vec![(trace.started_ms(), None); count],
            arrivals: (0..count / slots).map(|_| Vec::new()).collect(),
            sent: FxHashMap::default(),
            trace,
        }
    }

    /// A place gets a node: its first, or another one in place of one that died.
    pub fn joins(&mut self, place: usize, now_ms: f64) {
        for lane in self.lanes_of(place) {
            if now_ms > self.lanes[lane].0 {
                self.idle(lane, Reason::NoProcess, now_ms);
            }
            self.pens[lane].join(&self.trace);
        }
    }

    /// An attempt is sent to a node, perhaps in place of that at another place, which it was meant for.
    pub fn sends(&mut self, node: NodeId, task: TaskId, run: RunId, stolen_from: Option<usize>) {
        if self.trace.is_enabled() {
            self.sent.insert(run, Sent { node, task, stolen_from });
        }
    }

    /// A place gives back an attempt before it starts.
    pub fn gives_back(&mut self, run: RunId) {
        self.sent.remove(&run);
    }

    /// The value of a task, which a place asked for at `since_ms`, is there.
    pub fn arrives(
        &mut self,
        place: usize,
        task: TaskId,
        from: usize,
        bytes: u64,
        (since_ms, at_ms): (f64, f64),
    ) {
        if self.trace.is_enabled() {
            self.arrivals[place].push(Arrival { task, from, bytes, since_ms, at_ms });
        }
    }

    /// A slot of a place starts a task.
    pub fn starts(&mut self, place: usize, task: TaskId, run: RunId, now_ms: f64) {
        let Some(lane) = self.lanes_of(place).find(|&lane| self.lanes[lane].1.is_none()) else { return };
        self.write_arrivals(place, lane);
        if now_ms > self.lanes[lane].0 {
            self.idle(lane, Reason::NoTask, now_ms);
        }
        if let Some(victim) = self.sent.get(&run).and_then(|sent| sent.stolen_from) {
            self.pens[lane].steal(&self.trace, task, victim * self.slots);
        }
        self.lanes[lane] = (now_ms, Some(run));
        self.pens[lane].running(&self.trace, Some(task));
    }

    /// A slot of a place has run a task, which has a value of this size if it did not err.
    pub fn stops(
        &mut self,
        place: usize,
        task: TaskId,
        run: RunId,
        (action, bytes): (Action, u64),
        now_ms: f64,
    ) {
        self.sent.remove(&run);
        let runs_it = |&lane: &usize| self.lanes[lane].1 == Some(run);
        let Some(lane) = self.lanes_of(place).find(runs_it) else { return };
        self.pens[lane].bytes(task, bytes);
        self.pens[lane].end(&self.trace, task, action, || now_ms);
        self.pens[lane].running(&self.trace, None);
        self.lanes[lane] = (now_ms, None);
    }

    /// A place has lost its node. What it ran is not known.
    pub fn dies(&mut self, place: usize, now_ms: f64) {
        for lane in self.lanes_of(place) {
            self.idle(lane, Reason::Died, now_ms);
            self.pens[lane].running(&self.trace, None);
        }
        self.arrivals[place].clear();
    }

    /// The scheduler takes back what was sent to a node, since it is gone from its place.
    pub fn takes_back(&mut self, node: NodeId, place: usize) {
        let of_node = |(_, sent): &(&RunId, &Sent)| sent.node == node;
        let mut taken: Vec<(TaskId, RunId)> =
            self.sent.iter().filter(of_node).map(|(&run, sent)| (sent.task, run)).collect();
        taken.sort_unstable();
        for (task, run) in taken {
            self.sent.remove(&run);
            self.pens[place * self.slots].taken_back(&self.trace, task);
        }
    }

    /// The value of a task is gone with the node of a place.
    pub fn loses(&mut self, place: usize, task: TaskId) {
        self.pens[place * self.slots].lost(&self.trace, task);
    }

    /// The node of a place has left, and no other follows.
    pub fn leaves(&mut self, place: usize, now_ms: f64) {
        self.rest(place, now_ms);
        self.lanes_of(place).for_each(|lane| self.pens[lane].leave(&self.trace));
    }

    /// The run is over.
    pub fn end(&mut self, now_ms: f64) {
        (0..self.arrivals.len()).for_each(|place| self.rest(place, now_ms));
        self.trace.end(now_ms - self.trace.started_ms());
    }

    fn lanes_of(&self, place: usize) -> std::ops::Range<usize> {
        place * self.slots..(place + 1) * self.slots
    }

    /// From now on the lanes of a place do nothing.
    fn rest(&mut self, place: usize, now_ms: f64) {
        self.write_arrivals(place, place * self.slots);
        for lane in self.lanes_of(place) {
            if now_ms > self.lanes[lane].0 {
                self.idle(lane, Reason::NoTask, now_ms);
            }
            self.pens[lane].running(&self.trace, None);
        }
    }

    /// Writes what came to a place. What came while the lane did something else is a mark.
    fn write_arrivals(&mut self, place: usize, lane: usize) {
        for Arrival { task, from, bytes, since_ms, at_ms } in std::mem::take(&mut self.arrivals[place]) {
            if since_ms > self.lanes[lane].0 {
                self.idle(lane, Reason::NoTask, since_ms);
            }
            let peer = Some(from * self.slots);
            self.pens[lane].moved(&self.trace, Some(task), Action::Transfer, at_ms, (bytes, peer));
            self.lanes[lane].0 = self.lanes[lane].0.max(at_ms);
        }
    }

    fn idle(&mut self, lane: usize, reason: Reason, now_ms: f64) {
        self.pens[lane].idle(&self.trace, reason, || now_ms);
        self.lanes[lane] = (now_ms, None);
    }
}
