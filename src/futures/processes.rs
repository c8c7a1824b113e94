//! Workers that are processes: a state machine that is told what happened, and tells a [`Remote`] what to do.
//!
//! It waits for nothing, so it runs where nothing may wait. As in CPython, calls are taken out of the queue ahead of
//! time, one more than there are processes, and count as running from then on: they cannot be cancelled any more.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Weak},
};

use super::{
    atomics::{Condvar, Mutex, MutexGuard},
    call::{Reply, encode_calls},
    deadline::Deadline,
    exception::{Exception, Outcome},
    future::Future,
    pool::{AFTER_SHUTDOWN, Pool, Work, cancel},
    queue::{Item, Queue},
    seat::{self, wait_until},
    stage::{Pen, Stage},
};
use crate::{
    clock::now_ms,
    ids::TaskId,
    scheduler::{Joined, StartMethod},
    trace::Action,
    value::Value,
};

/// Starts processes and carries messages to them. It tells an [`Inbox`] what comes back.
///
/// Its methods are called under the lock of the pool, so that their order is right. So they must not tell the inbox
/// anything before they return, nor wait.
pub trait Remote: Send + Sync {
    /// Starts a process with a new number: that of its lane in the trace. It runs [`serve`](super::serve) on each message.
    fn start(&self, process: usize, how: StartMethod, inbox: Inbox);

    /// Sends calls to a process, which waits for them.
    fn send(&self, process: usize, message: Vec<u8>);

    /// Ends a process, whatever it does.
    fn end(&self, process: usize);
}

/// Where a process replies, and where its end is reported.
#[derive(Clone)]
pub struct Inbox {
    pool: Weak<Processes>,
    process: usize,
}

impl Inbox {
    /// The process is there. `bytes` were copied into its memory, and its start took `ms`.
    pub fn joined(&self, bytes: u64, ms: f64) {
        if let Some(pool) = self.pool.upgrade() {
            pool.on_start(Joined { process: self.process as u32, bytes, ms });
        }
    }

    /// The process has run the calls of its message, and this is what [`serve`](super::serve) made of them.
    pub fn reply(&self, message: &[u8]) {
        if let Some(pool) = self.pool.upgrade() {
            pool.on_reply(self.process, message);
        }
    }

    /// The process has ended, and nobody has asked it to. The pool is broken from then on.
    pub fn died(&self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.end(&Exception::new(BROKEN, TERMINATED));
        }
    }
}

pub(super) struct Processes {
    stage: Arc<Stage>,
    max_workers: usize,
    how: StartMethod,
    remote: Arc<dyn Remote>,
    this: Weak<Processes>,
    state: Mutex<State>,
    /// All work is done.
    idle: Condvar,
}

struct State {
    queue: Queue<Message>,
    /// What is about to be sent: it counts as running.
    taken: VecDeque<Item<Message>>,
    processes: Vec<Process>,
    starts: Vec<Joined>,
    next: TaskId,
    is_shut_down: bool,
    /// What all further work fails with.
    broken: Option<Exception>,
    ended: bool,
}

/// Encoded calls, and whether their result is a tuple.
struct Message {
    bytes: Vec<u8>,
    is_chunk: bool,
}

struct Process {
    pen: Pen,
    /// What it runs.
    current: Option<(Future, bool)>,
}

