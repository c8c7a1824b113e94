//! Where a message is read from: bytes in this memory, or elsewhere.

use std::ops::Range;

use crate::error::Message;

/// Bytes that can be copied into this memory.
#[allow(clippy::len_without_is_empty, reason = "no message is empty")]
pub trait Source {
    /// How many there are.
    fn len(&self) -> usize;

    /// Passes on those of a range, in pieces whose lengths are multiples of 8, except for the last one.
    ///
    /// # Errors
    /// `each` refuses a piece.
    fn pieces(
        &self,
        range: Range<usize>,
        each: &mut dyn FnMut(&[u8]) -> Result<(), Message>,
    ) -> Result<(), Message>;
}

impl Source for &[u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn pieces(
        &self,
        range: Range<usize>,
        each: &mut dyn FnMut(&[u8]) -> Result<(), Message>,
    ) -> Result<(), Message> {
        each(&self[range])
    }
}

/// A part of a source.
pub(crate) struct Section<'a> {
    source: &'a dyn Source,
    range: Range<usize>,
}

impl<'a> Section<'a> {
    /// # Panics
    /// If the range ends after the source.
    pub(crate) fn new(source: &'a dyn Source, range: Range<usize>) -> Section<'a> {
        assert!(range.end <= source.len(), "a part lies in its source");
        Section { source, range }
    }
}

impl Source for Section<'_> {
    fn len(&self) -> usize {
        self.range.len()
    }

    fn pieces(
        &self,
        range: Range<usize>,
        each: &mut dyn FnMut(&[u8]) -> Result<(), Message>,
    ) -> Result<(), Message> {
        self.source.pieces(self.range.start + range.start..self.range.start + range.end, each)
    }
}

/// The bytes of a range.
pub(crate) fn copied(source: &dyn Source, range: Range<usize>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(range.len());
    let copy = source.pieces(range, &mut |piece| {
        bytes.extend(piece);
        Ok(())
    });
    copy.expect("a copy refuses nothing");
    bytes
}
