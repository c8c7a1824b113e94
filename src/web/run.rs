//! A run as the page sees it.

use std::{
    panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe},
    sync::Arc,
};

use wasm_bindgen::prelude::*;

use super::{
    held,
    plain::{self, ToTyped, list, object},
};
use crate::{
    collections::{
        array::{self, Array},
        expression::Targets,
    },
    error::Result,
    futures,
    graph::{Plan, TaskId},
    interpreter::Mode,
    programs::{self, Futures, Simulation, Started, Table, Threads},
    scheduler::{self, Outcome, cluster::simulation::Series},
    trace::{Column, Details, Event, Lane, Reason, SEGMENT_EVENTS, Summary, Trace, Traced},
    value::Value,
};

/// What a run is for.
pub(super) enum Wanted {
    /// The answer of a program.
    Answer(programs::Wanted),
    /// The targets of an expression: the blocks of the first array are the first targets of the graph.
    Targets(Targets),
    /// The values of the targets of a graph, of any kind, with their keys.
    Values,
}

/// The page gets at most this many values of the targets of a graph, and their elements take at most this many bytes.
const MOST_VALUES: usize = 1000;
const MOST_BYTES: u64 = 64 << 20;

/// A run, in progress or finished. Freeing it cancels it and frees the memory of its trace.
#[wasm_bindgen]
pub struct Run {
    running: Running,
    /// Whether it only runs while the page calls `step`.
    steps: bool,
}

enum Running {
    Graph(GraphRun),
    Threads { threads: Threads, started: Started },
    Futures { futures: Futures, run: futures::Run, post: futures::Post },
    Simulation { simulation: Arc<Simulation>, series: Box<Series> },
}

/// A run of a task graph.
struct GraphRun {
    run: scheduler::Run,
    wanted: Arc<Wanted>,
}

// wasm-bindgen turns a panic into an exception. Panics in kernels are caught before, and the scheduler's own state is
// changed by atomics and under locks inside which nothing panics, so a panic cannot leave a run inconsistent.
impl UnwindSafe for Run {}
impl RefUnwindSafe for Run {}

impl Run {
    /// A run of a task graph. `steps`: whether its scheduler only runs while the page calls `step`.
    pub(super) fn of_graph(run: scheduler::Run, wanted: Arc<Wanted>, steps: bool) -> Run {
        Run { running: Running::Graph(GraphRun { run, wanted }), steps }
    }

    pub(super) fn of_threads(threads: Threads, started: Started) -> Run {
        let steps = started.run.mode() == Mode::Model;
        Run { running: Running::Threads { threads, started }, steps }
    }

    /// The run of a task graph, if it is one.
    pub(super) fn graph(&self) -> Option<&scheduler::Run> {
        match &self.running {
            Running::Graph(graph) => Some(&graph.run),
            Running::Threads { .. } | Running::Futures { .. } | Running::Simulation { .. } => None,
        }
    }

    /// `post`: where its processes are asked for.
    pub(super) fn of_futures(futures: Futures, run: futures::Run, post: futures::Post) -> Run {
        Run { running: Running::Futures { futures, run, post }, steps: false }
    }

    /// Where a run of futures asks for processes.
    pub(super) fn post(&self) -> Option<&futures::Post> {
        match &self.running {
            Running::Futures { post, .. } => Some(post),
            Running::Graph(_) | Running::Threads { .. } | Running::Simulation { .. } => None,
        }
    }

    pub(super) fn of_simulation(simulation: Arc<Simulation>, series: Series) -> Run {
        Run { running: Running::Simulation { simulation, series: series.into() }, steps: true }
    }

    fn trace_so_far(&self) -> &Trace {
        match &self.running {
            Running::Graph(graph) => graph.run.trace(),
            Running::Threads { started, .. } => started.run.trace(),
            Running::Futures { run, .. } => run.trace(),
            Running::Simulation { series, .. } => series.trace(),
        }
    }

