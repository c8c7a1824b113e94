//! A column of events for each worker, written by it and read by anyone while the run goes on.
//!
//! The events lie in segments of one fixed size, made when the one before is full; the reader is told of an
//! event by the cursor, which is moved after the event is written. In the browser the page reads the same
//! memory as the workers write: [`Column::header`], [`Column::segments`] and [`Record`] are what it relies on.

use std::sync::{
    OnceLock,
    atomic::{AtomicI32, AtomicU32, AtomicU64, AtomicUsize, Ordering::*},
};

use super::{Action, overhead::Overhead};
use crate::{clock::now_ms, graph::TaskId};

/// How many events a segment holds: 64 kB.
pub(crate) const SEGMENT_EVENTS: usize = 4096;

/// How many segments a column may have; events past them are counted and dropped.
const MAX_SEGMENTS: usize = 512;

/// The columns of all workers of one run.
#[derive(Debug)]
pub struct Trace {
    started_ms: f64,
    columns: Box<[Column]>,
    /// When each task stopped, as the bits of a double; empty in a run without a trace.
    task_stops_ms: Box<[AtomicU64]>,
    /// How many bytes the value of each task held; empty in a run without a trace.
    task_bytes: Box<[AtomicU64]>,
    /// How many bytes each task needed besides its value while it ran. Allocated for the first task that needs any.
    task_scratch: OnceLock<Box<[AtomicU64]>>,
}

/// What one worker did, in the order in which it did it.
#[derive(Debug)]
pub struct Column {
    header: Header,
    segments: Box<[OnceLock<Box<[Record]>>]>,
    /// Where each segment lies in memory, 0 where there is none yet: for the page.
    addresses: Box<[AtomicUsize]>,
}

/// The words of a column that change with every event.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Header {
    /// How many events can be read.
    cursor: AtomicU32,
    /// The task that runs now, -1 for none.
    running: AtomicI32,
    /// How many events found no room.
    dropped: AtomicU32,
}

/// One event as it lies in memory: the end of the slice as the bits of a double, then task and action, each in
/// half a word. Atomics, though nobody writes while another reads: so that no word here needs `unsafe`.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Record {
    stop_ms: AtomicU64,
    task_and_action: AtomicU64,
}

/// The task of a slice in which none ran.
const NO_TASK: TaskId = TaskId::MAX;

/// One slice of a worker's time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Which task ran.
    pub task: Option<TaskId>,
    /// What the worker did.
    pub action: Action,
    /// When it began, in milliseconds since the run's start.
    pub start_ms: f64,
    /// When it ended.
    pub stop_ms: f64,
}

impl Trace {
    /// For `workers` workers, and so many tasks: none, if there is nothing to note.
    pub(crate) fn new(workers: usize, tasks: usize) -> Trace {
        Trace {
            columns: (0..workers).map(|_| Column::new()).collect(),
            task_stops_ms: zeros(tasks),
            task_bytes: zeros(tasks),
            task_scratch: OnceLock::new(),
            started_ms: now_ms(),
        }
    }

    /// Whether there is anything to note.
    pub fn is_enabled(&self) -> bool {
        !self.task_stops_ms.is_empty()
    }

    /// The columns, one for each worker.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many bytes the value of `task` held when it was made: 0 before, and in a run without a trace.
    pub fn bytes(&self, task: TaskId) -> u64 {
        self.task_bytes.get(task as usize).map_or(0, |bytes| bytes.load(Relaxed))
    }

    /// The number of bytes that `task` needed besides its value while it ran: for the values of the parts of a fused
    /// operation. 0 before it ran, and in a run without a trace.
    pub fn scratch(&self, task: TaskId) -> u64 {
        self.task_scratch.get().map_or(0, |scratch| scratch[task as usize].load(Relaxed))
    }

    /// When `task` stopped, in milliseconds since the run's start: 0 if it has not, and in a run without a trace.
    pub fn stop_ms(&self, task: TaskId) -> f64 {
        self.task_stops_ms.get(task as usize).map_or(0.0, |stop_ms| f64::from_bits(stop_ms.load(Relaxed)))
    }

