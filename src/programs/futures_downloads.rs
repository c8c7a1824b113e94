//! Downloads: calls that wait, results as they complete, one failure and one cancel.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    Build, Cell, Column, Futures, Parameter, Parameters, Program, ResultSchema, Scale, Table,
    futures::{WORKERS, executor, number, number_of},
};
use crate::{
    clock::now_ms,
    error::Result,
    futures::{Exception, Executor, Future, Outcome, Section, Workers, as_completed, sleep},
    interpreter::Policy,
    value::Value,
};

pub(super) const PROGRAM: Program = Program {
    name: "futures-downloads",
    title: "Downloads",
    summary: "Many calls that wait, with results as they complete. One call raises an exception, and one is cancelled before \
              it starts.",
    parameters: &[
        // More than there can be workers: the last one is cancelled before it starts.
        Parameter::integer("downloads", "The number of downloads.", (7, 64), 16, Scale::Linear),
        Parameter::integer("wait", "How long the shortest download waits, in ms.", (1, 500), 40, Scale::Log2),
        WORKERS,
    ],
    result: ResultSchema::named("downloads"),
    build: Build::Futures(build),
};

/// The download that fails.
const MISSING: usize = 2;

/// How a download ended, and when.
type Row = (usize, String, f64);

fn build(parameters: &Parameters) -> Result<Futures> {
    let (downloads, wait) = (parameters.integer("downloads"), parameters.integer("wait"));
    let rows = Arc::new(Mutex::new(Vec::<Row>::new()));
    let written = rows.clone();
    let main = move |executor: &Executor| {
        let started_ms = now_ms();
        written.lock().expect("nothing panics while it holds this lock").clear();
        let submit = |page| executor.submit(move || download(page, wait));
        let futures: Vec<Future> = (0..downloads).map(submit).collect::<Outcome<_>>()?;
        // There are more downloads than workers, so the last one has not started yet.
        futures[downloads - 1].cancel();
        for future in as_completed(&futures, None) {
            let future = future?;
            let page = futures.iter().position(|other| *other == future).expect("it is one of them");
            let said = match future.result(None) {
                Ok(value) => format!("{} bytes", number_of(&value)),
                Err(exception) => exception.to_string(),
            };
            let row = (page, said, now_ms() - started_ms);
            written.lock().expect("nothing panics while it holds this lock").push(row);
        }
        Ok(Value::None)
    };
    let workers = Workers::Threads(Policy::INTERVAL);
    let section = Section {
        label: executor(workers).to_owned(),
        workers,
        max_workers: parameters.integer("max_workers"),
        calls: vec!["download"; downloads],
        main: Arc::new(main),
    };
    Ok(Futures::new(vec![section], move |_| {
        let mut table = Table::new(&[
            Column::new("page", "as completed"),
            Column::new("result", "result"),
            Column::measured("time", "after", "ms"),
        ]);
        let rows = rows.lock().expect("nothing panics while it holds this lock");
        table.rows.extend(rows.iter().map(|(page, said, at_ms)| {
            vec![Cell::Text(format!("page-{page}")), Cell::Text(said.clone()), Cell::Number(*at_ms)]
        }));
        table
    }))
}

/// Waits as long as a server takes: five different times, so that results do not come in the order of the calls.
fn download(page: usize, wait_ms: usize) -> Outcome<Value> {
    sleep(Duration::from_millis((wait_ms * (1 + page * 3 % 5)) as u64))?;
    match page {
        MISSING => Err(Exception::new("OSError", "HTTP Error 404: Not Found")),
        _ => Ok(number(1000 + 137 * page as i64)),
    }
}
