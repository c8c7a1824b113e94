//! Nodes of the scheduler `cluster`, as the engine's worker and a node see them. They are processes with another role:
//! `ProcessPorts` in `www/src/engine/process-ports.js` passes messages on, and so does `www/src/engine/node.js`.

use std::{
    cell::RefCell,
    ops::Range,
    panic::{RefUnwindSafe, UnwindSafe},
    sync::{Arc, OnceLock},
};

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{FileSystemReadWriteOptions, FileSystemSyncAccessHandle};

use super::{
    message::Bytes,
    plain::{list, object},
    run::Run,
};
use crate::{
    binary::Source,
    error::Message,
    scheduler::{
        self,
        cluster::live::{self, Command, Event, Place, Post, Slots, Storage},
    },
};

#[wasm_bindgen]
impl Run {
    /// Time has passed.
    pub fn tick(&self) {
        if let Some(run) = self.graph() {
            run.tell_cluster(Event::Tick);
        }
    }

    /// Adds a node to a cluster. Returns its place; undefined if there is no room for another.
    #[wasm_bindgen(js_name = addNode)]
    pub fn add_node(&self) -> Option<u32> {
        self.graph().and_then(scheduler::Run::add_node)
    }

    /// Ends the node at a place of a cluster, whatever it does. Returns whether there is one.
    #[wasm_bindgen(js_name = killNode)]
    pub fn kill_node(&self, place: u32) -> bool {
        self.graph().is_some_and(|run| run.kill_node(place))
    }

    /// The places of a cluster that have a node, and what happened to the node that died last: `Places` in
    /// `www/src/engine/protocol.js`. Undefined if the run has no nodes.
    pub fn places(&self) -> JsValue {
        let Some(run) = self.graph().filter(|run| run.is_cluster()) else { return JsValue::UNDEFINED };
        let place = |place: Place| object([("place", place.place.into()), ("isUp", place.is_up.into())]);
        let last_death = run.last_death().map_or(JsValue::NULL, JsValue::from);
        object([("places", list(run.places().into_iter().map(place))), ("lastDeath", last_death)])
    }
}

/// `ProcessCommand` in `www/src/engine/protocol.js`.
pub(super) fn command(command: Command) -> JsValue {
    match command {
        Command::Start { node, slots } => object([
            ("type", "start".into()),
            ("process", node.into()),
            ("fork", false.into()),
            ("role", "node".into()),
            ("slots", slots.into()),
        ]),
        Command::Link { first, second } => {
            object([("type", "link".into()), ("first", first.into()), ("second", second.into())])
        }
        Command::Send { node, message } => {
            let message = Bytes::of(message).into();
            object([("type", "send".into()), ("process", node.into()), ("message", message)])
        }
        Command::End { node } => object([("type", "end".into()), ("process", node.into())]),
        Command::Finished => object([("type", "finished".into())]),
    }
}

/// What happened to a process, if it is a node.
pub(super) fn event(event: scheduler::Event) -> Event {
    match event {
        scheduler::Event::Joined { process: node, .. } => Event::Joined { node },
        scheduler::Event::Reply { process: node, message } => Event::Said { node, message },
        scheduler::Event::Died { process: node, reason } => Event::Died { node, reason },
    }
}

/// The side of a node: it runs tasks, and keeps their values.
#[wasm_bindgen]
pub struct Member(live::Member);

// wasm-bindgen turns a panic into an exception. The page ends a node after one.
impl UnwindSafe for Member {}
impl RefUnwindSafe for Member {}

#[wasm_bindgen]
impl Member {
    /// In a memory of its own, which can grow to `most_bytes`. If it has several slots, each needs a thread that
    /// [serves](serve_slot) it.
    #[wasm_bindgen(constructor)]
    pub fn new(slots: u32, most_bytes: f64) -> Member {
        let mut member = live::Member::with_slots(slots);
        // Three quarters, as of the engine's memory (MEMORY_LIMIT).
        member.limit_memory((most_bytes * 0.75) as u64);
        if let Some(slots) = member.slots() {
            let _ = SLOTS.set(slots.clone());
        }
        Member(member)
    }

