//! Every scheduler gives `sync`'s values on every graph, and its trace keeps the laws of traces.
#![cfg(not(target_arch = "wasm32"))]

use std::{ops::RangeInclusive, sync::Arc};

use dagdeck::{
    GraphBuilder, Key, Op, Options, Outcome, Plan, Result, Run, Scheduler, TaskGraph, TaskId,
    collections::array as da,
    op::{Arange, Operands, Ufunc},
    scheduler,
    trace::{Action, Event},
};
use proptest::prelude::*;

const WORKERS: RangeInclusive<usize> = 1..=8;

fn run(plan: &Arc<Plan>, scheduler: Scheduler, workers: usize) -> (Run, Result<Outcome>) {
    let mut run = scheduler::start(plan.clone(), Options { scheduler, workers, trace: true }).unwrap();
    let outcome = run.wait();
    (run, outcome)
}

/// Whether two runs gave the same: their makespans may differ.
fn assert_same_values(left: Result<Outcome>, right: Result<Outcome>) {
    assert_eq!(left.map(|outcome| outcome.values), right.map(|outcome| outcome.values));
}

/// What each worker did, after checking that the trace could have come from a real run.
fn lawful_trace(run: &Run) -> Vec<Vec<Event>> {
    let plan = run.plan();
    let columns: Vec<Vec<Event>> =
        run.trace().columns().iter().map(|column| column.events().collect()).collect();
    let mut slices = vec![None; plan.len()];
    for events in &columns {
        assert!(events.windows(2).all(|pair| pair[0].stop_ms == pair[1].start_ms), "slices of a worker meet");
        for event in events {
            assert!(event.start_ms <= event.stop_ms, "time runs forward");
            if let Some(task) = event.task {
                assert!(slices[task as usize].replace(*event).is_none(), "a task runs once");
            }
        }
    }
    for task in plan.tasks() {
        for &dependency in plan.dependencies().row(task) {
            if let (Some(before), Some(after)) = (slices[dependency as usize], slices[task as usize]) {
                assert!(
                    before.stop_ms <= after.start_ms,
                    "a task starts after what it depends on has stopped"
                );
            } else {
                assert!(slices[task as usize].is_none(), "a task runs only after what it depends on");
            }
        }
    }
    columns
}

/// After a run that went well: every task is in the trace, and the summary follows from it.
fn assert_complete(run: &Run, outcome: &Outcome) {
    let columns = lawful_trace(run);
    let tasks: Vec<Event> = columns.concat().into_iter().filter(|event| event.task.is_some()).collect();
    assert_eq!(tasks.len(), run.plan().len());
    assert!(tasks.iter().all(|event| event.action == Action::Compute));
    let work_ms: f64 = tasks.iter().map(|event| event.stop_ms - event.start_ms).sum();
    let summary = outcome.summary;
    assert!((summary.work_ms.unwrap() - work_ms).abs() <= 1e-9 * work_ms.max(1.0));
    assert!(summary.makespan_ms * summary.workers as f64 >= work_ms * (1.0 - 1e-9));
    assert!(tasks.iter().all(|event| event.stop_ms <= summary.makespan_ms + 1e-9));
    assert!((0.0..=1.0 + 1e-9).contains(&summary.utilisation().unwrap()));
}

/// Numbers flow along the edges: a root counts from its id, every other task adds up what it is given, so that a
/// value says which tasks it came from.
fn adding(dependencies: &[Vec<usize>], targets: &[usize]) -> TaskGraph {
    let mut graph = GraphBuilder::new();
    let key = |task: usize| Key::block("t", &[task as u32]);
    let part = |task: usize, i: usize| Key::block("part", &[task as u32, i as u32]);
    for (task, row) in dependencies.iter().enumerate() {
        match row[..] {
            [] => {
                let range = Arange { start: task as f64, step: 1.0, len: 3 };
                graph.task(key(task), Op::Arange(range.into()), []);
            }
            [only] => graph.task(key(task), Op::Elementwise(Ufunc::Neg, Operands::Inputs), [key(only)]),
            [first, ref rest @ ..] => {
                let mut left = key(first);
                for (i, &right) in rest.iter().enumerate() {
                    let sum = if i + 1 == rest.len() { key(task) } else { part(task, i) };
                    let args = [left, key(right)];
                    graph.task(sum.clone(), Op::Elementwise(Ufunc::Add, Operands::Inputs), args);
                    left = sum;
                }
            }
        }
    }
    targets.iter().for_each(|&target| graph.target(key(target)));
    graph.build().unwrap()
}

