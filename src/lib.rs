//! dagdeck: task graphs with Dask's names, executed in a browser on a pool of Web Workers.
#![warn(missing_docs)]

pub mod graph;
