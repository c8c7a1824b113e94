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
mod stencils;
mod tall_and_skinny;

use serde::Serialize;

pub use parameters::{Given, GivenValue, Parameters};

use crate::{
    block::Block,
    collections::array::{self as da, Array},
    error::{Error, Result},
    graph::TaskGraph,
    scheduler::Outcome,
};

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

const N: Parameter =
    Parameter::integer("n", "The matrix has n rows and n columns.", (1, 8000), 4000, Scale::Linear);

const CHUNK: Parameter = Parameter::integer(
    "chunk",
    "The number of rows and columns of each block.",
    (1, 8000),
    500,
    Scale::Linear,
);

/// A demo: its name, its parameters, and how to build its task graph.
#[derive(Debug, Serialize)]
pub struct Program {
    /// The name in a URL or an attribute.
    pub name: &'static str,
    /// A heading.
    pub title: &'static str,
    /// What it shows, in one sentence.
    pub summary: &'static str,
    /// The parameters that can be set.
    pub parameters: &'static [Parameter],
    /// What the result is.
    pub result: ResultSchema,
    #[serde(skip)]
    build: fn(&Parameters) -> Result<Job>,
}

/// A parameter that can be set.
#[derive(Debug, Serialize)]
pub struct Parameter {
    /// The name in a URL or an attribute.
    pub name: &'static str,
    /// The label of its control.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// The allowed values.
    #[serde(flatten)]
    pub kind: ParameterKind,
}

impl Parameter {
    /// An integer parameter whose label is its name.
    const fn integer(
        name: &'static str,
        help: &'static str,
        (min, max): (u32, u32),
        default: u32,
        scale: Scale,
    ) -> Parameter {
        Parameter { name, label: name, help, kind: ParameterKind::Integer { min, max, default, scale } }
    }
}

/// The allowed values of a parameter.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ParameterKind {
    /// Any integer from `min` to `max`.
    Integer {
        /// The minimum.
        min: u32,
        /// The maximum.
        max: u32,
        /// The default.
        default: u32,
        /// The scale of the slider.
        scale: Scale,
    },
    /// One of a few words.
    Choice {
        /// The words.
        choices: &'static [&'static str],
        /// The default.
        default: &'static str,
    },
}

/// The scale of a slider.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Linear.
    Linear,
    /// Each step doubles the value.
    Log2,
}

/// What a program's result is.
#[derive(Debug, Serialize)]
pub struct ResultSchema {
    /// The label.
    pub label: &'static str,
    /// The unit; empty if there is none.
    pub unit: &'static str,
    /// How to draw it, if it is an array that is shown as a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// How to draw an array with two axes: one pixel for each element.
#[derive(Debug, Serialize)]
pub struct Picture {
    /// The colours.
    pub palette: Palette,
    /// The element that gets the last colour. Element 0 gets the first.
    pub high: High,
}

/// The colours of a picture.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Palette {
    /// Dead or alive.
    Cells,
    /// From cold to hot.
    Heat,
    /// How fast a point escapes; points that never escape are black.
    Escape,
}

/// The element that gets the last colour of a palette.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub enum High {
    /// This number.
    Number(f64),
    /// The value of the parameter with this name.
    Parameter(&'static str),
}

impl ResultSchema {
    const fn named(label: &'static str) -> ResultSchema {
        ResultSchema { label, unit: "", picture: None }
    }

    const fn measured(label: &'static str, unit: &'static str) -> ResultSchema {
        ResultSchema { label, unit, picture: None }
    }

    const fn drawn(label: &'static str, picture: Picture) -> ResultSchema {
        ResultSchema { label, unit: "", picture: Some(picture) }
    }
}

/// What a program wants to run.
pub struct Job {
    /// The tasks.
    pub graph: TaskGraph,
    /// What the run is for.
    pub wanted: Wanted,
}

/// What a program wants from its run.
pub enum Wanted {
    /// A measurement of the run itself.
    Figure(fn(&Outcome) -> f64),
    /// An array whose blocks are the targets.
    Array(Array),
}

/// The result of a program.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A number.
    Number(f64),
    /// An array; an array without axes is its only element.
    Array(Block),
}

impl Job {
    /// Computes an array.
    fn array(array: Array) -> Result<Job> {
        Ok(Job { graph: da::graph(std::slice::from_ref(&array), true)?, wanted: Wanted::Array(array) })
    }
}

impl Wanted {
    /// The program's result, from the outcome of its run.
    ///
    /// # Errors
    /// If a required block is missing.
    pub fn answer(&self, outcome: &Outcome) -> Result<Answer> {
        match self {
            Wanted::Figure(figure) => Ok(Answer::Number(figure(outcome))),
            Wanted::Array(array) => Ok(Answer::Array(array.assemble(&outcome.values()?))),
        }
    }
}

impl Program {
    /// The task graph of this program for the given parameters, and what to do with its outcome.
    ///
    /// # Errors
    /// If the program does not have a given parameter, or a value is not allowed; the message lists the
    /// alternatives.
    pub fn job(&self, given: &Given, seed: u64) -> Result<Job> {
        (self.build)(&Parameters::check(self, given, seed)?)
    }
}

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
