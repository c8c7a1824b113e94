//! The talk's array programs have the same results as Dask for the same Python. `array_graphs.rs` compares their
//! graphs.
#![cfg(not(target_arch = "wasm32"))]

mod cases;
mod futures;

use std::sync::Arc;

use dagdeck::{
    Options, Plan, Scheduler,
    programs::{Given, GivenValue, program},
    scheduler,
};

#[test]
fn results_are_those_that_dask_computes() {
    for (case, job) in cases::cases() {
        for scheduler in [Scheduler::Threads, Scheduler::Processes] {
            let options = Options { scheduler, ..Options::default() };
            let mut run = scheduler::start(Arc::new(Plan::new(&job.graph)), options).unwrap();
            case.check(&job, &run.wait().unwrap());
        }
    }
}

/// Their result is a measurement.
#[test]
fn programs_without_a_result_of_their_own_run_on_processes() {
    for name in ["busy", "no-op"] {
        let given: Given = [("tasks".to_owned(), GivenValue::Number(200.0))].into_iter().collect();
        let job = program(name).unwrap().job(&given, 0).unwrap();
        let options = Options { scheduler: Scheduler::Processes, workers: 3, ..Options::default() };
        let mut run = scheduler::start(Arc::new(Plan::new(&job.graph)), options).unwrap();
        assert!(job.wanted.answer(&run.wait().unwrap()).is_ok(), "{name}");
    }
}
