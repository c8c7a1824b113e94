//! `threads`: several workers at once, on the pool. `README.md` beside this file describes the states of a seat.

use std::sync::Arc;

use super::{batch::Batch, options::Options, pool, seat::Seat, shared::Shared};
use crate::graph::Plan;

/// Starts a run to which batches can be added until it is closed.
pub(super) fn open(options: &Options) -> Arc<Shared> {
    let (run, seats) = seats(options);
    enqueue(seats);
    run
}

/// Starts a run of one batch.
pub(super) fn start(plan: Arc<Plan>, options: &Options) -> (Arc<Shared>, Arc<Batch>) {
    let (run, seats) = seats(options);
    let batch = only(&run, plan);
    enqueue(seats);
    (run, batch)
}

fn enqueue(seats: Vec<Seat>) {
    seats.into_iter().for_each(|seat| pool::enqueue(seat.into_job()));
}

/// Adds the only batch of a run.
fn only(run: &Arc<Shared>, plan: Arc<Plan>) -> Arc<Batch> {
    let batch = run.add(plan, Vec::new()).expect("a new run is open and has no tasks yet");
    run.close();
    batch
}

/// A run, and the seat of each of its workers.
fn seats(options: &Options) -> (Arc<Shared>, Vec<Seat>) {
    let (run, deques) = Shared::new(options);
    let run = Arc::new(run);
    let seat = |(worker, deque)| Seat::new(worker, run.clone(), deque);
    let seats = deques.into_iter().enumerate().map(seat).collect();
    (run, seats)
}

