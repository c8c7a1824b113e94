//! The form of a message: values, one after another, then a head that says what they are.
//!
//! ```text
//! values    each as `Value::encode` writes it, a multiple of 8 bytes; or a graph
//! head      numbers, texts and lists: see `request.rs` and `reply.rs` of `processes`, and `cluster/live`
//! u32       the length of the head
//! u32       its checksum
//! ```
//!
//! All numbers are little-endian. Lengths of values have 64 bits, whatever a machine's words have. The head is at the
//! end, so that values can be written into the message before it is known how many there will be.

use crate::{
    binary::{Source, copied},
    error::{Error, Result},
};

/// Writes a head.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn u8(&mut self, number: u8) {
        self.0.push(number);
    }

    pub(super) fn u32(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    pub(super) fn u64(&mut self, number: u64) {
        self.0.extend(number.to_le_bytes());
    }

    pub(super) fn f64(&mut self, number: f64) {
        self.0.extend(number.to_le_bytes());
    }

    /// Bytes with their number before them.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.u32(bytes.len() as u32);
        self.0.extend(bytes);
    }

    /// Whether nothing was written.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends what another writer has written.
    pub(super) fn append(&mut self, other: &Writer) {
        self.0.extend(&other.0);
    }

    /// Replaces the number at this place.
    pub(super) fn patch(&mut self, at: usize, number: &[u8]) {
        self.0[at..at + number.len()].copy_from_slice(number);
    }

    /// The head, with what follows it.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let (length, checksum) = (self.0.len() as u32, checksum(&self.0));
        self.u32(length);
        self.u32(checksum);
        self.0
    }
}

/// FNV-1a.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Reads a head.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The values of a message, and its head.
    ///
    /// # Errors
    /// The message is damaged.
    pub(super) fn open(message: &'a [u8]) -> Result<(&'a [u8], Reader<'a>)> {
        let damaged = || Error::invalid("the message is damaged");
        let (rest, &end) = message.split_last_chunk::<8>().ok_or_else(damaged)?;
        let [a, b, c, d, sum @ ..] = end;
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        let start = rest.len().checked_sub(length).ok_or_else(damaged)?;
        let (values, head) = rest.split_at(start);
        match checksum(head) == u32::from_le_bytes(sum) {
            true => Ok((values, Reader(head))),
            false => Err(damaged()),
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (&bytes, rest) = self.0.split_first_chunk().ok_or_else(truncated)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        self.take().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        self.take().map(u64::from_le_bytes)
    }

    pub(super) fn f64(&mut self) -> Result<f64> {
        self.take().map(f64::from_le_bytes)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = self.u32()? as usize;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or_else(truncated)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(super) fn text(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Error::invalid("a text is not UTF-8"))
    }

    /// Whether all was read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    /// Something is left.
    pub(super) fn end(&self) -> Result<()> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Error::invalid("the head is longer than its content")),
        }
    }
}

/// The end of a message: its head, and what follows it.
pub(super) struct Tail {
    bytes: Vec<u8>,
    /// The length of the message.
    message: usize,
}

impl Tail {
    /// Copies it out of a message that is not in this memory.
    ///
    /// # Errors
    /// The message is damaged.
    pub(super) fn of(message: &dyn Source) -> Result<Tail> {
        let len = message.len();
        let damaged = || Error::invalid("the message is damaged");
        let start = len.checked_sub(8).ok_or_else(damaged)?;
        let end = copied(message, start..len);
        let head = u32::from_le_bytes([end[0], end[1], end[2], end[3]]) as usize;
        let start = start.checked_sub(head).ok_or_else(damaged)?;
        Ok(Tail { bytes: copied(message, start..len), message: len })
    }

    /// The length of the values before the head, and the head.
    ///
    /// # Errors
    /// It is damaged.
    pub(super) fn open(&self) -> Result<(usize, Reader<'_>)> {
        let (_, head) = Reader::open(&self.bytes)?;
        Ok((self.message - self.bytes.len(), head))
    }
}

fn truncated() -> Error {
    Error::invalid("the head is shorter than its content")
}

/// The next `length` bytes of `values` from `at`, which moves behind them.
///
/// # Errors
/// There are fewer.
pub(super) fn next(values: usize, at: &mut usize, length: u64) -> Result<std::ops::Range<usize>> {
    let end =
        usize::try_from(length).ok().and_then(|length| at.checked_add(length)).filter(|&end| end <= values);
    let end = end.ok_or_else(|| Error::invalid("the message has fewer values than its head says"))?;
    Ok(std::mem::replace(at, end)..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_written() {
        let mut head = Writer::default();
        head.u8(7);
        head.u32(u32::MAX);
        head.u64(u64::MAX);
        head.f64(-0.5);
        head.bytes(b"text");
        head.patch(0, &[8]);
        let message = [b"values".to_vec(), head.finish()].concat();
        let (values, mut head) = Reader::open(&message).unwrap();
        assert_eq!(values, b"values");
        assert_eq!((head.u8(), head.u32(), head.u64()), (Ok(8), Ok(u32::MAX), Ok(u64::MAX)));
        assert_eq!((head.f64(), head.text()), (Ok(-0.5), Ok("text")));
        assert!(head.end().is_ok() && head.u8().is_err());
    }

    #[test]
    fn a_damaged_head_is_noticed() {
        let mut head = Writer::default();
        head.bytes(b"some text");
        let message = head.finish();
        for at in 0..message.len() {
            let mut damaged = message.clone();
            damaged[at] ^= 1;
            assert!(Reader::open(&damaged).is_err(), "byte {at}");
            assert!(Reader::open(&message[..at]).is_err(), "{at} bytes");
        }
    }
}
