//! Arrays cut into blocks: `dask.array`.
//!
//! An [`Array`] describes how each of its blocks is made from blocks of other arrays, and computes nothing. A
//! [`graph`] has the tasks for that. Names, chunks, types and the shapes of graphs are Dask's.
//! `src/collections/README.md` lists the supported part of `dask.array`.
//!
//! ```
//! use dagdeck::{collections::array as da, graph::Plan, scheduler, Options};
//!
//! let x = da::random::default_rng(42).normal(0.0, 1.0, &[40, 40], 10)?;
//! let y = x.add(&x.t())?.mean(0)?;
//! assert_eq!(y.to_string(), "dask.array<mean_agg-aggregate, shape=(40,), dtype=float64, chunksize=(10,)>");
//!
//! let outcome = scheduler::start(Plan::new(&y.graph()?).into(), Options::default())?.wait()?;
//! let means = y.assemble(&outcome.values()?)?;
//! assert_eq!(means.shape(), [40]);
//! # Ok::<(), dagdeck::Error>(())
//! ```

mod align;
mod assemble;
mod axes;
mod blocks;
mod concatenate;
mod contraction;
mod creation;
mod cumulative;
mod diff;
mod einsum;
mod elementwise;
mod flip;
mod histogram;
mod joined;
mod lazy;
pub mod linalg;
mod overlap;
mod percentile;
pub mod random;
mod rechunk;
mod reduction;
mod reshape;
mod slicing;
mod topk;
mod unique;

pub use blocks::{BlockFunction, map_blocks, map_function};
pub use concatenate::{concatenate, stack};
pub use creation::{Span, arange, eye, from_block, full, held, linspace, ones, zeros};
pub use einsum::einsum;
pub use elementwise::{Operand, ufunc, where_};
pub use lazy::Array;
pub use overlap::{Boundary, Overlap};
pub use reduction::{Axis, Over};
pub use slicing::Indexer;

pub use super::nodes::graph;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod inferred;
#[cfg(test)]
mod tests;
