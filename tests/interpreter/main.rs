//! The interpreter lock. The model: what is known of each policy, and laws that hold for every program. The live lock.
#![cfg(not(any(target_arch = "wasm32", loom)))]

mod comparison;
mod known;
mod laws;
mod live;
mod programs;

use dagdeck::interpreter::{Piece, Timeline};

/// `ms` milliseconds of interpreted code on the default machine, whose ticks take 50 ns.
fn interpreted(ms: u64) -> Piece {
    Piece::Interpreted { ticks: ms * 20_000 }
}

/// A time of a trace in nanoseconds: the model's times are whole ones.
fn ns(ms: f64) -> u64 {
    (ms * 1e6).round() as u64
}

fn makespan_ns(timeline: &Timeline) -> u64 {
    ns(timeline.makespan_ms().expect("a simulation finishes"))
}
