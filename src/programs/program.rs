//! A program, what it wants to run, and its result.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Futures, Given, Parameter, Parameters, ResultSchema, Simulation, Table, Threads};
use crate::{
    block::Block,
    collections::array::{self as da, Array},
    error::{Error, Result},
    graph::TaskGraph,
    scheduler::{Deaths, Outcome, Scheduler},
};

/// A demo: its name, its parameters, and how to build what it runs.
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
    /// What it runs, and how to build that.
    #[serde(flatten)]
    pub(super) build: Build,
}

/// How to build what a program runs. The page gets the kind, and the scheduler if the program prefers one.
#[derive(Debug)]
pub(super) enum Build {
    /// A task graph, by a scheduler.
    Graph(fn(&Parameters) -> Result<Job>),
    /// A task graph that shows something about clusters, so it runs on one unless another scheduler is chosen.
    Cluster(fn(&Parameters) -> Result<Job>),
    /// Threads under the interpreter lock.
    Threads(fn(&Parameters) -> Result<Threads>),
    /// Executors, one after another.
    Futures(fn(&Parameters) -> Result<Futures>),
    /// A task graph on simulated clusters.
    Simulation(fn(&Parameters) -> Result<Simulation>),
}

impl Serialize for Build {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let runs = match self {
            Build::Graph(_) | Build::Cluster(_) => "graph",
            Build::Threads(_) => "threads",
            Build::Futures(_) => "futures",
            Build::Simulation(_) => "simulation",
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("runs", runs)?;
        if let Build::Cluster(_) = self {
            map.serialize_entry("scheduler", &Scheduler::Cluster.to_string())?;
        }
        map.end()
    }
}

/// What a program runs.
pub enum Built {
    /// A task graph.
    Graph(Job),
    /// Threads under the interpreter lock.
    Threads(Threads),
    /// Executors, one after another.
    Futures(Futures),
    /// A task graph on simulated clusters.
    Simulation(Simulation),
}

/// A task graph that a program wants to run.
pub struct Job {
    /// The tasks.
    pub graph: TaskGraph,
    /// What the run is for.
    pub wanted: Wanted,
    /// When nodes die, if the run takes place on a cluster in this page.
    pub deaths: Deaths,
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
    /// Measurements of several runs.
    Table(Table),
}

impl Job {
    /// Runs a graph, and makes a number of its outcome.
    pub(super) fn figure(graph: TaskGraph, figure: fn(&Outcome) -> f64) -> Job {
        Job { graph, wanted: Wanted::Figure(figure), deaths: Deaths::NONE }
    }

    /// Computes an array.
    pub(super) fn array(array: Array) -> Result<Job> {
        Ok(Job {
            graph: da::graph(std::slice::from_ref(&array), true)?,
            wanted: Wanted::Array(array),
            deaths: Deaths::NONE,
        })
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
    /// What this program runs with the given parameters.
    ///
    /// # Errors
    /// If the program does not have a given parameter, or a value is not allowed; the message lists the
    /// alternatives.
    pub fn build(&self, given: &Given, seed: u64) -> Result<Built> {
        let parameters = Parameters::check(self.name, self.parameters, given, seed)?;
        Ok(match self.build {
            Build::Graph(build) | Build::Cluster(build) => Built::Graph(build(&parameters)?),
            Build::Threads(build) => Built::Threads(build(&parameters)?),
            Build::Futures(build) => Built::Futures(build(&parameters)?),
            Build::Simulation(build) => Built::Simulation(build(&parameters)?),
        })
    }

    /// The task graph of this program for the given parameters, and what to do with its outcome.
    ///
    /// # Errors
    /// As [`build`](Program::build), and if the program does not run a task graph.
    pub fn job(&self, given: &Given, seed: u64) -> Result<Job> {
        match self.build(given, seed)? {
            Built::Graph(job) => Ok(job),
            Built::Threads(_) => Err(Error::invalid(format!("{} runs threads, not a task graph", self.name))),
            Built::Futures(_) => Err(Error::invalid(format!("{} runs futures, not a task graph", self.name))),
            Built::Simulation(_) => {
                Err(Error::invalid(format!("{} is a simulation, not a task graph", self.name)))
            }
        }
    }
}
