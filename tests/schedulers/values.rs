//! The values are the same whichever scheduler runs a graph, in whatever order.

use dagdeck::{
    Options, Scheduler, TaskGraph,
    collections::array as da,
    scheduler::{self, Policy},
};
use proptest::prelude::*;

use crate::{
    CLUSTER, PROCESSES, SYNC, THREADS, WORKERS,
    graphs::{adding, random_graph, replaced, shapes},
    laws::assert_complete,
    plan, run,
};

/// Any way to run a graph.
fn options() -> impl Strategy<Value = Options> {
    let scheduler = prop::sample::select(vec![
        Scheduler::Sync,
        Scheduler::Threads,
        Scheduler::Processes,
        Scheduler::Cluster,
    ]);
    let policy = prop::sample::select(Policy::ALL.to_vec());
    (scheduler, WORKERS, policy, any::<u64>()).prop_map(|(scheduler, workers, policy, seed)| Options {
        scheduler,
        workers,
        policy,
        seed,
        ..SYNC
    })
}

/// Runs `graph` with `options`, and compares its values and its trace with those of `sync`.
fn check(graph: &TaskGraph, options: Options) {
    let plan = plan(graph);
    let (sequential, expected) = run(&plan, SYNC);
    let expected = expected.unwrap();
    assert_complete(&sequential, &expected);
    let (other, outcome) = run(&plan, options);
    let outcome = outcome.unwrap();
    assert_complete(&other, &outcome);
    assert_eq!(outcome.values, expected.values);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_way_to_run_a_graph_gives_the_values_of_sync(graph in random_graph(), options in options()) {
        check(&graph, options);
    }

    #[test]
    fn priorities_change_no_value(
        graph in random_graph(),
        options in options(),
        priorities in prop::collection::vec(-3i32..4, 8),
    ) {
        let expected = run(&plan(&graph), SYNC).1.unwrap().values;
        let annotated = replaced(&graph, |_| None, |builder| {
            for task in graph.tasks() {
                let priority = priorities[task as usize % priorities.len()];
                let annotations = dagdeck::graph::Annotations { priority, ..Default::default() };
                builder.annotate(graph.key(task).clone(), annotations);
            }
        });
        check(&annotated, options);
        prop_assert_eq!(run(&plan(&annotated), options).1.unwrap().values, expected);
    }
}

#[test]
fn every_shape_gives_the_values_of_sync_with_any_policy_and_number_of_workers() {
    for (_, graph) in shapes() {
        WORKERS.for_each(|workers| check(&graph, Options { workers, ..CLUSTER }));
        for policy in Policy::ALL {
            for workers in WORKERS {
                check(&graph, Options { workers, policy, ..THREADS });
                check(&graph, Options { workers, policy, ..PROCESSES });
            }
        }
    }
}

#[test]
fn a_run_without_a_trace_has_values_and_no_work() {
    let plan = plan(&adding(&[vec![], vec![0, 0]], &[1]));
    for options in [SYNC, THREADS, PROCESSES, CLUSTER] {
        let outcome = run(&plan, Options { trace: false, ..options }).1.unwrap();
        assert_eq!(
            outcome.values().unwrap()[0].elements::<f64>().unwrap().as_slice().unwrap(),
            [0.0, 2.0, 4.0]
        );
        assert_eq!(outcome.summary.traced, None);
    }
}

#[test]
fn a_target_that_is_also_a_dependency_keeps_its_value() {
    let plan = plan(&adding(&[vec![], vec![0], vec![1]], &[2, 0, 1, 0]));
    for options in [SYNC, THREADS, PROCESSES, CLUSTER] {
        let values = run(&plan, options).1.unwrap().values().unwrap();
        let firsts = values.into_iter().map(|value| value.elements::<f64>().unwrap()[[1]]);
        assert_eq!(firsts.collect::<Vec<_>>(), [1.0, 1.0, -1.0, 1.0]);
    }
}

#[test]
fn an_array_is_the_same_whatever_computes_it() {
    let x = da::random::default_rng(7).random(&[37, 23], 5).unwrap();
    let mean = x.add(&x).unwrap().std(0).unwrap();
    for optimized in [false, true] {
        let graph = da::graph(std::slice::from_ref(&mean), optimized).unwrap();
        WORKERS.for_each(|workers| check(&graph, Options { workers, ..THREADS }));
    }
}

#[test]
fn a_run_shows_the_values_of_its_targets_once_each() {
    let plan = plan(&da::random::default_rng(7).random(&[30, 20], 5).unwrap().graph().unwrap());
    for options in [SYNC, THREADS, PROCESSES, CLUSTER] {
        let (run, outcome) = run(&plan, Options { shown: true, ..options });
        let mut shown = run.finished_targets();
        shown.sort_by_key(|&(place, _)| place);
        let values = outcome.unwrap().values().unwrap();
        assert_eq!(shown, values.into_iter().enumerate().collect::<Vec<_>>());
        assert_eq!(run.finished_targets(), []);
    }
}

#[test]
fn a_target_is_shown_before_the_run_is_over() {
    let plan = plan(&adding(&[vec![], vec![0], vec![1]], &[2, 0]));
    let mut run = scheduler::start(plan.clone(), Options { shown: true, ..SYNC }).unwrap();
    assert!(!run.step(0.0));
    assert_eq!(run.finished_targets().iter().map(|&(place, _)| place).collect::<Vec<_>>(), [1]);
    assert!(run.finished_targets().is_empty());
    run.wait().unwrap();
    assert_eq!(run.finished_targets().len(), 1);
}
