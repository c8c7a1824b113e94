//! What CPython does not have: priorities, the trace, `stop`; and what its transcripts do not show: the lock.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use dagdeck::{
    Op, Value,
    futures::{
        Executor, Future, Local, MapOptions, Options, Outcome, ReturnWhen, as_completed, check, sleep, wait,
        without_lock,
    },
    interpreter::Policy,
    trace::{Action, Event},
};

use crate::stage::*;

const POLICIES: [Policy; 5] =
    [Policy::TICKS, Policy::INTERVAL, Policy::Interval { ns: 1000 }, Policy::PerInterpreter, Policy::NONE];

fn traced(max_workers: usize, policy: Policy) -> Executor {
    Executor::threads(Options { trace: true, ..Options::workers(max_workers) }, policy, spawn).unwrap()
}

/// A call that computes for a while.
fn compute(ticks: u64) -> impl FnOnce() -> Outcome<Value> + Send + 'static {
    move || {
        for tick in 0..ticks {
            std::hint::black_box(tick);
            check()?;
        }
        Ok(int(ticks as i64))
    }
}

fn events(executor: &Executor) -> Vec<Vec<Event>> {
    executor.trace().columns().iter().map(|column| column.events().collect()).collect()
}

/// Returns whether a lock was held, and fails if two threads held it at a time.
fn one_holds_the_lock(columns: &[Vec<Event>]) -> bool {
    let holds = columns.iter().flatten().filter(|event| event.action == Action::Hold);
    let mut holds: Vec<(f64, f64)> = holds.map(|event| (event.start_ms, event.stop_ms)).collect();
    holds.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    assert!(holds.windows(2).all(|pair| pair[0].1 <= pair[1].0), "two hold the lock");
    !holds.is_empty()
}

/// The tasks with a mark on a lane.
fn marked(executor: &Executor, lane: usize, action: Action) -> Vec<u32> {
    let events = events(executor)[lane].clone().into_iter();
    events.filter(|event| event.action == action).map(|event| event.task.unwrap()).collect()
}

#[test]
fn higher_priorities_start_first_and_equal_ones_in_their_order() {
    let (gate, started, executor) = (Gate::default(), Gate::default(), threads(1));
    let (wait, reached) = (gate.call(), started.clone());
    executor
        .submit(move || {
            reached.set();
            wait()
        })
        .unwrap();
    started.wait();
    let order = Arc::new(Mutex::new(Vec::new()));
    for (number, priority) in [0, 5, -1, 5, 0, 9].into_iter().enumerate() {
        let order = order.clone();
        let call = move || {
            order.lock().unwrap().push(number);
            Ok(Value::None)
        };
        executor.submit_with_priority(priority, call).unwrap();
    }
    gate.set();
    leave(&executor);
    assert_eq!(*order.lock().unwrap(), [5, 1, 3, 0, 4, 2]);
}

#[test]
fn what_is_added_to_as_completed_comes_too() {
    let executor = threads(2);
    let submit = |number: i64| executor.submit(move || Ok(int(number))).unwrap();
    let number =
        |future: &Future| future.result(None).unwrap().as_array().unwrap().item().unwrap().as_f64() as i64;
    let mut futures: Vec<Future> = (1..=100).map(submit).collect();
    let mut completed = as_completed(&futures, None);
    futures.clear();
    let mut last = 0;
    while let Some(one) = completed.next() {
        last = number(&one.unwrap());
        if let Some(other) = completed.next() {
            completed.add(&submit(last + number(&other.unwrap())));
        }
    }
    assert_eq!(last, 5050);
    leave(&executor);
}

#[test]
fn one_thread_at_a_time_holds_a_lock_and_every_future_is_in_the_trace() {
    for policy in POLICIES {
        let executor = traced(3, policy);
        let futures = executor.run_main(|| {
            let mut futures: Vec<Future> =
                (0..6).map(|_| executor.submit(compute(20_000)).unwrap()).collect();
            let sleeps = || sleep(Duration::from_micros(100)).and_then(|()| compute(100)());
            futures.push(executor.submit(sleeps).unwrap());
            futures.push(executor.submit(|| Ok(int(without_lock(|| 1)))).unwrap());
            futures.push(executor.submit(divide).unwrap());
            wait(&futures, None, ReturnWhen::AllCompleted);
            leave(&executor);
            futures
        });
        let columns = events(&executor);
        let mut ends: HashMap<u32, Action> = HashMap::new();
        for (lane, events) in columns.iter().enumerate() {
            assert!(events.windows(2).all(|pair| pair[0].stop_ms == pair[1].start_ms));
            for event in events {
                match event.action {
                    Action::Compute | Action::Erred => {
                        assert!(ends.insert(event.task.unwrap(), event.action).is_none());
                        assert!(lane > 0, "the main thread runs no calls");
                    }
                    Action::Submit => assert_eq!(lane, 0),
                    _ => {}
                }
            }
        }
        assert_eq!(ends.len(), futures.len(), "{policy:?}");
        for future in &futures {
            let raised = future.exception(None).unwrap().is_some();
            let action = if raised { Action::Erred } else { Action::Compute };
            assert_eq!(ends[&future.task().unwrap()], action);
        }
        let submitted = columns[0].iter().filter(|event| event.action == Action::Submit);
        let tasks: Vec<u32> = submitted.map(|event| event.task.unwrap()).collect();
        assert_eq!(tasks, (0..futures.len() as u32).collect::<Vec<_>>());
        if policy.is_shared() {
            assert!(one_holds_the_lock(&columns));
        }
        let did = |action| columns.iter().flatten().any(|event: &Event| event.action == action);
        assert_eq!(did(Action::Hold), policy != Policy::NONE);
        assert!(did(Action::Blocked), "{policy:?}");
    }
}

