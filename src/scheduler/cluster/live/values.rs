//! The values of a node. When they take more of its memory than they should, the least recently used are
//! spilled: they move to a file.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{
    super::{
        super::{bytes::Bytes, memory::Memory},
        message::RunId,
    },
    report::{Draft, Record, Span},
    storage::{Extent, File, Storage},
};
use crate::{clock::now_ms, error::Error, graph::TaskId, value::Value};

/// Values are spilled until they take no more than this share of the memory limit. Dask: `target`.
const TARGET: f64 = 0.6;

/// Above this share, the node takes no new tasks. Dask: `pause`.
const PAUSE: f64 = 0.8;

/// Where spilled values go.
enum Spool {
    /// Nothing was spilled so far.
    Unused,
    /// Somebody is to open a file.
    Wanted,
    /// Somebody opens one.
    Opening,
    Open(File),
    /// There is none.
    Absent,
}

enum Place {
    Memory(Value),
    File(Extent),
}

struct Kept {
    version: RunId,
    /// What it holds in memory.
    bytes: u64,
    /// When it was last used. 0 if it is not spilled, since nothing would be gained.
    used: u64,
    place: Place,
}

/// The values of a node, one for each task at most.
pub(super) struct Values {
    memory: Memory,
    limit: u64,
    kept: FxHashMap<TaskId, Kept>,
    /// The values that can be spilled, by when they were last used.
    order: BTreeMap<u64, TaskId>,
    /// Counts the uses.
    clock: u64,
    spool: Spool,
    /// Whether values were spilled or read back since somebody asked.
    has_moved: bool,
}

impl Values {
    /// No values. They may take `limit` bytes of memory.
    pub(super) fn new(limit: u64) -> Values {
        Values {
            memory: Memory::with_limit(limit),
            limit,
            kept: FxHashMap::default(),
            order: BTreeMap::new(),
            clock: 0,
            spool: Spool::Unused,
            has_moved: false,
        }
    }

    /// The memory in which there must be room before a value is [kept](Values::keep).
    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Whether there is a value of this task.
    pub(super) fn has(&self, task: TaskId) -> bool {
        self.kept.contains_key(&task)
    }

    /// The value of a task, if it is in memory.
    pub(super) fn get(&self, task: TaskId) -> Option<&Value> {
        match &self.kept.get(&task)?.place {
            Place::Memory(value) => Some(value),
            Place::File(_) => None,
        }
    }

    /// The version of a value.
    pub(super) fn version(&self, task: TaskId) -> Option<RunId> {
        self.kept.get(&task).map(|kept| kept.version)
    }

    /// Keeps a value. The memory counts it already.
    pub(super) fn keep(&mut self, task: TaskId, version: RunId, value: Value) {
        let bytes = value.bytes();
        let used = if bytes > 0 { self.tick(task) } else { 0 };
        let kept = Kept { version, bytes, used, place: Place::Memory(value) };
        if let Some(before) = self.kept.insert(task, kept) {
            self.let_go(before);
        }
    }

    /// Drops the value of a task, if it has this version.
    pub(super) fn free(&mut self, task: TaskId, version: RunId) {
        if self.version(task) == Some(version)
            && let Some(kept) = self.kept.remove(&task)
        {
            self.let_go(kept);
        }
    }

    fn let_go(&mut self, kept: Kept) {
        self.order.remove(&kept.used);
        match kept.place {
            Place::Memory(_) => self.memory.free(kept.bytes),
            Place::File(extent) => {
                if let Spool::Open(file) = &mut self.spool {
                    file.free(extent);
                }
            }
        }
    }

    /// The time of a use.
    fn tick(&mut self, task: TaskId) -> u64 {
        self.clock += 1;
        self.order.insert(self.clock, task);
        self.clock
    }

    /// Reads values back that were spilled, and notes that all of these are used. They stay in memory until others are used:
    /// see [`make_room`](Values::make_room). Returns a time for that.
    ///
    /// # Errors
    /// The task whose value is lost, since it cannot be read.
    pub(super) fn bring(&mut self, tasks: &[TaskId], report: &mut Draft) -> Result<u64, TaskId> {
        let since = self.clock;
        let mut missing = 0;
        for &task in tasks {
            let Some(kept) = self.kept.get_mut(&task) else { continue };
            match kept.place {
                Place::File(_) => missing += kept.bytes,
                Place::Memory(_) if kept.used > 0 => {
                    self.order.remove(&kept.used);
                    self.clock += 1;
                    kept.used = self.clock;
                    self.order.insert(self.clock, task);
                }
                Place::Memory(_) => {}
            }
        }
        if missing == 0 {
            return Ok(since);
        }
        self.make_room(missing, since, report);
        for &task in tasks {
            self.unspill(task, report).map_err(|()| task)?;
        }
        Ok(since)
    }

