//! The numbers of tasks.

/// A task's row in every table of its graph.
pub type TaskId = u32;
