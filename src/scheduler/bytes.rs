//! Bytes that several messages share.

use std::{ops::Range, sync::Arc};

use smallvec::SmallVec;

use crate::binary::Encoded;

/// A part of a buffer that others may share.
#[derive(Clone)]
pub(super) struct Bytes {
    buffer: Arc<Vec<u8>>,
    range: Range<usize>,
}

/// Values up to this length are copied out of the message that they came in: it may have large values beside them, and
/// would stay as long as the smallest.
const SMALL: usize = 4096;

impl Bytes {
    /// A part of a message that was received.
    pub(super) fn part(buffer: &Arc<Vec<u8>>, range: Range<usize>) -> Bytes {
        match range.len() <= SMALL && range.len() < buffer.len() {
            true => buffer[range].to_vec().into(),
            false => Bytes { buffer: buffer.clone(), range },
        }
    }

    pub(super) fn len(&self) -> usize {
        self.range.len()
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.buffer[self.range.clone()]
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes { range: 0..bytes.len(), buffer: bytes.into() }
    }
}

/// A part of a message.
#[derive(Clone)]
pub(super) enum Part {
    Bytes(Bytes),
    /// A value or a graph, which is written when the message is sent.
    Encoded(Arc<Encoded>),
}

impl Part {
    pub(super) fn len(&self) -> usize {
        match self {
            Part::Bytes(bytes) => bytes.len(),
            Part::Encoded(encoded) => encoded.len(),
        }
    }
}

impl From<Encoded> for Part {
    fn from(encoded: Encoded) -> Part {
        Part::Encoded(encoded.into())
    }
}

impl<T: Into<Bytes>> From<T> for Part {
    fn from(bytes: T) -> Part {
        Part::Bytes(bytes.into())
    }
}

/// A message for a process: its parts, one after another. Their bytes are not copied before they are sent.
#[derive(Clone, Default)]
pub struct Message(SmallVec<[Part; 2]>);

impl Message {
    pub(super) fn push(&mut self, part: impl Into<Part>) {
        self.0.push(part.into());
    }

    /// The number of bytes.
    #[allow(clippy::len_without_is_empty, reason = "no message is empty")]
    pub fn len(&self) -> u64 {
        self.0.iter().map(|part| part.len() as u64).sum()
    }

    /// Passes the bytes on in pieces.
    pub fn write(&self, each: &mut dyn FnMut(&[u8])) {
        for part in &self.0 {
            match part {
                Part::Bytes(bytes) => each(bytes.as_slice()),
                Part::Encoded(encoded) => encoded.write(each),
            }
        }
    }

    /// All bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len() as usize);
        self.write(&mut |piece| bytes.extend(piece));
        bytes
    }
}

impl<T: Into<Part>> From<T> for Message {
    fn from(part: T) -> Message {
        Message([part.into()].into_iter().collect())
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({} bytes)", self.len())
    }
}
