//! `threads`: several workers at once, on the pool. `README.md` beside this file describes the states of a seat.

use std::sync::Arc;

use super::{options::Options, pool, seat::Seat, shared::Shared};
use crate::graph::Plan;

/// Starts to run `plan`.
pub(super) fn start(plan: Arc<Plan>, options: &Options) -> Arc<Shared> {
    let (run, seats) = seats(plan, options);
    seats.into_iter().for_each(|seat| pool::enqueue(seat.into_job()));
    run
}

/// A run, and the seat of each of its workers.
fn seats(plan: Arc<Plan>, options: &Options) -> (Arc<Shared>, Vec<Seat>) {
    let (run, deques) = Shared::new(plan, options);
    let run = Arc::new(run);
    let seat = |(worker, deque)| Seat::new(worker, run.clone(), deque);
    let seats = deques.into_iter().enumerate().map(seat).collect();
    (run, seats)
}

/// Seats that the test moves by hand, one after another on its own thread.
#[cfg(all(test, not(loom), not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::{GraphBuilder, Key, Op, clock::now_ms};

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
        let (run, seats) = seats(independent(100), &options(2, false));
        assert!(run.roots_at_once > 1);
        park_someone(&run);
        seats[0].take_roots().unwrap();
        assert_eq!(run.parking.parked_count(), 0);
    }

    #[test]
    fn a_thief_wakes_a_parked_seat() {
        let (run, seats) = seats(independent(1000), &options(3, false));
        seats[0].take_roots().unwrap();
        park_someone(&run);
        seats[1].steal().unwrap();
        assert_eq!(run.parking.parked_count(), 0);
    }

    #[test]
    fn a_cancel_after_the_last_seat_has_left_changes_nothing() {
        let (run, seats) = seats(independent(3), &options(1, false));
        seats.into_iter().for_each(Seat::work);
        // A cancel that had asked before whether the run is over.
        run.stop();
        assert_eq!(run.outcome().unwrap().len(), 3);
    }

    #[test]
    fn a_worker_that_comes_too_late_does_not_lengthen_the_run() {
        for trace in [false, true] {
            let (run, seats) = seats(independent(3), &options(2, trace));
            let [first, late] = <[Seat; 2]>::try_from(seats).ok().unwrap();
            first.work();
            let over_ms = now_ms();
            while now_ms() <= over_ms {}
            late.work();
            let at_ms = run.completion.ending().unwrap().at_ms;
            assert!((run.trace.started_ms()..=over_ms).contains(&at_ms), "{at_ms} > {over_ms}");
        }
    }
}