    fn tasks(&self) -> usize {
        match &self.running {
            Running::Graph(graph) => graph.run.plan().len(),
            Running::Threads { threads, .. } => threads.comparison.pieces().count(),
            Running::Futures { futures, .. } => futures.calls().count(),
            Running::Simulation { simulation, .. } => simulation.plan.len(),
        }
    }
}

impl GraphRun {
    /// The blocks of a program's array that have finished since the last call.
    fn blocks(&self) -> JsValue {
        let finished = self.run.finished_targets();
        let Wanted::Answer(programs::Wanted::Array(array)) = &*self.wanted else { return list([]) };
        let whole = array.shape();
        list(array.joined(finished).iter().map(|(offset, block)| plain::placed(block, offset, &whole)))
    }

    /// Holds the blocks of each wanted array under these numbers. Returns the lengths of each array's blocks along each
    /// axis.
    fn hold(&self, ids: &[f64]) -> Result<JsValue> {
        let outcome = self.run.outcome()?;
        let hold = |((array, values), &id): ((&Array, Result<Vec<Value>>), &f64)| {
            let array = array::held(array.name(), array.chunks().clone(), array.dtype(), &values?)?;
            let chunks = list(array.chunks().axes().map(held::numbers));
            held::hold(id as u64, array);
            Ok(chunks)
        };
        let chunks: Result<Vec<JsValue>> = arrays(&self.wanted, &outcome).zip(ids).map(hold).collect();
        Ok(list(chunks?))
    }

    /// The result and the summary of a finished run: see [`outcome`].
    fn outcome(&self, values: bool) -> Result<JsValue> {
        outcome(self.run.plan(), &self.wanted, &self.run.outcome()?, values)
    }
}

/// Each wanted array, with its blocks or an error.
fn arrays<'a>(
    wanted: &'a Wanted,
    outcome: &'a Outcome,
) -> impl Iterator<Item = (&'a Array, Result<Vec<Value>>)> {
    let arrays = match wanted {
        Wanted::Targets(Targets::Arrays(arrays)) => &arrays[..],
        _ => &[],
    };
    let mut values = outcome.values.iter().cloned();
    arrays.iter().map(move |array| (array, values.by_ref().take(array.chunks().blocks()).collect()))
}

/// The result and the summary of a finished run. If the run kept going although tasks erred, this includes the
/// error of each target without a value, and a result is null if it needs one of them. `values`: whether wanted
/// arrays are assembled and returned. A run of a graph returns its first `targets` with their values, and how many
/// `more` there are.
pub(super) fn outcome(plan: &Plan, wanted: &Wanted, outcome: &Outcome, values: bool) -> Result<JsValue> {
    let erred = plan.targets().iter().zip(&outcome.values).filter_map(|(&target, value)| {
        let error = value.as_ref().err()?;
        let (key, message) = (plan.key(target).to_string(), error.to_string());
        Some(object([("key", key.into()), ("message", message.into())]))
    });
    let errors = list(erred);
    let value = match wanted {
        Wanted::Answer(wanted) => wanted.answer(outcome).map_or(JsValue::NULL, plain::answer),
        Wanted::Targets(_) | Wanted::Values => JsValue::NULL,
    };
    let whole = |(array, blocks): (&Array, Result<Vec<Value>>)| match blocks {
        Ok(blocks) => Ok(plain::value(&array.assemble(&blocks)?)),
        Err(_) => Ok(JsValue::NULL),
    };
    let single = |value: &Result<Value>| value.as_ref().map_or(JsValue::NULL, plain::single);
    let values = match wanted {
        _ if !values => list([]),
        Wanted::Targets(Targets::Delayed(_)) => list(outcome.values.iter().map(single)),
        _ => list(arrays(wanted, outcome).map(whole).collect::<Result<Vec<_>>>()?),
    };
    let (targets, more) = match wanted {
        Wanted::Values => {
            let first = outcome.first(MOST_VALUES, MOST_BYTES);
            let target = |(&task, value)| {
                object([("key", plan.key(task).to_string().into()), ("value", single(value))])
            };
            (list(plan.targets().iter().zip(first).map(target)), (outcome.values.len() - first.len()).into())
        }
        _ => (JsValue::UNDEFINED, JsValue::UNDEFINED),
    };
    let summary = &outcome.summary;
    let traced = summary.traced.as_ref();
    Ok(object([
        ("value", value),
        ("values", values),
        ("targets", targets),
        ("more", more),
        ("errors", errors),
        ("tasks", summary.tasks.into()),
        ("workers", summary.workers.into()),
        ("makespanMs", summary.makespan_ms.into()),
        ("workMs", or_null(summary.work_ms())),
        ("utilisation", or_null(summary.utilisation())),
        ("overheadMs", or_null(traced.map(|traced| traced.overhead_ms))),
        ("busyMs", busy(traced)),
        ("steals", or_null(traced.map(|traced| traced.steals as f64))),
        ("retries", or_null(traced.map(|traced| traced.retries as f64))),
        ("erred", or_null(traced.map(|traced| traced.erred as f64))),
        ("peakBytes", or_null(traced.map(|traced| traced.peak_bytes as f64))),
    ]))
}

