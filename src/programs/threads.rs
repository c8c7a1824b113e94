//! What all programs that run threads under the interpreter lock share: parameters, the choice between live and model,
//! and a table of what happened in each section.

use std::fmt;

use super::{Cell, Column, Parameter, ParameterKind, Parameters, Scale, Table};
use crate::{
    error::{Error, Result},
    interpreter::{Comparison, Machine, Mode, Policy, Program, Run, Section},
    scheduler,
};

/// The choice of [`LOCK`] that is not the name of a policy.
const ALL: &str = "all";

/// Which policies are compared.
pub(super) const LOCK: Parameter = Parameter {
    name: "lock",
    label: "lock",
    help: "Who may run Python code at the same time: ticks is Python up to 3.1, interval is 3.2 and later, per \
           interpreter is 3.12, none is free-threaded.",
    kind: ParameterKind::Choice {
        choices: &["ticks", "interval", "per interpreter", "none", "processes", ALL],
        default: "interval",
    },
};

/// The number of threads.
pub(super) const fn threads(default: u32) -> Parameter {
    Parameter::integer(
        "threads",
        "The number of threads that share the work.",
        (1, 8),
        default,
        Scale::Linear,
    )
}

/// How long a thread waits before it requests the lock.
pub(super) const INTERVAL: Parameter = Parameter {
    name: "interval",
    label: "interval, µs",
    help: "How long a thread waits before it requests the lock: sys.setswitchinterval, for the lock of Python 3.2 and \
           later.",
    kind: ParameterKind::Integer { min: 50, max: 100_000, default: 5000, scale: Scale::Log2 },
};

/// The number of cores of the model.
pub(super) const CORES: Parameter = Parameter::integer(
    "cores",
    "The number of cores that the model has. A live run has those of this machine.",
    (1, 16),
    2,
    Scale::Linear,
);

/// Live or model.
pub(super) const MODE: Parameter = Parameter {
    name: "mode",
    label: "mode",
    help: "live runs threads on this machine; model is a simulation, which is the same on every machine.",
    kind: ParameterKind::Choice { choices: &Mode::NAMES, default: Mode::NAMES[0] },
};

/// The work of all threads together. A tick is about one bytecode instruction, and takes 50 ns.
pub(super) const fn ticks(default: u32) -> Parameter {
    Parameter {
        name: "ticks",
        label: "work, ticks",
        help: "The work, in ticks of 50 ns. A tick is about one instruction of Python's bytecode.",
        kind: ParameterKind::Integer { min: 1 << 10, max: 1 << 27, default, scale: Scale::Log2 },
    }
}

/// The lock of Python 3.2 and later, with the switch interval that was chosen.
pub(super) fn interval(parameters: &Parameters) -> Policy {
    Policy::Interval { ns: parameters.integer("interval") as u64 * 1000 }
}

/// The policies that the parameters select.
fn policies(parameters: &Parameters) -> Vec<Policy> {
    let all = [Policy::TICKS, interval(parameters), Policy::PerInterpreter, Policy::NONE, Policy::Processes];
    let lock = parameters.choice("lock");
    all.into_iter().filter(|policy| lock == ALL || policy.name() == lock).collect()
}

/// The same work on one thread and on as many as were chosen, under each policy that was chosen.
pub(super) fn one_and_several(parameters: &Parameters, program: impl Fn(usize) -> Program) -> Vec<Section> {
    let several = Some(parameters.integer("threads")).filter(|&threads| threads > 1);
    let sections = policies(parameters).into_iter().flat_map(|policy| {
        [Some(1), several]
            .into_iter()
            .flatten()
            .map(|threads| {
                let program = program(threads);
                let threads = program.threads.len();
                let unit = if threads == 1 { "thread" } else { "threads" };
                Section::new(format!("{}, {threads} {unit}", policy.name()), policy, program)
            })
            .collect::<Vec<_>>()
    });
    sections.collect()
}

/// Adds how many times as fast each section was as the last one before it with one thread.
pub(super) fn add_speed_up(_: &Run, table: &mut Table) {
    table.add_speed_up(|table, row| table.number(row, "threads") == Some(1.0));
}

/// What a program that runs threads wants to run, and what it makes of the run.
pub struct Threads {
    /// What is run.
    pub comparison: Comparison,
    /// How it is run if this is possible.
    mode: Mode,
    /// Whether a model can show it.
    has_model: bool,
    machine: Machine,
    seed: u64,
    notes: Vec<String>,
    /// What has to be there before the run starts, and is not part of what it measures.
    prepare: Box<dyn Fn()>,
    report: Box<dyn Fn(&Run) -> Table>,
}

