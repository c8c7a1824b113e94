//! Readers for the values of keywords.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    collections::{
        array::{Axis, Boundary, Indexer, linalg::Order},
        chunks::{AxisSpec, ChunkSpec},
    },
    dtype::DType,
    operations::Slice,
    scalar::Scalar,
};

/// How to read a value, and a description of valid ones.
pub(super) struct Reader<T> {
    pub(super) read: fn(&Value) -> Option<T>,
    pub(super) expected: &'static str,
}

pub(super) const INT: Reader<i64> = Reader { read: int, expected: "an int" };
pub(super) const SIZE: Reader<usize> = Reader { read: size, expected: "a whole number, not negative" };
pub(super) const SEED: Reader<u64> =
    Reader { read: Value::as_u64, expected: "a whole number from 0 to 2^64 - 1" };
pub(super) const BOOL: Reader<bool> = Reader { read: Value::as_bool, expected: "true or false" };
pub(super) const FLOAT: Reader<f64> = Reader { read: float, expected: "a number" };
pub(super) const SCALAR: Reader<Scalar> = Reader { read: scalar, expected: "a number, true or false" };
pub(super) const WORD: Reader<String> = Reader { read: word, expected: "a text" };
pub(super) const SHAPE: Reader<Vec<usize>> =
    Reader { read: shape, expected: "a whole number, or a list of them, none negative" };
pub(super) const INTS: Reader<Vec<i64>> = Reader { read: ints, expected: "an int or a list of ints" };
pub(super) const AXIS: Reader<Axis> = Reader { read: axis, expected: "an int, a list of ints or null" };
pub(super) const DTYPE: Reader<DType> =
    Reader { read: dtype, expected: "float64, float32, int64, int32, uint8 or bool" };
pub(super) const CHUNKS: Reader<ChunkSpec> = Reader {
    read: chunks,
    expected: "a number, \"auto\", -1, or a list of those and of lists of lengths, one for each axis",
};
pub(super) const INDEX: Reader<Vec<Item>> = Reader {
    read: index,
    expected: "a list of ints, {\"start\", \"stop\", \"step\"}, {\"indices\": [ints]}, {\"mask\": operand}, null and \"...\"",
};
pub(super) const RANGE: Reader<[f64; 2]> = Reader { read: range, expected: "a list of two numbers" };
pub(super) const FLOATS: Reader<Vec<f64>> =
    Reader { read: floats, expected: "a number or a list of numbers" };
pub(super) const ORDER: Reader<Order> = Reader { read: order, expected: "a number, \"fro\" or \"nuc\"" };
pub(super) const BOUNDARY: Reader<Boundary> =
    Reader { read: boundary, expected: "\"none\", \"periodic\", \"reflect\", \"nearest\" or a number" };
pub(super) const DRAWS: Reader<Vec<Drawn>> =
    Reader { read: draws, expected: "a list of {\"size\", \"chunks\"} and {\"permutation\"}" };
pub(super) const PAIRS: Reader<Pairs> =
    Reader { read: pairs, expected: "an int, or a list of two ints or of two lists of ints" };

/// What a generator was asked for before.
pub(super) enum Drawn {
    Array(Vec<usize>, ChunkSpec),
    /// The number of rows that were permuted.
    Permutation(usize),
}

/// The axes of a tensordot: their number, or the axes of the left and the right array.
pub(super) enum Pairs {
    Last(usize),
    Named(Vec<isize>, Vec<isize>),
}

/// An item of an index.
pub(super) enum Item {
    Index(Indexer),
    /// The operand with this number is a mask.
    Mask(usize),
}

/// The items of a list, or a single value as a list of one.
fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn all<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    items(value).iter().map(read).collect()
}

fn int(value: &Value) -> Option<i64> {
    match scalar(value)? {
        Scalar::Int(int) => Some(int),
        _ => None,
    }
}

fn size(value: &Value) -> Option<usize> {
    int(value).and_then(|int| usize::try_from(int).ok())
}

fn float(value: &Value) -> Option<f64> {
    scalar(value).map(Scalar::as_f64)
}

fn scalar(value: &Value) -> Option<Scalar> {
    Scalar::deserialize(value).ok()
}

fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn shape(value: &Value) -> Option<Vec<usize>> {
    all(value, size)
}

