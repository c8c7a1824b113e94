//! Counting primes: calls that compute, on different executors.

use std::sync::Arc;

use super::{
    Build, Column, Futures, Parameter, Parameters, Program, ResultSchema, Scale,
    futures::{START, WORKERS, executor, number, number_of, processes, usual_table},
};
use crate::{
    error::Result,
    futures::{Call, MapOptions, Section, Workers, check},
    interpreter::Policy,
    kernels,
    operations::{self, Function, Op},
    scalar::Scalar,
};

pub(super) const PROGRAM: Program = Program {
    name: "futures-primes",
    title: "Counting primes",
    summary: "executor.map over ranges of numbers, on one executor after another. Under the interpreter lock more threads \
              are no faster, but processes are.",
    parameters: &[
        Parameter::integer(
            "calls",
            "The number of calls, each with a range of its own.",
            (1, 64),
            12,
            Scale::Linear,
        ),
        Parameter::integer("size", "How many numbers a call looks at.", (1000, 200_000), 50_000, Scale::Log2),
        WORKERS,
        START,
    ],
    result: ResultSchema::named("primes"),
    build: Build::Futures(build),
};

fn build(parameters: &Parameters) -> Result<Futures> {
    let (calls, size) = (parameters.integer("calls"), parameters.integer("size"));
    let max_workers = parameters.integer("max_workers");
    let section = |workers| Section {
        label: executor(workers).to_owned(),
        workers,
        max_workers,
        calls: vec!["primes"; calls],
        main: Arc::new(move |executor| {
            let ranges = (0..calls).map(|call| primes(workers, call * size, (call + 1) * size));
            let mut sum = 0;
            for count in executor.map(ranges, MapOptions::default())? {
                sum += number_of(&count?);
            }
            Ok(number(sum))
        }),
    };
    let lock = Workers::Threads(Policy::INTERVAL);
    let alone = Section { label: "one thread".to_owned(), max_workers: 1, ..section(lock) };
    let others = [lock, processes(parameters), Workers::Threads(Policy::PerInterpreter)];
    Ok(Futures::new([vec![alone], others.map(section).into()].concat(), |run| {
        let mut table = usual_table(run);
        table.add_speed_up(|_, row| row == 0);
        let primes = run
            .sections()
            .into_iter()
            .map(|(_, ended)| ended.and_then(|ended| Some(number_of(&ended.outcome.ok()?) as f64)).into());
        table.add(Column::new("primes", "primes"), primes.collect::<Vec<_>>());
        table
    }))
}

/// A call that counts the primes from `start` to `stop` (excluded). On a thread, a number is a step of the interpreter. A
/// process is told the name of the function.
pub(super) fn primes(workers: Workers, start: usize, stop: usize) -> Call {
    match workers {
        Workers::Threads(_) => (move || kernels::primes(start as u64, stop as u64, check).map(number)).into(),
        Workers::Processes(_) => {
            let args = [start, stop].map(|number| Some(Scalar::Int(number as i64))).into();
            Op::Call(operations::Call { function: Function::Primes, args }.into()).into()
        }
    }
}