/// A run that was started, and what should be said of it.
#[derive(Debug)]
pub struct Started {
    /// The run.
    pub run: Run,
    /// Sentences for people.
    pub notes: Vec<String>,
}

impl Threads {
    /// These sections, as the parameters `mode` and `cores` say, and the usual table.
    pub(super) fn new(parameters: &Parameters, sections: Vec<Section>) -> Result<Threads> {
        Ok(Threads {
            comparison: Comparison { sections },
            mode: parameters.choice("mode").parse()?,
            has_model: true,
            machine: Machine::with_cores(parameters.integer("cores")),
            seed: parameters.seed,
            notes: Vec::new(),
            prepare: Box::new(|| ()),
            report: Box::new(usual_table),
        })
    }

    /// These sections, which only run live, and a table of its own.
    pub(super) fn live(sections: Vec<Section>, report: impl Fn(&Run) -> Table + 'static) -> Threads {
        Threads {
            comparison: Comparison { sections },
            mode: Mode::Live,
            has_model: false,
            machine: Machine::default(),
            seed: 0,
            notes: Vec::new(),
            prepare: Box::new(|| ()),
            report: Box::new(report),
        }
    }

    /// Adds a sentence for people.
    pub(super) fn noting(mut self, note: &str) -> Threads {
        self.notes.push(note.to_owned());
        self
    }

    /// Has `prepare` called when a run starts, before anything is measured.
    pub(super) fn preparing(self, prepare: impl Fn() + 'static) -> Threads {
        Threads { prepare: Box::new(prepare), ..self }
    }

    /// Extends the usual table.
    pub(super) fn reporting(mut self, extend: impl Fn(&Run, &mut Table) + 'static) -> Threads {
        self.report = Box::new(move |run| {
            let mut table = usual_table(run);
            extend(run, &mut table);
            table
        });
        self
    }

    /// Starts the run. `has_threads`: whether there are threads to run on.
    ///
    /// # Errors
    /// If a number is out of range, or if it needs threads and there are none.
    pub fn start(&self, has_threads: bool) -> Result<Started> {
        let mut notes = self.notes.clone();
        let mut mode = self.mode;
        if mode == Mode::Live && !has_threads {
            if !self.has_model {
                return Err(Error::invalid(
                    "this program has no model, and this page has no threads to run it: it is not cross-origin isolated",
                ));
            }
            mode = Mode::Model;
            notes.push(
                "This is the model: threads need a cross-origin isolated page, and this page is not isolated."
                    .to_owned(),
            );
        }
        (self.prepare)();
        let run = Run::start(self.comparison.clone(), mode, self.machine, self.seed, scheduler::spawn)?;
        let modelled: Vec<&str> = run
            .sections()
            .filter(|(.., section_mode)| *section_mode != mode)
            .map(|(section, ..)| &section.label[..])
            .collect();
        if !modelled.is_empty() {
            notes.push(format!(
                "Threads cannot stand in for processes. The model shows: {}.",
                modelled.join("; ")
            ));
        }
        Ok(Started { run, notes })
    }

    /// The table of a run that is over.
    pub fn table(&self, run: &Run) -> Table {
        (self.report)(run)
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Threads { comparison, mode, machine, .. } = self;
        f.debug_struct("Threads")
            .field("comparison", comparison)
            .field("mode", mode)
            .field("machine", machine)
            .finish_non_exhaustive()
    }
}

/// A row for each section: how it was run, how long it took, and how the lock changed hands.
fn usual_table(run: &Run) -> Table {
    let mut table = Table::new(&[
        Column::new("section", "section"),
        Column::new("mode", "mode"),
        Column::new("threads", "threads"),
        Column::measured("time", "time", "ms"),
        Column::new("switches", "switches"),
        Column::new("false-alarms", "false alarms"),
        Column::new("ratio", "false alarms per switch"),
        Column::new("drop-requests", "drop requests"),
        Column::new("forced-switches", "forced switches"),
    ]);
    for (section, timeline, mode) in run.sections() {
        let counts = timeline.counts();
        table.rows.push(vec![
            Cell::Text(section.label.clone()),
            Cell::Text(mode.to_string()),
            (section.program.threads.len() as u64).into(),
            timeline.makespan_ms().into(),
            counts.switches.into(),
            counts.false_alarms.into(),
            counts.false_alarms_per_switch().into(),
            counts.drop_requests.into(),
            counts.forced_switches.into(),
        ]);
    }
    table
}
