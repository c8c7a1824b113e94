//! What a user writes for chunks.

use super::{Chunks, tuple};
use crate::{
    collections::MAX_TASKS,
    error::{Error, Result},
};

/// The maximum size of a block with automatic chunks, in bytes: Dask's `array.chunk-size`.
pub(crate) const CHUNK_SIZE: usize = 128 << 20;

/// How to cut an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChunkSpec {
    /// The same along each axis.
    All(AxisSpec),
    /// One for each axis.
    Axes(Vec<AxisSpec>),
}

/// How to cut one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AxisSpec {
    /// Into blocks of this many elements, and one with the rest.
    Size(usize),
    /// Into blocks of these lengths.
    Lengths(Vec<usize>),
    /// Not at all: Python's `-1`.
    Whole,
    /// Automatically, so that blocks have at most 128 MiB: `'auto'`.
    Auto,
}

impl Default for ChunkSpec {
    fn default() -> ChunkSpec {
        ChunkSpec::All(AxisSpec::Auto)
    }
}

impl From<usize> for ChunkSpec {
    fn from(size: usize) -> ChunkSpec {
        ChunkSpec::All(AxisSpec::Size(size))
    }
}

impl<const N: usize> From<[usize; N]> for ChunkSpec {
    fn from(sizes: [usize; N]) -> ChunkSpec {
        ChunkSpec::Axes(sizes.into_iter().map(AxisSpec::Size).collect())
    }
}

impl From<&Chunks> for ChunkSpec {
    fn from(chunks: &Chunks) -> ChunkSpec {
        ChunkSpec::Axes(chunks.axes().map(|lengths| AxisSpec::Lengths(lengths.to_vec())).collect())
    }
}

impl std::fmt::Display for AxisSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AxisSpec::Size(size) => size.fmt(f),
            AxisSpec::Lengths(lengths) => f.write_str(&tuple(lengths)),
            AxisSpec::Whole => f.write_str("-1"),
            AxisSpec::Auto => f.write_str("'auto'"),
        }
    }
}

/// Rejects sizes of 0, and more blocks than a graph may have tasks, before any are made.
pub(super) fn check_number(axes: &[AxisSpec], shape: &[usize]) -> Result<()> {
    let blocks = axes.iter().zip(shape).map(|(axis, &length)| match axis {
        AxisSpec::Size(0) if length > 0 => Err(Error::invalid(
            "chunks = 0: a block must have at least one element along each axis; -1 is the whole axis",
        )),
        AxisSpec::Size(0) => Ok(1),
        AxisSpec::Size(size) => Ok(length.div_ceil(*size).max(1)),
        AxisSpec::Lengths(lengths) => Ok(lengths.len()),
        AxisSpec::Whole | AxisSpec::Auto => Ok(1),
    });
    let blocks = blocks.collect::<Result<Vec<usize>>>()?.into_iter().fold(1, usize::saturating_mul);
    match blocks <= MAX_TASKS {
        true => Ok(()),
        false => Err(Error::invalid(format!(
            "shape {} in chunks of {} is {blocks} blocks, more than the {MAX_TASKS} that an array may have: choose \
             larger chunks",
            tuple(shape),
            tuple(axes)
        ))),
    }
}
