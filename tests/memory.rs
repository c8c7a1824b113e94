//! The memory that graphs and runs take, counted by the allocator. This needs a test program of its own.
#![cfg(not(target_arch = "wasm32"))]
// An allocator is inherently unsafe; this one only counts and forwards.
#![allow(unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::{
        Arc, Mutex,
        atomic::{AtomicIsize, Ordering::*},
    },
    time::Duration,
};

use dagdeck::{Op, Options, Plan, graph::gallery::Shape, scheduler};

struct Counting;

static HELD: AtomicIsize = AtomicIsize::new(0);

// SAFETY: forwards every call unchanged; counting does not touch the memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size() as isize, Relaxed);
        // SAFETY: guaranteed by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size() as isize, Relaxed);
        // SAFETY: guaranteed by the caller.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test at a time: they share the counter.
static ALONE: Mutex<()> = Mutex::new(());

/// The result of `make`, and the number of additional bytes held since.
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
            // A block's key shares its name with others, so it only takes space in the table of keys.
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
        // The last seats release a run shortly after it ends.
        while Arc::strong_count(&plan) > 1 {
            std::thread::yield_now();
        }
    };
    // The first run creates the pool, its queues and the test's own buffers.
    runs(100);
    let before = HELD.load(Relaxed);
    runs(1000);
    // Each run here takes 400 kB, most of it for the trace; the pool's queue grows and shrinks by blocks of a few kB. The
    // last seats release a run shortly after it ends.
    let held = || HELD.load(Relaxed) - before;
    let is_released = (0..10_000).any(|_| {
        std::thread::sleep(Duration::from_millis(1));
        held() < 40_000
    });
    assert!(is_released, "{} bytes are held after a thousand runs", held());
}