/// With the lock held, the call that is waited for could never run.
#[test]
fn a_call_that_waits_releases_the_lock() {
    for policy in POLICIES {
        let executor = traced(4, policy);
        let value = executor.run_main(|| tree(&executor, 3).result(None));
        assert_eq!(value, Ok(int(8)), "{policy:?}");
        leave(&executor);
    }
    /// The number of leaves of a tree, each of whose nodes waits for others in its own way.
    fn tree(executor: &Executor, depth: i64) -> Future {
        // Enough workers for all that wait, so that the pool does not deadlock.
        let inner = traced(2, Policy::INTERVAL);
        let outer = executor.clone();
        let call = move || {
            if depth == 0 {
                return Ok(int(1));
            }
            let futures = [tree(&inner, depth - 1), tree(&inner, depth - 1)];
            match depth {
                1 => drop(wait(&futures, None, ReturnWhen::AllCompleted)),
                2 => assert_eq!(as_completed(&futures, None).count(), 2),
                _ => {}
            }
            let sum = futures.iter().map(|future| {
                future.result(None).unwrap().as_array().unwrap().item().unwrap().as_f64() as i64
            });
            Ok(int(sum.sum()))
        };
        outer.submit(call).unwrap()
    }
}

#[test]
fn a_cancel_is_marked_where_it_was_made() {
    let (gate, started) = (Gate::default(), Gate::default());
    let executor = traced(1, Policy::INTERVAL);
    executor.run_main(|| {
        let (wait, reached) = (gate.call(), started.clone());
        let blocked = move || without_lock(|| (reached.set(), wait()).1);
        executor.submit(blocked).unwrap();
        without_lock(|| started.wait());
        let second = executor.submit(compute(1)).unwrap();
        assert!(second.cancel());
        gate.set();
        leave(&executor);
    });
    let marks = |lane: usize| marked(&executor, lane, Action::Cancel);
    assert_eq!((marks(0), marks(1)), (vec![1], vec![]));
}

#[test]
fn what_a_thread_from_outside_does_is_marked_on_the_main_lane() {
    let gate = Gate::default();
    let executor = traced(1, Policy::INTERVAL);
    let outside = |what: &(dyn Fn() + Sync)| {
        without_lock(|| std::thread::scope(|scope| scope.spawn(what).join().unwrap()));
    };
    executor.run_main(|| {
        executor.submit(gate.call()).unwrap();
        let second = executor.submit(compute(1)).unwrap();
        outside(&|| assert!(second.cancel()));
        outside(&|| drop(executor.submit(compute(1)).unwrap()));
        gate.set();
        leave(&executor);
    });
    assert_eq!(marked(&executor, 0, Action::Cancel), [1]);
    assert_eq!(marked(&executor, 0, Action::Submit), [0, 1, 2]);
}

/// Otherwise it would go on without the lock.
#[test]
fn a_call_has_the_lock_after_a_panic_in_native_code() {
    let executor = traced(3, Policy::INTERVAL);
    let call = || {
        let native = || {
            std::thread::sleep(Duration::from_millis(1));
            std::panic::resume_unwind(Box::new("no more"))
        };
        assert!(std::panic::catch_unwind(|| without_lock(native)).is_err());
        compute(20_000)()
    };
    let futures: Vec<Future> = (0..6).map(|_| executor.submit(call).unwrap()).collect();
    assert!(futures.iter().all(|future| future.result(None).is_ok()));
    leave(&executor);
    let columns = events(&executor);
    assert!(one_holds_the_lock(&columns));
    let native = columns.iter().flatten().filter(|event| event.action == Action::Native);
    assert_eq!(native.count(), futures.len());
}

#[test]
fn after_a_panic_of_the_main_thread_its_lane_is_free() {
    let executor = traced(1, Policy::INTERVAL);
    let panics = || executor.run_main(|| std::panic::resume_unwind(Box::new("no more")));
    let panicked: Result<(), _> = std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics));
    assert!(panicked.is_err());
    executor.run_main(|| drop(executor.submit(compute(1)).unwrap()));
    leave(&executor);
    let did = |action| events(&executor)[0].iter().any(|event| event.action == action);
    assert!(did(Action::Submit) && did(Action::Hold));
}

