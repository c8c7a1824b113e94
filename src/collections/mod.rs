//! Collections: what a user writes. They record what to compute and compute nothing.

pub mod array;
mod chunks;

pub use array::Array;
pub use chunks::Chunks;
