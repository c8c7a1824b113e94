//! Tasks that fail: what is reported, what runs anyway, and what is retried.

use std::collections::BTreeSet;

use dagdeck::{
    GraphBuilder, Key, Op, Options, Scheduler, TaskGraph, TaskId,
    graph::Annotations,
    operations::Busy,
    trace::{Action, Event},
};
use proptest::prelude::*;

use crate::{
    CLUSTER, PROCESSES, SYNC, THREADS, WORKERS,
    graphs::{adding, random_graph, replaced},
    laws::{assert_complete, lawful_trace},
    plan, run,
};

/// The tasks that cannot run if the tasks in `erring` fail: these tasks and everything that depends on them.
fn doomed(graph: &TaskGraph, erring: &BTreeSet<TaskId>) -> BTreeSet<TaskId> {
    let mut doomed = erring.clone();
    let mut todo: Vec<TaskId> = erring.iter().copied().collect();
    while let Some(task) = todo.pop() {
        todo.extend(graph.dependents().row(task).iter().filter(|&&dependent| doomed.insert(dependent)));
    }
    doomed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_panic_anywhere_errs_and_names_its_task(graph in random_graph(), workers in WORKERS, at in 0usize..1000) {
        let good = plan(&graph);
        let at = (at % good.len()) as TaskId;
        let broken = plan(&replaced(&good, |task| (task == at).then(|| Op::Panic("boom".into())), |_| ()));
        let expected = format!("{} erred: panicked: boom", good.key(at));
        for options in [
            SYNC,
            Options { workers, ..THREADS },
            Options { workers, ..PROCESSES },
            Options { workers, ..CLUSTER },
        ] {
            let (broken, outcome) = run(&broken, options);
            prop_assert_eq!(outcome.unwrap_err().to_string(), expected.clone());
            let erred: Vec<Event> = lawful_trace(&broken).concat();
            prop_assert_eq!(erred.iter().filter(|event| event.action == Action::Erred).count(), 1);
            prop_assert_eq!(broken.held_bytes(), 0, "everything is released");
        }
    }

    #[test]
    fn who_keeps_going_errs_only_the_dependents(
        graph in random_graph(),
        workers in WORKERS,
        picks in prop::collection::vec(0usize..1000, 0..4),
    ) {
        let good = plan(&graph);
        let expected = run(&good, SYNC).1.unwrap().values().unwrap();
        let erring: BTreeSet<TaskId> = picks.iter().map(|pick| (pick % good.len()) as TaskId).collect();
        let doomed = doomed(&good, &erring);
        let boom = |task: TaskId| Op::Panic(format!("boom {task}").into());
        let broken = plan(&replaced(&good, |task| erring.contains(&task).then(|| boom(task)), |_| ()));
        for options in [
            SYNC,
            Options { workers, ..THREADS },
            Options { workers, ..PROCESSES },
            Options { workers, ..CLUSTER },
        ] {
            let (broken, outcome) = run(&broken, Options { keep_going: true, ..options });
            let outcome = outcome.unwrap();
            if options.scheduler == Scheduler::Cluster {
                // A task does not run if all that need it err.
                let erred = outcome.summary.traced.as_ref().unwrap().erred;
                prop_assert!(erring.len().min(1) <= erred && erred <= doomed.len());
            } else {
                assert_complete(&broken, &outcome);
                prop_assert_eq!(outcome.summary.traced.as_ref().unwrap().erred, doomed.len());
            }
            for ((&target, value), expected) in broken.plan().targets().iter().zip(&outcome.values).zip(&expected) {
                match value {
                    Ok(value) => {
                        prop_assert!(!doomed.contains(&target));
                        prop_assert_eq!(value, expected);
                    }
                    Err(error) => {
                        prop_assert!(doomed.contains(&target));
                        let culprit = error.task_key().expect("a task erred");
                        let culprit = good.tasks().find(|&task| good.key(task) == culprit).unwrap();
                        prop_assert!(erring.contains(&culprit));
                        let end = format!("erred: panicked: boom {culprit}");
                        prop_assert!(error.to_string().ends_with(&end), "{}", error);
                    }
                }
            }
        }
    }

    #[test]
    fn a_task_is_tried_again_as_often_as_it_may(
        graph in random_graph(),
        workers in WORKERS,
        failures in 0u8..4,
        retries in 0u8..4,
        at in 0usize..1000,
    ) {
        let good = plan(&graph);
        let at = (at % good.len()) as TaskId;
        // Takes the place of a task in the order, but has no value.
        let flaky = replaced(
            &good,
            |task| Some(if task == at { Op::Busy(Busy { steps: 1, failures }) } else { Op::NoOp }),
            |builder| builder.annotate(good.key(at).clone(), Annotations { retries, ..Default::default() }),
        );
        let flaky = plan(&flaky);
        for options in [
            SYNC,
            Options { workers, ..THREADS },
            Options { workers, ..PROCESSES },
            Options { workers, ..CLUSTER },
        ] {
            let (flaky, outcome) = run(&flaky, options);
            let tried = lawful_trace(&flaky).concat().iter().filter(|event| event.action == Action::Retry).count();
            prop_assert_eq!(tried, usize::from(failures.min(retries)));
            if failures <= retries {
                assert_complete(&flaky, &outcome.unwrap());
            } else {
                let attempt = retries + 1;
                let expected = format!("{} erred: attempt {attempt} failed on purpose", good.key(at));
                prop_assert_eq!(outcome.unwrap_err().to_string(), expected);
            }
        }
    }
}