#[test]
fn a_worker_goes_on_whoever_ends_its_future() {
    let (gate, started, executor) = (Gate::default(), Gate::default(), threads(1));
    let (open, reached) = (gate.clone(), started.clone());
    let running = executor
        .submit(move || {
            reached.set();
            open.wait();
            Ok(int(1))
        })
        .unwrap();
    let pending = executor.submit(|| Ok(int(1))).unwrap();
    started.wait();
    running.set_result(int(2)).unwrap();
    pending.set_result(int(2)).unwrap();
    gate.set();
    assert_eq!(executor.submit(|| Ok(int(3))).unwrap().result(None), Ok(int(3)));
    leave(&executor);
    assert_eq!([running, pending].map(|future| future.result(None)), [Ok(int(2)), Ok(int(2))]);
}

#[test]
fn a_stop_ends_calls_whatever_they_do() {
    for policy in POLICIES {
        let executor = traced(2, policy);
        let started = Gate::default();
        let reached = started.clone();
        let futures: [Future; 3] = executor.run_main(|| {
            let minutes = Duration::from_secs(600);
            let sleeps = executor.submit(move || sleep(minutes).map(|()| Value::None)).unwrap();
            let computes = executor
                .submit(move || {
                    reached.set();
                    compute(u64::MAX)()
                })
                .unwrap();
            [sleeps, computes, executor.submit(compute(1)).unwrap()]
        });
        started.wait();
        executor.stop();
        executor.shutdown(true, false);
        let raised = |place: usize| futures[place].result(None).unwrap_err().to_string();
        assert_eq!([raised(0), raised(1)], ["KeyboardInterrupt", "KeyboardInterrupt"], "{policy:?}");
        assert_eq!(raised(2), "CancelledError");
    }
}

#[test]
fn a_call_that_panics_raises() {
    let executor = threads(1);
    let future = executor.submit(|| std::panic::resume_unwind(Box::new("no more"))).unwrap();
    assert_eq!(future.result(None).unwrap_err().to_string(), "PanicException: no more");
    assert_eq!(executor.submit(Op::NoOp).unwrap().result(None), Ok(Value::None));
    leave(&executor);
}

#[test]
fn operations_are_checked_where_they_run() {
    let executor = threads(1);
    let future = executor.submit(Op::Alias).unwrap();
    assert_eq!(future.result(None).unwrap_err().to_string(), "Exception: alias takes 1 input, not 0");
    leave(&executor);
}

#[test]
fn an_executor_that_is_dropped_finishes_what_it_has() {
    let (gate, executor) = (Gate::default(), threads(1));
    executor.submit(gate.call()).unwrap();
    let last = executor.submit(|| Ok(int(7))).unwrap();
    drop(executor);
    gate.set();
    assert_eq!(last.result(None), Ok(int(7)));
}

#[test]
fn processes_write_a_trace_too() {
    let options = Options { trace: true, ..Options::workers(2) };
    let executor = Executor::processes(options, Local::new(spawn)).unwrap();
    let results = executor.map([Op::NoOp, Op::NoOp, Op::NoOp], MapOptions::default()).unwrap();
    assert_eq!(results.count(), 3);
    leave(&executor);
    let columns = events(&executor);
    assert_eq!(columns.len(), 3);
    let of = |action| {
        let mut tasks: Vec<u32> = (columns.iter().flatten())
            .filter(|event| event.action == action)
            .map(|event| event.task.unwrap())
            .collect();
        tasks.sort_unstable();
        tasks
    };
    assert_eq!((of(Action::Submit), of(Action::Compute)), (vec![0, 1, 2], vec![0, 1, 2]));
}

#[test]
fn values_of_processes_arrive_as_they_left() {
    let executor = Executor::processes(Options::workers(1), Local::new(spawn)).unwrap();
    let block: Value = dagdeck::Block::new(&[2, 2], vec![1.5, -2.0, f64::INFINITY, 0.0]).into();
    let call = dagdeck::futures::Call::op(Op::Alias, [block.clone()]);
    assert_eq!(executor.submit(call).unwrap().result(None), Ok(block));
    leave(&executor);
}

#[test]
fn a_process_that_is_killed_is_a_broken_pool_wherever_it_was() {
    let local = Local::new(spawn);
    let executor = Executor::processes(Options::workers(2), local.clone()).unwrap();
    assert!(!local.kill(0), "no process was started yet");
    assert!(executor.submit(Op::NoOp).unwrap().result(None).is_ok());
    assert!(local.kill(0));
    let refused = executor.submit(Op::NoOp).unwrap_err();
    assert_eq!(refused.name(), "BrokenProcessPool");
    leave(&executor);
}
