//! What a node tells the scheduler. All times are on the clock of the node.
//!
//! ```text
//! u32   the number of the last message that it got
//! f64   when it got it, and when it wrote this: two numbers
//! u64   how many bytes its values hold
//! then records, to the end
//! ```
//!
//! ```text
//!  1 time         f64, u8 the slot: the tasks without a kernel that follow, up to the next record of another kind, ended by then
//!  2 plain        u32 task, u32 run: a task without a kernel
//!  3 computed     u32 task, u32 run, span, u64 the bytes that its value holds
//!  4 erred        u32 task, u32 run, span, text
//!  5 arrived      u32 task, u32 version, u32 the node that it came from, f64 when it was asked for, f64 when it came,
//!                 f64 how long tasks ran meanwhile on the thread that reads messages,
//!                 f64 when it was read, u64 the bytes that the value holds, u64 its length under way, u8 the slot, u8
//!                 whether it is kept
//!  6 written      u32 task, span, u64 its length
//!  7 missing      u32 task, u32 run, and of the input  u32 task, u32 version, u32 node
//!  8 withdrawn    u32 task, u32 run, u8 whether it will not run
//!  9 not here     u32 task, u32 version
//! 10 value        u32 task, u64 its length here; 0 if it is none: for the client
//! 11 unreadable   text
//! 12 spilled      u32 task, span, u64 its length: its value moved to a file
//! 13 unspilled    the same, for a value that was read back
//! 14 paused       u64 the bytes that the values hold, u8 why they are not spilled: a reason of the trace
//! 15 resumed      u64 the bytes that the values hold
//! ```
//!
//! A span is `u8` the slot, `f64` when it began and `f64` when it was done. What no slot did has a slot that was free, to say
//! in whose lane it is drawn; 255 if none was.

use super::super::{
    super::{
        bytes::{Message, Part},
        wire::{Reader, Writer, next},
    },
    message::{Input, NodeId, RunId},
};
use crate::{
    error::{Error, Result},
    graph::TaskId,
    trace::Reason,
};

const TIME: u8 = 1;
const PLAIN: u8 = 2;
const COMPUTED: u8 = 3;
const ERRED: u8 = 4;
const ARRIVED: u8 = 5;
const WRITTEN: u8 = 6;
const MISSING: u8 = 7;
const WITHDRAWN: u8 = 8;
const NOT_HERE: u8 = 9;
const VALUE: u8 = 10;
const UNREADABLE: u8 = 11;
const SPILLED: u8 = 12;
const UNSPILLED: u8 = 13;
const PAUSED: u8 = 14;
const RESUMED: u8 = 15;

/// The slot of what no slot did, if none was free.
pub(super) const NO_SLOT: u8 = u8::MAX;

/// The times at which something began and ended, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Span {
    /// The slot that did it. If none did: one that was free, or [`NO_SLOT`].
    pub(super) slot: u8,
    pub(super) start_ms: f64,
    pub(super) stop_ms: f64,
}

/// A value that came from another node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arrival {
    pub(super) task: TaskId,
    pub(super) version: RunId,
    pub(super) from: NodeId,
    /// When it was asked for.
    pub(super) asked_ms: f64,
    /// How long the node ran tasks since it asked. It did not look at messages meanwhile.
    pub(super) busy_ms: f64,
    /// When it came.
    pub(super) came_ms: f64,
    /// When it was read.
    pub(super) read_ms: f64,
    /// What it holds.
    pub(super) bytes: u64,
    /// Its length under way.
    pub(super) length: u64,
    /// A slot that was free when it came, or [`NO_SLOT`].
    pub(super) slot: u8,
    /// Whether the node keeps it. It does not if it has a newer version.
    pub(super) is_kept: bool,
}

