//! What a process answers.
//!
//! ```text
//! u32   the number of the message that it answers; 0 if that could not be read
//! u8    what it is
//!       1 ready: it has the plan
//!       2 done: the first tasks of the message were run; the others were not begun
//!       3 unreadable: a text
//! f64   when the message was received, and when the reply was written: two numbers, on the clock of the process
//! u32   (done) how many tasks were run, then records, in their order
//! ```
//!
//! ```text
//! 0 nothing      a task without a kernel
//! 1 time         f64: all since the time before was spent between tasks. It belongs to the next record of a task
//! 2 value        (attempts), f64 written, u64 the bytes that the value holds, u64 its length here, bytes its meta data
//! 3 none         (attempts): the value is none
//! 4 erred        (attempts), text
//! 5 not run      a task that it needs, of the same message, erred
//!
//! attempts       f64 when it had its inputs, u64 the length of those that it read, u8 and f64 the attempts that failed
//!                and were repeated, f64 when the last one stopped
//! ```

use super::super::wire::{Reader, Writer};
use crate::{
    binary,
    error::{Error, Result},
    operations::Meta,
    value::Value,
};

const READY: u8 = 1;
const DONE: u8 = 2;
const UNREADABLE: u8 = 3;

/// Where the head has the time when it was written.
const REPLIED: usize = 13;
/// Where it has the number of tasks.
const COUNT: usize = 21;

const NOTHING: u8 = 0;
const TIME: u8 = 1;
const VALUE: u8 = 2;
const NONE: u8 = 3;
const ERRED: u8 = 4;
const NOT_RUN: u8 = 5;

/// Writes a reply.
pub(super) struct Writing {
    values: Vec<u8>,
    head: Writer,
    count: u32,
}

/// Room for the head after a large value.
const ROOM: usize = 1024;

/// The attempts of one task.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Attempts {
    /// When it had its inputs.
    pub(super) ready_ms: f64,
    /// The length of the values that were read for it.
    pub(super) read_bytes: u64,
    /// When the attempts stopped that failed and were repeated.
    pub(super) failed_ms: Vec<f64>,
    /// When the last one stopped.
    pub(super) stop_ms: f64,
}

impl Writing {
    fn start(number: u32, kind: u8, received_ms: f64) -> Writing {
        let mut head = Writer::default();
        head.u32(number);
        head.u8(kind);
        head.f64(received_ms);
        head.f64(received_ms);
        Writing { values: Vec::new(), head, count: 0 }
    }

    pub(super) fn ready(number: u32, received_ms: f64) -> Writing {
        Writing::start(number, READY, received_ms)
    }

    pub(super) fn done(number: u32, received_ms: f64) -> Writing {
        let mut reply = Writing::start(number, DONE, received_ms);
        reply.head.u32(0);
        reply
    }

    pub(super) fn unreadable(number: u32, received_ms: f64, why: &Error) -> Writing {
        let mut reply = Writing::start(number, UNREADABLE, received_ms);
        reply.head.bytes(why.to_string().as_bytes());
        reply
    }

    /// The length of the values so far.
    pub(super) fn values_len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn nothing(&mut self) {
        self.count += 1;
        self.head.u8(NOTHING);
    }

    pub(super) fn time(&mut self, ms: f64) {
        self.head.u8(TIME);
        self.head.f64(ms);
    }

    pub(super) fn not_run(&mut self) {
        self.count += 1;
        self.head.u8(NOT_RUN);
    }

    pub(super) fn erred(&mut self, attempts: &Attempts, message: &str) {
        self.record(ERRED, attempts);
        self.head.bytes(message.as_bytes());
    }

    /// # Errors
    /// The value cannot leave this process, and nothing was written.
    pub(super) fn value(
        &mut self,
        attempts: &Attempts,
        value: &Value,
        clock: &dyn Fn() -> f64,
    ) -> Result<()> {
        if let Value::None = value {
            self.record(NONE, attempts);
            return Ok(());
        }
        let encoded = value.encode()?;
        let mut meta = Vec::new();
        binary::write(&mut meta, &Meta::of(value))?;
        let length = encoded.len();
        self.values.reserve(length + ROOM);
        encoded.write_to(&mut self.values);
        self.record(VALUE, attempts);
        self.head.f64(clock());
        self.head.u64(value.bytes());
        self.head.u64(length as u64);
        self.head.bytes(&meta);
        Ok(())
    }

    fn record(&mut self, tag: u8, attempts: &Attempts) {
        self.count += 1;
        self.head.u8(tag);
        self.head.f64(attempts.ready_ms);
        self.head.u64(attempts.read_bytes);
        self.head.u8(attempts.failed_ms.len() as u8);
        attempts.failed_ms.iter().for_each(|&ms| self.head.f64(ms));
        self.head.f64(attempts.stop_ms);
    }

    /// The message, which is sent now.
    pub(super) fn finish(mut self, now_ms: f64, is_done: bool) -> Vec<u8> {
        self.head.patch(REPLIED, &now_ms.to_le_bytes());
        if is_done {
            self.head.patch(COUNT, &self.count.to_le_bytes());
        }
        self.values.extend(self.head.finish());
        self.values
    }
}

/// A message from a process.
pub(super) struct Reply<'a> {
    pub(super) number: u32,
    pub(super) received_ms: f64,
    pub(super) replied_ms: f64,
    pub(super) content: Content<'a>,
}

pub(super) enum Content<'a> {
    Ready,
    /// The number of tasks, and their records.
    Done(u32, Reader<'a>),
    Unreadable(&'a str),
}

/// What came of a task.
pub(super) enum Record<'a> {
    Nothing,
    Time(f64),
    Value { attempts: Attempts, written_ms: f64, bytes: u64, length: u64, meta: Meta },
    None(Attempts),
    Erred(Attempts, &'a str),
    NotRun,
}

impl<'a> Reply<'a> {
    /// A message, and how long its values are.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn read(message: &'a [u8]) -> Result<(usize, Reply<'a>)> {
        let (values, mut head) = Reader::open(message)?;
        let (number, kind) = (head.u32()?, head.u8()?);
        let (received_ms, replied_ms) = (head.f64()?, head.f64()?);
        let content = match kind {
            READY => Content::Ready,
            DONE => Content::Done(head.u32()?, head),
            UNREADABLE => Content::Unreadable(head.text()?),
            kind => return Err(Error::invalid(format!("a message of unknown kind {kind}"))),
        };
        Ok((values.len(), Reply { number, received_ms, replied_ms, content }))
    }
}

impl<'a> Record<'a> {
    pub(super) fn read(head: &mut Reader<'a>) -> Result<Record<'a>> {
        Ok(match head.u8()? {
            NOTHING => Record::Nothing,
            TIME => Record::Time(head.f64()?),
            VALUE => Record::Value {
                attempts: Attempts::read(head)?,
                written_ms: head.f64()?,
                bytes: head.u64()?,
                length: head.u64()?,
                meta: binary::read(head.bytes()?)?,
            },
            NONE => Record::None(Attempts::read(head)?),
            ERRED => Record::Erred(Attempts::read(head)?, head.text()?),
            NOT_RUN => Record::NotRun,
            tag => return Err(Error::invalid(format!("a record of unknown kind {tag}"))),
        })
    }
}

impl Attempts {
    fn read(head: &mut Reader<'_>) -> Result<Attempts> {
        Ok(Attempts {
            ready_ms: head.f64()?,
            read_bytes: head.u64()?,
            failed_ms: (0..head.u8()?).map(|_| head.f64()).collect::<Result<_>>()?,
            stop_ms: head.f64()?,
        })
    }
}
