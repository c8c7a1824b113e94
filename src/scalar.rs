//! Python's numbers: operands that are not arrays. They are weak: their kind takes part in promotion, their width does
//! not.
//!
//! In JSON, an integer is a Python `int`, a number with a point or an exponent is a `float`, and `true` is a `bool`.
//! Floats that JSON lacks are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`. JavaScript cannot distinguish 2.0
//! from 2 and cannot hold all integers, so it sends `{"float": "2"}` and `{"int": "9007199254740993"}`. Numbers survive
//! the round trip bit for bit, except for the payload of a NaN.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Unexpected, Visitor},
    ser::SerializeMap,
};

use crate::{dtype::DType, error::shown, number};

/// A Python number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// `True` or `False`
    Bool(bool),
    /// An `int` that fits `int64`.
    Int(i64),
    /// A `float`.
    Float(f64),
}

/// Beyond this, JavaScript numbers cannot hold every integer.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

impl Scalar {
    /// The type of a NumPy array made from it.
    pub fn dtype(self) -> DType {
        match self {
            Scalar::Bool(_) => DType::Bool,
            Scalar::Int(_) => DType::Int64,
            Scalar::Float(_) => DType::Float64,
        }
    }

    /// The type of a result whose other operands, if any, have the type `other`.
    pub(crate) fn joined(self, other: Option<DType>) -> DType {
        match (self, other) {
            (_, None) => self.dtype(),
            (Scalar::Float(_), Some(other)) => other.inexact(),
            (Scalar::Int(_), Some(DType::Bool)) => DType::Int64,
            (_, Some(other)) => other,
        }
    }

    /// Whether arrays of `dtype` accept it: an `int` must be in their range.
    pub(crate) fn fits(self, dtype: DType) -> bool {
        match (self, dtype.limits()) {
            (Scalar::Int(x), Some((least, most))) => dtype == DType::Bool || (least..=most).contains(&x),
            _ => true,
        }
    }

    /// As a `float`; a large integer is rounded to the nearest one.
    pub fn as_f64(self) -> f64 {
        match self {
            Scalar::Bool(x) => f64::from(u8::from(x)),
            Scalar::Int(x) => x as f64,
            Scalar::Float(x) => x,
        }
    }
}

impl DType {
    /// The type of the result for arrays and Python scalars together, as in `numpy.result_type` (NumPy 2, NEP 50): a
    /// scalar counts only by its kind, and not at all if an array has that kind or a higher one.
    #[must_use]
    pub fn result_type(arrays: &[DType], scalars: &[Scalar]) -> DType {
        let arrays = arrays.iter().copied().reduce(DType::promote);
        scalars.iter().fold(arrays, |so_far, scalar| Some(scalar.joined(so_far))).unwrap_or_default()
    }
}

impl From<f64> for Scalar {
    fn from(x: f64) -> Scalar {
        Scalar::Float(x)
    }
}

impl From<i64> for Scalar {
    fn from(x: i64) -> Scalar {
        Scalar::Int(x)
    }
}

impl From<bool> for Scalar {
    fn from(x: bool) -> Scalar {
        Scalar::Bool(x)
    }
}

