//! Simulates runs of the gallery's graphs on a cluster, for `benches/cluster.py`. Reads a line of JSON for each run and
//! answers with the makespan in milliseconds.
//!
//! ```text
//! {"shape": "tree", "tasks": 200, "seed": 0, "nodes": 2, "slots": 1, "task_ms": 10, "value_bytes": 1000,
//!  "bytes_per_ms": 1e6, "latency_ms": 0.5, "decision_ms": 0.2, "placement": "earliest"}
//! ```

use std::io::{BufRead, stdin};

use dagdeck::{
    Op, Plan,
    graph::gallery::Shape,
    scheduler::cluster::simulation::{Parameters, Placement, Series},
};
use serde_json::Value;

fn main() {
    for line in stdin().lock().lines().map_while(Result::ok) {
        let asked: Value = serde_json::from_str(&line).expect("each line is a JSON object");
        println!("{}", makespan_ms(&asked));
    }
}

fn makespan_ms(asked: &Value) -> f64 {
    let number = |name: &str| asked[name].as_f64().unwrap_or_else(|| panic!("{name} is a number"));
    let shape: Shape = asked["shape"].as_str().expect("shape is a text").parse().expect("the shape exists");
    let graph = shape.graph(number("tasks") as u32, number("seed") as u64, |_| Op::NoOp);
    let parameters = Parameters {
        nodes: number("nodes") as u32,
        slots: number("slots") as u32,
        task_ms: number("task_ms"),
        value_bytes: number("value_bytes") as u64,
        bytes_per_ms: number("bytes_per_ms"),
        latency_ms: number("latency_ms"),
        decision_ms: number("decision_ms"),
        placement: match asked["placement"].as_str() {
            Some("random") => Placement::Random,
            Some("round robin") => Placement::RoundRobin,
            Some("stealing only") => Placement::StealingOnly,
            _ => Placement::Earliest,
        },
        ..Parameters::default()
    };
    let mut series = Series::new(&Plan::new(&graph), vec![parameters]).expect("the parameters are in range");
    while !series.step(1e3) {}
    series.reports()[0].makespan_ms
}
