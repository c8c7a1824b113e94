//! What nodes tell each other. The values come first, one after another.
//!
//! ```text
//! 1 fetch      u32 task, u32 version
//! 2 value      u32 task, u32 version, u64 its length here
//! 3 none       u32 task, u32 version: the value is none
//! 4 not here   u32 task, u32 version
//! ```

use std::ops::Range;

use super::super::{
    super::{
        bytes::{Message, Part},
        wire::{Reader, Tail, Writer, next},
    },
    message::RunId,
};
use crate::{
    binary::Source,
    error::{Error, Result},
    graph::TaskId,
};

const FETCH: u8 = 1;
const VALUE: u8 = 2;
const NONE: u8 = 3;
const NOT_HERE: u8 = 4;

/// A message for another node while it is put together.
#[derive(Default)]
pub(super) struct Draft {
    values: Vec<Part>,
    head: Writer,
}

impl Draft {
    pub(super) fn fetch(&mut self, task: TaskId, version: RunId) {
        self.record(FETCH, task, version);
    }

    pub(super) fn value(&mut self, task: TaskId, version: RunId, value: Part) {
        self.record(VALUE, task, version);
        self.head.u64(value.len() as u64);
        self.values.push(value);
    }

    pub(super) fn none(&mut self, task: TaskId, version: RunId) {
        self.record(NONE, task, version);
    }

    pub(super) fn not_here(&mut self, task: TaskId, version: RunId) {
        self.record(NOT_HERE, task, version);
    }

    fn record(&mut self, tag: u8, task: TaskId, version: RunId) {
        self.head.u8(tag);
        self.head.u32(task);
        self.head.u32(version);
    }

    /// The message.
    pub(super) fn message(self) -> Message {
        let mut message = Message::default();
        self.values.into_iter().for_each(|value| message.push(value));
        message.push(self.head.finish());
        message
    }
}

/// What a node says of a value.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// It wants it.
    Fetch,
    /// Here it is, in the message.
    Value(Range<usize>),
    /// It is none.
    None,
    /// It does not have it.
    NotHere,
}

/// What a message says of values, each with its task and its version.
///
/// # Errors
/// The message is damaged.
pub(super) fn read(message: &dyn Source) -> Result<Vec<(TaskId, RunId, Said)>> {
    let tail = Tail::of(message)?;
    let (values, mut head): (usize, Reader<'_>) = tail.open()?;
    let (mut records, mut at) = (Vec::new(), 0);
    while !head.is_empty() {
        let (tag, task, version) = (head.u8()?, head.u32()?, head.u32()?);
        let said = match tag {
            FETCH => Said::Fetch,
            VALUE => Said::Value(next(values, &mut at, head.u64()?)?),
            NONE => Said::None,
            NOT_HERE => Said::NotHere,
            tag => return Err(Error::invalid(format!("a record of unknown kind {tag}"))),
        };
        records.push((task, version, said));
    }
    Ok(records)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_a_node_says_is_read_as_written() {
        let mut draft = Draft::default();
        draft.fetch(1, 11);
        draft.value(2, 12, vec![1, 2, 3].into());
        draft.none(3, 13);
        draft.not_here(4, 14);
        draft.value(5, 15, vec![4].into());
        let bytes = draft.message().to_bytes();
        let expected = [
            (1, 11, Said::Fetch),
            (2, 12, Said::Value(0..3)),
            (3, 13, Said::None),
            (4, 14, Said::NotHere),
            (5, 15, Said::Value(3..4)),
        ];
        assert_eq!(read(&&bytes[..]).unwrap(), expected);
        for end in 0..bytes.len() {
            assert!(read(&&bytes[..end]).is_err(), "{end} bytes");
        }
    }
}
