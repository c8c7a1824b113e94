//! Live: real threads that do real work under a real lock, and note what they did and when.
//!
//! Interpreted work is a loop of ticks, each of which is a fixed number of steps of a calculation and a look at the
//! lock's `eval_breaker`. So threads that share a core take longer, as real code does. Nothing here starts a thread: the
//! caller does, since threads come from a pool in the browser.

use std::{
    fmt,
    hint::black_box,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use super::{
    lock::{Lock, Watch},
    native::Native,
    policy::Policy,
    timeline::{Pen, Timeline},
    work::{Piece, Program},
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    kernels::{busy, steps_per_us},
    trace::Action,
};

/// How long native code runs between two looks whether it was stopped.
const STOP_NS: u64 = 500_000;

/// The number of ticks of one call. Browsers switch to the optimised version of a function only when it is called again.
const TICKS_PER_CALL: u64 = 1000;

/// What one thread of a program does, from its start to its end. It needs a thread of its own.
pub type Job = Box<dyn FnOnce() + Send>;

/// A program that runs. Dropping it stops the program.
pub struct Live {
    shared: Arc<Shared>,
}

/// What is called when all threads have finished, or have come to a stop, by the last of them.
type End = Box<dyn FnOnce() + Send>;

struct Shared {
    program: Program,
    native: Option<Native>,
    timeline: Timeline,
    /// When the threads started, on the clock that all of them share.
    started_ms: f64,
    tick_ns: u64,
    /// One lock for all threads, or one for each.
    locks: Vec<Lock>,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    running: usize,
    stopped: bool,
    end: Option<End>,
}

/// Starts `program` under `policy`. A tick takes `tick_ns` of one core of this machine. `spawn` is called once for each
/// thread.
///
/// ```
/// use dagdeck::interpreter::{Piece, Policy, Program, start};
///
/// let program = Program::uniform(2, &[Piece::Interpreted { ticks: 10_000 }]);
/// let live = start(program, Policy::INTERVAL, 50, |job| {
///     std::thread::spawn(job);
/// })?;
/// live.wait();
/// assert!(live.timeline().makespan_ms().is_some());
/// # Ok::<(), dagdeck::Error>(())
/// ```
///
/// # Errors
/// A program or a policy with a number that is out of range, and [`Policy::Processes`]: threads cannot stand in for
/// processes.
pub fn start(program: Program, policy: Policy, tick_ns: u64, spawn: impl FnMut(Job)) -> Result<Live> {
    check(&program, policy, tick_ns)?;
    // Measured before the clock starts.
    steps_per_us();
    let timeline = Timeline::new(&program, policy, now_ms());
    Ok(start_on(timeline, program, None, tick_ns, Box::new(|| ()), spawn))
}

/// Whether `program` can run live.
pub(super) fn check(program: &Program, policy: Policy, tick_ns: u64) -> Result<()> {
    policy.check()?;
    if !(1..=1_000_000).contains(&tick_ns) {
        return Err(Error::invalid(format!("tick = {tick_ns} ns: must be between 1 ns and 1 ms")));
    }
    program.check(policy.tick_ns(tick_ns))?;
    match policy.runs_live() {
        true => Ok(()),
        false => Err(Error::invalid("processes do not run live: use the model")),
    }
}

/// Starts `program`, which has been checked, on an empty timeline. Native pieces do `native`, if there is any. `end` is
/// called when no thread runs any more.
pub(super) fn start_on(
    timeline: Timeline,
    program: Program,
    native: Option<Native>,
    tick_ns: u64,
    end: End,
    mut spawn: impl FnMut(Job),
) -> Live {
    steps_per_us();
    let threads = program.threads.len();
    let policy = timeline.policy;
    let shared = Arc::new(Shared {
        program,
        native,
        timeline,
        started_ms: now_ms(),
        tick_ns: policy.tick_ns(tick_ns),
        locks: (0..if policy.is_shared() { 1 } else { threads }).map(|_| Lock::new(policy.rule())).collect(),
        state: Mutex::new(State { running: threads, stopped: false, end: Some(end) }),
        changed: Condvar::new(),
    });
    for (thread, numbers) in shared.program.numbers().enumerate() {
        let pen = Pen::new(&shared.timeline, thread, numbers);
        let shared = shared.clone();
        spawn(Box::new(move || Worker::new(&shared, thread, pen).run()));
    }
    Live { shared }
}

impl Live {
    /// What the threads have done so far.
    pub fn timeline(&self) -> &Timeline {
        &self.shared.timeline
    }

    /// Whether all threads have finished, or have come to a stop.
    pub fn is_finished(&self) -> bool {
        self.shared.state().running == 0
    }

    /// Stops all threads. Each comes to its end within about a millisecond of running.
    pub fn cancel(&self) {
        self.shared.state().stopped = true;
        self.shared.changed.notify_all();
        self.shared.locks.iter().for_each(Lock::stop);
    }

    /// Waits until all threads have finished, or have come to a stop.
    pub fn wait(&self) {
        let state = self.shared.state();
        let waited = self.shared.changed.wait_while(state, |state| state.running > 0);
        drop(waited.expect("nothing panics while it holds this lock"));
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("timeline", &self.shared.timeline).finish_non_exhaustive()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }
}

/// One thread at work.
struct Worker<'a> {
    shared: &'a Shared,
    lock: &'a Lock,
    thread: usize,
    notes: Notes,
    holds: bool,
    /// The number of ticks until the next check, under a policy that counts them.
    until_check: u32,
}