#[wasm_bindgen]
impl Run {
    /// The addresses of the trace in the module's memory, for pages that share it: `www/src/model/live-trace.js`.
    #[wasm_bindgen(js_name = memoryLayout)]
    pub fn memory_layout(&self) -> JsValue {
        let trace = self.trace_so_far();
        let address = |pointer: *const ()| JsValue::from(pointer.addr());
        let workers = trace.all_columns().iter().map(|column| {
            object([
                ("header", address(std::ptr::from_ref(column.header()).cast())),
                ("segments", address(column.addresses().as_ptr().cast())),
            ])
        });
        let (started_ms, bytes) = match &self.running {
            Running::Graph(_) => {
                let notes = trace.batch(0);
                let bytes = notes.all_bytes();
                (
                    trace.started_ms().into(),
                    object([("at", address(bytes.as_ptr().cast())), ("tasks", bytes.len().into())]),
                )
            }
            // Each section has a start of its own.
            Running::Threads { .. } | Running::Futures { .. } | Running::Simulation { .. } => {
                (JsValue::NULL, JsValue::NULL)
            }
        };
        object([
            ("startedAtMs", started_ms),
            ("segmentEvents", SEGMENT_EVENTS.into()),
            ("bytes", bytes),
            ("workers", list(workers)),
        ])
    }

    /// The lanes of the trace: `Lane` in `www/src/engine/protocol.js`, null for one that has not joined.
    pub fn lanes(&self) -> JsValue {
        let or_null = |column: &Column| match lane(column.lane()) {
            lane if lane.is_undefined() => JsValue::NULL,
            lane => lane,
        };
        list(self.trace_so_far().columns().iter().map(or_null))
    }

    /// How a run of threads is run, `live` or `model`. Undefined for a task graph.
    pub fn mode(&self) -> Option<String> {
        match &self.running {
            Running::Graph(_) => None,
            Running::Threads { started, .. } => Some(started.run.mode().to_string()),
            Running::Futures { .. } => Some(Mode::Live.to_string()),
            Running::Simulation { .. } => Some(Mode::Model.to_string()),
        }
    }

    /// Whether the run only goes on while the page calls `step`. If not, the page waits for `finished`.
    pub fn steps(&self) -> bool {
        self.steps
    }

    /// Goes on until the budget is spent. Returns whether the run is over.
    pub fn step(&mut self, budget_ms: f64) -> bool {
        match &mut self.running {
            Running::Graph(graph) => graph.run.step(budget_ms),
            Running::Threads { started, .. } => started.run.step(budget_ms),
            Running::Futures { run, .. } => run.is_over(),
            Running::Simulation { series, .. } => series.step(budget_ms),
        }
    }