    /// When the run started, on the clock that all threads share.
    pub(crate) fn started_ms(&self) -> f64 {
        self.started_ms
    }
}

fn zeros(count: usize) -> Box<[AtomicU64]> {
    (0..count).map(|_| AtomicU64::new(0)).collect()
}

impl Column {
    fn new() -> Column {
        Column {
            header: Header {
                cursor: AtomicU32::new(0),
                running: AtomicI32::new(-1),
                dropped: AtomicU32::new(0),
            },
            segments: (0..MAX_SEGMENTS).map(|_| OnceLock::new()).collect(),
            addresses: (0..MAX_SEGMENTS).map(|_| AtomicUsize::new(0)).collect(),
        }
    }

    /// The events written so far.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let count = self.header.cursor.load(Acquire) as usize;
        let mut start_ms = 0.0;
        (0..count).map(move |i| {
            let event = self.record(i).expect("the cursor never passes the last record").event(start_ms);
            start_ms = event.stop_ms;
            event
        })
    }

    /// How many events were written for which there was no room.
    pub fn dropped(&self) -> u32 {
        self.header.dropped.load(Relaxed)
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) fn addresses(&self) -> &[AtomicUsize] {
        &self.addresses
    }

    fn record(&self, event: usize) -> Option<&Record> {
        self.segments[event / SEGMENT_EVENTS].get().map(|segment| &segment[event % SEGMENT_EVENTS])
    }

    /// Where event number `event` goes, if there is room for so many. Makes the segment if it is the first in it.
    fn room(&self, event: usize) -> Option<&Record> {
        let index = event / SEGMENT_EVENTS;
        let segment = self.segments.get(index)?.get_or_init(|| {
            let segment: Box<[Record]> = (0..SEGMENT_EVENTS).map(|_| Record::default()).collect();
            self.addresses[index].store(segment.as_ptr().addr(), Release);
            segment
        });
        Some(&segment[event % SEGMENT_EVENTS])
    }
}

impl Record {
    fn write(&self, task: TaskId, action: Action, stop_ms: f64) {
        self.stop_ms.store(stop_ms.to_bits(), Relaxed);
        self.task_and_action.store(u64::from(task) | (action as u64) << 32, Relaxed);
    }

    fn event(&self, start_ms: f64) -> Event {
        let word = self.task_and_action.load(Relaxed);
        Event {
            task: Some(word as TaskId).filter(|&task| task != NO_TASK),
            action: Action::from_code(word >> 32),
            start_ms,
            stop_ms: f64::from_bits(self.stop_ms.load(Relaxed)),
        }
    }
}

/// The pen of one worker. Reads the clock once for each event; does nothing at all in a run without a trace.
#[derive(Debug)]
pub(crate) struct Writer {
    /// The worker whose column this is.
    worker: usize,
    enabled: bool,
    events: usize,
    stop_ms: f64,
    /// How many tasks have ended since the clock was last read.
    unread: u32,
    overhead: Overhead,
}

/// So many tasks without a kernel end before the clock is read again.
const INSTANTS_PER_READ: u32 = 16;

impl Writer {
    /// The pen of `worker`. There must be one for each column: the events of two would overwrite each other.
    pub(crate) fn new(worker: usize, trace: &Trace) -> Writer {
        let enabled = trace.is_enabled();
        Writer { worker, enabled, events: 0, stop_ms: 0.0, unread: 0, overhead: Overhead::new() }
    }

    /// Notes that `task` begins where the last slice ended: or, where what it depends on ended after that on
    /// another worker, then. (The clock is read before a task's dependents are made ready, and the clocks of two
    /// threads differ by their resolution; a trace in which a task starts too early would help nobody.)
    #[inline]
    pub(crate) fn begin(&mut self, trace: &Trace, task: TaskId, dependencies: &[TaskId]) {
        if self.enabled {
            let ready_ms = dependencies.iter().map(|&task| trace.stop_ms(task)).fold(0.0, f64::max);
            if ready_ms > self.stop_ms {
                self.write(trace, NO_TASK, Action::Idle, ready_ms);
            }
            trace.columns[self.worker].header.running.store(task as i32, Relaxed);
        }
    }

