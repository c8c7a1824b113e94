//! Graphs, operations and values as bytes: to send them to a process that has a memory of its own, or to save them.
//!
//! ```text
//!  0                  "dagdeck" and the version, 2: 8 bytes
//!  8                  what it is, such as "graph", "op" or "value", padded with zeros to 8 bytes
//! 16                  the length of the body, the number of blocks: two u32
//! 24                  for each block its type and its number of elements: two u32
//! 24 + 8 * blocks     body, in JSON
//! next multiple of 8  block 0: its elements in C order
//! next multiple of 8  block 1, and so on, up to a multiple of 8
//! ```
//!
//! All numbers are little-endian. The body describes itself, so a new operation or a new parameter with a default does not
//! change the version. The code that reads [graphs in JSON](crate::graph::json) reads it, checks it, and reports the same
//! errors. (A second format for the body would be a third of the module: serde generates code for each type and format.)
//!
//! A block of numbers is copied once in each direction. Blocks that share all of their data are written once, and share it
//! again when they are read. The reader is given bytes of unknown origin: it never panics, and it allocates no more than a
//! small multiple of the length of the message.

mod blocks;
mod source;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

pub use source::Source;
pub(crate) use source::{Section, copied};

use crate::{
    block::Block,
    dtype::DType,
    error::{self, Error, Result},
};

const MAGIC: [u8; 7] = *b"dagdeck";

/// The version of the format.
const VERSION: u8 = 2;

/// Where the table of blocks starts.
const TABLE: usize = 24;

/// Every block starts at a multiple of this.
const ALIGNMENT: usize = 8;

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Graph,
    Op,
    Value,
    /// Calls for another process, and what became of them: see [`futures`](crate::futures).
    Call,
    Reply,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Graph, Kind::Op, Kind::Value, Kind::Call, Kind::Reply];

    fn name(self) -> &'static str {
        match self {
            Kind::Graph => "graph",
            Kind::Op => "op",
            Kind::Value => "value",
            Kind::Call => "call",
            Kind::Reply => "reply",
        }
    }

    /// The name, padded with zeros.
    fn word(self) -> [u8; 8] {
        std::array::from_fn(|i| self.name().as_bytes().get(i).copied().unwrap_or(0))
    }
}

/// A graph, an operation or a value, ready to be written. Blocks are not copied before that.
#[derive(Debug)]
pub struct Encoded {
    /// All that comes before the blocks.
    head: Vec<u8>,
    blocks: Vec<Block>,
}

impl Encoded {
    /// `content` writes the body with [`write`].
    pub(crate) fn new(kind: Kind, content: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<Encoded> {
        let mut body = Vec::new();
        let (written, blocks) = blocks::collect(|| content(&mut body));
        written?;
        let mut head = Vec::with_capacity(aligned(TABLE + 8 * blocks.len() + body.len()));
        head.extend(MAGIC);
        head.push(VERSION);
        head.extend(kind.word());
        head.extend(word(body.len())?);
        head.extend(word(blocks.len())?);
        for block in &blocks {
            head.extend((block.dtype() as u32).to_le_bytes());
            head.extend(word(block.len())?);
        }
        head.extend(body);
        head.resize(aligned(head.len()), 0);
        Ok(Encoded { head, blocks })
    }

    /// The length of the message, in bytes.
    #[allow(clippy::len_without_is_empty, reason = "no message is empty")]
    pub fn len(&self) -> usize {
        self.blocks.iter().fold(self.head.len(), |len, block| len + aligned(block.bytes() as usize))
    }

    /// Passes the message on in pieces.
    pub fn write(&self, each: &mut dyn FnMut(&[u8])) {
        each(&self.head);
        for block in &self.blocks {
            block.write_pieces(each);
            let length = block.bytes() as usize;
            each(&[0; ALIGNMENT][..aligned(length) - length]);
        }
    }

    /// Appends the message.
    pub fn write_to(&self, bytes: &mut Vec<u8>) {
        bytes.reserve(self.len());
        self.write(&mut |piece| bytes.extend(piece));
    }

    /// The message.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes);
        bytes
    }
}

/// The next multiple of [`ALIGNMENT`].
fn aligned(length: usize) -> usize {
    length.saturating_add(ALIGNMENT - 1) & !(ALIGNMENT - 1)
}

fn word(number: usize) -> Result<[u8; 4]> {
    let number = u32::try_from(number).map_err(|_| Error::invalid("too large for one message"))?;
    Ok(number.to_le_bytes())
}

