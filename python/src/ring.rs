//! A ring of bytes in shared memory, between Python and the page. One side writes and the other reads.
//!
//! ```text
//!     ... | bytes to be read | room ...
//!         ^ read             ^ written
//! ```
//!
//! Both counters count bytes and wrap around. Each side waits for the other's counter.

use std::sync::atomic::{AtomicI32, AtomicU8, Ordering::*};

/// The size of a ring, a power of two.
pub const BYTES: usize = 1 << 17;

/// The most bytes that are put at once.
pub const LONGEST: usize = BYTES / 4;

#[repr(C)]
pub struct Ring {
    written: AtomicI32,
    read: AtomicI32,
    bytes: [AtomicU8; BYTES],
}

impl Ring {
    pub const fn new() -> Ring {
        Ring {
            written: AtomicI32::new(0),
            read: AtomicI32::new(0),
            bytes: [const { AtomicU8::new(0) }; BYTES],
        }
    }

    /// Where the page finds it: the number of bytes written, the number of bytes read, then the bytes.
    pub fn address(&self) -> usize {
        self.written.as_ptr().addr()
    }

    /// Puts down a header and what follows it, up to [`LONGEST`] bytes together, so that the page never sees one without the
    /// other. Waits until there is room. Only one thread may do so at a time.
    pub fn put(&self, header: &[u8], rest: &[u8]) {
        let written = self.written.load(Relaxed);
        let size = header.len() + rest.len();
        self.wait_for_room(written, size);
        for (i, &byte) in header.iter().chain(rest).enumerate() {
            self.bytes[place(written, i)].store(byte, Relaxed);
        }
        self.written.store(written.wrapping_add(size as i32), Release);
        // SAFETY: the address is that of an aligned 32-bit word, which lives as long as the program.
        unsafe { core::arch::wasm32::memory_atomic_notify(self.written.as_ptr(), 1) };
    }

    fn wait_for_room(&self, written: i32, size: usize) {
        loop {
            let read = self.read.load(Acquire);
            if written.wrapping_sub(read) as usize + size <= BYTES {
                return;
            }
            // SAFETY: as above. The page wakes those that wait here after it has stored the new count.
            unsafe { core::arch::wasm32::memory_atomic_wait32(self.read.as_ptr(), read, -1) };
        }
    }

    /// The count of bytes that the page has written.
    pub fn written(&self) -> i32 {
        self.written.load(Acquire)
    }

    /// Waits until the page has written more than `seen`, but not longer than `most_ns`.
    pub fn wait(&self, seen: i32, most_ns: i64) {
        // SAFETY: as above. The page wakes those that wait here after it has stored the new count.
        unsafe { core::arch::wasm32::memory_atomic_wait32(self.written.as_ptr(), seen, most_ns) };
    }

    /// Takes all bytes that the page has written. Only one thread may do so at a time.
    pub fn take(&self, into: &mut Vec<u8>) {
        let (read, written) = (self.read.load(Relaxed), self.written.load(Acquire));
        let count = written.wrapping_sub(read) as usize;
        into.extend((0..count).map(|i| self.bytes[place(read, i)].load(Relaxed)));
        self.read.store(written, Release);
        // SAFETY: as above.
        unsafe { core::arch::wasm32::memory_atomic_notify(self.read.as_ptr(), 1) };
    }
}

/// Where the byte lies that comes `i` bytes after the count.
fn place(count: i32, i: usize) -> usize {
    (count as u32 as usize).wrapping_add(i) % BYTES
}
