//! The trace of a cluster in the page: a lane for each slot of each place. Nodes report what they did, with times on their clocks.

use std::{ops::Range, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    super::super::{clocks::Offset, options::Options},
    super::drawing::Drawing,
    report::{Arrival, NO_SLOT, Span},
};
use crate::{
    graph::{Plan, TaskId},
    trace::{Action, Reason, Trace, Writer},
};

/// What the trace says of a task that has run.
#[derive(Clone, Copy, Debug)]
struct Ran {
    lane: usize,
    /// Whether it has a value, as far as the trace says.
    has_value: bool,
}

/// The pens of all lanes.
pub(super) struct Lanes {
    plan: Arc<Plan>,
    trace: Arc<Trace>,
    /// The number of slots of each node.
    slots: usize,
    pens: Vec<Writer>,
    /// Where each task ran last.
    ran: Vec<Option<Ran>>,
    /// The number of tasks that have run, each counted once.
    tasks_run: usize,
    /// The lanes that tasks were meant for before others took them.
    stolen: FxHashMap<TaskId, usize>,
    /// The lane that the last event concerns, the first of its node, the clock of its node, and when its report came.
    here: usize,
    first: usize,
    clock: Offset,
    now_ms: f64,
}

impl Lanes {
    /// The lanes of a run that starts now.
    pub(super) fn new(places: usize, plan: Arc<Plan>, options: &Options, now_ms: f64) -> Lanes {
        let slots = options.slots;
        let lanes = Drawing::lanes(places as u32, slots as u32);
        let trace = Arc::new(Trace::new(lanes, options.trace, now_ms));
        trace.set_used(0);
        let notes = trace.add_batch(0, plan.len());
        let pen = |lane| {
            let mut pen = Writer::new(lane, &trace);
            pen.turn_to(&notes);
            pen
        };
        Lanes {
            pens: (0..places * slots).map(pen).collect(),
            slots,
            ran: vec![None; plan.len()],
            tasks_run: 0,
            stolen: FxHashMap::default(),
            here: 0,
            first: 0,
            clock: Offset::unknown(),
            now_ms,
            trace,
            plan,
        }
    }

    pub(super) fn trace(&self) -> &Arc<Trace> {
        &self.trace
    }

    /// The number of tasks that have run. One that ran again counts once.
    pub(super) fn tasks_run(&self) -> usize {
        self.tasks_run
    }

    /// The number of tasks is now `len`.
    pub(super) fn grow(&mut self, len: usize) {
        self.ran.resize(len, None);
    }

    /// The number of places that have had a node.
    pub(super) fn used(&self) -> usize {
        self.trace.columns().len() / self.slots
    }

    /// A node starts in a place.
    pub(super) fn opens(&mut self, place: usize) {
        self.trace.set_used(self.used().max(place + 1) * self.slots);
    }

    /// The node of a place is up.
    pub(super) fn joins(&mut self, place: usize, now_ms: f64) {
        let lanes = self.lanes_of(place);
        for pen in &mut self.pens[lanes] {
            pen.idle(&self.trace, Reason::NoProcess, || now_ms);
            pen.join(&self.trace);
            pen.return_again(&self.trace);
        }
    }

    /// A place loses its node. `tasks`: those that the node had.
    pub(super) fn leaves(&mut self, place: usize, was_up: bool, tasks: &[TaskId], now_ms: f64) {
        let lanes = self.lanes_of(place);
        (self.here, self.first) = (lanes.start, lanes.start);
        for pen in &mut self.pens[lanes] {
            pen.idle(&self.trace, if was_up { Reason::Died } else { Reason::NoProcess }, || now_ms);
            pen.running(&self.trace, None);
            pen.leave(&self.trace);
        }
        let pen = &mut self.pens[self.here];
        tasks.iter().for_each(|&task| pen.taken_back(&self.trace, task));
    }

    /// Shows which tasks a place runs: the first of these, as many as it has slots. Which slot runs which is not known.
    pub(super) fn runs(&self, place: usize, tasks: &[TaskId]) {
        for (slot, lane) in self.lanes_of(place).enumerate() {
            self.pens[lane].running(&self.trace, tasks.get(slot).copied());
        }
    }

    /// A task is sent to another place than `victim`, which it was meant for.
    pub(super) fn steals(&mut self, task: TaskId, victim: usize) {
        self.stolen.insert(task, victim * self.slots);
    }

    /// From here on, a report of the node of this place is drawn, whose clock is this one.
    pub(super) fn turn_to(&mut self, place: usize, clock: Offset, now_ms: f64) {
        let first = self.lanes_of(place).start;
        (self.here, self.first, self.clock, self.now_ms) = (first, first, clock, now_ms);
    }

    fn lanes_of(&self, place: usize) -> Range<usize> {
        place * self.slots..(place + 1) * self.slots
    }

