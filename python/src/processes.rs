//! The native module `_processes`: channels between interpreters, and starting one. `lib/multiprocessing` is built on it.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU32, Ordering::*},
};

pub(crate) use _processes::module_def;

/// The number of this process: 1 is the interpreter of the cells.
static NUMBER: AtomicU32 = AtomicU32::new(1);

/// The number of channels that this process has made.
static CHANNELS: AtomicU32 = AtomicU32::new(0);

/// The cells that have run, with their names.
static CELLS: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// The most cells that are kept. Definitions of earlier ones are unknown to processes.
const MOST_CELLS: usize = 256;

/// Says which process this is.
pub fn begin(number: u32) {
    NUMBER.store(number, Relaxed);
}

/// Notes a cell that begins to run.
pub fn note_cell(name: &str, source: &str) {
    let mut cells = cells();
    cells.retain(|(other, _)| other != name);
    if cells.len() == MOST_CELLS {
        cells.remove(0);
    }
    cells.push((name.to_owned(), source.to_owned()));
}

fn cells() -> MutexGuard<'static, Vec<(String, String)>> {
    CELLS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[rustpython_vm::pymodule]
mod _processes {
    use std::sync::atomic::Ordering::*;

    use rustpython_vm::{
        PyObjectRef, PyResult, VirtualMachine,
        builtins::PyBytesRef,
        function::{ArgIntoFloat, OptionalOption},
    };

    use crate::mailbox::{self, Answer, GIVEN_UP, Kind};

    /// The number of this process.
    #[pyfunction]
    fn number() -> u32 {
        super::NUMBER.load(Relaxed)
    }

    /// The number of a new channel, which no other process uses.
    #[pyfunction]
    fn channel() -> u64 {
        u64::from(number()) << 32 | u64::from(super::CHANNELS.fetch_add(1, Relaxed))
    }

    /// Puts a message at the end of a channel.
    #[pyfunction]
    fn put(channel: u64, message: PyBytesRef, vm: &VirtualMachine) {
        vm.allow_threads(|| mailbox::ask(Kind::Put, channel, message.as_bytes()));
    }

    /// Puts a message back to the front of a channel.
    #[pyfunction]
    fn put_back(channel: u64, message: PyBytesRef, vm: &VirtualMachine) {
        vm.allow_threads(|| mailbox::ask(Kind::PutBack, channel, message.as_bytes()));
    }

    /// Takes the first message of a channel. Returns None if none comes within `timeout` seconds.
    #[pyfunction]
    fn take(
        channel: u64,
        timeout: OptionalOption<ArgIntoFloat>,
        vm: &VirtualMachine,
    ) -> PyResult<PyObjectRef> {
        let most_ms = timeout.flatten().map(|seconds| (seconds.into_float().max(0.0) * 1e3).to_le_bytes());
        let request = mailbox::ask(Kind::Take, channel, most_ms.as_ref().map_or(&[], |bytes| bytes));
        loop {
            if let Some(Answer { status, bytes }) = vm.allow_threads(|| mailbox::answer(request)) {
                return Ok(if status == GIVEN_UP { vm.ctx.none() } else { vm.ctx.new_bytes(bytes).into() });
            }
            if let Err(interrupt) = vm.check_signals() {
                mailbox::give_up(request);
                let Answer { status, bytes } = last_answer(request, vm);
                // It came in the last moment.
                if status != GIVEN_UP {
                    mailbox::ask(Kind::PutBack, channel, &bytes);
                }
                return Err(interrupt);
            }
        }
    }

    /// The number of messages in a channel.
    #[pyfunction]
    fn count(channel: u64, vm: &VirtualMachine) -> u32 {
        let request = mailbox::ask(Kind::Count, channel, &[]);
        last_answer(request, vm).status
    }

    /// Starts a process, which begins with the messages of `channel`. Its exit code comes on the next channel. Returns its
    /// number, or 0 if there are too many.
    #[pyfunction]
    fn start(channel: u64, vm: &VirtualMachine) -> u32 {
        let request = mailbox::ask(Kind::Start, channel, &[]);
        last_answer(request, vm).status
    }

    /// Ends a process, which gets this exit code.
    #[pyfunction]
    fn end(number: u32, code: i32, vm: &VirtualMachine) {
        vm.allow_threads(|| mailbox::ask(Kind::End, number.into(), code.to_string().as_bytes()));
    }

    /// The cells that have run: pairs of name and source.
    #[pyfunction]
    fn cells(vm: &VirtualMachine) -> PyObjectRef {
        let cells = super::cells().clone();
        let pairs = cells.into_iter().map(|(name, source)| vm.new_tuple((name, source)).into());
        vm.ctx.new_list(pairs.collect()).into()
    }

    /// Notes cells of the process that has started this one.
    #[pyfunction]
    fn note_cell(name: String, source: String) {
        super::note_cell(&name, &source);
    }

    /// The page answers these at once.
    fn last_answer(request: u32, vm: &VirtualMachine) -> Answer {
        vm.allow_threads(|| std::iter::repeat_with(|| mailbox::answer(request)).flatten().next())
            .expect("it is asked for until it comes")
    }
}
