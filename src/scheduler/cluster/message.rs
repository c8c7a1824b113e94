//! What the scheduler of a cluster is told, and what it wants done.
//!
//! ```text
//!  owner   Joined Lost Tick Cancel            .-----------.  Compute Withdraw Free Send     nodes, which fetch
//!         ----------------------------------> |           | -----------------------------> inputs from each other
//!                                             | scheduler |
//!         ----------------------------------> |           | <-----------------------------
//!  client  Wanted Released Dropped Received   '-----------'  Finished Erred Arrived Missing
//!                                                            Withdrawn Gone Paused Resumed
//! ```

use smallvec::SmallVec;

use crate::{error::Message, graph::TaskId};

/// The number of a node. A node that joins gets a new one, so a late message of a lost node is recognised.
pub type NodeId = u32;

/// The number of an attempt to run a task. No two attempts have the same. It is also the version of the value that the
/// attempt made. 0: none.
pub type RunId = u32;

/// An input of a task that is to run: its version, and a node that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// The task that made it.
    pub task: TaskId,
    /// Which attempt made it.
    pub version: RunId,
    /// A node that has it: perhaps the one that runs the task. Or [`Input::MADE_HERE`].
    pub from: NodeId,
}

impl Input {
    /// The node that gets the task was told to make this input, too: it waits until it has it.
    pub const MADE_HERE: NodeId = NodeId::MAX;
}

/// The inputs of a task, each once.
pub type Inputs = SmallVec<[Input; 2]>;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A node takes tasks from now on.
    Joined {
        /// Its number, which no other node had before.
        node: NodeId,
        /// How many tasks it runs at once.
        slots: u32,
    },
    /// A node is gone, with all its values.
    Lost {
        /// The node.
        node: NodeId,
        /// Why it died. `None` if it was ended on purpose: then the tasks that it had are not to blame.
        died: Option<Message>,
    },
    /// A node has run a task, and holds its value.
    Finished {
        /// Who says so.
        node: NodeId,
        /// Which task.
        task: TaskId,
        /// Which attempt.
        run: RunId,
        /// How long it ran.
        ms: f64,
        /// The size of its value.
        bytes: u64,
    },
    /// A task erred.
    Erred {
        /// Who says so.
        node: NodeId,
        /// Which task.
        task: TaskId,
        /// Which attempt.
        run: RunId,
        /// What it said.
        message: Message,
    },
    /// A copy of a value arrived at a node that needs it.
    Arrived {
        /// Who has the copy.
        node: NodeId,
        /// The task that made the value.
        task: TaskId,
        /// Which attempt made it.
        version: RunId,
        /// The size of the value.
        bytes: u64,
        /// How long the transfer took from the request on: the wait for other values on the same link counts, so that a
        /// busy network is seen as a slow one.
        ms: f64,
    },
    /// A node gives a task back, since it did not get an input.
    Missing {
        /// Who says so.
        node: NodeId,
        /// The task that did not run.
        task: TaskId,
        /// Which attempt ended.
        run: RunId,
        /// What it did not get, and from whom.
        input: Input,
    },
    /// The answer to [`Command::Withdraw`].
    Withdrawn {
        /// Who says so.
        node: NodeId,
        /// Which task.
        task: TaskId,
        /// Which attempt.
        run: RunId,
        /// Whether the node will not run it.
        granted: bool,
    },
    /// The values of a node take too much memory: it takes no new tasks.
    Paused {
        /// The node.
        node: NodeId,
    },
    /// A node that was paused takes tasks again.
    Resumed {
        /// The node.
        node: NodeId,
    },
    /// The client has the value of a target.
    Received {
        /// Which target.
        task: TaskId,
    },
    /// A node was told to send a value that it does not have.
    Gone {
        /// Who says so.
        node: NodeId,
        /// The task that made the value.
        task: TaskId,
        /// Which attempt made it.
        version: RunId,
    },
    /// The client wants the value of a task that it keeps.
    Wanted {
        /// Which task.
        task: TaskId,
    },
    /// The client no longer keeps a task.
    Released {
        /// Which task.
        task: TaskId,
    },
    /// The client no longer keeps a task, nor any that needs it.
    Dropped {
        /// Which task.
        task: TaskId,
    },
    /// Time has passed: a chance to move tasks that wait longer than expected.
    Tick,
    /// Nothing is wanted any more: not even values that stayed on the nodes.
    Cancel,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Run a task, as soon as its inputs are there.
    Compute {
        /// Who.
        node: NodeId,
        /// Which task.
        task: TaskId,
        /// The number of this attempt.
        run: RunId,
        /// What it needs, and who has it.
        inputs: Inputs,
        /// The node that the task was meant for before this one took it.
        stolen_from: Option<NodeId>,
    },
    /// Do not run a task, unless it has started.
    Withdraw {
        /// Who.
        node: NodeId,
        /// Which task.
        task: TaskId,
        /// Which attempt.
        run: RunId,
    },
    /// Drop a value.
    Free {
        /// Who.
        node: NodeId,
        /// The task that made it.
        task: TaskId,
        /// Which attempt made it. Another version stays.
        version: RunId,
    },
    /// Send the value of a target to the client.
    Send {
        /// Who.
        node: NodeId,
        /// Which target.
        task: TaskId,
        /// Which attempt made it.
        version: RunId,
    },
    /// Every target has a value or has erred, or the run was cancelled.
    Finished,
}