/// Seats that the test moves by hand, one after another on its own thread.
#[cfg(all(test, not(loom), not(target_arch = "wasm32")))]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{
        GraphBuilder, Key, Op,
        clock::now_ms,
        scheduler::{Policy, content::Content, source::Source},
        value::Value,
    };

    /// `tasks` tasks that depend on nothing.
    fn independent(tasks: u32) -> Arc<Plan> {
        let mut graph = GraphBuilder::new();
        for i in 0..tasks {
            let key = Key::block("t", &[i]);
            graph.task(key.clone(), Op::NoOp, []);
            graph.target(key);
        }
        Plan::new(&graph.build().unwrap()).into()
    }

    /// `tasks` tasks that depend on one root, whose id is 0.
    fn fork(tasks: u32) -> Arc<Plan> {
        let mut graph = GraphBuilder::new();
        graph.task("root".into(), Op::NoOp, []);
        for i in 0..tasks {
            let key = Key::block("t", &[i]);
            graph.task(key.clone(), Op::NoOp, ["root".into()]);
            graph.target(key);
        }
        Plan::new(&graph.build().unwrap()).into()
    }

    /// The seats of a run of one batch.
    fn seats(plan: Arc<Plan>, options: &Options) -> (Arc<Shared>, Arc<Batch>, Vec<Seat>) {
        let (run, seats) = super::seats(options);
        let batch = only(&run, plan);
        (run, batch, seats)
    }

    fn options(workers: usize, trace: bool) -> Options {
        Options { workers, trace, ..Options::default() }
    }

    /// Parks a seat that sees no ready task. It is a stand-in that does nothing when it gets a thread.
    fn park_someone(run: &Shared) {
        assert!(run.parking.park(Box::new(|| ()), || false).is_none());
        assert_eq!(run.parking.parked_count(), 1);
    }

    #[test]
    fn a_worker_that_takes_several_roots_wakes_a_parked_seat() {
        let (run, batch, mut seats) = seats(independent(100), &options(2, false));
        assert!(batch.roots_at_once > 1);
        park_someone(&run);
        seats[0].take_roots().unwrap();
        assert_eq!(run.parking.parked_count(), 0);
    }

    #[test]
    fn a_thief_wakes_a_parked_seat() {
        let (run, _, mut seats) = seats(independent(1000), &options(3, false));
        seats[0].take_roots().unwrap();
        park_someone(&run);
        seats[1].steal().unwrap();
        assert_eq!(run.parking.parked_count(), 0);
    }

    #[test]
    fn a_task_that_makes_several_ready_wakes_a_parked_seat() {
        for policy in [Policy::Ordered, Policy::Fifo] {
            let (run, batch, mut seats) = seats(fork(3), &Options { policy, ..options(2, false) });
            let root = run.queue().map_or_else(|| seats[0].take_roots(), |mut queue| queue.pop());
            park_someone(&run);
            let next = seats[0].finish(&batch, root.unwrap(), Content::Value(Value::None));
            assert_eq!(next, (policy == Policy::Ordered).then_some(1));
            assert_eq!(run.parking.parked_count(), 0);
        }
    }

    #[test]
    fn a_cancel_after_the_last_seat_has_left_changes_nothing() {
        let (run, batch, seats) = seats(independent(3), &options(1, false));
        seats.into_iter().for_each(Seat::work);
        // A cancel that had asked before whether the run is over.
        run.cancel(&batch);
        assert_eq!(batch.outcome().unwrap().len(), 3);
    }

    #[test]
    fn a_worker_that_comes_too_late_does_not_lengthen_the_run() {
        for trace in [false, true] {
            let (run, _, seats) = seats(independent(3), &options(2, trace));
            let [first, late] = <[Seat; 2]>::try_from(seats).ok().unwrap();
            first.work();
            let over_ms = now_ms();
            while now_ms() <= over_ms {}
            late.work();
            let at_ms = run.completion.ending().unwrap().at_ms;
            assert!((run.trace.started_ms()..=over_ms).contains(&at_ms), "{at_ms} > {over_ms}");
        }
    }

    #[test]
    fn a_batch_that_is_added_when_all_seats_are_parked_runs() {
        for policy in [Policy::Ordered, Policy::Fifo] {
            let (run, seats) = super::seats(&Options { policy, ..options(3, true) });
            seats.into_iter().for_each(Seat::work);
            assert_eq!(run.parking.parked_count(), 3);
            for _ in 0..2 {
                let batch = run.add(independent(100), Vec::new()).unwrap();
                batch.completion.wait();
                assert_eq!(batch.outcome().unwrap().len(), 100);
            }
            run.close();
            run.completion.wait();
            assert!(run.add(independent(1), Vec::new()).is_err(), "it is closed");
        }
    }

    #[test]
    fn a_batch_that_was_cancelled_before_it_began_is_complete_at_once() {
        for policy in [Policy::Ordered, Policy::Fifo] {
            let (run, seats) = super::seats(&Options { policy, ..options(1, false) });
            let plan = independent(5);
            let [kept, cancelled] = [0, 1].map(|_| run.add(plan.clone(), Vec::new()).unwrap());
            let source = Source { task: 2, batch: cancelled.clone(), target: 0 };
            let waiting = run.add(plan, vec![source]).unwrap();
            run.cancel(&cancelled);
            for batch in [&cancelled, &waiting] {
                assert!(batch.completion.ending().unwrap().result.unwrap_err().is_cancelled());
            }
            assert!(!kept.completion.is_complete());
            run.close();
            seats.into_iter().for_each(Seat::work);
            assert!(run.completion.is_complete());
            assert_eq!(kept.outcome().unwrap().len(), 5);
        }
    }

    #[test]
    fn a_batch_ends_with_its_last_task_though_another_goes_on() {
        let (run, seats) = super::seats(&options(1, false));
        let [first, second] = [0, 1].map(|_| run.add(independent(5), Vec::new()).unwrap());
        let complete = Arc::new(Mutex::new(Vec::new()));
        let (note, other) = (complete.clone(), second.clone());
        first.completion.then(Box::new(move || note.lock().unwrap().push(other.completion.is_complete())));
        run.close();
        seats.into_iter().for_each(Seat::work);
        assert_eq!(*complete.lock().unwrap(), [false]);
        assert!(second.completion.is_complete());
    }
}
