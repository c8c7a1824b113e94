//! dagdeck: task graphs with Dask's names, executed in a browser on a pool of Web Workers.
//!
//! One run, from top to bottom:
//!
//! ```text
//! program + parameters    programs      what a slide shows: array-mean, n = 4000, chunk = 500
//!   -> collections        collections   a lazy Array: records what to compute, computes nothing
//!   -> TaskGraph          graph         checked: every key exists, none twice, no cycle
//!   -> Plan               graph         culled, and numbered in static order
//!   -> Run                scheduler     sync | threads | processes: decides what runs where, and when
//!   -> operations         operations    execute(op, inputs) -> value; kernels has the numeric loops
//!   -> trace              trace         what each worker did, readable during the run
//!   -> web                web           the boundary to the page, on wasm only
//! ```
//!
//! `layout` positions a plan's tasks in a drawing. `interpreter` runs threads under Python's lock, in a model or live. `futures` is `concurrent.futures`. Everything but `web` is also built and tested on the host.

pub mod binary;
pub mod block;
pub mod dtype;
pub mod error;
pub mod foreign;
pub mod ids;
pub mod key;
pub mod operations;
pub mod scalar;
pub mod value;

pub mod collections;
pub mod futures;
pub mod graph;
pub mod interpreter;
pub mod kernels;
pub mod layout;
pub mod programs;
pub mod scheduler;
pub mod trace;

mod clock;
#[cfg(test)]
mod generated;
mod number;
mod panics;
mod size;
mod sort;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod web;

pub use block::Block;
pub use dtype::DType;
pub use error::{Error, Result};
pub use graph::{GraphBuilder, Plan, Rows, TaskGraph, TaskId};
pub use key::Key;
pub use operations::Op;
pub use scalar::Scalar;
pub use scheduler::{Options, Outcome, Run, Scheduler};
pub use value::Value;