prop_compose! {
    /// Tasks in a topological order, each depending on up to four before it, some on the same one twice.
    fn random_graph()(size in 1usize..120)(
        rows in (0..size).map(|task| prop::collection::vec(0..task.max(1), 0..5.min(task + 1))).collect::<Vec<_>>(),
        targets in prop::collection::vec(0..size, 1..4),
    ) -> TaskGraph {
        adding(&rows, &targets)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn threads_give_the_values_of_sync(graph in random_graph(), workers in WORKERS) {
        let plan = Arc::new(Plan::new(&graph));
        let (sequential, expected) = run(&plan, Scheduler::Sync, 1);
        let (parallel, outcome) = run(&plan, Scheduler::Threads, workers);
        assert_complete(&sequential, expected.as_ref().unwrap());
        assert_complete(&parallel, outcome.as_ref().unwrap());
        assert_same_values(outcome, expected);
    }

    #[test]
    fn a_panic_anywhere_errs_and_names_its_task(graph in random_graph(), workers in WORKERS, at in 0usize..1000) {
        let mut broken = GraphBuilder::new();
        let plan = Plan::new(&graph);
        let at = (at % plan.len()) as TaskId;
        for task in plan.tasks() {
            let op = if task == at { Op::Panic("boom".into()) } else { plan.op(task).clone() };
            let args = plan.dependencies().row(task).iter().map(|&d| plan.key(d).clone());
            broken.task(plan.key(task).clone(), op, args);
        }
        plan.targets().iter().for_each(|&target| broken.target(plan.key(target).clone()));
        let expected = format!("{} erred: panicked: boom", plan.key(at));
        let plan = Arc::new(Plan::new(&broken.build().unwrap()));
        for (scheduler, workers) in [(Scheduler::Sync, 1), (Scheduler::Threads, workers)] {
            let (broken, outcome) = run(&plan, scheduler, workers);
            prop_assert_eq!(outcome.unwrap_err().to_string(), expected.clone());
            let erred: Vec<Event> = lawful_trace(&broken).concat();
            prop_assert_eq!(erred.iter().filter(|event| event.action == Action::Erred).count(), 1);
        }
    }
}

/// Graphs with the shapes that schedulers find hard: no edges, one long chain, wide joins and forks.
fn shapes() -> Vec<(&'static str, Vec<Vec<usize>>)> {
    let size = 2000;
    vec![
        ("independent", vec![vec![]; size]),
        ("chain", (0..size).map(|i| Vec::from_iter(i.checked_sub(1))).collect()),
        ("tree", (0..size).map(|_| vec![]).chain((0..size - 1).map(|i| vec![2 * i, 2 * i + 1])).collect()),
        ("fork-join", {
            let mut rows = vec![vec![]];
            rows.extend(vec![vec![0]; size]);
            rows.push((1..=size).collect());
            rows
        }),
    ]
}

#[test]
fn every_shape_gives_the_values_of_sync_with_any_number_of_workers() {
    for (name, rows) in shapes() {
        let targets = if name == "independent" { (0..rows.len()).collect() } else { vec![rows.len() - 1] };
        let plan = Arc::new(Plan::new(&adding(&rows, &targets)));
        let (_, expected) = run(&plan, Scheduler::Sync, 1);
        for workers in WORKERS {
            let (parallel, outcome) = run(&plan, Scheduler::Threads, workers);
            assert_complete(&parallel, outcome.as_ref().unwrap());
            assert_same_values(outcome, expected.clone());
        }
    }
}

#[test]
fn runs_at_once_share_the_pool_and_all_end() {
    let rows = &shapes()[2].1;
    let plan = Arc::new(Plan::new(&adding(rows, &[rows.len() - 1])));
    let (_, expected) = run(&plan, Scheduler::Sync, 1);
    let options = Options { workers: 8, ..Options::default() };
    let mut runs: Vec<Run> = (0..50).map(|_| scheduler::start(plan.clone(), options).unwrap()).collect();
    for run in &mut runs {
        assert_same_values(run.wait(), expected.clone());
    }
}

#[test]
fn a_cancelled_run_ends_and_says_so() {
    let rows: Vec<Vec<usize>> = (0..50_000).map(|i: usize| Vec::from_iter(i.checked_sub(1))).collect();
    let plan = Arc::new(Plan::new(&adding(&rows, &[rows.len() - 1])));
    for scheduler in [Scheduler::Sync, Scheduler::Threads] {
        let options = Options { scheduler, workers: 2, trace: true };
        let mut run = scheduler::start(plan.clone(), options).unwrap();
        run.step(1.0);
        run.cancel();
        let error = run.wait().unwrap_err();
        assert!(error.is_cancelled(), "{error}");
        let tasks = lawful_trace(&run).concat().iter().filter(|event| event.task.is_some()).count();
        assert!(tasks < plan.len());
    }
}

#[test]
fn a_cancel_after_the_end_changes_nothing() {
    let plan = Arc::new(Plan::new(&adding(&[vec![], vec![0]], &[1])));
    for scheduler in [Scheduler::Sync, Scheduler::Threads] {
        let (mut over, outcome) = run(&plan, scheduler, 2);
        over.cancel();
        assert_eq!(over.outcome(), outcome);
    }
}

#[test]
fn a_run_without_a_trace_has_values_and_no_work() {
    let plan = Arc::new(Plan::new(&adding(&[vec![], vec![0, 0]], &[1])));
    for scheduler in [Scheduler::Sync, Scheduler::Threads] {
        let mut run =
            scheduler::start(plan.clone(), Options { scheduler, workers: 2, trace: false }).unwrap();
        let outcome = run.wait().unwrap();
        assert_eq!(outcome.values[0].as_array().unwrap().as_slice().unwrap(), [0.0, 2.0, 4.0]);
        assert_eq!((outcome.summary.work_ms, outcome.summary.utilisation()), (None, None));
        assert!(run.trace().columns().iter().all(|column| column.events().next().is_none()));
    }
}

#[test]
fn a_target_that_is_also_a_dependency_keeps_its_value() {
    let plan = Arc::new(Plan::new(&adding(&[vec![], vec![0], vec![1]], &[2, 0, 1, 0])));
    for scheduler in [Scheduler::Sync, Scheduler::Threads] {
        let (_, outcome) = run(&plan, scheduler, 2);
        let firsts = outcome.unwrap().values.into_iter().map(|value| value.as_array().unwrap()[[1]]);
        assert_eq!(firsts.collect::<Vec<_>>(), [1.0, 1.0, -1.0, 1.0]);
    }
}

#[test]
fn a_worker_count_out_of_range_is_refused() {
    let plan = Arc::new(Plan::new(&adding(&[vec![]], &[0])));
    for workers in [0, scheduler::pool_size() + 1] {
        let options = Options { workers, ..Options::default() };
        let error = scheduler::start(plan.clone(), options).err().expect("refused").to_string();
        let expected = format!("workers = {workers}: must be between 1 and {}", scheduler::pool_size());
        assert_eq!(error, expected);
    }
}

#[test]
fn an_array_is_the_same_whatever_computes_it() {
    let x = da::random::default_rng(7).random(&[37, 23], 5).unwrap();
    let mean = x.add(&x).unwrap().std(&[0], 0.0).unwrap();
    let plan = Arc::new(Plan::new(&mean.graph().unwrap()));
    let (_, expected) = run(&plan, Scheduler::Sync, 1);
    for workers in WORKERS {
        assert_same_values(run(&plan, Scheduler::Threads, workers).1, expected.clone());
    }
}
