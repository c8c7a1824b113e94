//! Arrays that JavaScript refers to by number: in an engine, the persisted arrays with their blocks; in the page's
//! describer, the arrays described so far, from which others are made.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use wasm_bindgen::prelude::*;

use super::plain::{ToTyped, list, object};
use crate::{
    collections::{
        UNKNOWN,
        array::Array,
        expression::{self, Expression, Held, Targets},
    },
    error::{Error, Result},
};

thread_local! {
    static HELD: RefCell<FxHashMap<u64, Array>> = RefCell::default();
}

struct ByNumber;

impl Held for ByNumber {
    fn find(&self, id: u64) -> Option<Array> {
        HELD.with_borrow(|held| held.get(&id).cloned())
    }
}

/// Keeps an array until it is released.
pub(super) fn hold(id: u64, array: Array) {
    HELD.with_borrow_mut(|held| held.insert(id, array));
}

/// The size of the blocks of all arrays that an engine holds.
pub(super) fn bytes() -> u64 {
    HELD.with_borrow(|held| held.values().map(|array| array.nbytes() as u64).sum())
}

/// What an expression wants. It may refer to arrays held by this module.
pub(super) fn parse(expression: &str) -> Result<Targets> {
    expression.parse::<Expression>()?.targets(&ByNumber)
}

/// Lengths as numbers; NaN if they are unknown.
pub(super) fn numbers(lengths: &[usize]) -> JsValue {
    let number = |&length: &usize| if length == UNKNOWN { f64::NAN } else { length as f64 };
    lengths.iter().map(number).collect::<Vec<f64>>().to_typed()
}

/// Describes the one array that an expression wants, before it is computed, and holds it: `{ shape, dtype, chunks,
/// text }`.
#[wasm_bindgen]
pub fn describe(expression: &str, id: f64) -> std::result::Result<JsValue, JsValue> {
    let arrays = expression::parse(expression, &ByNumber)?;
    let [array] = <[Array; 1]>::try_from(arrays)
        .map_err(|arrays| Error::invalid(format!("targets: must be exactly one, not {}", arrays.len())))?;
    let description = object([
        ("shape", numbers(&array.shape())),
        ("dtype", array.dtype().name().into()),
        ("chunks", list(array.chunks().axes().map(numbers))),
        ("text", array.to_string().into()),
    ]);
    hold(id as u64, array);
    Ok(description)
}

/// Releases an array.
#[wasm_bindgen]
pub fn release(id: f64) {
    HELD.with_borrow_mut(|held| held.remove(&(id as u64)));
}
