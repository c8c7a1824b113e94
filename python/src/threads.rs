//! Python's threads, and those of dagdeck's pool. Each runs on a worker, which the page creates when no idle one is left.
//! Workers never end: they wait for the next job.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI32, Ordering::*},
    },
};

use rustpython_vm::wasm_thread::Job;

use crate::{output, stack};

/// The largest number of threads at a time. With more, Python raises `RuntimeError: can't start new thread`.
const MOST: usize = 64;

struct Jobs {
    /// Jobs that no worker has taken yet: Python's threads, and threads of dagdeck's pool.
    queue: VecDeque<Job>,
    /// The number of workers that wait for a job.
    idle: usize,
    /// The number of workers that the page has been asked for and that do not wait yet.
    coming: usize,
    /// The number of Python's threads that run or are in the queue.
    threads: usize,
}

static JOBS: Mutex<Jobs> = Mutex::new(Jobs { queue: VecDeque::new(), idle: 0, coming: 0, threads: 0 });

/// Notified when a job is put into the queue.
static QUEUED: Condvar = Condvar::new();

/// The number of workers that the page has been asked for, in all.
static WANTED: AtomicI32 = AtomicI32::new(0);

pub fn wanted_address() -> usize {
    WANTED.as_ptr().addr()
}

/// Runs `job` on a worker of its own.
pub fn spawn(job: Job) -> io::Result<()> {
    let mut jobs = lock();
    if jobs.threads == MOST {
        return Err(io::ErrorKind::QuotaExceeded.into());
    }
    jobs.threads += 1;
    drop(jobs);
    queue(Box::new(|| {
        // RustPython reports exceptions itself. After a panic, this worker can still run other threads.
        let _ = catch_unwind(AssertUnwindSafe(job));
        lock().threads -= 1;
    }));
    Ok(())
}

/// Runs `job` on a worker that has nothing else to do, without counting it as a thread of Python.
pub fn queue(job: Job) {
    let mut jobs = lock();
    jobs.queue.push_back(job);
    if jobs.queue.len() > jobs.idle + jobs.coming {
        jobs.coming += 1;
        WANTED.fetch_add(1, SeqCst);
        // SAFETY: the address is that of an aligned 32-bit word, which lives as long as the program.
        unsafe { core::arch::wasm32::memory_atomic_notify(WANTED.as_ptr(), 1) };
    }
    QUEUED.notify_one();
}

pub fn serve() -> ! {
    stack::bound();
    let mut jobs = lock();
    jobs.coming -= 1;
    loop {
        while let Some(job) = jobs.queue.pop_front() {
            drop(jobs);
            job();
            output::flush();
            jobs = lock();
        }
        jobs.idle += 1;
        jobs = QUEUED.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        jobs.idle -= 1;
    }
}

fn lock() -> MutexGuard<'static, Jobs> {
    JOBS.lock().unwrap_or_else(PoisonError::into_inner)
}