    /// A message came: from the scheduler, or from the node with this number.
    #[wasm_bindgen(js_name = onMessage)]
    pub fn on_message(&mut self, from: Option<u32>, message: &Uint8Array) {
        self.0.on_message(from, &Outside(message));
    }

    /// Runs tasks for about `budget_ms`. Returns whether there are more.
    pub fn work(&mut self, budget_ms: f64) -> bool {
        self.0.work(budget_ms)
    }

    /// Whether a file should be opened now for values that do not fit into memory. True once.
    #[wasm_bindgen(js_name = wantsStorage)]
    pub fn wants_storage(&mut self) -> bool {
        self.0.wants_storage()
    }

    /// There is a file for values from now on; undefined if there will be none. A worker has one node, and one file.
    #[wasm_bindgen(js_name = useStorage)]
    pub fn use_storage(&mut self, file: Option<FileSystemSyncAccessHandle>) {
        self.0.use_storage(file.map(|file| {
            FILE.set(Some(file));
            Box::new(FileOfWorker) as Box<dyn Storage>
        }));
    }

    /// The messages that are to be sent: `Post[]` in `www/src/engine/protocol.js`.
    pub fn posts(&mut self) -> JsValue {
        list(self.0.posts().into_iter().map(|Post { to, message, delay_ms }| {
            object([
                ("to", to.map_or(JsValue::NULL, JsValue::from)),
                ("message", Bytes::of(message).into()),
                ("delayMs", delay_ms.into()),
            ])
        }))
    }
}

/// A message that is not in this memory: blocks are copied from it to where they stay.
struct Outside<'a>(&'a Uint8Array);

/// How many bytes are copied at a time: few enough for the cache.
const PIECE: usize = 1 << 16;

impl Source for Outside<'_> {
    fn len(&self) -> usize {
        self.0.length() as usize
    }

    fn pieces(
        &self,
        range: Range<usize>,
        each: &mut dyn FnMut(&[u8]) -> Result<(), Message>,
    ) -> Result<(), Message> {
        let mut buffer = vec![0; PIECE.min(range.len())];
        for start in range.clone().step_by(PIECE) {
            let end = range.end.min(start + PIECE);
            let piece = &mut buffer[..end - start];
            self.0.subarray(start as u32, end as u32).copy_to(piece);
            each(piece)?;
        }
        Ok(())
    }
}

/// The slots of the node that has this memory.
static SLOTS: OnceLock<Arc<Slots>> = OnceLock::new();

/// Runs the tasks of a slot on this thread, which never returns. `tell` is called when the node should work.
#[wasm_bindgen(js_name = serveSlot)]
pub fn serve_slot(slot: usize, tell: &js_sys::Function) {
    if let Some(slots) = SLOTS.get() {
        slots.serve(slot, || {
            let _ = tell.call0(&JsValue::NULL);
        });
    }
}

thread_local! {
    /// The file of this worker, in the storage of the browser.
    static FILE: RefCell<Option<FileSystemSyncAccessHandle>> = const { RefCell::new(None) };
}

struct FileOfWorker;

impl FileOfWorker {
    fn with<T>(f: impl FnOnce(&FileSystemSyncAccessHandle) -> Result<T, JsValue>) -> Result<T, String> {
        let done = FILE.with_borrow(|file| file.as_ref().map(f));
        done.ok_or("there is no file")?.map_err(|error| format!("{error:?}"))
    }

    /// Whether all bytes were moved.
    fn all(moved: f64, bytes: usize) -> Result<(), String> {
        if moved == bytes as f64 { Ok(()) } else { Err(format!("{moved} of {bytes} bytes were moved")) }
    }
}

fn from(at: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(at as f64);
    options
}

impl Storage for FileOfWorker {
    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), String> {
        let written = FileOfWorker::with(|file| file.write_with_u8_array_and_options(bytes, &from(at)))?;
        FileOfWorker::all(written, bytes.len())
    }

    fn read(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), String> {
        let read = FileOfWorker::with(|file| file.read_with_u8_array_and_options(bytes, &from(at)))?;
        FileOfWorker::all(read, bytes.len())
    }

    fn truncate(&mut self, length: u64) {
        // A file that stays too long only takes space, until the run ends.
        let _ = FileOfWorker::with(|file| file.truncate_with_f64(length as f64));
    }
}
