//! The model: a simulation of the threads of a program, event by event.
//!
//! What a thread does on a core is a list of bursts: of interpreted code until its next check, of native code, of a
//! release of the lock, of a look at the lock. At the end of each, [`Model::step`] decides what comes next. Everything
//! that has a time of its own is an [`Event`] in one queue: the end of a burst or of a time slice, the end of a wait, a
//! thread that is woken.
//!
//! Times are whole nanoseconds, so a simulation is the same on every machine.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    ops::Range,
    vec,
};

use super::{
    cores::Cores,
    machine::Machine,
    policy::Policy,
    timeline::{Pen, Timeline},
    work::{Piece, Program},
};
use crate::{error::Result, ids::TaskId, trace::Action};

/// Simulates `program` under `policy` on `machine`. The seed selects how long each wake-up takes; the same arguments
/// give the same timeline everywhere.
///
/// ```
/// use dagdeck::interpreter::{Machine, Piece, Policy, Program, simulate};
///
/// let count = [Piece::Interpreted { ticks: 1_000_000 }];
/// let machine = Machine::with_cores(2);
/// let one = simulate(&Program::uniform(1, &count), Policy::INTERVAL, &machine, 1)?;
/// let two = simulate(&Program::uniform(2, &count), Policy::INTERVAL, &machine, 1)?;
/// // Two threads with the lock take twice as long as one: they take turns.
/// assert!(two.makespan_ms() >= one.makespan_ms().map(|ms| 1.99 * ms));
/// assert!(two.counts().forced_switches > 0);
/// # Ok::<(), dagdeck::Error>(())
/// ```
///
/// # Errors
/// A program, a policy or a machine with a number that is out of range.
pub fn simulate(program: &Program, policy: Policy, machine: &Machine, seed: u64) -> Result<Timeline> {
    check(program, policy, machine)?;
    let timeline = Timeline::new(program, policy, 0.0);
    Model::new(&timeline, program, machine, seed).finish();
    Ok(timeline)
}

/// Whether `program` can be simulated.
pub(super) fn check(program: &Program, policy: Policy, machine: &Machine) -> Result<()> {
    policy.check()?;
    machine.check()?;
    program.check(policy.tick_ns(machine.tick_ns))
}

/// The number of events between two looks at whether to pause.
const EVENTS_PER_LOOK: usize = 256;

/// A simulation that is under way.
#[derive(Debug)]
pub(super) struct Model {
    now_ns: u64,
    machine: Machine,
    policy: Policy,
    tick_ns: u64,
    threads: Vec<Thread>,
    lock: Lock,
    cores: Cores,
    /// What is to come: the time, a number that keeps the order of equal times, and what happens.
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    scheduled: u64,
    random: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A thread wants a core.
    Ready { thread: usize },
    /// A burst or a time slice ends, unless the epoch of the core has changed.
    Core { core: usize, epoch: u64 },
    /// A thread has waited for the lock for an interval, unless it has been woken since.
    IntervalElapsed { thread: usize, sleep: u64 },
    /// What a thread is blocked on has happened.
    Unblocked { thread: usize },
}

/// The one lock of a policy whose threads share one.
#[derive(Debug, Default)]
struct Lock {
    holder: Option<usize>,
    /// Who took it last.
    last: Option<usize>,
    switches: u64,
    /// Whether the holder should drop it.
    requested: bool,
    /// The threads that sleep until it is released, in order.
    waiting: VecDeque<usize>,
    /// The threads that dropped it and sleep until another has taken it.
    dropped: Vec<usize>,
}

#[derive(Debug)]
struct Thread {
    pen: Pen,
    /// What is left to do. The first piece is under way.
    pieces: vec::IntoIter<Piece>,
    /// How much of the first piece is left.
    left_ns: u64,
    /// How much interpreted code runs before the thread releases the lock, if it counts.
    check_ns: u64,
    doing: Doing,
    /// How much is left of what it does now.
    burst_ns: u64,
    /// The number of its sleeps, so that the end of an earlier one is ignored.
    sleep: u64,
    /// Why and when it was last woken.
    woken: Woken,
    woken_ns: u64,
    /// The number of switches when it went to sleep, or when it released the lock.
    switches: u64,
}

/// What a thread does with a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// It starts, or goes on after it was blocked.
    Start,
    /// It runs the interpreted piece.
    Interpret,
    /// It runs the native piece.
    Native,
    /// It has released the lock, and wakes the next thread if `signals`. `forced`: then it waits until another has
    /// taken the lock.
    Release { signals: bool, forced: bool },
    /// It has been woken, and looks whether the lock is free.
    Look,
    /// Another thread has taken the lock that it dropped.
    Switched,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Woken {
    /// Because the lock was released.
    BySignal,
    /// Because it has waited for an interval.
    ByTime,
}

