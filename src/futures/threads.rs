//! Workers that are threads of this process: under an interpreter's lock, with an interpreter each, or free.
//!
//! Nothing here starts a thread: the caller does, since in the browser threads come from a pool. A thread is asked for
//! when work is submitted and no worker is idle, as in CPython.

use std::sync::Arc;

use super::{
    atomics::{Condvar, Mutex, MutexGuard, wait},
    deadline::Deadline,
    exception::{Exception, Outcome},
    future::Future,
    pool::{AFTER_SHUTDOWN, Pool, Work, cancel, fail},
    queue::{Item, Queue},
    seat::{self, Inside, wait_until},
    stage::{Pen, Stage},
};
use crate::{ids::TaskId, interpreter::Job, scheduler::Joined, trace::Action, value::Value};

/// What every worker calls before its first call.
pub type Initializer = Arc<dyn Fn() -> Outcome<()> + Send + Sync>;

/// Starts a thread that does a job.
pub(super) type Spawn = Box<dyn Fn(Job) + Send + Sync>;

pub(super) struct Threads {
    stage: Arc<Stage>,
    max_workers: usize,
    initializer: Option<Initializer>,
    spawn: Spawn,
    /// What a pool is called that failed.
    broken_name: &'static str,
    state: Mutex<State>,
    /// There is work, or no more will come.
    submitted: Condvar,
    /// A worker has left.
    left: Condvar,
}

struct State {
    queue: Queue<Work>,
    next: TaskId,
    /// The number of workers that were started, that have left, and that wait for work.
    started: usize,
    left: usize,
    idle: usize,
    is_shut_down: bool,
    broken: Option<Exception>,
}

impl Threads {
    pub(super) fn new(
        stage: Arc<Stage>,
        max_workers: usize,
        broken_name: &'static str,
        initializer: Option<Initializer>,
        spawn: Spawn,
    ) -> Threads {
        let state = State {
            queue: Queue::new(),
            next: 0,
            started: 0,
            left: 0,
            idle: 0,
            is_shut_down: false,
            broken: None,
        };
        Threads {
            stage,
            max_workers,
            initializer,
            spawn,
            broken_name,
            state: Mutex::new(state),
            submitted: Condvar::new(),
            left: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// What worker number `worker` does, on its own thread.
    fn work(&self, worker: usize) {
        let lane = worker + 1;
        let mut pen = Pen::new(&self.stage.part, lane);
        pen.join();
        let work = || {
            if self.initialize() {
                while let Some(item) = self.next() {
                    run(item);
                }
            }
        };
        seat::sit(&self.stage, lane, pen, work, |mut pen| {
            pen.leave();
            self.state().left += 1;
            self.left.notify_all();
        });
    }

    /// Returns whether the worker can work.
    fn initialize(&self) -> bool {
        let Some(initializer) = &self.initializer else { return true };
        let initializer = initializer.clone();
        let outcome = {
            let _inside = Inside::enter();
            super::call::Call::from(move || initializer().map(|()| Value::None)).run()
        };
        if outcome.is_ok() {
            return true;
        }
        let message = "A thread initializer failed, the thread pool is not usable anymore";
        let broken = Exception::new(self.broken_name, message);
        let items = {
            let mut state = self.state();
            state.broken = Some(broken.clone());
            state.queue.drain()
        };
        self.submitted.notify_all();
        fail(items, &broken);
        false
    }

    /// Waits for work. `None` if no more will come.
    fn next(&self) -> Option<Item<Work>> {
        let mut state = self.state();
        let item = loop {
            if let Some(item) = state.queue.pop() {
                break Some(item);
            }
            if state.is_shut_down || state.broken.is_some() {
                break None;
            }
            state.idle += 1;
            state = wait(&self.submitted, state, None);
            state.idle -= 1;
        };
        drop(state);
        seat::note(|pen| pen.until_now(Action::Idle));
        item
    }
}

impl Pool for Threads {
    fn submit(self: Arc<Self>, work: Work, priority: i64) -> Outcome<Future> {
        let (future, worker) = {
            let mut state = self.state();
            if let Some(broken) = &state.broken {
                return Err(broken.clone());
            }
            if state.is_shut_down {
                return Err(Exception::runtime(AFTER_SHUTDOWN));
            }
            let future = Future::on(&self.stage, state.next);
            state.next += 1;
            state.queue.push(priority, Item { future: future.clone(), work });
            // An idle worker may be on its way to other work.
            let is_wanted = state.queue.len() > state.idle && state.started < self.max_workers;
            let worker = is_wanted.then_some(state.started);
            state.started += usize::from(is_wanted);
            // Before the work can start.
            seat::mark(&self.stage, Action::Submit, future.task().expect("it is on a stage"));
            (future, worker)
        };
        match worker {
            Some(worker) => {
                let pool = self.clone();
                (self.spawn)(Box::new(move || pool.work(worker)));
            }
            None => self.submitted.notify_one(),
        }
        Ok(future)
    }

    fn shutdown(&self, cancel_futures: bool) {
        let items = {
            let mut state = self.state();
            state.is_shut_down = true;
            if cancel_futures { state.queue.drain() } else { Vec::new() }
        };
        self.submitted.notify_all();
        cancel(items);
    }

    fn wait(&self) {
        wait_until(&self.state, &self.left, Deadline::NEVER, |state| state.left == state.started);
    }

    fn stop(&self) {
        self.shutdown(true);
        self.stage.stop();
    }

    fn started(&self) -> usize {
        self.state().started
    }

    fn stage(&self) -> &Arc<Stage> {
        &self.stage
    }

    fn starts(&self) -> Vec<Joined> {
        Vec::new()
    }

    fn chunk(&self, _: usize) -> usize {
        1
    }
}

fn run(Item { future, work }: Item<Work>) {
    let task = future.task().expect("it is on a stage");
    // An error: somebody else has begun or ended the future. Python's worker would end here.
    if !future.set_running_or_notify_cancel().unwrap_or(false) {
        return;
    }
    seat::note(|pen| pen.begin(task));
    let _inside = Inside::enter();
    let outcome = match work {
        Work::One(call) => call.run(),
        Work::Chunk(calls) => {
            let values: Outcome<_> = calls.into_iter().map(|call| call.run()).collect();
            values.map(|values| Value::Tuple(Box::new(values)))
        }
    };
    seat::note_running();
    let action = if outcome.is_ok() { Action::Compute } else { Action::Erred };
    seat::note(|pen| pen.end(action));
    // If somebody else has ended it meanwhile, that counts.
    let _ = future.set(outcome);
}
