//! The JSON form of graphs: what is written is read back the same, and no text whatever makes the crate panic.
//!
//! `PROPTEST_CASES` says how many cases the search for a panic tries, 256 if nothing is said.
#![cfg(not(target_arch = "wasm32"))]

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use dagdeck::{
    Block, DType, GraphBuilder, Key, Op, Options, Plan, Scalar, Scheduler, TaskGraph,
    graph::Annotations,
    op::{
        self, Arange, Busy, Cumsum, Distribution, Eye, Full, Heat, Histogram, Linspace, Mandelbrot, Matmul,
        Operands, Part, Percentile, Place, Random, Reduce, Reduction, Shape, Slice, Source, Stage, Take,
        Tensordot, Topk, Ufunc,
    },
    scheduler,
};
use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::TestRunner,
};

fn error(text: &str) -> String {
    TaskGraph::from_json(text).unwrap_err().to_string()
}

/// The error for one task called `sum-0`, on the second line.
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
    assert_eq!(graph.to_json(), text);
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
    let names = "no-op, busy, panic, alias, full, arange, linspace, eye, block, random, astype, transpose, \
                 reshape, getitem, take, concatenate, merge, cumsum, topk, histogram, percentile, tensordot, \
                 matmul, qr, svd, item, life, heat, mandelbrot, add, sub, mul, truediv, floordiv, mod, pow, \
                 maximum, minimum, fmax, fmin, hypot, arctan2, gt, ge, lt, le, eq, ne, logical_and, logical_or, \
                 logical_xor, and_, or_, xor, lshift, rshift, where, clip, neg, positive, abs, invert, sqrt, square, \
                 reciprocal, sign, exp, expm1, log, log1p, log2, log10, sin, cos, tan, arcsin, arccos, arctan, \
                 sinh, cosh, tanh, floor, ceil, trunc, rint, isnan, isinf, isfinite, logical_not, sum, prod, \
                 mean, var, min, max, argmin, argmax, any, all, nansum, nanmean, fused";
    let unknown = format!("unknown operation 'foo': there are {names}");
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
        (r#"{"op": {"transpose": [0, 0]}, "args": ["a"]}"#, "axes [0, 0] are no permutation of 2 axes"),
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
        (r#"{"dagdeck": 2}"#, "dagdeck: version 2 is not known, 1 is (line 1, column 14)"),
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

/// Whether two graphs mean the same; a NaN is like another.
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

/// Any number, the odd ones often.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
        Just(f64::MIN_POSITIVE / 2.0),
        any::<f64>(),
        (-10..10i32).prop_map(f64::from),
    ]
}

fn shape() -> impl Strategy<Value = Shape> {
    prop::collection::vec(0..4usize, 0..4).prop_map(Shape::from_vec)
}

fn dtype() -> impl Strategy<Value = DType> {
    select(DType::ALL.to_vec())
}

/// Any Python number, the odd ones often.
fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        4 => number().prop_map(Scalar::Float),
        1 => any::<i64>().prop_map(Scalar::Int),
        4 => (-3..4i64).prop_map(Scalar::Int),
        1 => any::<bool>().prop_map(Scalar::Bool),
    ]
}

fn distribution() -> impl Strategy<Value = Distribution> {
    let scale = prop_oneof![Just(f64::NAN), 0.0..2.0];
    prop_oneof![
        Just(Distribution::Uniform),
        (number(), scale).prop_map(|(loc, scale)| Distribution::Normal { loc, scale }),
        (0..9i64, 0..99i64, select(vec![DType::UInt8, DType::Int32, DType::Int64]))
            .prop_map(|(low, span, dtype)| Distribution::Integers { low, last: low + span, dtype }),
    ]
}

fn ufunc() -> impl Strategy<Value = Ufunc> {
    select(Ufunc::ALL.to_vec())
}

/// A function some of whose operands are numbers, but not all.
fn mixed() -> impl Strategy<Value = Op> {
    let operands = [scalar(), scalar(), scalar()].prop_map(|scalars| scalars.map(Some));
    (ufunc(), operands, 0..7u8, any::<Index>()).prop_map(|(ufunc, mut operands, inputs, one)| {
        let operands = &mut operands[..ufunc.arity()];
        let one = one.index(operands.len());
        for (i, operand) in operands.iter_mut().enumerate() {
            if i == one || inputs >> i & 1 == 1 {
                *operand = None;
            }
        }
        Op::Elementwise(ufunc, Operands::Mixed(operands.into()))
    })
}

