//! Collections: what a user writes. They record what to compute and compute nothing.

pub mod array;
pub(crate) mod chunks;
pub mod expression;

pub use array::Array;
pub use chunks::{AxisSpec, BlockIndex, ChunkSpec, Chunks, Indices, normalize_chunks};

/// The most tasks of a graph that is made from collections: more would take seconds to build, and fill a page's memory.
pub const MAX_TASKS: usize = 1 << 20;
