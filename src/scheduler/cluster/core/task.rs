//! What the scheduler knows of a task.

use smallvec::SmallVec;

use super::super::{
    message::{NodeId, RunId},
    state::State,
};
use crate::graph::TaskId;

/// No node.
pub(super) const NOBODY: NodeId = NodeId::MAX;

/// The place of a task in a queue: its level, then static order.
pub(super) type Rank = (i32, TaskId);

/// What the scheduler knows of a task.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) state: State,
    pub(super) retries_left: u8,
    /// How many nodes died while they had it.
    pub(super) deaths: u8,
    /// Whether a node refused to give it back.
    pub(super) has_started: bool,
    /// The client waits for it.
    pub(super) is_wanted: bool,
    /// The client wants it to stay on a node, whether it is sent its value or not.
    pub(super) is_kept: bool,
    /// The client has made its value: it cannot be computed.
    pub(super) is_given: bool,
    /// Tasks of a lower level run first. It is the priority with the other sign.
    pub(super) level: i32,
    /// While it waits, and while it is processing if it was sent ahead: the number of inputs without a value.
    pub(super) waiting_on: u32,
    /// The number of readers that are on their way to a value, and one more if the client wants it.
    pub(super) needed: u32,
    /// The number of readers that may ever need its value.
    pub(super) readers_left: u32,
    /// Who has it while it is processing; who it waits for while it is queued, if for one.
    pub(super) node: NodeId,
    /// Who takes it from there, if the node gives it back.
    pub(super) thief: NodeId,
    /// The attempt under way.
    pub(super) run: RunId,
    /// The attempt that made its value.
    pub(super) version: RunId,
    /// Its place in the list of its node.
    pub(super) place: u32,
    /// What its node's load says that it takes.
    pub(super) expected_ms: f32,
    /// The size of its value.
    pub(super) bytes: u64,
    /// Who has its value, in order.
    pub(super) who_has: SmallVec<[NodeId; 2]>,
    /// The task that erred, if this one has erred.
    pub(super) blamed: TaskId,
}

impl Task {
    /// Whether a node has its value. O(log holders).
    #[inline]
    pub(super) fn is_at(&self, node: NodeId) -> bool {
        self.who_has.binary_search(&node).is_ok()
    }

    /// Whether it was sent to a node that does not have all of its inputs yet.
    #[inline]
    pub(super) fn is_ahead(&self) -> bool {
        self.state == State::Processing && self.waiting_on > 0
    }

    /// A task with this number of inputs without a value.
    pub(super) fn new(
        inputs: usize,
        readers: usize,
        (is_wanted, is_kept): (bool, bool),
        retries: u8,
    ) -> Task {
        Task {
            state: State::Waiting,
            retries_left: retries,
            deaths: 0,
            has_started: false,
            is_wanted,
            is_kept,
            is_given: false,
            level: 0,
            waiting_on: inputs as u32,
            needed: readers as u32 + u32::from(is_wanted || is_kept),
            readers_left: readers as u32,
            node: NOBODY,
            thief: NOBODY,
            run: 0,
            version: 0,
            place: 0,
            expected_ms: 0.0,
            bytes: 0,
            who_has: SmallVec::new(),
            blamed: 0,
        }
    }
}