/// What a thread does next.
enum Next {
    Run(Doing, u64),
    Sleep,
}

impl Model {
    /// The simulation of `program`, which has been checked, on an empty timeline.
    pub(super) fn new(timeline: &Timeline, program: &Program, machine: &Machine, seed: u64) -> Model {
        let policy = timeline.policy;
        let tick_ns = policy.tick_ns(machine.tick_ns);
        let start_ns = match policy {
            Policy::PerInterpreter => machine.interpreter_start_ns,
            Policy::Processes => machine.process_start_ns,
            _ => 0,
        };
        let thread = |(thread, numbers): (usize, Range<TaskId>)| {
            let pieces = program.threads[thread].clone();
            Thread {
                pen: Pen::new(timeline, thread, numbers),
                left_ns: pieces.first().map_or(0, |piece| piece.ns(tick_ns)),
                pieces: pieces.into_iter(),
                check_ns: 0,
                doing: Doing::Start,
                burst_ns: start_ns,
                sleep: 0,
                woken: Woken::ByTime,
                woken_ns: 0,
                switches: 0,
            }
        };
        let threads: Vec<Thread> = program.numbers().enumerate().map(thread).collect();
        let mut model = Model {
            now_ns: 0,
            machine: *machine,
            policy,
            tick_ns,
            lock: Lock::default(),
            cores: Cores::new(machine, threads.len()),
            threads,
            events: BinaryHeap::new(),
            scheduled: 0,
            random: seed,
        };
        for thread in 0..model.threads.len() {
            model.schedule(0, Event::Ready { thread });
        }
        model
    }

    /// Goes on to the end.
    pub(super) fn finish(mut self) {
        while !self.run(|| false) {}
    }

    /// Goes on until `pauses` says so, which is asked every few events. Returns whether all threads have finished.
    pub(super) fn run(&mut self, pauses: impl Fn() -> bool) -> bool {
        while !self.events.is_empty() {
            self.some_events();
            if pauses() {
                break;
            }
        }
        self.events.is_empty()
    }

    /// Stops all threads where they are.
    pub(super) fn stop_threads(&mut self) {
        self.threads.iter_mut().for_each(|thread| thread.pen.leave());
    }

    fn some_events(&mut self) {
        for _ in 0..EVENTS_PER_LOOK {
            let Some(Reverse((at_ns, _, event))) = self.events.pop() else { break };
            self.now_ns = at_ns;
            match event {
                Event::Ready { thread } => self.ready(thread),
                Event::Core { core, epoch } if epoch == self.cores.epoch(core) => self.stop(core),
                Event::IntervalElapsed { thread, sleep } if sleep == self.threads[thread].sleep => {
                    self.interval_elapsed(thread)
                }
                Event::Unblocked { thread } => self.unblocked(thread),
                Event::Core { .. } | Event::IntervalElapsed { .. } => {}
            }
        }
        let finished = || self.threads.iter().all(|thread| thread.pieces.as_slice().is_empty());
        assert!(
            !self.events.is_empty() || (finished() && self.lock.holder.is_none()),
            "a thread that sleeps is woken by another one or by its time"
        );
    }

    // --- The operating system

    fn ready(&mut self, thread: usize) {
        for core in self.cores.busy() {
            self.progress(core);
        }
        self.cores.make_ready(thread);
        self.assign();
        if let Some(core) = self.cores.to_preempt() {
            self.cores.preempt(core);
            self.assign();
        }
    }

    /// Puts ready threads on free cores.
    fn assign(&mut self) {
        while let Some((core, thread, since_ns)) = self.cores.assign(self.now_ns) {
            let at = &mut self.threads[thread];
            if !matches!(at.doing, Doing::Look | Doing::Switched) {
                at.pen.until(Action::NoCore, ms(since_ns));
            }
            self.arm(core);
        }
    }

    /// Schedules the next stop of the thread on `core`.
    fn arm(&mut self, core: usize) {
        let at_ns = self.cores.next_stop_ns(core, self.threads[self.cores.thread(core)].burst_ns);
        self.schedule(at_ns, Event::Core { core, epoch: self.cores.epoch(core) });
    }

    /// Counts what the thread on `core` has done up to now.
    fn progress(&mut self, core: usize) {
        let ran_ns = self.cores.progress(core, self.now_ns);
        let action = self.action(self.cores.thread(core));
        let thread = &mut self.threads[self.cores.thread(core)];
        thread.burst_ns -= ran_ns;
        if matches!(thread.doing, Doing::Interpret | Doing::Native) {
            thread.left_ns -= ran_ns;
        }
        if thread.doing == Doing::Interpret {
            thread.check_ns = thread.check_ns.saturating_sub(ran_ns);
        }
        if let Some(action) = action
            && ran_ns > 0
        {
            thread.pen.until(action, ms(self.now_ns));
        }
    }

