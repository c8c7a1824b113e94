//! The pen of one worker. The time comes from outside: a clock that is read, or the time of a simulation.

use std::sync::{Arc, atomic::Ordering::*};

use super::{
    action::{Action, Reason},
    columns::{Details, NO_TASK, Trace},
    notes::Notes,
    overhead::Overhead,
};
use crate::graph::TaskId;

/// The pen of one worker. Where a method takes a `clock`, it reads it at most once: in a run without a trace never. The
/// clock counts in milliseconds from the same moment as [`Trace::started_ms`].
///
/// A task is named by its place in the batch that the pen was [turned to](Writer::turn_to) last.
#[derive(Debug)]
pub(crate) struct Writer {
    /// The worker whose column this is.
    worker: usize,
    enabled: bool,
    notes: Option<Arc<Notes>>,
    events: usize,
    stop_ms: f64,
    /// How many tasks have ended since the clock was last read.
    unread: u32,
    overhead: Overhead,
}

/// The number of tasks without a kernel that end before the clock is read again.
const INSTANTS_PER_READ: u32 = 16;

impl Writer {
    /// The pen of `worker`. There must be one for each column: the events of two would overwrite each other.
    pub(crate) fn new(worker: usize, trace: &Trace) -> Writer {
        let enabled = trace.is_enabled();
        Writer { worker, enabled, notes: None, events: 0, stop_ms: 0.0, unread: 0, overhead: Overhead::new() }
    }

    /// The tasks that are noted from here on are those of the batch with these notes.
    pub(crate) fn turn_to(&mut self, notes: &Arc<Notes>) {
        if self.enabled {
            self.notes = Some(notes.clone());
        }
    }

    #[inline]
    fn notes(&self) -> &Notes {
        self.notes.as_ref().expect("a pen that writes of tasks was turned to their batch")
    }

    /// Notes that `task` begins where the last slice ended. If a dependency ended later on another worker, it begins then:
    /// the clock is read before a task's dependents are made ready, and the clocks of two threads differ by their
    /// resolution, so the task would otherwise seem to start too early.
    #[inline]
    pub(crate) fn begin(&mut self, trace: &Trace, task: TaskId, dependencies: &[TaskId]) {
        if self.enabled {
            let notes = self.notes();
            let first = notes.first;
            let ready_ms = dependencies.iter().map(|&task| notes.stop_ms(task)).fold(0.0, f64::max);
            if ready_ms > self.stop_ms {
                self.write(trace, NO_TASK, Action::Idle, ready_ms);
            }
            trace.column(self.worker).set_running(Some(first + task));
        }
    }

    /// Notes that the kernel of the task under way starts now. Reads the clock only for a sample of the short tasks.
    #[inline]
    pub(crate) fn begin_kernel(&mut self, trace: &Trace, clock: impl FnOnce() -> f64) {
        if self.enabled && self.overhead.wants_read() {
            self.overhead.kernel_starts(clock() - trace.started_ms());
        }
    }

    /// Notes that `task` ends now. Before any of its dependents is made ready.
    #[inline]
    pub(crate) fn end(&mut self, trace: &Trace, task: TaskId, action: Action, clock: impl FnOnce() -> f64) {
        if self.enabled {
            self.unread = 0;
            let stop_ms = (clock() - trace.started_ms()).max(self.stop_ms);
            let kernel_ms = self.overhead.kernel_start_ms(self.stop_ms, stop_ms);
            if kernel_ms > self.stop_ms {
                self.write(trace, self.notes().first + task, Action::Overhead, kernel_ms);
            }
            self.stop(trace, task, action, stop_ms);
        }
    }

    /// Notes that `task` ends, which has no kernel: all the time since the last clock read was overhead.
    #[inline]
    pub(crate) fn end_instant(&mut self, trace: &Trace, task: TaskId, clock: impl FnOnce() -> f64) {
        if !self.enabled {
            return;
        }
        self.unread += 1;
        if self.unread == INSTANTS_PER_READ {
            self.unread = 0;
            self.write(trace, self.notes().first + task, Action::Overhead, clock() - trace.started_ms());
        }
        self.stop(trace, task, Action::Compute, self.stop_ms);
    }

