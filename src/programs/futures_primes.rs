//! Counting primes: calls that compute, on different executors.

use std::sync::Arc;

use super::{
    Build, Column, Futures, Parameter, Parameters, Program, ResultSchema, Scale,
    futures::{WORKERS, executor, number, number_of, usual_table},
};
use crate::{
    error::Result,
    futures::{Executor, MapOptions, Outcome, Section, check},
    interpreter::Policy,
    value::Value,
};

pub(super) const PROGRAM: Program = Program {
    name: "futures-primes",
    title: "Counting primes",
    summary: "executor.map over ranges of numbers, on one executor after another. Under the interpreter lock more threads \
              are no faster.",
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
    ],
    result: ResultSchema::named("primes"),
    build: Build::Futures(build),
};

fn build(parameters: &Parameters) -> Result<Futures> {
    let (calls, size) = (parameters.integer("calls"), parameters.integer("size"));
    let workers = parameters.integer("max_workers");
    let main = Arc::new(move |executor: &Executor| {
        let ranges = (0..calls).map(|call| move || primes(call * size, (call + 1) * size));
        let mut sum = 0;
        for count in executor.map(ranges, MapOptions::default())? {
            sum += number_of(&count?);
        }
        Ok(number(sum))
    });
    let section = |policy| Section {
        label: executor(policy).to_owned(),
        policy,
        max_workers: workers,
        calls: vec!["primes"; calls],
        main: main.clone(),
    };
    let alone = Section { label: "one thread".to_owned(), max_workers: 1, ..section(Policy::INTERVAL) };
    let others = [Policy::INTERVAL, Policy::PerInterpreter, Policy::None { cost_percent: 0 }].map(section);
    Ok(Futures::new([vec![alone], others.into()].concat(), |run| {
        let mut table = usual_table(run);
        let time_ms = |row| table.number(row, "time");
        let faster = |row| Some(time_ms(0)? / time_ms(row)?);
        let faster: Vec<_> = (0..table.rows.len()).map(|row| faster(row).into()).collect();
        table.add(Column::new("speed-up", "times as fast as one thread"), faster);
        let primes = run
            .sections()
            .into_iter()
            .map(|(_, ended)| ended.and_then(|ended| Some(number_of(&ended.outcome.ok()?) as f64)).into());
        table.add(Column::new("primes", "primes"), primes.collect::<Vec<_>>());
        table
    }))
}

/// The number of primes from `start` to `stop` (excluded), by trial division. A number is a step of the interpreter.
fn primes(start: usize, stop: usize) -> Outcome<Value> {
    let mut count = 0;
    for n in start.max(2)..stop {
        let mut divisor = 2;
        while divisor * divisor <= n && n % divisor != 0 {
            divisor += 1;
        }
        count += i64::from(divisor * divisor > n);
        check()?;
    }
    Ok(number(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_are_counted() {
        assert_eq!(primes(0, 100), Ok(number(25)));
        assert_eq!(primes(100, 200), Ok(number(21)));
    }
}