impl fmt::Display for Scalar {
    /// As Python prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(true) => f.write_str("True"),
            Scalar::Bool(false) => f.write_str("False"),
            Scalar::Int(x) => x.fmt(f),
            Scalar::Float(x) if x.is_nan() => f.write_str("nan"),
            Scalar::Float(x) => write!(f, "{x:?}"),
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Scalar::Bool(x) => serializer.serialize_bool(x),
            Scalar::Int(x) if x.unsigned_abs() <= MAX_SAFE_INTEGER => serializer.serialize_i64(x),
            Scalar::Int(x) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("int", &x.to_string())?;
                map.end()
            }
            Scalar::Float(x) => number::serialize(&x, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a number, true, false, \"NaN\", \"Infinity\", \"-Infinity\", {\"int\": \"...\"} or {\"float\": \"...\"}",
        )
    }

    fn visit_bool<E>(self, x: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(x))
    }

    fn visit_f64<E>(self, x: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(x))
    }

    fn visit_i64<E>(self, x: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(x))
    }

    fn visit_u64<E: Error>(self, x: u64) -> Result<Scalar, E> {
        let fits = i64::try_from(x).map(Scalar::Int);
        fits.map_err(|_| E::custom(format!("Python int {x} too large to convert to int64")))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Scalar, E> {
        let number = number::word(word).map(Scalar::Float);
        number.ok_or_else(|| E::invalid_value(Unexpected::Str(shown(word)), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        let (kind, digits) = map.next_entry::<String, String>()?.unwrap_or_default();
        let scalar = match &*kind {
            "int" => digits.parse().ok().map(Scalar::Int),
            "float" => digits.parse().ok().map(Scalar::Float),
            _ => return Err(A::Error::invalid_type(Unexpected::Map, &self)),
        };
        match scalar {
            Some(scalar) if map.next_key::<String>()?.is_none() => Ok(scalar),
            _ => Err(A::Error::invalid_value(Unexpected::Str(shown(&digits)), &"a number")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (scalar, text) in [
            (Scalar::Bool(true), "true"),
            (Scalar::Int(-3), "-3"),
            (Scalar::Int((1 << 53) + 1), r#"{"int":"9007199254740993"}"#),
            (Scalar::Int(i64::MIN), r#"{"int":"-9223372036854775808"}"#),
            (Scalar::Float(1.0), "1.0"),
            (Scalar::Float(-0.0), "-0.0"),
            (Scalar::Float(1e300), "1e+300"),
            (Scalar::Float(f64::NEG_INFINITY), r#""-Infinity""#),
        ] {
            assert_eq!(serde_json::to_string(&scalar).unwrap(), text);
            assert_eq!(serde_json::from_str::<Scalar>(text).unwrap(), scalar);
        }
    }

    /// What NumPy 2.4 gives for an array with `True`, `1` and `1.0`.
    #[test]
    fn result_types_are_numpys() {
        use DType::*;
        let expected = [
            (Bool, [Bool, Int64, Float64]),
            (UInt8, [UInt8, UInt8, Float64]),
            (Int32, [Int32, Int32, Float64]),
            (Int64, [Int64, Int64, Float64]),
            (Float32, [Float32; 3]),
            (Float64, [Float64; 3]),
        ];
        for (dtype, scalars) in expected {
            let given = [Scalar::Bool(true), Scalar::Int(1), Scalar::Float(1.0)];
            assert_eq!(given.map(|scalar| DType::result_type(&[dtype], &[scalar])), scalars, "{dtype}");
        }
        assert_eq!(DType::result_type(&[], &[Scalar::Bool(true), Scalar::Int(1)]), Int64);
        assert_eq!(DType::result_type(&[Float32, Bool], &[Scalar::Int(1)]), Float32);
    }

    #[test]
    fn javascript_can_say_what_it_means() {
        for (text, scalar) in [(r#"{"float":"2"}"#, 2.0.into()), (r#"{"int":"2"}"#, Scalar::Int(2))] {
            assert_eq!(serde_json::from_str::<Scalar>(text).unwrap(), scalar);
        }
    }

    #[test]
    fn other_things_are_refused() {
        for text in [
            r#""one""#,
            "null",
            "[1]",
            "{}",
            r#"{"int":"1.5"}"#,
            r#"{"float":"one"}"#,
            r#"{"float":"1","int":"1"}"#,
            "18446744073709551615",
        ] {
            assert!(serde_json::from_str::<Scalar>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn it_prints_as_in_python() {
        let shown = [true.into(), 2.into(), 2.0.into(), f64::NAN.into()].map(|x: Scalar| x.to_string());
        assert_eq!(shown, ["True", "2", "2.0", "nan"]);
    }
}
