//! Plain JavaScript data: objects, arrays and typed arrays.

use js_sys::{
    BigInt64Array, Float32Array, Float64Array, Int32Array, Object, Reflect, Uint8Array, Uint16Array,
    Uint32Array,
};
use wasm_bindgen::JsValue;

use crate::{
    block::{Block, Element, Elements},
    graph::Rows,
    kernels::in_c_order,
    programs::{Answer, Cell, Column, Table},
    scalar::Scalar,
    value::Value,
};

/// An object with these properties.
pub(super) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &name.into(), &value).expect("a new object takes any property");
    }
    object.into()
}

/// A JavaScript array of these items.
pub(super) fn list(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    items.into_iter().collect::<js_sys::Array>().into()
}

/// Copies numbers into a typed array of the same type.
pub(super) trait ToTyped {
    fn to_typed(&self) -> JsValue;
}

macro_rules! to_typed {
    ($($number:ty => $array:ty),*) => {
        $(impl ToTyped for [$number] {
            fn to_typed(&self) -> JsValue {
                <$array>::from(self).into()
            }
        })*
    };
}

to_typed!(
    u8 => Uint8Array, u16 => Uint16Array, u32 => Uint32Array, i32 => Int32Array, i64 => BigInt64Array,
    f32 => Float32Array, f64 => Float64Array
);

/// `{ starts, tasks }`
pub(super) fn rows(rows: &Rows) -> JsValue {
    object([("starts", rows.starts().to_typed()), ("tasks", rows.tasks().to_typed())])
}

/// The `Value` of a program, see `www/src/engine/protocol.js`.
pub(super) fn answer(answer: Answer) -> JsValue {
    match answer {
        Answer::Number(number) => scalar(number.into()),
        Answer::Array(block) => value(&block),
        Answer::Table(answer) => table(&answer),
    }
}

/// The `Table` of `www/src/engine/protocol.js`.
pub(super) fn table(table: &Table) -> JsValue {
    let column = |column: &Column| {
        object([("name", column.name.into()), ("label", column.label.into()), ("unit", column.unit.into())])
    };
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => text.into(),
        Cell::Number(number) => (*number).into(),
        Cell::Empty => JsValue::NULL,
    };
    object([
        ("kind", "table".into()),
        ("columns", list(table.columns.iter().map(column))),
        ("rows", list(table.rows.iter().map(|row| list(row.iter().map(cell))))),
    ])
}

/// The `Value` of an array: `{ kind: "array", data, shape, dtype }`, or its element if it has no axes.
pub(super) fn value(block: &Block) -> JsValue {
    match (block.ndim(), block.item()) {
        (0, Some(Scalar::Bool(x))) => scalar(x.into()),
        (0, Some(Scalar::Int(x))) if x.unsigned_abs() >= 1 << 53 => scalar(x.into()),
        (0, Some(number)) => scalar(number.as_f64().into()),
        _ => {
            let [data, shape, dtype] = parts(block);
            object([("kind", "array".into()), data, shape, dtype])
        }
    }
}

/// The `TargetValue` of a single task: an array, or `{ kind: "tuple", values }`. Null if it has none, or if its value
/// has no plain form.
pub(super) fn single(task: &Value) -> JsValue {
    match task {
        Value::Array(block) => value(block),
        Value::Tuple(values) => {
            object([("kind", "tuple".into()), ("values", list(values.iter().map(single)))])
        }
        Value::None | Value::Moments(_) | Value::Foreign(_) => JsValue::NULL,
    }
}

/// `{ kind: "scalar", value }`
fn scalar(value: JsValue) -> JsValue {
    object([("kind", "scalar".into()), ("value", value)])
}

/// A block that starts at `offset` in an array of the shape `whole`.
pub(super) fn placed(block: &Block, offset: &[usize], whole: &[usize]) -> JsValue {
    let [data, shape, dtype] = parts(block);
    object([data, shape, dtype, ("offset", lengths(offset)), ("whole", lengths(whole))])
}

fn parts(block: &Block) -> [(&'static str, JsValue); 3] {
    let data = match in_c_order(block).expect("a copy of a block is as large as the block") {
        Block::Bool(elements) => elements.iter().map(|&x| u8::from(x)).collect::<Vec<_>>().to_typed(),
        Block::UInt8(elements) => typed(&elements),
        Block::Int32(elements) => typed(&elements),
        Block::Int64(elements) => typed(&elements),
        Block::Float32(elements) => typed(&elements),
        Block::Float64(elements) => typed(&elements),
    };
    [("data", data), ("shape", lengths(block.shape())), ("dtype", block.dtype().name().into())]
}

/// Lengths as a JavaScript array.
pub(super) fn lengths(lengths: &[usize]) -> JsValue {
    list(lengths.iter().map(|&length| (length as f64).into()))
}

/// Copies elements that are in C order.
fn typed<T: Element>(elements: &Elements<T>) -> JsValue
where
    [T]: ToTyped,
{
    elements.as_slice().expect("they lie in C order").to_typed()
}
