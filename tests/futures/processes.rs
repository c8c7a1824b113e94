//! Executors whose workers are processes: on the host, threads that share nothing but messages.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering::*},
};

use dagdeck::{
    Op, Scalar,
    futures::{Executor, Local, MapOptions, Options, serve},
    operations::{Busy, Call, Function},
};

use crate::stage::*;

scenarios! {
    processes_return_or_raise processes_refuse_after_a_shutdown no_processes processes_map_in_chunks
    processes_lose_a_chunk_that_raises processes_do_not_take_what_cannot_be_sent processes_take_calls_ahead_of_time
    processes_shut_down_and_cancel process_that_dies_breaks_the_pool callback_hears_of_a_broken_pool
}

fn pool(max_workers: usize) -> Executor {
    Executor::processes(Options::workers(max_workers), Local::new(spawn)).unwrap()
}

fn add(x: impl Into<Scalar>, y: impl Into<Scalar>) -> Op {
    let args = [Some(x.into()), Some(y.into())].into();
    Op::Call(Box::new(Call { function: Function::Add, args }))
}

fn fail() -> Op {
    Op::Busy(Busy { steps: 1, failures: 1 })
}

/// A pool of one process, which waits at a gate before its first call, and dies at a call with this number.
struct Gated {
    executor: Executor,
    started: Gate,
    gate: Gate,
}

fn gated(dies_at: usize) -> Gated {
    let (started, gate) = (Gate::default(), Gate::default());
    let (reached, closed, calls) = (started.clone(), gate.clone(), AtomicUsize::new(0));
    let itself = Arc::new(OnceLock::<Local>::new());
    let process = itself.clone();
    let serve = move |message: &[u8]| {
        let call = calls.fetch_add(1, Relaxed);
        if call == 0 {
            reached.set();
            closed.wait();
        }
        if call == dies_at {
            process.get().unwrap().kill(0);
        }
        serve(message)
    };
    let local = Local::serving(serve, spawn);
    assert!(itself.set(local.clone()).is_ok());
    Gated { executor: Executor::processes(Options::workers(1), local).unwrap(), started, gate }
}

fn processes_return_or_raise(log: &Log) {
    let executor = pool(2);
    log.line(outcome(executor.submit(add(1, 2)).unwrap().result(None)));
    let future = executor.submit(fail()).unwrap();
    log.line(outcome(future.result(None)));
    say!(log, "{}", future.exception(None).unwrap().unwrap());
    log.line(outcome(executor.submit(add(3, 0.5)).unwrap().result(None)));
    leave(&executor);
}

fn processes_refuse_after_a_shutdown(log: &Log) {
    let executor = pool(1);
    leave(&executor);
    log.line(returned(executor.submit(add(1, 2)).map(|_| "")));
}

fn no_processes(log: &Log) {
    let executor = Executor::processes(Options::workers(0), Local::new(spawn));
    log.line(returned(executor.map(|_| "")));
}

fn processes_map_in_chunks(log: &Log) {
    let executor = pool(2);
    let map = |chunksize| {
        executor.map((0..7).map(|number| add(1, number)), MapOptions { chunksize, ..MapOptions::default() })
    };
    log.line(list(map(3).unwrap().map(Result::unwrap)));
    log.line(returned(map(0).map(|_| "")));
    leave(&executor);
}

fn processes_lose_a_chunk_that_raises(log: &Log) {
    let executor = pool(1);
    let calls = (0..6).map(|number| if number == 3 { fail() } else { add(1, number) });
    let options = MapOptions { chunksize: 2, ..MapOptions::default() };
    let mut results = executor.map(calls, options).unwrap();
    for _ in 0..4 {
        log.line(results.next().map_or("returned 'end'".to_owned(), outcome));
    }
    leave(&executor);
}

fn processes_do_not_take_what_cannot_be_sent(log: &Log) {
    let executor = pool(1);
    let future = executor.submit(|| Ok(int(1))).unwrap();
    say!(log, "{}", if future.exception(None).unwrap().is_some() { "raised" } else { "returned" });
    log.line(outcome(executor.submit(add(1, 2)).unwrap().result(None)));
    leave(&executor);
}

fn processes_take_calls_ahead_of_time(log: &Log) {
    let Gated { executor, started, gate } = gated(usize::MAX);
    let mut futures = vec![executor.submit(Op::NoOp).unwrap()];
    started.wait();
    futures.extend((0..5).map(|number| executor.submit(add(number, 0)).unwrap()));
    log.line(each(&futures, state));
    log.line(each(&futures, |future| python(future.cancel()).to_owned()));
    gate.set();
    leave(&executor);
    log.line(each(&futures, |future| outcome(future.result(None))));
}

fn processes_shut_down_and_cancel(log: &Log) {
    let Gated { executor, started, gate } = gated(usize::MAX);
    let mut futures = vec![executor.submit(Op::NoOp).unwrap()];
    started.wait();
    futures.extend((0..5).map(|number| executor.submit(add(number, 0)).unwrap()));
    executor.shutdown(false, true);
    gate.set();
    leave(&executor);
    log.line(each(&futures, |future| outcome(future.result(None))));
}

fn process_that_dies_breaks_the_pool(log: &Log) {
    let Gated { executor, started, gate } = gated(1);
    let first = executor.submit(Op::NoOp).unwrap();
    started.wait();
    let mut futures = vec![executor.submit(Op::NoOp).unwrap()];
    futures.extend((0..4).map(|number| executor.submit(add(number, 0)).unwrap()));
    gate.set();
    log.line(outcome(first.result(None)));
    for future in &futures {
        log.line(outcome(future.result(None)));
    }
    log.line(returned(executor.submit(add(1, 2)).map(|_| "")));
    leave(&executor);
}

fn callback_hears_of_a_broken_pool(log: &Log) {
    let Gated { executor, started, gate } = gated(1);
    executor.submit(Op::NoOp).unwrap();
    started.wait();
    let future = executor.submit(Op::NoOp).unwrap();
    let (heard, said) = (Gate::default(), log.clone());
    let called = heard.clone();
    future.add_done_callback(move |future| {
        say!(said, "{}", future.exception(None).unwrap().unwrap());
        called.set();
    });
    gate.set();
    heard.wait();
    log.line(state(&future));
    leave(&executor);
}
