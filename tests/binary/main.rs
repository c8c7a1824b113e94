//! The binary form: graphs, operations and values survive the round trip bit for bit, and no bytes make the crate panic.
//!
//! `PROPTEST_CASES` sets the number of cases in the search for a panic; the default is 256.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../graph_json/graphs.rs"]
mod graphs;
mod mutations;
#[path = "../graph_json/operations.rs"]
mod operations;

use dagdeck::{
    Block, DType, Error, GraphBuilder, Key, Op, TaskGraph, Value,
    block::{Element, Elements},
    graph::Annotations,
    operations::{Busy, Full, Index, Reduce, Reduction, Shape, Slice, Stage, execute},
    programs,
    value::Moments,
};
use proptest::prelude::*;

use crate::{
    graphs::graph,
    mutations::{mutate, mutation},
};

fn bytes(graph: &TaskGraph) -> Vec<u8> {
    graph.encode().unwrap().to_bytes()
}

fn single(op: Op) -> TaskGraph {
    let mut graph = GraphBuilder::new();
    graph.task("sum-0".into(), op, []);
    graph.target("sum-0".into());
    graph.build().unwrap()
}

/// A few of everything that a graph has.
fn mixed() -> TaskGraph {
    let mut graph = GraphBuilder::new();
    graph.task("busy-0".into(), Op::Busy(Busy { steps: 10, failures: 1 }), []);
    graph.annotate("busy-0".into(), Annotations { retries: 2, priority: -7 });
    let block = Block::new(&[2, 2], vec![0.5, -0.0, f64::INFINITY, 1e-320]);
    graph.task(Key::block("block-7f", &[0, 3]), Op::Block(block.into()), []);
    let reduce = Reduce::new(Reduction::Var { ddof: 1.0 }, Stage::Chunk, [0, 1]);
    graph.task("var-0".into(), Op::Reduce(reduce.into()), [Key::block("block-7f", &[0, 3])]);
    graph.task("no-op-0".into(), Op::NoOp, ["var-0".into(), "busy-0".into(), "var-0".into()]);
    graph.target("no-op-0".into());
    graph.target("var-0".into());
    graph.build().unwrap()
}

proptest! {
    #[test]
    fn a_graph_is_read_back_the_same(graph in graph()) {
        let written = bytes(&graph);
        let back = TaskGraph::decode(&written).unwrap();
        prop_assert_eq!(back.to_json().unwrap(), graph.to_json().unwrap());
        prop_assert_eq!(back.targets(), graph.targets());
        // The text of a number is not always enough to know it: of a NaN it has only the name.
        prop_assert!(bytes(&back) == written);
    }

    #[test]
    fn every_number_comes_back_bit_for_bit_and_nan_as_nan(bits in any::<u64>(), nan in any::<bool>()) {
        let number = f64::from_bits(bits | if nan { 0x7ff0 << 48 } else { 0 });
        let full = Full { shape: Shape::new(), fill_value: number.into(), dtype: DType::Float64 };
        let back = Op::decode(&Op::Full(full.into()).encode().unwrap().to_bytes()).unwrap();
        let Op::Full(full) = back else { panic!("{back:?}") };
        let back = full.fill_value.as_f64();
        prop_assert!(back.to_bits() == number.to_bits() || back.is_nan() && number.is_nan());
    }

    #[test]
    fn a_block_comes_back_byte_by_byte(dtype in prop::sample::select(DType::ALL.to_vec()), data in prop::collection::vec(any::<u8>(), 24), turned in any::<bool>(), step in -2..3i64) {
        let data: Vec<u8> = if dtype == DType::Bool { data.iter().map(|byte| byte % 2).collect() } else { data };
        let block = Block::from_bytes(&[data.len() / dtype.size() / 3, 3], dtype, &data).unwrap();
        let block = if turned { block.permuted(&[1, 0]) } else { block };
        let slice = Index::Slice(Slice { step: Some(step).filter(|&step| step != 0), ..Slice::ALL });
        let view = slice_of(block, &[slice, slice]);
        let back = Value::decode(&view.encode().unwrap().to_bytes()).unwrap();
        let [view, back] = [&view, &back].map(|value| value.as_array().unwrap());
        prop_assert_eq!((back.shape(), back.dtype()), (view.shape(), view.dtype()));
        prop_assert!(elements(back) == elements(view));
    }
}

