//! Follows another order, but runs what frees a value as soon as possible.
//!
//! A task that is the last reader of a value replaces that value with its own, so running it early costs no memory, and
//! the tasks that become ready may free more:
//!
//! ```text
//!   x     y          depth-first for the target on the left: x, y, left; then right frees x and y.
//!   | \ / |          If right is an inner task whose target comes late, x and y are held until then;
//!   | / \ |          eager runs it right after left.
//! left   right
//! ```

use super::Edges;
use crate::graph::TaskId;

/// Follows `sequence`, in which each task comes after its dependencies, and moves tasks that free a value forward.
/// `None` if `limit` values or more would be held at once. O(tasks + edges).
pub(super) fn eager(
    edges: &Edges,
    limit: u64,
    sequence: impl IntoIterator<Item = TaskId>,
) -> Option<Vec<TaskId>> {
    let mut walk = Walk::new(edges);
    for task in sequence {
        let mut next = Some(task);
        while let Some(task) = next {
            if walk.tasks[task as usize].pending != DONE {
                walk.run(task);
            }
            next = walk.freeing.pop();
        }
        if walk.peak >= limit {
            return None;
        }
    }
    Some(walk.sequence)
}

/// Stored as the number of dependencies of a task that has run.
const DONE: u32 = u32::MAX;

/// Stands for the reader of a target outside the graph.
const OUTSIDE: TaskId = TaskId::MAX;

struct Walk<'a> {
    edges: &'a Edges,
    tasks: Vec<Task>,
    values: Vec<Value>,
    /// Tasks that could run now and would free a value. The last one runs next.
    freeing: Stack,
    sequence: Vec<TaskId>,
    held: u64,
    /// The most values held so far.
    peak: u64,
}

#[derive(Clone, Copy)]
struct Task {
    /// The number of its dependencies that have not run.
    pending: u32,
    /// The number of values whose last reader it is.
    frees: u32,
}

#[derive(Clone, Copy)]
struct Value {
    /// The number of its readers that have not run.
    readers: u32,
    /// The exclusive or of these readers: if only one is left, it is that reader.
    last: TaskId,
}

impl Walk<'_> {
    fn new(edges: &Edges) -> Walk<'_> {
        let task = |row: &[TaskId]| Task { pending: row.len() as u32, frees: 0 };
        let value = |row: &[TaskId]| Value {
            readers: row.len() as u32,
            last: row.iter().fold(0, |all, reader| all ^ reader),
        };
        let mut tasks: Vec<Task> = edges.dependencies.iter().map(task).collect();
        let mut values: Vec<Value> = edges.dependents.iter().map(value).collect();
        for &target in &edges.targets {
            values[target as usize].readers += 1;
            values[target as usize].last ^= OUTSIDE;
        }
        for value in values.iter().filter(|value| value.readers == 1 && value.last != OUTSIDE) {
            tasks[value.last as usize].frees += 1;
        }
        let sequence = Vec::with_capacity(tasks.len());
        // A task is pushed when its last dependency has run, and once for each value whose last reader it becomes.
        let freeing = Stack { tasks: vec![0; tasks.len() + values.len() + 1], len: 0 };
        Walk { edges, tasks, values, freeing, sequence, held: 0, peak: 0 }
    }

    fn run(&mut self, id: TaskId) {
        self.tasks[id as usize].pending = DONE;
        self.sequence.push(id);
        // Its value is held: it is a target, or has dependents that have not run.
        self.held += 1;
        self.peak = self.peak.max(self.held);
        for &dependency in self.edges.dependencies.row(id) {
            let value = &mut self.values[dependency as usize];
            value.readers -= 1;
            value.last ^= id;
            self.held -= u64::from(value.readers == 0);
            // The branches would be unpredictable, so this is written without jumps.
            let is_last = (value.readers == 1) & (value.last != OUTSIDE);
            let reader = if is_last { value.last } else { id };
            let task = &mut self.tasks[reader as usize];
            task.frees += u32::from(is_last);
            let can_run = task.pending == 0;
            self.freeing.push_if(is_last & can_run, reader);
        }
        // The last one pushed runs first. Of equals that is the first in depth-first order.
        for &dependent in self.edges.dependents.row(id).iter().rev() {
            let task = &mut self.tasks[dependent as usize];
            task.pending -= 1;
            self.freeing.push_if((task.pending == 0) & (task.frees > 0), dependent);
        }
    }
}

/// A stack that is allocated large enough for everything pushed.
struct Stack {
    tasks: Vec<TaskId>,
    len: usize,
}

impl Stack {
    fn push_if(&mut self, condition: bool, task: TaskId) {
        self.tasks[self.len] = task;
        self.len += usize::from(condition);
    }

    fn pop(&mut self) -> Option<TaskId> {
        self.len = self.len.checked_sub(1)?;
        Some(self.tasks[self.len])
    }
}
