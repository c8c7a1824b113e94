//! What the threads did, and when: a trace with a lane for each thread and a task for each piece.
//!
//! ```text
//! thread 0   |Hold                 |ForcedSwitch|LockWait              |Hold
//! thread 1   |LockWait     ^       |            |Hold  |Blocked        |LockWait
//!                     DropRequest
//! ```
//!
//! A piece that is interrupted has several slices. A mark (`Compute`, without a length) stands where it ends.

use std::{ops::Range, sync::Arc};

use super::{policy::Policy, work::Program};
use crate::{
    ids::TaskId,
    trace::{Action, Column, Event, Lane, Trace, Writer},
};

/// What the threads of a program did under a policy.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The policy.
    pub policy: Policy,
    /// The lanes are threads, the tasks are pieces. It may have those of other programs too.
    pub trace: Arc<Trace>,
    /// The lanes of this program's threads.
    lanes: Range<usize>,
    /// The number of this program's first piece.
    first_piece: TaskId,
}

/// How often the lock changed hands, and at what cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How often a thread took the lock that another one had had before.
    pub switches: u64,
    /// How often a thread was woken and found the lock taken again.
    pub false_alarms: u64,
    /// How often a thread that waited requested the lock.
    pub drop_requests: u64,
    /// How often a thread dropped the lock on request and waited until another had taken it.
    pub forced_switches: u64,
}

impl Counts {
    /// The number of false alarms for each switch. `None` without a switch.
    pub fn false_alarms_per_switch(&self) -> Option<f64> {
        (self.switches > 0).then(|| self.false_alarms as f64 / self.switches as f64)
    }
}

impl Timeline {
    /// An empty timeline that starts at `started_ms` on the clock with which it will be written.
    pub(super) fn new(program: &Program, policy: Policy, started_ms: f64) -> Timeline {
        let lane = |thread| Lane::new(thread as u32, lane_label(thread), None);
        let lanes = (0..program.threads.len()).map(lane);
        Timeline::part(Arc::new(Trace::new(lanes, true, started_ms)), program, policy, (0, 0))
    }

    /// The part of `trace` that starts at this lane and this piece.
    pub(super) fn part(
        trace: Arc<Trace>,
        program: &Program,
        policy: Policy,
        (lane, first_piece): (usize, TaskId),
    ) -> Timeline {
        Timeline { policy, trace, lanes: lane..lane + program.threads.len(), first_piece }
    }

    fn column(&self, thread: usize) -> &Column {
        &self.trace.columns()[self.lanes.clone()][thread]
    }

    /// What `thread` did, in order.
    pub fn events(&self, thread: usize) -> impl Iterator<Item = Event> {
        self.column(thread).events()
    }

    /// The number of threads.
    pub fn threads(&self) -> usize {
        self.lanes.len()
    }

    /// When `thread` finished, in milliseconds since the start. `None` before that.
    pub fn finished_ms(&self, thread: usize) -> Option<f64> {
        self.column(thread).lane().left_ms()
    }

    /// When the last thread finished, in milliseconds since the start. `None` before that.
    pub fn makespan_ms(&self) -> Option<f64> {
        (0..self.threads()).try_fold(0.0, |most: f64, thread| Some(most.max(self.finished_ms(thread)?)))
    }

    /// For how long `thread` did `action`, in milliseconds.
    pub fn time_ms(&self, thread: usize, action: Action) -> f64 {
        let events = self.events(thread).filter(|event| event.action == action);
        events.map(|event| event.stop_ms - event.start_ms).sum()
    }

    /// How often the lock changed hands so far. O(events log events).
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for thread in 0..self.threads() {
            for event in self.events(thread) {
                match event.action {
                    Action::FalseAlarm => counts.false_alarms += 1,
                    Action::DropRequest => counts.drop_requests += 1,
                    Action::ForcedSwitch => counts.forced_switches += 1,
                    _ => {}
                }
            }
        }
        // Interpreters with a lock each never hand it over.
        if self.policy.is_shared() {
            counts.switches = switches(&self.trace.columns()[self.lanes.clone()]);
        }
        counts
    }
}

/// How often a lock that these lanes share changed hands. O(events log events).
pub(crate) fn switches(lanes: &[Column]) -> u64 {
    let mut holds = Vec::new();
    for (lane, column) in lanes.iter().enumerate() {
        let held = column.events().filter(|event| event.action == Action::Hold);
        holds.extend(held.map(|event| (event.start_ms, event.stop_ms, lane)));
    }
    // A hold in which the clock showed no time comes before a longer one.
    holds.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    holds.windows(2).filter(|pair| pair[0].2 != pair[1].2).count() as u64
}

/// What a thread without a name is called.
pub(super) fn lane_label(thread: usize) -> String {
    format!("thread {thread}")
}

/// The pen of one thread: joins slices of the same kind.
#[derive(Debug)]
pub(super) struct Pen {
    trace: Arc<Trace>,
    writer: Writer,
    /// The current piece and those that follow.
    pieces: Range<TaskId>,
    /// The slice that may go on, and where it ends so far.
    open: Option<(Action, f64)>,
    stop_ms: f64,
}

impl Pen {
    pub(super) fn new(timeline: &Timeline, thread: usize, pieces: Range<TaskId>) -> Pen {
        let trace = timeline.trace.clone();
        let writer = Writer::new(timeline.lanes.start + thread, &trace);
        writer.join(&trace);
        let pieces = timeline.first_piece + pieces.start..timeline.first_piece + pieces.end;
        Pen { trace, writer, pieces, open: None, stop_ms: 0.0 }
    }

    /// The thread did `action` from the end of the last slice until `at_ms` after the start.
    pub(super) fn until(&mut self, action: Action, at_ms: f64) {
        if at_ms > self.stop_ms {
            if self.open.is_some_and(|(open, _)| open != action) {
                self.close();
            }
            self.open = Some((action, at_ms));
            self.stop_ms = at_ms;
        }
    }

    /// The thread began `action` where the last slice ended, and did it until `at_ms` after the start. Unlike with
    /// [`until`](Pen::until), the slice is written even if it has no length.
    pub(super) fn begin(&mut self, action: Action, at_ms: f64) {
        self.close();
        self.stop_ms = at_ms.max(self.stop_ms);
        self.open = Some((action, self.stop_ms));
    }

    /// Something happened where the last slice ended.
    pub(super) fn mark(&mut self, action: Action) {
        self.close();
        self.writer.slice(&self.trace, self.piece(), action, self.stop_ms);
    }

    /// The piece ended where the last slice did.
    pub(super) fn end_piece(&mut self) {
        self.close();
        let piece = self.pieces.next();
        self.writer.slice(&self.trace, piece, Action::Compute, self.stop_ms);
    }

    /// The thread finished, or was stopped, where the last slice ended.
    pub(super) fn leave(&mut self) {
        self.close();
        self.writer.leave(&self.trace);
    }

    fn close(&mut self) {
        if let Some((action, stop_ms)) = self.open.take() {
            self.writer.slice(&self.trace, self.piece(), action, stop_ms);
        }
    }

    fn piece(&self) -> Option<TaskId> {
        self.pieces.clone().next()
    }
}
