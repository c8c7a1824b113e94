//! What Python writes. Each thread collects whole lines, so that lines of two threads do not mix, and puts them into a
//! ring in shared memory. The page reads the ring.
//!
//! A piece in the ring is one byte for the stream, three for the length (little-endian), and the text:
//!
//! ```text
//!     ... | 1 | 6 0 0 | hello\n | 2 | 9 0 0 | Traceback ...
//!         ^ read                                        ^ written
//! ```
//!
//! Both counters count bytes and wrap around. A writer waits while the ring is full, so a page that reads once per frame
//! decides how fast Python writes.

use std::{
    cell::RefCell,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI32, AtomicU8, Ordering::*},
    },
};

/// The size of the ring, a power of two.
pub const BYTES: usize = 1 << 17;

const HEADER: usize = 4;

/// The longest piece. A longer line is split: its first part is written before the line is complete.
const LONGEST: usize = BYTES / 4;

#[repr(C)]
struct Ring {
    written: AtomicI32,
    read: AtomicI32,
    bytes: [AtomicU8; BYTES],
}

static RING: Ring =
    Ring { written: AtomicI32::new(0), read: AtomicI32::new(0), bytes: [const { AtomicU8::new(0) }; BYTES] };

/// Held by the thread that writes into the ring.
static WRITING: Mutex<()> = Mutex::new(());

thread_local! {
    /// The incomplete line of this thread, for each stream.
    static LINES: RefCell<[Vec<u8>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

pub fn address() -> usize {
    RING.written.as_ptr().addr()
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
        let written = RING.written.load(Relaxed);
        let size = HEADER + piece.len();
        wait_for_room(written, size);
        let [low, middle, high, _] = (piece.len() as u32).to_le_bytes();
        for (i, &byte) in [stream, low, middle, high].iter().chain(piece).enumerate() {
            RING.bytes[(written as u32 as usize).wrapping_add(i) % BYTES].store(byte, Relaxed);
        }
        RING.written.store(written.wrapping_add(size as i32), Release);
        // SAFETY: the address is that of an aligned 32-bit word, which lives as long as the program.
        unsafe { core::arch::wasm32::memory_atomic_notify(RING.written.as_ptr(), 1) };
    }
}

/// Waits until the page has read enough that `size` bytes fit.
fn wait_for_room(written: i32, size: usize) {
    loop {
        let read = RING.read.load(Acquire);
        if written.wrapping_sub(read) as usize + size <= BYTES {
            return;
        }
        // SAFETY: as above. The page wakes those that wait here after it has stored the new count.
        unsafe { core::arch::wasm32::memory_atomic_wait32(RING.read.as_ptr(), read, -1) };
    }
}
