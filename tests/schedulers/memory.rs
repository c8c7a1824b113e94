//! Memory: what values take, the limit, and what is released.

use dagdeck::{
    Block, GraphBuilder, Key, Op, Options, TaskGraph,
    collections::array::{Array, random::default_rng},
    operations::{Axes, Full, Fused, Mask, Part, Source, Tensordot},
};
use proptest::prelude::*;

use crate::{
    PROCESSES, SYNC, THREADS, WORKERS,
    graphs::{random_graph, shapes},
    laws::assert_complete,
    plan, run,
};

fn full(shape: &[usize]) -> Full {
    Full { shape: shape.into(), fill_value: 1.0.into(), dtype: Default::default() }
}

/// 1000 doubles each. The last task needs all of them, so they are held at once.
fn blocks(count: u32) -> TaskGraph {
    let key = |i: u32| Key::block("ones", &[i]);
    let mut graph = GraphBuilder::new();
    for i in 0..count {
        let full = full(&[1000]);
        graph.task(key(i), Op::Full(full.into()), []);
    }
    graph.task("end".into(), Op::NoOp, (0..count).map(key));
    graph.target("end".into());
    graph.build().unwrap()
}

#[test]
fn a_value_that_would_pass_the_limit_errs_and_names_it() {
    let plan = plan(&blocks(20));
    for workers in WORKERS {
        for options in [SYNC, Options { workers, ..THREADS }, Options { workers, ..PROCESSES }] {
            let enough = 20 * 8000;
            let (whole, outcome) = run(&plan, Options { memory_limit: enough, ..options });
            let outcome = outcome.unwrap();
            assert_complete(&whole, &outcome);
            assert_eq!(outcome.summary.traced.unwrap().peak_bytes, enough);

            let (stopped, outcome) = run(&plan, Options { memory_limit: enough - 1, ..options });
            let error = outcome.unwrap_err().to_string();
            assert!(error.contains("the memory limit is 156 KiB"), "{error}");
            assert_eq!(stopped.held_bytes(), 0);
        }
    }
}

#[test]
fn no_size_is_too_large_to_be_refused() {
    // The largest number stands for a length that is not known before.
    for shape in [vec![usize::MAX - 1, 2], vec![1 << 40], vec![usize::MAX - 1], vec![usize::MAX]] {
        let mut graph = GraphBuilder::new();
        graph.task("x".into(), Op::Full(full(&shape).into()), []);
        graph.target("x".into());
        let error = run(&plan(&graph.build().unwrap()), SYNC).1.unwrap_err().to_string();
        if shape[0] == usize::MAX {
            assert!(error.contains("is too large: a block has at most"), "{error}");
        } else {
            assert!(error.starts_with("x erred: out of memory: it needs"), "{error}");
            assert!(error.contains("memory limit"), "{error}");
        }
    }
}

/// The sum of a random matrix: in the optimised graph, one task makes each block and sums it.
fn sum_of_random(n: usize, chunk: usize) -> Array {
    default_rng(0).random(&[n, n], chunk).unwrap().sum(()).unwrap()
}

#[test]
fn a_block_that_only_lives_inside_a_task_counts_while_the_task_runs() {
    let plan = plan(&sum_of_random(100, 100).graph().unwrap());
    for options in [SYNC, THREADS, PROCESSES] {
        let (run, outcome) = run(&plan, options);
        let traced = outcome.unwrap().summary.traced.unwrap();
        assert_eq!(plan.len(), 1);
        assert_eq!((run.trace().bytes(0), run.held_bytes()), (8, 8));
        assert!(run.trace().scratch(0) >= 80_000, "{}", run.trace().scratch(0));
        assert_eq!(traced.peak_bytes, run.trace().bytes(0) + run.trace().scratch(0));
    }
}

/// The numbers from 0 to 99, a mask, and what `parts` make of both in one task.
fn masked(below: usize, parts: Vec<Part>) -> TaskGraph {
    let mut graph = GraphBuilder::new();
    let numbers = Block::new(&[100], (0..100i64).collect());
    let mask = Block::new(&[100], (0..100).map(|i| i < below).collect());
    graph.task("x".into(), Op::Block(numbers.into()), []);
    graph.task("mask".into(), Op::Block(mask.into()), []);
    graph.task("some".into(), Op::Fused(Fused { parts }.into()), ["x".into(), "mask".into()]);
    graph.target("some".into());
    graph.build().unwrap()
}