fn slice_of(block: Block, indices: &[Index]) -> Value {
    let block = Value::from(block);
    execute(&Op::Slice(Box::new(indices.into())), &mut [std::borrow::Cow::Borrowed(&block)], 0).unwrap()
}

/// The bits of all elements in C order.
fn elements(block: &Block) -> Vec<u64> {
    fn bits<T: Element>(block: &Block, bits: impl Fn(T) -> u64) -> Option<Vec<u64>> {
        block.elements().map(|elements: &Elements<T>| elements.iter().map(|&x| bits(x)).collect())
    }
    let found = bits(block, |x: bool| x.into())
        .or_else(|| bits(block, |x: u8| x.into()))
        .or_else(|| bits(block, |x: i32| x as u64))
        .or_else(|| bits(block, |x: i64| x as u64))
        .or_else(|| bits(block, |x: f32| x.to_bits().into()))
        .or_else(|| bits(block, f64::to_bits));
    found.expect("one of the types")
}

#[test]
fn every_operation_has_a_binary_form() {
    for (op, inputs) in Op::examples() {
        let written = op.encode().unwrap().to_bytes();
        assert_eq!(Op::decode(&written).unwrap(), op, "{op:?}");
        for value in inputs {
            assert_eq!(Value::decode(&value.encode().unwrap().to_bytes()).unwrap(), value);
        }
    }
}

#[test]
fn values_of_every_kind_come_back() {
    let block = || Block::new(&[2, 1], vec![0.5, f64::NEG_INFINITY]);
    let moments = |m2| Value::Moments(Moments { count: block(), total: block(), m2 }.into());
    let pair = Value::from([Value::None, block().into()]);
    let many = Value::from([moments(None), moments(Some(block())), pair.clone(), pair]);
    for value in [Value::None, block().into(), many] {
        assert_eq!(Value::decode(&value.encode().unwrap().to_bytes()).unwrap(), value);
    }
}

#[test]
fn moments_whose_parts_do_not_fit_are_refused() {
    let block = |len: usize| Block::new(&[len], vec![1.0; len]);
    let wrong = [
        Moments { count: block(1), total: block(2), m2: None },
        Moments { count: block(1), total: block(1), m2: Some(block(2)) },
        Moments { count: block(1), total: Block::new(&[1], vec![1i32]), m2: None },
    ];
    for moments in wrong {
        let written = Value::Moments(moments.into()).encode().unwrap().to_bytes();
        let error = Value::decode(&written).unwrap_err().to_string();
        assert!(error.starts_with("the parts of moments have different shapes"), "{error}");
    }
}

/// What is refused in JSON is refused here, in the same words.
#[test]
fn errors_are_those_of_json() {
    let full = |shape: &[usize]| Full { shape: shape.into(), fill_value: 1.0.into(), dtype: DType::Float64 };
    let index = [Index::Slice(Slice { step: Some(0), ..Slice::ALL })];
    for op in [
        Op::Qr,
        Op::Full(full(&[1 << 20, 1 << 20]).into()),
        Op::Slice(Box::new(index[..].into())),
        Op::Reduce(Reduce::new(Reduction::Sum, Stage::Chunk, [0, 0]).into()),
    ] {
        let graph = single(op);
        let error = TaskGraph::decode(&bytes(&graph)).unwrap_err().to_string();
        let in_json = TaskGraph::from_json(&graph.to_json().unwrap()).unwrap_err().to_string();
        assert!(
            error.starts_with("sum-0: ") && in_json.starts_with(&format!("{error} (line ")),
            "{error}, {in_json}"
        );
    }
}

