//! The crate in a browser: in a dedicated worker, with a pool of two Web Workers.
#![cfg(target_arch = "wasm32")]

#[path = "programs/cases.rs"]
mod programs;

use std::{cell::Cell, sync::Arc, time::Duration};

use dagdeck::{
    Block, GraphBuilder, Key, Op, Options, Outcome, Plan, Result, Scheduler, TaskGraph, Value,
    collections::array as da, futures, scheduler, trace::Action,
};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Starts the pool before the first test that needs it.
async fn pool() {
    thread_local! {
        static STARTED: Cell<bool> = const { Cell::new(false) };
    }
    if !STARTED.replace(true) {
        JsFuture::from(wasm_bindgen_rayon::init_thread_pool(2)).await.expect("two workers can be started");
    }
}

/// Runs `plan` on the pool and waits like the page's engine.
async fn run(plan: &Arc<Plan>, workers: usize) -> (scheduler::Run, Result<Outcome>) {
    let options = Options { scheduler: Scheduler::Threads, workers, ..Options::default() };
    let run = scheduler::start(plan.clone(), options).unwrap();
    run.completed().await;
    let outcome = run.outcome();
    (run, outcome)
}

fn run_sync(plan: &Arc<Plan>) -> Result<Outcome> {
    let options = Options { scheduler: Scheduler::Sync, workers: 1, ..Options::default() };
    scheduler::start(plan.clone(), options).unwrap().wait()
}

fn array_mean() -> Arc<Plan> {
    let x = da::random::default_rng(42).normal(0.0, 1.0, &[200, 200], 25).unwrap();
    let mean = x.add(&x.t()).unwrap().mean(0).unwrap();
    Arc::new(Plan::new(&mean.graph().unwrap()))
}

/// `n` rows and columns of ones in one block. 12,000 take more memory than a run may hold, and more than exists.
fn matrix(n: usize) -> Arc<Plan> {
    Arc::new(Plan::new(&da::ones(&[n, n], n, Default::default()).unwrap().graph().unwrap()))
}

/// A binary tree of tasks that do nothing, except that those selected by `panicking` panic.
fn tree(tasks: u32, panicking: impl Fn(u32) -> bool) -> Arc<Plan> {
    let key = |i: u32| Key::block("node", &[i]);
    let mut graph = GraphBuilder::new();
    for i in 0..tasks {
        let op = if panicking(i) { Op::Panic("boom".into()) } else { Op::NoOp };
        graph.task(key(i), op, (2 * i + 1..(2 * i + 3).min(tasks)).map(key));
    }
    graph.target(key(0));
    Arc::new(Plan::new(&graph.build().unwrap()))
}

#[wasm_bindgen_test]
async fn threads_give_the_values_of_sync() {
    pool().await;
    let plan = array_mean();
    let expected = run_sync(&plan).unwrap().values;
    for workers in [1, 2] {
        let (_, outcome) = run(&plan, workers).await;
        assert_eq!(outcome.unwrap().values, expected);
    }
}

#[wasm_bindgen_test]
async fn programs_have_dasks_results() {
    pool().await;
    for (case, job) in programs::cases() {
        let (_, outcome) = run(&Arc::new(Plan::new(&job.graph)), 2).await;
        case.check(&job, &outcome.unwrap());
    }
}

#[wasm_bindgen_test]
async fn a_graph_in_json_gives_the_values_of_its_first_targets() {
    pool().await;
    let text = r#"{"dagdeck": 1, "tasks": {
        "ones-0": {"op": {"full": {"shape": [2, 2], "fill_value": 1}}},
        "qr-0": {"op": "qr", "args": ["ones-0"]},
        "add-0": {"op": "add", "args": ["ones-0", "ones-0"]}
    }, "targets": ["qr-0", "add-0", "ones-0"]}"#;
    let plan = Arc::new(Plan::new(&TaskGraph::from_json(text).unwrap()));
    let (_, outcome) = run(&plan, 2).await;
    let outcome = outcome.unwrap();
    // Two factors of 2 by 2, and a sum.
    let [Ok(Value::Tuple(factors)), Ok(Value::Array(sum))] = outcome.first(3, 96) else {
        panic!("{:?}", outcome.values);
    };
    assert_eq!(factors.len(), 2);
    assert_eq!(**sum, Block::new(&[2, 2], vec![2.0; 4]));
    assert_eq!(outcome.first(1, 96).len(), 1);
}