/// The numbers where the mask is true.
fn some_numbers() -> Part {
    let args = [Source::Input(0), Source::Input(1)].into_iter().collect();
    Part { key: "getitem".into(), op: Op::Mask(Mask::default()), args }
}

/// How many elements a mask leaves is unknown before it has run.
#[test]
fn what_a_mask_leaves_is_counted_and_nothing_else() {
    for (below, options) in [(0, SYNC), (30, SYNC), (100, SYNC), (30, Options { workers: 1, ..THREADS })] {
        let plan = plan(&masked(below, vec![some_numbers()]));
        let (run, outcome) = run(&plan, options);
        let traced = outcome.unwrap().summary.traced.unwrap();
        assert_eq!(run.held_bytes(), 8 * below as u64);
        // Both inputs, and room for all elements and their places.
        assert_eq!(traced.peak_bytes, 900 + 2 * 800);
    }
}

#[test]
fn a_value_larger_than_its_forecast_takes_more_room_once_it_is_there() {
    // All pairs of what the mask leaves: nothing is known of them.
    let both = [Source::Part(0), Source::Part(0)].into_iter().collect();
    let outer = Op::Tensordot(Tensordot { left: Axes::new(), right: Axes::new(), keepdims: false }.into());
    let pairs = vec![some_numbers(), Part { key: "outer".into(), op: outer, args: both }];
    let graph = masked(50, pairs);
    let plan = plan(&graph);
    for options in [SYNC, Options { workers: 1, ..THREADS }] {
        let (run, outcome) = run(&plan, options);
        let traced = outcome.unwrap().summary.traced.unwrap();
        assert_eq!(run.held_bytes(), 50 * 50 * 8);
        assert_eq!(traced.peak_bytes, 900 + 50 * 50 * 8);
    }
    assert_peak_is_the_least_limit(&graph, 0);
}

/// The peak that a run reports is enough as its limit, and anything less is not.
fn assert_peak_is_the_least_limit(graph: &TaskGraph, persisted_bytes: u64) {
    let plan = plan(graph);
    for options in [SYNC, Options { workers: 1, ..THREADS }] {
        let options = Options { persisted_bytes, ..options };
        let peak = run(&plan, options).1.unwrap().summary.traced.unwrap().peak_bytes;
        let again = run(&plan, Options { memory_limit: peak, ..options }).1.unwrap();
        assert_eq!(again.summary.traced.unwrap().peak_bytes, peak);
        if peak > persisted_bytes {
            let error = run(&plan, Options { memory_limit: peak - 1, ..options }).1.unwrap_err().to_string();
            assert!(error.contains("out of memory"), "{error}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_peak_of_a_graph_is_the_least_limit_that_is_enough(graph in random_graph(), persisted in 0u64..1000) {
        assert_peak_is_the_least_limit(&graph, persisted);
    }

    #[test]
    fn the_peak_of_an_array_is_the_least_limit_that_is_enough(n in 1usize..60, chunk in 1usize..30) {
        assert_peak_is_the_least_limit(&sum_of_random(n, chunk).graph().unwrap(), 0);
        let x = default_rng(0).normal(0.0, 1.0, &[n, n], chunk).unwrap();
        let mean = x.add(&x.t()).unwrap().mean(0).unwrap();
        assert_peak_is_the_least_limit(&mean.graph().unwrap(), 0);
        let large = x.slice(&[(&x.greater(0.0).unwrap()).into()]).unwrap();
        assert_peak_is_the_least_limit(&large.multiply(&large).unwrap().sum(()).unwrap().graph().unwrap(), 0);
    }
}

#[test]
fn depth_first_holds_less_than_breadth_first() {
    let (_, tree) = shapes().into_iter().find(|(name, _)| *name == "tree").unwrap();
    let plan = plan(&tree);
    let peak = |policy: &str| {
        let options = Options { policy: policy.parse().unwrap(), ..SYNC };
        run(&plan, options).1.unwrap().summary.traced.unwrap().peak_bytes
    };
    // 2000 leaves of three doubles, all made before the first sum, against one for each level of the tree.
    assert!(peak("fifo") >= 2000 * 24);
    assert!(peak("ordered") <= 20 * 24, "{}", peak("ordered"));
}