    /// What follows is in the lane of this slot, at these times. If no slot was free for it, it is a mark at the end of a lane:
    /// what the slot of that lane does is not known yet.
    fn turn_to_slot<const N: usize>(&mut self, slot: u8, times: [f64; N]) -> [f64; N] {
        let is_free = slot != NO_SLOT;
        self.here = self.first + if is_free { usize::from(slot) } else { 0 };
        if is_free { times } else { [f64::NEG_INFINITY; N] }
    }

    /// A task without a kernel has run. `before`: when and in which slot it ended, if nothing since then
    /// was drawn.
    pub(super) fn ran_plain(&mut self, task: TaskId, before: Option<(f64, u8)>) {
        if let Some((ms, slot)) = before {
            let [ms] = self.turn_to_slot(slot, [ms]);
            self.moved(task, Action::Overhead, ms, 0, None);
        }
        self.begin(task);
        self.pens[self.here].instant(&self.trace, task);
    }

    /// A task has run, and has a value of this size.
    pub(super) fn computed(&mut self, task: TaskId, span: Span, bytes: u64) {
        self.turn_to_slot(span.slot, []);
        self.idle_until(span.start_ms);
        self.begin(task);
        self.pens[self.here].bytes(task, bytes);
        self.end_task(task, Action::Compute, span);
    }

    /// A task has erred, perhaps not for the last time.
    pub(super) fn erred(&mut self, task: TaskId, is_last: bool, span: Span) {
        self.turn_to_slot(span.slot, []);
        self.idle_until(span.start_ms);
        self.start_task(task);
        self.end_task(task, if is_last { Action::Erred } else { Action::Retry }, span);
    }

    /// A value has come from another place.
    pub(super) fn arrived(&mut self, arrival: &Arrival, peer: Option<usize>) {
        let &Arrival { task, asked_ms, came_ms, read_ms, length, slot, .. } = arrival;
        let [asked_ms, came_ms, read_ms] = self.turn_to_slot(slot, [asked_ms, came_ms, read_ms]);
        let peer = peer.map(|place| place * self.slots);
        self.idle_until(asked_ms);
        self.moved(task, Action::Transfer, came_ms, length, peer);
        if length > 0 {
            self.moved(task, Action::Deserialize, read_ms, length, None);
        }
    }

    /// A value was written, spilled or read back, which took this time.
    pub(super) fn handled(&mut self, task: TaskId, action: Action, span: Span, length: u64) {
        let [start_ms, stop_ms] = self.turn_to_slot(span.slot, [span.start_ms, span.stop_ms]);
        self.idle_until(start_ms);
        self.moved(task, action, stop_ms, length, None);
    }

    /// The node pauses or goes on.
    pub(super) fn mark(&mut self, action: Action, bytes: u64, reason: Reason) {
        self.pens[self.here].mark(&self.trace, action, bytes, reason);
    }

    /// A task runs again, since its value was lost or dropped: the lane that made it says so.
    pub(super) fn loses(&mut self, task: TaskId) {
        if let Some(Ran { lane, has_value: has_value @ true }) = &mut self.ran[task as usize] {
            *has_value = false;
            self.pens[*lane].lost(&self.trace, task);
        }
    }

    /// A task does not run, since one that it depends on erred, or since it was given up.
    pub(super) fn skips(&mut self, task: TaskId) {
        self.pens[self.here].skip(&self.trace, task);
    }

    /// A task was to run, or to run again, until nobody needed it any more. Does nothing if it has a value.
    pub(super) fn cancels(&mut self, task: TaskId) {
        let lane = match self.ran[task as usize] {
            Some(Ran { has_value: true, .. }) => return,
            Some(Ran { lane, .. }) => lane,
            None => self.here,
        };
        let details = (0, None);
        self.pens[lane].moved(&self.trace, Some(task), Action::Cancel, f64::NEG_INFINITY, details);
    }

    /// The run is over.
    pub(super) fn end(&mut self, now_ms: f64) {
        self.pens.iter().for_each(|pen| pen.rest(&self.trace));
        self.trace.end(now_ms - self.trace.started_ms());
    }

    /// A task begins whose value is there when it ends.
    fn begin(&mut self, task: TaskId) {
        let ran = self.ran[task as usize].replace(Ran { lane: self.here, has_value: true });
        self.tasks_run += usize::from(ran.is_none());
        // It ran before, and nobody has heard that its value was lost.
        if ran.is_some_and(|ran| ran.has_value) {
            self.pens[self.here].lost(&self.trace, task);
        }
        self.start_task(task);
    }

    fn start_task(&mut self, task: TaskId) {
        let pen = &mut self.pens[self.here];
        if let Some(victim) = self.stolen.remove(&task) {
            pen.steal(&self.trace, task, victim);
        }
        if self.trace.is_enabled() {
            pen.begin(&self.trace, task, self.plan.dependencies().row(task));
        }
    }