#[wasm_bindgen_test]
async fn two_workers_run_every_task_once() {
    pool().await;
    let plan = tree(100_000, |_| false);
    let (run, outcome) = run(&plan, 2).await;
    let summary = outcome.unwrap().summary;
    assert!(summary.work_ms().unwrap() <= 2.0 * summary.makespan_ms);
    let mut runs = vec![0; plan.len()];
    for column in run.trace().columns() {
        let tasks = column.events().filter(|event| event.action.is_busy()).filter_map(|event| event.task);
        tasks.for_each(|task| runs[task as usize] += 1);
    }
    assert!(runs.iter().all(|&count| count == 1));
}

/// The standard library's clock panics here.
#[wasm_bindgen_test]
fn waits_for_futures_run_out_of_time() {
    let future = futures::Future::new();
    for timeout in [Duration::ZERO, Duration::from_millis(2)] {
        assert!(future.result(timeout).unwrap_err().is_timeout());
        let waited = futures::wait([&future], timeout, futures::ReturnWhen::AllCompleted);
        assert_eq!(waited.not_done.len(), 1);
        assert!(futures::as_completed([&future], timeout).next().unwrap().unwrap_err().is_timeout());
    }
}

#[wasm_bindgen_test]
async fn a_panic_errs_its_task_and_the_pool_goes_on() {
    pool().await;
    for _ in 0..20 {
        let (run, outcome) = run(&tree(1000, |i| i == 700), 2).await;
        assert_eq!(outcome.unwrap_err().to_string(), "('node', 700) erred: panicked: boom");
        let events = run.trace().columns().iter().flat_map(|column| column.events());
        assert_eq!(events.filter(|event| event.action == Action::Erred).count(), 1);
    }
    let plan = array_mean();
    let (_, outcome) = run(&plan, 2).await;
    assert_eq!(outcome.unwrap().values, run_sync(&plan).unwrap().values);
}

#[wasm_bindgen_test]
async fn ten_thousand_tasks_of_which_one_in_a_hundred_panics() {
    pool().await;
    // Leaves panic, and so all tasks between them and the root fail. Most of the tree must still run.
    let plan = tree(10_000, |i| i % 100 == 99);
    let mut erred = vec![false; plan.len()];
    for task in plan.tasks() {
        let inputs = plan.dependencies().row(task);
        erred[task as usize] =
            matches!(plan.op(task), Op::Panic(_)) || inputs.iter().any(|&d| erred[d as usize]);
    }
    let expected = erred.iter().filter(|&&erred| erred).count();
    for workers in [1, 2] {
        let options = Options { workers, keep_going: true, ..Options::default() };
        let run = scheduler::start(plan.clone(), options).unwrap();
        run.completed().await;
        let outcome = run.outcome().unwrap();
        assert_eq!(outcome.summary.traced.unwrap().erred, expected);
        let error = outcome.values[0].as_ref().unwrap_err().to_string();
        assert!(
            error.starts_with("('node', 0) needs") && error.ends_with("erred: panicked: boom"),
            "{error}"
        );
    }
    // The pool still works.
    let plan = array_mean();
    let (_, outcome) = run(&plan, 2).await;
    assert_eq!(outcome.unwrap().values, run_sync(&plan).unwrap().values);
}

#[wasm_bindgen_test]
async fn every_policy_gives_the_values_of_sync() {
    pool().await;
    let plan = array_mean();
    let expected = run_sync(&plan).unwrap().values;
    for policy in scheduler::Policy::ALL {
        let run =
            scheduler::start(plan.clone(), Options { workers: 2, policy, ..Options::default() }).unwrap();
        run.completed().await;
        assert_eq!(run.outcome().unwrap().values, expected, "{policy}");
    }
}

#[wasm_bindgen_test]
async fn a_value_larger_than_the_limit_is_refused() {
    pool().await;
    let (_, outcome) = run(&matrix(12_000), 2).await;
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("the memory limit is 768 MiB"), "{error}");
    let (_, outcome) = run(&matrix(100), 2).await;
    assert!(outcome.is_ok());
}

#[wasm_bindgen_test]
async fn a_cancelled_run_ends() {
    pool().await;
    let plan = tree(1_000_000, |_| false);
    let options = Options { scheduler: Scheduler::Threads, workers: 2, ..Options::default() };
    let mut run = scheduler::start(plan, options).unwrap();
    run.cancel();
    run.completed().await;
    assert!(run.outcome().unwrap_err().is_cancelled());
}

#[wasm_bindgen_test]
async fn more_workers_than_the_pool_has_threads_are_refused() {
    pool().await;
    let options = Options { workers: 3, ..Options::default() };
    let error = scheduler::start(array_mean(), options).err().expect("refused");
    assert_eq!(error.to_string(), "workers = 3: must be between 1 and 2");
}
