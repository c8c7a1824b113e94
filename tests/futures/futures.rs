//! One future.

use std::thread;

use dagdeck::{Block, Value, futures::Future};

use crate::stage::*;

scenarios! {
    states_of_a_future cancel_before_the_start cancel_while_it_runs cancel_after_the_end cancel_is_notified_once
    start_twice result_twice result_after_a_cancel time_runs_out result_of_a_finished_future
    result_of_a_failed_future result_comes_from_another_thread exception_comes_from_another_thread
    cancel_wakes_who_waits shown
}

fn states_of_a_future(log: &Log) {
    let future = Future::new();
    log.line(state(&future));
    let runs = future.set_running_or_notify_cancel().unwrap();
    say!(log, "{} {}", python(runs), state(&future));
    future.set_result(int(5)).unwrap();
    log.line(state(&future));
}

fn cancel_before_the_start(log: &Log) {
    let future = Future::new();
    for _ in 0..2 {
        let is_cancelled = future.cancel();
        say!(log, "{} {}", python(is_cancelled), state(&future));
    }
    log.line(outcome(future.result(None)));
    log.line(outcome(future.exception(None).map(|_| Value::None)));
}

fn cancel_while_it_runs(log: &Log) {
    let future = Future::new();
    future.set_running_or_notify_cancel().unwrap();
    say!(log, "{} {}", python(future.cancel()), state(&future));
}

fn cancel_after_the_end(log: &Log) {
    for future in [finished(int(1)), failed()] {
        say!(log, "{} {}", python(future.cancel()), state(&future));
    }
}

fn cancel_is_notified_once(log: &Log) {
    let future = Future::new();
    future.cancel();
    let runs = future.set_running_or_notify_cancel().unwrap();
    say!(log, "{} {}", python(runs), state(&future));
    say!(log, "{} {}", python(future.cancel()), state(&future));
    log.line(returned(future.set_running_or_notify_cancel()));
}

fn start_twice(log: &Log) {
    let future = Future::new();
    future.set_running_or_notify_cancel().unwrap();
    log.line(returned(future.set_running_or_notify_cancel()));
    log.line(returned(finished(Value::None).set_running_or_notify_cancel()));
}

fn result_twice(log: &Log) {
    let future = finished(int(42));
    log.line(done(future.set_result(int(43))));
    log.line(done(future.set_exception(division())));
    log.line(done(failed().set_result(int(42))));
    log.line(outcome(future.result(None)));
}

fn result_after_a_cancel(log: &Log) {
    log.line(done(cancelled(false).set_result(int(1))));
    log.line(done(cancelled(true).set_exception(division())));
}

fn time_runs_out(log: &Log) {
    let future = Future::new();
    log.line(outcome(future.result(NOW)));
    log.line(outcome(future.exception(NOW).map(|_| Value::None)));
    future.set_running_or_notify_cancel().unwrap();
    log.line(outcome(future.result(NOW)));
    log.line(state(&future));
}

fn result_of_a_finished_future(log: &Log) {
    let future = finished(int(42));
    log.line(outcome(future.result(None)));
    log.line(outcome(future.result(NOW)));
    assert_eq!(future.exception(None).unwrap(), None);
    log.line("returned None".to_owned());
}

fn result_of_a_failed_future(log: &Log) {
    let future = failed();
    log.line(outcome(future.result(None)));
    log.line(outcome(future.result(NOW)));
    say!(log, "{}", future.exception(None).unwrap().unwrap());
}

/// Waits for a future that another thread ends.
fn ended_elsewhere(end: impl FnOnce(&Future) + Send + 'static, wait: impl FnOnce(&Future)) {
    let future = Future::new();
    let same = future.clone();
    let other = thread::spawn(move || end(&same));
    wait(&future);
    other.join().unwrap();
}

fn result_comes_from_another_thread(log: &Log) {
    let end = |future: &Future| future.set_result(int(42)).unwrap();
    ended_elsewhere(end, |future| log.line(outcome(future.result(None))));
}

fn exception_comes_from_another_thread(log: &Log) {
    let end = |future: &Future| future.set_exception(division()).unwrap();
    ended_elsewhere(end, |future| say!(log, "{}", future.exception(None).unwrap().unwrap()));
}

fn cancel_wakes_who_waits(log: &Log) {
    let end = |future: &Future| assert!(future.cancel());
    ended_elsewhere(end, |future| log.line(outcome(future.result(None))));
}

fn shown(log: &Log) {
    let future = Future::new();
    say!(log, "{future:?}");
    future.set_running_or_notify_cancel().unwrap();
    say!(log, "{future:?}");
    let half = Block::new(&[], vec![0.5]).into();
    let others = [cancelled(false), cancelled(true), finished(Value::None), finished(int(1)), finished(half)];
    for future in others.into_iter().chain([failed()]) {
        say!(log, "{future:?}");
    }
}