    fn end_task(&mut self, task: TaskId, action: Action, span: Span) {
        let at_ms = self.at(span.stop_ms);
        self.pens[self.here].end(&self.trace, task, action, || at_ms);
    }

    /// A time of the node on this clock. It has passed.
    fn at(&self, node_ms: f64) -> f64 {
        self.clock.parent_ms(node_ms).min(self.now_ms)
    }

    /// The node had nothing to do until it began something.
    fn idle_until(&mut self, start_ms: f64) {
        let (at_ms, now_ms) = (self.at(start_ms), self.now_ms);
        let pen = &mut self.pens[self.here];
        if at_ms > pen.now_ms(&self.trace, || now_ms) {
            pen.idle(&self.trace, Reason::NoTask, || at_ms);
        }
    }

    fn moved(&mut self, task: TaskId, action: Action, node_ms: f64, bytes: u64, peer: Option<usize>) {
        let at_ms = self.at(node_ms);
        self.pens[self.here].moved(&self.trace, Some(task), action, at_ms, (bytes, peer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        graph::GraphBuilder,
        operations::{Busy, Op},
        trace::Event,
    };

    #[test]
    fn the_lane_that_made_a_value_says_that_it_is_lost() {
        let mut graph = GraphBuilder::new();
        graph.task("a".into(), Op::Busy(Busy { steps: 1, failures: 0 }), []);
        graph.target("a".into());
        let plan = Arc::new(Plan::new(&graph.build().unwrap()));
        let mut lanes = Lanes::new(3, plan, &Options::default(), 0.0);
        (0..3).for_each(|place| lanes.opens(place));
        let span = |start_ms| Span { slot: 0, start_ms, stop_ms: start_ms + 1.0 };
        lanes.turn_to(1, Offset::unknown(), 1.0);
        lanes.computed(0, span(0.0), 8);
        // Another node misses it.
        lanes.turn_to(2, Offset::unknown(), 2.0);
        lanes.loses(0);
        lanes.loses(0);
        lanes.computed(0, span(2.0), 8);
        assert_eq!(lanes.tasks_run(), 1, "it has run twice");
        lanes.loses(0);
        lanes.cancels(0);
        let actions = |lane: usize| -> Vec<Action> {
            lanes.trace().columns()[lane].events().map(|Event { action, .. }| action).collect()
        };
        assert_eq!(actions(0), []);
        assert_eq!(actions(1), [Action::Compute, Action::Lost]);
        assert_eq!(actions(2), [Action::Idle, Action::Compute, Action::Lost, Action::Cancel]);
    }

    #[test]
    fn each_slot_has_a_lane_and_the_rest_is_where_one_is_free() {
        use Action::{Compute, Idle, Serialize};

        let mut graph = GraphBuilder::new();
        for key in ["a", "b", "c"] {
            graph.task(key.into(), Op::Busy(Busy { steps: 1, failures: 0 }), []);
            graph.target(key.into());
        }
        let plan = Arc::new(Plan::new(&graph.build().unwrap()));
        let mut lanes = Lanes::new(2, plan, &Options { slots: 2, ..Options::default() }, 0.0);
        (0..2).for_each(|place| lanes.opens(place));
        assert_eq!((lanes.used(), lanes.trace().columns().len()), (2, 4));
        lanes.runs(1, &[1, 2, 0]);
        let running = |lanes: &Lanes| -> Vec<Option<TaskId>> {
            lanes.trace().columns().iter().map(|column| column.running()).collect()
        };
        assert_eq!(running(&lanes), [None, None, Some(1), Some(2)]);
        lanes.turn_to(1, Offset::unknown(), 9.0);
        lanes.handled(0, Serialize, Span { slot: 1, start_ms: 1.0, stop_ms: 2.0 }, 8);
        lanes.handled(0, Serialize, Span { slot: NO_SLOT, start_ms: 3.0, stop_ms: 4.0 }, 8);
        lanes.computed(1, Span { slot: 0, start_ms: 2.0, stop_ms: 5.0 }, 8);
        lanes.computed(2, Span { slot: 1, start_ms: 3.0, stop_ms: 6.0 }, 8);
        let events = |lane: usize| -> Vec<(Action, f64, f64)> {
            let of = |event: Event| (event.action, event.start_ms, event.stop_ms);
            lanes.trace().columns()[lane].events().map(of).collect()
        };
        assert_eq!(events(2), [(Serialize, 0.0, 0.0), (Idle, 0.0, 2.0), (Compute, 2.0, 5.0)]);
        assert_eq!(
            events(3),
            [(Idle, 0.0, 1.0), (Serialize, 1.0, 2.0), (Idle, 2.0, 3.0), (Compute, 3.0, 6.0)]
        );
    }
}