/// A pen that knows the time.
struct Notes {
    pen: Pen,
    started_ms: f64,
    /// What the thread did last.
    last: Action,
}

impl Notes {
    fn new(pen: Pen, started_ms: f64) -> Notes {
        Notes { pen, started_ms, last: Action::NoCore }
    }
}

impl Watch for Notes {
    fn note(&mut self, action: Action) {
        match action {
            Action::DropRequest | Action::FalseAlarm => return self.pen.mark(action),
            // Even if the clock shows no time: a browser's has steps of up to 20 us.
            _ if action.is_counted() && action != self.last => {
                self.pen.begin(action, now_ms() - self.started_ms)
            }
            _ => self.pen.until(action, now_ms() - self.started_ms),
        }
        self.last = action;
    }
}

/// The threads were told to stop.
struct Stopped;

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared, thread: usize, pen: Pen) -> Worker<'a> {
        let lock = &shared.locks[thread % shared.locks.len()];
        let notes = Notes::new(pen, shared.started_ms);
        Worker { shared, lock, thread, notes, holds: false, until_check: 0 }
    }

    fn run(mut self) {
        // The time that it took to get a thread.
        self.notes.note(Action::NoCore);
        let _ = self.pieces();
        self.notes.pen.leave();
        let end = {
            let mut state = self.shared.state();
            state.running -= 1;
            if state.running == 0 { state.end.take() } else { None }
        };
        self.shared.changed.notify_all();
        if let Some(end) = end {
            end();
        }
    }

    fn pieces(&mut self) -> std::result::Result<(), Stopped> {
        let shared = self.shared;
        for (place, &piece) in shared.program.threads[self.thread].iter().enumerate() {
            if shared.timeline.policy.has_lock() {
                self.take_or_release(piece.needs_lock())?;
            }
            let (done, action) = match piece {
                Piece::Interpreted { ticks } => (self.interpret(ticks), shared.timeline.policy.interpreted()),
                Piece::Native { ns, keeps_lock } => {
                    (self.native(place, ns), shared.timeline.policy.native(keeps_lock))
                }
                Piece::Blocking { ns } => (self.block(ns), Action::Blocked),
            };
            // Also what was done of a piece that was stopped, unless the lock has noted it.
            if done.is_ok() || self.holds || !piece.needs_lock() || !shared.timeline.policy.has_lock() {
                self.notes.note(action);
            }
            done?;
            self.notes.pen.end_piece();
            // For the interpreter, the call of a kernel is one instruction.
            if matches!(piece, Piece::Native { keeps_lock: true, .. }) {
                self.tick()?;
            }
        }
        if self.holds {
            self.lock.release(self.thread, &mut self.notes);
        }
        Ok(())
    }

    fn take_or_release(&mut self, needs_lock: bool) -> std::result::Result<(), Stopped> {
        if needs_lock && !self.holds {
            self.holds = self.lock.take(self.thread, &mut self.notes);
            self.until_check = self.check_interval();
            return if self.holds { Ok(()) } else { Err(Stopped) };
        }
        if !needs_lock && self.holds {
            self.lock.release(self.thread, &mut self.notes);
            self.holds = false;
        }
        Ok(())
    }

    /// How many ticks there are between two checks: without end if a request makes the thread check.
    fn check_interval(&self) -> u32 {
        match self.shared.timeline.policy {
            Policy::Ticks { check } => check,
            _ => u32::MAX,
        }
    }

    fn interpret(&mut self, mut ticks: u64) -> std::result::Result<(), Stopped> {
        // Called through a pointer that no optimiser can see through: inlined, it would be one long call.
        let run: fn(&mut Self, u64) -> std::result::Result<(), Stopped> = black_box(Worker::run_ticks);
        while ticks > 0 {
            let part = ticks.min(TICKS_PER_CALL);
            run(self, part)?;
            ticks -= part;
        }
        Ok(())
    }

    fn run_ticks(&mut self, ticks: u64) -> std::result::Result<(), Stopped> {
        let steps = steps_of(self.shared.tick_ns);
        for _ in 0..ticks {
            busy::run(steps);
            self.tick()?;
        }
        Ok(())
    }

    /// What follows an instruction: a check, if there is a reason for one.
    #[inline]
    fn tick(&mut self) -> std::result::Result<(), Stopped> {
        self.until_check = self.until_check.saturating_sub(1);
        if self.until_check == 0 || self.lock.is_broken() {
            self.until_check = self.check_interval();
            self.check()?;
        }
        Ok(())
    }

    fn check(&mut self) -> std::result::Result<(), Stopped> {
        if !self.holds {
            return if self.lock.is_stopped() { Err(Stopped) } else { Ok(()) };
        }
        self.holds = self.lock.check(self.thread, &mut self.notes);
        if self.holds { Ok(()) } else { Err(Stopped) }
    }

    fn native(&self, piece: usize, ns: u64) -> std::result::Result<(), Stopped> {
        if let Some(native) = &self.shared.native {
            if self.lock.is_stopped() {
                return Err(Stopped);
            }
            native.call(self.thread, piece);
            return Ok(());
        }
        let mut left_ns = ns;
        while left_ns > 0 && !self.lock.is_stopped() {
            let part_ns = left_ns.min(STOP_NS);
            busy::run(steps_of(part_ns));
            left_ns -= part_ns;
        }
        if left_ns == 0 { Ok(()) } else { Err(Stopped) }
    }

    fn block(&self, ns: u64) -> std::result::Result<(), Stopped> {
        let end_ms = now_ms() + ns as f64 / 1e6;
        let mut state = self.shared.state();
        loop {
            let left_ms = end_ms - now_ms();
            if state.stopped {
                return Err(Stopped);
            }
            if left_ms <= 0.0 {
                return Ok(());
            }
            let left = Duration::from_nanos((left_ms * 1e6) as u64 + 1);
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.expect("nothing panics while it holds this lock").0;
        }
    }
}

