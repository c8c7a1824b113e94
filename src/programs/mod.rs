//! Programs: the talk's demos by name. Each has a schema, from which the page builds its controls, and builds what it
//! runs from the chosen parameters: a task graph, threads under the interpreter lock, futures, or a simulation. The Python listings are in
//! `www/talk/listings`.

mod array_dot;
mod array_mean;
mod array_slice;
mod busy;
mod calls;
mod chunks;
mod cluster_array;
mod cluster_flaky;
mod cluster_inc_add;
mod cluster_kill;
mod cluster_simulate;
mod cluster_tree;
mod fork_copy;
mod futures;
mod futures_downloads;
mod futures_primes;
mod futures_tree;
mod gil_convoy;
mod gil_count;
mod gil_io;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod graphs;
mod locks_compared;
mod mandelbrot;
mod no_op;
mod nogil_hash;
mod parameters;
mod processes_cost;
mod program;
mod race;
mod schema;
mod simulation;
mod stencils;
mod table;
mod tall_and_skinny;
mod threads;
mod which_one;

pub use futures::Futures;
pub use parameters::{Given, GivenValue, Parameters};
use program::Build;
pub use program::{Answer, Built, Job, Program, Wanted};
use schema::{CHUNK, N};
pub use schema::{High, Palette, Parameter, ParameterKind, Picture, ResultSchema, Scale};
pub use simulation::Simulation;
pub use table::{Cell, Column, Table};
pub use threads::{Started, Threads};

use crate::error::{Error, Result};

/// All programs, in the order in which the page lists them.
pub const PROGRAMS: [&Program; 29] = [
    &array_mean::PROGRAM,
    &array_slice::PROGRAM,
    &array_dot::PROGRAM,
    &tall_and_skinny::QR,
    &tall_and_skinny::SVD,
    &chunks::PROGRAM,
    &mandelbrot::PROGRAM,
    &stencils::LIFE,
    &stencils::HEAT,
    &busy::PROGRAM,
    &no_op::PROGRAM,
    &gil_count::PROGRAM,
    &gil_io::PROGRAM,
    &gil_convoy::PROGRAM,
    &locks_compared::PROGRAM,
    &race::PROGRAM,
    &nogil_hash::PROGRAM,
    &which_one::PROGRAM,
    &futures_primes::PROGRAM,
    &futures_downloads::PROGRAM,
    &futures_tree::PROGRAM,
    &processes_cost::PROGRAM,
    &fork_copy::PROGRAM,
    &cluster_inc_add::PROGRAM,
    &cluster_tree::PROGRAM,
    &cluster_flaky::PROGRAM,
    &cluster_array::PROGRAM,
    &cluster_kill::PROGRAM,
    &cluster_simulate::PROGRAM,
];

/// The program called `name`.
///
/// # Errors
/// If there is no such program; the message lists all programs.
pub fn program(name: &str) -> Result<&'static Program> {
    let names = || PROGRAMS.map(|program| program.name).join(", ");
    PROGRAMS
        .into_iter()
        .find(|program| program.name == name)
        .ok_or_else(|| Error::invalid(format!("unknown program '{name}': use one of {}", names())))
}
