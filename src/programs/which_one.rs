//! Threads or processes: three kinds of work on each, measured against one thread.

use std::sync::{Arc, Mutex};

use super::{
    Build, Cell, Column, Futures, Parameter, Parameters, Program, ResultSchema, Scale, Table,
    futures::{START, WORKERS, executor, processes},
    futures_primes::primes,
};
use crate::{
    block::Block,
    clock::now_ms,
    error::Result,
    futures::{Call, Executor, MapOptions, Outcome, Section, Workers, sleep},
    interpreter::Policy,
    operations::{self, Function, Op, Operands, Ufunc},
    scalar::Scalar,
    value::Value,
};

pub(super) const PROGRAM: Program = Program {
    name: "which-one",
    title: "Threads or processes",
    summary: "The same calls on one thread, on threads under the interpreter lock, and on processes: calls that compute in \
              Python, calls that wait, and NumPy, which computes without the lock and on much data.",
    parameters: &[
        Parameter::integer("calls", "The number of calls of each kind.", (1, 32), 8, Scale::Linear),
        Parameter::integer(
            "size",
            "CPU-bound: the primes below this number are counted.",
            (1000, 1_000_000),
            100_000,
            Scale::Log2,
        ),
        Parameter::integer("wait", "IO-bound: how long a call waits, in ms.", (1, 500), 30, Scale::Log2),
        Parameter::integer(
            "elements",
            "Scientific: the length of the array of which the sine is computed.",
            (1000, 1 << 21),
            1 << 19,
            Scale::Log2,
        ),
        Parameter { kind: WORKERS_OF_TWO, ..WORKERS },
        START,
    ],
    result: ResultSchema::named("which one"),
    build: Build::Futures(build),
};

/// Two, as many machines have no more cores.
const WORKERS_OF_TWO: super::ParameterKind =
    super::ParameterKind::Integer { min: 1, max: 6, default: 2, scale: Scale::Linear };

/// What makes a call, for these workers.
type MakeCall = Arc<dyn Fn(Workers) -> Call + Send + Sync>;

/// The kinds of work.
const KINDS: [&str; 3] = ["CPU-bound", "IO-bound", "scientific"];

/// Executors are called faster than others from this on.
const CLEARLY: f64 = 1.15;

fn build(parameters: &Parameters) -> Result<Futures> {
    let calls = parameters.integer("calls");
    let (size, wait_ms) = (parameters.integer("size"), parameters.integer("wait") as u64);
    let elements = parameters.integer("elements");
    let max_workers = parameters.integer("max_workers");
    let data: Value = Block::new(&[elements], (0..elements).map(|i| i as f64).collect()).into();
    let kinds: [MakeCall; 3] = [
        Arc::new(move |workers| primes(workers, 0, size)),
        Arc::new(move |workers| waiting(workers, wait_ms)),
        Arc::new(move |_| Call::op(Op::elementwise(Ufunc::Sin, Operands::Inputs), [data.clone()])),
    ];
    // For each executor, how long each kind of work took.
    let times = Arc::new(Mutex::new([[None; 3]; 3]));
    let section = |place: usize, label: &str, workers: Workers, max_workers: usize| {
        let (kinds, times) = (kinds.clone(), times.clone());
        Section {
            label: label.to_owned(),
            workers,
            max_workers,
            calls: [vec!["start"; max_workers], KINDS.iter().flat_map(|&kind| vec![kind; calls]).collect()]
                .concat(),
            main: Arc::new(move |executor| {
                // The start of the workers is not measured.
                map(executor, (0..max_workers).map(|_| Op::NoOp))?;
                let mut sum = 0.0;
                for (kind, make) in kinds.iter().enumerate() {
                    let started_ms = now_ms();
                    sum += map(executor, (0..calls).map(|_| make(workers)))?;
                    times.lock().expect("nothing panics while it holds this lock")[place][kind] =
                        Some(now_ms() - started_ms);
                }
                Ok(Block::new(&[], vec![sum]).into())
            }),
        }
    };
    let (lock, processes) = (Workers::Threads(Policy::INTERVAL), processes(parameters));
    let sections = vec![
        section(0, "one thread", lock, 1),
        section(1, executor(lock), lock, max_workers),
        section(2, executor(processes), processes, max_workers),
    ];
    Ok(Futures::new(sections, move |_| {
        table(*times.lock().expect("nothing panics while it holds this lock"))
    }))
}

/// Waits for all calls. Returns the sum of their results, of all elements.
fn map<C: Into<Call>>(executor: &Executor, calls: impl Iterator<Item = C>) -> Outcome<f64> {
    let mut sum = 0.0;
    for value in executor.map(calls, MapOptions::default())? {
        sum += match value?.as_array() {
            Some(block) => match block.elements::<f64>() {
                Some(elements) => elements.iter().sum(),
                None => block.item().map_or(0.0, Scalar::as_f64),
            },
            None => 0.0,
        };
    }
    Ok(sum)
}

fn waiting(workers: Workers, ms: u64) -> Call {
    match workers {
        Workers::Threads(_) => {
            (move || sleep(std::time::Duration::from_millis(ms)).map(|()| Value::None)).into()
        }
        Workers::Processes(_) => {
            let args = [Some(Scalar::Float(ms as f64 / 1e3))].into();
            Op::Call(operations::Call { function: Function::Sleep, args }.into()).into()
        }
    }
}

/// A row for each kind of work: how many times as fast as on one thread it is on threads and on processes, and which of them
/// is faster.
fn table(times: [[Option<f64>; 3]; 3]) -> Table {
    let mut table = Table::new(&[
        Column::new("work", "work"),
        Column::measured("one-thread", "one thread", "ms"),
        Column::new("threads", "threads, times as fast"),
        Column::new("processes", "processes, times as fast"),
        Column::new("faster", "which one"),
    ]);
    for (kind, name) in KINDS.iter().enumerate() {
        let [one, threads, processes] = times.map(|kinds| kinds[kind]);
        let faster = |ms: Option<f64>| Some(one? / ms?);
        let which = threads.zip(processes).map(|(threads, processes)| match threads / processes {
            ratio if ratio > CLEARLY => "processes",
            ratio if ratio < 1.0 / CLEARLY => "threads",
            _ => "either",
        });
        table.rows.push(vec![
            Cell::Text((*name).to_owned()),
            one.into(),
            faster(threads).into(),
            faster(processes).into(),
            which.map_or(Cell::Empty, |which| Cell::Text(which.to_owned())),
        ]);
    }
    table
}
