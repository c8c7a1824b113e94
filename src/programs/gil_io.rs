//! Calls that block: they overlap on several threads, since a thread that waits does not hold the lock.

use super::{
    Build, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, Threads,
    threads::{CORES, INTERVAL, LOCK, MODE, add_speed_up, one_and_several, threads},
};
use crate::{
    error::Result,
    interpreter::{Piece, Program as Pieces},
};

/// What a thread does before each call.
const PREPARES: Piece = Piece::Interpreted { ticks: 1000 };

pub(super) const PROGRAM: Program = Program {
    name: "gil-io",
    title: "Waiting on threads",
    summary: "The same blocking calls on one thread and on several. A thread that waits does not hold the interpreter \
              lock, so calls of several threads overlap.",
    parameters: &[
        LOCK,
        threads(4),
        Parameter {
            name: "calls",
            label: "calls",
            help: "The number of blocking calls, which the threads share.",
            kind: ParameterKind::Integer { min: 1, max: 1000, default: 8, scale: Scale::Log2 },
        },
        Parameter {
            name: "wait",
            label: "wait, ms",
            help: "How long each call waits for something outside of the program.",
            kind: ParameterKind::Integer { min: 1, max: 1000, default: 50, scale: Scale::Log2 },
        },
        INTERVAL,
        CORES,
        MODE,
    ],
    result: ResultSchema::named("waiting"),
    build: Build::Threads(build),
};

fn build(parameters: &Parameters) -> Result<Threads> {
    let (calls, wait_ms) = (parameters.integer("calls"), parameters.integer("wait") as u64);
    let call = [PREPARES, Piece::Blocking { ns: wait_ms * 1_000_000 }];
    // If they cannot share the calls evenly, the first threads make one call more.
    let of = |thread, threads| call.repeat((calls + threads - 1 - thread) / threads);
    let sections = one_and_several(parameters, |threads| {
        let threads = threads.min(calls);
        Pieces { threads: (0..threads).map(|thread| of(thread, threads)).collect() }
    });
    Ok(Threads::new(parameters, sections)?.reporting(add_speed_up))
}