fn stage() -> impl Strategy<Value = Stage> {
    select(vec![Stage::Chunk, Stage::Combine, Stage::Aggregate])
}

fn reduce() -> impl Strategy<Value = Reduce> {
    let reduction = prop_oneof![
        8 => select(Reduction::ALL.to_vec()),
        1 => number().prop_map(|ddof| Reduction::Var { ddof })
    ];
    let axes = prop::sample::subsequence(vec![0u8, 1, 2, 3], 0..3).prop_shuffle();
    let place = (shape(), shape()).prop_map(|(offset, shape)| Place { offset, shape });
    (reduction, stage(), axes, any::<bool>(), prop::option::of(dtype()), place).prop_map(
        |(reduction, stage, axes, keepdims, dtype, place)| {
            let finds_place = matches!(reduction, Reduction::ArgMin | Reduction::ArgMax);
            let place = (finds_place && stage == Stage::Chunk).then_some(place);
            let dtype = dtype.filter(|&dtype| reduction.takes_dtype(dtype));
            Reduce { reduction, stage, axes: axes.into_iter().collect(), keepdims, dtype, place }
        },
    )
}

/// Any operation that makes a block from nothing.
fn creation() -> impl Strategy<Value = Op> {
    let full = (shape(), scalar(), dtype())
        .prop_map(|(shape, fill_value, dtype)| Op::Full(Full { shape, fill_value, dtype }.into()));
    let arange = (scalar(), scalar(), 0..9usize, dtype())
        .prop_map(|(start, step, len, dtype)| Op::Arange(Arange { start, step, len, dtype }.into()));
    let linspace = (number(), number(), 0..9usize, any::<bool>(), dtype()).prop_map(
        |(start, stop, num, endpoint, dtype)| {
            Op::Linspace(Linspace { start, stop, num, endpoint, dtype }.into())
        },
    );
    let eye = (0..4usize, 0..4usize, -5..5i64, dtype())
        .prop_map(|(rows, columns, k, dtype)| Op::Eye(Eye { rows, columns, k, dtype }.into()));
    let block = shape().prop_flat_map(|shape| {
        let size = shape.iter().product::<usize>();
        prop_oneof![
            prop::collection::vec(any::<i32>(), size).prop_map({
                let shape = shape.clone();
                move |elements| Op::Block(Block::new(&shape, elements).into())
            }),
            prop::collection::vec(any::<bool>(), size)
                .prop_map(move |elements| Op::Block(Block::new(&shape, elements).into())),
        ]
    });
    let random = (shape(), distribution(), any::<u64>(), any::<u32>()).prop_map(
        |(shape, distribution, seed, child)| Op::Random(Random { shape, distribution, seed, child }.into()),
    );
    prop_oneof![4 => full, 2 => arange, 2 => linspace, 1 => eye, 2 => block, 4 => random]
}

/// Any operation that picks, moves or joins elements.
fn selection() -> impl Strategy<Value = Op> {
    let axes = (0..4u8).prop_flat_map(|ndim| Just((0..ndim).collect::<Vec<_>>()).prop_shuffle());
    let end = || prop::option::of(-5..5i64);
    let slice = (end(), end(), end()).prop_map(|(start, stop, step)| {
        op::Index::Slice(Slice { start, stop, step: step.filter(|&step| step != 0) })
    });
    let index =
        prop_oneof![1 => (-3..3i64).prop_map(op::Index::At), 4 => slice, 1 => Just(op::Index::NewAxis)];
    let take = (0..3u8, prop::collection::vec(-3..3i64, 0..4))
        .prop_map(|(axis, indices)| Op::Take(Take { axis, indices: indices.into() }.into()));
    prop_oneof![
        axes.prop_map(|axes| Op::Transpose(Box::new(axes.into_iter().collect()))),
        shape().prop_map(|shape| Op::Reshape(shape.into())),
        prop::collection::vec(index, 0..4).prop_map(|indices| Op::Slice(Box::new(indices.into()))),
        take,
        (0..3u8).prop_map(Op::Concatenate),
        prop::collection::vec(1..3usize, 0..3).prop_map(|grid| Op::Merge(Box::new(grid.into()))),
        (0..3u8).prop_map(Op::Item),
    ]
}