    /// Notes that `task` ended where the last slice did: it has no kernel, and [what came before](Writer::moved) was noted.
    pub(crate) fn instant(&mut self, trace: &Trace, task: TaskId) {
        if self.enabled {
            self.stop(trace, task, Action::Compute, self.stop_ms);
        }
    }

    /// Notes that what is known of `task` is lost, so that it will run again.
    pub(crate) fn lost(&mut self, trace: &Trace, task: TaskId) {
        if self.enabled {
            self.write(trace, self.notes().first + task, Action::Lost, self.stop_ms);
        }
    }

    /// Notes that `task`, which was sent to the node of this lane, will run elsewhere.
    pub(crate) fn taken_back(&mut self, trace: &Trace, task: TaskId) {
        if self.enabled {
            self.write(trace, self.notes().first + task, Action::TakenBack, self.stop_ms);
        }
    }

    /// Notes that `task` does not run, since one that it depends on erred.
    pub(crate) fn skip(&mut self, trace: &Trace, task: TaskId) {
        if self.enabled {
            self.stop(trace, task, Action::Erred, self.stop_ms);
        }
    }

    /// Notes that the task with the id `task` in the trace was taken from another worker, whose place is `victim`.
    pub(crate) fn steal(&mut self, trace: &Trace, task: TaskId, victim: usize) {
        if self.enabled {
            let details = Details { peer: Some(victim as u32), ..Details::default() };
            self.write_with(trace, task, Action::Steal, self.stop_ms, details);
        }
    }

    /// Notes the size of the value of `task`. Before any of its dependents is made ready.
    #[inline]
    pub(crate) fn bytes(&self, task: TaskId, bytes: u64) {
        if self.enabled && bytes > 0 {
            self.notes().bytes[task as usize].store(bytes, Relaxed);
        }
    }

    /// Notes how many bytes `task` needed besides its value while it ran.
    #[inline]
    pub(crate) fn scratch(&self, task: TaskId, bytes: u64) {
        if self.enabled && bytes > 0 {
            self.notes().note_scratch(task, bytes);
        }
    }

    /// Notes that the worker ran nothing since the last slice ended, and why.
    pub(crate) fn idle(&mut self, trace: &Trace, reason: Reason, clock: impl FnOnce() -> f64) {
        if self.enabled {
            let details = Details { reason, ..Details::default() };
            self.write_with(trace, NO_TASK, Action::Idle, clock() - trace.started_ms(), details);
        }
    }

    /// Notes what the lane did for the task with the id `task` in the trace, which may go on, from the end of its last
    /// slice until `stop_ms` after the run's start. For a lane that belongs to no batch.
    pub(crate) fn slice(&mut self, trace: &Trace, task: Option<TaskId>, action: Action, stop_ms: f64) {
        if self.enabled {
            self.write(trace, task.unwrap_or(NO_TASK), action, stop_ms);
        }
    }

    /// Notes that the lane moved, wrote or read bytes from the end of its last slice until `now_ms`, on the clock of the
    /// trace; perhaps for one task, and with another lane, its peer.
    pub(crate) fn moved(
        &mut self,
        trace: &Trace,
        task: Option<TaskId>,
        action: Action,
        now_ms: f64,
        (bytes, peer): (u64, Option<usize>),
    ) {
        if self.enabled {
            let task = task.map_or(NO_TASK, |task| self.notes().first + task);
            let peer = peer.map(|peer| peer as u32);
            let details = Details { peer, bytes, reason: Reason::None };
            self.write_with(trace, task, action, now_ms - trace.started_ms(), details);
        }
    }

