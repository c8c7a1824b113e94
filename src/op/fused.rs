//! Fused operations: a small program in the place of one operation.
//!
//! ```text
//! inputs   0       1
//!          |       |
//! parts   neg-0   sqrt-0        part 0 = neg(input 0)
//!            \   /  |           part 1 = sqrt(input 1)
//!            add-0 -'           part 2 = add(part 0, part 1), the result
//! ```
//!
//! [`optimize`](crate::graph::optimize) makes them, so that what belongs together is one task: values that only the
//! parts need never leave it, and a scheduler has less to do.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::key::Key;

/// Operations that are executed one after another. The value of the last one is the value of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fused<Op> {
    /// In an order in which they can be executed. None is itself fused.
    pub parts: Vec<Part<Op>>,
}

/// One operation of several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part<Op> {
    /// The task that it was before.
    pub key: Key,
    /// What it does.
    pub op: Op,
    /// Where its arguments come from.
    #[serde(default)]
    pub args: Args,
}

/// The arguments of a part.
pub type Args = SmallVec<[Source; 2]>;

/// Where an argument of a part comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The value of one of the task's dependencies.
    Input(u32),
    /// The value of a part before this one.
    Part(u32),
}

impl<Op> Fused<Op> {
    /// How many inputs the parts take together.
    pub fn inputs(&self) -> usize {
        let sources = self.parts.iter().flat_map(|part| &part.args);
        let after = |source: &Source| match *source {
            Source::Input(input) => (input as usize).saturating_add(1),
            Source::Part(_) => 0,
        };
        sources.map(after).max().unwrap_or(0)
    }
}