    /// How the time is drawn in which `thread` does what it does. `None` if it waits, even if it has a core for a moment.
    fn action(&self, thread: usize) -> Option<Action> {
        let at = &self.threads[thread];
        match at.doing {
            Doing::Start => Some(Action::Overhead),
            Doing::Interpret => Some(self.policy.interpreted()),
            Doing::Native => {
                let keeps_lock = at.pieces.as_slice().first().is_some_and(|piece| piece.needs_lock());
                Some(self.policy.native(keeps_lock))
            }
            // A lock that is released and taken again, with nobody in between, was held all the time.
            Doing::Release { signals: false, forced: false } if self.lock.switches == at.switches => {
                Some(Action::Hold)
            }
            Doing::Release { .. } => Some(Action::Overhead),
            Doing::Look | Doing::Switched => None,
        }
    }

    /// A burst or a time slice has ended on `core`.
    fn stop(&mut self, core: usize) {
        self.progress(core);
        let thread = self.cores.thread(core);
        if self.threads[thread].burst_ns > 0 {
            if self.cores.expire(core, self.now_ns) {
                self.assign()
            } else {
                self.arm(core)
            }
            return;
        }
        match self.step(thread) {
            Next::Run(doing, burst_ns) => {
                let at = &mut self.threads[thread];
                (at.doing, at.burst_ns) = (doing, burst_ns);
                self.arm(core);
            }
            Next::Sleep => {
                self.cores.leave(core);
                self.assign();
            }
        }
    }

    /// Wakes a thread. It takes a while until a core that sleeps is ready to run it. If no core sleeps, the thread is in
    /// the queue at once, and may get the core of the thread that wakes it.
    fn wake(&mut self, thread: usize, doing: Doing) {
        let at = &mut self.threads[thread];
        at.sleep += 1;
        (at.doing, at.burst_ns, at.woken_ns) = (doing, self.machine.wake_check_ns, self.now_ns);
        let latency_ns = if self.cores.has_free() {
            self.machine.wakeup_ns + self.random_up_to(self.machine.wakeup_jitter_ns)
        } else {
            0
        };
        self.schedule(self.now_ns + latency_ns, Event::Ready { thread });
    }

    fn schedule(&mut self, at_ns: u64, event: Event) {
        self.scheduled += 1;
        self.events.push(Reverse((at_ns, self.scheduled, event)));
    }

    // --- The threads

    /// `thread` has done what it was doing.
    fn step(&mut self, thread: usize) -> Next {
        match self.threads[thread].doing {
            Doing::Start => self.go_on(thread),
            Doing::Switched => {
                self.threads[thread].pen.until(Action::ForcedSwitch, ms(self.now_ns));
                self.go_on(thread)
            }
            Doing::Interpret => {
                self.end_piece_if_done(thread);
                if self.gives_way(thread) { self.release(thread) } else { self.go_on(thread) }
            }
            Doing::Native => {
                self.end_piece_if_done(thread);
                // For the interpreter, the call of a kernel is one instruction.
                let at = &mut self.threads[thread];
                at.check_ns = at.check_ns.saturating_sub(self.tick_ns);
                let holds = self.lock.holder == Some(thread);
                if holds && self.gives_way(thread) { self.release(thread) } else { self.go_on(thread) }
            }
            Doing::Release { forced: true, .. } if self.lock.switches == self.threads[thread].switches => {
                self.lock.dropped.push(thread);
                Next::Sleep
            }
            Doing::Release { .. } => self.go_on(thread),
            Doing::Look => self.look(thread),
        }
    }

    /// Begins the piece of `thread`, or what has to come before it.
    fn go_on(&mut self, thread: usize) -> Next {
        let at = &self.threads[thread];
        let holds = self.lock.holder == Some(thread);
        let Some(&piece) = at.pieces.as_slice().first() else {
            if holds {
                return self.release(thread);
            }
            self.threads[thread].pen.leave();
            return Next::Sleep;
        };
        if self.policy.is_shared() && piece.needs_lock() != holds {
            return if holds { self.release(thread) } else { self.take(thread) };
        }
        match piece {
            Piece::Interpreted { .. } => Next::Run(Doing::Interpret, self.until_check_ns(thread)),
            Piece::Native { .. } => Next::Run(Doing::Native, at.left_ns),
            Piece::Blocking { ns } => {
                self.schedule(self.now_ns + ns, Event::Unblocked { thread });
                Next::Sleep
            }
        }
    }

