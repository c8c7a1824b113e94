//! The values that one worker holds while it runs the tasks of a graph one after another.

use super::{Rows, TaskGraph, TaskId};

/// The number of values that one worker holds while it runs each task of `sequence` and no others. O(tasks + edges).
///
/// A value is held from when its task runs until its last dependent has run; the value of a target is never freed.
/// While a task runs, its inputs and its output are held.
pub fn values_held(graph: &TaskGraph, sequence: &[TaskId]) -> Vec<u64> {
    Held::new(graph, sequence.iter().copied(), |_| 1).collect()
}

/// One worker's memory: what is held while each task runs, as in [`values_held`], in units of `size`.
pub(super) struct Held<'a, S, F> {
    dependencies: &'a Rows,
    /// How often each value will still be read.
    readers: Vec<u32>,
    sequence: S,
    size: F,
    held: u64,
}

impl<'a, S: Iterator<Item = TaskId>, F: Fn(TaskId) -> u64> Held<'a, S, F> {
    /// What is held when `sequence` is run and nothing else.
    pub fn new(graph: &'a TaskGraph, sequence: S, size: F) -> Held<'a, S, F>
    where
        S: Clone,
    {
        let mut readers = vec![0; graph.len()];
        for task in sequence.clone() {
            graph.dependencies().row(task).iter().for_each(|&d| readers[d as usize] += 1);
        }
        graph.targets().iter().for_each(|&target| readers[target as usize] += 1);
        Held { dependencies: graph.dependencies(), readers, sequence, size, held: 0 }
    }

    /// What is held when each value is read as often as `readers` says, and once more for a target.
    pub fn with_readers(dependencies: &'a Rows, readers: Vec<u32>, sequence: S, size: F) -> Held<'a, S, F> {
        Held { dependencies, readers, sequence, size, held: 0 }
    }
}

impl<S: Iterator<Item = TaskId>, F: Fn(TaskId) -> u64> Iterator for Held<'_, S, F> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let task = self.sequence.next()?;
        self.held += (self.size)(task);
        let while_running = self.held;
        for &dependency in self.dependencies.row(task) {
            let readers = &mut self.readers[dependency as usize];
            *readers -= 1;
            // The branch would be unpredictable, so this is written without a jump.
            self.held -= if *readers == 0 { (self.size)(dependency) } else { 0 };
        }
        if self.readers[task as usize] == 0 {
            self.held -= (self.size)(task);
        }
        Some(while_running)
    }
}
