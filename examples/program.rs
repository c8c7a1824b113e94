//! Runs programs on the host: a peer that takes turns with the page (`www/bench/arrays.bench.js`).
//!
//! Reads lines like `mandelbrot {"n": 1200}`, runs that program with two workers, and answers with the milliseconds
//! from the run's start to its end.

use std::{
    io::{BufRead, stdin},
    sync::Arc,
};

use dagdeck::{
    Options, Plan, Result, Scheduler,
    programs::{Given, Job, program},
    scheduler,
};

fn main() {
    for line in stdin().lock().lines().map_while(std::io::Result::ok) {
        match makespan_ms(&line) {
            Ok(ms) => println!("{ms}"),
            Err(error) => println!("{error}"),
        }
    }
}

fn makespan_ms(line: &str) -> Result<f64> {
    let (name, parameters) = line.split_once(' ').unwrap_or((line, "{}"));
    let given: Given = serde_json::from_str(parameters).expect("the parameters are a JSON object");
    let Job { graph, .. } = program(name)?.job(&given, 0)?;
    let options = Options { scheduler: Scheduler::Threads, workers: 2, trace: false, ..Options::default() };
    Ok(scheduler::start(Arc::new(Plan::new(&graph)), options)?.wait()?.summary.makespan_ms)
}
