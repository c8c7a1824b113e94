//! Dropping values without panicking.
//!
//! A value may run foreign code when it is dropped, and that code may panic. The scheduler drops values while it updates
//! its counts, and on threads that must not unwind. So it drops every value through this module, where a panic ends.

use crate::value::Value;

pub(super) use crate::panics::discard;

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
