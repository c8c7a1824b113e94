//! The handle on a run of `cluster`.

use std::sync::{Arc, Mutex, MutexGuard};

use super::{
    super::super::{completion::Completion, memory::Memory, options::Options},
    client::{FutureId, News, Request},
    command::{Command, Event, Place},
    head::Head,
    local::Local,
};
use crate::{clock::now_ms, error::Result, graph::Plan, trace::Trace, value::Value};

/// A run of `cluster`: its head, and the end for those who wait for it.
pub(in super::super::super) struct Cluster {
    pub(in super::super::super) trace: Arc<Trace>,
    pub(in super::super::super) memory: Arc<Memory>,
    pub(in super::super::super) completion: Completion,
    /// How many there are.
    pub(in super::super::super) tasks: usize,
    head: Mutex<Head>,
    local: Mutex<Local>,
}

impl Cluster {
    /// A run whose nodes are to be started.
    ///
    /// # Errors
    /// An operation cannot leave this process.
    pub(in super::super::super) fn new(plan: Arc<Plan>, options: &Options) -> Result<Cluster> {
        let tasks = plan.len();
        Ok(Cluster::of(Head::new(plan, options, now_ms())?, tasks))
    }

    /// A cluster that is open: it runs what its client asks for.
    pub(in super::super::super) fn open(options: &Options) -> Cluster {
        Cluster::of(Head::open(options, now_ms()), 0)
    }

    fn of(head: Head, tasks: usize) -> Cluster {
        Cluster {
            trace: head.trace().clone(),
            memory: head.memory().clone(),
            completion: Completion::default(),
            tasks,
            head: head.into(),
            local: Mutex::default(),
        }
    }

    /// Does what the client asks for.
    ///
    /// # Errors
    /// It cannot be done, or the cluster is not open.
    pub(in super::super::super) fn ask(&self, request: Request) -> Result<()> {
        self.head().ask(request, now_ms())
    }

    /// Takes what the client is to be told.
    pub(in super::super::super) fn news(&self) -> Vec<News> {
        self.head().news()
    }

    /// The places whose nodes have the value of a future.
    pub(in super::super::super) fn who_has(&self, future: FutureId) -> Vec<u32> {
        self.head().who_has(future)
    }

    fn head(&self) -> MutexGuard<'_, Head> {
        self.head.lock().expect("nothing panics while it holds this lock")
    }

    /// Changes the head. Those who wait for the end are told without the lock: a callback may ask for the outcome.
    fn change<T: Default>(&self, change: impl FnOnce(&mut Head) -> T) -> T {
        let (result, ending) = {
            let mut head = self.head();
            if head.ending().is_some() {
                return T::default();
            }
            let result = change(&mut head);
            (result, head.ending().cloned())
        };
        if let Some(ending) = ending {
            self.completion.complete(ending);
        }
        result
    }

    /// Takes in what happened.
    pub(in super::super::super) fn tell(&self, event: Event) {
        self.change(|head| head.on(event, now_ms()));
    }

    /// Adds a node. `None` if there is no room for another, or the run is over.
    pub(in super::super::super) fn add(&self) -> Option<u32> {
        self.change(|head| head.add(now_ms()))
    }

    /// Ends the node of a place, whatever it does. Returns whether there is one.
    pub(in super::super::super) fn kill(&self, place: u32) -> bool {
        self.change(|head| head.kill(place, now_ms()))
    }

    /// Lets no further task start, and ends the nodes.
    pub(in super::super::super) fn cancel(&self) {
        self.change(|head| head.cancel(now_ms()));
    }

    /// What is to be done, in this order.
    pub(in super::super::super) fn commands(&self) -> Vec<Command> {
        self.head().commands().into()
    }

    /// The places that have a node.
    pub(in super::super::super) fn places(&self) -> Vec<Place> {
        self.head().places()
    }

    /// What happened to the node that died last, unless it was ended on purpose.
    pub(in super::super::super) fn last_death(&self) -> Option<String> {
        self.head().last_death().map(str::to_owned)
    }

    /// Runs tasks with nodes inside this process until the clock shows `until_ms`, and at least one. For the host.
    pub(in super::super::super) fn step(&self, until_ms: f64) {
        let mut local = self.local.lock().expect("nothing panics while it holds this lock");
        loop {
            self.commands().into_iter().for_each(|command| local.follow(command));
            if self.completion.is_complete() {
                break;
            }
            self.tell(local.next());
            if now_ms() >= until_ms {
                break;
            }
        }
    }

    pub(in super::super::super) fn finished_targets(&self) -> Vec<(usize, Value)> {
        self.head().shown().map(super::super::super::shown::Shown::take).unwrap_or_default()
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    pub(in super::super::super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.head().outcome()
    }
}
