//! Operations without inputs: each makes one block.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize, Serializer, de::MapAccess};

use super::{
    form::object,
    meta::Meta,
    operation::{Operation, named},
};
use crate::{
    block::{Block, Shape, block_size, is_tiny},
    dtype::DType,
    error::Message,
    kernels::Input,
    value::Value,
};

/// An operation that makes a block from its parameters alone. In JSON, it is its name with an object.
pub(crate) trait Creation {
    /// What a task's operation holds.
    type Parameters: Serialize + for<'de> Deserialize<'de>;

    /// The name in JSON.
    const NAME: &'static str;

    /// The type and the shape of the block.
    fn extent(parameters: &Self::Parameters) -> (DType, Shape);

    /// Checks all parameters but the block's size.
    fn check(_: &Self::Parameters) -> Result<(), Message> {
        Ok(())
    }

    /// Makes the block.
    fn make(parameters: &Self::Parameters) -> Result<Block, Message>;

    /// Whether it costs less to make the block again than to keep it.
    fn cheap(parameters: &Self::Parameters) -> bool {
        is_tiny(&Self::extent(parameters).1)
    }

    /// Parameters for tests and for the documentation.
    fn examples() -> Vec<Self::Parameters>;
}

impl<T: Creation> Operation for T {
    type Parameters = T::Parameters;

    const NAMES: &'static [&'static str] = &[T::NAME];

    fn arity(_: &T::Parameters) -> RangeInclusive<usize> {
        0..=0
    }

    fn check(parameters: &T::Parameters) -> Result<(), Message> {
        T::check(parameters)?;
        block_size(&T::extent(parameters).1).map(drop)
    }

    fn infer(parameters: &T::Parameters, _: &[&Meta]) -> Option<Meta> {
        let (dtype, shape) = T::extent(parameters);
        Some(Meta::Array(dtype, shape))
    }

    fn execute(parameters: &T::Parameters, _: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(T::make(parameters)?.into())
    }

    fn cheap(parameters: &T::Parameters) -> bool {
        T::cheap(parameters)
    }

    fn read<'de, A: MapAccess<'de>>(_: &'static str, map: &mut A) -> Result<T::Parameters, A::Error> {
        object(map)
    }

    fn write<S: Serializer>(parameters: &T::Parameters, serializer: S) -> Result<S::Ok, S::Error> {
        named(serializer, T::NAME, parameters)
    }

    fn examples() -> Vec<(T::Parameters, Vec<Value>)> {
        T::examples().into_iter().map(|parameters| (parameters, Vec::new())).collect()
    }
}
