//! Which threads wait for something: they touch no memory meanwhile, so that it can be copied.
//!
//! The locks of the standard library are used in all tests, since no thread is ever stopped while it has this one.

use std::sync::{Mutex, MutexGuard};

/// How many threads rest.
static RESTING: Mutex<usize> = Mutex::new(0);

/// Runs a wait. It must not allocate, and it changes nothing but the locks that it waits with.
pub(super) fn rest<R>(wait: impl FnOnce() -> R) -> R {
    *resting() += 1;
    let result = wait();
    *resting() -= 1;
    result
}

/// How many threads rest. None of them goes on while this is held.
pub(crate) fn resting() -> MutexGuard<'static, usize> {
    RESTING.lock().expect("nothing panics while it holds this lock")
}
