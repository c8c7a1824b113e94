//! Array expressions have the values of Dask and NumPy, and are refused where these refuse them.
//! `tests/reference/expressions.py` writes the fixture; `EXPRESSIONS` names another one, such as one written by
//! `tests/reference/fuzz.py`.
#![cfg(not(target_arch = "wasm32"))]

use std::{collections::BTreeSet, sync::Arc};

use dagdeck::{
    Block, DType, Options, Plan, Result, Scheduler,
    block::Element,
    collections::{Array, UNKNOWN, array, expression},
    scalar::Scalar,
    scheduler::{self, Policy},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    expression: serde_json::Value,
    #[serde(flatten)]
    came: Came,
}

/// The expected result of an expression.
#[derive(Deserialize)]
#[serde(untagged)]
enum Came {
    Whole(Whole),
    Error(Refusal),
}

#[derive(Deserialize)]
struct Whole {
    /// The shape of what Dask computes.
    shape: Vec<usize>,
    /// The lengths of the blocks before; `None` if Dask does not know one.
    chunks: Vec<Vec<Option<usize>>>,
    dtype: String,
    /// Whether its elements must be equal bit for bit.
    exact: bool,
    /// Its elements in C order, in Python's notation.
    values: String,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    text: String,
}

fn cases() -> Vec<Case> {
    let other = std::env::var("EXPRESSIONS");
    let path = other.as_deref().unwrap_or("tests/fixtures/expressions.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("it is there")).expect("it holds cases")
}

/// The ways to run a graph, which must all give the same result: optimised or not, and with different schedulers.
fn ways() -> impl Iterator<Item = (bool, Options)> + Clone {
    let options =
        |scheduler, policy| Options { scheduler, policy, workers: 3, trace: false, ..Options::default() };
    let threads = |policy| options(Scheduler::Threads, policy);
    [
        (true, threads(Policy::Ordered)),
        (false, threads(Policy::Random)),
        (true, threads(Policy::Lifo)),
        (true, threads(Policy::CriticalPath)),
        (false, options(Scheduler::Sync, Policy::Ordered)),
        (true, threads(Policy::Fifo)),
    ]
    .into_iter()
    .cycle()
}

fn parsed(expression: &serde_json::Value) -> Result<Array> {
    let mut targets = expression::parse(&expression.to_string(), &())?;
    assert_eq!(targets.len(), 1);
    Ok(targets.remove(0))
}

fn computed(target: &Array, optimize: bool, options: Options) -> Result<Block> {
    let graph = array::graph(std::slice::from_ref(target), optimize)?;
    let values = scheduler::start(Arc::new(Plan::new(&graph)), options)?.wait()?.values()?;
    target.assemble(&values)
}

fn scalars(block: &Block) -> Vec<Scalar> {
    fn all<T: Element>(block: &Block) -> Vec<Scalar> {
        block.elements::<T>().expect("it has this dtype").iter().map(|element| element.to_scalar()).collect()
    }
    match block.dtype() {
        DType::Bool => all::<bool>(block),
        DType::UInt8 => all::<u8>(block),
        DType::Int32 => all::<i32>(block),
        DType::Int64 => all::<i64>(block),
        DType::Float32 => all::<f32>(block),
        DType::Float64 => all::<f64>(block),
    }
}

/// An element in Python's notation.
fn read(word: &str, dtype: DType) -> Scalar {
    match dtype {
        DType::Bool => Scalar::Bool(word == "True"),
        // Rounded to its own type first, and widened then.
        DType::Float32 => Scalar::Float(word.parse::<f32>().expect("a float").into()),
        DType::Float64 => Scalar::Float(word.parse().expect("a float")),
        _ => Scalar::Int(word.parse().expect("an integer")),
    }
}

impl Whole {
    /// The difference between `target`, computed to `block`, and this. `None` if there is none.
    fn difference(&self, target: &Array, block: &Block) -> Option<String> {
        let known = |&length: &usize| (length != UNKNOWN).then_some(length);
        let chunks: Vec<Vec<_>> =
            target.chunks().axes().map(|lengths| lengths.iter().map(known).collect()).collect();
        if chunks != self.chunks {
            return Some(format!("is {target} in {chunks:?}, not {:?}", self.chunks));
        }
        let shape = target.shape();
        let fits = |(axis, &length): (usize, &usize)| shape[axis] == UNKNOWN || shape[axis] == length;
        let is_as_announced = shape.len() == block.ndim() && block.shape().iter().enumerate().all(fits);
        if !is_as_announced || target.dtype() != block.dtype() {
            return Some(format!(
                "is {target}, but computes shape={:?}, dtype={}",
                block.shape(),
                block.dtype()
            ));
        }
        self.difference_of_elements(block)
    }

    /// The difference between `block` and this, however it was cut.
    fn difference_of_elements(&self, block: &Block) -> Option<String> {
        let dtype = block.dtype();
        if (block.shape(), &dtype.to_string()) != (&self.shape[..], &self.dtype) {
            let (shape, expected) = (block.shape(), &self.shape);
            return Some(format!(
                "has shape={shape:?}, dtype={dtype}, not shape={expected:?}, dtype={}",
                self.dtype
            ));
        }
        let expected: Vec<Scalar> = self.values.split_whitespace().map(|word| read(word, dtype)).collect();
        let largest = expected.iter().map(|x| x.as_f64().abs()).filter(|x| x.is_finite()).fold(0.0, f64::max);
        let tolerance = match dtype {
            _ if self.exact => 0.0,
            DType::Float32 => 1e-5,
            _ => 1e-12,
        };
        let got = scalars(block);
        assert_eq!(got.len(), expected.len());
        let close = |got: Scalar, expected: Scalar| match (got, expected) {
            (Scalar::Float(got), Scalar::Float(expected)) => {
                // Elements that cancel out beside much larger ones have no meaningful relative error.
                let bound = tolerance * expected.abs().max(1e-3 * largest);
                got == expected || got.is_nan() && expected.is_nan() || (got - expected).abs() <= bound
            }
            _ => got == expected,
        };
        let wrong = got.iter().zip(&expected).position(|(&got, &expected)| !close(got, expected))?;
        Some(format!("has {:?} for element {wrong}, not {:?}", got[wrong], expected[wrong]))
    }
}

/// The same with its sources cut differently; `None` if it depends on the chunks or is too large for that.
fn cut_otherwise(expression: &serde_json::Value, chunks: i32) -> Option<serde_json::Value> {
    // Results that depend on the chunks: random numbers (they have a seed), which of equal elements comes first, the
    // signs of factors, and estimates.
    let depend = ["rechunk", "map_blocks", "percentile"];
    let depend = [&depend[..], &["argmin", "argmax", "qr.q", "qr.r", "svd.u", "svd.s", "svd.vh"]].concat();
    let mut cut = expression.clone();
    for array in cut["arrays"].as_array_mut()? {
        let large =
            array["shape"].as_array().is_some_and(|shape| shape.iter().any(|n| n.as_u64() > Some(1000)));
        let random = array.get("seed").is_some();
        if large || random || depend.contains(&array["op"].as_str()?) || array["boundary"] == "none" {
            return None;
        }
        if let Some(given) = array.get_mut("chunks") {
            *given = chunks.into();
        }
    }
    Some(cut)
}

/// An expression for messages: its operations with their keywords, without its data.
fn shown(case: &Case) -> String {
    let mut arrays = case.expression["arrays"].clone();
    for array in arrays.as_array_mut().expect("an expression has arrays") {
        array.as_object_mut().expect("each is an object").remove("data");
    }
    arrays.to_string()
}

fn assert_none(wrong: &[String], of: usize) {
    assert!(of > 0 && wrong.is_empty(), "{} of {of}:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn expressions_have_dasks_values_however_they_are_run() {
    let sync = Options { scheduler: Scheduler::Sync, trace: false, ..Options::default() };
    let mut ways = ways();
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases() {
        let Came::Whole(whole) = &case.came else { continue };
        count += 1;
        let difference = parsed(&case.expression).and_then(|target| {
            let by_sync = whole.difference(&target, &computed(&target, true, sync)?);
            let (optimize, options) = ways.next().expect("they come again and again");
            let otherwise = || {
                let block = computed(&target, optimize, options)?;
                let difference = whole.difference(&target, &block);
                Ok(difference.map(|difference| format!("optimize: {optimize}, {options:?}: {difference}")))
            };
            by_sync.map_or_else(otherwise, |difference| Ok(Some(difference)))
        });
        match difference {
            Ok(None) => {}
            Ok(Some(difference)) => wrong.push(format!("{}\n  {difference}", shown(&case))),
            Err(error) => wrong.push(format!("{}\n  {error}", shown(&case))),
        }
    }
    assert_none(&wrong, count);
}

#[test]
fn every_operation_has_a_case() {
    let mut missing: BTreeSet<_> = expression::operations().map(|operation| operation.name).collect();
    // Only the engine has arrays that were computed before.
    missing.remove("persisted");
    for case in cases().iter().filter(|case| matches!(case.came, Came::Whole(_))) {
        for array in case.expression["arrays"].as_array().expect("an expression has arrays") {
            missing.remove(array["op"].as_str().expect("each has a name"));
        }
    }
    assert!(missing.is_empty(), "tests/reference/cases.py lacks {missing:?}");
}

#[test]
fn chunks_change_no_element() {
    let options = Options { scheduler: Scheduler::Sync, trace: false, ..Options::default() };
    let mut wrong = Vec::new();
    let mut count = 0;
    for (case, chunks) in cases().iter().zip([-1, 1, 4].into_iter().cycle()) {
        let Came::Whole(whole) = &case.came else { continue };
        let Some(cut) = cut_otherwise(&case.expression, chunks) else { continue };
        count += 1;
        match parsed(&cut).and_then(|target| computed(&target, true, options)) {
            Ok(block) => {
                let difference = whole.difference_of_elements(&block);
                wrong.extend(
                    difference.map(|difference| format!("{}\n  in {chunks}: {difference}", shown(case))),
                );
            }
            Err(error) => wrong.push(format!("{}\n  in {chunks}: {error}", shown(case))),
        }
    }
    assert_none(&wrong, count);
}

/// Messages in which Dask and NumPy speak of their internals, or which are better here.
const SAID_OTHERWISE: [&str; 42] = [
    "Parameters of such types are not supported",
    "Python int too large to convert to C long",
    "zero-size array to reduction operation minimum which has no identity",
    "('Repeated elements not allowed in output index', [0])",
    "('Unknown dimension', {2})",
    "('Repeated elements not allowed in output index', ['i'])",
    "Index string ('i'",
    "Probabilities do not sum to 1. See Notes",
    "Shapes do not align {",
    "Chunks do not add up to shape.",
    "Bad index.  Must be integer-like",
    "('Shapes do not align: %s'",
    "'>=' not supported between instances of 'ellipsis' and 'int'",
    "Index is out of bounds for axis 0 with size 5",
    "('Chunks do not add up to same value'",
    "`matmul` does not support scalars.",
    "tuple index out of range",
    "qr currently supports only tall-and-skinny",
    "dask.array.histogram requires either",
    "The da.quantile function only works along an axis.",
    "Empty tuples are not allowed in chunks.",
    "division by zero",
    "scale < 0",
    "expected non-negative integer",
    "could not convert string to float",
    "`dtype` inference failed in `map_blocks`.",
    "unsupported operand type(s) for -: 'Array' and 'Array'",
    "operands could not be broadcast together with shapes (40,) (35,)",
    "operands could not be broadcast together with shapes (7,) (6,)",
    "operands could not be broadcast together with shapes (nan,) (7,)",
    "Arrays chunk sizes are unknown: ",
    "Array chunk size or shape is unknown.",
    "Array chunk sizes are unknown. shape: ",
    "Arg-reductions do not work with arrays that have unknown chunksizes.",
    "Can not perform automatic rechunking with unknown (nan) chunk sizes.",
    "Tried to concatenate arrays with unknown shape (nan, 8).",
    "'float' object cannot be interpreted as an integer",
    "cannot convert float NaN to integer",
    "'curry' object is not subscriptable",
    "module 'dask.array' has no attribute 'unknown'",
    "sum() got an unexpected keyword argument 'colour'",
    "add() takes from 2 to 3 positional arguments",
];

#[test]
fn what_dask_refuses_is_refused_in_its_words() {
    let options = Options { scheduler: Scheduler::Sync, trace: false, ..Options::default() };
    let mut wrong = Vec::new();
    let mut unused = SAID_OTHERWISE.to_vec();
    let mut count = 0;
    for case in cases() {
        let Came::Error(refusal) = &case.came else { continue };
        count += 1;
        match parsed(&case.expression).and_then(|target| computed(&target, true, options)) {
            Ok(_) => wrong.push(format!("{}\n  is computed, not {}", shown(&case), refusal.error)),
            Err(error) => {
                let (error, said) =
                    (error.to_string(), refusal.text.trim().lines().next().unwrap_or_default());
                // Dask and NumPy disagree about capitals.
                if error.to_lowercase().contains(&said.to_lowercase()) {
                    continue;
                }
                match SAID_OTHERWISE.into_iter().find(|&other| said.starts_with(other)) {
                    Some(otherwise) => unused.retain(|&other| other != otherwise),
                    None => wrong.push(format!("{}\n  {error}\n  instead of: {said}", shown(&case))),
                }
            }
        }
    }
    assert_none(&wrong, count);
    assert!(unused.is_empty() || std::env::var("EXPRESSIONS").is_ok(), "nobody says {unused:?}");
}
