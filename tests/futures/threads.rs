//! Executors whose workers are threads.

use std::sync::{
    Arc, Barrier, Mutex,
    atomic::{AtomicU32, Ordering::*},
};

use dagdeck::{
    Value,
    futures::{MapOptions, Options, Outcome, without_lock},
};

use crate::stage::*;

scenarios! {
    calls_return_or_raise no_workers refused_after_a_shutdown calls_start_in_their_order shutdown_runs_what_is_there
    leaving_waits shutdown_cancels cancelled_calls_do_not_run workers_start_when_needed initializer_of_every_worker
    initializer_fails call_submits_another full_pool_cannot_run_what_it_waits_for callback_submits
}

/// A call that logs its number.
fn call(log: &Log, number: usize) -> impl FnOnce() -> Outcome<Value> + Send + 'static {
    let log = log.clone();
    move || {
        say!(log, "call {number}");
        Ok(Value::None)
    }
}

/// A call that opens one gate and waits for another.
fn meet(started: &Gate, gate: &Gate) -> impl FnOnce() -> Outcome<Value> + Send + 'static {
    let (started, wait) = (started.clone(), gate.call());
    move || {
        started.set();
        wait()
    }
}

fn three() -> Outcome<Value> {
    Ok(int(3))
}

fn calls_return_or_raise(log: &Log) {
    let executor = threads(2);
    log.line(outcome(executor.submit(|| Ok(int(256))).unwrap().result(None)));
    let future = executor.submit(divide).unwrap();
    log.line(outcome(future.result(None)));
    say!(log, "{}", future.exception(None).unwrap().unwrap());
    log.line(outcome(executor.submit(|| Ok(Value::None)).unwrap().result(None)));
    leave(&executor);
}

fn no_workers(log: &Log) {
    let executor = threads_with(Options::workers(0));
    log.line(returned(executor.map(|_| "")));
}

fn refused_after_a_shutdown(log: &Log) {
    let executor = threads(1);
    leave(&executor);
    log.line(returned(executor.submit(three).map(|_| "")));
    log.line(returned(executor.map([three], MapOptions::default()).map(|_| "")));
    leave(&executor);
    say!(log, "twice");
}

fn calls_start_in_their_order(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(1));
    executor.submit(gate.call()).unwrap();
    for number in 0..5 {
        executor.submit(call(log, number)).unwrap();
    }
    gate.set();
    leave(&executor);
}

fn shutdown_runs_what_is_there(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(1));
    let futures =
        [executor.submit(gate.call()), executor.submit(three), executor.submit(divide)].map(Result::unwrap);
    executor.shutdown(false, false);
    log.line(returned(executor.submit(three).map(|_| "")));
    gate.set();
    leave(&executor);
    log.line(each(&futures, state));
}

fn leaving_waits(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(2));
    let futures = [0; 3].map(|_| executor.submit(gate.call()).unwrap());
    gate.set();
    leave(&executor);
    log.line(each(&futures, state));
}

fn shutdown_cancels(log: &Log) {
    let (started, gate, executor) = (Gate::default(), Gate::default(), threads(1));
    let mut futures = vec![executor.submit(meet(&started, &gate)).unwrap()];
    started.wait();
    for number in 0..3 {
        let future = executor.submit(call(log, number)).unwrap();
        let log = log.clone();
        future.add_done_callback(move |_| say!(log, "cancelled {number}"));
        futures.push(future);
    }
    executor.shutdown(false, true);
    log.line(each(&futures, state));
    gate.set();
    leave(&executor);
    log.line(each(&futures, |future| outcome(future.result(None))));
}

fn cancelled_calls_do_not_run(log: &Log) {
    let (started, gate, executor) = (Gate::default(), Gate::default(), threads(1));
    let first = executor.submit(meet(&started, &gate)).unwrap();
    started.wait();
    let futures = [0, 1, 2, 3].map(|number| executor.submit(call(log, number)).unwrap());
    log.line(each([&first, &futures[1], &futures[2]], |future| python(future.cancel()).to_owned()));
    gate.set();
    leave(&executor);
    log.line(each(&futures, state));
}

fn workers_start_when_needed(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(3));
    let started = Arc::new(Barrier::new(4));
    say!(log, "{}", executor.workers());
    for place in 0..6 {
        let (wait, started) = (gate.call(), started.clone());
        let call = move || {
            if place < 3 {
                without_lock(|| started.wait());
            }
            wait()
        };
        executor.submit(call).unwrap();
        say!(log, "{}", executor.workers());
    }
    started.wait();
    gate.set();
    leave(&executor);
}

fn initializer_of_every_worker(log: &Log) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = count.clone();
    let initializer = move || {
        counted.fetch_add(1, Relaxed);
        Ok(())
    };
    let options = Options { initializer: Some(Arc::new(initializer)), ..Options::workers(3) };
    let executor = threads_with(options).unwrap();
    let barrier = Arc::new(Barrier::new(3));
    for _ in 0..3 {
        let barrier = barrier.clone();
        let call = move || {
            without_lock(|| barrier.wait());
            Ok(Value::None)
        };
        executor.submit(call).unwrap();
    }
    leave(&executor);
    say!(log, "{}", count.load(Relaxed));
}

fn initializer_fails(log: &Log) {
    let options = Options { initializer: Some(Arc::new(|| Err(division()))), ..Options::workers(1) };
    let executor = threads_with(options).unwrap();
    log.line(outcome(executor.submit(three).unwrap().result(None)));
    log.line(returned(executor.submit(three).map(|_| "")));
    leave(&executor);
}

fn call_submits_another(log: &Log) {
    let executor = threads(2);
    let inner = executor.clone();
    let outer = executor.submit(move || inner.submit(three)?.result(None)).unwrap();
    log.line(outcome(outer.result(None)));
    leave(&executor);
}

fn full_pool_cannot_run_what_it_waits_for(log: &Log) {
    let executor = threads(1);
    let inner = Arc::new(Mutex::new(None));
    let (submits, shared) = (executor.clone(), inner.clone());
    let outer = move || {
        let future = submits.submit(three)?;
        *shared.lock().unwrap() = Some(future.clone());
        future.result(NOW)
    };
    log.line(outcome(executor.submit(outer).unwrap().result(None)));
    let inner = inner.lock().unwrap().take().unwrap();
    log.line(outcome(inner.result(None)));
    leave(&executor);
}

fn callback_submits(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(1));
    let more = Arc::new(Mutex::new(None));
    let (submits, shared) = (executor.clone(), more.clone());
    let future = executor.submit(gate.call()).unwrap();
    future.add_done_callback(move |_| *shared.lock().unwrap() = Some(submits.submit(three).unwrap()));
    gate.set();
    future.result(None).unwrap();
    executor.submit(three).unwrap().result(None).unwrap();
    let more = more.lock().unwrap().take().unwrap();
    log.line(outcome(more.result(None)));
    leave(&executor);
}