    /// Notes at the end of the last slice something that concerns a number of bytes, and why.
    pub(crate) fn mark(&mut self, trace: &Trace, action: Action, bytes: u64, reason: Reason) {
        if self.enabled {
            let details = Details { peer: None, bytes, reason };
            self.write_with(trace, NO_TASK, action, self.stop_ms, details);
        }
    }

    /// Notes which task runs now.
    pub(crate) fn running(&self, trace: &Trace, task: Option<TaskId>) {
        if self.enabled {
            trace.column(self.worker).set_running(task.map(|task| self.notes().first + task));
        }
    }

    /// Notes that the lane leaves where its last slice ends.
    pub(crate) fn leave(&self, trace: &Trace) {
        if self.enabled {
            trace.column(self.worker).lane().leave(self.stop_ms);
        }
    }

    /// Notes that the worker is there, which joins as long after the run's start as the last slice lasted.
    pub(crate) fn join(&self, trace: &Trace) {
        if self.enabled {
            trace.column(self.worker).lane().join(self.stop_ms);
        }
    }

    /// Notes that the lane is there again, after it left.
    pub(crate) fn return_again(&self, trace: &Trace) {
        if self.enabled {
            trace.column(self.worker).lane().return_again();
        }
    }

    /// Notes that the task with the id `task` in the trace runs from here on. For a lane that belongs to no batch.
    pub(crate) fn run(&self, trace: &Trace, task: TaskId) {
        trace.column(self.worker).set_running(Some(task));
    }

    /// Notes that nothing runs from here on.
    pub(crate) fn rest(&self, trace: &Trace) {
        trace.column(self.worker).set_running(None);
    }

    /// The end of the last slice, on the clock of the trace. Without a trace the clock is read.
    pub(crate) fn now_ms(&self, trace: &Trace, clock: impl FnOnce() -> f64) -> f64 {
        if self.enabled { trace.started_ms() + self.stop_ms } else { clock() }
    }

    #[inline]
    fn stop(&mut self, trace: &Trace, task: TaskId, action: Action, stop_ms: f64) {
        self.write(trace, self.notes().first + task, action, stop_ms);
        self.notes().stops_ms[task as usize].store(self.stop_ms.to_bits(), Relaxed);
    }

    #[cold]
    fn write_with(&mut self, trace: &Trace, task: TaskId, action: Action, stop_ms: f64, details: Details) {
        if details != Details::default() {
            trace.column(self.worker).write_details(self.events, details);
        }
        self.write(trace, task, action, stop_ms);
    }

    #[inline]
    fn write(&mut self, trace: &Trace, task: TaskId, action: Action, stop_ms: f64) {
        // A slice never ends before it starts, whatever thread it was that read the clock before.
        self.stop_ms = stop_ms.max(self.stop_ms);
        if trace.column(self.worker).write(self.events, task, action, self.stop_ms) {
            self.events += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            columns::{Event, SEGMENT_EVENTS},
            lane::Lane,
            summary::Summary,
        },
        *,
    };
    use crate::clock::now_ms;

    fn trace(workers: usize, tasks: usize) -> Trace {
        let trace = Trace::new((0..workers).map(Lane::worker), tasks > 0, now_ms());
        trace.add_batch(0, tasks);
        trace
    }

    fn writer(worker: usize, trace: &Trace) -> Writer {
        let mut writer = Writer::new(worker, trace);
        trace.notes().iter().for_each(|notes| writer.turn_to(notes));
        writer
    }

