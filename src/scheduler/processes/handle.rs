//! The handle on a run of `processes`.

use std::sync::{Arc, Mutex, MutexGuard};

use super::{
    super::{completion::Completion, memory::Memory, options::Options},
    local::Local,
    parent::{Command, Event, Joined, Parent},
};
use crate::{clock::now_ms, error::Result, graph::Plan, trace::Trace, value::Value};

/// A run of `processes`: its parent, and the end for those who wait for it.
pub(in super::super) struct Processes {
    pub(in super::super) trace: Arc<Trace>,
    pub(in super::super) memory: Arc<Memory>,
    pub(in super::super) completion: Completion,
    /// How many there are.
    pub(in super::super) tasks: usize,
    parent: Mutex<Parent>,
    local: Mutex<Local>,
}

impl Processes {
    /// A run whose processes are to be started.
    ///
    /// # Errors
    /// An operation cannot leave this process.
    pub(in super::super) fn new(plan: Arc<Plan>, options: &Options) -> Result<Processes> {
        let tasks = plan.len();
        let parent = Parent::new(plan, options, now_ms())?;
        Ok(Processes {
            trace: parent.trace().clone(),
            memory: parent.memory().clone(),
            completion: Completion::default(),
            tasks,
            parent: parent.into(),
            local: Mutex::default(),
        })
    }

    fn parent(&self) -> MutexGuard<'_, Parent> {
        self.parent.lock().expect("nothing panics while it holds this lock")
    }

    /// Changes the parent. Those who wait for the end are told without the lock: a callback may ask for the outcome.
    fn change(&self, change: impl FnOnce(&mut Parent)) {
        let ending = {
            let mut parent = self.parent();
            if parent.ending().is_some() {
                return;
            }
            change(&mut parent);
            parent.ending().cloned()
        };
        if let Some(ending) = ending {
            self.completion.complete(ending);
        }
    }

    /// Takes in what happened.
    pub(in super::super) fn tell(&self, event: Event) {
        self.change(|parent| parent.on(event, now_ms()));
    }

    /// Lets no further task start, and ends the processes.
    pub(in super::super) fn cancel(&self) {
        self.change(|parent| parent.cancel(now_ms()));
    }

    /// What is to be done, in this order.
    pub(in super::super) fn commands(&self) -> Vec<Command> {
        self.parent().commands().into()
    }

    /// The processes that were started so far.
    pub(in super::super) fn joined(&self) -> Vec<Joined> {
        self.parent().joined().to_vec()
    }

    /// Runs tasks with processes inside this one until the clock shows `until_ms`, and at least one message. For the host.
    pub(in super::super) fn step(&self, until_ms: f64) {
        let mut local = self.local.lock().expect("nothing panics while it holds this lock");
        loop {
            self.commands().into_iter().for_each(|command| local.follow(command));
            match local.next() {
                Some(event) => self.tell(event),
                None => break,
            }
            if now_ms() >= until_ms {
                break;
            }
        }
    }

    pub(in super::super) fn finished_targets(&self) -> Vec<(usize, Value)> {
        self.parent().shown().map(super::super::shown::Shown::take).unwrap_or_default()
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    pub(in super::super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.parent().outcome()
    }
}
