//! Threads that count: the work takes as long on several threads as on one, if they share a lock.

use super::{
    Build, Parameters, Program, ResultSchema, Threads,
    threads::{CORES, INTERVAL, LOCK, MODE, add_speed_up, one_and_several, threads, ticks},
};
use crate::{
    error::Result,
    interpreter::{Piece, Program as Pieces},
};

pub(super) const PROGRAM: Program = Program {
    name: "gil-count",
    title: "Counting on threads",
    summary: "The same counting on one thread and on several. Threads that share the interpreter lock take turns, so \
              they are no faster.",
    parameters: &[LOCK, threads(2), ticks(1 << 23), INTERVAL, CORES, MODE],
    result: ResultSchema::named("counting"),
    build: Build::Threads(build),
};

fn build(parameters: &Parameters) -> Result<Threads> {
    let ticks = parameters.integer("ticks");
    let sections = one_and_several(parameters, |threads| {
        Pieces::uniform(threads, &[Piece::Interpreted { ticks: (ticks / threads) as u64 }])
    });
    Ok(Threads::new(parameters, sections)?.reporting(add_speed_up))
}
