//! Damage to a text: to a bit, to a token, or by a piece of another text.

use std::ops::Range;

use proptest::{prelude::*, sample::Index};

/// Words of the format, and some unexpected ones.
const WORDS: [&str; 54] = [
    "1e400",
    "-1e-400",
    "-0",
    "18446744073709551615",
    "18446744073709551616",
    "4294967295",
    "4294967296",
    "134217728",
    "134217729",
    "9007199254740993",
    "-1",
    "0",
    "255",
    "2",
    "3",
    "4",
    "5",
    "256",
    "1.5",
    "null",
    "true",
    "{}",
    "[]",
    "\"NaN\"",
    "\"Infinity\"",
    "\"-Infinity\"",
    "\"\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"('x', 0)\"",
    "\"('x', 99999999999)\"",
    "\"dagdeck\"",
    "\"tasks\"",
    "\"targets\"",
    "\"op\"",
    "\"args\"",
    "\"retries\"",
    "\"priority\"",
    "\"no-op\"",
    "\"add\"",
    "\"neg\"",
    "{\"neg\":{\"left\":1}}",
    "{\"transpose\":[0,1,2]}",
    "{\"transpose\":[1,1]}",
    "{\"sum\":{\"stage\":\"aggregate\",\"axes\":[0]}}",
    "{\"var\":{\"stage\":\"chunk\",\"axes\":[3,0]}}",
    "{\"full\":{\"shape\":[1,3],\"fill_value\":0}}",
    "{\"fused\":[]}",
    "{\"input\":4294967295}",
    "{\"part\":0}",
    "[4294967296,4294967296]",
    "{",
    "]",
    ",",
];

/// The number of numbers among them; these come first.
const NUMBERS: usize = 19;

/// A small damage.
#[derive(Clone, Debug)]
pub enum Mutation {
    /// Changes bits of a byte.
    Flip(Index, u8),
    /// Cuts off the end.
    Truncate(Index),
    /// Replaces a piece of this text with a piece of another.
    Splice(Index, Index, Index, Index),
    /// Swaps two tokens.
    Swap(Index, Index),
    /// Replaces a number with another: the result is often a graph.
    Number(Index, Index),
    /// Replaces a string with another.
    Text(Index, Index),
    /// Replaces a token with a word.
    Replace(Index, Index),
    /// Inserts a word before a token.
    Insert(Index, Index),
    /// Repeats a few tokens after themselves or elsewhere.
    Repeat(Index, usize, Option<Index>),
    /// Removes a few tokens.
    Remove(Index, usize),
    /// Wraps the rest many times.
    Nest(Index, usize, usize),
}

pub fn mutation() -> impl Strategy<Value = Mutation> {
    use Mutation::*;
    let at = any::<Index>;
    prop_oneof![
        2 => (at(), 1..=255u8).prop_map(|(at, bits)| Flip(at, bits)),
        1 => at().prop_map(Truncate),
        2 => (at(), at(), at(), at()).prop_map(|(a, b, c, d)| Splice(a, b, c, d)),
        4 => (at(), at()).prop_map(|(a, b)| Swap(a, b)),
        8 => (at(), at()).prop_map(|(at, word)| Number(at, word)),
        8 => (at(), at()).prop_map(|(at, other)| Text(at, other)),
        4 => (at(), at()).prop_map(|(at, word)| Replace(at, word)),
        2 => (at(), at()).prop_map(|(at, word)| Insert(at, word)),
        4 => (at(), 1..20usize, prop::option::of(at())).prop_map(|(at, count, to)| Repeat(at, count, to)),
        2 => (at(), 1..6usize).prop_map(|(at, count)| Remove(at, count)),
        1 => (at(), 0..4usize, 1..400usize).prop_map(|(at, kind, depth)| Nest(at, kind, depth)),
    ]
}

/// Strings, numbers, words and punctuation, roughly.
fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let mut end = start + 1;
        match text[start] {
            b'"' => {
                while end < text.len() && text[end] != b'"' {
                    end += 1 + usize::from(text[end] == b'\\');
                }
                end = (end + 1).min(text.len());
            }
            b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' => {
                while end < text.len() && matches!(text[end], b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z')
                {
                    end += 1;
                }
            }
            _ => {}
        }
        if !text[start].is_ascii_whitespace() {
            tokens.push(start..end);
        }
        start = end;
    }
    tokens
}

/// Two positions in a text, in order.
fn span(a: Index, b: Index, len: usize) -> Range<usize> {
    let (a, b) = (a.index(len + 1), b.index(len + 1));
    a.min(b)..a.max(b)
}

pub fn mutate(text: &mut Vec<u8>, other: &[u8], mutation: &Mutation) {
    let tokens = tokens(text);
    if tokens.is_empty() {
        text.extend(other);
        return;
    }
    let token = |at: Index| tokens[at.index(tokens.len())].clone();
    let run = |at: Index, count: usize| {
        let first = at.index(tokens.len());
        tokens[first].start..tokens[(first + count - 1).min(tokens.len() - 1)].end
    };
    match *mutation {
        Mutation::Flip(at, bits) => {
            let at = at.index(text.len());
            text[at] ^= bits;
        }
        Mutation::Truncate(at) => text.truncate(at.index(text.len())),
        Mutation::Splice(a, b, c, d) => {
            let piece = other[span(c, d, other.len())].to_vec();
            text.splice(span(a, b, text.len()), piece);
        }
        Mutation::Swap(a, b) => {
            let (a, b) = (token(a), token(b));
            let (first, second) = if a.start < b.start { (a, b) } else { (b, a) };
            if first != second {
                let (left, right) = (text[first.clone()].to_vec(), text[second.clone()].to_vec());
                text.splice(second, left);
                text.splice(first, right);
            }
        }
        Mutation::Number(at, word) => {
            let is_number = |token: &Range<usize>| matches!(text[token.start], b'-' | b'0'..=b'9');
            let numbers: Vec<_> = tokens.iter().filter(|token| is_number(token)).cloned().collect();
            if !numbers.is_empty() {
                let word = WORDS[word.index(NUMBERS)];
                drop(text.splice(at.get(&numbers).clone(), word.bytes()));
            }
        }
        Mutation::Text(at, other) => {
            let strings: Vec<_> = tokens.iter().filter(|token| text[token.start] == b'"').cloned().collect();
            if !strings.is_empty() {
                let piece = text[other.get(&strings).clone()].to_vec();
                drop(text.splice(at.get(&strings).clone(), piece));
            }
        }
        Mutation::Replace(at, word) => drop(text.splice(token(at), word.get(&WORDS).bytes())),
        Mutation::Insert(at, word) => {
            let start = token(at).start;
            drop(text.splice(start..start, word.get(&WORDS).bytes()));
        }
        Mutation::Repeat(at, count, to) => {
            let run = run(at, count);
            let to = to.map_or(run.end, |to| token(to).start);
            let piece = text[run].to_vec();
            drop(text.splice(to..to, piece));
        }
        Mutation::Remove(at, count) => drop(text.drain(run(at, count))),
        Mutation::Nest(at, kind, depth) => {
            let shells = [
                ("[", "]"),
                ("{\"a\":", "}"),
                ("{\"fused\":[{\"key\":\"p\",\"op\":", ",\"args\":[]}]}"),
                ("{\"fused\":[{\"args\":[],\"key\":\"p\",\"op\":", "}]}"),
            ];
            let (open, close) = shells[kind];
            let token = token(at);
            text.splice(token.end..token.end, close.repeat(depth).bytes());
            text.splice(token.start..token.start, open.repeat(depth).bytes());
        }
    }
}
