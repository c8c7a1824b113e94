//! Threads that increment a counter: without a lock, increments are lost.

use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicU64, Ordering::*},
};

use super::{
    Build, Cell, Column, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, Table, Threads,
    threads::threads,
};
use crate::{
    error::Result,
    interpreter::{Native, Piece, Policy, Program as Pieces, Section},
};

/// The number of pieces into which each thread's increments are split.
const PARTS: usize = 32;

const COLUMNS: [Column; 6] = [
    Column::new("section", "section"),
    Column::new("threads", "threads"),
    Column::measured("time", "time", "ms"),
    Column::new("expected", "expected"),
    Column::new("counted", "counted"),
    Column::new("lost", "lost"),
];

pub(super) const PROGRAM: Program = Program {
    name: "race",
    title: "A race",
    summary: "Threads increment one counter. Without a lock, one thread overwrites what another has stored. A lock or \
              an atomic increment loses nothing. Processes do not see each other's counter.",
    parameters: &[
        threads(4),
        Parameter {
            name: "increments",
            label: "increments",
            help: "How often each thread increments the counter.",
            kind: ParameterKind::Integer { min: 32, max: 1 << 24, default: 1 << 22, scale: Scale::Log2 },
        },
    ],
    result: ResultSchema::named("counters"),
    build: Build::Threads(build),
};

/// A counter to which only one thread writes, with a cache line of its own.
#[derive(Default)]
#[repr(align(64))]
struct Own(AtomicU64);

/// Each way to count, with what it has counted.
#[derive(Default)]
struct Counters {
    unlocked: AtomicU64,
    locked: Mutex<u64>,
    atomic: AtomicU64,
    own: Vec<Own>,
}

/// `counter += 1` as two steps, between which another thread may store a value. Both are atomic, so this is no undefined
/// behaviour.
fn load_and_store(counter: &AtomicU64) {
    counter.store(counter.load(Relaxed) + 1, Relaxed);
}

impl Counters {
    fn locked(&self) -> MutexGuard<'_, u64> {
        self.locked.lock().expect("nothing panics while it holds this lock")
    }
}

/// A way to count.
struct Way {
    label: &'static str,
    /// What a thread does to increment the counter.
    increment: fn(&Counters, usize),
    /// What the program finds in the counter at the end.
    counted: fn(&Counters) -> u64,
}

const WAYS: [Way; 4] = [
    Way {
        label: "no lock",
        increment: |all, _| load_and_store(&all.unlocked),
        counted: |all| all.unlocked.load(Relaxed),
    },
    Way { label: "lock", increment: |all, _| *all.locked() += 1, counted: |all| *all.locked() },
    Way {
        label: "atomic",
        increment: |all, _| {
            all.atomic.fetch_add(1, Relaxed);
        },
        counted: |all| all.atomic.load(Relaxed),
    },
    Way {
        label: "own counter each",
        increment: |all, thread| load_and_store(&all.own[thread].0),
        counted: |all| all.own[0].0.load(Relaxed),
    },
];

fn build(parameters: &Parameters) -> Result<Threads> {
    let (threads, increments) = (parameters.integer("threads"), parameters.integer("increments"));
    let own = (0..threads).map(|_| Own::default()).collect();
    let counters = Arc::new(Counters { own, ..Counters::default() });
    // The time of a piece is not known before it runs.
    let pieces = Pieces::uniform(threads, &[Piece::Native { ns: 0, keeps_lock: false }; PARTS]);
    let section = |Way { label, increment, .. }: Way| {
        let counters = counters.clone();
        let native = Native::new(move |thread, part| {
            let part = (part + 1) * increments / PARTS - part * increments / PARTS;
            (0..part).for_each(|_| increment(&counters, thread));
        });
        Section { native: Some(native), ..Section::new(label, Policy::NONE, pieces.clone()) }
    };
    let sections = WAYS.map(section).into();
    let expected = (threads * increments) as u64;
    let live = Threads::live(sections, move |run| {
        let mut table = Table::new(&COLUMNS);
        for ((section, timeline, _), way) in run.sections().zip(WAYS) {
            let counted = (way.counted)(&counters);
            table.rows.push(vec![
                Cell::Text(section.label.clone()),
                (threads as u64).into(),
                timeline.makespan_ms().into(),
                expected.into(),
                counted.into(),
                (expected - counted).into(),
            ]);
        }
        table
    });
    Ok(live.noting(
        "The last row stands for processes: each thread has a counter of its own, and the first thread's is shown.",
    ))
}
