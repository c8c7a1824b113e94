//! Processes of the scheduler `processes` and of futures, as the engine's worker and a process see them: `ProcessPorts` in
//! `www/src/engine/process-ports.js` passes messages between the two.

use std::panic::{RefUnwindSafe, UnwindSafe};

use wasm_bindgen::prelude::*;

use super::{
    cluster,
    message::Bytes,
    plain::{list, object},
    run::{Run, promise},
};
use crate::{
    futures,
    scheduler::{self, Command, Event, StartMethod},
};

#[wasm_bindgen]
impl Run {
    /// What is to be done now, in this order: `ProcessCommand[]` in `www/src/engine/protocol.js`. Empty if the run has no
    /// processes.
    pub fn commands(&self) -> JsValue {
        let commands = match (self.graph(), self.post()) {
            (Some(run), _) if run.is_cluster() => {
                return list(run.cluster_commands().into_iter().map(cluster::command));
            }
            (Some(run), _) => run.commands(),
            (_, Some(post)) => post.commands(),
            _ => Vec::new(),
        };
        list(commands.into_iter().map(command))
    }

    /// Resolves to true when there are commands that no event has led to, since a thread of the run wants something; to false
    /// when there will be none.
    pub fn wanted(&self) -> js_sys::Promise {
        let wanted = self.post().map(futures::Post::wanted);
        promise(async {
            match wanted {
                Some(wanted) => wanted.await,
                None => false,
            }
        })
    }

    fn tell(&self, event: Event) {
        match (self.graph(), self.post()) {
            (Some(run), _) if run.is_cluster() => run.tell_cluster(cluster::event(event)),
            (Some(run), _) => run.tell(event),
            (_, Some(post)) => post.tell(event),
            _ => {}
        }
    }

    /// A process is there. `bytes` were copied into its memory, and its start took `ms`.
    pub fn joined(&self, process: u32, bytes: f64, ms: f64) {
        self.tell(Event::Joined { process, bytes: bytes as u64, ms });
    }

    /// A process has answered.
    pub fn reply(&self, process: u32, message: Vec<u8>) {
        self.tell(Event::Reply { process, message });
    }

    /// A process did not start, or it is gone.
    pub fn died(&self, process: u32, reason: String) {
        self.tell(Event::Died { process, reason });
    }
}

fn command(command: Command) -> JsValue {
    match command {
        Command::Start { process, method } => object([
            ("type", "start".into()),
            ("process", process.into()),
            ("fork", (method == StartMethod::Fork).into()),
            ("role", "child".into()),
        ]),
        Command::Send { process, message } => {
            let message = Bytes::of(message).into();
            object([("type", "send".into()), ("process", process.into()), ("message", message)])
        }
        Command::End { process } => object([("type", "end".into()), ("process", process.into())]),
        Command::Finished => object([("type", "finished".into())]),
    }
}

/// The side of a process: it runs the tasks that come in messages.
#[wasm_bindgen]
pub struct Child(scheduler::Child);

// wasm-bindgen turns a panic into an exception. The page ends a process after one.
impl UnwindSafe for Child {}
impl RefUnwindSafe for Child {}

#[wasm_bindgen]
impl Child {
    /// In a memory of its own, or in a copy of the engine's.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript has no defaults")]
    pub fn new() -> Child {
        Child(scheduler::Child::new())
    }

    /// Runs the tasks or the calls of a message and answers it.
    #[wasm_bindgen(js_name = onMessage)]
    pub fn on_message(&mut self, message: &[u8]) -> Bytes {
        let reply = match futures::is_for_serve(message) {
            true => futures::serve(message),
            false => self.0.on_message(message),
        };
        Bytes::whole(reply)
    }
}
