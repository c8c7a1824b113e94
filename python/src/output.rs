//! What Python writes. Each thread collects whole lines, so that lines of two threads do not mix, and puts them into a
//! [`Ring`], which the page reads.
//!
//! A piece in the ring is one byte for the stream, three for the length (little-endian), and the text:
//!
//! ```text
//!     ... | 1 | 6 0 0 | hello\n | 2 | 9 0 0 | Traceback ...
//!         ^ read                                        ^ written
//! ```
//!
//! A writer waits while the ring is full, so a page that reads once per frame decides how fast Python writes.

use std::{
    cell::RefCell,
    sync::{Mutex, PoisonError},
};

use crate::ring::{LONGEST, Ring};

static RING: Ring = Ring::new();

/// Held by the thread that writes into the ring.
static WRITING: Mutex<()> = Mutex::new(());

thread_local! {
    /// The incomplete line of this thread, for each stream.
    static LINES: RefCell<[Vec<u8>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

pub fn address() -> usize {
    RING.address()
}

/// Writes text to a stream (1 or 2). What follows the last line break is kept until the line is complete.
pub fn write(stream: u8, text: &[u8]) {
    LINES.with_borrow_mut(|lines| {
        let line = &mut lines[usize::from(stream == 2)];
        line.extend_from_slice(text);
        let end = match line.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => last + 1,
            None if line.len() > LONGEST => line.len(),
            None => return,
        };
        put(stream, &line[..end]);
        line.drain(..end);
    });
}

/// Writes the incomplete lines of this thread.
pub fn flush() {
    LINES.with_borrow_mut(|lines| {
        for (line, stream) in lines.iter_mut().zip([1, 2]) {
            put(stream, line);
            line.clear();
        }
    });
}

fn put(stream: u8, text: &[u8]) {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    for piece in text.chunks(LONGEST) {
        let [low, middle, high, _] = (piece.len() as u32).to_le_bytes();
        RING.put(&[stream, low, middle, high], piece);
    }
}
