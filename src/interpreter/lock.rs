//! The live lock: a flag behind a mutex, with condition variables for those that wait.
//!
//! It works as CPython's does (`Python/ceval_gil.c` of 3.2 and later; under [`Rule::Ticks`] as in the loop of 3.1). One
//! mutex guards all of the state, and both condition variables go with it, so no notification is lost between a look at
//! the state and the wait. Every wait has a timeout all the same.
//!
//! Running code sees one byte, the `eval_breaker`: whether it should drop the lock, and whether it should stop.

use std::time::Duration;

use super::atomics::{AtomicU8, Condvar, Mutex, MutexGuard, Ordering::*, wait};
use crate::trace::Action;

/// How the holder gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// It releases the lock, and takes it again at once.
    Ticks,
    /// A thread that has waited this long requests the lock. The holder drops it, and waits until another has taken it.
    Interval(Duration),
}

/// Notes what a thread did since the last note.
pub(crate) trait Watch {
    /// The thread did `action` until now, or `action` is a mark.
    fn note(&mut self, action: Action);
}

/// A lock that one of several threads holds while it runs interpreted code.
#[derive(Debug)]
pub(crate) struct Lock {
    rule: Rule,
    eval_breaker: AtomicU8,
    state: Mutex<State>,
    /// The lock was released.
    released: Condvar,
    /// A thread has taken the lock that another one had before.
    switched: Condvar,
}

#[derive(Debug, Default)]
struct State {
    locked: bool,
    last: Option<usize>,
    switches: u64,
    /// The number of threads that wait until the lock is released.
    waiting: usize,
}

/// The bits of the `eval_breaker`.
const REQUESTED: u8 = 1;
const STOPPED: u8 = 2;

/// The longest wait under a rule without an interval, and for a forced switch.
const LONGEST: Duration = if cfg!(loom) { Duration::MAX } else { Duration::from_millis(50) };

impl Lock {
    pub(crate) fn new(rule: Rule) -> Lock {
        Lock {
            rule,
            eval_breaker: AtomicU8::new(0),
            state: Mutex::new(State::default()),
            released: Condvar::new(),
            switched: Condvar::new(),
        }
    }

    /// Whether running code has to look: a request, or the end.
    #[inline]
    pub(crate) fn is_broken(&self) -> bool {
        self.eval_breaker.load(Relaxed) != 0
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.eval_breaker.load(Relaxed) & STOPPED != 0
    }

    fn is_requested(&self) -> bool {
        self.eval_breaker.load(Relaxed) & REQUESTED != 0
    }

    /// Takes the lock for `thread`. Returns whether it has it: not if it was stopped.
    pub(crate) fn take(&self, thread: usize, watch: &mut impl Watch) -> bool {
        let mut state = self.state();
        while state.locked && !self.is_stopped() {
            let switches = state.switches;
            let timed_out;
            (state, timed_out) = self.wait_until_released(state);
            if !state.locked || self.is_stopped() {
                break;
            }
            watch.note(Action::LockWait);
            if !timed_out {
                watch.note(Action::FalseAlarm);
            } else if matches!(self.rule, Rule::Interval(_)) && switches == state.switches {
                watch.note(Action::DropRequest);
                self.eval_breaker.fetch_or(REQUESTED, Relaxed);
            }
        }
        if self.is_stopped() {
            return false;
        }
        state.locked = true;
        if state.last != Some(thread) {
            state.last = Some(thread);
            state.switches += 1;
            self.switched.notify_all();
        }
        self.eval_breaker.fetch_and(!REQUESTED, Relaxed);
        watch.note(Action::LockWait);
        true
    }

    /// Releases the lock, which `thread` holds. If another thread has requested it, waits until one has taken it.
    pub(crate) fn release(&self, thread: usize, watch: &mut impl Watch) {
        let mut state = self.state();
        self.unlock(&mut state, watch);
        // A request is only made by a thread that waits, and is withdrawn when a thread takes the lock.
        let forced = self.is_requested();
        if forced {
            while state.last == Some(thread) && state.waiting > 0 && !self.is_stopped() {
                (state, _) = wait(&self.switched, state, LONGEST);
            }
            drop(state);
            watch.note(Action::ForcedSwitch);
        }
    }

    /// What the holder does at a check: gives way as the rule says, and takes the lock again. Returns whether it has it.
    pub(crate) fn check(&self, thread: usize, watch: &mut impl Watch) -> bool {
        if self.is_stopped() {
            watch.note(Action::Hold);
            return false;
        }
        match self.rule {
            Rule::Ticks => {
                let mut state = self.state();
                // With nobody to see it, the release and what follows would change nothing.
                if state.waiting == 0 {
                    return true;
                }
                self.unlock(&mut state, watch);
                drop(state);
                watch.note(Action::Overhead);
            }
            Rule::Interval(_) if self.is_requested() => self.release(thread, watch),
            Rule::Interval(_) => return true,
        }
        self.take(thread, watch)
    }

    /// Stops all threads: those that wait come back at once, and those that run see it at their next check.
    pub(crate) fn stop(&self) {
        // With the mutex, so that no thread is between its look at the `eval_breaker` and its wait.
        let _state = self.state();
        self.eval_breaker.fetch_or(STOPPED, Relaxed);
        self.released.notify_all();
        self.switched.notify_all();
    }

