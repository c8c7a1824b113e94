//! The values of a node. When they take more of its memory than they should, the least recently used are
//! spilled: they move to a file.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    super::{
        super::{bytes::Part, memory::Memory},
        message::RunId,
    },
    report::{Draft, Record, Span},
    storage::{Extent, File, Storage},
};
use crate::{clock::now_ms, error::Error, graph::TaskId, trace::Reason, value::Value};

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

/// A value that a slot reads.
#[derive(Default)]
struct Pin {
    /// The number of readers.
    readers: u32,
    /// What it holds in memory, if it was dropped in the meantime.
    dropped: Option<u64>,
}

/// The versions of values that a task reads while it runs.
pub(super) type Pinned = SmallVec<[(TaskId, RunId); 4]>;

/// Why the inputs of a task are not in memory.
pub(super) enum NotHere {
    /// The value of this task cannot be read back.
    Lost(TaskId),
    /// There is no room for them before another task ends.
    NoRoom,
}

/// The values of a node, one for each task at most.
pub(super) struct Values {
    memory: Memory,
    limit: u64,
    kept: FxHashMap<TaskId, Kept>,
    /// The values that can be spilled, by when they were last used.
    order: BTreeMap<u64, TaskId>,
    /// The values that are read now. They are not spilled.
    pins: FxHashMap<(TaskId, RunId), Pin>,
    /// Counts the uses.
    clock: u64,
    spool: Spool,
    /// Whether the last value could not be written: the disk is full, or this page may not store more.
    is_storage_full: bool,
    /// Whether values were spilled or read back since somebody asked.
    has_moved: bool,
    /// A slot that is free, for the records of what is spilled and read back.
    pub(super) slot: u8,
}

impl Values {
    /// No values. They may take `limit` bytes of memory.
    pub(super) fn new(limit: u64) -> Values {
        Values {
            memory: Memory::with_limit(limit),
            limit,
            kept: FxHashMap::default(),
            order: BTreeMap::new(),
            pins: FxHashMap::default(),
            clock: 0,
            spool: Spool::Unused,
            is_storage_full: false,
            has_moved: false,
            slot: 0,
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
            self.let_go(task, before);
        }
    }

    /// Drops the value of a task, if it has this version.
    pub(super) fn free(&mut self, task: TaskId, version: RunId) {
        if self.version(task) == Some(version)
            && let Some(kept) = self.kept.remove(&task)
        {
            self.let_go(task, kept);
        }
    }

    fn let_go(&mut self, task: TaskId, kept: Kept) {
        self.order.remove(&kept.used);
        match kept.place {
            Place::Memory(_) => match self.pins.get_mut(&(task, kept.version)) {
                Some(pin) => pin.dropped = Some(kept.bytes),
                None => self.memory.free(kept.bytes),
            },
            Place::File(extent) => {
                if let Spool::Open(file) = &mut self.spool {
                    file.free(extent);
                    self.is_storage_full = false;
                }
            }
        }
    }

    /// The values that a task reads, for another thread. They stay in memory until they are [unpinned](Values::unpin).
    ///
    /// # Panics
    /// If one of them is not in memory.
    pub(super) fn pin(&mut self, tasks: &[TaskId]) -> (SmallVec<[Value; 4]>, Pinned) {
        let mut pinned = Pinned::new();
        let mut pin = |&task: &TaskId| {
            let kept = self.kept.get_mut(&task).expect("a task runs when its inputs are there");
            let Place::Memory(value) = &kept.place else { panic!("an input was not read back") };
            self.order.remove(&kept.used);
            kept.used = 0;
            self.pins.entry((task, kept.version)).or_default().readers += 1;
            pinned.push((task, kept.version));
            value.clone()
        };
        let values = tasks.iter().map(&mut pin).collect();
        (values, pinned)
    }

