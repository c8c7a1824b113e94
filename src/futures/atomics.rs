//! Locks, condition variables and atomics: those of the standard library, or loom's in the tests that go through every
//! interleaving.

use std::time::Duration;

#[cfg(loom)]
pub(super) use loom::sync::atomic::AtomicBool;
#[cfg(not(loom))]
pub(super) use std::sync::atomic::AtomicBool;

use super::rest::rest;
pub(super) use crate::interpreter::atomics::{Condvar, Mutex, MutexGuard, Ordering};

/// Waits to be notified, but not longer than `timeout`. The thread rests meanwhile.
pub(super) fn wait<'a, T>(
    condition: &Condvar,
    guard: MutexGuard<'a, T>,
    timeout: Option<Duration>,
) -> MutexGuard<'a, T> {
    rest(|| match timeout {
        #[cfg(not(loom))]
        Some(timeout) => {
            condition.wait_timeout(guard, timeout).expect("nothing panics while it holds this lock").0
        }
        #[cfg(loom)]
        Some(_) => panic!("loom's waits have no timeouts"),
        None => condition.wait(guard).expect("nothing panics while it holds this lock"),
    })
}
