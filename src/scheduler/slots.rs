//! Slots: where finished values lie until their last reader is done.
//!
//! The worker that ran the task writes the value once. Then the workers that run its dependents read it, and the last of
//! them takes it out. There is no lock: the counts say whose turn it is.
//!
//! ```text
//! pending   how many inputs a task still waits for    0: it may run
//! readers   how many reads of a value are still due   0: it is released
//! ```

#![allow(unsafe_code, reason = "a lock per value would cost more than the scheduler does otherwise")]

use super::{
    atomics::{AtomicU32, Ordering::*, UnsafeCell},
    content::Content,
    discard::Discard,
};
use crate::graph::{Plan, Rows, TaskId};

/// The slots of one run, by task.
pub(super) struct Slots<C: Discard + Default = Content>(Box<[Slot<C>]>);

/// The content of a slot and the counts that guard it: together, since whoever needs one of them needs another.
struct Slot<C> {
    content: UnsafeCell<C>,
    pending: AtomicU32,
    readers: AtomicU32,
}

// SAFETY: a cell has up to three writes, and no two threads access it at once unless both read.
// 1. `finish` of its task puts the value. Every read comes later: readers get at the task through `arrive`, which
//    decrements its count with release and reads it with acquire.
// 2. `take_last` takes the value out, if the caller's read is the only one left.
// 3. The last reader's `finish` takes out what is still there. All other reads come before 2 and 3: each ends with a
//    decrement with release, and `take_last` and `release` read the count with acquire.
// That callers keep to this is the contract of those functions. Values are read by several threads (`Sync`), and
// dropped on a different thread than the one that created them (`Send`).
unsafe impl<C: Discard + Default + Send + Sync> Sync for Slots<C> {}

impl Slots {
    /// Empty slots for `plan`.
    pub(super) fn new(plan: &Plan) -> Slots {
        Slots::with_counts(plan.dependencies(), plan.dependents(), plan.targets())
    }
}

impl<C: Discard + Default> Slots<C> {
    /// A target has one more reader than dependents: the one that asked for it.
    fn with_counts(dependencies: &Rows, dependents: &Rows, targets: &[TaskId]) -> Slots<C> {
        let slot = |(needs, dependents): (&[TaskId], &[TaskId])| Slot {
            content: UnsafeCell::new(C::default()),
            pending: AtomicU32::new(needs.len() as u32),
            readers: AtomicU32::new(dependents.len() as u32),
        };
        let slots = Slots(dependencies.iter().zip(dependents.iter()).map(slot).collect());
        for &target in targets {
            slots.slot(target).readers.fetch_add(1, Relaxed);
        }
        slots
    }

    #[inline]
    fn slot(&self, task: TaskId) -> &Slot<C> {
        &self.0[task as usize]
    }

    /// Puts down what came of a task that has just run, and gives up its reads of `dependencies`. Does not panic, even
    /// if the destructor of a released value does. Returns the number of bytes that the released values held.
    ///
    /// # Safety
    /// Only the worker that ran the task may call this, once, before it lets any dependent [`arrive`](Slots::arrive). It
    /// must hold no reference to a value of `dependencies`, which are all that the task depends on.
    #[inline]
    pub(super) unsafe fn finish(&self, task: TaskId, content: C, dependencies: &[TaskId]) -> u64 {
        // SAFETY: no dependent may run before this task has arrived at it, so nobody else looks at the cell. It is empty,
        // so no destructor runs.
        self.slot(task).content.with_mut(|cell| unsafe { *cell = content });
        // SAFETY: the task was due to read each of them once for each time that it is listed.
        let released = dependencies.iter().filter_map(|&dependency| unsafe { self.release(dependency) });
        released.map(Discard::discard).sum()
    }

    /// Notes that one input of `task` is there. Returns whether it was the last one: then the caller, and nobody else,
    /// may run the task or pass it on.
    #[inline]
    pub(super) fn arrive(&self, task: TaskId) -> bool {
        let pending = &self.slot(task).pending;
        // If one input is pending, it is this one, and nobody else will touch the count. So the slower read-modify-write
        // is not needed. The load acquires what earlier arrivals have released.
        pending.load(Acquire) == 1 || pending.fetch_sub(1, AcqRel) == 1
    }

    /// What came of a task that has run.
    ///
    /// # Safety
    /// The caller must be due to read it: it runs a dependent that has not [finished](Slots::finish) yet.
    #[inline]
    pub(super) unsafe fn get(&self, task: TaskId) -> &C {
        // SAFETY: the value was put before the caller's task became ready, and is not emptied before the
        // caller's own read is released.
        self.slot(task).content.with(|cell| unsafe { &*cell })
    }

