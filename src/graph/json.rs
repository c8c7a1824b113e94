//! Graphs as JSON, for sending them, saving them, and writing them by hand.
//!
//! ```json
//! {
//!   "dagdeck": 1,
//!   "tasks": {
//!     "ones-0": {"op": {"full": {"shape": [2, 2], "fill_value": 1}}},
//!     "('inc-7f', 0)": {"op": {"add": [null, 1]}, "args": ["ones-0"], "retries": 2},
//!     "add-0": {"op": "add", "args": ["ones-0", "('inc-7f', 0)"], "priority": 10}
//!   },
//!   "targets": ["add-0"]
//! }
//! ```
//!
//! - `dagdeck` is the version of the format: 1.
//! - `tasks` has a member for each task, in any order. Its name is the task's key, in printed form. `args` are the keys
//!   of the tasks whose values it takes, in that order; `retries` (0 to 255) and `priority` are its
//!   [annotations](Annotations). Everything but `op` is optional.
//! - `targets` are the keys of the tasks whose values are wanted: at least one.
//!
//! An operation is a name, or an object with the name and the parameters. Parameters in parentheses are optional.
//!
#![doc = include_str!("../operations/table.md")]
//!
//! Numbers that JSON lacks are `"NaN"`, `"Infinity"` and `"-Infinity"`. Numbers survive the round trip bit for bit.
//!
//! The text is read once, front to back, straight into a [`GraphBuilder`]. Nothing but the graph is kept, and most
//! errors are reported where they occur. A missing key, a cycle or a missing target is known only at the end; then the
//! message names the keys.

use std::{
    fmt,
    io::{self, Write},
};

use rustc_hash::FxHashMap;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{Annotations, GraphBuilder, MAX_EDGES, MAX_TASKS, TaskGraph, TaskId};
use crate::{
    error::{Error, Result, without_place},
    key::Key,
    operations::Op,
};

/// The version of the format.
const VERSION: u64 = 1;

impl TaskGraph {
    /// Reads a graph from [JSON](crate::graph::json).
    ///
    /// ```
    /// use dagdeck::TaskGraph;
    ///
    /// let graph = TaskGraph::from_json(
    ///     r#"{
    ///       "dagdeck": 1,
    ///       "tasks": {
    ///         "ones-0": {"op": {"full": {"shape": [2, 2], "fill_value": 1}}},
    ///         "add-0": {"op": "add", "args": ["ones-0", "ones-0"]}
    ///       },
    ///       "targets": ["add-0"]
    ///     }"#,
    /// )?;
    /// assert_eq!(graph.len(), 2);
    /// assert_eq!(TaskGraph::from_json(&graph.to_json()?)?, graph);
    ///
    /// let error = TaskGraph::from_json(r#"{"dagdeck": 1, "tasks": {"sum-0": {"op": "foo"}}}"#).unwrap_err();
    /// assert!(error.to_string().starts_with("sum-0: unknown operation 'foo': use one of no-op, busy, "));
    /// assert_eq!(error.place(), Some((1, 46)));
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the text is not JSON or not of this form, if an operation has invalid parameters or the wrong number of
    /// arguments, and for everything that [`GraphBuilder::build`] refuses.
    pub fn from_json(text: &str) -> Result<TaskGraph> {
        read(text, Limits { tasks: MAX_TASKS, edges: MAX_EDGES })
    }

    /// Writes the graph as [JSON](crate::graph::json), tasks in the order of their ids, one on a line.
    ///
    /// # Errors
    /// An operation cannot leave this process; the message names the task.
    pub fn to_json(&self) -> Result<String> {
        let mut bytes = Vec::new();
        self.write_json(&mut bytes).map_err(|error| Error::invalid(error.to_string()))?;
        Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
    }

    fn write_json(&self, out: &mut Vec<u8>) -> io::Result<()> {
        write!(out, "{{\n  \"dagdeck\": {VERSION},\n  \"tasks\": {{")?;
        for task in self.tasks() {
            write!(out, "{}\n    ", if task == 0 { "" } else { "," })?;
            serde_json::to_writer(&mut *out, self.key(task))?;
            write!(out, ": {{\"op\": ")?;
            serde_json::to_writer(&mut *out, self.op(task))
                .map_err(|error| io::Error::other(format!("{}: {error}", self.key(task))))?;
            let dependencies = self.dependencies().row(task);
            if !dependencies.is_empty() {
                write!(out, ", \"args\": ")?;
                self.write_keys(out, dependencies)?;
            }
            let Annotations { retries, priority } = self.annotations(task);
            if retries != 0 {
                write!(out, ", \"retries\": {retries}")?;
            }
            if priority != 0 {
                write!(out, ", \"priority\": {priority}")?;
            }
            write!(out, "}}")?;
        }
        write!(out, "\n  }},\n  \"targets\": ")?;
        self.write_keys(out, self.targets())?;
        writeln!(out, "\n}}")
    }

    fn write_keys(&self, out: &mut Vec<u8>, tasks: &[TaskId]) -> io::Result<()> {
        write!(out, "[")?;
        for (i, &task) in tasks.iter().enumerate() {
            write!(out, "{}", if i == 0 { "" } else { ", " })?;
            serde_json::to_writer(&mut *out, self.key(task))?;
        }
        write!(out, "]")
    }
}

