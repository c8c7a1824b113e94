//! Slots: where finished values lie until their last reader is done.
//!
//! Written once by the worker that ran the task, then read by the workers that run its dependents, then emptied
//! by whichever of them reads last. No lock: the counts say whose turn it is.
//!
//! ```text
//! pending   how many inputs a task still waits for    0: it may run
//! readers   how many reads of a value are still due   0: it is released
//! ```

#![allow(unsafe_code, reason = "a lock per value would cost more than the scheduler does otherwise")]

use super::atomics::{AtomicU32, Ordering::*, UnsafeCell};
use crate::{
    graph::{Plan, Rows, TaskId},
    value::Value,
};

/// The slots of one run, by task.
pub(super) struct Slots<V = Value>(Box<[Slot<V>]>);

/// A value and the counts that guard it: together, since whoever needs one of them needs another.
struct Slot<V> {
    value: UnsafeCell<V>,
    pending: AtomicU32,
    readers: AtomicU32,
}

// SAFETY: a cell is written by one thread at a time, and read only between its two writes. The first write, in
// `put`, comes before every read: readers get at the task through `arrive`, whose counts are decremented with
// release and read with acquire. The second, in `release`, comes after every read in the same way. That callers
// keep to this is the contract of those functions. Values are read by several threads (`Sync`), and dropped by
// another than made them (`Send`).
unsafe impl<V: Send + Sync> Sync for Slots<V> {}

impl Slots {
    /// Empty slots for `plan`.
    pub(super) fn new(plan: &Plan) -> Slots {
        Slots::with_counts(plan.dependencies(), plan.dependents(), plan.targets())
    }

    /// Drops every value. How many bytes they held.
    ///
    /// # Safety
    /// No worker may run a task of this run any more, and nobody may hold a reference to a value.
    pub(super) unsafe fn clear(&self) -> u64 {
        // SAFETY: as the caller says, nobody else looks at the cells.
        let take = |slot: &Slot<Value>| slot.value.with_mut(|value| unsafe { std::mem::take(&mut *value) });
        self.0.iter().map(|slot| take(slot).bytes()).sum()
    }
}

