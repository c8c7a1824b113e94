//! The JSON form of graphs: it survives the round trip, and no text makes the crate panic.
//!
//! `PROPTEST_CASES` sets the number of cases in the search for a panic; the default is 256.
#![cfg(not(target_arch = "wasm32"))]

mod graphs;
mod mutations;
mod operations;
mod variety;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use dagdeck::{
    DType, GraphBuilder, Key, Op, Options, Plan, Scheduler, TaskGraph,
    graph::Annotations,
    operations::{Busy, Full, Function, Reduce, Reduction, Shape, Stage},
    scheduler,
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    graphs::graph,
    mutations::{mutate, mutation},
};

fn error(text: &str) -> String {
    TaskGraph::from_json(text).unwrap_err().to_string()
}

/// The error for a single task called `sum-0`, on the second line.
fn task_error(task: &str) -> String {
    let text =
        format!("{{\"dagdeck\": 1, \"tasks\": {{\n  \"sum-0\": {task}}},\n \"targets\": [\"sum-0\"]}}");
    let text = error(&text);
    let place = text.find(" (line 2, column ").unwrap_or_else(|| panic!("{text}"));
    text[..place].strip_prefix("sum-0: ").unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[test]
fn a_graph_is_written_one_task_on_a_line() {
    let text = r#"{
  "dagdeck": 1,
  "tasks": {
    "busy-0": {"op": {"busy":{"steps":10,"failures":1}}, "retries": 2},
    "('full-7f', 0, 3)": {"op": {"full":{"shape":[2,2],"fill_value":"-Infinity"}}},
    "('random-7f', 0)": {"op": {"random":{"shape":[],"distribution":{"normal":{"loc":0.0,"scale":1.5}},"seed":18446744073709551615,"child":7}}},
    "sub-0": {"op": {"sub":[1e+300,null]}, "args": ["('full-7f', 0, 3)"]},
    "add-0": {"op": "add", "args": ["sub-0", "sub-0"], "priority": -10},
    "sum-0": {"op": {"sum":{"stage":"chunk","axes":[0,1],"keepdims":false}}, "args": ["add-0"]},
    "var-0": {"op": {"var":{"stage":"aggregate","axes":[],"keepdims":true,"ddof":"NaN"}}, "args": ["sum-0", "busy-0"]},
    "neg-0": {"op": {"fused":[{"key":"('t', 0)","op":{"transpose":[1,0]},"args":[{"input":0}]},{"key":"neg-0","op":"neg","args":[{"part":0}]}]}, "args": ["add-0"]}
  },
  "targets": ["var-0", "neg-0", "var-0"]
}
"#;
    let graph = TaskGraph::from_json(text).unwrap();
    assert_eq!(graph.to_json().unwrap(), text);
    assert_eq!(graph.key(1), &Key::block("full-7f", &[0, 3]));
    assert_eq!(graph.annotations(0), Annotations { retries: 2, priority: 0 });
    assert_eq!(graph.dependencies().row(6), [5, 0]);
    assert_eq!(graph.targets(), [6, 7, 6]);
}

#[test]
fn what_may_be_left_out_has_its_default() {
    let text = r#"{"targets": ["v"], "tasks": {
        "v": {"args": ["b", "r"], "op": {"var": {"axes": [], "stage": "combine"}}},
        "b": {"op": {"busy": {"steps": 1}}},
        "r": {"op": {"random": {"shape": [1], "distribution": "uniform", "seed": 0}}}
    }, "dagdeck": 1}"#;
    let graph = TaskGraph::from_json(text).unwrap();
    let reduction = Reduction::Var { ddof: 0.0 };
    let reduce = Reduce::new(reduction, Stage::Combine, []);
    assert_eq!(graph.op(0), &Op::Reduce(reduce.into()));
    assert_eq!(graph.op(1), &Op::Busy(Busy { steps: 1, failures: 0 }));
    assert_eq!(graph.annotations(2), Annotations::default());
}

