//! What graphs and runs cost in memory: counted by the allocator, so in a program of its own.
#![cfg(not(target_arch = "wasm32"))]
// An allocator is unsafe by its nature; this one only counts and hands on.
#![allow(unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::{
        Arc, Mutex,
        atomic::{AtomicIsize, Ordering::*},
    },
};

use dagdeck::{Op, Options, Plan, graph::gallery::Shape, scheduler};

struct Counting;

static HELD: AtomicIsize = AtomicIsize::new(0);

// SAFETY: hands every call on as it is; counting does not touch the memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size() as isize, Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size() as isize, Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test at a time: they all count in one place.
static ALONE: Mutex<()> = Mutex::new(());

/// What `make` gives, and how many bytes more are held since.
fn held_by<T>(make: impl FnOnce() -> T) -> (T, isize) {
    let before = HELD.load(Relaxed);
    let made = make();
    (made, HELD.load(Relaxed) - before)
}

#[test]
fn a_task_of_a_large_graph_takes_at_most_64_bytes_beyond_its_key() {
    let _alone = ALONE.lock().unwrap();
    for shape in [Shape::Independent, Shape::Chain, Shape::Tree, Shape::ForkJoin, Shape::RandomLayered] {
        let (graph, bytes) = held_by(|| shape.graph(1_000_000, 0, |_| Op::NoOp));
        let (plan, plan_bytes) = held_by(|| Plan::new(&graph));
        for (tasks, bytes) in [(graph.len(), bytes), (plan.len(), plan_bytes)] {
            // A block's key has a name that it shares with others, so what it takes lies in the table of keys.
            let per_task = bytes as f64 / tasks as f64 - size_of::<dagdeck::Key>() as f64;
            println!("{}: {per_task:.1} bytes a task beyond its key", shape.name());
            assert!(per_task <= 64.0, "{}: {per_task:.1} bytes a task", shape.name());
        }
    }
}

#[test]
fn a_thousand_runs_leave_nothing_behind() {
    let _alone = ALONE.lock().unwrap();
    let plan = Arc::new(Plan::new(&Shape::Tree.graph(1000, 0, |_| Op::NoOp)));
    let options = Options { workers: 4, ..Options::default() };
    let runs = |count: usize| {
        for i in 0..count {
            let mut run = scheduler::start(plan.clone(), options).unwrap();
            if i % 3 == 0 {
                run.cancel();
            }
            assert!(
                run.wait().map_or_else(|error| error.is_cancelled(), |outcome| outcome.values.len() == 1)
            );
        }
        // The last seats let go of a run just after it is over.
        while Arc::strong_count(&plan) > 1 {
            std::thread::yield_now();
        }
    };
    // The pool, its queues and the test's own buffers are there after the first.
    runs(100);
    let (_, bytes) = held_by(|| runs(1000));
    // A run of these has 40 kB; the pool's queue grows and shrinks by blocks of a few.
    assert!(bytes < 40_000, "{bytes} bytes are held after a thousand runs");
}
