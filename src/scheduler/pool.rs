//! The pool: the threads that all runs share, and the queue in which jobs wait for one of them.
//!
//! The threads are those of rayon's global pool: native threads on the host, Web Workers in the browser. (There the page
//! creates them before the first run, through wasm-bindgen-rayon.) A job is one turn of a run's worker. rayon does not
//! promise any order of jobs, so this module keeps the order: each thread that rayon makes free takes the job that has
//! waited longest.

use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering::*},
};

use crossbeam_deque::{Injector, Steal};

/// What a thread of the pool does until it is free again.
pub(super) type Job = Box<dyn FnOnce() + Send>;

static QUEUE: LazyLock<Injector<Job>> = LazyLock::new(Injector::new);
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// The number of threads in the pool, and so the largest number of workers of a run. At least 8, more than most machines
/// have cores, so that oversubscription can be shown.
pub fn pool_size() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    {
        static STARTED: LazyLock<()> = LazyLock::new(|| {
            let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
            // An error means that the program has started the pool itself, with its own number of threads.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(cores.max(8)).build_global();
        });
        *STARTED;
    }
    rayon::current_num_threads()
}

/// Starts the pool if it has not been, and runs `job` on one of its threads.
pub(crate) fn spawn(job: Job) {
    pool_size();
    enqueue(job);
}

/// Runs `job` as soon as a thread is free and the jobs before it have started.
pub(super) fn enqueue(job: Job) {
    WAITING.fetch_add(1, Relaxed);
    QUEUE.push(job);
    rayon::spawn(|| {
        if let Some(job) = take() {
            WAITING.fetch_sub(1, Relaxed);
            job();
        }
    });
}

fn take() -> Option<Job> {
    loop {
        match QUEUE.steal() {
            Steal::Success(job) => return Some(job),
            Steal::Retry => continue,
            Steal::Empty => return None,
        }
    }
}

/// Whether a job waits for a thread.
#[inline]
pub(super) fn is_wanted() -> bool {
    WAITING.load(Relaxed) > 0
}
