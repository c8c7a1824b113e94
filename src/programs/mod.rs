//! Programs: the talk's demos by name. Each has a schema, from which the page makes its controls, and builds a
//! task graph from the parameters chosen there. Its Python listing is in `www/talk/listings`.

mod array_mean;
mod busy;
mod no_op;
mod parameters;

use serde::Serialize;

pub use parameters::{Given, Parameters};

use crate::{
    block::Block,
    collections::MAX_TASKS,
    error::{Error, Result},
    graph::TaskGraph,
    scheduler::Outcome,
};

/// All programs, in the order in which the page lists them.
pub const PROGRAMS: [&Program; 3] = [&array_mean::PROGRAM, &busy::PROGRAM, &no_op::PROGRAM];

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
}

/// What a program wants done.
pub struct Job {
    /// The tasks.
    pub graph: TaskGraph,
    /// Makes the program's result from what came of the run.
    pub present: Present,
}

/// Makes a program's result from what came of its run; an error, if a value that it needs is not there.
pub type Present = Box<dyn Fn(&Outcome) -> Result<Answer>>;

/// A program's result.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A number.
    Number(f64),
    /// An array.
    Array(Block),
}

impl Program {
    /// The task graph of this program for what was given, and how to present its result.
    ///
    /// # Errors
    /// A parameter that this program has not, or a value that is not allowed; the message says what is.
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
        .ok_or_else(|| Error::invalid(format!("unknown program '{name}': there are {}", names())))
}

/// The error for parameters that ask for too many tasks.
fn too_many_tasks(tasks: usize, fix: &str) -> Error {
    Error::invalid(format!("{tasks} tasks are more than the {MAX_TASKS} that a program may have: {fix}"))
}
