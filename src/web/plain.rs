//! Plain JavaScript data: objects, arrays and typed arrays.

use js_sys::{Float32Array, Float64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use ndarray::ArrayD;
use wasm_bindgen::JsValue;

use crate::{graph::Rows, programs::Answer};

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

to_typed!(u8 => Uint8Array, u16 => Uint16Array, u32 => Uint32Array, f32 => Float32Array, f64 => Float64Array);

/// `{ starts, tasks }`
pub(super) fn rows(rows: &Rows) -> JsValue {
    object([("starts", rows.starts().to_typed()), ("tasks", rows.tasks().to_typed())])
}

/// A number, or an array as `{ data, shape, dtype }`.
pub(super) fn answer(answer: Answer) -> JsValue {
    match answer {
        Answer::Number(number) => number.into(),
        Answer::Array(array) => {
            let shape = list(array.shape().iter().map(|&length| length.into()));
            object([("data", elements(array).to_typed()), ("shape", shape), ("dtype", "float64".into())])
        }
    }
}

/// The elements in C order.
fn elements(array: ArrayD<f64>) -> Vec<f64> {
    array.into_iter().collect()
}
