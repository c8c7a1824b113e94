//! What is called when a future is done.

use std::thread;

use dagdeck::futures::Future;

use crate::stage::*;

scenarios! {
    callbacks_in_order callbacks_of_a_failure callback_raises callback_of_a_cancel callback_of_what_is_done
    callback_raises_at_once callback_in_a_callback callbacks_run_where_it_ends
}

/// Calls back with a copy of the log.
fn add(future: &Future, log: &Log, callback: impl FnOnce(&Log, &Future) + Send + 'static) {
    let log = log.clone();
    future.add_done_callback(move |future| callback(&log, future));
}

fn callbacks_in_order(log: &Log) {
    let future = Future::new();
    for name in ["a", "b", "c"] {
        add(&future, log, move |log, future| {
            say!(log, "{name} {} {}", state(future), outcome(future.result(None)));
        });
    }
    say!(log, "result");
    future.set_result(int(5)).unwrap();
    say!(log, "after");
}

fn callbacks_of_a_failure(log: &Log) {
    let future = Future::new();
    add(&future, log, |log, future| say!(log, "{}", future.exception(None).unwrap().unwrap()));
    future.set_exception(division()).unwrap();
}

fn fails(log: &Log, _: &Future) {
    say!(log, "raises");
    // Without the message of the hook in the output of the test.
    std::panic::resume_unwind(Box::new("a callback"));
}

fn callback_raises(log: &Log) {
    let future = Future::new();
    add(&future, log, |log, _| say!(log, "before"));
    add(&future, log, fails);
    add(&future, log, |log, _| say!(log, "after"));
    future.set_result(int(5)).unwrap();
    log.line(state(&future));
}

fn callback_of_a_cancel(log: &Log) {
    let future = Future::new();
    add(&future, log, |log, future| say!(log, "called {}", state(future)));
    for _ in 0..2 {
        let is_cancelled = future.cancel();
        say!(log, "{}", python(is_cancelled));
    }
    say!(log, "{}", python(future.set_running_or_notify_cancel().unwrap()));
}

fn callback_of_what_is_done(log: &Log) {
    for future in [finished(int(1)), failed(), cancelled(false), cancelled(true)] {
        add(&future, log, |log, future| say!(log, "called {}", state(future)));
        say!(log, "added");
    }
}

fn callback_raises_at_once(log: &Log) {
    add(&finished(int(1)), log, fails);
    say!(log, "returned None");
}

fn callback_in_a_callback(log: &Log) {
    let future = Future::new();
    add(&future, log, |log, future| {
        say!(log, "outer");
        add(future, log, |log, _| say!(log, "inner"));
        say!(log, "end of outer");
    });
    add(&future, log, |log, _| say!(log, "second"));
    future.set_result(int(1)).unwrap();
}

fn callbacks_run_where_it_ends(log: &Log) {
    let gate = Gate::default();
    let here = thread::current().id();
    let place = move |log: &Log, _: &Future| {
        say!(log, "{}", if thread::current().id() == here { "here" } else { "elsewhere" });
    };
    let executor = threads(1);
    let future = executor.submit(gate.call()).unwrap();
    add(&future, log, place);
    gate.set();
    leave(&executor);
    add(&future, log, place);
}
