//! `Executor.map`.

use std::sync::{Arc, Mutex};

use dagdeck::{
    Value,
    futures::{Executor, MapOptions, Outcome, Results},
};

use crate::stage::*;

scenarios! {
    map_keeps_the_order map_of_nothing map_ends_with_the_first_exception map_cancels_after_an_exception map_in_time
    map_submits_at_once map_that_is_dropped_cancels
}

/// Maps a function to the first numbers.
fn map(
    executor: &Executor,
    count: i64,
    options: MapOptions,
    call: impl Fn(i64) -> Outcome<Value> + Send + Sync + 'static,
) -> Results {
    let call = Arc::new(call);
    let calls = (0..count).map(|number| {
        let call = call.clone();
        move || call(number)
    });
    executor.map(calls, options).unwrap()
}

fn next(results: &mut Results) -> String {
    results.next().map_or("returned 'end'".to_owned(), outcome)
}

fn map_keeps_the_order(log: &Log) {
    let (second, executor) = (Gate::default(), threads(2));
    let results = map(&executor, 5, MapOptions::default(), move |number| {
        match number {
            0 => second.wait(),
            1 => second.set(),
            _ => {}
        }
        Ok(int(number * number))
    });
    log.line(list(results.map(Result::unwrap)));
    leave(&executor);
}

fn map_of_nothing(log: &Log) {
    let executor = threads(2);
    log.line(list(map(&executor, 0, MapOptions::default(), |_| divide()).map(Result::unwrap)));
    leave(&executor);
}

fn map_ends_with_the_first_exception(log: &Log) {
    let executor = threads(2);
    let mut results = map(&executor, 4, MapOptions::default(), |number| match number {
        1 => divide(),
        _ => Ok(int(10)),
    });
    for _ in 0..3 {
        log.line(next(&mut results));
    }
    leave(&executor);
}

/// Maps a call to numbers, of which the one that is `stop` waits at a gate. Returns which calls ran.
fn stopped(
    stop: i64,
    count: i64,
    options: MapOptions,
    call: fn(i64) -> Outcome<Value>,
    look: impl FnOnce(&Gate, Results),
) -> String {
    let (started, gate, executor) = (Gate::default(), Gate::default(), threads(1));
    let ran = Arc::new(Mutex::new(Vec::new()));
    let (seen, reached, closed) = (ran.clone(), started.clone(), gate.clone());
    let results = map(&executor, count, options, move |number| {
        seen.lock().unwrap().push(int(number));
        if number == stop {
            reached.set();
            closed.wait();
        }
        call(number)
    });
    look(&started, results);
    gate.set();
    leave(&executor);
    let ran = ran.lock().unwrap().clone();
    list(ran)
}

fn map_cancels_after_an_exception(log: &Log) {
    let call = |number| if number == 0 { divide() } else { Ok(Value::None) };
    let ran = stopped(1, 5, MapOptions::default(), call, |started, mut results| {
        started.wait();
        log.line(next(&mut results));
    });
    log.line(ran);
}

fn map_in_time(log: &Log) {
    let options = MapOptions { timeout: Some(NOW), ..MapOptions::default() };
    let ran = stopped(
        0,
        3,
        options,
        |_| Ok(Value::None),
        |started, mut results| {
            started.wait();
            log.line(next(&mut results));
        },
    );
    log.line(ran);
}

fn map_submits_at_once(log: &Log) {
    let executor = threads(1);
    let ran = Arc::new(Mutex::new(Vec::new()));
    let seen = ran.clone();
    let results = map(&executor, 3, MapOptions::default(), move |number| {
        seen.lock().unwrap().push(int(number));
        Ok(Value::None)
    });
    leave(&executor);
    log.line(list(ran.lock().unwrap().clone()));
    log.line(list(results.map(Result::unwrap)));
}

fn map_that_is_dropped_cancels(log: &Log) {
    let ran = stopped(
        1,
        5,
        MapOptions::default(),
        |number| Ok(int(number)),
        |started, mut results| {
            log.line(shown(&results.next().unwrap().unwrap()));
            started.wait();
            drop(results);
        },
    );
    log.line(ran);
}
