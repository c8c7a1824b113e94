//! Collections: what users write. They record what to compute, and compute nothing.

pub mod array;
pub(crate) mod chunks;
pub mod delayed;
pub mod expression;
mod nodes;

pub use array::Array;
pub use chunks::{AxisSpec, ChunkSpec, Chunks, UNKNOWN, normalize_chunks};
pub use delayed::Delayed;
pub use nodes::{BlockIndex, Grid, Indices, Node, graph};

/// The maximum number of tasks of a graph made from collections: more would take seconds to build and fill a page's
/// memory.
pub const MAX_TASKS: usize = 1 << 20;
