//! A program, what it wants to run, and its result.

use serde::Serialize;

use super::{Given, Parameter, Parameters, ResultSchema};
use crate::{
    block::Block,
    collections::array::{self as da, Array},
    error::Result,
    graph::TaskGraph,
    scheduler::Outcome,
};

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
    pub(super) build: fn(&Parameters) -> Result<Job>,
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
    pub(super) fn array(array: Array) -> Result<Job> {
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
            Wanted::Array(array) => Ok(Answer::Array(array.assemble(&outcome.values()?)?)),
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
        (self.build)(&Parameters::check(self.name, self.parameters, given, seed)?)
    }
}
