//! Messages of processes and nodes, in the memory of the module.

use std::panic::{RefUnwindSafe, UnwindSafe};

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::scheduler::Message;

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

impl Bytes {
    pub(super) fn of(message: Message) -> Bytes {
        Bytes(Content::Parts(message))
    }

    pub(super) fn whole(message: Vec<u8>) -> Bytes {
        Bytes(Content::Whole(message))
    }
}

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
            Content::Parts(message) => message.write(&mut write),
            Content::Whole(bytes) => write(bytes),
        }
    }
}
