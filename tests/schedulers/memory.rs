//! Memory: what values hold, the limit they may not pass, and what is given back.

use dagdeck::{GraphBuilder, Key, Op, Options, TaskGraph, op::Full};

use crate::{SYNC, THREADS, WORKERS, graphs::shapes, laws::assert_complete, plan, run};

fn full(shape: &[usize]) -> Full {
    Full { shape: shape.into(), fill_value: 1.0.into(), dtype: Default::default() }
}

/// 1000 doubles each, all of which the last task needs, so that they are held at once.
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
        for options in [SYNC, Options { workers, ..THREADS }] {
            let enough = 20 * 8000;
            let (whole, outcome) = run(&plan, Options { memory_limit: enough, ..options });
            let outcome = outcome.unwrap();
            assert_complete(&whole, &outcome);
            assert_eq!(outcome.summary.traced.unwrap().peak_bytes, enough);

            let (stopped, outcome) = run(&plan, Options { memory_limit: enough - 1, ..options });
            let error = outcome.unwrap_err().to_string();
            assert!(error.contains("the memory limit is 0.2 MiB"), "{error}");
            assert_eq!(stopped.held_bytes(), 0);
        }
    }
}

#[test]
fn no_size_is_too_large_to_be_refused() {
    for shape in [vec![usize::MAX, 2], vec![1 << 40], vec![usize::MAX]] {
        let mut graph = GraphBuilder::new();
        graph.task("x".into(), Op::Full(full(&shape).into()), []);
        graph.target("x".into());
        let error = run(&plan(&graph.build().unwrap()), SYNC).1.unwrap_err().to_string();
        assert!(error.starts_with("x erred: its value of") && error.contains("memory limit"), "{error}");
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
    // 2000 leaves of three doubles, all made before the first sum; against one for each level of the tree.
    assert!(peak("fifo") >= 2000 * 24);
    assert!(peak("ordered") <= 20 * 24, "{}", peak("ordered"));
}
