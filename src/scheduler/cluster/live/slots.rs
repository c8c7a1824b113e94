//! The slots of a node that has several: threads that run its tasks on its memory.
//!
//! ```text
//!  messages --> Member --Job--> slot 0 --Done--.
//!                 ^   '--Job--> slot 1 --Done--|
//!                 '-----------------------------
//! ```
//!
//! The thread of the [`Member`](super::Member) does all else: it counts memory, spills, and talks to other nodes. A slot
//! only runs the task that it was given. It shares the values of the node, so none is copied.

use std::{
    borrow::Cow,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard},
};

use smallvec::SmallVec;

use super::{
    super::{
        super::{discard::discard, task::panic_message},
        message::RunId,
    },
    report::Span,
};
use crate::{
    clock::now_ms,
    graph::{TaskGraph, TaskId},
    kernels,
    operations::{Op, execute},
    value::Value,
};

/// A task with all that it needs. There is room for its value.
pub(super) struct Job {
    pub(super) task: TaskId,
    pub(super) run: RunId,
    pub(super) graph: Arc<TaskGraph>,
    /// The id of the task in that graph.
    pub(super) place: TaskId,
    pub(super) inputs: SmallVec<[Value; 4]>,
    /// The value, if the client has given it.
    pub(super) given: Option<Value>,
    /// How many attempts erred before.
    pub(super) attempt: u8,
    /// How many times as long as usual it takes.
    pub(super) slowness: f64,
}

/// A task that a slot has run.
pub(super) struct Done {
    pub(super) task: TaskId,
    pub(super) run: RunId,
    pub(super) span: Span,
    pub(super) result: Result<Value, kernels::Message>,
}

impl Job {
    fn run(self, slot: u8) -> Done {
        let Job { task, run, graph, place, inputs, given, attempt, slowness } = self;
        let start_ms = now_ms();
        let result = match given {
            Some(value) => Ok(value),
            None => compute(graph.op(place), inputs.iter().map(Cow::Borrowed).collect(), attempt),
        };
        // Before the node takes their memory as free.
        drop(inputs);
        let stop_ms = slow_down(start_ms, slowness);
        Done { task, run, span: Span { slot, start_ms, stop_ms }, result }
    }
}

/// Runs an operation.
pub(super) fn compute(
    op: &Op,
    mut inputs: SmallVec<[kernels::Input<'_>; 4]>,
    attempt: u8,
) -> Result<Value, kernels::Message> {
    caught(|| execute(op, &mut inputs, attempt))
}

/// Calls a function of an operation. A panic is an error.
pub(super) fn caught<T>(call: impl FnOnce() -> Result<T, kernels::Message>) -> Result<T, kernels::Message> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| {
        let message = panic_message(&*payload);
        discard(payload);
        Err(message)
    })
}

/// Waits until a task that began at `start_ms` has taken `slowness` times as long as it did. Returns the time.
pub(super) fn slow_down(start_ms: f64, slowness: f64) -> f64 {
    let mut at_ms = now_ms();
    let until_ms = start_ms + (at_ms - start_ms) * slowness;
    while at_ms < until_ms {
        std::hint::spin_loop();
        at_ms = now_ms();
    }
    at_ms
}

enum Slot {
    Free,
    Given(Box<Job>),
    Closed,
}

/// What the slots have run since the node looked.
#[derive(Default)]
struct Ended {
    done: Vec<Done>,
    /// Whether the node knows that there is something.
    is_told: bool,
}

/// The slots of a node.
pub struct Slots {
    slots: Box<[(Mutex<Slot>, Condvar)]>,
    ended: Mutex<Ended>,
}

impl Slots {
    /// Slots that run nothing.
    pub(super) fn new(count: u8) -> Slots {
        let slot = |_| (Mutex::new(Slot::Free), Condvar::new());
        Slots { slots: (0..count).map(slot).collect(), ended: Mutex::default() }
    }

    /// The number of slots.
    #[allow(clippy::len_without_is_empty, reason = "a node has slots")]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Runs what a slot is given until the node is gone. `tell` is called when the node should
    /// [work](super::Member::work), since a task has ended.
    pub fn serve(&self, slot: usize, tell: impl Fn()) {
        loop {
            let (state, changed) = &self.slots[slot];
            let waited = changed.wait_while(lock(state), |state| matches!(state, Slot::Free));
            drop(waited.expect("nothing panics while it holds this lock"));
            match self.run(slot) {
                Some(true) => tell(),
                Some(false) => {}
                None => break,
            }
        }
    }

    /// Runs what a slot was given. Returns whether the node should work, since it does not know yet that a task has ended;
    /// `None` if the slot has nothing to run.
    pub fn run(&self, slot: usize) -> Option<bool> {
        let job = {
            let mut state = lock(&self.slots[slot].0);
            match mem::replace(&mut *state, Slot::Free) {
                Slot::Given(job) => job,
                other => {
                    *state = other;
                    return None;
                }
            }
        };
        let done = job.run(slot as u8);
        let mut ended = lock(&self.ended);
        ended.done.push(done);
        Some(!mem::replace(&mut ended.is_told, true))
    }

    /// Whether a slot has a task that it has not begun.
    pub fn has_task(&self, slot: usize) -> bool {
        matches!(*lock(&self.slots[slot].0), Slot::Given(_))
    }

    /// Gives a task to a slot that has none.
    pub(super) fn give(&self, slot: usize, job: Job) {
        let (state, changed) = &self.slots[slot];
        *lock(state) = Slot::Given(job.into());
        changed.notify_one();
    }

    /// Takes what the slots have run.
    pub(super) fn done(&self) -> Vec<Done> {
        mem::take(&mut *lock(&self.ended)).done
    }

    /// Ends the threads, when they have run what they were given.
    pub(super) fn close(&self) {
        for (state, changed) in &self.slots {
            *lock(state) = Slot::Closed;
            changed.notify_one();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while it holds this lock")
}