    /// Notes that the kernel of the task under way starts now. Reads the clock only for a sample of the short tasks.
    #[inline]
    pub(crate) fn begin_kernel(&mut self, trace: &Trace) {
        if self.enabled && self.overhead.wants_read() {
            self.overhead.kernel_starts(now_ms() - trace.started_ms);
        }
    }

    /// Notes that `task` ends now. Before any of its dependents is made ready.
    #[inline]
    pub(crate) fn end(&mut self, trace: &Trace, task: TaskId, action: Action) {
        if self.enabled {
            self.unread = 0;
            let stop_ms = (now_ms() - trace.started_ms).max(self.stop_ms);
            let kernel_ms = self.overhead.kernel_start_ms(self.stop_ms, stop_ms);
            if kernel_ms > self.stop_ms {
                self.write(trace, task, Action::Overhead, kernel_ms);
            }
            self.stop(trace, task, action, stop_ms);
        }
    }

    /// Notes that `task` ends, which has no kernel: all the time since the last clock read was overhead.
    #[inline]
    pub(crate) fn end_instant(&mut self, trace: &Trace, task: TaskId) {
        if !self.enabled {
            return;
        }
        self.unread += 1;
        if self.unread == INSTANTS_PER_READ {
            self.unread = 0;
            self.write(trace, task, Action::Overhead, now_ms() - trace.started_ms);
        }
        self.stop(trace, task, Action::Compute, self.stop_ms);
    }

    /// Notes that `task` does not run, since one that it depends on erred.
    pub(crate) fn skip(&mut self, trace: &Trace, task: TaskId) {
        if self.enabled {
            self.stop(trace, task, Action::Erred, self.stop_ms);
        }
    }

    /// Notes that `task` was taken from another worker.
    pub(crate) fn steal(&mut self, trace: &Trace, task: TaskId) {
        if self.enabled {
            self.write(trace, task, Action::Steal, self.stop_ms);
        }
    }

    /// Notes the size of the value of `task`. Before any of its dependents is made ready.
    #[inline]
    pub(crate) fn bytes(&self, trace: &Trace, task: TaskId, bytes: u64) {
        if self.enabled && bytes > 0 {
            trace.task_bytes[task as usize].store(bytes, Relaxed);
        }
    }

    /// Notes how many bytes `task` needed besides its value while it ran.
    #[inline]
    pub(crate) fn scratch(&self, trace: &Trace, task: TaskId, bytes: u64) {
        if self.enabled && bytes > 0 {
            let scratch = trace.task_scratch.get_or_init(|| zeros(trace.task_bytes.len()));
            scratch[task as usize].store(bytes, Relaxed);
        }
    }

    /// Notes that since the last slice ended the worker had nothing to run.
    pub(crate) fn idle(&mut self, trace: &Trace) {
        if self.enabled {
            self.write(trace, NO_TASK, Action::Idle, now_ms() - trace.started_ms);
        }
    }

    /// Notes that nothing runs from here on.
    pub(crate) fn rest(&self, trace: &Trace) {
        trace.columns[self.worker].header.running.store(-1, Relaxed);
    }

    /// The time on the common clock, as of the last slice if there is a trace.
    pub(crate) fn now_ms(&self, trace: &Trace) -> f64 {
        if self.enabled { trace.started_ms + self.stop_ms } else { now_ms() }
    }

    #[inline]
    fn stop(&mut self, trace: &Trace, task: TaskId, action: Action, stop_ms: f64) {
        self.write(trace, task, action, stop_ms);
        trace.task_stops_ms[task as usize].store(self.stop_ms.to_bits(), Relaxed);
    }

