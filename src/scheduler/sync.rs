//! `sync`: tasks in static order, one after another, on the thread that asks.
//!
//! A plan's ids are already in an order that can be run, so this is a loop over them. It can be left and taken
//! up again, which lets a thread that has other things to do stay responsive.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::task::{erred, panicked, run_task};
use crate::{
    clock::now_ms,
    error::{Error, Result},
    graph::{Plan, TaskId},
    trace::{Action, Trace, Writer},
    value::Value,
};

/// A run of one task after another.
pub(super) struct Sequence {
    plan: Arc<Plan>,
    trace: Trace,
    writer: Writer,
    next: TaskId,
    values: Vec<Value>,
    /// How many reads of each value are still due.
    readers: Vec<u32>,
    over: Option<Over>,
}

/// How and when it ended.
struct Over {
    at_ms: f64,
    result: Result<()>,
}

impl Sequence {
    pub(super) fn new(plan: Arc<Plan>, traced: bool) -> Sequence {
        let mut readers: Vec<u32> = plan.dependents().iter().map(|row| row.len() as u32).collect();
        for &target in plan.targets() {
            readers[target as usize] += 1;
        }
        let trace = Trace::new(1, if traced { plan.len() } else { 0 });
        Sequence {
            writer: Writer::new(0, &trace),
            trace,
            next: 0,
            values: vec![Value::None; plan.len()],
            readers,
            over: None,
            plan,
        }
    }

    /// Runs tasks until the clock shows `until_ms`, and at least one.
    pub(super) fn step(&mut self, until_ms: f64) {
        // What the thread did since the last step was not for this run.
        self.writer.idle(&self.trace);
        while self.over.is_none() {
            if let Err(error) = self.run_next() {
                self.end(Err(error));
            } else if self.next as usize == self.plan.len() {
                self.end(Ok(()));
            } else if self.writer.now_ms(&self.trace) >= until_ms {
                break;
            }
        }
        self.writer.rest(&self.trace);
    }

    fn run_next(&mut self) -> Result<()> {
        let (plan, task) = (&*self.plan, self.next);
        self.writer.begin(&self.trace, task, plan.dependencies().row(task));
        let result = catch_unwind(AssertUnwindSafe(|| run_task(plan, task, 0, |d| &self.values[d as usize])));
        let value = match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(message)) => Err(erred(plan, task, message)),
            Err(payload) => Err(panicked(plan, task, &*payload)),
        };
        self.writer.end(&self.trace, task, if value.is_ok() { Action::Compute } else { Action::Erred });
        self.values[task as usize] = value?;
        for &dependency in plan.dependencies().row(task) {
            self.readers[dependency as usize] -= 1;
            if self.readers[dependency as usize] == 0 {
                self.values[dependency as usize] = Value::None;
            }
        }
        self.next += 1;
        Ok(())
    }

    pub(super) fn cancel(&mut self) {
        self.end(Err(Error::cancelled()));
    }

    fn end(&mut self, result: Result<()>) {
        self.over = Some(Over { at_ms: now_ms(), result });
    }

    pub(super) fn over_ms(&self) -> Option<f64> {
        self.over.as_ref().map(|over| over.at_ms)
    }

    pub(super) fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    pub(super) fn outcome(&self) -> Result<Vec<Value>> {
        self.over.as_ref().expect("the run is over").result.clone()?;
        Ok(self.plan.targets().iter().map(|&target| self.values[target as usize].clone()).collect())
    }
}
