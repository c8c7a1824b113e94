//! What a finished task holds.

use ndarray::{ArcArray, IxDyn};

use crate::graph::TaskId;

/// One block of an array. Cloning and transposing share the data.
pub type Block = ArcArray<f64, IxDyn>;

/// The value of a task: at most two words, so that a graph of a million tasks needs 16 MB of slots.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing: no task has run yet, the task has no result, or its last reader is done.
    #[default]
    None,
    /// A block of an array.
    Array(Box<Block>),
    /// What a block adds to a mean or a variance.
    Moments(Box<Moments>),
    /// The task erred, or did not run since this task had erred, on which it depends.
    Erred(TaskId),
}

/// Partial result of `mean`, `var` and `std`: as Dask's `mean_chunk` and `moment_chunk` return it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// How many elements went into each element of `total`.
    pub count: f64,
    /// Their sum; the reduced axes have length 1.
    pub total: Block,
    /// The sum of their squared distances from their mean, where a variance is wanted.
    pub m2: Option<Block>,
}

impl Value {
    /// The memory that its elements hold.
    #[inline]
    pub fn bytes(&self) -> u64 {
        let doubles = |block: &Block| (block.len() * size_of::<f64>()) as u64;
        match self {
            Value::None | Value::Erred(_) => 0,
            Value::Array(block) => doubles(block),
            Value::Moments(moments) => doubles(&moments.total) + moments.m2.as_ref().map_or(0, doubles),
        }
    }

    /// The array, if it is one.
    pub fn as_array(&self) -> Option<&Block> {
        match self {
            Value::Array(block) => Some(block),
            _ => None,
        }
    }
}

impl From<Block> for Value {
    fn from(block: Block) -> Value {
        Value::Array(Box::new(block))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_two_words() {
        assert!(size_of::<Value>() <= 16);
    }
}
