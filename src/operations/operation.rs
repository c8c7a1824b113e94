//! What an operation says of itself.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize, Serializer, de::MapAccess, ser::SerializeMap};

use super::meta::Meta;
use crate::{block::Block, error::Message, kernels::Input, value::Value};

/// One operation, or a close family. The list in `mod.rs` names them all.
pub(crate) trait Operation {
    /// What a task's operation holds.
    type Parameters;

    /// The names in JSON. More than one for a family.
    const NAMES: &'static [&'static str];

    /// The name of one operation.
    fn name(_: &Self::Parameters) -> &'static str {
        Self::NAMES[0]
    }

    /// The numbers of inputs that it takes.
    fn arity(parameters: &Self::Parameters) -> RangeInclusive<usize>;

    /// Checks what does not depend on the inputs.
    fn check(_: &Self::Parameters) -> Result<(), Message> {
        Ok(())
    }

    /// What is known of the value before the operation runs. `None` if it will refuse the inputs, or needs to know more
    /// of them.
    fn infer(parameters: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta>;

    /// The most bytes that the kernel allocates besides the value; with a value of unknown size, if that has a bound.
    fn scratch(_: &Self::Parameters, _: &[&Meta]) -> u64 {
        0
    }

    /// Computes the value. `attempt` counts from 0.
    fn execute(
        parameters: &Self::Parameters,
        inputs: &mut [Input<'_>],
        attempt: u8,
    ) -> Result<Value, Message>;

    /// Whether it costs less to run it again than to keep its value: a view of its input, or a tiny block.
    fn cheap(_: &Self::Parameters) -> bool {
        false
    }

    /// The operation that is written as its name alone.
    fn bare(_: &str) -> Option<Self::Parameters> {
        None
    }

    /// Reads the parameters that follow `name`.
    fn read<'de, A: MapAccess<'de>>(name: &'static str, map: &mut A) -> Result<Self::Parameters, A::Error>;

    /// Writes the operation as JSON.
    fn write<S: Serializer>(parameters: &Self::Parameters, serializer: S) -> Result<S::Ok, S::Error>;

    /// Parameters with inputs that they take: at least one, and one of each kind. Tests start from these, and the
    /// documentation shows them.
    fn examples() -> Vec<(Self::Parameters, Vec<Value>)>;
}

/// Any operation of the list: what a fused one needs of its parts.
pub(crate) trait Part: Clone + Serialize + for<'de> Deserialize<'de> {
    fn check(&self) -> Result<(), Message>;
    fn check_arity(&self, inputs: usize) -> Result<(), Message>;
    fn infer(&self, inputs: &[&Meta]) -> Option<Meta>;
    fn scratch(&self, inputs: &[&Meta]) -> u64;
    fn execute(&self, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message>;
    fn cheap(&self) -> bool;
    fn is_fused(&self) -> bool;
    fn example() -> Self;
}

/// How an operation is written in JSON: `bare`, its name; `object`, its name with an object; `value`, its name with
/// any other parameters.
macro_rules! form {
    (bare $name:literal) => {
        const NAMES: &'static [&'static str] = &[$name];

        fn bare(_: &str) -> Option<Self::Parameters> {
            Some(())
        }

        fn read<'de, A: serde::de::MapAccess<'de>>(
            name: &'static str,
            _: &mut A,
        ) -> Result<Self::Parameters, A::Error> {
            Err(serde::de::Error::custom(format!("{name} takes no parameters")))
        }

        fn write<S: serde::Serializer>(_: &Self::Parameters, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str($name)
        }
    };
    (object $name:literal) => {
        $crate::operations::operation::form!($name, |map| crate::operations::form::object(map));
    };
    (value $name:literal) => {
        $crate::operations::operation::form!($name, |map| map.next_value());
    };
    ($name:literal, |$map:ident| $read:expr) => {
        const NAMES: &'static [&'static str] = &[$name];

        fn read<'de, A: serde::de::MapAccess<'de>>(
            _: &'static str,
            $map: &mut A,
        ) -> Result<Self::Parameters, A::Error> {
            $read
        }

        fn write<S: serde::Serializer>(
            parameters: &Self::Parameters,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            crate::operations::operation::named(serializer, $name, parameters)
        }
    };
}

pub(super) use form;

/// `{"name": parameters}`
pub(super) fn named<S: Serializer>(
    serializer: S,
    name: &str,
    parameters: &(impl Serialize + ?Sized),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, parameters)?;
    map.end()
}

/// A block of floats, for examples.
pub(super) fn matrix() -> Value {
    Block::new(&[2, 3], vec![1.5, -2.0, 0.0, 4.0, 8.5, 3.0]).into()
}