impl<V: Default + Clone> Slots<V> {
    /// The targets have a reader more than dependents: whoever asked for them.
    fn with_counts(dependencies: &Rows, dependents: &Rows, targets: &[TaskId]) -> Slots<V> {
        let slot = |(needs, dependents): (&[TaskId], &[TaskId])| Slot {
            value: UnsafeCell::new(V::default()),
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
    fn slot(&self, task: TaskId) -> &Slot<V> {
        &self.0[task as usize]
    }

    /// Puts down the value of a task that has just run.
    ///
    /// # Safety
    /// Only the worker that ran the task may do so, once, before it lets any dependent [`arrive`](Slots::arrive).
    #[inline]
    pub(super) unsafe fn put(&self, task: TaskId, value: V) {
        // SAFETY: no dependent may run before this task has arrived at it, so nobody else looks at the cell.
        self.slot(task).value.with_mut(|cell| unsafe { *cell = value });
    }

    /// Notes that one input of `task` is there. Whether it was the last: then the caller, and nobody else, may
    /// run the task or give it to one who does.
    #[inline]
    pub(super) fn arrive(&self, task: TaskId) -> bool {
        let pending = &self.slot(task).pending;
        // One that is pending is this one, and nobody else will touch the count: no need for the slower
        // read-modify-write. The load acquires what those who arrived before have released.
        pending.load(Acquire) == 1 || pending.fetch_sub(1, AcqRel) == 1
    }

    /// The value of a task that has run.
    ///
    /// # Safety
    /// The caller must be due to read it: it runs a dependent, or has asked for this target, and has not yet
    /// [released](Slots::release) that read.
    #[inline]
    pub(super) unsafe fn get(&self, task: TaskId) -> &V {
        // SAFETY: the value was put before the caller's task became ready, and is not emptied before the
        // caller's own read is released.
        self.slot(task).value.with(|cell| unsafe { &*cell })
    }

    /// The value, taken out, if the caller's read is the only one that is left of it. That read is still to be
    /// [released](Slots::release).
    ///
    /// # Safety
    /// As [`get`](Slots::get); and the caller must hold no reference to the value.
    #[inline]
    pub(super) unsafe fn take_last(&self, task: TaskId) -> Option<V> {
        let Slot { value, readers, .. } = self.slot(task);
        // The one read that is left is the caller's, so nobody else will look at the cell. The load acquires what the
        // others released.
        (readers.load(Acquire) == 1).then(|| {
            // SAFETY: as above.
            value.with_mut(|cell| unsafe { std::mem::take(&mut *cell) })
        })
    }

    /// Gives up one read of a value; the last one takes it out.
    ///
    /// # Safety
    /// The caller must be due to read it, once for each call, and hold no reference to it.
    #[inline]
    pub(super) unsafe fn release(&self, task: TaskId) -> Option<V> {
        let Slot { value, readers, .. } = self.slot(task);
        // As in `arrive`: the one read that is left is the caller's.
        (readers.load(Acquire) == 1 || readers.fetch_sub(1, AcqRel) == 1).then(|| {
            // SAFETY: all other reads were released before, and were seen to be by the acquire above.
            value.with_mut(|cell| unsafe { std::mem::take(&mut *cell) })
        })
    }

    /// The value of a target, when the run is over.
    ///
    /// # Safety
    /// No worker may run a task of this run any more.
    pub(super) unsafe fn target(&self, task: TaskId) -> V {
        // SAFETY: nobody writes any more. The read that targets have beyond their dependents kept it.
        self.slot(task).value.with(|cell| unsafe { (*cell).clone() })
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

    fn value(number: f64) -> Value {
        Block::new(&[], vec![number]).into()
    }

    #[test]
    fn a_task_is_ready_when_its_last_input_arrives() {
        let slots = Slots::new(&plan());
        assert!(slots.arrive(1));
        assert_eq!([slots.arrive(2), slots.arrive(2), slots.arrive(2)], [false, false, true]);
    }

    #[test]
    fn a_value_is_released_by_its_last_reader_and_a_target_never() {
        let slots = Slots::new(&plan());
        // SAFETY: one thread, which puts before it gets, and releases as often as the graph has edges.
        unsafe {
            (0..3).for_each(|task| slots.put(task, value(task.into())));
            assert_eq!(slots.release(0), None);
            assert_eq!(*slots.get(0), value(0.0));
            assert_eq!(slots.release(0), Some(value(0.0)));
            assert_eq!(*slots.get(0), Value::None);
            assert_eq!([slots.release(1), slots.release(1)], [None, Some(value(1.0))]);
            assert_eq!(slots.target(2), value(2.0));
            slots.clear();
            assert_eq!(slots.target(2), Value::None);
        }
    }
}

/// Every interleaving of small cases: `make test-loom`. Loom fails a case in which a value is read or written while
/// another thread writes it, or in which the counts do not order the two.
#[cfg(all(test, loom))]
mod interleavings {
    use loom::{sync::Arc, thread};

    use super::*;

    /// Runs `task` as a worker does, and goes on with what that makes ready. How many tasks it ran.
    fn run_from(slots: &Slots<u32>, dependencies: &Rows, dependents: &Rows, task: TaskId) -> u32 {
        let mut ready = vec![task];
        let mut ran = 0;
        while let Some(task) = ready.pop() {
            ran += 1;
            // SAFETY: the task is ready and runs once, which is what the case puts to the test.
            unsafe {
                let sum: u32 = dependencies.row(task).iter().map(|&d| *slots.get(d)).sum();
                slots.put(task, sum + 1);
                dependencies.row(task).iter().for_each(|&d| _ = slots.release(d));
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
            let values: Vec<u32> = (0..=target).map(|task| unsafe { shared.0.target(task) }).collect();
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
