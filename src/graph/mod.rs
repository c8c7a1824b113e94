//! Task graphs.

mod rows;

pub use rows::Rows;
