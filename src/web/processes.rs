//! The scheduler `processes` as the engine's worker and a process see it: `ProcessPorts` in
//! `www/src/engine/process-ports.js` passes messages between the two.

use std::panic::{RefUnwindSafe, UnwindSafe};

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::{
    plain::{list, object},
    run::Run,
};
use crate::scheduler::{self, Command, Event, Message, StartMethod};

#[wasm_bindgen]
impl Run {
    /// What is to be done now, in this order: `ProcessCommand[]` in `www/src/engine/protocol.js`. Empty if the run has no
    /// processes.
    pub fn commands(&self) -> JsValue {
        list(self.graph().map(scheduler::Run::commands).into_iter().flatten().map(command))
    }

    fn tell(&self, event: Event) {
        if let Some(run) = self.graph() {
            run.tell(event);
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
    pub fn died(&self, process: u32) {
        self.tell(Event::Died { process });
    }
}

fn command(command: Command) -> JsValue {
    match command {
        Command::Start { process, method } => object([
            ("type", "start".into()),
            ("process", process.into()),
            ("fork", (method == StartMethod::Fork).into()),
        ]),
        Command::Send { process, message } => {
            let message = Bytes(Content::Parts(message)).into();
            object([("type", "send".into()), ("process", process.into()), ("message", message)])
        }
        Command::End { process } => object([("type", "end".into()), ("process", process.into())]),
        Command::Finished => object([("type", "finished".into())]),
    }
}

/// A message in this memory: `ProcessMessage` in `www/src/engine/protocol.js`.
#[wasm_bindgen(js_name = ProcessMessage)]
pub struct Bytes(Content);

enum Content {
    /// For a process.
    Parts(Message),
    /// From a process.
    Whole(Vec<u8>),
}

// wasm-bindgen turns a panic into an exception. A message never changes.
impl UnwindSafe for Bytes {}
impl RefUnwindSafe for Bytes {}

#[wasm_bindgen(js_class = ProcessMessage)]
impl Bytes {
    /// How long it is.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> f64 {
        match &self.0 {
            Content::Parts(message) => message.len() as f64,
            Content::Whole(bytes) => bytes.len() as f64,
        }
    }

    /// Copies it.
    pub fn write(&self, to: &Uint8Array) {
        let mut at = 0;
        let mut write = |part: &[u8]| {
            let end = at + part.len() as u32;
            to.subarray(at, end).copy_from(part);
            at = end;
        };
        match &self.0 {
            Content::Parts(message) => message.parts().for_each(write),
            Content::Whole(bytes) => write(bytes),
        }
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

    /// Runs the tasks of a message and answers it.
    #[wasm_bindgen(js_name = onMessage)]
    pub fn on_message(&mut self, message: &[u8]) -> Bytes {
        Bytes(Content::Whole(self.0.on_message(message)))
    }
}
