//! Dropping values without panicking.
//!
//! A value may run foreign code when it is dropped, and that code may panic. The scheduler drops values while it updates
//! its counts, and on threads that must not unwind. So it drops every value through this module, where a panic ends.

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::value::Value;

/// Drops `value`. If its destructor panics, the panic hook has reported that, and nothing else happens.
#[cold]
pub(super) fn discard<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        // What a destructor panics with has a destructor of its own.
        mem::forget(payload);
    }
}

impl Discard for Value {
    #[inline]
    fn discard(self) -> u64 {
        match self {
            // It owns nothing, and most values of tasks that do nothing are like this.
            Value::None => 0,
            value => {
                let bytes = value.bytes();
                discard(value);
                bytes
            }
        }
    }
}

/// Something that holds memory which is counted.
pub(super) trait Discard {
    /// Drops it without panicking. Returns the number of bytes that it held.
    fn discard(self) -> u64;
}
