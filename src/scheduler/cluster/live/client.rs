//! The client of a cluster that is open: what it has asked for, and what it is told.
//!
//! It gives each thing that it wants a number: a future. Several futures may want the same task. A task that a future wants is
//! known by its key: if a later graph has a task with this key, that one does not run.

use std::mem;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    super::{
        super::bytes::{Bytes, Message},
        core::{Addition, Core, LOST},
        message::{Event, NodeId},
        state::State,
    },
    orders,
};
use crate::{
    error::{Error, Result},
    graph::{GraphBuilder, Plan, TaskGraph, TaskId},
    key::Key,
    operations::Op,
    value::Value,
};

/// The number of a future. The client chooses it, and uses it once.
pub type FutureId = u32;

/// What a client asks for.
#[derive(Debug)]
pub enum Request {
    /// To run a graph.
    Submit {
        /// The graph.
        graph: TaskGraph,
        /// The futures of its targets.
        futures: Vec<FutureId>,
        /// The keys of the tasks of the graph that stand for what other futures want, each with its future.
        inputs: Vec<(Key, FutureId)>,
        /// Of the tasks that could run, those with a higher priority run first.
        priority: i32,
    },
    /// To put a value on a node.
    Scatter {
        /// Its future.
        future: FutureId,
        /// Its key.
        key: Key,
        /// The value.
        value: Value,
    },
    /// To be told the value of a future.
    Gather(FutureId),
    /// To let a future go. Its value is dropped, if nothing else needs it.
    Release(FutureId),
    /// To cancel a future, and all that need its task.
    Cancel(FutureId),
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// A node has its value.
    Finished(FutureId),
    /// It has no value, and will have none.
    Erred {
        /// Which future.
        future: FutureId,
        /// Why.
        message: String,
        /// Whether it was put on a node that is gone.
        is_lost: bool,
    },
    /// It was cancelled, or it needs something that was.
    Cancelled(FutureId),
    /// The value that was asked for.
    Value(FutureId, Value),
}

/// A graph that the client asks for.
struct Work {
    plan: Plan,
    /// Tasks that are there already, by those in whose place they are.
    known: FxHashMap<TaskId, TaskId>,
    priority: i32,
    /// The value of its only task, if the client has it.
    given: Option<Option<Bytes>>,
}

/// A graph that nodes are told of.
struct Part {
    first: TaskId,
    plan: Plan,
    graph: Bytes,
    known: FxHashMap<TaskId, TaskId>,
}

/// A task that futures want.
struct Held {
    key: Key,
    futures: SmallVec<[FutureId; 1]>,
    /// The futures whose value was asked for.
    asking: SmallVec<[FutureId; 1]>,
}

/// What is known of the client.
#[derive(Default)]
pub(super) struct Client {
    parts: Vec<Part>,
    tasks: FxHashMap<FutureId, TaskId>,
    held: FxHashMap<TaskId, Held>,
    keys: FxHashMap<Key, TaskId>,
    /// The values that no node has taken yet. `None` if it is none.
    given: FxHashMap<TaskId, Option<Bytes>>,
    news: Vec<News>,
}

