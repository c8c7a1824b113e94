//! Parts of the JSON form of operations: a name, or an object with the name and the parameters. See
//! [`graph::json`](crate::graph::json).
//!
//! It is written for people: `"add"`, not `{"elementwise": ["add", "inputs"]}`. So the names are not those of the
//! variants of `Op`, and each operation reads and writes itself.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{self, Error, MapAccess, value::MapAccessDeserializer},
};

use crate::error::shown;

/// Something that is found by name, and reads the parameters that follow.
pub(super) trait Named: Sized {
    /// All names.
    fn names() -> impl Iterator<Item = &'static str>;

    /// The one that is its name alone.
    fn bare(name: &str) -> Option<Self>;

    /// Reads the parameters.
    fn read<'de, A: MapAccess<'de>>(name: &'static str, map: &mut A) -> Result<Self, A::Error>;
}

/// Reads a name, or an object with a name and parameters.
pub(super) fn read<'de, T: Named, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(NamedVisitor(PhantomData))
}

struct NamedVisitor<T>(PhantomData<T>);

impl<'de, T: Named> de::Visitor<'de> for NamedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an operation, or an object with the name and the parameters")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        match T::bare(name) {
            Some(bare) => Ok(bare),
            None if T::names().any(|known| known == name) => Err(E::custom(format!(
                "{name} needs parameters: write {{\"{name}\": ...}} instead of \"{name}\""
            ))),
            None => Err(unknown::<T, E>(name)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let name = map.next_key::<Name<T>>()?.ok_or_else(|| A::Error::custom("an operation needs a name"))?.0;
        let named = T::read(name, &mut map)?;
        match map.next_key::<Name<T>>()? {
            None => Ok(named),
            Some(Name(second, _)) => {
                Err(A::Error::custom(format!("a task has one operation, not both {name} and {second}")))
            }
        }
    }
}

/// The parameters that follow a name.
pub(super) fn object<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    let Object(parameters) = map.next_value()?;
    Ok(parameters)
}

/// A struct that is written as an object: what is derived would take a list as well.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// A name that exists.
struct Name<T>(&'static str, PhantomData<T>);

impl<'de, T: Named> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<T>, D::Error> {
        struct NameVisitor<T>(PhantomData<T>);

        impl<T: Named> de::Visitor<'_> for NameVisitor<T> {
            type Value = Name<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of an operation")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name<T>, E> {
                match T::names().find(|&known| known == name) {
                    Some(name) => Ok(Name(name, PhantomData)),
                    None => Err(unknown::<T, E>(name)),
                }
            }
        }

        deserializer.deserialize_str(NameVisitor(PhantomData))
    }
}

fn unknown<T: Named, E: Error>(name: &str) -> E {
    let names: Vec<_> = T::names().collect();
    E::custom(format!("unknown operation '{}': use one of {}", shown(name), names.join(", ")))
}
