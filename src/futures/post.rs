//! Processes that somebody else owns: in the browser the page. What is to be done with them is noted here until it is
//! fetched, and what happened to them is told here.

use std::{
    collections::HashMap,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard},
    task::{Poll, Waker},
};

use super::processes::{Inbox, Remote};
use crate::scheduler::{Command, Event, StartMethod};

/// The end of the owner, who speaks of processes as in a run of the scheduler `processes`. When it is dropped, nobody carries
/// out commands any more.
#[derive(Default)]
pub struct Post(Arc<Shared>);

#[derive(Default)]
struct Shared(Mutex<State>);

#[derive(Default)]
struct State {
    commands: Vec<Command>,
    /// Who hears of each process.
    inboxes: HashMap<u32, Inbox>,
    waker: Option<Waker>,
    is_closed: bool,
}

impl Post {
    /// The end of executors.
    pub fn remote(&self) -> impl Remote + use<> {
        Sender(self.0.clone())
    }

    /// What is to be done now, in this order.
    pub fn commands(&self) -> Vec<Command> {
        std::mem::take(&mut self.0.state().commands)
    }

    /// Resolves when there is something to be done: `true`; or when there will never be: `false`. For one waiter at a time.
    pub fn wanted(&self) -> impl Future<Output = bool> + use<> {
        let shared = self.0.clone();
        poll_fn(move |context| {
            let mut state = shared.state();
            if state.is_closed || !state.commands.is_empty() {
                return Poll::Ready(!state.is_closed);
            }
            state.waker = Some(context.waker().clone());
            Poll::Pending
        })
    }

    /// Tells what happened to a process.
    pub fn tell(&self, event: Event) {
        let (Event::Joined { process, .. } | Event::Reply { process, .. } | Event::Died { process, .. }) =
            event;
        // A process that was ended may still be heard of.
        let Some(inbox) = self.0.state().inboxes.get(&process).cloned() else { return };
        match event {
            Event::Joined { bytes, ms, .. } => inbox.joined(bytes, ms),
            Event::Reply { message, .. } => inbox.reply(&message),
            Event::Died { .. } => inbox.died(),
        }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.0.change(|state| state.is_closed = true);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let waker = {
            let mut state = self.state();
            change(&mut state);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

struct Sender(Arc<Shared>);

impl Remote for Sender {
    fn start(&self, process: usize, method: StartMethod, inbox: Inbox) {
        let process = process as u32;
        self.0.change(|state| {
            state.inboxes.insert(process, inbox);
            state.commands.push(Command::Start { process, method });
        });
    }

    fn send(&self, process: usize, message: Vec<u8>) {
        let (process, message) = (process as u32, message.into());
        self.0.change(|state| state.commands.push(Command::Send { process, message }));
    }

    fn end(&self, process: usize) {
        let process = process as u32;
        self.0.change(|state| {
            state.inboxes.remove(&process);
            state.commands.push(Command::End { process });
        });
    }
}
