//! Inputs: what a kernel gets.

use std::borrow::Cow;

use crate::{block::Block, error::Message, value::Value};

/// The value of a task's dependency. It is owned if the task is the last one that needs it: the result may then use
/// its buffer.
pub type Input<'a> = Cow<'a, Value>;

/// Takes the value of an input that the kernel no longer needs. The data is shared if other tasks need it.
pub(crate) fn take(input: &mut Input<'_>) -> Value {
    std::mem::take(input).into_owned()
}

/// Input `i`, which must be an array.
pub(crate) fn array<'a>(inputs: &'a [Input<'_>], i: usize) -> Result<&'a Block, Message> {
    match inputs.get(i).map(|input| &**input) {
        Some(Value::Array(block)) => Ok(block),
        Some(other) => Err(format!("input {i} must be an array, not {other:?}").into()),
        None => Err(format!("input {i} is missing").into()),
    }
}
