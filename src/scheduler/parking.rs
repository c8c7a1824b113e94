//! Which seats of a run are parked, how many are active, and when the run is over.
//!
//! A seat parks in three steps: it enters the list of parked seats, looks once more for ready tasks, and leaves. A worker
//! that makes tasks stealable first publishes them, and then looks at the list. Each of the two has a fence between its
//! two steps, so at least one of them sees what the other did, and unparks a seat. Otherwise a seat could stay parked
//! while tasks are ready.
//!
//! A seat that unparks another is active at that moment, so the run cannot end in between.

use super::atomics::{AtomicUsize, Mutex, MutexGuard, Ordering::*, fence};

/// The parked seats of one run, each as an `S`, and the number of active ones.
pub(super) struct Parking<S> {
    parked: Mutex<Vec<S>>,
    parked_count: AtomicUsize,
    /// The number of seats that are not parked. Only they make tasks ready, so the run is over when none is left.
    active: AtomicUsize,
}

impl<S> Parking<S> {
    /// Nobody is parked yet.
    pub(super) fn new(active: usize) -> Parking<S> {
        Parking {
            parked: Mutex::new(Vec::with_capacity(active)),
            parked_count: AtomicUsize::new(0),
            active: AtomicUsize::new(active),
        }
    }

    fn parked(&self) -> MutexGuard<'_, Vec<S>> {
        self.parked.lock().expect("nothing panics while it holds this lock")
    }

    /// Every active seat calls this after it has published tasks that others may take: tasks that it made ready, roots,
    /// or what is left of a batch that it stole. Returns a seat that needs a thread, if one was parked.
    #[inline]
    pub(super) fn seat_for_shared_tasks(&self) -> Option<S> {
        // Pairs with the fence in `park`: either this load sees the parked seat, or that seat sees the tasks.
        fence(SeqCst);
        if self.parked_count.load(Relaxed) == 0 { None } else { self.unpark() }
    }

    /// Parks an active seat that found nothing to run. It stays active until it [leaves](Parking::leave). Returns a seat
    /// that needs a thread, if tasks have become ready since that seat looked for one.
    pub(super) fn park(&self, seat: S, has_ready_tasks: impl FnOnce() -> bool) -> Option<S> {
        {
            let mut parked = self.parked();
            parked.push(seat);
            self.parked_count.store(parked.len(), Relaxed);
        }
        // Pairs with the fence in `seat_for_shared_tasks`.
        fence(SeqCst);
        if has_ready_tasks() { self.unpark() } else { None }
    }

    /// Makes one more active: somebody who brings tasks from outside. Only while another is active, so that the run cannot
    /// be over, and who calls this [leaves](Parking::leave) later.
    pub(super) fn join(&self) {
        self.active.fetch_add(1, Relaxed);
    }

    /// Only for active seats: otherwise the run could be over.
    #[cold]
    fn unpark(&self) -> Option<S> {
        let mut parked = self.parked();
        let seat = parked.pop()?;
        self.parked_count.store(parked.len(), Relaxed);
        self.active.fetch_add(1, Relaxed);
        Some(seat)
    }

    /// Notes that a seat is no longer active. If it was the last one, the run is over, and the parked seats are returned.
    pub(super) fn leave(&self) -> Option<Vec<S>> {
        (self.active.fetch_sub(1, AcqRel) == 1).then(|| std::mem::take(&mut *self.parked()))
    }

    /// The number of parked seats.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(super) fn parked_count(&self) -> usize {
        self.parked().len()
    }
}

/// Every interleaving of small cases: `make test-loom`. The deques are stand-ins that only count their tasks.
#[cfg(all(test, loom))]
mod interleavings {
    use loom::{sync::Arc, thread};

    use super::{super::atomics::AtomicU32, *};

    /// Two deques, and the seats of a run.
    struct Run {
        deques: [AtomicU32; 2],
        parking: Parking<usize>,
        ran: AtomicU32,
    }

    impl Run {
        fn new(ready: [u32; 2], active: usize) -> Arc<Run> {
            let deques = ready.map(AtomicU32::new);
            Arc::new(Run { deques, parking: Parking::new(active), ran: AtomicU32::new(0) })
        }

        fn has_ready_tasks(&self) -> bool {
            self.deques.iter().any(|deque| deque.load(Relaxed) > 0)
        }

        /// Takes `count` tasks out of a deque that has at least as many.
        fn take(&self, deque: usize, count: u32) -> bool {
            self.deques[deque].fetch_update(AcqRel, Relaxed, |ready| ready.checked_sub(count)).is_ok()
        }

        /// Puts tasks on a deque, where others may take them.
        fn share(&self, deque: usize, count: u32) -> Option<usize> {
            self.deques[deque].fetch_add(count, Release);
            self.parking.seat_for_shared_tasks()
        }

