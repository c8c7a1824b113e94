//! Delayed calls of an expression.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::call::operand;
use crate::{
    collections::delayed::{Argument, Delayed, delayed},
    error::{Error, Result},
    operations::Function,
};

/// A call as JSON has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Called {
    op: Function,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    retries: u8,
    #[serde(default)]
    priority: i32,
}

/// Reads a node; `made` are the calls of the previous nodes. Equal expressions have equal keys.
pub(super) fn read(node: &Map<String, Value>, made: &[Delayed]) -> Result<Delayed> {
    let invalid = |error: serde_json::Error| Error::invalid(error.to_string());
    let called: Called = serde_json::from_value(Value::Object(node.clone())).map_err(invalid)?;
    let name = called.op.name();
    let arg = |(i, arg): (usize, &Value)| {
        operand::<_, Argument>(arg, "delayed", made)
            .map_err(|error| error.within(&format!("{name}: args[{i}]")))
    };
    let args = called.args.iter().enumerate().map(arg).collect::<Result<Vec<_>>>()?;
    let callable = delayed(called.op).retries(called.retries).priority(called.priority);
    callable.numbered(made.len() as u64, args)
}
