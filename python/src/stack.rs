//! How deep Python may recurse.
//!
//! A JavaScript engine has a stack of its own for calls of WebAssembly, and ends the call with a `RangeError` when it is
//! full. It does not tell its size. In Chromium's and Firefox's workers it is full before the stack in memory is, so
//! Python is told that the stack ends here and raises `RecursionError` in time.

use std::cell::Cell;

use rustpython_vm::wasm_thread::set_stack_bounds;

/// The part of the stack in memory that Python may use.
const BYTES: usize = 320 << 10;

/// What lies above the frame that calls [`bound`].
const RESERVE: usize = 64 << 10;

thread_local!(static BOUND: Cell<bool> = const { Cell::new(false) });

/// Tells Python how far the stack of this thread goes. Only the first call on a thread has an effect.
pub fn bound() {
    if !BOUND.replace(true) {
        let here = 0_u8;
        let top = (&raw const here).addr();
        set_stack_bounds(top.saturating_sub(BYTES - RESERVE), top);
    }
}
