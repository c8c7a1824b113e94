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

use std::{
    cell::UnsafeCell,
    sync::atomic::{AtomicU32, Ordering::*},
};

use crate::{
    graph::{Plan, TaskId},
    value::Value,
};

/// The values of one run, and the counts that guard them.
pub(super) struct Slots {
    values: Box<[UnsafeCell<Value>]>,
    pending: Box<[AtomicU32]>,
    readers: Box<[AtomicU32]>,
}

// SAFETY: a cell is written by one thread at a time, and read only between its two writes. The first write, in
// `put`, comes before every read: readers get at the task through `arrive`, whose counts are decremented with
// release and read with acquire. The second, in `release`, comes after every read in the same way. That callers
// keep to this is the contract of those functions.
unsafe impl Sync for Slots {}

impl Slots {
    /// Empty slots for `plan`. The targets have a reader more than dependents: whoever asked for them.
    pub(super) fn new(plan: &Plan) -> Slots {
        let counts = |rows: &crate::graph::Rows| -> Box<[AtomicU32]> {
            rows.iter().map(|row| AtomicU32::new(row.len() as u32)).collect()
        };
        let mut readers = counts(plan.dependents());
        for &target in plan.targets() {
            *readers[target as usize].get_mut() += 1;
        }
        Slots {
            values: plan.tasks().map(|_| UnsafeCell::new(Value::None)).collect(),
            pending: counts(plan.dependencies()),
            readers,
        }
    }

    /// Puts down the value of a task that has just run.
    ///
    /// # Safety
    /// Only the worker that ran the task may do so, once, before it lets any dependent [`arrive`](Slots::arrive).
    #[inline]
    pub(super) unsafe fn put(&self, task: TaskId, value: Value) {
        // SAFETY: no dependent may run before this task has arrived at it, so nobody else looks at the cell.
        unsafe { *self.values[task as usize].get() = value };
    }

    /// Notes that one input of `task` is there. Whether it was the last: then the caller, and nobody else, may
    /// run the task or give it to one who does.
    #[inline]
    pub(super) fn arrive(&self, task: TaskId) -> bool {
        let pending = &self.pending[task as usize];
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
    pub(super) unsafe fn get(&self, task: TaskId) -> &Value {
        // SAFETY: the value was put before the caller's task became ready, and is not emptied before the
        // caller's own read is released.
        unsafe { &*self.values[task as usize].get() }
    }

    /// Gives up one read of a value; the last one drops it.
    ///
    /// # Safety
    /// The caller must be due to read it, once for each call, and hold no reference to it.
    #[inline]
    pub(super) unsafe fn release(&self, task: TaskId) {
        let readers = &self.readers[task as usize];
        // As in `arrive`: the one read that is left is the caller's.
        if readers.load(Acquire) == 1 || readers.fetch_sub(1, AcqRel) == 1 {
            // SAFETY: all other reads were released before, and were seen to be by the acquire above.
            unsafe { *self.values[task as usize].get() = Value::None };
        }
    }

    /// The value of a target, when the run is over.
    ///
    /// # Safety
    /// No worker may run a task of this run any more.
    pub(super) unsafe fn target(&self, task: TaskId) -> Value {
        // SAFETY: nobody writes any more. The read that targets have beyond their dependents kept it.
        unsafe { (*self.values[task as usize].get()).clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphBuilder, Op, value::Block};

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
        Block::from_elem(ndarray::IxDyn(&[]), number).into()
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
            slots.release(0);
            assert_eq!(*slots.get(0), value(0.0));
            slots.release(0);
            assert_eq!(*slots.values[0].get(), Value::None);
            slots.release(1);
            slots.release(1);
            assert_eq!(*slots.values[1].get(), Value::None);
            assert_eq!(slots.target(2), value(2.0));
        }
    }
}