/// Reads a message of this kind. `content` is given the content of the body, and what it does with [`read`] may refer to
/// blocks of this message.
///
/// # Errors
/// The bytes are no such message, or `content` refuses them.
pub(crate) fn decode<'de, T: Deserialize<'de>, R>(
    kind: Kind,
    bytes: &'de [u8],
    content: impl FnOnce(T) -> Result<R>,
) -> Result<R> {
    let (body, blocks) = split(kind, bytes, &bytes)?;
    blocks::with(blocks, || read(body).and_then(content))
}

/// Reads a message of this kind from where it lies. Its blocks are copied once.
///
/// # Errors
/// It is no such message.
pub(crate) fn decode_from<T: DeserializeOwned>(kind: Kind, source: &dyn Source) -> Result<T> {
    let start = copied(source, 0..TABLE.min(source.len()));
    let head = match start.get(16..TABLE).and_then(<[u8]>::first_chunk) {
        Some(&lengths) => {
            let (body, blocks) = pair(lengths);
            copied(source, 0..blocks.saturating_mul(8).saturating_add(TABLE + body).min(source.len()))
        }
        None => start,
    };
    let (body, blocks) = split(kind, &head, source)?;
    blocks::with(blocks, || read(body))
}

/// Whether this is the start of a message of this kind.
pub(crate) fn is(kind: Kind, bytes: &[u8]) -> bool {
    bytes.strip_prefix(&MAGIC).is_some_and(|rest| rest.get(1..9) == Some(&kind.word()))
}

/// The body of a message of this kind, and its blocks. `head` is what comes before the blocks, or more.
fn split<'a>(kind: Kind, head: &'a [u8], message: &dyn Source) -> Result<(&'a [u8], Vec<Block>)> {
    let len = message.len();
    let (start, rest) = head.split_at_checked(8).ok_or_else(no_message)?;
    let version = *start.strip_prefix(&MAGIC).and_then(<[u8]>::first).ok_or_else(no_message)?;
    if version != VERSION {
        let message = format!("dagdeck: unknown version {version}, this build reads version {VERSION}");
        return Err(Error::invalid(message));
    }
    let truncated = || Error::invalid(format!("the message is truncated: it has {len} bytes"));
    let (&word, rest) = rest.split_first_chunk::<8>().ok_or_else(truncated)?;
    if word != kind.word() {
        let known = Kind::ALL.into_iter().find(|kind| kind.word() == word);
        let has = known.map_or("something unknown", Kind::name);
        return Err(Error::invalid(format!("the message has another kind: {has}, not {}", kind.name())));
    }
    let (&lengths, rest) = rest.split_first_chunk::<8>().ok_or_else(truncated)?;
    let (body_len, block_count) = pair(lengths);
    let (table, rest) = rest.split_at_checked(block_count.saturating_mul(8)).ok_or_else(truncated)?;
    let (body, _) = rest.split_at_checked(body_len).ok_or_else(truncated)?;
    let mut at = aligned(TABLE + table.len() + body.len());
    let mut blocks = Vec::with_capacity(block_count);
    for (i, &entry) in table.as_chunks().0.iter().enumerate() {
        let (dtype, count) = pair(entry);
        let dtype = DType::ALL.into_iter().find(|&known| known as usize == dtype);
        let dtype = dtype.ok_or_else(|| Error::invalid(format!("block {i} has an unknown data type")))?;
        let size = count.saturating_mul(dtype.size());
        if at.saturating_add(size) > len {
            return Err(truncated());
        }
        let block = Block::read(&[count], dtype, |each| message.pieces(at..at + size, each));
        blocks.push(block.map_err(|message| Error::invalid(format!("block {i}: {message}")))?);
        at = aligned(at + size);
    }
    match at == len {
        true => Ok((body, blocks)),
        false if at > len => Err(truncated()),
        false => Err(Error::invalid(format!("{} bytes follow the end of the message", len - at))),
    }
}

fn no_message() -> Error {
    Error::invalid("not a message of dagdeck: it does not start with \"dagdeck\" and a version")
}

fn pair(bytes: [u8; 8]) -> (usize, usize) {
    let number = u64::from_le_bytes(bytes);
    (number as u32 as usize, (number >> 32) as usize)
}

/// Appends a part of a body.
pub(crate) fn write(body: &mut Vec<u8>, part: &(impl Serialize + ?Sized)) -> Result<()> {
    serde_json::to_writer(body, part).map_err(invalid)
}

