//! Plain JavaScript data: objects, arrays and typed arrays.

use js_sys::{
    BigInt64Array, Float32Array, Float64Array, Int32Array, Object, Reflect, Uint8Array, Uint16Array,
    Uint32Array,
};
use ndarray::{ArrayBase, Data, IxDyn};
use wasm_bindgen::JsValue;

use crate::{block::Block, graph::Rows, programs::Answer, scalar::Scalar};

/// An object with these properties.
pub(super) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &name.into(), &value).expect("a new object takes any property");
    }
    object.into()
}

/// A JavaScript array of these.
pub(super) fn list(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    items.into_iter().collect::<js_sys::Array>().into()
}

/// Copies numbers into a typed array of their own kind.
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

/// A number, or an array.
pub(super) fn answer(answer: Answer) -> JsValue {
    match answer {
        Answer::Number(number) => number.into(),
        Answer::Array(block) => value(&block),
    }
}

/// An array as `{ data, shape, dtype }`; one without axes as its element.
pub(super) fn value(block: &Block) -> JsValue {
    match (block.ndim(), block.item()) {
        (0, Some(Scalar::Bool(x))) => x.into(),
        (0, Some(Scalar::Int(x))) if x.unsigned_abs() >= 1 << 53 => x.into(),
        (0, Some(number)) => number.as_f64().into(),
        _ => object(parts(block)),
    }
}

/// A block of an array of the shape `whole`, which starts at `offset`.
pub(super) fn placed(block: &Block, offset: &[usize], whole: &[usize]) -> JsValue {
    let [data, shape, dtype] = parts(block);
    object([data, shape, dtype, ("offset", lengths(offset)), ("whole", lengths(whole))])
}

fn parts(block: &Block) -> [(&'static str, JsValue); 3] {
    let data = match block {
        Block::Bool(elements) => elements.mapv(u8::from).as_typed(),
        Block::UInt8(elements) => elements.as_typed(),
        Block::Int32(elements) => elements.as_typed(),
        Block::Int64(elements) => elements.as_typed(),
        Block::Float32(elements) => elements.as_typed(),
        Block::Float64(elements) => elements.as_typed(),
    };
    [("data", data), ("shape", lengths(block.shape())), ("dtype", block.dtype().name().into())]
}

/// Lengths as a JavaScript array.
pub(super) fn lengths(lengths: &[usize]) -> JsValue {
    list(lengths.iter().map(|&length| (length as f64).into()))
}

/// Copies elements in C order.
trait AsTyped {
    fn as_typed(&self) -> JsValue;
}

impl<S: Data<Elem: Clone>> AsTyped for ArrayBase<S, IxDyn>
where
    [S::Elem]: ToTyped,
{
    fn as_typed(&self) -> JsValue {
        self.as_standard_layout().as_slice().expect("the standard layout is one slice").to_typed()
    }
}