#[test]
fn a_target_names_the_task_that_it_needs_and_that_erred() {
    let mut graph = GraphBuilder::new();
    graph.task("load-0".into(), Op::Panic("no such file".into()), []);
    graph.task("clean-0".into(), Op::NoOp, ["load-0".into()]);
    graph.task("sum-0".into(), Op::NoOp, ["clean-0".into()]);
    graph.task("sum-1".into(), Op::NoOp, []);
    ["sum-0", "sum-1", "load-0"].into_iter().for_each(|key| graph.target(key.into()));
    let plan = plan(&graph.build().unwrap());
    for options in [SYNC, THREADS, PROCESSES, CLUSTER] {
        let outcome = run(&plan, Options { keep_going: true, ..options }).1.unwrap();
        let told: Vec<String> = outcome
            .values
            .iter()
            .map(|value| value.as_ref().err().map_or(String::new(), ToString::to_string))
            .collect();
        assert_eq!(
            told,
            [
                "sum-0 needs load-0, which erred: panicked: no such file",
                "",
                "load-0 erred: panicked: no such file",
            ]
        );
        let error = outcome.values().unwrap_err();
        assert_eq!(error.task_key(), Some(&Key::new("load-0")));
    }
}

#[test]
fn one_panic_in_a_hundred_leaves_the_pool_whole() {
    let rows: Vec<Vec<usize>> =
        (0..10_000).map(|task: usize| if task < 100 { vec![] } else { vec![task / 2] }).collect();
    let leaves: Vec<usize> = (5_000..10_000).collect();
    let good = plan(&adding(&rows, &leaves));
    let ids: BTreeSet<TaskId> = good.tasks().filter(|task| task % 100 == 7).collect();
    let broken = plan(&replaced(&good, |task| ids.contains(&task).then(|| Op::Panic("boom".into())), |_| ()));
    let dead =
        doomed(&broken, &broken.tasks().filter(|&task| matches!(broken.op(task), Op::Panic(_))).collect());
    for workers in [1, 2, 8] {
        let (run, outcome) = run(&broken, Options { workers, keep_going: true, ..THREADS });
        let outcome = outcome.unwrap();
        assert_complete(&run, &outcome);
        assert_eq!(outcome.summary.traced.unwrap().erred, dead.len());
    }
    assert_eq!(run(&good, THREADS).1.unwrap().values, run(&good, SYNC).1.unwrap().values);
}