    /// Resolves when the run is over, whatever its outcome.
    pub fn finished(&self) -> js_sys::Promise {
        match &self.running {
            Running::Graph(graph) => ended(graph.run.completed()),
            Running::Threads { started, .. } => ended(started.run.completed()),
            Running::Futures { run, .. } => ended(run.completed()),
            // The page steps it until it is over.
            Running::Simulation { .. } => ended(std::future::ready(())),
        }
    }

    /// Stops the run: a task graph when its tasks under way have ended.
    pub fn cancel(&mut self) {
        match &mut self.running {
            Running::Graph(graph) => graph.run.cancel(),
            Running::Threads { started, .. } => started.run.cancel(),
            Running::Futures { run, .. } => run.cancel(),
            Running::Simulation { series, .. } => series.cancel(),
        }
    }

    /// The blocks of a program's array that have finished since the last call.
    pub fn blocks(&self) -> JsValue {
        match &self.running {
            Running::Graph(graph) => graph.blocks(),
            Running::Threads { .. } | Running::Futures { .. } | Running::Simulation { .. } => list([]),
        }
    }

    /// Holds the blocks of each wanted array under these numbers. Returns the lengths of each array's blocks along each
    /// axis.
    pub fn hold(&self, ids: &[f64]) -> std::result::Result<JsValue, JsValue> {
        match &self.running {
            Running::Graph(graph) => Ok(graph.hold(ids)?),
            Running::Threads { .. } | Running::Futures { .. } | Running::Simulation { .. } => Ok(list([])),
        }
    }

    /// The result and the summary of a finished run: `Outcome` in `www/src/engine/protocol.js`. `values`: whether wanted
    /// arrays are assembled and returned.
    pub fn outcome(&self, values: bool) -> std::result::Result<JsValue, JsValue> {
        match &self.running {
            Running::Graph(graph) => Ok(graph.outcome(values)?),
            Running::Threads { threads, started } => {
                let Started { run, notes } = started;
                let table = || threads.table(run);
                let tasks = threads.comparison.pieces().count();
                Ok(sections_outcome(run.makespan_ms()?, tasks, run.trace(), table, run.mode(), notes))
            }
            Running::Futures { futures, run, .. } => {
                let (table, tasks) = (|| futures.table(run), futures.calls().count());
                Ok(sections_outcome(run.makespan_ms()?, tasks, run.trace(), table, Mode::Live, &[]))
            }
            Running::Simulation { simulation, series } => {
                let (table, notes) = (|| simulation.table(series), simulation.notes(series));
                let (makespan_ms, tasks) = (series.makespan_ms()?, simulation.plan.len());
                Ok(sections_outcome(makespan_ms, tasks, series.trace(), table, Mode::Model, &notes))
            }
        }
    }

    /// A copy of the trace so far.
    pub fn trace(&self) -> JsValue {
        let trace = self.trace_so_far();
        let dropped: u32 = trace.columns().iter().map(Column::dropped).sum();
        // Null if no task has any.
        let per_task = |bytes_of: &dyn Fn(TaskId) -> u64| {
            let bytes: Vec<f64> = (0..self.tasks() as TaskId).map(|task| bytes_of(task) as f64).collect();
            if bytes.iter().any(|&bytes| bytes > 0.0) { bytes.to_typed() } else { JsValue::NULL }
        };
        object([
            ("workers", list(trace.columns().iter().map(column))),
            ("bytes", per_task(&|task| trace.bytes(task))),
            ("scratch", per_task(&|task| trace.scratch(task))),
            ("reasons", list(Reason::ALL.iter().map(|reason| reason.text().into()))),
            ("dropped", dropped.into()),
        ])
    }
}

pub(super) fn promise<T: Into<JsValue>>(result: impl Future<Output = T> + 'static) -> js_sys::Promise {
    let result = AssertUnwindSafe(result);
    wasm_bindgen_futures::future_to_promise(async move { Ok(result.await.into()) })
}

