//! Bytes that several messages share.

use std::{ops::Range, sync::Arc};

use smallvec::SmallVec;

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

/// A message for a process: its parts, one after another. Their bytes are not copied before they are sent.
#[derive(Clone, Default)]
pub struct Message(SmallVec<[Bytes; 2]>);

impl Message {
    pub(super) fn push(&mut self, part: Bytes) {
        self.0.push(part);
    }

    /// The number of bytes.
    #[allow(clippy::len_without_is_empty, reason = "no message is empty")]
    pub fn len(&self) -> u64 {
        self.0.iter().map(|part| part.len() as u64).sum()
    }

    /// The parts, in order.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Bytes::as_slice)
    }

    /// All bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.parts().collect::<Vec<_>>().concat()
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Message {
        Message([bytes.into()].into_iter().collect())
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({} bytes)", self.len())
    }
}
