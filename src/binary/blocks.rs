//! How a block is written. In JSON its data are text. In a message they come after the body, which has their number.

use std::{cell::RefCell, fmt};

use base64::{Engine, engine::general_purpose::STANDARD};
use rustc_hash::FxHashMap;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Error as _, Unexpected, Visitor},
};

use crate::{
    block::{Block, Shape},
    dtype::DType,
};

thread_local! {
    /// The blocks of the message that this thread writes or reads. Serde hands nothing on to a block.
    static BLOCKS: RefCell<Option<Blocks>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Blocks {
    list: Vec<Block>,
    /// The numbers of blocks in C order, by where their data lie and how many there are.
    places: FxHashMap<(usize, usize, DType), u32>,
}

impl Blocks {
    /// The number of a block.
    fn add(&mut self, block: &Block) -> u32 {
        let next = self.list.len() as u32;
        let number = match block.is_in_c_order() {
            true => *self.places.entry((block.address(), block.len(), block.dtype())).or_insert(next),
            false => next,
        };
        if number == next {
            self.list.push(block.clone());
        }
        number
    }
}

/// Runs `write`, and returns the blocks that it has written.
pub(super) fn collect<R>(write: impl FnOnce() -> R) -> (R, Vec<Block>) {
    scope(Blocks::default(), write)
}

/// Runs `read`, which finds these blocks by their numbers.
pub(super) fn with<R>(list: Vec<Block>, read: impl FnOnce() -> R) -> R {
    scope(Blocks { list, ..Blocks::default() }, read).0
}

fn scope<R>(blocks: Blocks, run: impl FnOnce() -> R) -> (R, Vec<Block>) {
    /// Ends the scope even if `run` panics.
    struct Outer(Option<Blocks>);
    impl Drop for Outer {
        fn drop(&mut self) {
            BLOCKS.set(self.0.take());
        }
    }
    let _outer = Outer(BLOCKS.replace(Some(blocks)));
    let result = run();
    let blocks = BLOCKS.take();
    (result, blocks.map(|blocks| blocks.list).unwrap_or_default())
}

/// Both forms of a block.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Block", deny_unknown_fields)]
struct Form {
    shape: Shape,
    /// In a message, the table of blocks has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dtype: Option<DType>,
    data: Data,
}

enum Data {
    /// In base64.
    Text(String),
    /// The number of the block in the message.
    Number(u32),
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Data::Text(text) => text.serialize(serializer),
            Data::Number(number) => number.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Data, D::Error> {
        struct DataVisitor;

        impl Visitor<'_> for DataVisitor {
            type Value = Data;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Data, E> {
                Ok(Data::Text(text.into()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Data, E> {
                let short = u32::try_from(number).map(Data::Number);
                short.map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
            }
        }

        deserializer.deserialize_any(DataVisitor)
    }
}

impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shape = self.shape().into();
        let number = BLOCKS.with_borrow_mut(|blocks| blocks.as_mut().map(|blocks| blocks.add(self)));
        let (dtype, data) = match number {
            Some(number) => (None, Data::Number(number)),
            None => (Some(self.dtype()), Data::Text(STANDARD.encode(self.to_bytes()))),
        };
        Form { shape, dtype, data }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Block {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Block, D::Error> {
        let Form { shape, dtype, data } = Form::deserialize(deserializer)?;
        let block = match data {
            Data::Text(text) => {
                let dtype = dtype.ok_or_else(|| D::Error::missing_field("dtype"))?;
                let bytes =
                    STANDARD.decode(text).map_err(|error| D::Error::custom(format!("data: {error}")))?;
                Block::from_bytes(&shape, dtype, &bytes)
            }
            Data::Number(number) => {
                let block = BLOCKS.with_borrow(|blocks| blocks.as_ref()?.list.get(number as usize).cloned());
                let missing = || D::Error::custom(format!("data: there is no block {number}"));
                block.ok_or_else(missing)?.with_shape(&shape)
            }
        };
        block.map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_the_scope() {
        let panics = || collect(|| std::panic::resume_unwind(Box::new(())));
        assert!(std::panic::catch_unwind(panics).is_err());
        assert!(BLOCKS.with_borrow(Option::is_none), "a block in JSON would be taken for one of a message");
    }
}