impl Client {
    /// Does what the client asks for. Returns whether nodes are to be told of another graph.
    ///
    /// # Errors
    /// It cannot be done.
    pub(super) fn ask(&mut self, request: Request, core: &mut Core, now_ms: f64) -> Result<bool> {
        match request {
            Request::Submit { graph, futures, inputs, priority } => {
                // A future may be of a task with another key, as those of collections are.
                let input = |(key, future): &(Key, FutureId)| Some((key.clone(), *self.tasks.get(future)?));
                let Some(inputs) = inputs.iter().map(input).collect::<Option<FxHashMap<_, _>>>() else {
                    self.news.extend(futures.into_iter().map(News::Cancelled));
                    return Ok(false);
                };
                let plan = Plan::new(&self.without_known(graph, &inputs)?);
                let known = self.known(&plan, &inputs);
                self.add(Work { plan, known, priority, given: None }, &futures, core, now_ms)
            }
            Request::Scatter { future, key, value } => {
                let mut graph = GraphBuilder::new();
                graph.task(key.clone(), Op::NoOp, []);
                graph.target(key);
                let given = match value {
                    Value::None => None,
                    value => Some(value.encode()?.to_bytes().into()),
                };
                let plan = Plan::new(&graph.build()?);
                let known = self.known(&plan, &FxHashMap::default());
                self.add(Work { plan, known, priority: 0, given: Some(given) }, &[future], core, now_ms)
            }
            Request::Gather(future) => {
                if let Some(&task) = self.tasks.get(&future) {
                    self.held.get_mut(&task).expect("a future's task is held").asking.push(future);
                    core.on_event(Event::Wanted { task }, now_ms);
                }
                Ok(false)
            }
            Request::Release(future) => {
                if let Some(task) = self.tasks.remove(&future) {
                    let held = self.held.get_mut(&task).expect("a future's task is held");
                    held.futures.retain(|other| *other != future);
                    held.asking.retain(|other| *other != future);
                    if held.futures.is_empty() {
                        self.forget(task);
                        core.on_event(Event::Released { task }, now_ms);
                        self.drop_given(core);
                    }
                }
                Ok(false)
            }
            Request::Cancel(future) => {
                if let Some(&task) = self.tasks.get(&future) {
                    core.on_event(Event::Dropped { task }, now_ms);
                    for task in core.dropped() {
                        self.cancelled(task);
                    }
                    self.drop_given(core);
                }
                Ok(false)
            }
        }
    }

    /// The tasks of a plan that futures want already, and those in whose place they are.
    fn known(&self, plan: &Plan, inputs: &FxHashMap<Key, TaskId>) -> FxHashMap<TaskId, TaskId> {
        let known = |key| inputs.get(key).or_else(|| self.keys.get(key)).copied();
        plan.tasks().filter_map(|task| Some((task, known(plan.key(task))?))).collect()
    }

    /// The same graph, in which those tasks need nothing that futures want.
    fn without_known(&self, graph: TaskGraph, inputs: &FxHashMap<Key, TaskId>) -> Result<TaskGraph> {
        let is_known = |key: &Key| inputs.contains_key(key) || self.keys.contains_key(key);
        if !graph.tasks().any(|task| is_known(graph.key(task))) {
            return Ok(graph);
        }
        let mut rest = GraphBuilder::new();
        for task in graph.tasks() {
            let key = graph.key(task);
            if is_known(key) {
                rest.task(key.clone(), Op::NoOp, []);
                continue;
            }
            let args = graph.dependencies().row(task).iter().map(|&input| graph.key(input).clone());
            rest.task(key.clone(), graph.op(task).clone(), args);
            rest.annotate(key.clone(), graph.annotations(task));
        }
        graph.targets().iter().for_each(|&target| rest.target(graph.key(target).clone()));
        rest.build()
    }

    /// Adds the tasks of a plan but the known ones.
    fn add(&mut self, work: Work, futures: &[FutureId], core: &mut Core, now_ms: f64) -> Result<bool> {
        let Work { plan, known, priority, given } = work;
        if futures.len() != plan.targets().len() {
            let targets = plan.targets().len();
            return Err(Error::invalid(format!("{} futures for {targets} targets", futures.len())));
        }
        let has_new = known.len() < plan.len();
        let mut first = 0;
        if has_new {
            let graph = plan.encode()?.to_bytes().into();
            let addition = Addition { plan: &plan, known: &known, priority, is_given: given.is_some() };
            first = core.add(addition, now_ms);
            if let Some(value) = given {
                self.given.insert(first, value);
            }
            self.parts.push(Part { first, plan: plan.clone(), graph, known: known.clone() });
        }
        for (&target, &future) in plan.targets().iter().zip(futures) {
            let task = known.get(&target).copied().unwrap_or(first + target);
            self.tasks.insert(future, task);
            let key = plan.key(target);
            let held = self.held.entry(task).or_insert_with(|| Held {
                key: key.clone(),
                futures: SmallVec::new(),
                asking: SmallVec::new(),
            });
            held.futures.push(future);
            self.keys.insert(key.clone(), task);
            match core.state(task) {
                State::Memory => self.news.push(News::Finished(future)),
                State::Erred => self.news.push(self.error(future, task, core)),
                _ => {}
            }
        }
        Ok(has_new)
    }