/// A part of a body that other parts may hold.
pub(crate) fn raw(part: &(impl Serialize + ?Sized)) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(part).map_err(invalid)
}

/// Reads all of a part of a body.
pub(crate) fn read<'de, T: Deserialize<'de>>(part: &'de [u8]) -> Result<T> {
    let text = str::from_utf8(part).map_err(|_| Error::invalid("the body is not UTF-8"))?;
    serde_json::from_str(text).map_err(invalid)
}

/// Places in a body mean nothing to people.
fn invalid(error: serde_json::Error) -> Error {
    Error::invalid(error::without_place(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(content: &(impl Serialize + ?Sized)) -> Vec<u8> {
        Encoded::new(Kind::Value, |body| write(body, content)).unwrap().to_bytes()
    }

    fn decode_block(bytes: &[u8]) -> Result<Block> {
        decode(Kind::Value, bytes, Ok)
    }

    #[test]
    fn blocks_start_at_multiples_of_eight() {
        let blocks = [Block::new(&[3], vec![1u8, 2, 3]), Block::new(&[1], vec![7i64])];
        let bytes = encode(&blocks);
        assert_eq!(bytes.len() % 8, 0);
        assert_eq!(bytes[bytes.len() - 16..], [1, 2, 3, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(decode(Kind::Value, &bytes, Ok::<Vec<Block>, _>).unwrap(), blocks);
    }

    #[test]
    fn what_blocks_share_is_written_once_and_shared_again() {
        let block = Block::new(&[2, 3], vec![1i32; 6]);
        let flat = Block::new(&[6], vec![1i32; 6]);
        let one = encode(std::slice::from_ref(&block)).len();
        let same = encode(&[block.clone(), block.clone()]);
        // Another block takes 24 bytes of elements, 8 in the table, and about 24 in the body.
        assert!(same.len() < one + 40, "{} and {one}", same.len());
        assert!(encode(&[block.clone(), flat.clone()]).len() >= one + 40);
        let place = |block: &Block| block.elements::<i32>().unwrap().as_ptr();
        let back = decode(Kind::Value, &same, Ok::<Vec<Block>, _>).unwrap();
        assert_eq!(place(&back[0]), place(&back[1]));
        let turned = [block.clone(), block.permuted(&[1, 0])];
        assert_eq!(decode(Kind::Value, &encode(&turned), Ok::<Vec<Block>, _>).unwrap(), turned);
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let good = encode(&Block::new(&[2], vec![true, false]));
        assert!(decode_block(&good).is_ok());
        let changed = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            decode_block(&bytes).unwrap_err().to_string()
        };
        assert!(changed(0, b'x').starts_with("not a message of dagdeck: "));
        assert_eq!(changed(7, 3), "dagdeck: unknown version 3, this build reads version 2");
        assert_eq!(changed(8, b'w'), "the message has another kind: something unknown, not value");
        let truncated = format!("the message is truncated: it has {} bytes", good.len());
        assert_eq!([changed(18, 255), changed(28, 9)], [truncated.clone(), truncated]);
        assert_eq!(changed(24, 6), "block 0 has an unknown data type");
        assert_eq!(changed(good.len() - 8, 2), "block 0: data: a bool is 0 or 1, not 2");
        for end in 0..good.len() {
            assert!(decode_block(&good[..end]).is_err(), "{end}");
        }
        let longer = [&good[..], &[0; 8]].concat();
        assert_eq!(decode_block(&longer).unwrap_err().to_string(), "8 bytes follow the end of the message");
        let error = decode(Kind::Graph, &good, Ok::<Block, _>).unwrap_err();
        assert_eq!(error.to_string(), "the message has another kind: value, not graph");
    }

    #[test]
    fn data_must_fit_the_shape() {
        let bytes = Encoded::new(Kind::Value, |body| {
            write(body, &Block::new(&[2], vec![1u8, 2]))?;
            let place = body.iter().position(|&byte| byte == b'2').expect("a list of one length");
            body[place] = b'3';
            Ok(())
        });
        let error = decode_block(&bytes.unwrap().to_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "data of 2 bytes: shape [3] of uint8 takes 3");
    }

    #[test]
    fn values_are_not_nested_without_end() {
        let error = read::<crate::Value>("{\"tuple\":[".repeat(1000).as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "recursion limit exceeded");
    }
}
