//! A batch: one plan in a run of `threads`, from the time when it is added until all its tasks have finished.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::*},
    },
};

use rustc_hash::FxHashSet;

use super::{
    completion::Completion,
    content::Content,
    failures::Failures,
    memory::Memory,
    options::Options,
    shown::Shown,
    slots::Slots,
    source::{Source, Taker, Targets},
};
use crate::{
    error::{Error, Result},
    graph::{Plan, TaskId},
    kernels::Message,
    trace::Notes,
    value::Value,
};

/// The largest number of roots that a worker takes at once.
const MAX_ROOTS_AT_ONCE: usize = 64;

/// One plan in a run of `threads`.
pub(super) struct Batch {
    /// The id in the run of its first task. Those of the others follow.
    pub(super) first: TaskId,
    pub(super) plan: Arc<Plan>,
    pub(super) slots: Slots,
    pub(super) failures: Failures,
    pub(super) shown: Option<Shown>,
    pub(super) notes: Arc<Notes>,
    pub(super) completion: Completion,
    /// What a policy needs to know of each task, see [`Policy::levels`](super::Policy::levels).
    pub(super) levels: Box<[u32]>,
    memory: Arc<Memory>,
    keep_going: bool,
    phase: Mutex<Phase>,
    /// The tasks that are ready when the batch begins, in static order. Known when it has its inputs.
    roots: OnceLock<Box<[TaskId]>>,
    /// The number of roots that workers have taken.
    roots_taken: AtomicUsize,
    pub(super) roots_at_once: usize,
    /// The number of unfinished tasks. Workers subtract what they have finished now and then, so it may be too high.
    unfinished: AtomicUsize,
    /// Set when no further task may run.
    stopped: AtomicBool,
    /// Set when the batch is stopped, or a task has erred: then a task may have to finish without running.
    needs_care: AtomicBool,
}

/// How far a batch has come.
enum Phase {
    /// Waits for as many batches as `missing` says, whose values it takes.
    Blocked { inputs: Vec<Source<Batch>>, missing: usize },
    /// Its tasks may start; none has.
    Ready,
    /// Some tasks may have started.
    Begun,
    /// It ended without having begun.
    Withdrawn,
}

impl Batch {
    /// A batch of a run with these options. It waits until `missing` batches are complete which have its `inputs`.
    pub(super) fn new(
        plan: Arc<Plan>,
        (inputs, missing): (Vec<Source<Batch>>, usize),
        notes: Arc<Notes>,
        memory: Arc<Memory>,
        first: TaskId,
        options: &Options,
    ) -> Batch {
        let roots = plan.roots().count();
        let batch = Batch {
            first,
            slots: Slots::new(&plan),
            failures: Failures::default(),
            shown: options.shown.then(|| Shown::new(&plan)),
            notes,
            completion: Completion::default(),
            levels: options.policy.levels(&plan),
            memory,
            keep_going: options.keep_going,
            roots: OnceLock::new(),
            roots_taken: AtomicUsize::new(0),
            // Few, so that the last ones are spread over the workers; but not so few that they meet at the counter.
            roots_at_once: (roots / (8 * options.workers)).clamp(1, MAX_ROOTS_AT_ONCE),
            unfinished: AtomicUsize::new(plan.len() - inputs.len()),
            stopped: AtomicBool::new(false),
            needs_care: AtomicBool::new(false),
            phase: Mutex::new(Phase::Ready),
            plan,
        };
        if missing == 0 {
            batch.set_roots(batch.plan.roots().collect());
        } else {
            *batch.phase() = Phase::Blocked { inputs, missing };
        }
        batch
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().expect("nothing panics while it holds this lock")
    }

    fn set_roots(&self, roots: Box<[TaskId]>) {
        assert!(self.roots.set(roots).is_ok(), "a batch gets its inputs once");
    }

    /// The place in the plan of the task with the id `task` in the run, if it is one of this batch.
    #[inline]
    pub(super) fn place_of(&self, task: TaskId) -> Option<TaskId> {
        let place = task.wrapping_sub(self.first);
        ((place as usize) < self.plan.len()).then_some(place)
    }

    /// Notes that one of the batches is complete whose values this one takes. If it was the last, the result is whether
    /// this batch can begin.
    pub(super) fn source_is_complete(&self) -> Option<Result<()>> {
        let mut phase = self.phase();
        let Phase::Blocked { inputs, missing } = &mut *phase else { return None };
        *missing -= 1;
        if *missing > 0 {
            return None;
        }
        let inputs = mem::take(inputs);
        let taken = self.take_inputs(&inputs);
        *phase = if taken.is_ok() { Phase::Ready } else { Phase::Withdrawn };
        Some(taken)
    }