    /// What tells a node of a graph: of the last one, or of all.
    pub(super) fn letter(&self, place: usize, number: u32) -> Message {
        let Part { first, graph, known, .. } = &self.parts[place];
        orders::tasks(number, *first, known, graph.clone())
    }

    /// The number of graphs.
    pub(super) fn graphs(&self) -> usize {
        self.parts.len()
    }

    /// The value of a task, if the client has given it and no node has taken it yet.
    pub(super) fn given(&self, task: TaskId) -> Option<&Option<Bytes>> {
        self.given.get(&task)
    }

    /// Nodes have run these tasks.
    pub(super) fn finished(&mut self, tasks: &[TaskId], core: &Core) {
        for task in tasks.iter().filter(|&&task| core.state(task) == State::Memory) {
            self.given.remove(task);
            let futures = self.held.get(task).into_iter().flat_map(|held| &held.futures);
            self.news.extend(futures.copied().map(News::Finished));
        }
    }

    /// A task has erred.
    pub(super) fn erred(&mut self, task: TaskId, core: &Core) {
        let futures = self.held.get(&task).map(|held| held.futures.clone()).unwrap_or_default();
        let news: Vec<News> = futures.into_iter().map(|future| self.error(future, task, core)).collect();
        self.news.extend(news);
        self.drop_given(core);
    }

    fn error(&self, future: FutureId, task: TaskId, core: &Core) -> News {
        let (blamed, message) = core.error(task).unwrap_or((task, "".into()));
        let is_lost = blamed == task && *message == *LOST;
        let (key, blamed_key) = (self.key(task), self.key(blamed));
        let error = match task == blamed {
            true => Error::task(key, message),
            false => Error::task_needs(key, blamed_key, message),
        };
        News::Erred { future, message: error.to_string(), is_lost }
    }

    fn key(&self, task: TaskId) -> Key {
        let Part { first, plan, .. } = &self.parts[self.parts.partition_point(|part| part.first <= task) - 1];
        plan.key(task - first).clone()
    }

    /// A value has come.
    pub(super) fn value(&mut self, task: TaskId, value: &Value) {
        if let Some(held) = self.held.get_mut(&task) {
            let asking = mem::take(&mut held.asking);
            self.news.extend(asking.into_iter().map(|future| News::Value(future, value.clone())));
        }
    }

    fn cancelled(&mut self, task: TaskId) {
        for future in self.forget(task) {
            self.tasks.remove(&future);
            self.news.push(News::Cancelled(future));
        }
    }

    /// No future wants a task any more. Returns those that did.
    fn forget(&mut self, task: TaskId) -> SmallVec<[FutureId; 1]> {
        let Some(Held { key, futures, .. }) = self.held.remove(&task) else { return SmallVec::new() };
        self.keys.remove(&key);
        futures
    }

    /// Drops the values that the client has given and no task needs any more.
    fn drop_given(&mut self, core: &Core) {
        self.given.retain(|&task, _| !matches!(core.state(task), State::Forgotten | State::Erred));
    }

    /// Takes what the client is to be told.
    pub(super) fn news(&mut self) -> Vec<News> {
        mem::take(&mut self.news)
    }

    /// The nodes that have the value of a future.
    pub(super) fn who_has<'a>(&self, future: FutureId, core: &'a Core) -> &'a [NodeId] {
        self.tasks.get(&future).map_or(&[], |&task| core.who_has(task))
    }
}
