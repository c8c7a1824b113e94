//! What the programs have in common that use `concurrent.futures`.

use std::fmt;

use super::{Column, Parameter, ParameterKind, Parameters, Scale, Table};
use crate::{
    block::Block,
    error::{Error, Result},
    futures::{Remote, Run, Section, Workers},
    graph::Rows,
    interpreter::{Policy, switches},
    scheduler::{self, StartMethod},
    value::Value,
};

/// The largest number of workers.
pub(super) const WORKERS: Parameter = Parameter {
    name: "max_workers",
    label: "workers",
    help: "The largest number of workers of the executor.",
    kind: ParameterKind::Integer { min: 1, max: 6, default: 3, scale: Scale::Linear },
};

/// How processes start.
pub(super) const START: Parameter = Parameter {
    name: "start_method",
    label: "start method",
    help: "How a process starts: spawn with an empty memory, fork with a copy of the engine's memory.",
    kind: ParameterKind::Choice {
        choices: &[StartMethod::Spawn.name(), StartMethod::Fork.name()],
        default: StartMethod::Spawn.name(),
    },
};

/// The workers that are processes.
pub(super) fn processes(parameters: &Parameters) -> Workers {
    Workers::Processes(parameters.choice("start_method").parse().expect("it is one of the choices"))
}

/// What a program that uses futures wants to run, and what it makes of the run.
pub struct Futures {
    sections: Vec<Section>,
    report: Box<dyn Fn(&Run) -> Table>,
}

impl Futures {
    pub(super) fn new(sections: Vec<Section>, report: impl Fn(&Run) -> Table + 'static) -> Futures {
        Futures { sections, report: Box::new(report) }
    }

    /// What each future computes, and its section, in the order of submission.
    pub fn calls(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.sections
            .iter()
            .flat_map(|section| section.calls.iter().map(|&call| (call, section.label.as_str())))
    }

    /// Futures depend on nothing.
    pub fn dependencies(&self) -> Rows {
        Rows::from_rows(self.calls().map(|_| None))
    }

    /// Starts the run. `has_threads`: whether there are threads to run on; `remote` starts processes.
    ///
    /// # Errors
    /// There are none, or a number is out of range.
    pub fn start(&self, has_threads: bool, remote: impl Remote + 'static) -> Result<Run> {
        if !has_threads {
            return Err(Error::invalid(
                "futures run on threads, which need a cross-origin isolated page; this page is not isolated",
            ));
        }
        Run::start(self.sections.clone(), scheduler::spawn, remote)
    }

    /// The table of a run that is over.
    pub fn table(&self, run: &Run) -> Table {
        (self.report)(run)
    }
}

impl fmt::Debug for Futures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<&str> = self.sections.iter().map(|section| &section.label[..]).collect();
        f.debug_struct("Futures").field("sections", &labels).finish_non_exhaustive()
    }
}

/// The label of an executor with these workers.
pub(super) fn executor(workers: Workers) -> &'static str {
    match workers.policy() {
        Policy::PerInterpreter => "interpreters",
        Policy::Processes => "processes",
        Policy::None { .. } => "threads without a lock",
        _ => "threads",
    }
}

/// A row for each section: its workers, the time, and how often the lock changed hands.
pub(super) fn usual_table(run: &Run) -> Table {
    let mut table = Table::new(&[
        Column::new("section", "executor"),
        Column::new("workers", "workers"),
        Column::measured("time", "time", "ms"),
        Column::new("switches", "switches of the lock"),
    ]);
    for (place, (section, ended)) in run.sections().into_iter().enumerate() {
        table.rows.push(vec![
            super::Cell::Text(section.label.clone()),
            (section.max_workers as u64).into(),
            ended.map(|ended| ended.time_ms).into(),
            match section.workers.policy().is_shared() {
                true => switches(&run.trace().columns()[run.lanes_of(place)]).into(),
                false => None.into(),
            },
        ]);
    }
    table
}

/// A number as the value of a call.
pub(super) fn number(number: i64) -> Value {
    Block::new(&[], vec![number]).into()
}

/// The number that a call has returned.
pub(super) fn number_of(value: &Value) -> i64 {
    let item = value.as_array().and_then(Block::item);
    item.map_or(0, |number| number.as_f64() as i64)
}