#[test]
fn an_unknown_operation_is_named_with_its_task() {
    let mut written = bytes(&single(Op::NoOp));
    let place = written.windows(5).position(|window| window == b"no-op").unwrap();
    written[place..place + 5].copy_from_slice(b"on-po");
    let error = TaskGraph::decode(&written).unwrap_err().to_string();
    assert!(error.starts_with("sum-0: unknown operation 'on-po': use one of no-op, busy, "), "{error}");
}

#[test]
fn a_message_of_another_kind_is_refused() {
    let error = Value::decode(&bytes(&mixed())).unwrap_err();
    assert_eq!(error.to_string(), "the message has another kind: graph, not value");
    assert!(
        TaskGraph::decode(b"{\"dagdeck\": 1}")
            .unwrap_err()
            .to_string()
            .starts_with("not a message of dagdeck")
    );
}

/// Version 2, the first that was released, can be read for ever. The file was written by this test when there was none.
#[test]
fn the_first_version_can_be_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/message-2.bin");
    let written = std::fs::read(path).unwrap_or_else(|_| {
        std::fs::write(path, bytes(&mixed())).unwrap();
        panic!("{path} was missing, and is made anew");
    });
    assert_eq!(TaskGraph::decode(&written).unwrap(), mixed());
    assert_eq!(bytes(&mixed()), written, "a new form needs a new version");
}

#[test]
fn a_graph_is_smaller_than_its_json() {
    let job = programs::program("array-mean").unwrap().job(&Default::default(), 42).unwrap();
    let graph = job.graph;
    let (written, text) = (bytes(&graph).len(), graph.to_json().unwrap().len());
    assert!(written * 3 < text * 2, "{written} bytes, {text} in JSON");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(graph in graph(), other in graph(), mutations in prop::collection::vec(mutation(), 1..12)) {
        let (mut written, other) = (bytes(&graph), bytes(&other));
        for mutation in mutations {
            let before = written.clone();
            mutate(&mut written, &other, &mutation);
            match TaskGraph::decode(&written) {
                Ok(graph) => {
                    let again = bytes(&graph);
                    prop_assert_eq!(bytes(&TaskGraph::decode(&again).unwrap()), again);
                }
                // Otherwise little would survive the first mutation.
                Err(_) => written = before,
            }
        }
    }

    #[test]
    fn no_bytes_make_a_value_panic(value in value(), mutations in prop::collection::vec(mutation(), 1..12)) {
        let good = value.encode().unwrap().to_bytes();
        for mutation in mutations {
            let mut written = good.clone();
            mutate(&mut written, &good, &mutation);
            if let Ok(value) = Value::decode(&written) {
                let again = value.encode().unwrap().to_bytes();
                prop_assert_eq!(Value::decode(&again).unwrap().encode().unwrap().to_bytes(), again);
            }
        }
    }

    #[test]
    fn noise_is_refused(noise in prop::collection::vec(any::<u8>(), 0..200), start in any::<bool>()) {
        let noise = if start { [b"dagdeck\x02value\0\0\0", &noise[..]].concat() } else { noise };
        let refused = |result: Result<Value, Error>| result.is_err();
        prop_assert!(refused(Value::decode(&noise)) || noise.len() > 24);
        prop_assert!(TaskGraph::decode(&noise).is_err());
    }
}

/// Small values of every kind.
fn value() -> impl Strategy<Value = Value> {
    let block = (0..3usize, any::<[f32; 4]>())
        .prop_map(|(len, numbers)| Block::new(&[len, 2], numbers[..len * 2].to_vec()));
    let leaf = prop_oneof![Just(Value::None), block.prop_map(Value::from)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| Value::from([a, b, c]))
    })
}