/// Any other operation on blocks.
fn computation() -> impl Strategy<Value = Op> {
    let axes = || prop::sample::subsequence(vec![0u8, 1, 2], 0..3);
    let tensordot = (axes(), axes(), any::<bool>()).prop_map(|(left, right, keepdims)| {
        let pairs = left.len().min(right.len());
        let [left, right] = [left, right].map(|axes| axes[..pairs].iter().copied().collect());
        Op::Tensordot(Tensordot { left, right, keepdims }.into())
    });
    let topk = (-3..4i64, 0..3u8, stage())
        .prop_map(|(k, axis, stage)| Op::Topk(Topk { k: if k == 0 { 4 } else { k }, axis, stage }.into()));
    let histogram = (1..9usize, -9.0..0.0, 0.5..9.0)
        .prop_map(|(bins, low, high)| Op::Histogram(Histogram { bins, low, high }.into()));
    let percentile = (prop::collection::vec(0.0..=100.0, 0..4), any::<bool>()).prop_map(|(q, chunk)| {
        let stage = if chunk { Stage::Chunk } else { Stage::Aggregate };
        Op::Percentile(Percentile { q: q.into(), stage }.into())
    });
    prop_oneof![
        2 => dtype().prop_map(Op::Astype),
        2 => (0..3u8, prop::option::of(dtype())).prop_map(|(axis, dtype)| Op::Cumsum(Cumsum { axis, dtype })),
        1 => topk,
        1 => histogram,
        1 => percentile,
        2 => tensordot,
        2 => any::<bool>().prop_map(|keepdims| Op::Matmul(Matmul { keepdims })),
        1 => Just(Op::Alias),
        1 => Just(Op::Qr),
        1 => Just(Op::Svd),
        1 => Just(Op::Life),
        1 => number().prop_map(|rate| Op::Heat(Heat { rate })),
        1 => (0..99u32).prop_map(|max_iter| Op::Mandelbrot(Mandelbrot { max_iter })),
    ]
}

/// Any operation but a fused one, more often those that have a value.
fn single_op() -> impl Strategy<Value = Op> {
    prop_oneof![
        1 => Just(Op::NoOp),
        1 => (0..100u64, 0..3u8).prop_map(|(steps, failures)| Op::Busy(Busy { steps, failures })),
        1 => ".{0,5}".prop_map(|message| Op::Panic(message.into())),
        16 => creation(),
        8 => ufunc().prop_map(|ufunc| Op::Elementwise(ufunc, Operands::Inputs)),
        8 => mixed(),
        8 => selection(),
        8 => computation(),
        8 => reduce().prop_map(|reduce| Op::Reduce(reduce.into())),
    ]
}

/// A few operations, each part taking inputs and parts before it.
fn fused() -> impl Strategy<Value = Op> {
    let part = (single_op(), key(), prop::collection::vec((any::<bool>(), any::<Index>()), 4));
    prop::collection::vec(part, 1..4).prop_map(|parts| {
        let parts = parts.into_iter().enumerate().map(|(i, (op, key, sources))| {
            let wanted = (*op.arity().start()).max(sources.len().min(*op.arity().end()));
            let args = sources.iter().take(wanted).map(|(input, at)| match input {
                false if i > 0 => Source::Part(at.index(i) as u32),
                _ => Source::Input(at.index(4) as u32),
            });
            Part { key, args: args.collect(), op }
        });
        Op::Fused(op::Fused { parts: parts.collect() }.into())
    })
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => "[a-z_]{1,5}-[0-9a-f]{1,4}".prop_map(Key::new),
        4 => ("[a-z]{1,5}", prop::collection::vec(any::<u32>(), 0..4))
            .prop_map(|(name, index)| Key::block(name, &index)),
        1 => ".{0,6}".prop_map(Key::new),
        1 => "[(]?[']?[a-z'), 0]{0,6}[)]?".prop_map(Key::new),
    ]
}

