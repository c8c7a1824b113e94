//! A message with tasks while it is put together.

use std::{cmp::Reverse, collections::BinaryHeap};

use rustc_hash::FxHashMap;

use super::{
    super::{
        bytes::{Bytes, Message},
        wire::Writer,
    },
    request::{self, Input},
};
use crate::{graph::TaskId, operations::Meta};

/// A message is complete when its tasks are expected to take this long.
const TARGET_MS: f64 = 1.0;
/// A message is complete when its inputs and values reach this size.
const TARGET_BYTES: u64 = 1 << 20;
/// A message is complete at this number of tasks.
const MOST_TASKS: usize = 512;

/// After this time a process returns what it has not begun: tasks may take longer than expected.
const BUDGET_MS: f64 = 5.0;

/// A task that was sent, and the number of bytes that are reserved for its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) task: TaskId,
    pub(super) reserved_bytes: u64,
}

/// A message with tasks.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) tasks: Vec<Sent>,
    /// For each task, what is expected of its value, if that is known.
    expected: Vec<Option<Meta>>,
    /// The tasks of this message whose values the next ones of it may take.
    pub(super) followed: Vec<TaskId>,
    /// The tasks that are ready if these have run.
    pub(super) follow: BinaryHeap<Reverse<TaskId>>,
    /// The place of each task.
    places: FxHashMap<TaskId, u32>,
    /// The values, and the place of each by its task.
    values: Vec<Bytes>,
    value_places: FxHashMap<TaskId, u32>,
    written: Writer,
    /// How long the tasks are expected to take.
    pub(super) expected_ms: f64,
    bytes: u64,
    /// The size of the largest value, and the process that made it.
    largest: (usize, Option<usize>),
    sealed: bool,
}

impl Draft {
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Whether there is room for another task.
    pub(super) fn wants_more(&self) -> bool {
        !self.sealed
            && self.expected_ms < TARGET_MS
            && self.bytes < TARGET_BYTES
            && self.tasks.len() < MOST_TASKS
    }

    /// Takes no other task.
    pub(super) fn seal(&mut self) {
        self.sealed = true;
    }

    pub(super) fn is_sealed(&self) -> bool {
        self.sealed
    }

    /// The process that made the largest value.
    pub(super) fn peer(&self) -> Option<usize> {
        self.largest.1
    }

    /// What is expected of the value of a task of this message.
    ///
    /// # Panics
    /// If other tasks may not [follow](Draft::let_follow) it.
    pub(super) fn expected(&self, task: TaskId) -> &Meta {
        self.expected[self.places[&task] as usize]
            .as_ref()
            .expect("only tasks are followed whose value is known")
    }

    /// Whether tasks that need `task`, the last one, may be in the same message: if it is known how large its value will be.
    pub(super) fn let_follow(&mut self, task: TaskId) -> bool {
        let is_known = self.expected.last().is_some_and(Option::is_some);
        if is_known {
            self.followed.push(task);
        }
        is_known
    }

    /// Adds a task; its inputs follow.
    pub(super) fn task(&mut self, sent: Sent, attempt: u8, expected: Option<Meta>, expected_ms: f64) {
        request::write_task(&mut self.written, sent.task, attempt);
        self.places.insert(sent.task, self.tasks.len() as u32);
        self.tasks.push(sent);
        self.expected.push(expected);
        self.expected_ms += expected_ms;
        self.bytes = self.bytes.saturating_add(sent.reserved_bytes);
    }

    /// Adds an input of the last task.
    pub(super) fn input(&mut self, input: Input) {
        input.write(&mut self.written);
    }

    /// Adds the value of a task of this message as an input.
    pub(super) fn local(&mut self, task: TaskId) {
        self.input(Input::Local(self.places[&task]));
    }

    /// Adds the value of `task`, which `process` made, as an input. It is sent once.
    pub(super) fn value(&mut self, task: TaskId, value: &Bytes, process: usize) {
        let next = self.values.len() as u32;
        let place = *self.value_places.entry(task).or_insert(next);
        if place == next {
            self.values.push(value.clone());
            self.bytes = self.bytes.saturating_add(value.len() as u64);
            if value.len() >= self.largest.0 {
                self.largest = (value.len(), Some(process));
            }
        }
        self.input(Input::Sent(place));
    }

    /// The message.
    pub(super) fn message(self, number: u32) -> (Vec<Sent>, Message) {
        let lengths = self.values.iter().map(Bytes::len);
        let head = request::tasks(number, BUDGET_MS, self.tasks.len(), &self.written, lengths);
        let mut message = Message::default();
        self.values.into_iter().for_each(|value| message.push(value));
        message.push(head);
        (self.tasks, message)
    }
}
