//! One node of an expression: an operation, its operands and its keywords.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Held, values::Reader};
use crate::{
    collections::array::{Array, Operand},
    error::{Error, Result},
    scalar::Scalar,
};

pub(super) struct Call<'a> {
    pub(super) op: &'a str,
    pub(super) args: Vec<Operand>,
    keywords: &'a Map<String, Value>,
    /// The arrays of the previous nodes.
    made: &'a [Array],
    pub(super) held: &'a dyn Held,
}

impl<'a> Call<'a> {
    /// Reads a node; `made` are the arrays of the previous nodes.
    pub(super) fn new(
        node: &'a Map<String, Value>,
        made: &'a [Array],
        held: &'a dyn Held,
    ) -> Result<Call<'a>> {
        let op = match node.get("op") {
            Some(Value::String(op)) => op,
            Some(other) => return Err(Error::invalid(format!("op = {}: must be a text", shown(other)))),
            None => return Err(Error::invalid("op is missing")),
        };
        let args = match node.get("args") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(args)) => args
                .iter()
                .enumerate()
                .map(|(i, arg)| {
                    operand(arg, "arrays", made).map_err(|error| error.within(&format!("{op}: args[{i}]")))
                })
                .collect::<Result<_>>()?,
            Some(other) => {
                return Err(Error::invalid(format!("{op}: args = {}: must be a list", shown(other))));
            }
        };
        Ok(Call { op, args, keywords: node, made, held })
    }

    /// The names of the given keywords.
    pub(super) fn given(&self) -> impl Iterator<Item = &str> {
        self.keywords.keys().map(String::as_str).filter(|name| !["op", "args"].contains(name))
    }

    /// Operand number `i`, which must be an array.
    pub(super) fn array(&self, i: usize) -> Result<&Array> {
        match &self.args[i] {
            Operand::Array(array) => Ok(array),
            Operand::Scalar(scalar) => Err(Error::invalid(format!("args[{i}] = {scalar}: must be an array"))),
        }
    }

    /// All operands, which must be arrays.
    pub(super) fn arrays(&self) -> Result<Vec<Array>> {
        (0..self.args.len()).map(|i| self.array(i).cloned()).collect()
    }

    /// The value of an optional keyword.
    pub(super) fn get<T>(&self, name: &str, reader: Reader<T>) -> Result<Option<T>> {
        match self.keywords.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match (reader.read)(value) {
                Some(read) => Ok(Some(read)),
                None => {
                    Err(Error::invalid(format!("{name} = {}: must be {}", shown(value), reader.expected)))
                }
            },
        }
    }

    /// An optional keyword that is an array or a scalar.
    pub(super) fn operand(&self, name: &str) -> Result<Option<Operand>> {
        match self.keywords.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => operand(value, "arrays", self.made).map(Some).map_err(|error| error.within(name)),
        }
    }

    /// The value of a required keyword.
    pub(super) fn need<T>(&self, name: &str, reader: Reader<T>) -> Result<T> {
        self.get(name, reader)?.ok_or_else(|| Error::invalid(format!("{name} is missing")))
    }
}

/// Reads an operand: a scalar, or a reference to one of the previous nodes, which are called `nodes`.
pub(super) fn operand<T, O>(arg: &Value, nodes: &str, made: &[T]) -> Result<O>
where
    O: From<Scalar> + for<'a> From<&'a T>,
{
    let kind = nodes.strip_suffix('s').unwrap_or(nodes);
    let Some(place) = arg.as_object().and_then(|object| object.get(kind)) else {
        return Scalar::deserialize(arg)
            .map(O::from)
            .map_err(|error| Error::invalid(format!("must be {{\"{kind}\": i}} or a scalar: {error}")));
    };
    match place.as_u64().and_then(|place| made.get(usize::try_from(place).ok()?)) {
        Some(node) => Ok(O::from(node)),
        None => {
            let before = made.len();
            Err(Error::invalid(format!("{}: must be below {before}: only earlier {nodes}", shown(arg))))
        }
    }
}

/// A value, shortened for a message.
fn shown(value: &Value) -> String {
    // `Display` can also indent, which makes the module larger.
    let text = serde_json::to_string(value).expect("every value has JSON");
    let short = crate::error::shown(&text);
    if short.len() < text.len() { format!("{short}…") } else { text }
}
