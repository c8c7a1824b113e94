//! Several runs on one pool, cancelled runs, and invalid options.

use std::{sync::Arc, time::Duration};

use dagdeck::{GraphBuilder, Key, Op, Options, Plan, Run, operations::Busy, scheduler};

use crate::{
    CLUSTER, PROCESSES, SYNC, THREADS,
    graphs::{adding, shapes},
    laws::lawful_trace,
    plan, run,
};

/// `tasks` tasks that compute for `steps` steps each.
fn busy(tasks: u32, steps: u64) -> Arc<Plan> {
    let mut graph = GraphBuilder::new();
    for i in 0..tasks {
        let key = Key::block("busy", &[i]);
        graph.task(key.clone(), Op::Busy(Busy { steps, failures: 0 }), []);
        graph.target(key);
    }
    plan(&graph.build().unwrap())
}

#[test]
fn runs_at_once_share_the_pool_and_all_end() {
    let plan = plan(&shapes()[2].1);
    let expected = run(&plan, SYNC).1.unwrap().values;
    let options = Options { workers: 8, ..THREADS };
    let mut runs: Vec<Run> = (0..50).map(|_| scheduler::start(plan.clone(), options).unwrap()).collect();
    for run in &mut runs {
        assert_eq!(run.wait().unwrap().values, expected);
    }
}

#[test]
fn no_run_starves_beside_larger_ones() {
    // Hours of work on every thread, many times over. The small run finishes anyway.
    let large = busy(1_000_000, 10_000_000);
    let options = Options { workers: scheduler::pool_size(), ..THREADS };
    let mut large: Vec<Run> = (0..4).map(|_| scheduler::start(large.clone(), options).unwrap()).collect();
    for _ in 0..3 {
        let (small, outcome) = run(&busy(100, 1000), options);
        assert_eq!(outcome.unwrap().values.len(), small.plan().len());
    }
    assert!(large.iter().all(|run| !run.is_over()));
    large.iter_mut().for_each(Run::cancel);
    assert!(large.iter_mut().all(|run| run.wait().unwrap_err().is_cancelled()));
}

#[test]
fn a_cancelled_run_ends_and_says_so() {
    // Minutes of work, so that neither run can be over before it is cancelled.
    let plan = busy(100_000, 1_000_000);
    for options in [SYNC, THREADS, PROCESSES, CLUSTER].map(|options| Options { workers: 2, ..options }) {
        let mut run = scheduler::start(plan.clone(), options).unwrap();
        run.step(1.0);
        run.cancel();
        let error = run.wait().unwrap_err();
        assert!(error.is_cancelled(), "{error}");
        let tasks = lawful_trace(&run).concat().iter().filter(|event| event.task.is_some()).count();
        assert!(tasks < plan.len());
        assert_eq!(run.held_bytes(), 0, "everything is released");
    }
}

#[test]
fn a_wait_with_a_timeout_ends_with_the_timeout_or_with_the_run() {
    for options in [SYNC, THREADS, PROCESSES, CLUSTER].map(|options| Options { workers: 2, ..options }) {
        let mut long = scheduler::start(busy(100_000, 1_000_000), options).unwrap();
        assert_eq!(long.wait_timeout(Duration::from_millis(1)), None);
        assert!(!long.is_over());
        long.cancel();
        assert!(long.wait_timeout(Duration::MAX).unwrap().unwrap_err().is_cancelled());

        let plan = plan(&adding(&[vec![], vec![0]], &[1]));
        let mut short = scheduler::start(plan, options).unwrap();
        let outcome = short.wait_timeout(Duration::MAX).unwrap();
        assert_eq!(outcome, short.outcome());
        assert_eq!(short.wait_timeout(Duration::ZERO), Some(outcome), "a run that is over stays over");
    }
}

#[test]
fn a_cancel_after_the_end_changes_nothing() {
    let plan = plan(&adding(&[vec![], vec![0]], &[1]));
    for options in [SYNC, THREADS, PROCESSES, CLUSTER] {
        let (mut over, outcome) = run(&plan, options);
        over.cancel();
        assert_eq!(over.outcome(), outcome);
    }
}

#[test]
fn a_worker_count_out_of_range_is_refused() {
    let plan = plan(&adding(&[vec![]], &[0]));
    for workers in [0, scheduler::pool_size() + 1] {
        let options = Options { workers, ..Options::default() };
        let error = scheduler::start(plan.clone(), options).err().expect("refused").to_string();
        let expected = format!("workers = {workers}: must be between 1 and {}", scheduler::pool_size());
        assert_eq!(error, expected);
    }
}
