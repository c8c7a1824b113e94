//! dagdeck: task graphs with Dask's names, executed in a browser on a pool of Web Workers.
//!
//! From the top, one run is
//!
//! ```text
//! program + parameters    programs      what a slide shows: array-mean, n = 4000, chunk = 500
//!   -> collections        collections   a lazy Array: records what to compute, computes nothing
//!   -> TaskGraph          graph         checked: every key there, none twice, no cycle
//!   -> Plan               graph         culled, and numbered in static order
//!   -> Run                scheduler     sync | threads: decides what runs where, and when
//!   -> kernels            kernels       execute(op, inputs) -> value: the only numeric work
//!   -> trace              trace         what each worker did, readable while it goes on
//!   -> web                web           the boundary to the page, on wasm only
//! ```
//!
//! `layout` gives a plan's tasks their places in a drawing. Everything but `web` is built and tested on the host
//! as well.

pub mod block;
pub mod dtype;
pub mod error;
pub mod key;
pub mod op;
pub mod scalar;
pub mod value;

pub mod collections;
pub mod graph;
pub mod kernels;
pub mod layout;
pub mod programs;
pub mod scheduler;
pub mod trace;

mod clock;
mod size;
#[cfg(target_arch = "wasm32")]
mod web;

pub use block::Block;
pub use dtype::DType;
pub use error::{Error, Result};
pub use graph::{GraphBuilder, Plan, Rows, TaskGraph, TaskId};
pub use key::Key;
pub use op::Op;
pub use scalar::Scalar;
pub use scheduler::{Options, Outcome, Run, Scheduler};
pub use value::Value;
