//! A column of events for each worker, written by it and read by anyone while the run goes on.
//!
//! The events lie in segments of one fixed size. A cursor tells the reader how many there are; it moves after an event
//! is written. In the browser the page reads the memory that the workers write, and relies on the layout of
//! [`Column::header`], [`Column::addresses`] and [`Record`].
//!
//! Few events have details (a peer, a number of bytes, a reason). These lie in a second list, so that the other events
//! pay nothing for them.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicI32, AtomicU32, AtomicU64, AtomicUsize, Ordering::*},
};

use super::{
    action::{Action, Reason},
    lane::Lane,
    log::Log,
    notes::Notes,
};
use crate::graph::TaskId;

/// The number of events in a segment, which takes 64 KiB.
pub(crate) const SEGMENT_EVENTS: usize = 4096;

/// The largest number of segments of a column. Events past them are counted and dropped.
const MAX_SEGMENTS: usize = 512;

/// The number of events with details for which a column has room, in segments. The details of later ones are dropped.
const DETAILS: [usize; 2] = [512, 256];

/// The columns of all workers of one run.
#[derive(Debug)]
pub struct Trace {
    started_ms: f64,
    columns: Box<[Column]>,
    /// The number of columns that are in use. The others are there for lanes that may come.
    used: AtomicUsize,
    enabled: bool,
    /// The notes on each batch of tasks, in the order of their ids. Empty in a run without a trace.
    notes: Mutex<Vec<Arc<Notes>>>,
}

/// What one worker did, in the order in which it did it.
#[derive(Debug)]
pub struct Column {
    lane: Lane,
    header: Header,
    events: Log<Record, SEGMENT_EVENTS, MAX_SEGMENTS>,
    details: Log<DetailsRecord, { DETAILS[0] }, { DETAILS[1] }>,
    /// How many details can be read. Moves before the cursor of the events.
    details_cursor: AtomicU32,
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

/// One event as it lies in memory: the end of the slice as the bits of a double, then task and action, each in half a
/// word. Nobody writes while another reads, but with atomics no line here needs `unsafe`.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Record {
    stop_ms: AtomicU64,
    task_and_action: AtomicU64,
}

/// The details of one event: its number and the peer, each in half a word, the number of bytes, and the reason.
#[derive(Debug, Default)]
struct DetailsRecord {
    event_and_peer: AtomicU64,
    bytes: AtomicU64,
    reason: AtomicU64,
}

/// The task of a slice in which none ran.
pub(super) const NO_TASK: TaskId = TaskId::MAX;

/// The peer of a slice that has none.
const NO_PEER: u32 = u32::MAX;

/// One slice of a worker's time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Which task ran: its id in the trace.
    pub task: Option<TaskId>,
    /// What the worker did.
    pub action: Action,
    /// When it began, in milliseconds since the run's start.
    pub start_ms: f64,
    /// When it ended.
    pub stop_ms: f64,
    /// What else is known of it.
    pub details: Details,
}

/// What is known of some slices only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The place of the lane at the other end: of the worker whose task was stolen.
    pub peer: Option<u32>,
    /// How much was moved.
    pub bytes: u64,
    /// Why it happened.
    pub reason: Reason,
}

impl Trace {
    /// A trace that starts at `started_ms`, on the clock with which it will be written. If it is not `enabled`, nothing is
    /// noted.
    pub(crate) fn new(lanes: impl Iterator<Item = Lane>, enabled: bool, started_ms: f64) -> Trace {
        let columns: Box<[Column]> = lanes.map(Column::new).collect();
        let used = AtomicUsize::new(columns.len());
        Trace { columns, used, enabled, notes: Mutex::default(), started_ms }
    }

    /// Only the first `count` lanes are in use from now on. The others take no part in anything that is said of the trace.
    pub(crate) fn set_used(&self, count: usize) {
        self.used.store(count, Release);
    }

    /// Makes room for the notes of a batch of `tasks` tasks, whose ids follow those of all tasks before.
    pub(crate) fn add_batch(&self, first: TaskId, tasks: usize) -> Arc<Notes> {
        let notes = Arc::new(Notes::new(first, if self.enabled { tasks } else { 0 }));
        if self.enabled {
            self.notes().push(notes.clone());
        }
        notes
    }

