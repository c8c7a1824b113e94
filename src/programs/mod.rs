//! Programs: the talk's demos by name. Each has a schema, from which the page makes its controls, and builds a
//! task graph from the parameters chosen there. Its Python listing is in `www/talk/listings`.

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

/// A demo: what it is called, what can be chosen, and how its task graph is made.
#[derive(Debug, Serialize)]
pub struct Program {
    /// How it is named in a URL or an attribute.
    pub name: &'static str,
    /// A heading.
    pub title: &'static str,
    /// What it shows, in a sentence.
    pub summary: &'static str,
    /// What can be chosen.
    pub parameters: &'static [Parameter],
    /// What its result is.
    pub result: ResultSchema,
    #[serde(skip)]
    build: fn(&Parameters) -> Result<Job>,
}

/// Something that can be chosen.
#[derive(Debug, Serialize)]
pub struct Parameter {
    /// How it is named in a URL or an attribute.
    pub name: &'static str,
    /// How it is named beside its control.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// What it can be.
    #[serde(flatten)]
    pub kind: ParameterKind,
}

impl Parameter {
    /// A whole number whose label is its name.
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

/// What a parameter can be.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ParameterKind {
    /// Any whole number from `min` to `max`.
    Integer {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
        /// What it is if nothing is chosen.
        default: u32,
        /// How a slider is divided.
        scale: Scale,
    },
    /// One of a few words.
    Choice {
        /// The words.
        choices: &'static [&'static str],
        /// What it is if nothing is chosen.
        default: &'static str,
    },
}

/// How a slider is divided.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By doubling.
    Log2,
}

/// What a program's result is.
#[derive(Debug, Serialize)]
pub struct ResultSchema {
    /// What it is called.
    pub label: &'static str,
    /// In what it is counted; empty if in nothing.
    pub unit: &'static str,
    /// How it is drawn, if it is an array to be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// How an array with two axes is drawn: a pixel for each element.
#[derive(Debug, Serialize)]
pub struct Picture {
    /// Which colours.
    pub palette: Palette,
    /// Elements from 0 to this have the colours from the first to the last.
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
    /// How soon a point escapes; what never does is black.
    Escape,
}

/// What has the last colour of a palette.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub enum High {
    /// This number.
    Number(f64),
    /// The value of the parameter of this name.
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

/// What a program wants done.
pub struct Job {
    /// The tasks.
    pub graph: TaskGraph,
    /// What for.
    pub wanted: Wanted,
}

/// What is to come of a program's run.
pub enum Wanted {
    /// A figure of the run itself.
    Figure(fn(&Outcome) -> f64),
    /// An array, whose blocks are the targets.
    Array(Array),
}

/// A program's result.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A number.
    Number(f64),
    /// An array; one without axes is its element.
    Array(Block),
}

impl Job {
    /// Computes an array.
    fn array(array: Array) -> Result<Job> {
        Ok(Job { graph: da::graph(std::slice::from_ref(&array), true)?, wanted: Wanted::Array(array) })
    }
}

impl Wanted {
    /// A program's result, from what came of its run.
    ///
    /// # Errors
    /// A block that it needs is not there.
    pub fn answer(&self, outcome: &Outcome) -> Result<Answer> {
        match self {
            Wanted::Figure(figure) => Ok(Answer::Number(figure(outcome))),
            Wanted::Array(array) => Ok(Answer::Array(array.assemble(&outcome.values()?))),
        }
    }
}

impl Program {
    /// The task graph of this program for what was given, and what for.
    ///
    /// # Errors
    /// A parameter that this program does not have, or a value that is not allowed; the message says what is.
    pub fn job(&self, given: &Given, seed: u64) -> Result<Job> {
        (self.build)(&Parameters::check(self, given, seed)?)
    }
}

/// The program of this name.
///
/// # Errors
/// There is none; the message names those that there are.
pub fn program(name: &str) -> Result<&'static Program> {
    let names = || PROGRAMS.map(|program| program.name).join(", ");
    PROGRAMS
        .into_iter()
        .find(|program| program.name == name)
        .ok_or_else(|| Error::invalid(format!("unknown program '{name}': use one of {}", names())))
}
