//! What the owner of the nodes is to do, and what it says.

use super::super::{super::bytes::Message, message::NodeId};

/// What happened to a node.
#[derive(Debug)]
pub enum Event {
    /// It takes messages from now on.
    Joined {
        /// Which one.
        node: NodeId,
    },
    /// It has sent a message to the scheduler.
    Said {
        /// Which one.
        node: NodeId,
        /// A [`Post`](super::Post).
        message: Vec<u8>,
    },
    /// It has died, or could not be started.
    Died {
        /// Which one.
        node: NodeId,
        /// Why, as far as is known.
        reason: String,
    },
    /// Time has passed: about a tenth of a second.
    Tick,
}

/// What is to be done.
#[derive(Debug)]
pub enum Command {
    /// Start a node. No other has its number.
    Start {
        /// Which one.
        node: NodeId,
        /// The number of tasks that it runs at once.
        slots: u32,
    },
    /// Let two nodes send messages to each other. Before any message that follows.
    Link {
        /// One of them.
        first: NodeId,
        /// The other.
        second: NodeId,
    },
    /// Pass a message on. Those for one node must come in this order.
    Send {
        /// To which one.
        node: NodeId,
        /// What.
        message: Message,
    },
    /// End a node, whatever it does.
    End {
        /// Which one.
        node: NodeId,
    },
    /// The run is over.
    Finished,
}

/// A place of a cluster that has a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number, which is in the names of its lanes.
    pub place: u32,
    /// Whether its node has started.
    pub is_up: bool,
}
