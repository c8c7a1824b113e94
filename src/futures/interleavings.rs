//! Every interleaving of small cases: `make test-loom`. loom fails a case in which all threads wait, so a wake-up that is
//! lost is found.

use loom::thread;

use super::{
    Call, Executor, Future, MapOptions, Options, Outcome,
    ReturnWhen::{self, *},
    as_completed, wait,
};
use crate::{Op, Value, interpreter::Policy};

fn set(future: &Future) -> thread::JoinHandle<()> {
    let future = future.clone();
    thread::spawn(move || future.set_result(Value::None).unwrap())
}

fn pool(max_workers: usize) -> Executor {
    let spawn = |job: Box<dyn FnOnce() + Send>| {
        thread::spawn(job);
    };
    Executor::threads(Options::workers(max_workers), Policy::NONE, spawn).unwrap()
}

/// Up to two preemptions, as there are too many interleavings otherwise.
fn bounded(case: impl Fn() + Send + Sync + 'static) {
    let mut cases = loom::model::Builder::new();
    cases.preemption_bound = Some(2);
    cases.check(case);
}

#[test]
fn a_result_wakes_who_waits() {
    loom::model(|| {
        let future = Future::new();
        let other = set(&future);
        assert_eq!(future.result(None), Ok(Value::None));
        other.join().unwrap();
    });
}

#[test]
fn a_call_is_either_cancelled_or_runs() {
    loom::model(|| {
        let future = Future::new();
        let same = future.clone();
        let worker = thread::spawn(move || {
            let runs = same.set_running_or_notify_cancel().unwrap();
            if runs {
                same.set_result(Value::None).unwrap();
            }
            runs
        });
        let is_cancelled = future.cancel();
        let outcome: Outcome<Value> = future.result(None);
        assert_eq!(outcome.is_err(), is_cancelled);
        assert_ne!(worker.join().unwrap(), is_cancelled);
    });
}

#[test]
fn a_callback_is_called_once() {
    loom::model(|| {
        let future = Future::new();
        let other = set(&future);
        let called = std::sync::Arc::new(loom::sync::atomic::AtomicUsize::new(0));
        let count = called.clone();
        future.add_done_callback(move |_| {
            count.fetch_add(1, loom::sync::atomic::Ordering::Relaxed);
        });
        other.join().unwrap();
        assert_eq!(called.load(loom::sync::atomic::Ordering::Relaxed), 1);
    });
}

#[test]
fn wait_misses_no_end() {
    fn ends(return_when: ReturnWhen) -> usize {
        let futures = [Future::new(), Future::new()];
        let others = futures.each_ref().map(set);
        let done = wait(&futures, None, return_when).done.len();
        others.into_iter().for_each(|other| other.join().unwrap());
        done
    }
    bounded(|| assert_eq!(ends(AllCompleted), 2));
    bounded(|| assert!(ends(FirstCompleted) >= 1));
}

#[test]
fn as_completed_misses_no_end() {
    bounded(|| {
        let futures = [Future::new(), Future::new()];
        let others = futures.each_ref().map(set);
        assert_eq!(as_completed(&futures, None).filter(Result::is_ok).count(), 2);
        others.into_iter().for_each(|other| other.join().unwrap());
    });
}

#[test]
fn a_pool_runs_all_and_ends() {
    bounded(|| {
        let executor = pool(1);
        let futures = [0; 2].map(|_| executor.submit(Op::NoOp).unwrap());
        executor.shutdown(true, false);
        assert!(futures.iter().all(Future::done));
    });
}

#[test]
fn a_shutdown_cancels_or_lets_run() {
    bounded(|| {
        let executor = pool(1);
        let futures = [0; 2].map(|_| executor.submit(Op::NoOp).unwrap());
        executor.shutdown(true, true);
        assert_eq!(wait(&futures, None, AllCompleted).done.len(), 2);
    });
}

#[test]
fn results_of_a_map_come_from_two_workers() {
    bounded(|| {
        let executor = pool(2);
        let calls = [Call::from(Op::NoOp), Call::from(Op::NoOp)];
        assert_eq!(executor.map(calls, MapOptions::default()).unwrap().filter(Result::is_ok).count(), 2);
        executor.shutdown(true, false);
    });
}