    fn unblocked(&mut self, thread: usize) {
        let at = &mut self.threads[thread];
        at.pen.until(Action::Blocked, ms(self.now_ns));
        at.left_ns = 0;
        self.end_piece_if_done(thread);
        self.wake(thread, Doing::Start);
        self.threads[thread].burst_ns = 0;
    }

    fn end_piece_if_done(&mut self, thread: usize) {
        let at = &mut self.threads[thread];
        if at.left_ns == 0 {
            at.pen.end_piece();
            at.pieces.next();
            at.left_ns = at.pieces.as_slice().first().map_or(0, |piece| piece.ns(self.tick_ns));
        }
    }

    /// For how long interpreted code runs until it has to look whether it should give way.
    fn until_check_ns(&self, thread: usize) -> u64 {
        let at = &self.threads[thread];
        match self.policy {
            Policy::Ticks { .. } => at.left_ns.min(at.check_ns),
            Policy::Interval { .. } if self.lock.requested => at.left_ns.min(self.tick_ns),
            _ => at.left_ns,
        }
    }

    // --- The lock

    /// Whether the check of the interpreter finds that `thread` should release the lock.
    fn gives_way(&self, thread: usize) -> bool {
        match self.policy {
            Policy::Ticks { .. } => self.threads[thread].check_ns == 0,
            Policy::Interval { .. } => self.lock.requested,
            _ => false,
        }
    }

    fn take(&mut self, thread: usize) -> Next {
        if self.lock.holder.is_some() {
            return self.sleep_until_released(thread);
        }
        if self.lock.last != Some(thread) {
            self.lock.last = Some(thread);
            self.lock.switches += 1;
            for dropped in std::mem::take(&mut self.lock.dropped) {
                self.wake(dropped, Doing::Switched);
            }
        }
        self.lock.holder = Some(thread);
        self.lock.requested = false;
        let at = &mut self.threads[thread];
        at.pen.until(Action::LockWait, ms(self.now_ns));
        if let Policy::Ticks { check } = self.policy {
            at.check_ns = u64::from(check) * self.tick_ns;
        }
        self.go_on(thread)
    }

    fn release(&mut self, thread: usize) -> Next {
        let forced = self.lock.requested;
        self.lock.holder = None;
        self.threads[thread].switches = self.lock.switches;
        let next = self.lock.waiting.pop_front();
        if let Some(next) = next {
            self.threads[next].woken = Woken::BySignal;
            self.wake(next, Doing::Look);
        }
        let cost_ns = if next.is_some() { self.machine.signal_ns } else { self.machine.uncontended_ns };
        Next::Run(Doing::Release { signals: next.is_some(), forced }, cost_ns)
    }

    fn sleep_until_released(&mut self, thread: usize) -> Next {
        self.lock.waiting.push_back(thread);
        let at = &mut self.threads[thread];
        at.switches = self.lock.switches;
        if let Policy::Interval { ns } = self.policy {
            let sleep = at.sleep;
            self.schedule(self.now_ns + ns, Event::IntervalElapsed { thread, sleep });
        }
        Next::Sleep
    }

    fn interval_elapsed(&mut self, thread: usize) {
        self.lock.waiting.retain(|&other| other != thread);
        self.threads[thread].woken = Woken::ByTime;
        self.wake(thread, Doing::Look);
    }

    /// A thread that was woken looks at the lock.
    fn look(&mut self, thread: usize) -> Next {
        if self.lock.holder.is_none() {
            return self.take(thread);
        }
        let at = &mut self.threads[thread];
        match at.woken {
            Woken::BySignal => {
                at.pen.until(Action::LockWait, ms(at.woken_ns));
                at.pen.until(Action::FalseAlarm, ms(self.now_ns));
            }
            Woken::ByTime if at.switches == self.lock.switches => {
                at.pen.until(Action::LockWait, ms(self.now_ns));
                at.pen.mark(Action::DropRequest);
                self.request();
            }
            Woken::ByTime => {}
        }
        self.sleep_until_released(thread)
    }

    /// Asks the holder to drop the lock: interpreted code does when its current tick is over.
    fn request(&mut self) {
        self.lock.requested = true;
        let holder = self.lock.holder.expect("nobody requests a free lock");
        if self.threads[holder].doing == Doing::Interpret {
            let core = self.cores.of(holder);
            if let Some(core) = core {
                self.progress(core);
            }
            let at = &mut self.threads[holder];
            at.burst_ns = at.left_ns % self.tick_ns;
            if let Some(core) = core {
                self.arm(core);
            }
        }
    }

    /// A number between 0 and `most`, by splitmix64: <https://prng.di.unimi.it/splitmix64.c>
    fn random_up_to(&mut self, most: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.random ^ self.random >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ x >> 31) % (most + 1)
    }
}

fn ms(ns: u64) -> f64 {
    ns as f64 / 1e6
}
