//! The operating system of the model: which thread is on which core.
//!
//! There is one queue for all cores. The thread that has run for the shortest time gets the next free core, as in Linux's
//! CFS. A thread that was away long is treated as if it had run almost as long as the others, so that it does not keep a
//! core to itself.

use super::machine::Machine;

/// The cores, and the threads that want one.
#[derive(Debug)]
pub(super) struct Cores {
    cores: Vec<Core>,
    ready: Vec<usize>,
    /// For how long each thread has run, moved forwards when it was away long.
    ran_ns: Vec<u64>,
    /// The shortest time of all threads that run or are ready. Never goes back.
    floor_ns: u64,
    time_slice_ns: u64,
    wakeup_granularity_ns: u64,
    context_switch_ns: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Core {
    thread: Option<usize>,
    last: Option<usize>,
    /// Until when the progress of the thread has been counted.
    since_ns: u64,
    slice_end_ns: u64,
    /// Changes whenever the end of what the thread does is moved, so that the event for the old end is ignored.
    epoch: u64,
}

impl Cores {
    pub(super) fn new(machine: &Machine, threads: usize) -> Cores {
        Cores {
            cores: vec![Core::default(); machine.cores.min(threads)],
            ready: Vec::with_capacity(threads),
            ran_ns: vec![0; threads],
            floor_ns: 0,
            time_slice_ns: machine.time_slice_ns,
            wakeup_granularity_ns: machine.wakeup_granularity_ns,
            context_switch_ns: machine.context_switch_ns,
        }
    }

    /// The core that `thread` is on.
    pub(super) fn of(&self, thread: usize) -> Option<usize> {
        self.cores.iter().position(|core| core.thread == Some(thread))
    }

    pub(super) fn thread(&self, core: usize) -> usize {
        self.cores[core].thread.expect("only a core with a thread has an event")
    }

    pub(super) fn epoch(&self, core: usize) -> u64 {
        self.cores[core].epoch
    }

    /// Puts a thread that slept into the queue.
    pub(super) fn make_ready(&mut self, thread: usize) {
        let running = self.cores.iter().filter_map(|core| core.thread);
        if let Some(least_ns) =
            running.chain(self.ready.iter().copied()).map(|other| self.ran_ns[other]).min()
        {
            self.floor_ns = self.floor_ns.max(least_ns);
        }
        let ran_ns = &mut self.ran_ns[thread];
        *ran_ns = (*ran_ns).max(self.floor_ns.saturating_sub(self.time_slice_ns));
        self.ready.push(thread);
    }

    /// Counts the time that the thread on `core` has run since this was last called.
    pub(super) fn progress(&mut self, core: usize, now_ns: u64) -> u64 {
        let at = &mut self.cores[core];
        let ran_ns = now_ns.saturating_sub(at.since_ns);
        at.since_ns += ran_ns;
        self.ran_ns[at.thread.expect("only a thread makes progress")] += ran_ns;
        ran_ns
    }

    /// When the thread on `core`, which has `left_ns` to do, either is done or has used up its time slice.
    pub(super) fn next_stop_ns(&mut self, core: usize, left_ns: u64) -> u64 {
        let core = &mut self.cores[core];
        core.epoch += 1;
        (core.since_ns + left_ns).min(core.slice_end_ns.max(core.since_ns))
    }

    /// The thread on `core` sleeps.
    pub(super) fn leave(&mut self, core: usize) {
        self.cores[core].thread = None;
        self.cores[core].epoch += 1;
    }

    /// The time slice of the thread on `core` is over. Returns whether it has to go back to the queue.
    pub(super) fn expire(&mut self, core: usize, now_ns: u64) -> bool {
        let thread = self.thread(core);
        let gives_way = self.first().is_some_and(|first| self.ran_ns[first] < self.ran_ns[thread]);
        if gives_way {
            self.leave(core);
            self.ready.push(thread);
        } else {
            self.cores[core].slice_end_ns = now_ns + self.time_slice_ns;
        }
        gives_way
    }

    /// The core whose thread must give way to one that was woken: they have run for times that differ by more than the
    /// granularity. All progress must have been counted.
    pub(super) fn to_preempt(&self) -> Option<usize> {
        let first = self.first()?;
        let ran_ns = |core: &usize| self.cores[*core].thread.map_or(0, |thread| self.ran_ns[thread]);
        let core = (0..self.cores.len()).max_by_key(ran_ns)?;
        (ran_ns(&core) > self.ran_ns[first] + self.wakeup_granularity_ns).then_some(core)
    }

    /// Takes the thread off `core` and puts it into the queue.
    pub(super) fn preempt(&mut self, core: usize) {
        let thread = self.thread(core);
        self.leave(core);
        self.ready.push(thread);
    }

    /// Puts the first thread of the queue on a free core, if there are both. Returns the core, the thread, and when it
    /// starts to run.
    pub(super) fn assign(&mut self, now_ns: u64) -> Option<(usize, usize, u64)> {
        let thread = self.first()?;
        let free = |core: &usize| self.cores[*core].thread.is_none();
        let same = |core: &usize| self.cores[*core].last == Some(thread);
        let all = 0..self.cores.len();
        let core = all.clone().filter(free).find(same).or_else(|| all.clone().find(free))?;
        self.ready.retain(|&other| other != thread);
        let at = &mut self.cores[core];
        let since_ns = if at.last == Some(thread) { now_ns } else { now_ns + self.context_switch_ns };
        *at = Core {
            thread: Some(thread),
            last: Some(thread),
            since_ns,
            slice_end_ns: since_ns + self.time_slice_ns,
            epoch: at.epoch,
        };
        Some((core, thread, since_ns))
    }

    /// Whether a core has no thread.
    pub(super) fn has_free(&self) -> bool {
        self.cores.iter().any(|core| core.thread.is_none())
    }

    /// The cores with a thread.
    pub(super) fn busy(&self) -> impl Iterator<Item = usize> + use<> {
        let busy: Vec<usize> =
            (0..self.cores.len()).filter(|&core| self.cores[core].thread.is_some()).collect();
        busy.into_iter()
    }

    /// The thread of the queue that has run for the shortest time.
    fn first(&self) -> Option<usize> {
        self.ready.iter().copied().min_by_key(|&thread| (self.ran_ns[thread], thread))
    }
}