    /// The notes of a batch, by its place.
    pub(crate) fn batch(&self, batch: usize) -> Arc<Notes> {
        self.notes()[batch].clone()
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Vec<Arc<Notes>>> {
        self.notes.lock().expect("nothing panics while it holds this lock")
    }

    /// What `note_of` finds in the notes of the batch of `task`, whose place in the batch it gets.
    fn note<T: Default>(&self, task: TaskId, note_of: impl FnOnce(&Notes, TaskId) -> T) -> T {
        let notes = self.notes();
        match notes.partition_point(|notes| notes.first <= task).checked_sub(1) {
            Some(batch) => note_of(&notes[batch], task - notes[batch].first),
            None => T::default(),
        }
    }

    /// Whether there is anything to note.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// The columns, one for each lane.
    pub fn columns(&self) -> &[Column] {
        &self.columns[..self.used.load(Acquire)]
    }

    /// The columns, with those for lanes that may come.
    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    pub(crate) fn all_columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of one lane.
    #[inline]
    pub(super) fn column(&self, lane: usize) -> &Column {
        &self.columns[lane]
    }

    /// How many bytes the value of `task` held when it was made: 0 before, and in a run without a trace.
    pub fn bytes(&self, task: TaskId) -> u64 {
        self.note(task, Notes::bytes)
    }

    /// The number of bytes that `task` needed besides its value while it ran: for the values of the parts of a fused
    /// operation. 0 before it ran, and in a run without a trace.
    pub fn scratch(&self, task: TaskId) -> u64 {
        self.note(task, Notes::scratch)
    }

    /// When `task` stopped, in milliseconds since the run's start: 0 if it has not, and in a run without a trace.
    pub fn stop_ms(&self, task: TaskId) -> f64 {
        self.note(task, Notes::stop_ms)
    }

    /// When the run started, on the clock that all threads share.
    pub(crate) fn started_ms(&self) -> f64 {
        self.started_ms
    }

    /// Notes that the run ended `at_ms` after its start: the lanes that are still there leave.
    pub(crate) fn end(&self, at_ms: f64) {
        let is_there = |lane: &Lane| lane.joined_ms().is_some() && lane.left_ms().is_none();
        let there = self.columns.iter().filter(|column| is_there(&column.lane));
        there.for_each(|column| column.lane.leave(at_ms));
    }
}

impl Column {
    fn new(lane: Lane) -> Column {
        Column {
            lane,
            header: Header {
                cursor: AtomicU32::new(0),
                running: AtomicI32::new(-1),
                dropped: AtomicU32::new(0),
            },
            events: Log::new(),
            details: Log::new(),
            details_cursor: AtomicU32::new(0),
        }
    }

    /// Whose events these are.
    pub fn lane(&self) -> &Lane {
        &self.lane
    }

    /// The events written so far.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let count = self.header.cursor.load(Acquire) as usize;
        let mut details = self.details().peekable();
        let mut start_ms = 0.0;
        (0..count).map(move |i| {
            let record = self.events.get(i).expect("the cursor never passes the last record");
            let details = details.next_if(|&(event, _)| event == i).map(|(_, details)| details);
            let event = record.event(start_ms, details.unwrap_or_default());
            start_ms = event.stop_ms;
            event
        })
    }

    /// The details of those events that have any, each with the number of the event.
    pub(crate) fn details(&self) -> impl Iterator<Item = (usize, Details)> {
        let count = self.details_cursor.load(Acquire) as usize;
        (0..count).map(|i| self.details.get(i).expect("the cursor never passes the last record").read())
    }

    /// How many events were written for which there was no room.
    pub fn dropped(&self) -> u32 {
        self.header.dropped.load(Relaxed)
    }

    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    pub(crate) fn addresses(&self) -> &[AtomicUsize] {
        self.events.addresses()
    }

    #[cfg(test)]
    pub(crate) fn running(&self) -> Option<TaskId> {
        TaskId::try_from(self.header.running.load(Relaxed)).ok()
    }

    /// Notes which task runs now.
    #[inline]
    pub(super) fn set_running(&self, task: Option<TaskId>) {
        self.header.running.store(task.map_or(-1, |task| task as i32), Relaxed);
    }

    /// Writes event number `event`. Returns whether there was room for it.
    #[inline]
    pub(super) fn write(&self, event: usize, task: TaskId, action: Action, stop_ms: f64) -> bool {
        let Some(record) = self.events.room(event) else {
            self.header.dropped.fetch_add(1, Relaxed);
            return false;
        };
        record.write(task, action, stop_ms);
        self.header.cursor.store(event as u32 + 1, Release);
        true
    }

    /// Writes the details of event number `event`, which is written next.
    pub(super) fn write_details(&self, event: usize, details: Details) {
        let count = self.details_cursor.load(Relaxed);
        if let Some(record) = self.details.room(count as usize) {
            record.write(event, details);
            self.details_cursor.store(count + 1, Release);
        }
    }
}

impl Record {
    fn write(&self, task: TaskId, action: Action, stop_ms: f64) {
        self.stop_ms.store(stop_ms.to_bits(), Relaxed);
        self.task_and_action.store(u64::from(task) | (action as u64) << 32, Relaxed);
    }

    fn event(&self, start_ms: f64, details: Details) -> Event {
        let word = self.task_and_action.load(Relaxed);
        Event {
            task: Some(word as TaskId).filter(|&task| task != NO_TASK),
            action: Action::from_code(word >> 32),
            start_ms,
            stop_ms: f64::from_bits(self.stop_ms.load(Relaxed)),
            details,
        }
    }
}

impl DetailsRecord {
    fn write(&self, event: usize, details: Details) {
        let Details { peer, bytes, reason } = details;
        let peer = peer.unwrap_or(NO_PEER);
        self.event_and_peer.store(event as u64 | u64::from(peer) << 32, Relaxed);
        self.bytes.store(bytes, Relaxed);
        self.reason.store(reason as u64, Relaxed);
    }

    fn read(&self) -> (usize, Details) {
        let word = self.event_and_peer.load(Relaxed);
        let peer = Some((word >> 32) as u32).filter(|&peer| peer != NO_PEER);
        let reason = Reason::from_code(self.reason.load(Relaxed));
        (word as u32 as usize, Details { peer, bytes: self.bytes.load(Relaxed), reason })
    }
}