impl Processes {
    pub(super) fn new(
        stage: Arc<Stage>,
        max_workers: usize,
        how: StartMethod,
        remote: Arc<dyn Remote>,
    ) -> Arc<Processes> {
        let state = State {
            queue: Queue::new(),
            taken: VecDeque::new(),
            processes: Vec::new(),
            starts: Vec::new(),
            next: 0,
            is_shut_down: false,
            broken: None,
            ended: false,
        };
        Arc::new_cyclic(|this| Processes {
            stage,
            max_workers,
            how,
            remote,
            this: this.clone(),
            state: Mutex::new(state),
            idle: Condvar::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// Sends what can be sent, and starts processes for it.
    fn advance(&self, state: &mut State) {
        if state.broken.is_some() || state.ended {
            return;
        }
        loop {
            while state.taken.len() <= self.max_workers
                && let Some(item) = state.queue.pop()
            {
                if let Ok(true) = item.future.set_running_or_notify_cancel() {
                    state.taken.push_back(item);
                }
            }
            if state.taken.is_empty() {
                break;
            }
            let free = state.processes.iter().position(|process| process.current.is_none());
            let process = match free {
                Some(process) => process,
                None if state.processes.len() < self.max_workers => {
                    let process = state.processes.len();
                    // As in CPython: a fork that comes later would copy the memory while more of it is in use.
                    let count = if self.how == StartMethod::Fork { self.max_workers } else { 1 };
                    (process..process + count).for_each(|process| self.start(state, process));
                    process
                }
                None => break,
            };
            let Item { future, work } = state.taken.pop_front().expect("it is not empty");
            let Process { pen, current } = &mut state.processes[process];
            pen.until_now(Action::Idle);
            pen.begin(future.task().expect("it is on a stage"));
            *current = Some((future, work.is_chunk));
            self.remote.send(self.number(process), work.bytes);
        }
        if state.is_shut_down && state.is_idle() {
            state.ended = true;
            self.end_all(state);
        }
    }

    fn start(&self, state: &mut State, process: usize) {
        let mut pen = Pen::new(&self.stage.part, process + 1);
        pen.join();
        state.processes.push(Process { pen, current: None });
        let inbox = Inbox { pool: self.this.clone(), process };
        self.remote.start(self.number(process), self.how, inbox);
    }

    fn end_all(&self, state: &mut State) {
        for (process, Process { pen, .. }) in state.processes.iter_mut().enumerate() {
            self.remote.end(self.number(process));
            pen.leave();
        }
    }

    /// No other executor of the trace has a process with this number.
    fn number(&self, process: usize) -> usize {
        self.stage.part.first_lane + process
    }

    fn on_start(&self, joined: Joined) {
        let mut state = self.state();
        if let Some(process) = state.processes.get_mut(joined.process as usize) {
            process.pen.moved(Action::Transfer, joined.bytes);
            state.starts.push(joined);
        }
    }

    fn on_reply(&self, process: usize, message: &[u8]) {
        let reply = Reply::decode(message).unwrap_or_else(|error| Reply {
            outcome: Err(Exception::new("UnpicklingError", error.to_string())),
            compute_ms: 0.0,
        });
        let (future, outcome) = {
            let mut state = self.state();
            let Some(Process { pen, current }) = state.processes.get_mut(process) else { return };
            // A process that was given up may still reply.
            let Some((future, is_chunk)) = current.take() else { return };
            let now_ms = now_ms();
            pen.until(Action::Overhead, || now_ms - reply.compute_ms);
            pen.until(Action::Hold, || now_ms);
            pen.end(if reply.outcome.is_ok() { Action::Compute } else { Action::Erred });
            let outcome = reply.outcome.map(|mut values| match is_chunk {
                true => Value::Tuple(Box::new(values.into())),
                false => values.pop().unwrap_or_default(),
            });
            (future, outcome)
        };
        // If somebody else has ended it meanwhile, that counts.
        let _ = future.set(outcome);
        self.go_on();
    }

    /// Ends all processes, whatever they do. All work that is there fails, and so does all that comes.
    fn end(&self, exception: &Exception) {
        let futures = {
            let mut state = self.state();
            if state.broken.is_some() || state.ended {
                return;
            }
            state.broken = Some(exception.clone());
            let mut futures = Vec::new();
            for process in &mut state.processes {
                if let Some((future, _)) = process.current.take() {
                    process.pen.until_now(Action::Overhead);
                    process.pen.end(Action::Erred);
                    futures.push(future);
                }
            }
            self.end_all(&mut state);
            futures.extend(mem::take(&mut state.taken).into_iter().map(|item| item.future));
            for Item { future, .. } in state.queue.drain() {
                if let Ok(true) = future.set_running_or_notify_cancel() {
                    futures.push(future);
                }
            }
            futures
        };
        for future in futures {
            let _ = future.set(Err(exception.clone()));
        }
        self.idle.notify_all();
    }

    fn go_on(&self) {
        self.advance(&mut self.state());
        self.idle.notify_all();
    }
}

const BROKEN: &str = "BrokenProcessPool";
const TERMINATED: &str =
    "A process in the process pool was terminated abruptly while the future was running or pending.";

impl State {
    fn is_idle(&self) -> bool {
        self.queue.is_empty()
            && self.taken.is_empty()
            && self.processes.iter().all(|process| process.current.is_none())
    }
}

impl Pool for Processes {
    fn submit(self: Arc<Self>, work: Work, priority: i64) -> Outcome<Future> {
        let (calls, is_chunk) = match work {
            Work::One(call) => (vec![call], false),
            Work::Chunk(calls) => (calls, true),
        };
        let message = encode_calls(calls);
        let (future, unsent) = {
            let mut state = self.state();
            if let Some(broken) = &state.broken {
                let message = "A child process terminated abruptly, the process pool is not usable anymore";
                let broken = broken.clone();
                return Err(if broken.name() == BROKEN { Exception::new(BROKEN, message) } else { broken });
            }
            if state.is_shut_down {
                return Err(Exception::runtime(AFTER_SHUTDOWN));
            }
            let future = Future::on(&self.stage, state.next);
            state.next += 1;
            seat::mark(&self.stage, Action::Submit, future.task().expect("it is on a stage"));
            let queued = message.map(|bytes| {
                let work = Message { bytes, is_chunk };
                state.queue.push(priority, Item { future: future.clone(), work });
            });
            (future, queued.err())
        };
        match unsent {
            None => self.go_on(),
            Some(exception) => future.set(Err(exception)).expect("nobody else has it yet"),
        }
        Ok(future)
    }

    fn shutdown(&self, cancel_futures: bool) {
        let items = {
            let mut state = self.state();
            state.is_shut_down = true;
            if cancel_futures { state.queue.drain() } else { Vec::new() }
        };
        cancel(items);
        self.go_on();
    }

    fn wait(&self) {
        wait_until(&self.state, &self.idle, Deadline::NEVER, |state| {
            state.broken.is_some() || state.is_idle()
        });
    }

    fn stop(&self) {
        self.shutdown(true);
        self.stage.stop();
        self.end(&Exception::interrupted());
    }

    fn started(&self) -> usize {
        self.state().processes.len()
    }

    fn starts(&self) -> Vec<Joined> {
        self.state().starts.clone()
    }

    fn stage(&self) -> &Arc<Stage> {
        &self.stage
    }

    fn chunk(&self, chunksize: usize) -> usize {
        chunksize
    }
}
