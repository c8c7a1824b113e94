//! `cluster`: nodes with a memory of their own, which exchange data directly, and a scheduler that only decides.
//! `README.md` beside this file describes the states of a task, the messages, and how a node is chosen.
//!
//! [`Core`] and [`Node`] are state machines: events in, commands out, and the time is an argument.
//! [`simulation`] runs them under a virtual clock, with up to thousands of nodes. [`live`] runs them in workers.

mod core;
mod dice;
mod drawing;
pub mod live;
mod loads;
mod members;
mod message;
mod node;
mod outline;
mod pace;
pub mod simulation;
mod state;

pub use self::{
    core::{Addition, Core, Counts, Placement, Settings},
    drawing::Drawing,
    message::{Command, Event, Input, Inputs, NodeId, RunId},
    node::{Action, Node, Ran},
    outline::Outline,
    state::State,
};
