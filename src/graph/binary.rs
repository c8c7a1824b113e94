//! Graphs as [bytes](crate::binary).
//!
//! What tasks have in common is written once: names of collections, and operations. A task is then a few small numbers.

use std::{borrow::Cow, sync::Arc};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use smallvec::SmallVec;

use super::{Annotations, MAX_EDGES, MAX_TASKS, Rows, TaskGraph, TaskId, builder};
use crate::{
    binary::{Encoded, Kind, decode, raw, write},
    error::{Error, Result},
    key::Key,
    operations::Op,
};

impl TaskGraph {
    /// Encodes the graph as [bytes](crate::binary).
    ///
    /// ```
    /// use dagdeck::{GraphBuilder, Op, TaskGraph};
    ///
    /// let mut graph = GraphBuilder::new();
    /// graph.task("hello-0".into(), Op::NoOp, []);
    /// graph.target("hello-0".into());
    /// let graph = graph.build()?;
    /// let bytes = graph.encode()?.to_bytes();
    /// assert_eq!(TaskGraph::decode(&bytes)?, graph);
    /// # Ok::<(), dagdeck::Error>(())
    /// ```
    ///
    /// # Errors
    /// An operation cannot leave this process; the message names the task.
    pub fn encode(&self) -> Result<Encoded> {
        Encoded::new(Kind::Graph, |body| {
            let mut ops = Vec::new();
            let mut tasks = Vec::with_capacity(self.len());
            let mut places: FxHashMap<Box<str>, u32> = FxHashMap::default();
            for task in self.tasks() {
                let op = raw(self.op(task)).map_err(|error| error.within(&self.key(task).to_string()))?;
                tasks.push(match places.get(op.get()) {
                    Some(&place) => place,
                    None => {
                        let place = ops.len() as u32;
                        places.insert(op.get().into(), place);
                        ops.push(op);
                        place
                    }
                });
            }
            let mut names = Vec::new();
            let mut name_places = FxHashMap::default();
            let keys = self.keys.iter().map(|key| {
                let name = *name_places.entry(key.name()).or_insert_with(|| {
                    names.push(Cow::from(key.name()));
                    names.len() as u32 - 1
                });
                [name].into_iter().chain(key.index().iter().copied()).collect()
            });
            let keys = keys.collect();
            let mut annotations: Vec<_> =
                self.annotations.iter().map(|(&task, asked)| (task, asked.retries, asked.priority)).collect();
            annotations.sort_unstable();
            let form = Form {
                names,
                keys,
                ops: ops.iter().map(|op| &**op).collect(),
                tasks,
                args: self.dependencies.iter().map(SmallVec::from_slice).collect(),
                targets: self.targets.clone(),
                annotations,
            };
            write(body, &form)
        })
    }

    /// Reads a graph from [bytes](crate::binary).
    ///
    /// # Errors
    /// The bytes are no such message; otherwise as for [`from_json`](TaskGraph::from_json).
    pub fn decode(bytes: &[u8]) -> Result<TaskGraph> {
        decode(Kind::Graph, bytes, Form::into_graph)
    }
}

/// The content of the body.
#[derive(Serialize, Deserialize)]
#[serde(rename = "graph", deny_unknown_fields)]
struct Form<'a> {
    /// The names of keys, each once.
    names: Vec<Cow<'a, str>>,
    /// For each task the place of its name, and its indices.
    keys: Vec<SmallVec<[u32; 4]>>,
    /// Operations, each once.
    #[serde(borrow)]
    ops: Vec<&'a RawValue>,
    /// For each task the place of its operation.
    tasks: Vec<u32>,
    /// For each task the tasks whose values it takes.
    args: Vec<SmallVec<[TaskId; 2]>>,
    targets: Vec<TaskId>,
    /// Retries and priority, where they are not the default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<(TaskId, u8, i32)>,
}

impl Form<'_> {
    fn into_graph(self) -> Result<TaskGraph> {
        let Form { names, keys, ops, tasks, args, targets, annotations } = self;
        let len = keys.len();
        if tasks.len() != len || args.len() != len {
            let message =
                format!("{len} tasks have {} operations and {} lists of arguments", tasks.len(), args.len());
            return Err(Error::invalid(message));
        }
        if len > MAX_TASKS {
            return Err(Error::too_large("tasks", MAX_TASKS));
        }
        if args.iter().map(SmallVec::len).sum::<usize>() > MAX_EDGES {
            return Err(Error::too_large("edges", MAX_EDGES));
        }
        let names: Vec<Arc<str>> = names.into_iter().map(Arc::from).collect();
        let keys = keys.iter().map(|key| match &key[..] {
            [name, index @ ..] if (*name as usize) < names.len() => {
                Ok(Key::block(names[*name as usize].clone(), index))
            }
            _ => Err(Error::invalid("a key has no name")),
        });
        let keys = keys.collect::<Result<Vec<Key>>>()?;
        let exists = |task: TaskId, wanted_by: &dyn Fn() -> String| match (task as usize) < len {
            true => Ok(task),
            false => {
                let message = format!("missing task: {} task {task}, and the graph has {len}", wanted_by());
                Err(Error::invalid(message))
            }
        };
        let mut known: Vec<Option<Op>> = vec![None; ops.len()];
        let mut task_ops = Vec::with_capacity(len);
        for ((key, op), args) in keys.iter().zip(tasks).zip(&args) {
            let within = |error: Error| error.within(&key.to_string());
            let place = op as usize;
            let Some(known) = known.get_mut(place) else {
                return Err(within(Error::invalid("it has no operation")));
            };
            let op = match known {
                Some(op) => op,
                None => known.insert(Op::read(ops[place].get().as_bytes()).map_err(within)?),
            };
            op.check_arity(args.len()).map_err(|message| within(Error::invalid(message)))?;
            task_ops.push(op.clone());
            args.iter().try_for_each(|&arg| exists(arg, &|| format!("{key} depends on")).map(drop))?;
        }
        for &target in &targets {
            exists(target, &|| "a target is".to_owned())?;
        }
        let annotations = annotations.into_iter().map(|(task, retries, priority)| {
            let task = exists(task, &|| "annotated is".to_owned())?;
            Ok((task, Annotations { retries, priority }))
        });
        let annotations = annotations.collect::<Result<_>>()?;
        builder::check(keys, task_ops, Rows::from_rows(args), targets, annotations)
    }
}
