//! What the workers of one run of `threads` share.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicU64, Ordering::*},
};

use crossbeam_deque::{Stealer, Worker};

use super::{
    batch::Batch,
    batches::Batches,
    completion::{Completion, Ending},
    memory::Memory,
    options::Options,
    parking::Parking,
    policy::Ready,
    pool::{self, Job},
    source::Source,
};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskId},
    trace::{Lane, Trace},
};

/// What the workers of one run share. The run is open until it is [closed](Shared::close): until then, batches can be
/// added, and it does not end. Tasks here have ids of the [run](super::batches).
pub(super) struct Shared {
    pub(super) trace: Arc<Trace>,
    pub(super) memory: Arc<Memory>,
    pub(super) completion: Completion,
    pub(super) batches: Batches,
    options: Options,
    pub(super) stealers: Box<[Stealer<TaskId>]>,
    /// All ready tasks of a run whose policy is not the default one.
    queue: Option<Mutex<Ready>>,
    /// The seats that found nothing to do, each as the job that goes on with it. The run itself is active until it is
    /// closed, and so is anybody who adds a batch.
    pub(super) parking: Parking<Job>,
    /// When the last task so far stopped, as the bits of a double. Workers update it when they run out of tasks.
    last_stop_ms: AtomicU64,
}

impl Shared {
    /// A run without batches, and the deque of each of its workers.
    pub(super) fn new(options: &Options) -> (Shared, Vec<Worker<TaskId>>) {
        let workers = options.workers;
        let deques: Vec<_> = (0..workers).map(|_| Worker::new_lifo()).collect();
        let trace = Trace::new((0..workers).map(Lane::worker), options.trace, now_ms());
        let run = Shared {
            memory: Arc::new(Memory::new(options)),
            completion: Completion::default(),
            batches: Batches::default(),
            stealers: deques.iter().map(Worker::stealer).collect(),
            queue: Ready::new(options.policy, options.seed).map(Mutex::new),
            parking: Parking::new(workers + 1),
            last_stop_ms: AtomicU64::new(trace.started_ms().to_bits()),
            trace: trace.into(),
            options: *options,
        };
        (run, deques)
    }

    /// Adds a batch, which begins when the batches are complete that have its inputs. Any thread may do that, also one that
    /// runs a task of this run.
    ///
    /// # Errors
    /// If the run is closed.
    pub(super) fn add(self: &Arc<Shared>, plan: Arc<Plan>, inputs: Vec<Source<Batch>>) -> Result<Arc<Batch>> {
        let mut sources: Vec<Arc<Batch>> = inputs.iter().map(|input| input.batch.clone()).collect();
        sources.sort_by_key(|batch| batch.first);
        sources.dedup_by_key(|batch| batch.first);
        // An active seat's place in all but the thread, so the run does not end before workers know of the batch.
        let join = || self.parking.join();
        let batch = self.batches.add(plan.len(), join, |first| {
            let notes = self.trace.add_batch(first, plan.len());
            Batch::new(
                plan.clone(),
                (inputs, sources.len()),
                notes,
                self.memory.clone(),
                first,
                &self.options,
            )
        })?;
        if sources.is_empty() {
            self.publish(&batch);
        }
        for source in sources {
            let (run, batch) = (self.clone(), batch.clone());
            source.completion.then(Box::new(move || run.unblock(&batch)));
        }
        self.leave();
        Ok(batch)
    }

    /// Notes that a batch is complete that `batch` waits for.
    fn unblock(self: &Arc<Shared>, batch: &Arc<Batch>) {
        match batch.source_is_complete() {
            None => {}
            Some(Ok(())) => self.publish(batch),
            Some(Err(error)) => self.end(batch, now_ms(), Err(error)),
        }
    }

    /// Lets workers run the tasks of a batch that has its inputs.
    fn publish(&self, batch: &Arc<Batch>) {
        // All tasks may be inputs.
        if batch.is_finished() && batch.begin() {
            return self.end(batch, now_ms(), Ok(()));
        }
        match self.queue() {
            Some(mut queue) => queue.extend(batch.first, &batch.levels, batch.roots().iter().copied()),
            None => self.batches.open(batch),
        }
        self.tasks_were_shared();
    }

    /// Lets no further task of a batch start. If none has started, the batch ends now, otherwise when those that run now
    /// have ended.
    pub(super) fn cancel(&self, batch: &Batch) {
        if batch.withdraw() {
            self.end(batch, now_ms(), Err(Error::cancelled()));
        } else {
            batch.stop();
        }
    }

    /// Lets no further task start.
    pub(super) fn cancel_all(&self) {
        // The latest first, so that none is cancelled because it waits for another.
        self.batches.latest_first().iter().for_each(|batch| self.cancel(batch));
    }

    /// Notes that `tasks` tasks of `batch` have finished.
    pub(super) fn count_finished(&self, batch: &Batch, tasks: usize) {
        if batch.count_finished(tasks) {
            self.end(batch, now_ms(), batch.result());
        }
    }

    /// Ends a batch: its tasks have all finished, or none has started.
    #[allow(unsafe_code, reason = "see slots")]
    fn end(&self, batch: &Batch, at_ms: f64, result: Result<()>) {
        if result.is_err() {
            // SAFETY: no worker runs a task of the batch, and it has no values that somebody could have asked for.
            self.memory.free(unsafe { batch.slots.clear() });
        }
        self.batches.remove(batch);
        batch.completion.complete(Ending { at_ms, result });
    }

    /// Lets nobody add a batch any more. The run ends when all batches have ended.
    pub(super) fn close(&self) {
        if self.batches.close() {
            self.leave();
        }
    }

    /// Whether the run has one queue for all workers: if its policy is not the default one.
    #[inline]
    pub(super) fn has_queue(&self) -> bool {
        self.queue.is_some()
    }

    /// That queue.
    #[inline]
    pub(super) fn queue(&self) -> Option<MutexGuard<'_, Ready>> {
        self.queue.as_ref().map(|queue| queue.lock().expect("nothing panics while it holds this lock"))
    }

    /// Whether a worker that looks now would find a task.
    pub(super) fn has_ready_tasks(&self) -> bool {
        self.batches.have_roots()
            || self.stealers.iter().any(|stealer| !stealer.is_empty())
            || self.queue().is_some_and(|queue| queue.len() > 0)
    }

    /// Gives a thread to a parked seat, if there is one. Every worker calls this after it has published ready tasks that
    /// others may take.
    #[inline]
    pub(super) fn tasks_were_shared(&self) {
        if let Some(seat) = self.parking.seat_for_shared_tasks() {
            pool::enqueue(seat);
        }
    }

    /// Notes when a worker stopped its last task.
    pub(super) fn note_stop(&self, stop_ms: f64) {
        // Positive doubles have the order of their bits.
        self.last_stop_ms.fetch_max(stop_ms.to_bits(), Relaxed);
    }

    /// Notes that somebody is no longer active. The last one ends the run.
    pub(super) fn leave(&self) {
        let Some(parked) = self.parking.leave() else { return };
        // Seats hold the run, and the run its parked seats: dropping them lets go of both.
        drop(parked);
        let at_ms = f64::from_bits(self.last_stop_ms.load(Relaxed));
        self.trace.end(at_ms - self.trace.started_ms());
        self.completion.complete(Ending { at_ms, result: Ok(()) });
    }
}