    /// Puts the inputs from other batches into their slots, as if their tasks had run.
    ///
    /// # Errors
    /// An input has no value, unless the run keeps going.
    fn take_inputs(&self, inputs: &[Source<Batch>]) -> Result<()> {
        let taken: FxHashSet<TaskId> = inputs.iter().map(|input| input.task).collect();
        let mut roots: Vec<TaskId> = self.plan.roots().filter(|root| !taken.contains(root)).collect();
        let taker = Taker {
            plan: &self.plan,
            memory: &self.memory,
            failures: &self.failures,
            shown: self.shown.as_ref(),
            keep_going: self.keep_going,
        };
        for input in inputs {
            let content = input.take(&taker)?;
            if matches!(content, Content::Erred(_)) {
                self.needs_care.store(true, Relaxed);
            }
            // SAFETY: no worker knows of the batch yet, and the task takes nothing.
            #[allow(unsafe_code, reason = "see slots")]
            self.memory.free(unsafe { self.slots.finish(input.task, content, &[]) });
            let dependents = self.plan.dependents().row(input.task).iter().copied();
            roots.extend(dependents.filter(|&dependent| self.slots.arrive(dependent)));
        }
        roots.sort_unstable();
        self.set_roots(roots.into());
        Ok(())
    }

    /// Notes that tasks may start from now on. Returns false if the batch has ended.
    pub(super) fn begin(&self) -> bool {
        let mut phase = self.phase();
        match *phase {
            Phase::Ready => *phase = Phase::Begun,
            Phase::Begun => {}
            Phase::Blocked { .. } | Phase::Withdrawn => return false,
        }
        true
    }

    /// Keeps the batch from beginning. Returns whether it had not begun: then the caller ends it.
    pub(super) fn withdraw(&self) -> bool {
        let mut phase = self.phase();
        let was_waiting = matches!(*phase, Phase::Ready | Phase::Blocked { .. });
        let inputs = if was_waiting { mem::replace(&mut *phase, Phase::Withdrawn) } else { Phase::Begun };
        drop(phase);
        // The batches that it waited for are dropped without the lock.
        drop(inputs);
        was_waiting
    }

    /// The tasks that are ready when the batch begins.
    pub(super) fn roots(&self) -> &[TaskId] {
        self.roots.get().map_or(&[], |roots| roots)
    }

    /// Whether there are roots that nobody has taken.
    #[inline]
    pub(super) fn has_roots(&self) -> bool {
        self.roots_taken.load(SeqCst) < self.roots().len()
    }

    /// Takes the next roots in static order.
    pub(super) fn take_roots(&self) -> &[TaskId] {
        let roots = self.roots();
        if self.roots_taken.load(Relaxed) >= roots.len() {
            return &[];
        }
        let start = self.roots_taken.fetch_add(self.roots_at_once, SeqCst);
        roots.get(start..roots.len().min(start + self.roots_at_once)).unwrap_or_default()
    }

    /// Whether all tasks have finished.
    pub(super) fn is_finished(&self) -> bool {
        self.unfinished.load(Acquire) == 0
    }

    /// Notes that a worker has finished `tasks` more tasks. Returns whether these were the last: then the caller ends the
    /// batch.
    pub(super) fn count_finished(&self, tasks: usize) -> bool {
        // The worker that counts the last one acquires what the others have released: the contents of the slots.
        self.unfinished.fetch_sub(tasks, AcqRel) == tasks
    }

    /// Lets no further task run. Those that are ready, or become so, finish without.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
        self.needs_care.store(true, Relaxed);
    }

    /// Notes that `task` erred.
    #[cold]
    pub(super) fn failed(&self, task: TaskId, message: Message) {
        self.failures.note(task, self.plan.key(task).clone(), message);
        self.needs_care.store(true, Relaxed);
        if !self.keep_going {
            self.stop();
        }
    }

    /// Whether tasks may have to finish without running. Who finishes a task then makes others ready, so those that run
    /// these see at least what it saw.
    #[inline]
    pub(super) fn needs_care(&self) -> bool {
        self.needs_care.load(Relaxed)
    }

    /// Whether no further task may run.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    /// How the batch ends if all its tasks have finished.
    pub(super) fn result(&self) -> Result<()> {
        if !self.is_stopped() {
            return Ok(());
        }
        let erred = if self.keep_going { None } else { self.failures.first(&self.plan) };
        Err(erred.unwrap_or_else(Error::cancelled))
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the batch is not complete.
    pub(super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.completion.ending().expect("the batch is complete").result?;
        Ok(self.plan.targets().iter().map(|&target| self.value(target)).collect())
    }

    /// The value of a target of a batch that is complete, if the batch has values.
    fn value(&self, target: TaskId) -> Result<Value> {
        // SAFETY: the batch is complete, so no worker runs a task of it.
        #[allow(unsafe_code, reason = "see slots")]
        let content = unsafe { self.slots.target(target) };
        self.failures.check(&self.plan, target, content)
    }
}

impl Targets for Batch {
    fn target(&self, place: usize) -> Result<Value> {
        self.completion.ending().expect("the batch is complete").result?;
        self.value(self.plan.targets()[place])
    }
}

impl Drop for Batch {
    /// Gives back the memory that its targets hold.
    #[allow(unsafe_code, reason = "see slots")]
    fn drop(&mut self) {
        // SAFETY: nobody else has the batch.
        self.memory.free(unsafe { self.slots.clear() });
    }
}
