//! Damage to a message: to a bit, to a range, or by a piece of another message.

use proptest::{prelude::*, sample::Index};

#[derive(Clone, Debug)]
pub enum Mutation {
    Flip(Index, u8),
    Set(Index, u8),
    Truncate(Index),
    Remove(Index, u8),
    Repeat(Index, u8),
    /// Bytes of the other message in the place of these.
    Splice(Index, Index, u8),
}

pub fn mutation() -> impl Strategy<Value = (Mutation, bool)> {
    let at = any::<Index>;
    // Bytes that mean something in JSON.
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:-.eE0189ntf\\".to_vec())];
    let damage = prop_oneof![
        4 => (at(), 0..8u8).prop_map(|(at, bit)| Mutation::Flip(at, bit)),
        4 => (at(), byte).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        1 => at().prop_map(Mutation::Truncate),
        1 => (at(), 1..16u8).prop_map(|(at, len)| Mutation::Remove(at, len)),
        1 => (at(), 1..16u8).prop_map(|(at, len)| Mutation::Repeat(at, len)),
        2 => (at(), at(), 1..32u8).prop_map(|(at, from, len)| Mutation::Splice(at, from, len)),
    ];
    (damage, any::<bool>())
}

/// Where the table of blocks starts, and where the length of the body lies.
const TABLE: usize = 24;
const BODY_LEN: usize = 16;

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// Damages any byte of a message, or only the body: then what is before and after it fits it.
pub fn mutate(bytes: &mut Vec<u8>, other: &[u8], (mutation, body_only): &(Mutation, bool)) {
    if !body_only {
        return damage(bytes, other, mutation);
    }
    let start = TABLE + 8 * number(bytes, BODY_LEN + 4);
    let end = start + number(bytes, BODY_LEN);
    let blocks = bytes.split_off(end.next_multiple_of(8));
    let mut body = bytes[start..end].to_vec();
    damage(&mut body, &other[TABLE..], mutation);
    bytes.truncate(start);
    bytes[BODY_LEN..BODY_LEN + 4].copy_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend(body);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.extend(blocks);
}

fn damage(bytes: &mut Vec<u8>, other: &[u8], mutation: &Mutation) {
    if bytes.is_empty() {
        return;
    }
    let range = |at: &Index, len: u8| {
        let at = at.index(bytes.len());
        at..bytes.len().min(at + usize::from(len))
    };
    match mutation {
        Mutation::Flip(at, bit) => {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        Mutation::Set(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Mutation::Truncate(at) => bytes.truncate(at.index(bytes.len())),
        Mutation::Remove(at, len) => drop(bytes.drain(range(at, *len))),
        Mutation::Repeat(at, len) => {
            let range = range(at, *len);
            let copy = bytes[range.clone()].to_vec();
            bytes.splice(range.start..range.start, copy);
        }
        Mutation::Splice(at, from, len) => {
            let from = from.index(other.len());
            let piece = other[from..other.len().min(from + usize::from(*len))].to_vec();
            bytes.splice(range(at, *len), piece);
        }
    }
}
