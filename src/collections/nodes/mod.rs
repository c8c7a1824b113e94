//! What every collection wraps: a [`Node`] says how its partitions are made from those of other nodes, and a [`graph`]
//! has the tasks for that.
//!
//! ```text
//! Array: chunks, dtype    Delayed
//!               \         /
//!                  Node           name, grid of partitions, inputs, layer
//! ```

mod emitter;
mod fusion;
mod graph;
mod grid;
mod layer;
mod layers;
mod node;

pub(crate) use emitter::Emitter;
pub use graph::graph;
pub use grid::{BlockIndex, Grid, Indices};
pub(crate) use layer::{Blockwise, Each, Labels, Layer, MakeOp, Tasks, in_order};
pub use node::Node;