/// What a node says.
#[derive(Debug, PartialEq)]
pub(super) enum Record<'a> {
    Time(f64, u8),
    Plain { task: TaskId, run: RunId },
    Computed { task: TaskId, run: RunId, span: Span, bytes: u64 },
    Erred { task: TaskId, run: RunId, span: Span, message: &'a str },
    Arrived(Arrival),
    Written { task: TaskId, span: Span, length: u64 },
    Missing { task: TaskId, run: RunId, input: Input },
    Withdrawn { task: TaskId, run: RunId, granted: bool },
    NotHere { task: TaskId, version: RunId },
    Value { task: TaskId, value: Option<&'a [u8]> },
    Unreadable(&'a str),
    Spilled { task: TaskId, span: Span, length: u64 },
    Unspilled { task: TaskId, span: Span, length: u64 },
    Paused { held: u64, reason: Reason },
    Resumed { held: u64 },
}

/// A report while it is put together.
#[derive(Default)]
pub(super) struct Draft {
    values: Vec<Part>,
    records: Writer,
}

impl Draft {
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Adds a record. Of a value, [`value`](Draft::value).
    pub(super) fn add(&mut self, record: &Record<'_>) {
        let head = &mut self.records;
        match *record {
            Record::Time(ms, slot) => {
                head.u8(TIME);
                head.f64(ms);
                head.u8(slot);
            }
            Record::Plain { task, run } => start(head, PLAIN, task, run),
            Record::Computed { task, run, span, bytes } => {
                start(head, COMPUTED, task, run);
                write_span(head, span);
                head.u64(bytes);
            }
            Record::Erred { task, run, span, message } => {
                start(head, ERRED, task, run);
                write_span(head, span);
                head.bytes(message.as_bytes());
            }
            Record::Arrived(arrival) => {
                let Arrival { asked_ms, came_ms, busy_ms, read_ms, .. } = arrival;
                start(head, ARRIVED, arrival.task, arrival.version);
                head.u32(arrival.from);
                [asked_ms, came_ms, busy_ms, read_ms].into_iter().for_each(|ms| head.f64(ms));
                head.u64(arrival.bytes);
                head.u64(arrival.length);
                head.u8(arrival.slot);
                head.u8(arrival.is_kept.into());
            }
            Record::Written { task, span, length } => moved(head, WRITTEN, task, span, length),
            Record::Spilled { task, span, length } => moved(head, SPILLED, task, span, length),
            Record::Unspilled { task, span, length } => moved(head, UNSPILLED, task, span, length),
            Record::Paused { held, reason } => {
                head.u8(PAUSED);
                head.u64(held);
                head.u8(reason as u8);
            }
            Record::Resumed { held } => {
                head.u8(RESUMED);
                head.u64(held);
            }
            Record::Missing { task, run, input: Input { task: needed, version, from } } => {
                start(head, MISSING, task, run);
                [needed, version, from].into_iter().for_each(|number| head.u32(number));
            }
            Record::Withdrawn { task, run, granted } => {
                start(head, WITHDRAWN, task, run);
                head.u8(granted.into());
            }
            Record::NotHere { task, version } => start(head, NOT_HERE, task, version),
            Record::Value { .. } => unreachable!("values are added with their bytes"),
            Record::Unreadable(why) => {
                head.u8(UNREADABLE);
                head.bytes(why.as_bytes());
            }
        }
    }

    /// Adds a value for the client: `None` if it is none.
    pub(super) fn value(&mut self, task: TaskId, value: Option<Part>) {
        self.records.u8(VALUE);
        self.records.u32(task);
        self.records.u64(value.as_ref().map_or(0, Part::len) as u64);
        self.values.extend(value);
    }

    /// The message, which is sent now. `received`: the number of the last message of the scheduler, and when it came.
    pub(super) fn message(self, received: (u32, f64), now_ms: f64, held: u64) -> Message {
        let mut head = Writer::default();
        head.u32(received.0);
        head.f64(received.1);
        head.f64(now_ms);
        head.u64(held);
        head.append(&self.records);
        let mut message = Message::default();
        self.values.into_iter().for_each(|value| message.push(value));
        message.push(head.finish());
        message
    }
}

fn start(head: &mut Writer, tag: u8, task: TaskId, number: u32) {
    head.u8(tag);
    head.u32(task);
    head.u32(number);
}

fn moved(head: &mut Writer, tag: u8, task: TaskId, span: Span, length: u64) {
    head.u8(tag);
    head.u32(task);
    write_span(head, span);
    head.u64(length);
}

fn write_span(head: &mut Writer, span: Span) {
    head.u8(span.slot);
    head.f64(span.start_ms);
    head.f64(span.stop_ms);
}

/// A message from a node.
#[derive(Debug, PartialEq)]
pub(super) struct Report<'a> {
    /// The number of the last message that it got.
    pub(super) number: u32,
    /// When it got that.
    pub(super) received_ms: f64,
    /// When it wrote this.
    pub(super) sent_ms: f64,
    /// How many bytes its values hold.
    pub(super) held: u64,
    pub(super) records: Vec<Record<'a>>,
}

impl<'a> Report<'a> {
    /// # Errors
    /// It is damaged.
    pub(super) fn read(message: &'a [u8]) -> Result<Report<'a>> {
        let (values, mut head) = Reader::open(message)?;
        let mut report = Report {
            number: head.u32()?,
            received_ms: head.f64()?,
            sent_ms: head.f64()?,
            held: head.u64()?,
            records: Vec::new(),
        };
        let mut at = 0;
        while !head.is_empty() {
            report.records.push(Record::read(&mut head, values, &mut at)?);
        }
        Ok(report)
    }
}

impl<'a> Record<'a> {
    fn read(head: &mut Reader<'a>, values: &'a [u8], at: &mut usize) -> Result<Record<'a>> {
        let span = |head: &mut Reader<'a>| {
            Ok(Span { slot: head.u8()?, start_ms: head.f64()?, stop_ms: head.f64()? })
        };
        Ok(match head.u8()? {
            TIME => Record::Time(head.f64()?, head.u8()?),
            PLAIN => Record::Plain { task: head.u32()?, run: head.u32()? },
            COMPUTED => {
                let (task, run) = (head.u32()?, head.u32()?);
                Record::Computed { task, run, span: span(head)?, bytes: head.u64()? }
            }
            ERRED => {
                let (task, run) = (head.u32()?, head.u32()?);
                Record::Erred { task, run, span: span(head)?, message: head.text()? }
            }
            ARRIVED => Record::Arrived(Arrival {
                task: head.u32()?,
                version: head.u32()?,
                from: head.u32()?,
                asked_ms: head.f64()?,
                came_ms: head.f64()?,
                busy_ms: head.f64()?,
                read_ms: head.f64()?,
                bytes: head.u64()?,
                length: head.u64()?,
                slot: head.u8()?,
                is_kept: head.u8()? != 0,
            }),
            WRITTEN => Record::Written { task: head.u32()?, span: span(head)?, length: head.u64()? },
            MISSING => Record::Missing {
                task: head.u32()?,
                run: head.u32()?,
                input: Input { task: head.u32()?, version: head.u32()?, from: head.u32()? },
            },
            WITHDRAWN => Record::Withdrawn { task: head.u32()?, run: head.u32()?, granted: head.u8()? != 0 },
            NOT_HERE => Record::NotHere { task: head.u32()?, version: head.u32()? },
            VALUE => {
                let task = head.u32()?;
                let value = match head.u64()? {
                    0 => None,
                    length => Some(&values[next(values.len(), at, length)?]),
                };
                Record::Value { task, value }
            }
            UNREADABLE => Record::Unreadable(head.text()?),
            SPILLED => Record::Spilled { task: head.u32()?, span: span(head)?, length: head.u64()? },
            UNSPILLED => Record::Unspilled { task: head.u32()?, span: span(head)?, length: head.u64()? },
            PAUSED => Record::Paused { held: head.u64()?, reason: Reason::from_code(head.u8()?.into()) },
            RESUMED => Record::Resumed { held: head.u64()? },
            tag => return Err(Error::invalid(format!("a record of unknown kind {tag}"))),
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_as_written() {
        let span = Span { slot: 2, start_ms: 1.5, stop_ms: 2.5 };
        let given = || {
            [
                Record::Time(0.5, 1),
                Record::Plain { task: 1, run: 11 },
                Record::Computed { task: 2, run: 12, span, bytes: 80 },
                Record::Erred { task: 3, run: 13, span, message: "no" },
                Record::Arrived(Arrival {
                    task: 4,
                    version: 14,
                    from: 2,
                    asked_ms: 1.0,
                    came_ms: 2.0,
                    busy_ms: 0.5,
                    read_ms: 3.0,
                    bytes: 8,
                    length: 64,
                    slot: NO_SLOT,
                    is_kept: true,
                }),
                Record::Written { task: 5, span, length: 64 },
                Record::Missing { task: 6, run: 16, input: Input { task: 1, version: 11, from: 3 } },
                Record::Withdrawn { task: 7, run: 17, granted: true },
                Record::NotHere { task: 8, version: 18 },
                Record::Unreadable("why"),
                Record::Spilled { task: 11, span, length: 64 },
                Record::Unspilled { task: 11, span, length: 64 },
                Record::Paused { held: 640, reason: Reason::StorageFull },
                Record::Resumed { held: 64 },
            ]
        };
        let mut draft = Draft::default();
        assert!(draft.is_empty());
        given().iter().for_each(|record| draft.add(record));
        draft.value(9, Some(vec![1, 2, 3].into()));
        draft.value(10, None);
        let bytes = draft.message((7, 4.0), 5.0, 96).to_bytes();
        let values =
            [Record::Value { task: 9, value: Some(&[1, 2, 3]) }, Record::Value { task: 10, value: None }];
        let records = given().into_iter().chain(values).collect();
        let expected = Report { number: 7, received_ms: 4.0, sent_ms: 5.0, held: 96, records };
        assert_eq!(Report::read(&bytes).unwrap(), expected);
        for end in 0..bytes.len() {
            assert!(Report::read(&bytes[..end]).is_err(), "{end} bytes");
        }
    }
}
