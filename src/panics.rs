//! What is left of a panic: its words, and a payload whose destructor may panic too.

use std::{
    any::Any,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What a panic said.
pub(crate) fn words(payload: &(dyn Any + Send)) -> &str {
    let words = payload.downcast_ref::<&str>().copied();
    words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}

/// Drops `value`. If its destructor panics, the panic hook has reported that, and nothing else happens.
#[cold]
pub(crate) fn discard<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        // Dropping the payload could panic again, so it is leaked.
        mem::forget(payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_panics_when_it_is_dropped_is_discarded() {
        struct Panics;
        impl Drop for Panics {
            fn drop(&mut self) {
                std::panic::resume_unwind(Box::new("no more"));
            }
        }
        let payload = catch_unwind(|| std::panic::resume_unwind(Box::new(Panics))).unwrap_err();
        assert_eq!(words(&*payload), "(no message)");
        discard(payload);
    }
}
