//! A call of a function that this crate does not know, for example of another language.

use std::{
    fmt::{self, Debug, Formatter},
    ops::RangeInclusive,
    sync::Arc,
};

use serde::{
    Serializer,
    de::{self, MapAccess},
    ser::Error,
};

use super::{meta::Meta, operation::Operation};
use crate::{
    dtype::DType,
    error::Message,
    foreign::cannot_leave,
    kernels::{Input, broadcast_shape},
    value::Value,
};

/// A function that a task can call.
pub trait Callable: Debug + Send + Sync {
    /// What it is, for messages: `Python function`.
    fn type_name(&self) -> &str;

    /// The numbers of inputs that it takes.
    fn arity(&self) -> RangeInclusive<usize>;

    /// The type of its result, if that is an array of the shape to which its inputs are broadcast.
    fn returns(&self) -> Option<DType> {
        None
    }

    /// Computes the value of a task, on any thread of the pool. `attempt` counts from 0.
    ///
    /// # Errors
    /// The task fails with this message, and may be retried.
    fn call(&self, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message>;
}

/// A reference to a [`Callable`]. Two are equal if they are to the same one.
#[derive(Clone)]
pub struct ForeignFunction(Arc<Box<dyn Callable>>);

impl ForeignFunction {
    /// The first reference to a function.
    pub fn new(callable: impl Callable + 'static) -> ForeignFunction {
        ForeignFunction(Arc::new(Box::new(callable)))
    }
}

impl PartialEq for ForeignFunction {
    fn eq(&self, other: &ForeignFunction) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Debug for ForeignFunction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Calls a function. It has no name in JSON, because it cannot be written.
pub(crate) struct ForeignCall;

impl Operation for ForeignCall {
    type Parameters = ForeignFunction;

    const NAMES: &'static [&'static str] = &[];

    fn name(_: &ForeignFunction) -> &'static str {
        "foreign"
    }

    fn arity(function: &ForeignFunction) -> RangeInclusive<usize> {
        function.0.arity()
    }

    /// If it does not say what it returns, nothing is known before it has run. Then memory is reserved for what it returned.
    fn infer(function: &ForeignFunction, inputs: &[&Meta]) -> Option<Meta> {
        let Some(dtype) = function.0.returns() else { return Some(Meta::None) };
        let broadcast = |common: Vec<usize>, input: &&Meta| broadcast_shape(&common, input.as_array()?.1);
        Some(Meta::Array(dtype, inputs.iter().try_fold(Vec::new(), broadcast)?.into()))
    }

    fn execute(function: &ForeignFunction, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
        function.0.call(inputs, attempt)
    }

    fn read<'de, A: MapAccess<'de>>(_: &'static str, _: &mut A) -> Result<ForeignFunction, A::Error> {
        Err(de::Error::custom("a function of another language cannot be read"))
    }

    fn write<S: Serializer>(function: &ForeignFunction, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(cannot_leave(function.0.type_name())))
    }

    /// None: it cannot be written.
    fn examples() -> Vec<(ForeignFunction, Vec<Value>)> {
        Vec::new()
    }
}
