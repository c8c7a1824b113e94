//! The value of a finished task.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{
    binary::{self, Encoded, Kind},
    block::{Block, Element, Elements},
    error::{Message, Result},
    foreign::Object,
};

/// The value of a task: at most two words, so that a graph of a million tasks needs 16 MB of slots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Nothing: the task has no result, like a Python function that returns `None`.
    #[default]
    None,
    /// A block of an array.
    Array(Box<Block>),
    /// A block's contribution to a mean or a variance.
    Moments(Box<Moments>),
    /// Several values, like the tuple that a Python function returns.
    Tuple(Box<Tuple>),
    /// An object of another language.
    #[serde(skip_deserializing)]
    Foreign(Object),
}

/// Several values.
pub type Tuple = SmallVec<[Value; 3]>;

/// A partial result of `mean`, `nanmean`, `var` and `std`, as returned by Dask's `mean_chunk` and `moment_chunk`. All
/// blocks have the same shape, in which the reduced axes have length 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MomentsForm")]
pub struct Moments {
    /// The number of elements summed in each element of `total`, as `float64`.
    pub count: Block,
    /// Their sum, `float32` or `float64`.
    pub total: Block,
    /// The sum of their squared distances from their mean, if a variance is wanted.
    pub m2: Option<Block>,
}

/// Moments that were read and are not checked yet.
#[derive(Deserialize)]
#[serde(rename = "Moments", deny_unknown_fields)]
struct MomentsForm {
    count: Block,
    total: Block,
    m2: Option<Block>,
}

impl TryFrom<MomentsForm> for Moments {
    type Error = Message;

    fn try_from(form: MomentsForm) -> std::result::Result<Moments, Message> {
        let MomentsForm { count, total, m2 } = form;
        let dtype = total.dtype();
        let fits = |block: &Block| block.shape() == total.shape() && block.dtype() == dtype;
        match dtype.is_float() && count.elements::<f64>().is_some() && count.shape() == total.shape() {
            true if m2.as_ref().is_none_or(fits) => Ok(Moments { count, total, m2 }),
            _ => Err("the parts of moments have different shapes, or types that moments do not have".into()),
        }
    }
}

impl Value {
    /// Encodes the value as [bytes](crate::binary).
    ///
    /// ```
    /// use dagdeck::{Block, Value};
    ///
    /// let value = Value::from(Block::new(&[2], vec![0.5, f64::NAN]));
    /// let bytes = value.encode()?.to_bytes();
    /// assert_eq!(Value::decode(&bytes)?.bytes(), 16);
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    ///
    /// # Errors
    /// It cannot leave this process.
    pub fn encode(&self) -> Result<Encoded> {
        Encoded::new(Kind::Value, |body| binary::write(body, self))
    }

    /// Reads a value from [bytes](crate::binary).
    ///
    /// # Errors
    /// The bytes are no such message.
    pub fn decode(bytes: &[u8]) -> Result<Value> {
        binary::decode(Kind::Value, bytes, Ok)
    }

    /// Reads a value from where its bytes lie. Its blocks are copied once.
    ///
    /// # Errors
    /// They are no such message.
    pub(crate) fn decode_from(source: &dyn binary::Source) -> Result<Value> {
        binary::decode_from(Kind::Value, source)
    }

    /// The memory that its elements take, in bytes.
    #[inline]
    pub fn bytes(&self) -> u64 {
        match self {
            Value::None => 0,
            Value::Array(block) => block.bytes(),
            Value::Moments(moments) => {
                let Moments { count, total, m2 } = &**moments;
                count.bytes() + total.bytes() + m2.as_ref().map_or(0, Block::bytes)
            }
            Value::Tuple(values) => values.iter().map(Value::bytes).sum(),
            Value::Foreign(object) => object.bytes(),
        }
    }

    /// The array, if it is one.
    pub fn as_array(&self) -> Option<&Block> {
        match self {
            Value::Array(block) => Some(block),
            _ => None,
        }
    }

    /// The elements of the array, if it is one of this type.
    pub fn elements<T: Element>(&self) -> Option<&Elements<T>> {
        self.as_array().and_then(Block::elements)
    }
}

impl From<Block> for Value {
    fn from(block: Block) -> Value {
        Value::Array(Box::new(block))
    }
}

impl<const N: usize> From<[Value; N]> for Value {
    fn from(values: [Value; N]) -> Value {
        Value::Tuple(Box::new(values.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_two_words() {
        assert!(size_of::<Value>() <= 16);
    }

    #[test]
    fn a_tuple_holds_what_its_values_hold() {
        let block = || Block::new(&[2], vec![1.0, 2.0]).into();
        assert_eq!(Value::from([block(), Value::None, block()]).bytes(), 32);
    }
}
