//! The JSON form of graphs: what is written is read back the same, and no text whatever makes the crate panic.
//!
//! `PROPTEST_CASES` says how many cases the search for a panic tries, 256 if nothing is said.
#![cfg(not(target_arch = "wasm32"))]

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use dagdeck::{
    GraphBuilder, Key, Op, Options, Plan, Scheduler, TaskGraph,
    graph::Annotations,
    op::{
        Arange, Busy, Distribution, Full, Fused, Operands, Part, Random, Reduce, Reduction, Shape, Source,
        Stage, Ufunc,
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
    "sub-0": {"op": {"sub":{"left":1e+300}}, "args": ["('full-7f', 0, 3)"]},
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
    let reduce = Reduce { reduction, stage: Stage::Combine, axes: Default::default(), keepdims: false };
    assert_eq!(graph.op(0), &Op::Reduce(reduce.into()));
    assert_eq!(graph.op(1), &Op::Busy(Busy { steps: 1, failures: 0 }));
    assert_eq!(graph.annotations(2), Annotations::default());
}

#[test]
fn errors_name_the_task_and_the_place() {
    let names = "no-op, busy, panic, full, arange, random, add, sub, mul, truediv, neg, sqrt, transpose, sum, \
                 mean, var, fused";
    let unknown = format!("unknown operation 'foo': there are {names}");
    assert_eq!(task_error(r#"{"op": "foo"}"#), unknown);
    assert_eq!(task_error(r#"{"op": {"foo": [1, 2]}}"#), unknown);
    let text = "{\"dagdeck\": 1, \"tasks\": {\n\"a\": {\"op\": \"no-op\"},\n\"sum-0\": {\"op\": \"foo\"}}}";
    assert_eq!(error(text), format!("sum-0: {unknown} (line 3, column 21)"));
    assert_eq!(TaskGraph::from_json(text).unwrap_err().place(), Some((3, 21)));

    for (task, expected) in [
        (r#"{"op": "add", "args": ["a"]}"#, "add takes 2 inputs, not 1"),
        (r#"{"op": {"add": {"left": 1}}}"#, "add takes 1 input, not 0"),
        (r#"{"op": {"neg": {"left": 1}}}"#, "neg takes one operand, which must be an input"),
        (r#"{"op": "full"}"#, r#"full needs parameters: write {"full": ...} instead of "full""#),
        (r#"{"op": {"no-op": {}}}"#, "no-op takes no parameters"),
        (r#"{"op": {"full": {"shape": [1]}}}"#, "missing field `fill_value`"),
        (r#"{"op": {"full": {"shap": [1]}}}"#, "unknown field `shap`, expected `shape` or `fill_value`"),
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
            r#"{"op": {"sub": {"left": "one"}}}"#,
            r#"invalid value: string "one", expected a number, "NaN", "Infinity" or "-Infinity""#,
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

fn distribution() -> impl Strategy<Value = Distribution> {
    let scale = prop_oneof![Just(f64::NAN), 0.0..2.0];
    prop_oneof![
        Just(Distribution::Uniform),
        (number(), scale).prop_map(|(loc, scale)| Distribution::Normal { loc, scale }),
    ]
}

fn ufunc() -> impl Strategy<Value = Ufunc> {
    use Ufunc::*;
    select(vec![Add, Sub, Mul, TrueDiv, Neg, Sqrt])
}

fn reduce() -> impl Strategy<Value = Reduce> {
    let reduction = prop_oneof![
        Just(Reduction::Sum),
        Just(Reduction::Mean),
        number().prop_map(|ddof| Reduction::Var { ddof })
    ];
    let stage = select(vec![Stage::Chunk, Stage::Combine, Stage::Aggregate]);
    let axes = prop::sample::subsequence(vec![0u8, 1, 2, 3], 0..3).prop_shuffle();
    (reduction, stage, axes, any::<bool>()).prop_map(|(reduction, stage, axes, keepdims)| Reduce {
        reduction,
        stage,
        axes: axes.into_iter().collect(),
        keepdims,
    })
}

/// Any operation but a fused one, more often those that have a value.
fn single_op() -> impl Strategy<Value = Op> {
    let full =
        (shape(), number()).prop_map(|(shape, fill_value)| Op::Full(Full { shape, fill_value }.into()));
    let arange = (number(), number(), 0..9usize)
        .prop_map(|(start, step, len)| Op::Arange(Arange { start, step, len }.into()));
    let random = (shape(), distribution(), any::<u64>(), any::<u32>()).prop_map(
        |(shape, distribution, seed, child)| Op::Random(Random { shape, distribution, seed, child }.into()),
    );
    let scalar =
        (ufunc(), any::<bool>(), number()).prop_map(|(ufunc, left, x)| match (ufunc.arity(), left) {
            (1, _) => Op::Elementwise(ufunc, Operands::Inputs),
            (_, true) => Op::Elementwise(ufunc, Operands::ScalarLeft(x)),
            (_, false) => Op::Elementwise(ufunc, Operands::ScalarRight(x)),
        });
    let axes = (0..4u8).prop_flat_map(|ndim| Just((0..ndim).collect::<Vec<_>>()).prop_shuffle());
    prop_oneof![
        1 => Just(Op::NoOp),
        1 => (0..100u64, 0..3u8).prop_map(|(steps, failures)| Op::Busy(Busy { steps, failures })),
        1 => ".{0,5}".prop_map(|message| Op::Panic(message.into())),
        8 => full,
        4 => arange,
        4 => random,
        4 => ufunc().prop_map(|ufunc| Op::Elementwise(ufunc, Operands::Inputs)),
        4 => scalar,
        4 => axes.prop_map(|axes| Op::Transpose(Box::new(axes.into_iter().collect()))),
        8 => reduce().prop_map(|reduce| Op::Reduce(reduce.into())),
    ]
}

/// A few operations, each part taking inputs and parts before it.
fn fused() -> impl Strategy<Value = Op> {
    let part = (single_op(), key(), prop::collection::vec((any::<bool>(), any::<Index>()), 3));
    prop::collection::vec(part, 1..4).prop_map(|parts| {
        let parts = parts.into_iter().enumerate().map(|(i, (op, key, sources))| {
            let wanted = (*op.arity().start()).max(sources.len().min(*op.arity().end()));
            let args = sources.iter().take(wanted).map(|(input, at)| match input {
                false if i > 0 => Source::Part(at.index(i) as u32),
                _ => Source::Input(at.index(3) as u32),
            });
            Part { key, args: args.collect(), op }
        });
        Op::Fused(Fused { parts: parts.collect() }.into())
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
        let mut graph = GraphBuilder::new();
        graph.task("full-0".into(), Op::Full(Full { shape: Shape::new(), fill_value }.into()), []);
        graph.target("full-0".into());
        let back = TaskGraph::from_json(&graph.build().unwrap().to_json()).unwrap();
        match back.op(0) {
            Op::Full(full) if fill_value.is_nan() => prop_assert!(full.fill_value.is_nan()),
            Op::Full(full) => prop_assert_eq!(full.fill_value.to_bits(), fill_value.to_bits()),
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
    let steps = ops(graph).map(|op| if let Op::Busy(busy) = op { busy.steps } else { 0 });
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
