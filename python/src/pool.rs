//! The threads of dagdeck's scheduler, and Python on them.
//!
//! The scheduler takes its threads from rayon's pool. Here these run on workers of the same kind as Python's threads, but
//! never on the same workers: a thread of Python that blocks must not hold up a run. They are created when a run needs
//! them for the first time, and stay.

use std::{
    cell::OnceCell,
    mem::ManuallyDrop,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use rustpython_vm::{
    VirtualMachine,
    vm::thread::{ThreadedVirtualMachine, current_vm_is_set, with_current_vm},
};

use crate::threads;

/// The smallest number of threads: more than most machines have cores, so that a talk can show what that does.
const LEAST: usize = 8;

static CORES: AtomicUsize = AtomicUsize::new(1);
static STARTED: OnceLock<()> = OnceLock::new();

/// Virtual machines for the threads that have none yet.
static SPARE: Mutex<Vec<ThreadedVirtualMachine>> = Mutex::new(Vec::new());

thread_local!(static MACHINE: OnceCell<ThreadedVirtualMachine> = const { OnceCell::new() });

/// Sets the number of cores. Called once, before anything else.
pub fn set_cores(cores: usize) {
    CORES.store(cores.max(1), Relaxed);
}

/// The number of workers of a run that does not say how many.
pub fn cores() -> usize {
    CORES.load(Relaxed)
}

/// The largest number of workers of a run.
pub fn size() -> usize {
    cores().max(LEAST)
}

/// Creates the threads, unless they exist.
pub fn start(vm: &VirtualMachine) {
    if STARTED.get().is_some() {
        return;
    }
    let machines: Vec<_> = (0..size()).map(|_| vm.new_thread()).collect();
    let start = || {
        SPARE.lock().unwrap_or_else(PoisonError::into_inner).extend(machines);
        let spawn = |thread: rayon::ThreadBuilder| {
            threads::queue(Box::new(|| thread.run()));
            Ok(())
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(size()).spawn_handler(spawn).build_global();
        pool.expect("nobody else starts a pool, and to queue a thread does not fail");
    };
    // Another thread may be starting them.
    vm.allow_threads(|| STARTED.get_or_init(start));
}

/// Whether this is one of the threads.
pub fn is_inside() -> bool {
    rayon::current_thread_index().is_some()
}

/// Runs Python on any thread: on one of the pool, with the virtual machine that it keeps.
pub fn with_vm<R>(f: impl FnOnce(&VirtualMachine) -> R) -> R {
    if current_vm_is_set() {
        return with_current_vm(f);
    }
    MACHINE.with(|machine| {
        let spare = || SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        machine.get_or_init(|| spare().expect("there is one for each thread of the pool")).run(f)
    })
}

/// Something of Python's that the scheduler holds, and may drop on any thread.
pub struct Held<T>(ManuallyDrop<T>);

impl<T> Held<T> {
    pub fn new(held: T) -> Held<T> {
        Held(ManuallyDrop::new(held))
    }

    pub fn get(&self) -> &T {
        &self.0
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        // SAFETY: nothing uses it after this.
        let held = unsafe { ManuallyDrop::take(&mut self.0) };
        with_vm(|_| drop(held));
    }
}
