//! The old lock, the new lock, a lock for each interpreter, and no lock, with the same work.

use super::{
    Build, Parameters, Program, ResultSchema, Threads,
    threads::{CORES, INTERVAL, MODE, add_speed_up, interval, threads, ticks},
};
use crate::{
    error::Result,
    interpreter::{Piece, Policy, Program as Pieces, Section},
};

pub(super) const PROGRAM: Program = Program {
    name: "locks-compared",
    title: "Four locks",
    summary: "The same counting under the lock of Python up to 3.1, the lock of 3.2 and later, a lock for each \
              interpreter, and no lock.",
    parameters: &[threads(2), ticks(1 << 23), INTERVAL, CORES, MODE],
    result: ResultSchema::named("locks"),
    build: Build::Threads(build),
};

fn build(parameters: &Parameters) -> Result<Threads> {
    let (threads, ticks) = (parameters.integer("threads"), parameters.integer("ticks"));
    let counts =
        |threads| Pieces::uniform(threads, &[Piece::Interpreted { ticks: (ticks / threads) as u64 }]);
    let locks = [
        ("ticks: up to 3.1", Policy::TICKS),
        ("interval: 3.2 and later", interval(parameters)),
        ("per interpreter: 3.12", Policy::PerInterpreter),
        ("none: free-threaded", Policy::NONE),
    ];
    let mut sections = vec![Section::new("1 thread", Policy::INTERVAL, counts(1))];
    sections.extend(locks.map(|(label, policy)| Section::new(label, policy, counts(threads))));
    Ok(Threads::new(parameters, sections)?.reporting(add_speed_up))
}