    fn unlock(&self, state: &mut State, watch: &mut impl Watch) {
        watch.note(Action::Hold);
        state.locked = false;
        self.released.notify_one();
    }

    fn wait_until_released<'a>(&'a self, mut state: MutexGuard<'a, State>) -> (MutexGuard<'a, State>, bool) {
        // In loom's cases the time runs out at once for a thread that has nothing but its time to end the wait.
        if cfg!(loom) && matches!(self.rule, Rule::Interval(_)) && !self.is_requested() {
            return (state, true);
        }
        state.waiting += 1;
        let timeout = match self.rule {
            Rule::Interval(interval) => interval,
            Rule::Ticks => LONGEST,
        };
        let (mut state, timed_out) = wait(&self.released, state, timeout);
        state.waiting -= 1;
        (state, timed_out)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }
}

/// Every interleaving of small cases: `make test-loom`. loom fails a case in which all threads wait, so a wake-up that
/// is lost is found. Intervals are over at once, see [`Lock::wait_until_released`].
#[cfg(all(test, loom))]
mod interleavings {
    use loom::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering::*},
        },
        thread,
    };

    use super::*;

    impl Watch for () {
        fn note(&mut self, _: Action) {}
    }

    struct Shared {
        lock: Lock,
        holders: AtomicUsize,
    }

    impl Shared {
        fn new(rule: Rule) -> Arc<Shared> {
            Arc::new(Shared { lock: Lock::new(rule), holders: AtomicUsize::new(0) })
        }

        fn held(&self) {
            assert_eq!(self.holders.fetch_add(1, Relaxed), 0, "two threads hold the lock");
            self.holders.fetch_sub(1, Relaxed);
        }

        /// Takes the lock, checks once, and releases it. Returns whether it had the lock all along.
        fn run(&self, thread: usize) -> bool {
            if !self.lock.take(thread, &mut ()) {
                return false;
            }
            self.held();
            if !self.lock.check(thread, &mut ()) {
                return false;
            }
            self.held();
            self.lock.release(thread, &mut ());
            true
        }
    }

    const RULES: [Rule; 2] = [Rule::Ticks, Rule::Interval(Duration::MAX)];

    #[test]
    fn the_lock_has_one_holder_and_every_thread_gets_it() {
        for rule in RULES {
            loom::model(move || {
                let shared = Shared::new(rule);
                let other = shared.clone();
                let second = thread::spawn(move || other.run(1));
                assert!(shared.run(0) && second.join().unwrap());
                assert!(!shared.lock.is_broken(), "a request stands that nobody has");
            });
        }
    }

    /// With three threads, one can find the lock taken again after it was woken, and a switch can withdraw a request that
    /// others rely on. Up to two preemptions, as there are too many interleavings otherwise.
    #[test]
    fn three_threads_all_get_the_lock() {
        for rule in RULES {
            let mut cases = loom::model::Builder::new();
            cases.preemption_bound = Some(2);
            cases.check(move || {
                let shared = Shared::new(rule);
                let others = [1, 2].map(|thread| {
                    let shared = shared.clone();
                    thread::spawn(move || shared.run(thread))
                });
                assert!(shared.run(0));
                assert!(others.map(|other| other.join().unwrap()).into_iter().all(|ran| ran));
                assert!(!shared.lock.is_broken(), "a request stands that nobody has");
            });
        }
    }

    #[test]
    fn a_thread_that_drops_the_lock_on_request_waits_for_the_switch_and_no_longer() {
        loom::model(|| {
            let shared = Shared::new(RULES[1]);
            assert!(shared.lock.take(0, &mut ()));
            let other = shared.clone();
            let second = thread::spawn(move || {
                assert!(other.lock.take(1, &mut ()));
                other.held();
                other.lock.release(1, &mut ());
            });
            let requested = shared.lock.is_broken();
            assert!(shared.lock.check(0, &mut ()));
            let switches = shared.lock.state().switches;
            assert!(!requested || switches == 3, "{switches}: the other thread has had the lock in between");
            shared.lock.release(0, &mut ());
            second.join().unwrap();
        });
    }

    #[test]
    fn a_stop_ends_every_wait() {
        for rule in RULES {
            loom::model(move || {
                let shared = Shared::new(rule);
                assert!(shared.lock.take(0, &mut ()));
                let other = shared.clone();
                let second = thread::spawn(move || other.run(1));
                // The holder never releases the lock.
                shared.lock.stop();
                assert!(!second.join().unwrap());
                assert!(!shared.lock.check(0, &mut ()));
            });
        }
    }

    /// The holder drops the lock on request, and waits for a switch while a third thread stops the lock.
    #[test]
    fn a_stop_ends_the_wait_for_a_switch() {
        let mut cases = loom::model::Builder::new();
        cases.preemption_bound = Some(2);
        cases.check(|| {
            let shared = Shared::new(RULES[1]);
            assert!(shared.lock.take(0, &mut ()));
            let (other, third) = (shared.clone(), shared.clone());
            let second = thread::spawn(move || other.run(1));
            let stops = thread::spawn(move || third.lock.stop());
            shared.lock.release(0, &mut ());
            stops.join().unwrap();
            second.join().unwrap();
        });
    }
}
