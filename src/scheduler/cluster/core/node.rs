//! What the scheduler knows of a node.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::task::Rank;
use crate::graph::TaskId;

/// A node may have this number of tasks for each slot, so that it does not wait for messages and inputs between two.
const PER_SLOT: usize = 2;

/// A node may have more tasks than that if they are short: as many as are expected to take this time.
pub(super) const HORIZON_MS: f64 = 5.0;

/// But not more than this for each slot.
const MOST_PER_SLOT: usize = 64;

/// What the scheduler knows of a node.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) is_alive: bool,
    pub(super) slots: usize,
    /// What it was sent.
    pub(super) processing: Vec<TaskId>,
    /// How many of these were sent ahead: it does not have all of their inputs yet.
    pub(super) ahead: usize,
    /// How long these are expected to take.
    pub(super) ahead_ms: f64,
    /// Tasks that it was sent, and that others may follow. May have tasks that it no longer has.
    pub(super) leaders: VecDeque<TaskId>,
    /// How long the tasks are expected to take that were not sent ahead.
    pub(super) occupancy_ms: f64,
    /// The tasks that wait in the scheduler for this node, since it has their inputs. May have tasks that no longer do.
    pub(super) queue: BinaryHeap<Reverse<Rank>>,
    /// The number of tasks that do wait for it.
    pub(super) queued: usize,
    /// How long these are expected to take.
    pub(super) queued_ms: f64,
    /// The tasks whose values it has. May have tasks whose values it no longer has.
    pub(super) holds: Vec<TaskId>,
    /// The number of values that it does have.
    pub(super) held: usize,
    /// The number of tasks that others were asked to give up for it.
    pub(super) incoming: usize,
    /// It gets only one task at a time, to tell which one kills nodes.
    pub(super) is_alone: bool,
    /// It takes no new tasks, since its values take too much memory.
    pub(super) is_paused: bool,
    /// When it was last given something to do with nothing else to do, or last finished something.
    pub(super) since_ms: f64,
}

impl Node {
    pub(super) fn new(slots: u32, now_ms: f64) -> Node {
        Node { is_alive: true, slots: slots.max(1) as usize, since_ms: now_ms, ..Node::default() }
    }

    /// Whether it takes tasks.
    #[inline]
    pub(super) fn takes_tasks(&self) -> bool {
        self.is_alive && !self.is_alone && !self.is_paused
    }

    /// The number of its tasks whose inputs have values.
    #[inline]
    pub(super) fn ready(&self) -> usize {
        self.processing.len() - self.ahead
    }

    /// Whether it can be sent another task ahead, which is expected to take this time.
    #[inline]
    pub(super) fn has_room_ahead(&self, ms: f64) -> bool {
        self.ahead < self.slots * MOST_PER_SLOT && self.ahead_ms + ms < self.slots as f64 * HORIZON_MS
    }

    /// A task that was sent ahead is gone, or has its inputs.
    pub(super) fn leave_ahead(&mut self, expected_ms: f64) {
        self.ahead -= 1;
        self.ahead_ms = if self.ahead == 0 { 0.0 } else { (self.ahead_ms - expected_ms).max(0.0) };
    }

    /// Whether a slot is free.
    #[inline]
    pub(super) fn is_idle(&self) -> bool {
        self.takes_tasks() && self.ready() + self.incoming < self.slots
    }

    /// Whether it can be sent another task.
    #[inline]
    pub(super) fn has_room(&self) -> bool {
        let tasks = self.ready() + self.incoming;
        let is_short =
            || tasks < self.slots * MOST_PER_SLOT && self.occupancy_ms < self.slots as f64 * HORIZON_MS;
        self.takes_tasks() && (tasks < self.slots * PER_SLOT || is_short())
    }

    /// Whether others could take a task from it.
    #[inline]
    pub(super) fn is_crowded(&self) -> bool {
        self.is_alive && (self.queued > 0 || self.ready() > self.slots)
    }

    /// How long a new task is expected to wait for a slot. Below 0: how many slots are free, as a share of all.
    #[inline]
    pub(super) fn load(&self) -> f64 {
        let tasks = self.ready() + self.queued + self.incoming;
        if tasks < self.slots {
            tasks as f64 / self.slots as f64 - 1.0
        } else {
            (self.occupancy_ms + self.queued_ms) / self.slots as f64
        }
    }
}