    #[test]
    fn slices_meet_and_are_read_as_written() {
        let trace = trace(2, 3 * SEGMENT_EVENTS);
        let mut writer = writer(1, &trace);
        writer.idle(&trace, Reason::None, now_ms);
        for task in 0..2 * SEGMENT_EVENTS as u32 {
            writer.end(&trace, task, Action::Compute, now_ms);
        }
        writer.end(&trace, 7, Action::Erred, now_ms);
        let events: Vec<Event> = trace.columns()[1].events().collect();
        assert_eq!(events.len(), 2 * SEGMENT_EVENTS + 2);
        assert_eq!((events[0].task, events[0].action, events[0].start_ms), (None, Action::Idle, 0.0));
        assert_eq!((events[1].task, events[1].action), (Some(0), Action::Compute));
        assert_eq!(events.last().unwrap().action, Action::Erred);
        assert!(events.windows(2).all(|pair| pair[0].stop_ms == pair[1].start_ms));
        assert!(events.iter().all(|event| event.start_ms <= event.stop_ms));
        assert_eq!(trace.columns()[0].events().count(), 0);
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        let trace = trace(1, 1);
        let mut writer = writer(0, &trace);
        for _ in 0..SEGMENT_EVENTS * 512 + 3 {
            writer.end(&trace, 0, Action::Compute, now_ms);
        }
        assert_eq!(trace.columns()[0].dropped(), 3);
        assert_eq!(trace.columns()[0].events().count(), SEGMENT_EVENTS * 512);
    }

    #[test]
    fn a_task_starts_no_earlier_than_its_dependencies_stop() {
        let trace = trace(2, 3);
        let (mut first, mut second) = (writer(0, &trace), writer(1, &trace));
        first.end(&trace, 0, Action::Compute, now_ms);
        second.end(&trace, 1, Action::Compute, now_ms);
        // The first worker has not looked at the clock since, and now runs what depends on both.
        first.begin(&trace, 2, &[0, 1]);
        first.end(&trace, 2, Action::Compute, now_ms);
        let start_ms = trace.columns()[0].events().last().unwrap().start_ms;
        assert!(start_ms >= trace.columns()[1].events().last().unwrap().stop_ms);
    }

    #[test]
    fn tasks_without_a_kernel_share_a_clock_read_and_are_all_overhead() {
        let trace = trace(1, 40);
        let mut writer = writer(0, &trace);
        for task in 0..40 {
            writer.end_instant(&trace, task, now_ms);
        }
        let events: Vec<Event> = trace.columns()[0].events().collect();
        let overhead = events.iter().filter(|event| event.action == Action::Overhead).count();
        assert_eq!((events.len(), overhead), (42, 2));
        for event in events.iter().filter(|event| event.action == Action::Compute) {
            assert_eq!(event.start_ms, event.stop_ms);
        }
    }

    #[test]
    fn what_comes_before_a_kernel_is_overhead() {
        let trace = Trace::new([Lane::worker(0)].into_iter(), true, 0.0);
        trace.add_batch(0, 1);
        let mut writer = writer(0, &trace);
        writer.begin_kernel(&trace, || 2.0);
        writer.end(&trace, 0, Action::Compute, || 5.0);
        let events: Vec<Event> = trace.columns()[0].events().collect();
        let actions: Vec<Action> = events.iter().map(|event| event.action).collect();
        assert_eq!(actions, [Action::Overhead, Action::Compute]);
        assert!(events.iter().all(|event| event.task == Some(0)));
        assert_eq!((events[0].stop_ms, events[1].stop_ms), (2.0, 5.0));
    }

    #[test]
    fn a_mark_takes_no_time() {
        let trace = trace(1, 2);
        let mut writer = writer(0, &trace);
        writer.end(&trace, 0, Action::Compute, now_ms);
        writer.steal(&trace, 1, 0);
        writer.end(&trace, 1, Action::Retry, now_ms);
        writer.skip(&trace, 1);
        let events: Vec<Event> = trace.columns()[0].events().collect();
        let actions: Vec<Action> = events.iter().map(|event| event.action).collect();
        assert_eq!(actions, [Action::Compute, Action::Steal, Action::Retry, Action::Erred]);
        assert!([1, 3].into_iter().all(|mark: usize| events[mark].start_ms == events[mark].stop_ms));
    }

