//! One value of a tuple.

use std::ops::RangeInclusive;

use super::{
    meta::Meta,
    operation::{Operation, form, matrix},
};
use crate::{error::Message, kernels::Input, value::Value};

/// One value of a tuple.
pub(crate) struct Item;

impl Operation for Item {
    type Parameters = u8;

    form!(value "item");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(item: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        match inputs.first()? {
            Meta::Tuple(parts) => parts.get(usize::from(*item)).cloned(),
            _ => None,
        }
    }

    fn execute(item: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        match inputs.first().map(|input| &**input) {
            Some(Value::Tuple(values)) => values
                .get(usize::from(*item))
                .cloned()
                .ok_or_else(|| format!("there is no item {item}: the tuple has {}", values.len()).into()),
            Some(other) => Err(format!("input 0 must be a tuple, not {other:?}").into()),
            None => Err("input 0 is missing".into()),
        }
    }

    fn cheap(_: &Self::Parameters) -> bool {
        true
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(0, vec![Value::from([matrix(), Value::None])])]
    }
}
