//! `wait`.

use dagdeck::{
    Value,
    futures::{
        Future,
        ReturnWhen::{self, *},
        wait,
    },
};

use crate::stage::*;

scenarios! {
    wait_for_all wait_does_not_wait_longer wait_for_the_first wait_for_the_first_exception
    neither_cancel_nor_result_is_an_exception wait_without_exceptions wait_for_a_cancel_that_nobody_has_seen
    wait_for_one_twice wait_for_nothing wait_for_the_first_of_a_pool wait_for_the_first_exception_of_a_pool
    wait_for_all_of_a_pool wait_for_two_pools
}

fn shown(log: &Log, known: &Known, return_when: ReturnWhen) {
    known.show(log, &wait(&known.0, None, return_when));
}

fn shown_now(log: &Log, known: &Known, return_when: ReturnWhen) {
    known.show(log, &wait(&known.0, NOW, return_when));
}

fn wait_for_all(log: &Log) {
    shown(log, &Known::new([finished(int(1)), failed(), cancelled(true)]), AllCompleted);
}

fn wait_does_not_wait_longer(log: &Log) {
    shown_now(log, &Known::new([finished(int(1)), Future::new(), failed()]), AllCompleted);
}

fn wait_for_the_first(log: &Log) {
    shown(log, &Known::new([Future::new(), finished(int(1)), Future::new()]), FirstCompleted);
    shown_now(log, &Known::new([Future::new(), Future::new()]), FirstCompleted);
}

fn wait_for_the_first_exception(log: &Log) {
    shown(log, &Known::new([Future::new(), failed(), finished(int(1))]), FirstException);
}

fn neither_cancel_nor_result_is_an_exception(log: &Log) {
    shown_now(log, &Known::new([Future::new(), cancelled(true), finished(int(1))]), FirstException);
}

fn wait_without_exceptions(log: &Log) {
    shown(log, &Known::new([finished(int(1)), cancelled(true)]), FirstException);
}

fn wait_for_a_cancel_that_nobody_has_seen(log: &Log) {
    let known = Known::new([cancelled(false)]);
    shown_now(log, &known, AllCompleted);
    known.0[0].set_running_or_notify_cancel().unwrap();
    shown(log, &known, AllCompleted);
}

fn wait_for_one_twice(log: &Log) {
    let known = Known::new([finished(int(1)), Future::new()]);
    let result = wait(known.0.iter().chain(&known.0), NOW, AllCompleted);
    known.show(log, &result);
    say!(log, "{} {}", result.done.len(), result.not_done.len());
}

fn wait_for_nothing(log: &Log) {
    for return_when in [AllCompleted, FirstCompleted, FirstException] {
        shown(log, &Known::new([]), return_when);
    }
}

fn wait_for_the_first_of_a_pool(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(2));
    let known = Known::new([executor.submit(gate.call()).unwrap(), executor.submit(|| Ok(int(1))).unwrap()]);
    shown(log, &known, FirstCompleted);
    gate.set();
    leave(&executor);
}

fn wait_for_the_first_exception_of_a_pool(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(3));
    let mut known =
        Known::new([executor.submit(gate.call()).unwrap(), executor.submit(|| Ok(int(1))).unwrap()]);
    wait(&known.0[1..], None, AllCompleted);
    known.0.push(executor.submit(divide).unwrap());
    shown(log, &known, FirstException);
    gate.set();
    leave(&executor);
}

fn wait_for_all_of_a_pool(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(1));
    let known = Known::new([
        executor.submit(gate.call()).unwrap(),
        executor.submit(divide).unwrap(),
        executor.submit(|| Ok(Value::None)).unwrap(),
    ]);
    say!(log, "{}", python(known.0[2].cancel()));
    gate.set();
    shown(log, &known, AllCompleted);
    leave(&executor);
}

fn wait_for_two_pools(log: &Log) {
    let (gate, one, other) = (Gate::default(), threads(1), threads(1));
    let known = Known::new([one.submit(gate.call()).unwrap(), other.submit(|| Ok(int(1))).unwrap()]);
    shown(log, &known, FirstCompleted);
    gate.set();
    shown(log, &known, AllCompleted);
    leave(&one);
    leave(&other);
}