    /// Reads a value back, if it was spilled.
    fn unspill(&mut self, task: TaskId, report: &mut Draft) -> Result<(), ()> {
        let start_ms = now_ms();
        let Some(&Kept { bytes, place: Place::File(extent), .. }) = self.kept.get(&task) else {
            return Ok(());
        };
        let Spool::Open(file) = &mut self.spool else { return Err(()) };
        let read = file.read(extent).map_err(drop)?;
        let value = Value::decode(&read).map_err(drop)?;
        file.free(extent);
        self.memory.hold(bytes);
        let used = self.tick(task);
        let kept = self.kept.get_mut(&task).expect("it was found");
        (kept.used, kept.place) = (used, Place::Memory(value));
        let span = Span { start_ms, stop_ms: now_ms() };
        self.has_moved = true;
        report.add(&Record::Unspilled { task, span, length: extent.len() });
        Ok(())
    }

    /// Spills values that were not used after `since`, until there is room for `bytes`. Returns whether there is now.
    pub(super) fn make_room(&mut self, bytes: u64, since: u64, report: &mut Draft) -> bool {
        // A value that can never fit is no reason to spill.
        if bytes > self.limit {
            return false;
        }
        let most = self.limit - bytes;
        self.spill_to(most, since, report);
        self.memory.held() <= most
    }

    /// Spills values until those in memory take no more than they should.
    pub(super) fn settle(&mut self, report: &mut Draft) {
        if self.memory.held() > self.share(TARGET) {
            self.spill_to(self.share(TARGET), self.clock, report);
        }
    }

    fn spill_to(&mut self, most: u64, since: u64, report: &mut Draft) {
        if self.memory.held() > most && matches!(self.spool, Spool::Unused) {
            self.spool = Spool::Wanted;
        }
        while self.memory.held() > most
            && let Some((&used, &task)) = self.order.first_key_value()
            && used <= since
            && matches!(self.spool, Spool::Open(_))
        {
            self.spill(task, report);
        }
    }

    /// Moves a value to the file. A value that cannot be written stays.
    fn spill(&mut self, task: TaskId, report: &mut Draft) {
        let start_ms = now_ms();
        let (Some(kept), Spool::Open(file)) = (self.kept.get_mut(&task), &mut self.spool) else { return };
        let Place::Memory(value) = &kept.place else { return };
        self.order.remove(&kept.used);
        kept.used = 0;
        // A value that cannot leave this process is never spilled.
        let Ok(encoded) = value.encode() else { return };
        let Ok(extent) = file.add(&encoded.to_bytes()) else {
            // The disk is full: the node can only pause. What is there can still be read.
            self.order.clear();
            return;
        };
        drop(encoded);
        kept.place = Place::File(extent);
        self.memory.free(kept.bytes);
        let span = Span { start_ms, stop_ms: now_ms() };
        self.has_moved = true;
        report.add(&Record::Spilled { task, span, length: extent.len() });
    }

    /// Whether values were spilled or read back since the last call.
    pub(super) fn has_moved(&mut self) -> bool {
        std::mem::take(&mut self.has_moved)
    }

    /// A value as it is sent, if it has this version. It is `None` for [`Value::None`].
    ///
    /// # Errors
    /// The value cannot leave this process.
    pub(super) fn encoded(&mut self, task: TaskId, version: RunId) -> Result<Encoded, Error> {
        let Some(kept) = self.kept.get(&task).filter(|kept| kept.version == version) else {
            return Ok(Encoded::Missing);
        };
        match (&kept.place, &mut self.spool) {
            (Place::Memory(Value::None), _) => Ok(Encoded::None),
            (Place::Memory(value), _) => Ok(Encoded::Bytes(value.encode()?.to_bytes().into())),
            // The file has the form in which values are sent.
            (&Place::File(extent), Spool::Open(file)) => {
                Ok(file.read(extent).map_or(Encoded::Missing, |bytes| Encoded::Bytes(bytes.into())))
            }
            (Place::File(_), _) => Ok(Encoded::Missing),
        }
    }

    fn share(&self, share: f64) -> u64 {
        (self.limit as f64 * share) as u64
    }

    /// Whether the values take so much memory that the node should take no new tasks.
    pub(super) fn is_full(&self) -> bool {
        self.memory.held() > self.share(PAUSE)
    }

    /// Whether there is no file for values.
    pub(super) fn has_no_file(&self) -> bool {
        matches!(self.spool, Spool::Absent)
    }

    /// Whether nothing should be made before there is a file, or it is known that there will be none.
    pub(super) fn waits(&self) -> bool {
        matches!(self.spool, Spool::Wanted | Spool::Opening)
    }

    /// Whether somebody should open a file now. True once.
    pub(super) fn wants_storage(&mut self) -> bool {
        let wants = matches!(self.spool, Spool::Wanted);
        if wants {
            self.spool = Spool::Opening;
        }
        wants
    }

    /// There is a file from now on, or it is known that there will be none.
    pub(super) fn use_storage(&mut self, storage: Option<Box<dyn Storage>>) {
        self.spool = storage.map_or(Spool::Absent, |storage| Spool::Open(File::new(storage)));
    }
}

/// A value as it is sent.
pub(super) enum Encoded {
    /// It is not there.
    Missing,
    /// It is [`Value::None`].
    None,
    Bytes(Bytes),
}