/// The maximum size of a graph.
#[derive(Clone, Copy)]
struct Limits {
    tasks: usize,
    edges: usize,
}

fn read(text: &str, limits: Limits) -> Result<TaskGraph> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut graph = GraphBuilder::new();
    let reader = Reader { graph: &mut graph, limits };
    Deserializer::deserialize_map(&mut json, reader).and_then(|()| json.end()).map_err(placed)?;
    graph.build()
}

/// The same error in our words: what is wrong, and then where.
fn placed(error: serde_json::Error) -> Error {
    Error::json(without_place(&error), error.line(), error.column())
}

/// Reads the whole document.
struct Reader<'a> {
    graph: &'a mut GraphBuilder,
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "kebab-case")]
enum Member {
    Dagdeck,
    Tasks,
    Targets,
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a graph")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let Reader { graph, limits } = self;
        let (mut version, mut tasks, mut targets) = (false, false, false);
        while let Some(member) = map.next_key()? {
            let (seen, name) = match member {
                Member::Dagdeck => (&mut version, "dagdeck"),
                Member::Tasks => (&mut tasks, "tasks"),
                Member::Targets => (&mut targets, "targets"),
            };
            if std::mem::replace(seen, true) {
                return Err(A::Error::duplicate_field(name));
            }
            match member {
                Member::Dagdeck => match map.next_value().map_err(|error| within(name, error))? {
                    VERSION => {}
                    other => {
                        let message =
                            format!("dagdeck: unknown version {other}, this build reads version {VERSION}");
                        return Err(A::Error::custom(message));
                    }
                },
                Member::Tasks => map.next_value_seed(Tasks { graph: &mut *graph, limits })?,
                Member::Targets => {
                    let keys: Vec<Key> = map.next_value().map_err(|error| within(name, error))?;
                    keys.into_iter().for_each(|key| graph.target(key));
                }
            }
        }
        match (version, tasks, targets) {
            (false, ..) => Err(A::Error::missing_field("dagdeck")),
            (_, false, _) => Err(A::Error::missing_field("tasks")),
            (.., false) => Err(A::Error::missing_field("targets")),
            _ => Ok(()),
        }
    }
}

/// The same error, prefixed with where it occurred. A position in the text stays at the end.
fn within<E: serde::de::Error>(what: impl fmt::Display, error: E) -> E {
    E::custom(format!("{what}: {error}"))
}

/// Reads all tasks.
struct Tasks<'a> {
    graph: &'a mut GraphBuilder,
    limits: Limits,
}

impl<'de> DeserializeSeed<'de> for Tasks<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Tasks<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tasks by their keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let Tasks { graph, limits } = self;
        // Every key seen so far, and whether a task has it. The text of each key is stored only once.
        let mut keys: FxHashMap<Key, bool> = FxHashMap::default();
        let (mut tasks, mut edges) = (0, 0);
        while let Some(key) = map.next_key::<Key>()? {
            if keys.insert(key.clone(), true) == Some(true) {
                return Err(A::Error::custom(Error::duplicate_key(key)));
            }
            if tasks == limits.tasks {
                return Err(within(key, A::Error::custom(Error::too_large("tasks", limits.tasks))));
            }
            let left = limits.edges - edges;
            let task =
                map.next_value_seed(TaskReader { left, limits }).map_err(|error| within(&key, error))?;
            let Task { op, args, retries, priority } = task;
            let annotations = Annotations { retries, priority };
            if annotations != Annotations::default() {
                graph.annotate(key.clone(), annotations);
            }
            tasks += 1;
            edges += args.len();
            let shared = |arg: Key| {
                let entry = keys.entry(arg);
                let shared = entry.key().clone();
                entry.or_insert(false);
                shared
            };
            graph.task(key, op, args.into_iter().map(shared));
        }
        Ok(())
    }
}

/// Reads one task and checks it: only here is the position of an error known.
struct TaskReader {
    /// The number of edges that the graph may still get.
    left: usize,
    limits: Limits,
}

impl<'de> DeserializeSeed<'de> for TaskReader {
    type Value = Task;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Task, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TaskReader {
    type Value = Task;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Task, A::Error> {
        let task = Task::deserialize(MapAccessDeserializer::new(map))?;
        if task.args.len() > self.left {
            return Err(A::Error::custom(Error::too_large("edges", self.limits.edges)));
        }
        let checked = task.op.check().and_then(|()| task.op.check_arity(task.args.len()));
        checked.map_err(A::Error::custom)?;
        Ok(task)
    }
}

/// The description of one task.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Task {
    op: Op,
    #[serde(default)]
    args: Vec<Key>,
    #[serde(default)]
    retries: u8,
    #[serde(default)]
    priority: i32,
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_graph_that_is_too_large_is_not_read_to_its_end() {
        let text = r#"{"dagdeck": 1, "tasks": {
            "a": {"op": "no-op"},
            "b": {"op": "no-op", "args": ["a", "a"]},
            "c": {"op": "no-op", "args": ["a", "a"]}
        }, "targets": ["c"]}"#;
        let error = |tasks, edges| read(text, Limits { tasks, edges }).unwrap_err();
        assert!(read(text, Limits { tasks: 3, edges: 4 }).is_ok());
        for (error, what) in [(error(2, 4), "2 tasks"), (error(3, 3), "3 edges")] {
            let expected = format!("c: too large: a graph has at most {what} (line 4, ");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
}