fn ended(completed: impl Future<Output = ()> + 'static) -> js_sys::Promise {
    promise(async {
        completed.await;
        JsValue::UNDEFINED
    })
}

/// The outcome of a run whose result is a table.
fn sections_outcome(
    makespan_ms: f64,
    tasks: usize,
    trace: &Trace,
    table: impl FnOnce() -> Table,
    mode: Mode,
    notes: &[String],
) -> JsValue {
    let summary = Summary::new(tasks, trace, makespan_ms, 0);
    let traced = summary.traced.as_ref();
    object([
        ("value", plain::table(&table())),
        ("mode", mode.to_string().into()),
        ("notes", list(notes.iter().map(|note| note.as_str().into()))),
        ("errors", list([])),
        ("tasks", summary.tasks.into()),
        ("workers", summary.workers.into()),
        ("makespanMs", makespan_ms.into()),
        ("workMs", or_null(summary.work_ms())),
        // Sections have a time of their own, in which the threads of others do nothing.
        ("utilisation", JsValue::NULL),
        ("overheadMs", or_null(traced.map(|traced| traced.overhead_ms))),
        ("busyMs", busy(traced)),
        ("steals", JsValue::NULL),
        ("retries", JsValue::NULL),
        ("erred", JsValue::NULL),
        ("peakBytes", JsValue::NULL),
    ])
}

fn or_null(number: Option<f64>) -> JsValue {
    number.map_or(JsValue::NULL, JsValue::from)
}

/// For how long each worker was in tasks.
fn busy(traced: Option<&Traced>) -> JsValue {
    traced.map_or(JsValue::NULL, |traced| list(traced.busy_ms.iter().map(|&ms| ms.into())))
}

/// The peer of an event that has none, see `www/src/engine/protocol.js`.
const NO_PEER: u16 = 0xffff;

/// `WorkerTrace` in `www/src/engine/protocol.js`.
fn column(column: &Column) -> JsValue {
    let peer = |event: Event| event.details.peer.map_or(NO_PEER, |peer| peer as u16);
    object([
        ("lane", lane(column.lane())),
        ("task", each(column, |event| event.task.unwrap_or(u32::MAX))),
        ("action", each(column, |event| event.action as u8)),
        ("stopMs", each(column, |event| event.stop_ms)),
        ("bytes", each_if_any(column, |details| details.bytes > 0, |event| event.details.bytes as f64)),
        ("peer", each_if_any(column, |details| details.peer.is_some(), peer)),
        (
            "reason",
            each_if_any(column, |details| details.reason != Reason::None, |event| event.details.reason as u8),
        ),
    ])
}

/// `Lane` in `www/src/engine/protocol.js`. Undefined before the lane has joined.
fn lane(lane: &Lane) -> JsValue {
    let Some(joined) = lane.joined_ms() else { return JsValue::UNDEFINED };
    object([
        ("id", lane.id.into()),
        ("label", lane.label.as_str().into()),
        ("node", lane.node.as_deref().map_or(JsValue::NULL, JsValue::from)),
        ("joinedMs", joined.into()),
        ("leftMs", lane.left_ms().map_or(JsValue::NULL, JsValue::from)),
    ])
}

/// A number for each event.
fn each<T>(column: &Column, number_of: impl Fn(Event) -> T) -> JsValue
where
    [T]: ToTyped,
{
    column.events().map(number_of).collect::<Vec<T>>().to_typed()
}

/// A number for each event; undefined if no event `has` one.
fn each_if_any<T>(column: &Column, has: impl Fn(Details) -> bool, number_of: impl Fn(Event) -> T) -> JsValue
where
    [T]: ToTyped,
{
    let any = column.details().any(|(_, details)| has(details));
    if any { each(column, number_of) } else { JsValue::UNDEFINED }
}
