//! Prints the gallery's graphs for `benches/order.py`, one line of JSON each, with our static order and the time it
//! took to find.
//!
//! ```text
//! cargo run --release --example gallery -- 1000 10000
//! ```

#![allow(clippy::disallowed_types, reason = "it runs on the host")]

use std::time::Instant;

use dagdeck::{
    Op,
    graph::{gallery::Shape, order},
};
use serde_json::json;

/// Seeds for the random shape.
const SEEDS: u64 = 5;

/// The time is the median of this many runs.
const RUNS: usize = 9;

fn main() {
    for argument in std::env::args().skip(1) {
        let tasks: u32 = argument.parse().expect("the arguments are numbers of tasks");
        for shape in Shape::ALL {
            let seeds = if shape == Shape::RandomLayered { SEEDS } else { 1 };
            (0..seeds).for_each(|seed| print(shape, tasks, seed));
        }
    }
}

fn print(shape: Shape, tasks: u32, seed: u64) {
    let graph = shape.graph(tasks, seed, |_| Op::NoOp);
    let mut sequence = Vec::new();
    let mut times_us: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            sequence = order(&graph);
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times_us.sort_by(f64::total_cmp);
    let line = json!({
        "shape": shape.name(),
        "tasks": tasks,
        "seed": seed,
        "dependencies": graph.dependencies().iter().collect::<Vec<_>>(),
        "targets": graph.targets(),
        "order": sequence,
        "us_per_task": times_us[RUNS / 2] / graph.len() as f64,
    });
    println!("{line}");
}
