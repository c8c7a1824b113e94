//! The pool: the threads that all runs share, and the queue in which their seats wait for one.
//!
//! Threads come from rayon's global pool: native threads on the host, Web Workers in the browser (where the page
//! makes them, through wasm-bindgen-rayon, before the first run). A *seat* is the right of a run's worker to a
//! thread. rayon gives no promise about which job comes first, so the order is kept here: every job that rayon
//! runs takes the seat that has waited longest.

use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering::*},
};

use crossbeam_deque::{Injector, Steal};

use super::seat::Seat;

static QUEUE: LazyLock<Injector<Seat>> = LazyLock::new(Injector::new);
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// How many threads the pool has, and so how many workers a run may have: at least 8, more than most machines
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

/// Lets `seat` work as soon as a thread is free and those before it have had theirs.
pub(super) fn enqueue(seat: Seat) {
    WAITING.fetch_add(1, Relaxed);
    QUEUE.push(seat);
    rayon::spawn(|| {
        if let Some(seat) = take() {
            WAITING.fetch_sub(1, Relaxed);
            seat.work();
        }
    });
}

fn take() -> Option<Seat> {
    loop {
        match QUEUE.steal() {
            Steal::Success(seat) => return Some(seat),
            Steal::Retry => continue,
            Steal::Empty => return None,
        }
    }
}

/// Whether a seat waits for a thread.
#[inline]
pub(super) fn is_wanted() -> bool {
    WAITING.load(Relaxed) > 0
}