    /// A task that read these values has ended.
    pub(super) fn unpin(&mut self, pinned: &[(TaskId, RunId)]) {
        for key @ &(task, version) in pinned {
            let pin = self.pins.get_mut(key).expect("it was pinned");
            pin.readers -= 1;
            if pin.readers > 0 {
                continue;
            }
            match self.pins.remove(key).and_then(|pin| pin.dropped) {
                Some(bytes) => self.memory.free(bytes),
                None => {
                    let is_in_memory = |kept: &&mut Kept| {
                        kept.version == version && kept.bytes > 0 && matches!(kept.place, Place::Memory(_))
                    };
                    if let Some(kept) = self.kept.get_mut(&task).filter(is_in_memory) {
                        self.clock += 1;
                        kept.used = self.clock;
                        self.order.insert(self.clock, task);
                    }
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
    /// see [`make_room`](Values::make_room). Returns a time for that. `can_wait`: whether other tasks run, so that there may be
    /// more room later.
    ///
    /// # Errors
    /// A value cannot be read back, or there is no room.
    pub(super) fn bring(
        &mut self,
        tasks: &[TaskId],
        can_wait: bool,
        report: &mut Draft,
    ) -> Result<u64, NotHere> {
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
        if !self.make_room(missing, since, report) && can_wait {
            return Err(NotHere::NoRoom);
        }
        for &task in tasks {
            self.unspill(task, report).map_err(|()| NotHere::Lost(task))?;
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
        self.is_storage_full = false;
        self.memory.hold(bytes);
        let used = self.tick(task);
        let kept = self.kept.get_mut(&task).expect("it was found");
        (kept.used, kept.place) = (used, Place::Memory(value));
        let span = Span { slot: self.slot, start_ms, stop_ms: now_ms() };
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
            && !self.is_storage_full
            && matches!(self.spool, Spool::Open(_))
        {
            self.spill(task, report);
        }
    }

    /// Moves a value to the file. A value that cannot be written stays, and no other is written before there is room in the
    /// file.
    fn spill(&mut self, task: TaskId, report: &mut Draft) {
        let start_ms = now_ms();
        let (Some(kept), Spool::Open(file)) = (self.kept.get_mut(&task), &mut self.spool) else { return };
        let Place::Memory(value) = &kept.place else { return };
        let Ok(encoded) = value.encode() else {
            // A value that cannot leave this process is never spilled.
            self.order.remove(&kept.used);
            kept.used = 0;
            return;
        };
        let Ok(extent) = file.add(&encoded.to_bytes()) else {
            self.is_storage_full = true;
            return;
        };
        drop(encoded);
        self.order.remove(&kept.used);
        kept.used = 0;
        kept.place = Place::File(extent);
        self.memory.free(kept.bytes);
        let span = Span { slot: self.slot, start_ms, stop_ms: now_ms() };
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
            (Place::Memory(value), _) => Ok(Encoded::Part(value.encode()?.into())),
            // The file has the form in which values are sent.
            (&Place::File(extent), Spool::Open(file)) => {
                Ok(file.read(extent).map_or(Encoded::Missing, |bytes| Encoded::Part(bytes.into())))
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

    /// Why values cannot be spilled. [`Reason::None`] if they can.
    pub(super) fn why_not_spilled(&self) -> Reason {
        match self.spool {
            Spool::Absent => Reason::NoStorage,
            _ if self.is_storage_full => Reason::StorageFull,
            _ => Reason::None,
        }
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
    Part(Part),
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::block::Block;

    /// A file that may have this length.
    struct Limited(Vec<u8>, u64);

    impl Storage for Limited {
        fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), String> {
            match at + bytes.len() as u64 <= self.1 {
                true => self.0.write(at, bytes),
                false => Err("the disk is full".to_owned()),
            }
        }

        fn read(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), String> {
            self.0.read(at, bytes)
        }

        fn truncate(&mut self, length: u64) {
            Storage::truncate(&mut self.0, length);
        }
    }

    #[test]
    fn when_the_storage_is_full_no_value_is_lost_and_others_are_spilled_later() {
        let value = |of: u32| Value::from(Block::new(&[100], vec![f64::from(of); 100]));
        let length = value(0).encode().unwrap().to_bytes().len() as u64;
        let mut report = Draft::default();
        let mut values = Values::new(2400);
        values.spool = Spool::Wanted;
        values.use_storage(Some(Box::new(Limited(Vec::new(), 2 * length))));
        for task in 0..6 {
            values.memory().hold(800);
            values.keep(task, 1, value(task));
            values.settle(&mut report);
        }
        let is_spilled = |values: &Values, task: TaskId| values.get(task).is_none();
        let spilled = |values: &Values| (0..6).filter(|&task| is_spilled(values, task)).collect::<Vec<_>>();
        assert_eq!(spilled(&values), [0, 1], "there is no room for more");
        assert!(values.is_full() && values.why_not_spilled() == Reason::StorageFull);
        values.free(0, 1);
        assert_eq!(values.why_not_spilled(), Reason::None);
        values.settle(&mut report);
        assert!(is_spilled(&values, 2), "there is room for one");
        for task in 1..6 {
            let bytes = match values.encoded(task, 1).unwrap() {
                Encoded::Part(part) => crate::scheduler::Message::from(part).to_bytes(),
                _ => panic!("{task} is lost"),
            };
            assert_eq!(Value::decode(bytes.as_slice()).unwrap(), value(task));
        }
    }
}