#[test]
fn errors_name_the_task_and_the_place() {
    let names = "no-op, busy, panic, call, alias, full, arange, linspace, eye, block, random, choice, astype, transpose, \
                 reshape, getitem, take, mask, concatenate, merge, cumsum, topk, unique, histogram, percentile, tensordot, \
                 matmul, einsum, qr, svd, item, life, heat, mandelbrot, add, sub, mul, truediv, floordiv, mod, pow, \
                 maximum, minimum, fmax, fmin, hypot, arctan2, gt, ge, lt, le, eq, ne, logical_and, logical_or, \
                 logical_xor, and_, or_, xor, lshift, rshift, where, clip, neg, positive, abs, invert, sqrt, square, \
                 reciprocal, sign, exp, expm1, log, log1p, log2, log10, sin, cos, tan, arcsin, arccos, arctan, \
                 sinh, cosh, tanh, floor, ceil, trunc, rint, isnan, isinf, isfinite, logical_not, sum, prod, \
                 mean, var, min, max, argmin, argmax, any, all, nansum, nanmean, fused";
    let unknown = format!("unknown operation 'foo': use one of {names}");
    assert_eq!(task_error(r#"{"op": "foo"}"#), unknown);
    assert_eq!(task_error(r#"{"op": {"foo": [1, 2]}}"#), unknown);
    let text = "{\"dagdeck\": 1, \"tasks\": {\n\"a\": {\"op\": \"no-op\"},\n\"sum-0\": {\"op\": \"foo\"}}}";
    assert_eq!(error(text), format!("sum-0: {unknown} (line 3, column 21)"));
    assert_eq!(TaskGraph::from_json(text).unwrap_err().place(), Some((3, 21)));

    for (task, expected) in [
        (r#"{"op": "add", "args": ["a"]}"#, "add takes 2 inputs, not 1"),
        (r#"{"op": {"add": [1, null]}}"#, "add takes 1 input, not 0"),
        (r#"{"op": {"neg": [1]}}"#, "neg takes at least one operand that is an input"),
        (r#"{"op": "full"}"#, r#"full needs parameters: write {"full": ...} instead of "full""#),
        (r#"{"op": {"no-op": {}}}"#, "no-op takes no parameters"),
        (r#"{"op": {"full": {"shape": [1]}}}"#, "missing field `fill_value`"),
        (
            r#"{"op": {"full": {"shap": [1]}}}"#,
            "unknown field `shap`, expected one of `shape`, `fill_value`, `dtype`",
        ),
        (r#"{"op": {"full": [[1], 1]}}"#, "invalid type: sequence, expected an object"),
        (r#"{"op": {"transpose": [0, 256]}}"#, "invalid value: integer `256`, expected u8"),
        (r#"{"op": {"transpose": [0, 0]}, "args": ["a"]}"#, "axes [0, 0] are not a permutation of 2 axes"),
        (r#"{"op": {"mean": {"stage": "chunk", "axes": [], "ddof": 1}}}"#, "only var takes ddof"),
        (r#"{"op": {"panic": "a", "busy": 1}}"#, "a task has one operation, not both panic and busy"),
        (r#"{"op": {}}"#, "an operation needs a name"),
        (r#"{}"#, "missing field `op`"),
        (r#"{"op": "no-op", "op": "no-op"}"#, "duplicate field `op`"),
        (r#"{"op": "no-op", "retries": 256}"#, "invalid value: integer `256`, expected u8"),
        (r#"{"op": "no-op", "args": "a"}"#, "invalid type: string \"a\", expected a sequence"),
        (r#"["no-op"]"#, "invalid type: sequence, expected an object"),
        (r#"{"op" "no-op"}"#, "expected `:`"),
        (
            r#"{"op": {"sub": ["one", null]}}"#,
            r#"invalid value: string "one", expected a number, true, false, "NaN", "Infinity", "-Infinity", {"int": "..."} or {"float": "..."}"#,
        ),
        (
            r#"{"op": {"fused": [{"key": "p", "op": "neg", "args": [{"part": 0}]}]}}"#,
            "part p: takes part 0, which is not before it",
        ),
    ] {
        assert_eq!(task_error(task), expected, "{task}");
    }
}

#[test]
fn errors_of_the_whole_graph_name_the_keys() {
    let graph = |tasks: &str, targets: &str| {
        error(&format!(r#"{{"dagdeck": 1, "tasks": {{{tasks}}}, "targets": {targets}}}"#))
    };
    let a = r#""a": {"op": "no-op", "args": ["b"]}"#;
    assert_eq!(graph(a, r#"["a"]"#), "missing key: a depends on b, which no task has");
    let b = format!(r#"{a}, "b": {{"op": "no-op", "args": ["a"]}}"#);
    assert_eq!(graph(&b, r#"["a"]"#), "cycle: a -> b -> a");
    let twice = r#""('a', 0)": {"op": "no-op"}, "('a', 0)": {"op": "no-op"}"#;
    let expected = "duplicate key: two tasks are called ('a', 0) (line 1, column 64)";
    assert_eq!(graph(twice, r#"["a"]"#), expected);
    assert_eq!(graph("", "[]"), "no target: name at least one key to compute");
    assert_eq!(graph("", r#"["a"]"#), "missing key: a is a target, but no task has that key");
    assert_eq!(graph("", "[1]"), "targets: invalid type: integer `1`, expected a key (line 1, column 41)");
}

#[test]
fn errors_of_the_form_say_what_is_expected() {
    for (text, expected) in [
        ("", "EOF while parsing a value (line 1, column 0)"),
        ("[]", "invalid type: sequence, expected a graph (line 1, column 0)"),
        ("{}", "missing field `dagdeck` (line 1, column 2)"),
        (r#"{"dagdeck": 1}"#, "missing field `tasks` (line 1, column 14)"),
        (r#"{"dagdeck": 1, "tasks": {}}"#, "missing field `targets` (line 1, column 27)"),
        (r#"{"dagdeck": 2}"#, "dagdeck: unknown version 2, this build reads version 1 (line 1, column 14)"),
        (r#"{"dagdeck": 1, "dagdeck": 1}"#, "duplicate field `dagdeck` (line 1, column 24)"),
        (
            r#"{"version": 1}"#,
            "unknown field `version`, expected one of `dagdeck`, `tasks`, `targets` (line 1, column 10)",
        ),
        (
            r#"{"dagdeck": 1, "tasks": {"a": {"op": "no-op"}}, "targets": ["a"]} and more"#,
            "trailing characters (line 1, column 67)",
        ),
    ] {
        assert_eq!(error(text), expected);
    }
    let deep = format!(r#"{{"dagdeck": 1, "tasks": {}"#, r#"{"a": "#.repeat(100_000));
    assert!(error(&deep).starts_with("a: "), "{}", error(&deep));
    let part = r#"{"op": {"fused": [{"key": "p", "op": {"fused": [{"key": "p", "op": "#;
    let deep = format!(r#"{{"dagdeck": 1, "tasks": {{"a": {}"#, part.repeat(10_000));
    assert!(TaskGraph::from_json(&deep).is_err());
}

/// Asserts that two graphs mean the same. All NaNs count as equal.
fn assert_same(left: &TaskGraph, right: &TaskGraph) {
    assert_eq!(left.len(), right.len());
    for task in left.tasks() {
        assert_eq!(left.key(task), right.key(task));
        assert_eq!(format!("{:?}", left.op(task)), format!("{:?}", right.op(task)));
        assert_eq!(left.annotations(task), right.annotations(task));
    }
    assert_eq!(left.dependencies(), right.dependencies());
    assert_eq!(left.targets(), right.targets());
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_the_same(graph in graph()) {
        let text = graph.to_json().unwrap();
        let back = TaskGraph::from_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_same(&back, &graph);
        prop_assert_eq!(back.to_json().unwrap(), text);
    }

    #[test]
    fn every_number_comes_back_bit_for_bit(fill_value in prop::num::f64::ANY) {
        let full = Full { shape: Shape::new(), fill_value: fill_value.into(), dtype: DType::Float64 };
        let mut graph = GraphBuilder::new();
        graph.task("full-0".into(), Op::Full(full.into()), []);
        graph.target("full-0".into());
        let back = TaskGraph::from_json(&graph.build().unwrap().to_json().unwrap()).unwrap();
        match back.op(0) {
            Op::Full(full) if fill_value.is_nan() => prop_assert!(full.fill_value.as_f64().is_nan()),
            Op::Full(full) => prop_assert_eq!(full.fill_value.as_f64().to_bits(), fill_value.to_bits()),
            other => panic!("{other:?}"),
        }
    }
}

/// The operations of a graph, including the parts of fused ones.
fn ops(graph: &TaskGraph) -> impl Iterator<Item = &Op> {
    graph.tasks().flat_map(|task| {
        let op = graph.op(task);
        let parts = if let Op::Fused(fused) = op { &fused.parts[..] } else { &[] };
        std::iter::once(op).chain(parts.iter().map(|part| &part.op))
    })
}

/// Whether a graph runs quickly.
fn is_quick(graph: &TaskGraph) -> bool {
    let steps = ops(graph).map(|op| match op {
        Op::Busy(busy) => busy.steps,
        Op::Mandelbrot(mandelbrot) => u64::from(mandelbrot.max_iter),
        Op::Call(call) if call.function == Function::Sleep => match call.args[0] {
            Some(seconds) if seconds.as_f64() == 0.0 => 0,
            _ => u64::MAX,
        },
        _ => 0,
    });
    steps.fold(0, u64::saturating_add) <= 1_000_000
}

/// Runs a graph, which may fail in any way except an unrequested panic. Returns whether it was run.
fn runs_without_panic(graph: &TaskGraph) -> bool {
    if !is_quick(graph) {
        return false;
    }
    let asked_for = ops(graph).any(|op| matches!(op, Op::Panic(_)));
    let options = Options { scheduler: Scheduler::Sync, memory_limit: 1 << 20, ..Options::default() };
    let outcome = scheduler::start(Plan::new(graph).into(), options).unwrap().wait();
    if let Err(error) = outcome {
        assert!(
            asked_for || !error.to_string().contains("panicked:"),
            "{error}\n{}",
            graph.to_json().unwrap()
        );
    }
    true
}

#[test]
fn no_text_makes_it_panic() {
    let (texts, accepted, run) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let strategy = (graph(), graph(), prop::collection::vec((mutation(), any::<bool>()), 1..8));
    let mut runner = TestRunner::new(ProptestConfig { source_file: Some(file!()), ..Default::default() });
    let result = runner.run(&strategy, |(graph, other, mutations)| {
        let (mut bytes, other) =
            (graph.to_json().unwrap().into_bytes(), other.to_json().unwrap().into_bytes());
        runs_without_panic(&graph);
        for (mutation, undo) in mutations {
            let before = bytes.clone();
            mutate(&mut bytes, &other, &mutation);
            bytes.truncate(200_000);
            let text = String::from_utf8_lossy(&bytes);
            texts.fetch_add(1, Relaxed);
            let Ok(graph) = TaskGraph::from_json(&text) else {
                // Otherwise little of the text would survive the first mutation.
                if undo {
                    bytes = before;
                }
                continue;
            };
            accepted.fetch_add(1, Relaxed);
            let written = graph.to_json().unwrap();
            let back = TaskGraph::from_json(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
            assert_same(&back, &graph);
            run.fetch_add(runs_without_panic(&graph).into(), Relaxed);
        }
        Ok(())
    });
    println!("{texts:?} texts, {accepted:?} graphs accepted, {run:?} run");
    result.unwrap_or_else(|error| panic!("{error}"));
}
