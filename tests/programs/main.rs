//! The talk's array programs have the same results as Dask for the same Python. `array_graphs.rs` compares their
//! graphs.
#![cfg(not(target_arch = "wasm32"))]

mod cases;

use std::sync::Arc;

use dagdeck::{Options, Plan, scheduler};

#[test]
fn results_are_those_that_dask_computes() {
    for (case, job) in cases::cases() {
        let mut run = scheduler::start(Arc::new(Plan::new(&job.graph)), Options::default()).unwrap();
        case.check(&job, &run.wait().unwrap());
    }
}
