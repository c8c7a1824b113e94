//! Several programs, each under a policy, side by side.

use std::{fmt, str::FromStr, sync::Arc};

use super::{
    live,
    machine::Machine,
    model::{self, Model},
    native::Native,
    policy::Policy,
    timeline::{Timeline, lane_label},
    work::{Piece, Program},
};
use crate::{
    error::{Error, Result},
    graph::Rows,
    ids::TaskId,
    trace::{Lane, Trace, Writer},
};

/// The largest number of threads of all sections.
const MOST_LANES: usize = 1024;

/// Programs that are run one after another, each with a time 0 of its own, and shown on one axis.
///
/// The threads of all sections are numbered in order, and so are the pieces.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The programs.
    pub sections: Vec<Section>,
}

/// A program under a policy.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it is called. No other section of the comparison has this name.
    pub label: String,
    /// Who may run interpreted code at the same time.
    pub policy: Policy,
    /// What its threads do.
    pub program: Program,
    /// What its native pieces do in a live run.
    pub native: Option<Native>,
    /// What its threads are called. Those without a name have a number.
    pub names: &'static [&'static str],
}

/// A piece, and where it is.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The section.
    pub section: &'a Section,
    /// The thread, as its section numbers them.
    pub thread: usize,
    /// The place among the thread's pieces.
    pub place: usize,
    /// The piece.
    pub piece: Piece,
}

/// How a program is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By threads, on this machine.
    Live,
    /// By a simulation, on a machine with a chosen number of cores.
    Model,
}

impl Mode {
    /// Both, by name.
    pub const NAMES: [&str; 2] = ["live", "model"];
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Mode::NAMES[*self as usize])
    }
}

impl FromStr for Mode {
    type Err = Error;

    fn from_str(name: &str) -> Result<Mode> {
        let modes = [Mode::Live, Mode::Model].into_iter();
        modes
            .zip(Mode::NAMES)
            .find_map(|(mode, known)| (known == name).then_some(mode))
            .ok_or_else(|| Error::invalid(format!("unknown mode '{name}': use live or model")))
    }
}

impl Section {
    /// A section whose native pieces do nothing but take time.
    pub fn new(label: impl Into<String>, policy: Policy, program: Program) -> Section {
        Section { label: label.into(), policy, program, native: None, names: &[] }
    }

    /// The section whose threads are called this.
    #[must_use]
    pub fn naming(self, names: &'static [&'static str]) -> Section {
        Section { names, ..self }
    }

    /// How the section is run if `asked` is wanted: what does not run live is simulated.
    pub(super) fn mode(&self, asked: Mode) -> Mode {
        if self.policy.runs_live() { asked } else { Mode::Model }
    }
}

impl Comparison {
    /// The number of threads of all sections.
    pub fn threads(&self) -> usize {
        self.sections.iter().map(|section| section.program.threads.len()).sum()
    }

    /// All pieces, in the order of their numbers.
    pub fn pieces(&self) -> impl Iterator<Item = At<'_>> {
        self.sections.iter().flat_map(|section| {
            section.program.threads.iter().enumerate().flat_map(move |(thread, pieces)| {
                pieces.iter().enumerate().map(move |(place, &piece)| At { section, thread, place, piece })
            })
        })
    }

    /// For each piece, the one that has to come before it: the one before it in its thread.
    pub fn dependencies(&self) -> Rows {
        Rows::from_rows(
            self.pieces().enumerate().map(|(piece, at)| (at.place > 0).then(|| piece as TaskId - 1)),
        )
    }

    /// Simulates each section. The same arguments give the same timelines everywhere.
    ///
    /// # Errors
    /// A program, a policy or a machine with a number that is out of range.
    pub fn simulate(&self, machine: &Machine, seed: u64) -> Result<Vec<Timeline>> {
        self.check(Mode::Model, machine)?;
        let timelines = self.timelines(Mode::Model);
        for (section, timeline) in self.sections.iter().zip(&timelines) {
            Model::new(timeline, &section.program, machine, seed).finish();
        }
        Ok(timelines)
    }

    /// Whether all sections can be run.
    pub(super) fn check(&self, asked: Mode, machine: &Machine) -> Result<()> {
        if self.sections.is_empty() || self.threads() > MOST_LANES {
            let threads = self.threads();
            return Err(Error::invalid(format!("{threads} threads: must be between 1 and {MOST_LANES}")));
        }
        self.sections.iter().try_for_each(|section| match section.mode(asked) {
            Mode::Live => live::check(&section.program, section.policy, machine.tick_ns),
            Mode::Model => model::check(&section.program, section.policy, machine),
        })
    }

    /// An empty timeline for each section. All are parts of one trace, whose lanes have the label of the section as
    /// their node, and join at once.
    pub(super) fn timelines(&self, asked: Mode) -> Vec<Timeline> {
        let node = |section: &Section| match section.mode(asked) {
            mode if mode == asked => section.label.clone(),
            mode => format!("{} ({mode})", section.label),
        };
        let names = self.sections.iter().flat_map(|section| {
            let node = node(section);
            let label = |thread| {
                section.names.get(thread).map_or_else(|| lane_label(thread), |&name| name.to_owned())
            };
            (0..section.program.threads.len()).map(move |thread| (label(thread), node.clone()))
        });
        let lanes = names.enumerate().map(|(lane, (label, node))| Lane::new(lane as u32, label, Some(node)));
        let trace = Arc::new(Trace::new(lanes, true, 0.0));
        (0..self.threads()).for_each(|lane| Writer::new(lane, &trace).join(&trace));
        let mut first = (0, 0);
        let part = |section: &Section| {
            let timeline = Timeline::part(trace.clone(), &section.program, section.policy, first);
            first.0 += section.program.threads.len();
            first.1 += section.program.pieces() as TaskId;
            timeline
        };
        self.sections.iter().map(part).collect()
    }
}