        /// What a seat does that has nothing to run: it looks for tasks, and parks if it sees none.
        fn look_and_park(&self, seat: usize) -> Option<usize> {
            if self.has_ready_tasks() {
                Some(seat)
            } else {
                self.parking.park(seat, || self.has_ready_tasks())
            }
        }
    }

    /// Seat 1 looks for a task while seat 0 goes through `share`: whatever comes first, seat 1 gets a thread.
    fn check_is_not_parked_beside_ready_tasks(ready: [u32; 2], share: fn(&Run) -> Option<usize>) {
        loom::model(move || {
            let run = Run::new(ready, 2);
            let other = run.clone();
            let parking = thread::spawn(move || other.look_and_park(1));
            let woken = [share(&run), parking.join().unwrap()];
            assert!(run.has_ready_tasks());
            assert!(woken.contains(&Some(1)), "a seat is parked beside ready tasks");
            assert_eq!(run.parking.parked_count(), 0);
        });
    }

    /// A worker makes a task ready beyond the one that it runs next.
    #[test]
    fn tasks_become_ready_while_a_seat_parks() {
        check_is_not_parked_beside_ready_tasks([0, 0], |run| run.share(0, 1));
    }

    /// The tasks of a stolen batch are on no deque for a moment, so a seat that parks may see none.
    #[test]
    fn a_batch_is_stolen_while_a_seat_parks() {
        check_is_not_parked_beside_ready_tasks([2, 0], |run| {
            assert!(run.take(0, 2));
            run.share(1, 1)
        });
    }

    /// Two seats run a task that makes two others ready, and park when there is nothing to run. Each thread then goes on
    /// with the seats that it woke. All tasks run, and the run ends once, when nobody has anything left to do.
    #[test]
    fn a_run_ends_once_and_with_every_task() {
        loom::model(|| {
            let run = Run::new([1, 0], 2);
            let work = |run: &Run, mut seat: usize| {
                let mut endings = 0;
                let mut woken = Vec::new();
                loop {
                    while (0..2).any(|deque| run.take(deque, 1)) {
                        if run.ran.fetch_add(1, Relaxed) == 0 {
                            woken.extend(run.share(seat, 1));
                            run.ran.fetch_add(1, Relaxed);
                        }
                    }
                    woken.extend(run.parking.park(seat, || run.has_ready_tasks()));
                    if let Some(parked) = run.parking.leave() {
                        endings += 1;
                        assert!(!run.has_ready_tasks() && run.ran.load(Relaxed) == 3);
                        assert_eq!(parked.len(), 2, "everybody is parked");
                    }
                    match woken.pop() {
                        Some(other) => seat = other,
                        None => return endings,
                    }
                }
            };
            let other = run.clone();
            let first = thread::spawn(move || work(&other, 0));
            let endings = work(&run, 1) + first.join().unwrap();
            assert_eq!((endings, run.ran.load(Relaxed)), (1, 3));
        });
    }

    /// Somebody adds a batch to an open run and closes it, while the only seat parks. The batch runs, and the run ends once.
    #[test]
    fn a_batch_is_added_while_a_seat_parks() {
        loom::model(|| {
            // The seat, and the run itself while it is open.
            let run = Run::new([0, 0], 2);
            let work = |run: &Run, mut seat: Option<usize>| {
                let mut endings = 0;
                while let Some(working) = seat {
                    while run.take(0, 1) {
                        run.ran.fetch_add(1, Relaxed);
                    }
                    seat = run.parking.park(working, || run.has_ready_tasks());
                    endings += u32::from(run.parking.leave().is_some());
                }
                endings
            };
            let other = run.clone();
            let seat = thread::spawn(move || work(&other, Some(0)));
            run.parking.join();
            let woken = run.share(0, 1);
            let added = u32::from(run.parking.leave().is_some());
            let closed = u32::from(run.parking.leave().is_some());
            let endings = added + closed + work(&run, woken) + seat.join().unwrap();
            assert_eq!((endings, run.ran.load(Relaxed)), (1, 1));
        });
    }

    /// Whoever ends the run sees what all others did while they were active, also those that never parked.
    #[test]
    fn the_last_to_leave_sees_what_the_others_did() {
        loom::model(|| {
            let run = Arc::new((Parking::<usize>::new(2), [AtomicU32::new(0), AtomicU32::new(0)]));
            let leave = |(parking, done): &(Parking<usize>, [AtomicU32; 2]), place: usize| {
                done[place].store(1, Relaxed);
                if parking.leave().is_some() {
                    assert!(done.iter().all(|done| done.load(Relaxed) == 1));
                }
            };
            let other = run.clone();
            let first = thread::spawn(move || leave(&other, 0));
            leave(&run, 1);
            first.join().unwrap();
        });
    }
}
