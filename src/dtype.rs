//! Element types: the supported types of NumPy, and NumPy's rules for mixing them.
//!
//! Not supported: complex numbers, strings, dates, other widths. If NumPy's result would have one of those, the
//! nearest supported type is used: `uint64` is `int64`, `float16` is `float64`, `int8` (of arithmetic on `bool`) is
//! `uint8`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::error::{Error, Result};

/// The type of an array's elements, in NumPy's order of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DType {
    /// `bool`
    Bool,
    /// `uint8`
    UInt8,
    /// `int32`
    Int32,
    /// `int64`, which is `int` in NumPy
    Int64,
    /// `float32`
    Float32,
    /// `float64`, which is `float` in NumPy
    #[default]
    Float64,
}

use DType::*;

impl DType {
    /// All types.
    pub const ALL: [DType; 6] = [Bool, UInt8, Int32, Int64, Float32, Float64];

    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            Bool => "bool",
            UInt8 => "uint8",
            Int32 => "int32",
            Int64 => "int64",
            Float32 => "float32",
            Float64 => "float64",
        }
    }

    /// NumPy's short name.
    fn short(self) -> &'static str {
        match self {
            Bool => "?",
            UInt8 => "u1",
            Int32 => "i4",
            Int64 => "i8",
            Float32 => "f4",
            Float64 => "f8",
        }
    }

    /// The size of one element, in bytes.
    pub fn size(self) -> usize {
        match self {
            Bool | UInt8 => 1,
            Int32 | Float32 => 4,
            Int64 | Float64 => 8,
        }
    }

    /// Whether it is `float32` or `float64`.
    pub fn is_float(self) -> bool {
        self >= Float32
    }

    /// The smallest and the largest integer that the type holds, if it is an integer type.
    pub fn limits(self) -> Option<(i64, i64)> {
        match self {
            Bool => Some((0, 1)),
            UInt8 => Some((0, i64::from(u8::MAX))),
            Int32 => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
            Int64 => Some((i64::MIN, i64::MAX)),
            Float32 | Float64 => None,
        }
    }

    /// The smallest type that holds both: `numpy.promote_types`.
    ///
    /// ```
    /// use dagdeck::DType::*;
    ///
    /// assert_eq!(Int32.promote(Float32), Float64);
    /// assert_eq!(UInt8.promote(Float32), Float32);
    /// ```
    #[must_use]
    pub fn promote(self, other: DType) -> DType {
        match (self.min(other), self.max(other)) {
            (Int32 | Int64, Float32) => Float64,
            (_, larger) => larger,
        }
    }

    /// The type in which NumPy computes sums and products: `int64` for integers.
    #[must_use]
    pub fn accumulator(self) -> DType {
        if self.is_float() { self } else { Int64 }
    }

    /// The type of a mean, a quotient or a root: `float64`, except `float32` for `float32`.
    #[must_use]
    pub fn inexact(self) -> DType {
        if self.is_float() { self } else { Float64 }
    }
}

/// Whether it is the type that JSON leaves out.
pub(crate) fn is_default(dtype: &DType) -> bool {
    *dtype == DType::default()
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DType {
    type Err = Error;

    /// Accepts NumPy's names, long or short, and Python's `int` and `float`.
    fn from_str(name: &str) -> Result<DType> {
        let plain = name.trim_start_matches(['<', '|', '=']);
        let found = DType::ALL.into_iter().find(|dtype| [dtype.name(), dtype.short()].contains(&plain));
        match (found, name) {
            (Some(dtype), _) => Ok(dtype),
            (_, "float") => Ok(Float64),
            (_, "int") => Ok(Int64),
            _ => {
                let names = DType::ALL.map(DType::name).join(", ");
                Err(Error::invalid(format!("data type '{name}' not understood: use one of {names}")))
            }
        }
    }
}

impl Serialize for DType {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for DType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<DType, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        name.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of NumPy 2.4's `promote_types`.
    #[test]
    fn promotion_is_numpys() {
        let expected = [
            // with       bool  u1       i4       i8       f4       f8
            (Bool, [Bool, UInt8, Int32, Int64, Float32, Float64]),
            (UInt8, [UInt8, UInt8, Int32, Int64, Float32, Float64]),
            (Int32, [Int32, Int32, Int32, Int64, Float64, Float64]),
            (Int64, [Int64, Int64, Int64, Int64, Float64, Float64]),
            (Float32, [Float32, Float32, Float64, Float64, Float32, Float64]),
            (Float64, [Float64; 6]),
        ];
        for (dtype, arrays) in expected {
            assert_eq!(DType::ALL.map(|other| dtype.promote(other)), arrays, "{dtype}");
        }
    }

    #[test]
    fn names_are_read_long_and_short() {
        for dtype in DType::ALL {
            assert_eq!(dtype.name().parse(), Ok(dtype));
            assert_eq!(format!("<{}", dtype.short()).parse(), Ok(dtype));
        }
        let error = "complex128".parse::<DType>().unwrap_err().to_string();
        assert!(
            error.starts_with("data type 'complex128' not understood: use one of bool, uint8, "),
            "{error}"
        );
    }
}
