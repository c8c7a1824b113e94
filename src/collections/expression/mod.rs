//! Expressions: collections as plain data, which can be sent, stored and read back.
//!
//! ```json
//! { "dagdeck": 1,
//!   "arrays": [
//!     { "op": "normal", "size": [4000, 4000], "chunks": [500, 500], "seed": 42 },
//!     { "op": "transpose", "args": [{ "array": 0 }] },
//!     { "op": "add", "args": [{ "array": 0 }, { "array": 1 }] },
//!     { "op": "mean", "args": [{ "array": 2 }], "axis": 0 } ],
//!   "targets": [3] }
//! ```
//!
//! - `dagdeck` is the version of the format.
//! - `arrays` are all arrays, each after its operands. `op` is NumPy's or Dask's name, `args` are the operands:
//!   `{"array": i}` or a [scalar](crate::scalar). Everything else is a keyword with NumPy's or Dask's name; absent and
//!   null keywords have NumPy's or Dask's defaults. [`operations`] lists them.
//! - `targets` are the wanted arrays.
//! - `chunks` is a number, `"auto"`, -1, or a list of those and of lists of lengths, one for each axis.
//! - An `index` is a list of numbers, `{"start", "stop", "step"}`, `{"indices": [numbers]}`, null (a new axis), `"..."`,
//!   and `{"mask": 1}`: where the operand `args[1]`, an array of bool, is true.
//! - The data of `from_array` is base64 of the elements in C order, each little-endian.
//! - Draws list the previous draws of the same generator as `after`: `[{"size", "chunks"}, …]`; and
//!   permutations, which advance the generator otherwise, as `{"permutation": rows}`.
//! - A few keywords may be arrays: `{"array": i}`.
//! - `persisted` refers to an array that the engine holds, by its number.
//!
//! An expression of delayed calls has `delayed` instead of `arrays`:
//!
//! ```json
//! { "dagdeck": 1,
//!   "delayed": [
//!     { "op": "inc", "args": [1] },
//!     { "op": "flaky", "args": [{ "delayed": 0 }, 0.2, 42], "retries": 3 },
//!     { "op": "sum", "args": [{ "delayed": 0 }, { "delayed": 1 }], "priority": 1 } ],
//!   "targets": [2] }
//! ```
//!
//! `op` is a [function](crate::operations::Function), `args` are `{"delayed": i}` or scalars, and `retries` and
//! `priority` are the task's annotations. Each call is a task.
//!
//! Errors start with their place: `arrays[2]: add: operands could not be broadcast …`.

mod call;
mod delayed;
mod held;
mod operations;
mod signature;
mod values;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use held::Held;
pub use operations::operations;
pub use signature::Signature;

use self::call::Call;
use super::{Array, Delayed};
use crate::error::{Error, Result, without_place};

/// The version of the format.
const VERSION: u32 = 1;

/// An expression of valid form. [`arrays`](Expression::arrays) checks its operations.
///
/// ```
/// use dagdeck::collections::expression::Expression;
///
/// let text = r#"{"dagdeck": 1, "arrays": [{"op": "ones", "shape": [4], "chunks": 2}], "targets": [0]}"#;
/// let expression: Expression = text.parse()?;
/// assert_eq!(expression.arrays(&())?[0].chunks().to_string(), "((2, 2),)");
/// assert_eq!(expression.to_json().parse::<Expression>()?, expression);
/// # Ok::<(), dagdeck::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expression {
    dagdeck: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    arrays: Vec<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    delayed: Vec<Map<String, Value>>,
    targets: Vec<usize>,
}

/// What an expression wants.
pub enum Targets {
    /// Arrays.
    Arrays(Vec<Array>),
    /// The results of delayed calls.
    Delayed(Vec<Delayed>),
}

/// The arrays that an expression in JSON wants.
///
/// # Errors
/// If the text is not JSON or has another form, an operation or keyword does not exist, or an operation fails as it
/// does in Rust.
pub fn parse(json: &str, held: &dyn Held) -> Result<Vec<Array>> {
    json.parse::<Expression>()?.arrays(held)
}

/// The array of one node of an expression, whose operands are `arrays`: `{"array": i}` is `arrays[i]`.
///
/// ```
/// use dagdeck::collections::{array as da, expression};
///
/// let arrays = [da::ones(&[4], 2, dagdeck::DType::Int64)?];
/// let node = serde_json::from_str(r#"{"op": "add", "args": [{"array": 0}, 1]}"#).expect("it is JSON");
/// let sum = expression::apply(&node, &arrays)?;
/// assert_eq!(sum.to_string(), "dask.array<add, shape=(4,), dtype=int64, chunksize=(2,)>");
/// # Ok::<(), dagdeck::Error>(())
/// ```
///
/// # Errors
/// As for [`parse`]. The message starts with the operation.
pub fn apply(node: &Map<String, Value>, arrays: &[Array]) -> Result<Array> {
    Call::new(node, arrays, &()).and_then(|call| operations::make(&call))
}

impl FromStr for Expression {
    type Err = Error;

    fn from_str(json: &str) -> Result<Expression> {
        let expression: Expression = serde_json::from_str(json)
            .map_err(|error| Error::json(without_place(&error), error.line(), error.column()))?;
        match expression.dagdeck {
            VERSION => Ok(expression),
            other => Err(Error::invalid(format!(
                "dagdeck: unknown version {other}, this build reads version {VERSION}"
            ))),
        }
    }
}

impl Expression {
    /// As JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("maps of text and numbers are JSON")
    }

    /// The wanted arrays.
    ///
    /// # Errors
    /// As for [`parse`].
    pub fn arrays(&self, held: &dyn Held) -> Result<Vec<Array>> {
        self.made("arrays", &self.arrays, |node, made| {
            Call::new(node, made, held).and_then(|call| operations::make(&call))
        })
    }

    /// The wanted arrays or results of delayed calls.
    ///
    /// # Errors
    /// As for [`parse`], and if the expression has arrays and delayed calls.
    pub fn targets(&self, held: &dyn Held) -> Result<Targets> {
        match (self.arrays.is_empty(), self.delayed.is_empty()) {
            (_, true) => Ok(Targets::Arrays(self.arrays(held)?)),
            (true, false) => Ok(Targets::Delayed(self.made("delayed", &self.delayed, delayed::read)?)),
            _ => Err(Error::invalid("an expression has either arrays or delayed, not both")),
        }
    }

    /// Makes all nodes, and returns the targets.
    fn made<T: Clone>(
        &self,
        nodes: &str,
        given: &[Map<String, Value>],
        make: impl Fn(&Map<String, Value>, &[T]) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut made: Vec<T> = Vec::with_capacity(given.len());
        for (place, node) in given.iter().enumerate() {
            made.push(make(node, &made).map_err(|error| error.within(&format!("{nodes}[{place}]")))?);
        }
        let find = |&target: &usize| match made.get(target) {
            Some(node) => Ok(node.clone()),
            None => {
                let (kind, count) = (nodes.strip_suffix('s').unwrap_or(nodes), made.len());
                Err(Error::invalid(format!(
                    "targets: there is no {kind} {target}: the expression has {count}"
                )))
            }
        };
        self.targets.iter().map(find).collect()
    }
}

#[cfg(test)]
mod page;
#[cfg(test)]
mod tests;
