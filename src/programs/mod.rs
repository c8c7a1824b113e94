//! Programs: the talk's demos by name. Each has a schema, from which the page builds its controls, and builds a
//! task graph from the chosen parameters. The Python listings are in `www/talk/listings`.

mod array_dot;
mod array_mean;
mod array_slice;
mod busy;
mod chunks;
mod mandelbrot;
mod no_op;
mod parameters;
mod program;
mod schema;
mod stencils;
mod tall_and_skinny;

pub use parameters::{Given, GivenValue, Parameters};
pub use program::{Answer, Job, Program, Wanted};
use schema::{CHUNK, N};
pub use schema::{High, Palette, Parameter, ParameterKind, Picture, ResultSchema, Scale};

use crate::error::{Error, Result};

/// All programs, in the order in which the page lists them.
pub const PROGRAMS: [&Program; 11] = [
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
