//! The JSON form of numbers. Those that JSON lacks are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
//!
//! Used with `#[serde(with = "number")]`. Finite numbers survive the round trip bit for bit; a NaN becomes some
//! NaN.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::shown;

/// A parameter that is only a number.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Number(#[serde(with = "self")] pub f64);

pub(crate) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    match *number {
        x if x.is_nan() => serializer.serialize_str("NaN"),
        f64::INFINITY => serializer.serialize_str("Infinity"),
        f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
        x => serializer.serialize_f64(x),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    deserializer.deserialize_any(NumberVisitor)
}

struct NumberVisitor;

impl de::Visitor<'_> for NumberVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    fn visit_f64<E>(self, x: f64) -> Result<f64, E> {
        Ok(x)
    }

    fn visit_u64<E>(self, x: u64) -> Result<f64, E> {
        Ok(x as f64)
    }

    fn visit_i64<E>(self, x: i64) -> Result<f64, E> {
        Ok(x as f64)
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<f64, E> {
        self::word(word).ok_or_else(|| E::invalid_value(de::Unexpected::Str(shown(word)), &self))
    }
}

/// The number that this string stands for.
pub(crate) fn word(word: &str) -> Option<f64> {
    match word {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}