    /// Takes the value out if the caller's read is the only one left. [`finish`](Slots::finish) still gives up that read.
    ///
    /// # Safety
    /// As for [`get`](Slots::get); and the caller must hold no reference to the value.
    #[inline]
    pub(super) unsafe fn take_last(&self, task: TaskId) -> Option<C> {
        let Slot { content, readers, .. } = self.slot(task);
        // The only read left is the caller's, so nobody else will look at the cell. The load acquires what the others
        // have released.
        (readers.load(Acquire) == 1).then(|| {
            // SAFETY: as above.
            content.with_mut(|cell| unsafe { std::mem::take(&mut *cell) })
        })
    }

    /// Gives up one read of a value. The last one takes the value out.
    ///
    /// # Safety
    /// The caller must be due to read it, once for each call, and hold no reference to it.
    #[inline]
    unsafe fn release(&self, task: TaskId) -> Option<C> {
        let Slot { content, readers, .. } = self.slot(task);
        // As in `arrive`: the only read left is the caller's.
        (readers.load(Acquire) == 1 || readers.fetch_sub(1, AcqRel) == 1).then(|| {
            // SAFETY: all other reads were released before, and were seen to be by the acquire above.
            content.with_mut(|cell| unsafe { std::mem::take(&mut *cell) })
        })
    }

    /// What came of a target, when the run is over.
    ///
    /// # Safety
    /// No worker may run a task of this run any more, and nobody may clear the slots while the reference is held.
    pub(super) unsafe fn target(&self, task: TaskId) -> &C {
        // SAFETY: nobody writes any more. The additional read of a target has kept the value.
        self.slot(task).content.with(|cell| unsafe { &*cell })
    }

    /// Drops every value, without panicking. Returns the number of bytes that they held.
    ///
    /// # Safety
    /// No worker may run a task of this run any more, and nobody may hold a reference to a value.
    pub(super) unsafe fn clear(&self) -> u64 {
        // SAFETY: as the caller says, nobody else looks at the cells.
        let take = |slot: &Slot<C>| slot.content.with_mut(|cell| unsafe { std::mem::take(&mut *cell) });
        self.0.iter().map(|slot| take(slot).discard()).sum()
    }
}

impl<C: Discard + Default> Drop for Slots<C> {
    /// Any thread may be the last to hold a run, also one of the pool, which must not unwind.
    fn drop(&mut self) {
        // SAFETY: nobody else has the slots.
        unsafe { self.clear() };
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::{Block, GraphBuilder, Op};

    /// a -> b -> c, a -> c -> c: the target c takes a once and b twice.
    fn plan() -> Plan {
        let mut graph = GraphBuilder::new();
        for (key, args) in [("a", vec![]), ("b", vec!["a"]), ("c", vec!["b", "a", "b"])] {
            graph.task(key.into(), Op::NoOp, args.into_iter().map(Into::into));
        }
        graph.target("c".into());
        Plan::new(&graph.build().unwrap())
    }

    fn value(number: f64) -> Content {
        Content::Value(Block::new(&[], vec![number]).into())
    }

    #[test]
    fn a_task_is_ready_when_its_last_input_arrives() {
        let slots = Slots::new(&plan());
        assert!(slots.arrive(1));
        assert_eq!([slots.arrive(2), slots.arrive(2), slots.arrive(2)], [false, false, true]);
    }

    #[test]
    fn a_value_is_released_by_its_last_reader_and_a_target_never() {
        let plan = plan();
        let slots = Slots::new(&plan);
        // SAFETY: one thread, which runs the tasks in their order.
        unsafe {
            assert_eq!(slots.finish(0, value(0.0), &[]), 0);
            assert_eq!(slots.finish(1, value(1.0), plan.dependencies().row(1)), 0);
            assert_eq!((slots.get(0), slots.get(1)), (&value(0.0), &value(1.0)));
            assert_eq!(slots.take_last(1), None, "it is still to be read twice");
            assert_eq!(slots.finish(2, value(2.0), plan.dependencies().row(2)), 16);
            assert_eq!((slots.target(0), slots.target(1)), (&Content::Empty, &Content::Empty));
            assert_eq!(slots.target(2), &value(2.0));
            assert_eq!(slots.clear(), 8);
            assert_eq!(slots.target(2), &Content::Empty);
        }
    }

    #[test]
    fn the_last_reader_may_take_a_value_out() {
        let plan = plan();
        let slots = Slots::new(&plan);
        // SAFETY: one thread, which runs the tasks in their order.
        unsafe {
            slots.finish(0, value(0.0), &[]);
            assert_eq!(slots.take_last(0), None);
            slots.finish(1, value(1.0), plan.dependencies().row(1));
            assert_eq!(slots.take_last(0), Some(value(0.0)));
            assert_eq!(slots.finish(2, value(2.0), plan.dependencies().row(2)), 8, "only the other is left");
        }
    }

    /// A content whose destructor panics, if it is armed.
    #[derive(Default)]
    struct Mine {
        armed: bool,
    }

    impl Drop for Mine {
        fn drop(&mut self) {
            assert!(!self.armed, "boom");
        }
    }

    impl Discard for Mine {
        fn discard(self) -> u64 {
            let bytes = u64::from(self.armed);
            super::super::discard::discard(self);
            bytes
        }
    }

    #[test]
    fn a_destructor_that_panics_stops_nothing() {
        let plan = plan();
        let mine = || Mine { armed: true };
        let slots = Slots::with_counts(plan.dependencies(), plan.dependents(), plan.targets());
        // SAFETY: one thread, which runs the tasks in their order.
        unsafe {
            slots.finish(0, mine(), &[]);
            slots.finish(1, mine(), plan.dependencies().row(1));
            assert_eq!(slots.finish(2, mine(), plan.dependencies().row(2)), 2, "both are released");
            assert!(!slots.get(0).armed && !slots.get(1).armed && slots.get(2).armed);
        }
        drop(slots);
    }
}

/// Every interleaving of small cases: `make test-loom`. Loom fails a case in which a value is read or written while
/// another thread writes it, or in which the counts do not order the two.
#[cfg(all(test, loom))]
mod interleavings {
    use loom::{sync::Arc, thread};

