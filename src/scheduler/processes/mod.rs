//! `processes`: each worker has a memory of its own, and gets tasks and values as messages. `README.md` beside this file
//! describes the states of a process and the messages.
//!
//! [`Parent`](parent::Parent) takes events and returns commands: it starts no process, reads no clock and waits for
//! nothing. Whoever owns the processes passes messages on: the page in the browser, [`Local`](local::Local) on the host.

mod bytes;
mod child;
mod clocks;
mod draft;
mod handle;
mod local;
mod pace;
mod parent;
mod queue;
mod registry;
mod reply;
mod request;
mod wire;

pub use bytes::Message;
pub use child::Child;
pub(super) use handle::Processes;
pub use parent::{Command, Event, Joined};