fn ints(value: &Value) -> Option<Vec<i64>> {
    all(value, int)
}

fn axis(value: &Value) -> Option<Axis> {
    all(value, axis_number).map(Axis::Some)
}

fn axis_number(value: &Value) -> Option<isize> {
    int(value).and_then(|int| isize::try_from(int).ok())
}

fn dtype(value: &Value) -> Option<DType> {
    value.as_str()?.parse().ok()
}

fn chunks(value: &Value) -> Option<ChunkSpec> {
    match value {
        Value::Array(axes) => axes.iter().map(axis_chunks).collect::<Option<_>>().map(ChunkSpec::Axes),
        one => axis_chunks(one).map(ChunkSpec::All),
    }
}

fn axis_chunks(value: &Value) -> Option<AxisSpec> {
    match value {
        Value::Null => Some(AxisSpec::Whole),
        Value::String(word) => (word == "auto").then_some(AxisSpec::Auto),
        Value::Array(lengths) => lengths.iter().map(size).collect::<Option<_>>().map(AxisSpec::Lengths),
        number => match int(number)? {
            -1 => Some(AxisSpec::Whole),
            length => usize::try_from(length).ok().map(AxisSpec::Size),
        },
    }
}

fn index(value: &Value) -> Option<Vec<Item>> {
    let item = |value: &Value| match value {
        Value::Object(object) if object.contains_key("mask") => {
            size(&object["mask"]).filter(|_| object.len() == 1).map(Item::Mask)
        }
        other => indexer(other).map(Item::Index),
    };
    value.as_array()?.iter().map(item).collect()
}

fn indexer(value: &Value) -> Option<Indexer> {
    match value {
        Value::Null => Some(Indexer::NewAxis),
        Value::String(word) => (word == "...").then_some(Indexer::Ellipsis),
        Value::Object(object) if object.contains_key("indices") => {
            let places = object["indices"].as_array().filter(|_| object.len() == 1)?;
            places.iter().map(int).collect::<Option<_>>().map(Indexer::Indices)
        }
        Value::Object(object) if !object.contains_key("int") => {
            let known = |name: &String| ["start", "stop", "step"].contains(&&**name);
            let part = |name: &str| match object.get(name) {
                None | Some(Value::Null) => Some(None),
                Some(place) => int(place).map(Some),
            };
            let slice = Slice { start: part("start")?, stop: part("stop")?, step: part("step")? };
            object.keys().all(known).then_some(Indexer::Slice(slice))
        }
        place => int(place).map(Indexer::At),
    }
}

fn range(value: &Value) -> Option<[f64; 2]> {
    <[f64; 2]>::try_from(all(value, float)?).ok()
}

fn floats(value: &Value) -> Option<Vec<f64>> {
    all(value, float)
}

fn order(value: &Value) -> Option<Order> {
    match value.as_str() {
        Some("fro") => Some(Order::Frobenius),
        Some("nuc") => Some(Order::Nuclear),
        _ => scalar(value).map(Order::Number),
    }
}

fn boundary(value: &Value) -> Option<Boundary> {
    match value.as_str() {
        Some("none") => Some(Boundary::None),
        Some("periodic") => Some(Boundary::Periodic),
        Some("reflect") => Some(Boundary::Reflect),
        Some("nearest") => Some(Boundary::Nearest),
        _ => scalar(value).map(Boundary::Constant),
    }
}

fn draws(value: &Value) -> Option<Vec<Drawn>> {
    let draw = |value: &Value| {
        let object = value.as_object()?;
        if let Some(rows) = object.get("permutation").filter(|_| object.len() == 1) {
            return size(rows).map(Drawn::Permutation);
        }
        let known = |name: &String| ["size", "chunks"].contains(&&**name);
        let chunks = match object.get("chunks") {
            None | Some(Value::Null) => ChunkSpec::default(),
            Some(given) => chunks(given)?,
        };
        object.keys().all(known).then_some(Drawn::Array(shape(object.get("size")?)?, chunks))
    };
    value.as_array()?.iter().map(draw).collect()
}

fn pairs(value: &Value) -> Option<Pairs> {
    match value {
        Value::Array(sides) => match &sides[..] {
            [left, right] => Some(Pairs::Named(all(left, axis_number)?, all(right, axis_number)?)),
            _ => None,
        },
        number => size(number).map(Pairs::Last),
    }
}
