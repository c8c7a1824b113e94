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
    atomics::{Condvar, Mutex, MutexGuard, wait},
    call::{Reply, encode_calls},
    exception::{Exception, Outcome},
    future::Future,
    pool::{AFTER_SHUTDOWN, Pool, Work, cancel},
    queue::{Item, Queue},
    seat::{self, blocked},
    stage::{Pen, Stage},
};
use crate::{clock::now_ms, ids::TaskId, trace::Action, value::Value};

/// Starts processes and carries messages to them. It tells an [`Inbox`] what comes back.
///
/// Its methods are called without a lock, in the right order for each process.
pub trait Remote: Send + Sync {
    /// Starts a process with a new number, counted from 0. It runs [`serve`](super::serve) on each message.
    fn start(&self, process: usize, inbox: Inbox);

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
    /// The process has run the calls of its message, and this is what [`serve`](super::serve) made of them.
    pub fn reply(&self, message: &[u8]) {
        if let Some(pool) = self.pool.upgrade() {
            pool.on_reply(self.process, message);
        }
    }

    /// The process has ended, and nobody has asked it to. The pool is broken from then on.
    pub fn died(&self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.on_death();
        }
    }
}

pub(super) struct Processes {
    stage: Arc<Stage>,
    max_workers: usize,
    remote: Box<dyn Remote>,
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
    next: TaskId,
    is_shut_down: bool,
    broken: bool,
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

enum Command {
    Start(usize),
    Send(usize, Vec<u8>),
    End(usize),
}

impl Processes {
    pub(super) fn new(stage: Arc<Stage>, max_workers: usize, remote: Box<dyn Remote>) -> Arc<Processes> {
        let state = State {
            queue: Queue::new(),
            taken: VecDeque::new(),
            processes: Vec::new(),
            next: 0,
            is_shut_down: false,
            broken: false,
            ended: false,
        };
        Arc::new_cyclic(|this| Processes {
            stage,
            max_workers,
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
    fn advance(&self, state: &mut State) -> Vec<Command> {
        let mut commands = Vec::new();
        if state.broken || state.ended {
            return commands;
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
                    let mut pen = Pen::new(&self.stage.part, process + 1);
                    pen.join();
                    state.processes.push(Process { pen, current: None });
                    commands.push(Command::Start(process));
                    process
                }
                None => break,
            };
            let Item { future, work } = state.taken.pop_front().expect("it is not empty");
            let Process { pen, current } = &mut state.processes[process];
            pen.until_now(Action::Idle);
            pen.begin(future.task().expect("it is on a stage"));
            *current = Some((future, work.is_chunk));
            commands.push(Command::Send(process, work.bytes));
        }
        if state.is_shut_down && state.is_idle() {
            state.ended = true;
            commands.extend((0..state.processes.len()).map(Command::End));
            state.processes.iter_mut().for_each(|process| process.pen.leave());
        }
        commands
    }

    fn execute(&self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Start(process) => {
                    self.remote.start(process, Inbox { pool: self.this.clone(), process });
                }
                Command::Send(process, message) => self.remote.send(process, message),
                Command::End(process) => self.remote.end(process),
            }
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
        future.set(outcome).expect("only its process ends a future that runs");
        self.go_on();
    }

    fn on_death(&self) {
        let (futures, commands) = {
            let mut state = self.state();
            if state.broken || state.ended {
                return;
            }
            state.broken = true;
            let mut futures = Vec::new();
            for process in &mut state.processes {
                if let Some((future, _)) = process.current.take() {
                    process.pen.until_now(Action::Overhead);
                    process.pen.end(Action::Erred);
                    futures.push(future);
                }
                process.pen.leave();
            }
            futures.extend(mem::take(&mut state.taken).into_iter().map(|item| item.future));
            for Item { future, .. } in state.queue.drain() {
                if let Ok(true) = future.set_running_or_notify_cancel() {
                    futures.push(future);
                }
            }
            let commands = (0..state.processes.len()).map(Command::End).collect();
            (futures, commands)
        };
        self.execute(commands);
        let message =
            "A process in the process pool was terminated abruptly while the future was running or pending.";
        for future in futures {
            future
                .set(Err(Exception::new(BROKEN, message)))
                .expect("only its process ends a future that runs");
        }
        self.idle.notify_all();
    }

    fn go_on(&self) {
        let commands = self.advance(&mut self.state());
        self.execute(commands);
        self.idle.notify_all();
    }
}

const BROKEN: &str = "BrokenProcessPool";

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
        let future = {
            let mut state = self.state();
            if state.broken {
                let message = "A child process terminated abruptly, the process pool is not usable anymore";
                return Err(Exception::new(BROKEN, message));
            }
            if state.is_shut_down {
                return Err(Exception::runtime(AFTER_SHUTDOWN));
            }
            let future = Future::on(&self.stage, state.next);
            state.next += 1;
            seat::mark(&self.stage, Action::Submit, future.task().expect("it is on a stage"));
            if let Ok(bytes) = &message {
                let work = Message { bytes: bytes.clone(), is_chunk };
                state.queue.push(priority, Item { future: future.clone(), work });
            }
            future
        };
        match message {
            Ok(_) => self.go_on(),
            Err(exception) => future.set(Err(exception)).expect("nobody else has it yet"),
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
        let is_over = |state: &State| state.broken || state.is_idle();
        if is_over(&self.state()) {
            return;
        }
        blocked(|| {
            let mut state = self.state();
            while !is_over(&state) {
                state = wait(&self.idle, state, None);
            }
        });
    }

    fn started(&self) -> usize {
        self.state().processes.len()
    }

    fn stage(&self) -> &Arc<Stage> {
        &self.stage
    }

    fn chunk(&self, chunksize: usize) -> usize {
        chunksize
    }
}
