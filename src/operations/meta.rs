//! What is known of a value before it is computed: its type, its shape, and so its bytes.

use serde::{Deserialize, Serialize};

use crate::{
    block::Shape,
    dtype::DType,
    value::{Moments, Value},
};

/// A length that is only known once the block is computed, because it depends on the elements: `nan` in Dask. A sum that
/// includes one is unknown, too.
pub const UNKNOWN: usize = usize::MAX;

/// What is known of a value before it is computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Meta {
    /// Not an array.
    None,
    /// An array. Any of its lengths may be [`UNKNOWN`].
    Array(DType, Shape),
    /// What a block adds to a mean or a variance.
    Moments { shape: Shape, dtype: DType, has_m2: bool },
    /// Several values.
    Tuple(Vec<Meta>),
}

impl Meta {
    pub(crate) fn of(value: &Value) -> Meta {
        match value {
            Value::None | Value::Foreign(_) => Meta::None,
            Value::Array(block) => Meta::Array(block.dtype(), block.shape().into()),
            Value::Moments(moments) => {
                let Moments { total, m2, .. } = &**moments;
                Meta::Moments { shape: total.shape().into(), dtype: total.dtype(), has_m2: m2.is_some() }
            }
            Value::Tuple(values) => Meta::Tuple(values.iter().map(Meta::of).collect()),
        }
    }

    pub(crate) fn array(dtype: DType, shape: &[usize]) -> Meta {
        Meta::Array(dtype, shape.into())
    }

    /// Whether the sizes of all arrays are known.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Meta::None => true,
            Meta::Array(_, shape) | Meta::Moments { shape, .. } => !shape.contains(&UNKNOWN),
            Meta::Tuple(parts) => parts.iter().all(Meta::is_known),
        }
    }

    /// Whether `other` is what this foresees: the same, but for lengths that are unknown here.
    #[cfg(test)]
    pub(crate) fn allows(&self, other: &Meta) -> bool {
        match (self, other) {
            (Meta::Array(dtype, shape), Meta::Array(other, found)) => {
                let allows = |(&length, found): (&usize, &usize)| length == UNKNOWN || length == *found;
                dtype == other && shape.len() == found.len() && shape.iter().zip(found).all(allows)
            }
            (Meta::Tuple(parts), Meta::Tuple(others)) => {
                parts.len() == others.len()
                    && parts.iter().zip(others).all(|(part, other)| part.allows(other))
            }
            _ => self == other,
        }
    }

    /// The type of the elements; of a tuple, that of its last part.
    pub(crate) fn dtype(&self) -> Option<DType> {
        match self {
            Meta::Array(dtype, _) | Meta::Moments { dtype, .. } => Some(*dtype),
            Meta::Tuple(parts) => parts.last()?.dtype(),
            Meta::None => None,
        }
    }

    /// The type and the shape, if it is an array.
    pub(crate) fn as_array(&self) -> Option<(DType, &[usize])> {
        match self {
            Meta::Array(dtype, shape) => Some((*dtype, shape)),
            _ => None,
        }
    }

    /// The memory that the value takes, as far as it is known; [`u64::MAX`] if it is too large to count.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Meta::None => 0,
            Meta::Array(dtype, shape) => bytes(*dtype, shape),
            Meta::Moments { shape, dtype, has_m2 } => {
                let sums = bytes(*dtype, shape).saturating_mul(1 + u64::from(*has_m2));
                sums.saturating_add(bytes(DType::Float64, shape))
            }
            Meta::Tuple(parts) => parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.bytes())),
        }
    }

    /// The memory of the same elements in a type that is computed in: 0 if they have it already.
    pub(super) fn as_type(&self, dtype: DType) -> u64 {
        match self {
            Meta::Array(own, shape) if *own != dtype => bytes(dtype, shape),
            _ => 0,
        }
    }

    /// The memory of 8 bytes for each element.
    pub(super) fn words(&self) -> u64 {
        self.as_array().map_or(0, |(_, shape)| bytes(DType::Int64, shape))
    }
}

/// The type and the shape of input `i`, if it is an array.
pub(super) fn array<'a>(inputs: &[&'a Meta], i: usize) -> Option<(DType, &'a [usize])> {
    inputs.get(i).copied().and_then(Meta::as_array)
}

/// Adds up bytes that may be too many to count.
pub(super) fn total(bytes: impl IntoIterator<Item = u64>) -> u64 {
    bytes.into_iter().fold(0, u64::saturating_add)
}

/// The lesser of two lengths.
pub(super) fn least(length: usize, other: usize) -> usize {
    if [length, other].contains(&UNKNOWN) { UNKNOWN } else { length.min(other) }
}

/// The bytes of the elements of an array; 0 if its size is unknown.
pub(super) fn bytes(dtype: DType, shape: &[usize]) -> u64 {
    // An axis of length 0 makes the array empty, however long the others are.
    if shape.contains(&0) || shape.contains(&UNKNOWN) {
        return 0;
    }
    let size = dtype.size() as u64;
    shape.iter().try_fold(size, |bytes, &length| bytes.checked_mul(length as u64)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_cannot_be_counted_is_the_largest() {
        assert_eq!(bytes(DType::Bool, &[usize::MAX - 1, usize::MAX - 1]), u64::MAX);
        assert_eq!(bytes(DType::Float64, &[usize::MAX - 1, 0, 3]), 0);
    }
}
