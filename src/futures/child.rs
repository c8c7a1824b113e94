//! The other end of a process: what it does with a message, and a stand-in for a process that runs on a thread.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, mpsc},
};

use super::{
    call::{Reply, decode_calls},
    exception::Exception,
    processes::{Inbox, Remote},
};
use crate::{clock::now_ms, interpreter::Job, scheduler::StartMethod};

/// What a process does with each message: runs its calls one after another, until one raises. Returns the reply.
pub fn serve(message: &[u8]) -> Vec<u8> {
    let start_ms = now_ms();
    let outcome = match decode_calls(message) {
        Ok(calls) => calls.into_iter().map(|named| super::call::Call::named(named).run()).collect(),
        Err(error) => Err(Exception::new("UnpicklingError", error.to_string())),
    };
    Reply { outcome, compute_ms: now_ms() - start_ms }.encode()
}

/// Processes that are threads of this one, and share nothing but messages with it. Copies are the same.
///
/// A process that is [killed](Local::kill) finishes its calls, but nobody hears of them.
#[derive(Clone)]
pub struct Local(Arc<Shared>);

struct Shared {
    serve: Serve,
    spawn: Box<dyn Fn(Job) + Send + Sync>,
    running: Mutex<Running>,
}

type Serve = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// Where to send the messages of a process, and who hears of it.
type Running = HashMap<usize, (mpsc::Sender<Vec<u8>>, Inbox)>;

impl Local {
    /// `spawn` is called once for each process, which runs [`serve`] on each message.
    pub fn new(spawn: impl Fn(Job) + Send + Sync + 'static) -> Local {
        Local::serving(serve, spawn)
    }

    /// Processes that do something else with a message. The reply must be one of [`serve`].
    pub fn serving(
        serve: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
        spawn: impl Fn(Job) + Send + Sync + 'static,
    ) -> Local {
        let shared =
            Shared { serve: Box::new(serve), spawn: Box::new(spawn), running: Mutex::new(HashMap::new()) };
        Local(Arc::new(shared))
    }

    /// Ends a process as the operating system does when memory runs out. Returns whether it was there.
    pub fn kill(&self, process: usize) -> bool {
        let killed = self.running().remove(&process);
        killed.inspect(|(_, inbox)| inbox.died()).is_some()
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.running.lock().expect("nothing panics while it holds this lock")
    }
}

impl Remote for Local {
    /// A thread needs no copy of the memory.
    fn start(&self, process: usize, _: StartMethod, inbox: Inbox) {
        let asked_ms = now_ms();
        let (sender, messages) = mpsc::channel::<Vec<u8>>();
        self.running().insert(process, (sender, inbox.clone()));
        let this = self.clone();
        (self.0.spawn)(Box::new(move || {
            inbox.joined(0, now_ms() - asked_ms);
            for message in messages {
                let reply = (this.0.serve)(&message);
                if !this.running().contains_key(&process) {
                    return;
                }
                inbox.reply(&reply);
            }
        }));
    }

    fn send(&self, process: usize, message: Vec<u8>) {
        if let Some((sender, _)) = self.running().get(&process) {
            // A thread that has ended was killed, which the pool is told.
            let _ = sender.send(message);
        }
    }

    fn end(&self, process: usize) {
        self.running().remove(&process);
    }
}