fn steps_of(ns: u64) -> u64 {
    (ns as f64 * steps_per_us() / 1e3).round().max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::timeline::Counts;

    fn timeline(program: &Program, policy: Policy) -> Timeline {
        Timeline::new(program, policy, 0.0)
    }

    #[test]
    fn what_is_counted_is_counted_even_if_the_clock_stands_still() {
        use Action::*;
        let program = Program::uniform(2, &[Piece::Interpreted { ticks: 1 }]);
        let timeline = timeline(&program, Policy::INTERVAL);
        let did: [&[Action]; 2] = [
            &[LockWait, Hold, Hold, ForcedSwitch, LockWait, FalseAlarm, LockWait, FalseAlarm, LockWait],
            &[LockWait, FalseAlarm, LockWait, DropRequest, LockWait, Hold],
        ];
        for (thread, numbers) in program.numbers().enumerate() {
            // The clock never gets as far as the start.
            let mut notes = Notes::new(Pen::new(&timeline, thread, numbers), f64::INFINITY);
            did[thread].iter().for_each(|&action| notes.note(action));
            notes.pen.end_piece();
            notes.pen.leave();
        }
        let counted = Counts { switches: 1, false_alarms: 3, drop_requests: 1, forced_switches: 1 };
        assert_eq!(timeline.counts(), counted);
        let slices = |thread| timeline.events(thread).map(|event| event.action).collect::<Vec<_>>();
        assert_eq!(slices(0), [Hold, ForcedSwitch, FalseAlarm, FalseAlarm, Compute]);
        assert_eq!(timeline.makespan_ms(), Some(0.0));
    }

    /// The first kernel lasts until the lock has been requested, so the other thread is next.
    #[test]
    fn a_drop_request_is_seen_between_two_kernels_that_keep_the_lock() {
        let program = Program::uniform(2, &[Piece::Native { ns: 0, keeps_lock: true }; 2]);
        let timeline = timeline(&program, Policy::Interval { ns: 1_000_000 });
        let order = Arc::new(Mutex::new(Vec::new()));
        let native = {
            let (timeline, order) = (timeline.clone(), order.clone());
            Native::new(move |thread, _| {
                let is_first = {
                    let mut order = order.lock().unwrap();
                    order.push(thread);
                    order.len() == 1
                };
                while is_first && timeline.counts().drop_requests == 0 {
                    std::thread::yield_now();
                }
            })
        };
        let spawn = |job| drop(std::thread::spawn(job));
        start_on(timeline, program, Some(native), 50, Box::new(|| ()), spawn).wait();
        let order = order.lock().unwrap();
        assert_eq!(order.len(), 4);
        assert_ne!(order[0], order[1], "{order:?}");
    }
}