    #[inline]
    fn write(&mut self, trace: &Trace, task: TaskId, action: Action, stop_ms: f64) {
        let column = &trace.columns[self.worker];
        // A slice never ends before it starts, whatever thread it was that read the clock before.
        self.stop_ms = stop_ms.max(self.stop_ms);
        match column.room(self.events) {
            Some(record) => {
                record.write(task, action, self.stop_ms);
                self.events += 1;
                column.header.cursor.store(self.events as u32, Release);
            }
            None => {
                column.header.dropped.fetch_add(1, Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_meet_and_are_read_as_written() {
        let trace = Trace::new(2, 3 * SEGMENT_EVENTS);
        let mut writer = Writer::new(1, &trace);
        writer.idle(&trace);
        for task in 0..2 * SEGMENT_EVENTS as u32 {
            writer.end(&trace, task, Action::Compute);
        }
        writer.end(&trace, 7, Action::Erred);
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
        let trace = Trace::new(1, 1);
        let mut writer = Writer::new(0, &trace);
        for _ in 0..SEGMENT_EVENTS * MAX_SEGMENTS + 3 {
            writer.end(&trace, 0, Action::Compute);
        }
        assert_eq!(trace.columns()[0].dropped(), 3);
        assert_eq!(trace.columns()[0].events().count(), SEGMENT_EVENTS * MAX_SEGMENTS);
    }

    #[test]
    fn a_task_starts_no_earlier_than_its_dependencies_stop() {
        let trace = Trace::new(2, 3);
        let (mut first, mut second) = (Writer::new(0, &trace), Writer::new(1, &trace));
        first.end(&trace, 0, Action::Compute);
        second.end(&trace, 1, Action::Compute);
        // The first worker has not looked at the clock since, and now runs what depends on both.
        first.begin(&trace, 2, &[0, 1]);
        first.end(&trace, 2, Action::Compute);
        let start_ms = trace.columns()[0].events().last().unwrap().start_ms;
        assert!(start_ms >= trace.columns()[1].events().last().unwrap().stop_ms);
    }

    #[test]
    fn tasks_without_a_kernel_share_a_clock_read_and_are_all_overhead() {
        let trace = Trace::new(1, 40);
        let mut writer = Writer::new(0, &trace);
        for task in 0..40 {
            writer.end_instant(&trace, task);
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
        let trace = Trace::new(1, 1);
        let mut writer = Writer::new(0, &trace);
        let wait = || std::thread::sleep(std::time::Duration::from_millis(2));
        wait();
        writer.begin_kernel(&trace);
        wait();
        writer.end(&trace, 0, Action::Compute);
        let events: Vec<Event> = trace.columns()[0].events().collect();
        let actions: Vec<Action> = events.iter().map(|event| event.action).collect();
        assert_eq!(actions, [Action::Overhead, Action::Compute]);
        assert!(events.iter().all(|event| event.task == Some(0) && event.stop_ms - event.start_ms >= 2.0));
    }

    #[test]
    fn a_mark_takes_no_time() {
        let trace = Trace::new(1, 2);
        let mut writer = Writer::new(0, &trace);
        writer.end(&trace, 0, Action::Compute);
        writer.steal(&trace, 1);
        writer.end(&trace, 1, Action::Retry);
        writer.skip(&trace, 1);
        let events: Vec<Event> = trace.columns()[0].events().collect();
        let actions: Vec<Action> = events.iter().map(|event| event.action).collect();
        assert_eq!(actions, [Action::Compute, Action::Steal, Action::Retry, Action::Erred]);
        assert!([1, 3].into_iter().all(|mark: usize| events[mark].start_ms == events[mark].stop_ms));
    }

    #[test]
    fn a_run_without_a_trace_writes_nothing() {
        let trace = Trace::new(1, 0);
        let mut writer = Writer::new(0, &trace);
        writer.begin(&trace, 3, &[2]);
        writer.end(&trace, 3, Action::Compute);
        assert_eq!(trace.columns()[0].events().count(), 0);
    }
}
