//! The scheduler of a cluster: step by step, through thousands of histories with failures, and in the simulation.
#![cfg(not(target_arch = "wasm32"))]

mod clients;
mod graphs;
mod histories;
mod simulations;
mod steps;
mod world;
