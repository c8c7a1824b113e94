//! The convoy: a thread that makes short calls gets slow beside one that computes, since it waits for the lock after
//! each call.

use super::{
    Build, Cell, Column, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, Threads,
    threads::{CORES, MODE, ticks},
};
use crate::{
    error::Result,
    interpreter::{Piece, Policy, Program as Pieces, Section, Timeline},
    trace::{Action, Event},
};

/// What a thread does before each call.
const PREPARES: Piece = Piece::Interpreted { ticks: 100 };

/// The switch intervals, in microseconds. 5000 is Python's.
const INTERVALS_US: [u32; 4] = [500, 1000, 5000, 20_000];

const ROUND_TRIPS: Column = Column::measured("round-trips", "round trips", "1/s");

pub(super) const PROGRAM: Program = Program {
    name: "gil-convoy",
    title: "The convoy",
    summary: "One thread makes short blocking calls, the other computes. After each call the first one waits for the \
              lock, for a switch interval: the longer that is, the fewer calls.",
    parameters: &[
        Parameter {
            name: "calls",
            label: "calls",
            help: "The number of calls that the first thread makes.",
            kind: ParameterKind::Integer { min: 1, max: 4096, default: 100, scale: Scale::Log2 },
        },
        Parameter {
            name: "wait",
            label: "wait, µs",
            help: "How long each call waits for something outside of the program.",
            kind: ParameterKind::Integer { min: 10, max: 100_000, default: 100, scale: Scale::Log2 },
        },
        ticks(1 << 23),
        CORES,
        MODE,
    ],
    result: ResultSchema::named("convoy"),
    build: Build::Threads(build),
};

fn build(parameters: &Parameters) -> Result<Threads> {
    let call = [PREPARES, Piece::Blocking { ns: parameters.integer("wait") as u64 * 1000 }];
    let calls = call.repeat(parameters.integer("calls"));
    let computes = vec![Piece::Interpreted { ticks: parameters.integer("ticks") as u64 }];
    let both = Pieces { threads: vec![calls.clone(), computes] };
    let section =
        |label: String, policy, pieces| Section::new(label, policy, pieces).naming(&["calls", "computes"]);
    let alone = Pieces { threads: vec![calls] };
    let mut sections = vec![section("calls alone".to_owned(), Policy::INTERVAL, alone)];
    sections.extend(INTERVALS_US.map(|us| {
        let label = format!("interval {} ms", f64::from(us) / 1e3);
        section(label, Policy::Interval { ns: u64::from(us) * 1000 }, both.clone())
    }));
    sections.push(section("no lock".to_owned(), Policy::NONE, both));
    Ok(Threads::new(parameters, sections)?.reporting(|run, table| {
        let cells = run.sections().map(|(_, timeline, _)| Cell::from(round_trips_per_s(timeline)));
        table.add(ROUND_TRIPS, cells);
    }))
}

/// How many calls the first thread made in a second, from when all threads had started until one had finished. `None` if
/// there is no such time.
fn round_trips_per_s(timeline: &Timeline) -> Option<f64> {
    let starts = (0..timeline.threads()).filter_map(|thread| timeline.events(thread).next());
    let waited = starts.filter(|event| event.action == Action::NoCore);
    let from_ms = waited.map(|event| event.stop_ms).fold(0.0, f64::max);
    let ends = (0..timeline.threads()).map(|thread| timeline.finished_ms(thread));
    let until_ms = ends.collect::<Option<Vec<f64>>>()?.into_iter().fold(f64::INFINITY, f64::min);
    let meanwhile = |event: &Event| event.stop_ms > from_ms && event.stop_ms <= until_ms;
    let ended = timeline.events(0).filter(|event| event.action == Action::Compute && meanwhile(event));
    // Each call has two pieces.
    (until_ms > from_ms).then(|| (ended.count() / 2) as f64 / ((until_ms - from_ms) / 1e3))
}
