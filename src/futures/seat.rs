//! The seat of a thread: the lane of an executor that it works for, and whether it holds the interpreter's lock.
//!
//! Calls find it here, so that all who wait can release the lock first, as Python does. A thread without a seat has no
//! lock, and nothing is noted of it.

use std::{cell::RefCell, sync::Arc, time::Duration};

use super::{
    atomics::{Condvar, Mutex, wait},
    deadline::Deadline,
    exception::{Exception, Outcome},
    stage::{MAIN, Pen, Stage},
};
use crate::{ids::TaskId, interpreter::Policy, trace::Action};

#[cfg(not(loom))]
thread_local! {
    static SEAT: RefCell<Option<Seat>> = const { RefCell::new(None) };
}
#[cfg(loom)]
loom::thread_local! {
    static SEAT: RefCell<Option<Seat>> = RefCell::new(None);
}

pub(super) struct Seat {
    stage: Arc<Stage>,
    lane: usize,
    pen: Pen,
    holds: bool,
    /// The number of checks until the lock is looked at, under a policy that counts them.
    until_check: u32,
}

/// Looks whether another thread wants the interpreter's lock, as Python does between two instructions, and gives way as
/// the policy says. Calls that compute for long do this often: it costs a few nanoseconds.
///
/// # Errors
/// The executor was stopped: the call should return the exception.
#[inline]
pub fn check() -> Outcome<()> {
    with(|seat| seat.check()).unwrap_or(Ok(()))
}

/// Sleeps without the interpreter's lock, like `time.sleep`.
///
/// # Errors
/// The executor was stopped.
pub fn sleep(time: Duration) -> Outcome<()> {
    let Some(stage) = with(|seat| seat.stage.clone()) else {
        std::thread::sleep(time);
        return Ok(());
    };
    let end = Deadline::after(Some(time));
    match blocked(|| stage.sleep_until(end)) {
        true => Ok(()),
        false => Err(Exception::interrupted()),
    }
}

/// Runs native code that needs no interpreter: without the lock.
pub fn without_lock<R>(native: impl FnOnce() -> R) -> R {
    away(Action::Native, native)
}

/// Waits without the lock until the state `is_enough`, or until the deadline.
pub(super) fn wait_until<S>(
    state: &Mutex<S>,
    changed: &Condvar,
    deadline: Deadline,
    is_enough: impl Fn(&S) -> bool,
) {
    let lock = || state.lock().expect("nothing panics while it holds this lock");
    if is_enough(&lock()) {
        return;
    }
    blocked(|| {
        let mut state = lock();
        while !is_enough(&state) {
            if deadline.is_over() {
                break;
            }
            state = wait(changed, state, deadline.left());
        }
    });
}

/// Runs what waits for something, without the lock.
pub(super) fn blocked<R>(wait: impl FnOnce() -> R) -> R {
    away(Action::Blocked, wait)
}

fn away<R>(action: Action, what: impl FnOnce() -> R) -> R {
    /// Comes back even if `what` panics.
    struct Away {
        action: Action,
        held: Option<bool>,
    }
    impl Drop for Away {
        fn drop(&mut self) {
            if let Some(held) = self.held {
                with(|seat| seat.come_back(self.action, held));
            }
        }
    }
    let _away = Away { action, held: with(Seat::release) };
    what()
}

/// Notes what the thread has done to `task`: on its own lane, if it has one on this stage.
pub(super) fn mark(stage: &Arc<Stage>, action: Action, task: TaskId) {
    let seated = with(|seat| {
        let here = Arc::ptr_eq(&seat.stage, stage);
        if here {
            seat.pen.until_now(if seat.holds { Action::Hold } else { seat.stage.running() });
            seat.pen.mark(action, task);
        }
        here
    });
    if seated != Some(true) {
        stage.mark_from_outside(action, task);
    }
}

fn with<R>(then: impl FnOnce(&mut Seat) -> R) -> Option<R> {
    SEAT.with(|seat| seat.borrow_mut().as_mut().map(then))
}

/// Runs `work` on a lane that this thread sits on meanwhile. `leave` gets the pen back, even if `work` panics.
pub(super) fn sit<R>(
    stage: &Arc<Stage>,
    lane: usize,
    pen: Pen,
    work: impl FnOnce() -> R,
    leave: impl FnOnce(Pen),
) -> R {
    struct Sitting<L: FnOnce(Pen)> {
        before: Option<Seat>,
        leave: Option<L>,
    }
    impl<L: FnOnce(Pen)> Drop for Sitting<L> {
        fn drop(&mut self) {
            let before = self.before.take();
            let seat = SEAT.with(|place| std::mem::replace(&mut *place.borrow_mut(), before));
            if let (Some(seat), Some(leave)) = (seat, self.leave.take()) {
                leave(seat.pen);
            }
        }
    }
    let seat = Seat { stage: stage.clone(), lane, pen, holds: false, until_check: 0 };
    let before = SEAT.with(|place| place.borrow_mut().replace(seat));
    let _sitting = Sitting { before, leave: Some(leave) };
    work()
}

/// Runs `main` on the main lane, if it is free.
pub(super) fn sit_on_main<R>(stage: &Arc<Stage>, main: impl FnOnce() -> R) -> R {
    let Some(mut pen) = stage.take_main() else { return main() };
    pen.until_now(Action::Idle);
    let inside = || {
        let _inside = Inside::enter();
        main()
    };
    sit(stage, MAIN, pen, inside, |pen| stage.return_main(pen))
}

/// The time that a thread with a seat runs interpreted code: with the lock, if there is one.
pub(super) struct Inside;

impl Inside {
    pub(super) fn enter() -> Inside {
        with(Seat::take);
        Inside
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        with(Seat::release);
    }
}

/// Notes what the lane does from here on, and what it has done.
pub(super) fn note(write: impl FnOnce(&mut Pen)) {
    with(|seat| write(&mut seat.pen));
}

/// Notes that the lane has run code until now.
pub(super) fn note_running() {
    with(|seat| {
        let running = seat.stage.running();
        seat.pen.until_now(running);
    });
}

impl Seat {
    fn take(&mut self) {
        if let Some(lock) = self.stage.lock_of(self.lane) {
            self.holds = lock.take(self.lane, &mut self.pen);
            self.until_check = self.check_interval();
        }
    }

    /// Notes what ran until now, and releases the lock. Returns whether it was held.
    fn release(&mut self) -> bool {
        match self.stage.lock_of(self.lane) {
            Some(lock) if self.holds => lock.release(self.lane, &mut self.pen),
            _ => self.pen.until_now(self.stage.running()),
        }
        std::mem::replace(&mut self.holds, false)
    }

    fn come_back(&mut self, action: Action, held: bool) {
        self.pen.until_now(action);
        if self.lane == MAIN {
            self.stage.write_marks_from_outside(&mut self.pen);
        }
        if held {
            self.take();
        }
    }

    #[inline]
    fn check(&mut self) -> Outcome<()> {
        if self.holds {
            let lock = self.stage.lock_of(self.lane).expect("a lock that is held is there");
            self.until_check = self.until_check.saturating_sub(1);
            if self.until_check == 0 || lock.is_broken() {
                self.until_check = self.check_interval();
                self.holds = lock.check(self.lane, &mut self.pen);
            }
        }
        if self.stage.is_stopped() { Err(Exception::interrupted()) } else { Ok(()) }
    }

    fn check_interval(&self) -> u32 {
        match self.stage.policy {
            Policy::Ticks { check } => check,
            _ => u32::MAX,
        }
    }
}
