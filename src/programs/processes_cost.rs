//! What processes cost: the same calls on one thread and on a pool of processes, for calls of different lengths that are
//! sent more or less data.

use std::sync::Arc;

use super::{
    Build, Cell, Column, Futures, Parameter, Parameters, Program, ResultSchema, Scale, Table,
    futures::WORKERS,
};
use crate::{
    block::Block,
    clock::now_ms,
    error::Result,
    futures::{Call, Executor, MapOptions, Outcome, Run, Section, Workers},
    interpreter::Policy,
    kernels,
    operations::{self, Op},
    scheduler::StartMethod,
    value::Value,
};

/// How long a call computes, in ms. The longest is first, as in a drawing whose axis goes up.
const WORK_MS: [f64; 5] = [10.0, 3.0, 1.0, 0.3, 0.1];

/// How many bytes each call is sent, and how that is named.
const DATA: [(usize, Column); 5] = [
    (1 << 10, Column::new("bytes-1024", "1 KiB")),
    (1 << 13, Column::new("bytes-8192", "8 KiB")),
    (1 << 16, Column::new("bytes-65536", "64 KiB")),
    (1 << 19, Column::new("bytes-524288", "512 KiB")),
    (1 << 22, Column::new("bytes-4194304", "4 MiB")),
];

pub(super) const PROGRAM: Program = Program {
    name: "processes-cost",
    title: "The cost of processes",
    summary: "The same calls on one thread and on processes, for short and long calls that are sent little or much data. \
              Each figure says how many times as fast the processes are.",
    parameters: &[
        Parameter::integer("calls", "The number of calls for each figure.", (2, 64), 8, Scale::Linear),
        Parameter {
            // Every process starts before anything is measured.
            help: "The number of processes.",
            ..WORKERS
        },
    ],
    result: ResultSchema::named("times as fast as one thread"),
    build: Build::Futures(build),
};

fn build(parameters: &Parameters) -> Result<Futures> {
    let (calls, processes) = (parameters.integer("calls"), parameters.integer("max_workers"));
    let section = |label: &str, workers, max_workers: usize| Section {
        label: label.to_owned(),
        workers,
        max_workers,
        calls: [vec!["start"; max_workers], vec!["sweep"; calls * WORK_MS.len() * DATA.len()]].concat(),
        main: Arc::new(move |executor| sweep(executor, max_workers, calls)),
    };
    let thread = section("one thread", Workers::Threads(Policy::INTERVAL), 1);
    let processes = section("processes", Workers::Processes(StartMethod::Spawn), processes);
    Ok(Futures::new(vec![thread, processes], table))
}

/// Maps the calls of each cell, one cell after another, once all workers are there. Returns how long each cell took, in ms.
fn sweep(executor: &Executor, workers: usize, calls: usize) -> Outcome<Value> {
    let map = |calls, op: Op, block: &Block| {
        let calls = (0..calls).map(|_| Call::op(op.clone(), [block.clone().into()]));
        executor.map(calls, MapOptions::default())?.try_for_each(|result| result.map(drop))
    };
    let busy = |ms: f64| {
        let steps = (ms * 1e3 * kernels::steps_per_us()).round() as u64;
        Op::Busy(operations::Busy { steps, failures: 0 })
    };
    map(workers, busy(1.0), &Block::new(&[], vec![0u8]))?;
    let mut times_ms = Vec::new();
    for work_ms in WORK_MS {
        for (bytes, _) in DATA {
            let block = Block::new(&[bytes], vec![0u8; bytes]);
            let started_ms = now_ms();
            map(calls, busy(work_ms), &block)?;
            times_ms.push(now_ms() - started_ms);
        }
    }
    Ok(Block::new(&[times_ms.len()], times_ms).into())
}

/// A row for each length of a call, and a column for each size of its data.
fn table(run: &Run) -> Table {
    let mut table = Table::new(&[Column::measured("work", "work", "ms")]);
    table.columns.extend(DATA.map(|(_, column)| column));
    let [thread, processes] = [0, 1].map(|section| times_ms(run, section));
    let faster = |cell: usize| Some(rounded(thread.get(cell)? / processes.get(cell)?));
    for (row, work_ms) in WORK_MS.into_iter().enumerate() {
        let cells = (0..DATA.len()).map(|column| faster(row * DATA.len() + column).into());
        table.rows.push(std::iter::once(Cell::Number(work_ms)).chain(cells).collect());
    }
    table
}

/// Two decimals from 1 on, and three below.
fn rounded(times: f64) -> f64 {
    let unit = if times < 1.0 { 1e3 } else { 1e2 };
    (times * unit).round() / unit
}

/// The times that a section has measured; none if it did not end well.
fn times_ms(run: &Run, section: usize) -> Vec<f64> {
    let ended = run.sections().swap_remove(section).1;
    let value = ended.and_then(|ended| ended.outcome.ok()).unwrap_or_default();
    let times = value.as_array().and_then(Block::elements::<f64>);
    times.map(|times| times.iter().copied().collect()).unwrap_or_default()
}
