//! The lock, condition variables and atomics of the live lock: those of the standard library, or loom's in the tests
//! that go through every interleaving. <https://docs.rs/loom>

use std::time::Duration;

#[cfg(loom)]
pub(crate) use loom::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicU8, Ordering},
};
#[cfg(not(loom))]
pub(crate) use std::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicU8, Ordering},
};

/// Waits to be notified, but not longer than `timeout`. Returns whether the time ran out.
#[cfg(not(loom))]
pub(crate) fn wait<'a, T>(
    condition: &Condvar,
    guard: MutexGuard<'a, T>,
    timeout: Duration,
) -> (MutexGuard<'a, T>, bool) {
    let (guard, waited) =
        condition.wait_timeout(guard, timeout).expect("nothing panics while it holds this lock");
    (guard, waited.timed_out())
}

/// loom has no time: [`Duration::MAX`] never runs out.
#[cfg(loom)]
pub(crate) fn wait<'a, T>(
    condition: &Condvar,
    guard: MutexGuard<'a, T>,
    timeout: Duration,
) -> (MutexGuard<'a, T>, bool) {
    assert_eq!(timeout, Duration::MAX, "loom's waits have no timeouts");
    (condition.wait(guard).expect("nothing panics while it holds this lock"), false)
}
