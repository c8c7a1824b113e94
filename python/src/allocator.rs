//! The allocator. The standard library's has one lock for all threads, and Python allocates all the time. So each thread
//! has lists of free small blocks, one for each size class, and needs no lock to take or to return a block.
//!
//! Blocks that one thread allocates may be freed by another, for example when a queue connects the two. A thread with
//! many free blocks therefore puts a batch of them where all threads find it. Memory of small blocks is reused and never
//! returned to the standard library's allocator. Workers are reused too, so their lists are not lost.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::UnsafeCell,
    ptr::null_mut,
    sync::{Mutex, PoisonError},
};

/// Blocks of class `i` have `(i + 1) * STEP` bytes and are aligned to `STEP`.
const STEP: usize = 16;
const CLASSES: usize = 32;

/// The size of a batch, in bytes.
const BATCH_BYTES: usize = 16 << 10;

pub struct Allocator;

/// The beginning of a free block.
struct Free {
    next: *mut Free,
    /// In the first block of a shared batch: the next batch.
    next_batch: *mut Free,
}

/// Free blocks of one class.
#[derive(Clone, Copy)]
struct List {
    first: *mut Free,
    length: usize,
}

struct Lists(UnsafeCell<[List; CLASSES]>);

thread_local! {
    /// The free blocks of this thread. It has no destructor, so it can be used at any time.
    static LISTS: Lists = const { Lists(UnsafeCell::new([List { first: null_mut(), length: 0 }; CLASSES])) };
}

/// Batches that any thread may take. Each is a list of `batch_length(class)` blocks.
struct Batches(*mut Free);

// SAFETY: a batch is taken out of the list under the lock, so only one thread has it.
unsafe impl Send for Batches {}

static SHARED: [Mutex<Batches>; CLASSES] = [const { Mutex::new(Batches(null_mut())) }; CLASSES];

fn class_of(layout: Layout) -> Option<usize> {
    let small = layout.size() > 0 && layout.size() <= STEP * CLASSES && layout.align() <= STEP;
    small.then(|| (layout.size() - 1) / STEP)
}

const fn block_bytes(class: usize) -> usize {
    (class + 1) * STEP
}

const fn batch_length(class: usize) -> usize {
    BATCH_BYTES / block_bytes(class)
}

impl List {
    fn pop(&mut self) -> *mut u8 {
        let block = self.first;
        // SAFETY: a list that is not empty begins with a free block, which `push` wrote. Nobody else has it.
        self.first = unsafe { (*block).next };
        self.length -= 1;
        block.cast()
    }

    /// # Safety
    ///
    /// `block` is a block of this list's class that nothing uses.
    unsafe fn push(&mut self, block: *mut u8) {
        let block = block.cast::<Free>();
        // SAFETY: the smallest block has room for a `Free`, and all are aligned to `STEP`.
        unsafe { block.write(Free { next: self.first, next_batch: null_mut() }) };
        self.first = block;
        self.length += 1;
    }

    /// Fills an empty list with a shared batch or, if there is none, with new memory. It stays empty if there is no
    /// memory.
    #[cold]
    #[inline(never)]
    fn fill(&mut self, class: usize) {
        let mut shared = SHARED[class].lock().unwrap_or_else(PoisonError::into_inner);
        let batch = shared.0;
        if !batch.is_null() {
            // SAFETY: `share` wrote the batch, and the lock makes it ours.
            shared.0 = unsafe { (*batch).next_batch };
            *self = List { first: batch, length: batch_length(class) };
            return;
        }
        drop(shared);
        let bytes = block_bytes(class);
        let count = batch_length(class);
        // SAFETY: the size is not 0, and the alignment is a power of two.
        let memory = unsafe { System.alloc(Layout::from_size_align_unchecked(count * bytes, STEP)) };
        if memory.is_null() {
            return;
        }
        for i in 0..count {
            // SAFETY: the block lies in the new memory, and is aligned because its size is a multiple of `STEP`.
            unsafe { self.push(memory.add(i * bytes)) };
        }
    }

    /// Puts a batch of this list's blocks where all threads find it.
    #[cold]
    #[inline(never)]
    fn share(&mut self, class: usize) {
        let batch = self.first;
        let mut last = batch;
        for _ in 1..batch_length(class) {
            // SAFETY: the list is longer than a batch.
            last = unsafe { (*last).next };
        }
        // SAFETY: as above.
        unsafe {
            self.first = (*last).next;
            (*last).next = null_mut();
        }
        self.length -= batch_length(class);
        let mut shared = SHARED[class].lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the batch is this thread's until the lock is released.
        unsafe { (*batch).next_batch = shared.0 };
        shared.0 = batch;
    }
}

/// Calls `f` with this thread's list of a class.
#[inline]
fn with_list<R>(class: usize, f: impl FnOnce(&mut List) -> R) -> R {
    LISTS.with(|lists| {
        // SAFETY: only this thread has the lists, and no `f` below allocates or frees small blocks, so there is no
        // second reference.
        f(unsafe { &mut (*lists.0.get())[class] })
    })
}

// SAFETY: small blocks are disjoint, have the size and alignment of their class, and come back to a list of the same
// class, because the layout is the same. All others are the standard library's.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class_of(layout) else {
            // SAFETY: the caller's promise.
            return unsafe { System.alloc(layout) };
        };
        with_list(class, |list| {
            if list.length == 0 {
                list.fill(class);
            }
            if list.length == 0 { null_mut() } else { list.pop() }
        })
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(class) = class_of(layout) else {
            // SAFETY: the caller's promise.
            return unsafe { System.dealloc(block, layout) };
        };
        with_list(class, |list| {
            // SAFETY: the caller gives back a block of this layout, so of this class.
            unsafe { list.push(block) };
            if list.length > 2 * batch_length(class) {
                list.share(class);
            }
        });
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `size` is valid for this alignment.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (class_of(layout), class_of(new)) {
            // SAFETY: the caller's promise.
            (None, None) => unsafe { System.realloc(block, layout, size) },
            (Some(a), Some(b)) if a == b => block,
            _ => {
                // SAFETY: the caller promises that the size is not 0.
                let moved = unsafe { self.alloc(new) };
                if !moved.is_null() {
                    // SAFETY: both blocks have at least that many bytes, and they are disjoint.
                    unsafe { block.copy_to_nonoverlapping(moved, size.min(layout.size())) };
                    // SAFETY: the caller gives this block up.
                    unsafe { self.dealloc(block, layout) };
                }
                moved
            }
        }
    }
}