    #[test]
    fn tasks_of_later_batches_have_ids_after_those_of_the_earlier() {
        let trace = trace(1, 3);
        let later = trace.add_batch(3, 2);
        let mut writer = writer(0, &trace);
        writer.turn_to(&later);
        writer.bytes(1, 80);
        writer.scratch(0, 7);
        writer.begin(&trace, 1, &[0]);
        writer.end(&trace, 1, Action::Compute, now_ms);
        let events: Vec<Event> = trace.columns()[0].events().collect();
        assert_eq!(events.last().map(|event| event.task), Some(Some(4)));
        assert_eq!([2, 3, 4].map(|task| trace.bytes(task)), [0, 0, 80]);
        assert_eq!([2, 3, 4].map(|task| trace.scratch(task)), [0, 7, 0]);
        assert_eq!(trace.stop_ms(4), events.last().unwrap().stop_ms);
        assert_eq!(trace.stop_ms(3), 0.0);
    }

    #[test]
    fn a_run_without_a_trace_writes_nothing() {
        let trace = trace(1, 0);
        let mut writer = writer(0, &trace);
        writer.begin(&trace, 3, &[2]);
        writer.end(&trace, 3, Action::Compute, now_ms);
        assert_eq!(trace.columns()[0].events().count(), 0);
    }

    /// ```text
    /// node-a   |--- 0 ---|---- sends 8 kB ----|
    /// node-b             |------- idle -------|--- 1 ---|
    ///          100      103                  110       112
    /// ```
    #[test]
    fn a_simulated_clock_writes_a_trace_with_lanes_and_details() {
        let lane = |id, node: &str| Lane::new(id, format!("{node}:0"), Some(node.to_owned()));
        let trace = Trace::new([lane(7, "node-a"), lane(9, "node-b")].into_iter(), true, 100.0);
        trace.add_batch(0, 2);
        let (mut first, mut second) = (writer(0, &trace), writer(1, &trace));
        first.join(&trace);
        first.end(&trace, 0, Action::Compute, || 103.0);
        let sent = Details { peer: Some(1), bytes: 8000, reason: Reason::None };
        first.write_with(&trace, 0, Action::Steal, 10.0, sent);
        second.idle(&trace, Reason::NoTask, || 110.0);
        second.join(&trace);
        second.begin(&trace, 1, &[0]);
        second.end(&trace, 1, Action::Compute, || 112.0);
        trace.end(12.0);

        let [a, b] = trace.columns() else { panic!() };
        let read = |event: Event| (event.start_ms, event.stop_ms, event.details);
        let none = Details::default();
        assert_eq!(a.events().map(read).collect::<Vec<_>>(), [(0.0, 3.0, none), (3.0, 10.0, sent)]);
        let waits = Details { reason: Reason::NoTask, ..none };
        assert_eq!(b.events().map(read).collect::<Vec<_>>(), [(0.0, 10.0, waits), (10.0, 12.0, none)]);
        let lane = b.lane();
        assert_eq!((lane.id, &*lane.label, lane.node.as_deref()), (9, "node-b:0", Some("node-b")));
        assert_eq!(
            (a.lane().joined_ms(), lane.joined_ms(), lane.left_ms()),
            (Some(0.0), Some(10.0), Some(12.0))
        );
    }

    #[test]
    fn lanes_that_may_come_are_not_shown_before_they_do() {
        let trace = trace(3, 1);
        trace.set_used(1);
        assert_eq!((trace.columns().len(), Summary::new(1, &trace, 1.0, 0).workers), (1, 1));
        trace.set_used(2);
        writer(1, &trace).end(&trace, 0, Action::Compute, now_ms);
        assert_eq!(trace.columns()[1].events().count(), 1);
    }

    #[test]
    fn a_lane_that_has_not_joined_does_not_leave() {
        let trace = trace(1, 1);
        trace.end(1.0);
        let lane = trace.columns()[0].lane();
        assert_eq!((lane.joined_ms(), lane.left_ms()), (None, None));
    }
}