    use super::*;

    impl Discard for u32 {
        fn discard(self) -> u64 {
            0
        }
    }

    /// Runs `task` as a worker does, and goes on with what that makes ready. How many tasks it ran.
    fn run_from(slots: &Slots<u32>, dependencies: &Rows, dependents: &Rows, task: TaskId) -> u32 {
        let mut ready = vec![task];
        let mut ran = 0;
        while let Some(task) = ready.pop() {
            ran += 1;
            let row = dependencies.row(task);
            // SAFETY: the task is ready and runs once, which is what the case puts to the test.
            unsafe {
                let input = |&d: &TaskId| slots.take_last(d).unwrap_or_else(|| *slots.get(d));
                let sum: u32 = row.iter().map(input).sum();
                slots.finish(task, sum + 1, row);
            }
            ready.extend(dependents.row(task).iter().copied().filter(|&d| slots.arrive(d)));
        }
        ran
    }

    /// Each root has a thread of its own. Every task must run once, and only the target's value remain.
    fn check(dependencies: &[&[TaskId]], expected: u32) {
        let dependencies = Rows::from_rows(dependencies.iter().map(|row| row.iter().copied()));
        let target = dependencies.len() as TaskId - 1;
        let roots: Vec<TaskId> = (0..=target).filter(|&t| dependencies.row(t).is_empty()).collect();
        loom::model(move || {
            let dependents = dependencies.transpose();
            let slots = Slots::<u32>::with_counts(&dependencies, &dependents, &[target]);
            let shared = Arc::new((slots, dependencies.clone(), dependents));
            let threads: Vec<_> = roots
                .iter()
                .map(|&root| {
                    let shared = shared.clone();
                    thread::spawn(move || run_from(&shared.0, &shared.1, &shared.2, root))
                })
                .collect();
            let ran: u32 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
            assert_eq!(ran, target + 1, "every task runs once");
            // SAFETY: all threads have ended.
            let values: Vec<u32> = (0..=target).map(|task| unsafe { *shared.0.target(task) }).collect();
            assert_eq!(values[target as usize], expected);
            assert!(
                values[..target as usize].iter().all(|&value| value == 0),
                "{values:?} were not released"
            );
        });
    }

    /// ```text
    /// 0 -.
    ///     2      two workers meet at a join
    /// 1 -'
    /// ```
    #[test]
    fn a_join() {
        check(&[&[], &[], &[0, 1]], 3);
    }

    /// ```text
    /// 0 ===.
    ///       2    one of them comes twice
    /// 1 ---'
    /// ```
    #[test]
    fn a_join_with_a_repeat() {
        check(&[&[], &[], &[0, 0, 1]], 4);
    }

    /// ```text
    /// 0 ---> 2 -.
    ///   \ /      4    two workers read both values, and either may be the last
    ///   / \      |
    /// 1 ---> 3 -'
    /// ```
    #[test]
    fn a_butterfly() {
        check(&[&[], &[], &[0, 1], &[0, 1], &[2, 3]], 7);
    }

    /// Three workers at one join.
    #[test]
    fn three_at_a_join() {
        check(&[&[], &[], &[], &[0, 1, 2]], 4);
    }

    /// ```text
    /// 0 --> 2 -.
    ///  '------- 3     a value is read early by one task and late by another
    /// 1 -------'
    /// ```
    #[test]
    fn a_value_with_an_early_and_a_late_reader() {
        check(&[&[], &[], &[0], &[0, 1, 2]], 5);
    }
}
