//! The names of the arrays that one factorisation makes.

use std::{
    hash::{DefaultHasher, Hash},
    sync::Arc,
};

use crate::{
    collections::{
        array::Array,
        chunks::Chunks,
        nodes::{Each, Layer},
    },
    error::Result,
    key::token,
    operations::Op,
};

/// The names of related arrays: `prefix-token-suffix`.
#[derive(Clone)]
pub(super) struct Names {
    prefix: &'static str,
    token: String,
}

impl Names {
    /// Names for arrays made from `x`.
    pub(super) fn of(prefix: &'static str, x: &Array) -> Names {
        let mut hasher = DefaultHasher::new();
        x.name().hash(&mut hasher);
        let name = token(prefix, hasher, &"linalg");
        let token = name.rsplit('-').next().unwrap_or_default().to_owned();
        Names { prefix, token }
    }

    pub(super) fn with(&self, prefix: &'static str) -> Names {
        Names { prefix, ..self.clone() }
    }

    fn name(&self, suffix: &str) -> Arc<str> {
        format!("{}-{}{suffix}", self.prefix, self.token).into()
    }

    /// An array of one block.
    pub(super) fn array<const N: usize>(
        &self,
        suffix: &str,
        shape: &[usize],
        inputs: [&Array; N],
        layer: Layer,
    ) -> Result<Array> {
        self.chunked(suffix, Chunks::single(shape), inputs, layer)
    }

    pub(super) fn chunked<const N: usize>(
        &self,
        suffix: &str,
        chunks: Chunks,
        inputs: [&Array; N],
        layer: Layer,
    ) -> Result<Array> {
        Array::named(self.name(suffix), chunks, inputs.map(Clone::clone), layer)
    }

    /// One of the values of `tuple`, which has one block.
    pub(super) fn item(&self, suffix: &str, shape: &[usize], tuple: &Array, item: u8) -> Result<Array> {
        self.array(suffix, shape, [tuple], Each::layer(Op::Item(item)))
    }
}