/// Graphs of any operations, with as many arguments as they take. Few of them go well from end to end.
fn graph() -> impl Strategy<Value = TaskGraph> {
    let op = prop_oneof![8 => single_op(), 1 => fused()];
    let annotations = (0..4u8, -1..2i32).prop_map(|(retries, priority)| Annotations { retries, priority });
    let annotations = prop_oneof![3 => Just(Annotations::default()), 1 => annotations];
    let task = (key(), op, prop::collection::vec(any::<Index>(), 4), annotations);
    let targets = prop::collection::vec(any::<Index>(), 1..4);
    (prop::collection::vec(task, 1..12), targets).prop_map(|(tasks, targets)| {
        let mut graph = GraphBuilder::new();
        let mut keys: Vec<Key> = Vec::new();
        for (key, op, args, annotations) in tasks {
            let arity = op.arity();
            let wanted = (*arity.start()).max((*arity.end()).min(args.len() - 1));
            if keys.contains(&key) || wanted > args.len() || (wanted > 0 && keys.is_empty()) {
                continue;
            }
            let args = args[..wanted].iter().map(|at| at.get(&keys).clone()).collect::<Vec<_>>();
            graph.task(key.clone(), op, args);
            graph.annotate(key.clone(), annotations);
            keys.push(key);
        }
        if keys.is_empty() {
            graph.task("no-op-0".into(), Op::NoOp, []);
            keys.push("no-op-0".into());
        }
        targets.iter().for_each(|at| graph.target(at.get(&keys).clone()));
        graph.build().unwrap()
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_the_same(graph in graph()) {
        let text = graph.to_json();
        let back = TaskGraph::from_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_same(&back, &graph);
        prop_assert_eq!(back.to_json(), text);
    }

    #[test]
    fn every_number_comes_back_bit_for_bit(fill_value in prop::num::f64::ANY) {
        let full = Full { shape: Shape::new(), fill_value: fill_value.into(), dtype: DType::Float64 };
        let mut graph = GraphBuilder::new();
        graph.task("full-0".into(), Op::Full(full.into()), []);
        graph.target("full-0".into());
        let back = TaskGraph::from_json(&graph.build().unwrap().to_json()).unwrap();
        match back.op(0) {
            Op::Full(full) if fill_value.is_nan() => prop_assert!(full.fill_value.as_f64().is_nan()),
            Op::Full(full) => prop_assert_eq!(full.fill_value.as_f64().to_bits(), fill_value.to_bits()),
            other => panic!("{other:?}"),
        }
    }
}

/// Words of the form, and things that might not have been thought of.
const WORDS: [&str; 54] = [
    "1e400",
    "-1e-400",
    "-0",
    "18446744073709551615",
    "18446744073709551616",
    "4294967295",
    "4294967296",
    "134217728",
    "134217729",
    "9007199254740993",
    "-1",
    "0",
    "255",
    "2",
    "3",
    "4",
    "5",
    "256",
    "1.5",
    "null",
    "true",
    "{}",
    "[]",
    "\"NaN\"",
    "\"Infinity\"",
    "\"-Infinity\"",
    "\"\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"('x', 0)\"",
    "\"('x', 99999999999)\"",
    "\"dagdeck\"",
    "\"tasks\"",
    "\"targets\"",
    "\"op\"",
    "\"args\"",
    "\"retries\"",
    "\"priority\"",
    "\"no-op\"",
    "\"add\"",
    "\"neg\"",
    "{\"neg\":{\"left\":1}}",
    "{\"transpose\":[0,1,2]}",
    "{\"transpose\":[1,1]}",
    "{\"sum\":{\"stage\":\"aggregate\",\"axes\":[0]}}",
    "{\"var\":{\"stage\":\"chunk\",\"axes\":[3,0]}}",
    "{\"full\":{\"shape\":[1,3],\"fill_value\":0}}",
    "{\"fused\":[]}",
    "{\"input\":4294967295}",
    "{\"part\":0}",
    "[4294967296,4294967296]",
    "{",
    "]",
    ",",
];

/// How many of them are numbers, which come first.
const NUMBERS: usize = 19;

/// A small piece of harm.
#[derive(Clone, Debug)]
enum Mutation {
    /// Changes bits of a byte.
    Flip(Index, u8),
    /// Cuts off the end.
    Truncate(Index),
    /// Puts a piece of another text in place of a piece of this.
    Splice(Index, Index, Index, Index),
    /// Exchanges two tokens.
    Swap(Index, Index),
    /// Puts a number in place of a number: what comes of it is often a graph.
    Number(Index, Index),
    /// Puts a string in place of another.
    Text(Index, Index),
    /// Puts a word in place of a token.
    Replace(Index, Index),
    /// Puts a word before a token.
    Insert(Index, Index),
    /// Writes a few tokens again where they end, or elsewhere.
    Repeat(Index, usize, Option<Index>),
    /// Takes a few tokens out.
    Remove(Index, usize),
    /// Wraps what follows very often.
    Nest(Index, usize, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    use Mutation::*;
    let at = any::<Index>;
    prop_oneof![
        2 => (at(), 1..=255u8).prop_map(|(at, bits)| Flip(at, bits)),
        1 => at().prop_map(Truncate),
        2 => (at(), at(), at(), at()).prop_map(|(a, b, c, d)| Splice(a, b, c, d)),
        4 => (at(), at()).prop_map(|(a, b)| Swap(a, b)),
        8 => (at(), at()).prop_map(|(at, word)| Number(at, word)),
        8 => (at(), at()).prop_map(|(at, other)| Text(at, other)),
        4 => (at(), at()).prop_map(|(at, word)| Replace(at, word)),
        2 => (at(), at()).prop_map(|(at, word)| Insert(at, word)),
        4 => (at(), 1..20usize, prop::option::of(at())).prop_map(|(at, count, to)| Repeat(at, count, to)),
        2 => (at(), 1..6usize).prop_map(|(at, count)| Remove(at, count)),
        1 => (at(), 0..4usize, 1..400usize).prop_map(|(at, kind, depth)| Nest(at, kind, depth)),
    ]
}

/// Strings, numbers, words and signs, roughly.
fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let mut end = start + 1;
        match text[start] {
            b'"' => {
                while end < text.len() && text[end] != b'"' {
                    end += 1 + usize::from(text[end] == b'\\');
                }
                end = (end + 1).min(text.len());
            }
            b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' => {
                while end < text.len() && matches!(text[end], b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z')
                {
                    end += 1;
                }
            }
            _ => {}
        }
        if !text[start].is_ascii_whitespace() {
            tokens.push(start..end);
        }
        start = end;
    }
    tokens
}

/// Two places in a text, in order.
fn span(a: Index, b: Index, len: usize) -> Range<usize> {
    let (a, b) = (a.index(len + 1), b.index(len + 1));
    a.min(b)..a.max(b)
}

fn mutate(text: &mut Vec<u8>, other: &[u8], mutation: &Mutation) {
    let tokens = tokens(text);
    if tokens.is_empty() {
        text.extend(other);
        return;
    }
    let token = |at: Index| tokens[at.index(tokens.len())].clone();
    let run = |at: Index, count: usize| {
        let first = at.index(tokens.len());
        tokens[first].start..tokens[(first + count - 1).min(tokens.len() - 1)].end
    };
    match *mutation {
        Mutation::Flip(at, bits) => {
            let at = at.index(text.len());
            text[at] ^= bits;
        }
        Mutation::Truncate(at) => text.truncate(at.index(text.len())),
        Mutation::Splice(a, b, c, d) => {
            let piece = other[span(c, d, other.len())].to_vec();
            text.splice(span(a, b, text.len()), piece);
        }
        Mutation::Swap(a, b) => {
            let (a, b) = (token(a), token(b));
            let (first, second) = if a.start < b.start { (a, b) } else { (b, a) };
            if first != second {
                let (left, right) = (text[first.clone()].to_vec(), text[second.clone()].to_vec());
                text.splice(second, left);
                text.splice(first, right);
            }
        }
        Mutation::Number(at, word) => {
            let is_number = |token: &Range<usize>| matches!(text[token.start], b'-' | b'0'..=b'9');
            let numbers: Vec<_> = tokens.iter().filter(|token| is_number(token)).cloned().collect();
            if !numbers.is_empty() {
                let word = WORDS[word.index(NUMBERS)];
                drop(text.splice(at.get(&numbers).clone(), word.bytes()));
            }
        }
        Mutation::Text(at, other) => {
            let strings: Vec<_> = tokens.iter().filter(|token| text[token.start] == b'"').cloned().collect();
            if !strings.is_empty() {
                let piece = text[other.get(&strings).clone()].to_vec();
                drop(text.splice(at.get(&strings).clone(), piece));
            }
        }
        Mutation::Replace(at, word) => drop(text.splice(token(at), word.get(&WORDS).bytes())),
        Mutation::Insert(at, word) => {
            let start = token(at).start;
            drop(text.splice(start..start, word.get(&WORDS).bytes()));
        }
        Mutation::Repeat(at, count, to) => {
            let run = run(at, count);
            let to = to.map_or(run.end, |to| token(to).start);
            let piece = text[run].to_vec();
            drop(text.splice(to..to, piece));
        }
        Mutation::Remove(at, count) => drop(text.drain(run(at, count))),
        Mutation::Nest(at, kind, depth) => {
            let shells = [
                ("[", "]"),
                ("{\"a\":", "}"),
                ("{\"fused\":[{\"key\":\"p\",\"op\":", ",\"args\":[]}]}"),
                ("{\"fused\":[{\"args\":[],\"key\":\"p\",\"op\":", "}]}"),
            ];
            let (open, close) = shells[kind];
            let token = token(at);
            text.splice(token.end..token.end, close.repeat(depth).bytes());
            text.splice(token.start..token.start, open.repeat(depth).bytes());
        }
    }
}

/// The operations of a graph, those inside others too.
fn ops(graph: &TaskGraph) -> impl Iterator<Item = &Op> {
    graph.tasks().flat_map(|task| {
        let op = graph.op(task);
        let parts = if let Op::Fused(fused) = op { &fused.parts[..] } else { &[] };
        std::iter::once(op).chain(parts.iter().map(|part| &part.op))
    })
}

/// Whether a graph does not compute for long.
fn is_quick(graph: &TaskGraph) -> bool {
    let steps = ops(graph).map(|op| match op {
        Op::Busy(busy) => busy.steps,
        Op::Mandelbrot(mandelbrot) => u64::from(mandelbrot.max_iter),
        _ => 0,
    });
    steps.fold(0, u64::saturating_add) <= 1_000_000
}

/// Runs a graph, which may err in any way but by a panic that nobody asked for. Whether it was run.
fn runs_without_panic(graph: &TaskGraph) -> bool {
    if !is_quick(graph) {
        return false;
    }
    let asked_for = ops(graph).any(|op| matches!(op, Op::Panic(_)));
    let options = Options { scheduler: Scheduler::Sync, memory_limit: 1 << 20, ..Options::default() };
    let outcome = scheduler::start(Plan::new(graph).into(), options).unwrap().wait();
    if let Err(error) = outcome {
        assert!(asked_for || !error.to_string().contains("panicked:"), "{error}\n{}", graph.to_json());
    }
    true
}

#[test]
fn no_text_makes_it_panic() {
    let (texts, accepted, run) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let strategy = (graph(), graph(), prop::collection::vec((mutation(), any::<bool>()), 1..8));
    let mut runner = TestRunner::new(ProptestConfig { source_file: Some(file!()), ..Default::default() });
    let result = runner.run(&strategy, |(graph, other, mutations)| {
        let (mut bytes, other) = (graph.to_json().into_bytes(), other.to_json().into_bytes());
        runs_without_panic(&graph);
        for (mutation, undo) in mutations {
            let before = bytes.clone();
            mutate(&mut bytes, &other, &mutation);
            bytes.truncate(200_000);
            let text = String::from_utf8_lossy(&bytes);
            texts.fetch_add(1, Relaxed);
            let Ok(graph) = TaskGraph::from_json(&text) else {
                // Else little would be left after the first harm.
                if undo {
                    bytes = before;
                }
                continue;
            };
            accepted.fetch_add(1, Relaxed);
            let written = graph.to_json();
            let back = TaskGraph::from_json(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
            assert_same(&back, &graph);
            run.fetch_add(runs_without_panic(&graph).into(), Relaxed);
        }
        Ok(())
    });
    println!("{texts:?} texts, {accepted:?} graphs accepted, {run:?} run");
    result.unwrap_or_else(|error| panic!("{error}"));
}
