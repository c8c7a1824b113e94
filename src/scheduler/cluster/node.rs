//! A node: runs the tasks that it was sent, lowest first, and gets their inputs from other nodes.
//!
//! It is a state machine too. Whoever owns it fetches values and runs tasks, and says what came of it. Messages may come
//! late, twice, and in another order.

use std::{cmp::Reverse, collections::BinaryHeap, mem};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::message::{Event, Input, Inputs, NodeId, RunId};
use crate::{error::Message, graph::TaskId};

/// What a node wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Get a value from another node.
    Fetch(Input),
    /// Run a task, whose inputs are there.
    Run {
        /// Which task.
        task: TaskId,
        /// Which attempt.
        run: RunId,
    },
    /// Send the value of a target to the client.
    Deliver {
        /// Which target.
        task: TaskId,
    },
    /// Tell the scheduler.
    Tell(Event),
}

/// What came of a task that was run.
#[derive(Clone, Debug, PartialEq)]
pub enum Ran {
    /// It has a value of this size.
    Value {
        /// How long it took.
        ms: f64,
        /// The size of the value.
        bytes: u64,
    },
    /// It erred.
    Erred(Message),
}

#[derive(Debug)]
struct Job {
    task: TaskId,
    inputs: Inputs,
    missing: usize,
    has_started: bool,
}

/// Attempts, in order. They mostly come in order, so a set of them needs no hashing.
#[derive(Debug, Default)]
struct Heard(Vec<RunId>);

impl Heard {
    /// Adds an attempt. Returns whether it is new.
    fn insert(&mut self, run: RunId) -> bool {
        if self.0.last().is_none_or(|&last| last < run) {
            self.0.push(run);
            return true;
        }
        let place = self.0.binary_search(&run);
        place.inspect_err(|&place| self.0.insert(place, run)).is_err()
    }

    fn contains(&self, run: RunId) -> bool {
        self.0.binary_search(&run).is_ok()
    }
}

/// A node of a cluster. It knows which values it has, and not what they are.
#[derive(Debug)]
pub struct Node {
    id: NodeId,
    free_slots: u32,
    /// The version of each value that it has.
    held: FxHashMap<TaskId, RunId>,
    /// The attempts under way.
    jobs: FxHashMap<RunId, Job>,
    /// Who waits for each value that is under way.
    fetching: FxHashMap<(TaskId, RunId), SmallVec<[RunId; 2]>>,
    ready: BinaryHeap<Reverse<(TaskId, RunId)>>,
    /// The attempts that it has heard of: of repeated messages, the first counts.
    known: Heard,
    actions: Vec<Action>,
}

impl Node {
    /// A node that runs as many tasks at once as it has slots.
    pub fn new(id: NodeId, slots: u32) -> Node {
        Node {
            id,
            free_slots: slots,
            held: FxHashMap::default(),
            jobs: FxHashMap::default(),
            fetching: FxHashMap::default(),
            ready: BinaryHeap::new(),
            known: Heard::default(),
            actions: Vec::new(),
        }
    }

    /// Whether it has this version of a value.
    pub fn has(&self, task: TaskId, version: RunId) -> bool {
        self.held.get(&task) == Some(&version)
    }

    /// The tasks whose values it has, in no order.
    pub fn held(&self) -> impl Iterator<Item = TaskId> {
        self.held.keys().copied()
    }

    /// Whether nothing is under way.
    pub fn is_at_rest(&self) -> bool {
        self.jobs.is_empty() && self.fetching.is_empty()
    }

    /// Takes what is to be done since the last call.
    pub fn actions(&mut self) -> std::vec::Drain<'_, Action> {
        self.actions.drain(..)
    }

    /// It is to run a task.
    pub fn compute(&mut self, task: TaskId, run: RunId, inputs: Inputs) {
        if !self.known.insert(run) {
            return;
        }
        let not_here = |input: &&Input| !self.has(input.task, input.version);
        let mut missing: SmallVec<[Input; 2]> = inputs.iter().filter(not_here).copied().collect();
        let will_never_be = |input: &&Input| match input.from {
            // It has ended, and its value is not here.
            Input::MADE_HERE => self.known.contains(input.version) && !self.jobs.contains_key(&input.version),
            from => from == self.id,
        };
        if let Some(&input) = missing.iter().find(will_never_be) {
            self.tell(Event::Missing { node: self.id, task, run, input });
            // Tasks that wait for its value may have come before it.
            self.give_up(task, run);
            return;
        }
        if !missing.is_empty() {
            // Not all who need the same inputs ask the same node first.
            let first = run as usize % missing.len();
            missing.rotate_left(first);
        }
        for &input in &missing {
            let waiting = self.fetching.entry((input.task, input.version)).or_default();
            if waiting.is_empty() && input.from != Input::MADE_HERE {
                self.actions.push(Action::Fetch(input));
            }
            waiting.push(run);
        }
        self.jobs.insert(run, Job { task, inputs, missing: missing.len(), has_started: false });
        if missing.is_empty() {
            self.ready.push(Reverse((task, run)));
            self.start();
        }
    }

    /// It is not to run a task, unless that has started.
    pub fn withdraw(&mut self, task: TaskId, run: RunId) {
        // The message that it should run may still come.
        let granted = self.known.insert(run) || self.jobs.get(&run).is_some_and(|job| !job.has_started);
        if granted {
            self.jobs.remove(&run);
        }
        self.tell(Event::Withdrawn { node: self.id, task, run, granted });
        if granted {
            self.give_up(task, run);
        }
        // Its slot may be free.
        self.start();
    }

    /// A task that was to run is withdrawn before it has begun.
    pub fn withdraw_unbegun(&mut self, task: TaskId, run: RunId) {
        self.jobs.get_mut(&run).expect("a task that was to run has a job").has_started = false;
        self.free_slots += 1;
        self.withdraw(task, run);
    }

    /// Gives back all tasks that have not started. `unbegun`: those among them that have a slot.
    pub fn give_back(&mut self, unbegun: impl Iterator<Item = RunId>) {
        for run in unbegun {
            self.jobs.get_mut(&run).expect("a task that was to run has a job").has_started = false;
            self.free_slots += 1;
        }
        self.ready.clear();
        let mut runs: Vec<RunId> =
            self.jobs.iter().filter(|(_, job)| !job.has_started).map(|(&run, _)| run).collect();
        runs.sort_unstable();
        for run in runs {
            let Job { task, .. } = self.jobs.remove(&run).expect("it was found");
            self.tell(Event::Withdrawn { node: self.id, task, run, granted: true });
            self.fetching.remove(&(task, run));
        }
    }

    /// It is to drop a value.
    pub fn free(&mut self, task: TaskId, version: RunId) {
        if self.has(task, version) {
            self.held.remove(&task);
        }
    }

    /// It is to send a value to the client.
    pub fn send(&mut self, task: TaskId, version: RunId) {
        self.actions.push(match self.has(task, version) {
            true => Action::Deliver { task },
            false => Action::Tell(Event::Gone { node: self.id, task, version }),
        });
    }

    /// Whether it has a newer version of a value: an older one that is late does not replace it.
    fn has_newer(&self, task: TaskId, version: RunId) -> bool {
        self.held.get(&task).is_some_and(|&held| held > version)
    }

    /// A value that it fetched is there. Returns whether it is to be kept: it was expected, and there is no newer version.
    pub fn arrived(&mut self, task: TaskId, version: RunId, bytes: u64, ms: f64) -> bool {
        let Some(waiting) = self.fetching.remove(&(task, version)) else { return false };
        let is_kept = !self.has_newer(task, version);
        if is_kept {
            self.held.insert(task, version);
            self.tell(Event::Arrived { node: self.id, task, version, bytes, ms });
        }
        self.is_there(waiting);
        self.start();
        is_kept
    }

    /// These attempts wait for one value less.
    fn is_there(&mut self, waiting: impl IntoIterator<Item = RunId>) {
        for run in waiting {
            if let Some(job) = self.jobs.get_mut(&run) {
                job.missing -= 1;
                if job.missing == 0 {
                    self.ready.push(Reverse((job.task, run)));
                }
            }
        }
    }

    /// It does not make a value after all. The tasks that wait for it are given back.
    fn give_up(&mut self, task: TaskId, version: RunId) {
        self.not_found(Input { task, version, from: self.id });
    }

    /// A value that it wanted to fetch is not there: the other node is gone, or does not have it.
    pub fn not_found(&mut self, input: Input) {
        for run in self.fetching.remove(&(input.task, input.version)).unwrap_or_default() {
            if let Some(job) = self.jobs.remove(&run) {
                self.tell(Event::Missing { node: self.id, task: job.task, run, input });
                self.give_up(job.task, run);
            }
        }
    }

    /// A task that it ran has stopped. Returns whether its value is to be kept: there is one, and no newer version.
    pub fn ran(&mut self, task: TaskId, run: RunId, ran: Ran) -> bool {
        self.jobs.remove(&run).expect("a task that stops was started");
        self.free_slots += 1;
        let node = self.id;
        let is_kept = matches!(ran, Ran::Value { .. }) && !self.has_newer(task, run);
        match ran {
            Ran::Value { ms, bytes } => {
                if is_kept {
                    self.held.insert(task, run);
                }
                self.tell(Event::Finished { node, task, run, ms, bytes });
            }
            Ran::Erred(message) => self.tell(Event::Erred { node, task, run, message }),
        }
        if is_kept {
            let waiting = self.fetching.remove(&(task, run)).unwrap_or_default();
            self.is_there(waiting);
        } else {
            self.give_up(task, run);
        }
        self.start();
        is_kept
    }

    /// A task that it was to run cannot: this input was dropped before the task began.
    pub fn lacks(&mut self, task: TaskId, run: RunId, input: Input) {
        self.jobs.remove(&run).expect("a task that lacks an input was started");
        self.free_slots += 1;
        self.tell(Event::Missing { node: self.id, task, run, input });
        self.give_up(task, run);
        self.start();
    }

    fn tell(&mut self, event: Event) {
        self.actions.push(Action::Tell(event));
    }

    /// Starts tasks, as long as there are slots.
    fn start(&mut self) {
        while self.free_slots > 0 {
            let Some(Reverse((task, run))) = self.ready.pop() else { break };
            // It may have been withdrawn.
            let Some(job) = self.jobs.get_mut(&run) else { continue };
            let inputs = mem::take(&mut job.inputs);
            // An input may have been dropped, since the scheduler thought that nobody needs it.
            let gone = inputs.iter().find(|input| self.held.get(&input.task) != Some(&input.version));
            if let Some(&input) = gone {
                self.jobs.remove(&run);
                let input = Input { from: self.id, ..input };
                self.tell(Event::Missing { node: self.id, task, run, input });
                self.give_up(task, run);
                continue;
            }
            job.has_started = true;
            self.free_slots -= 1;
            self.actions.push(Action::Run { task, run });
        }
    }
}

#[cfg(test)]
mod tests {
    use smallvec::smallvec;

    use super::*;

    fn actions(node: &mut Node) -> Vec<Action> {
        node.actions().collect()
    }

    const INPUT: Input = Input { task: 1, version: 5, from: 9 };

    #[test]
    fn a_task_runs_when_its_inputs_are_there() {
        let mut node = Node::new(3, 1);
        node.compute(7, 20, smallvec![INPUT]);
        node.compute(8, 21, smallvec![INPUT]);
        assert_eq!(actions(&mut node), [Action::Fetch(INPUT)], "one fetch for two tasks");
        assert!(node.arrived(1, 5, 64, 2.0));
        assert!(!node.arrived(1, 5, 64, 2.0), "twice");
        let arrived = Event::Arrived { node: 3, task: 1, version: 5, bytes: 64, ms: 2.0 };
        assert_eq!(actions(&mut node), [Action::Tell(arrived), Action::Run { task: 7, run: 20 }]);
        node.ran(7, 20, Ran::Value { ms: 1.0, bytes: 8 });
        let finished = Event::Finished { node: 3, task: 7, run: 20, ms: 1.0, bytes: 8 };
        assert_eq!(actions(&mut node), [Action::Tell(finished), Action::Run { task: 8, run: 21 }]);
    }

    #[test]
    fn an_attempt_is_new_once_in_whatever_order_they_come() {
        let mut heard = Heard::default();
        let runs = [3, 7, 5, 7, 1, 3, 9, 5, 1, 8];
        let new: Vec<RunId> = runs.into_iter().filter(|&run| heard.insert(run)).collect();
        assert_eq!((new, heard.0), (vec![3, 7, 5, 1, 9, 8], vec![1, 3, 5, 7, 8, 9]));
    }

    #[test]
    fn messages_may_come_twice_and_late() {
        let mut node = Node::new(3, 1);
        let answer = |run, granted| Action::Tell(Event::Withdrawn { node: 3, task: 7, run, granted });
        node.withdraw(7, 20);
        node.compute(7, 20, Inputs::new());
        assert_eq!(actions(&mut node), [answer(20, true)], "withdrawn before it came");
        node.compute(7, 21, Inputs::new());
        node.compute(7, 21, Inputs::new());
        assert_eq!(actions(&mut node), [Action::Run { task: 7, run: 21 }]);
        node.withdraw(7, 21);
        assert_eq!(actions(&mut node), [answer(21, false)], "it has started");
        node.compute(8, 22, Inputs::new());
        node.ran(7, 21, Ran::Value { ms: 1.0, bytes: 8 });
        node.compute(9, 23, Inputs::new());
        actions(&mut node);
        node.withdraw_unbegun(8, 22);
        let withdrawn = Event::Withdrawn { node: 3, task: 8, run: 22, granted: true };
        assert_eq!(actions(&mut node), [Action::Tell(withdrawn), Action::Run { task: 9, run: 23 }]);
        node.ran(9, 23, Ran::Erred("no".into()));
        node.free(7, 20);
        assert!(node.has(7, 21), "another version is dropped");
        node.free(7, 21);
        assert!(!node.has(7, 21) && node.is_at_rest());
    }

    #[test]
    fn tasks_that_have_not_begun_are_given_back() {
        let mut node = Node::new(3, 1);
        (20..23).for_each(|run| node.compute(run, run, Inputs::new()));
        node.compute(23, 23, smallvec![INPUT]);
        actions(&mut node);
        node.give_back([20].into_iter());
        let given = |run| Action::Tell(Event::Withdrawn { node: 3, task: run, run, granted: true });
        assert_eq!(actions(&mut node), [20, 21, 22, 23].map(given));
        assert!(node.arrived(1, 5, 64, 2.0) && node.is_at_rest());
        actions(&mut node);
        node.compute(7, 24, smallvec![INPUT]);
        assert_eq!(actions(&mut node), [Action::Run { task: 7, run: 24 }], "it still takes tasks");
    }

    #[test]
    fn an_older_version_does_not_replace_a_newer_one() {
        let mut node = Node::new(3, 2);
        node.compute(7, 20, smallvec![INPUT]);
        node.compute(1, 6, Inputs::new());
        assert!(node.ran(1, 6, Ran::Value { ms: 1.0, bytes: 8 }));
        assert!(!node.arrived(1, 5, 64, 2.0));
        assert!(node.has(1, 6));
        // The task that waits for the older one is given back.
        let missing = Event::Missing { node: 3, task: 7, run: 20, input: Input { from: 3, ..INPUT } };
        assert_eq!(actions(&mut node).pop(), Some(Action::Tell(missing)));
        node.compute(7, 21, Inputs::new());
        node.compute(7, 22, Inputs::new());
        assert!(node.ran(7, 22, Ran::Value { ms: 1.0, bytes: 8 }));
        assert!(!node.ran(7, 21, Ran::Value { ms: 1.0, bytes: 8 }));
        assert!(node.has(7, 22));
    }

    #[test]
    fn a_task_whose_input_is_not_found_is_given_back() {
        let mut node = Node::new(3, 1);
        node.compute(7, 20, smallvec![INPUT]);
        node.not_found(INPUT);
        let missing = Event::Missing { node: 3, task: 7, run: 20, input: INPUT };
        assert_eq!(actions(&mut node), [Action::Fetch(INPUT), Action::Tell(missing)]);
        let own = Input { from: 3, ..INPUT };
        node.compute(8, 21, smallvec![own]);
        let missing = Event::Missing { node: 3, task: 8, run: 21, input: own };
        assert_eq!(actions(&mut node), [Action::Tell(missing)]);
        assert!(node.is_at_rest());
    }

    #[test]
    fn a_task_that_is_sent_ahead_runs_after_the_one_that_makes_its_input() {
        let made = |task, version| Input { task, version, from: Input::MADE_HERE };
        let given_up = |task, version| Input { task, version, from: 3 };
        let missing = |task, run, input| Action::Tell(Event::Missing { node: 3, task, run, input });
        let chain = || {
            let mut node = Node::new(3, 1);
            node.compute(1, 20, Inputs::new());
            node.compute(2, 21, smallvec![made(1, 20)]);
            node.compute(3, 22, smallvec![made(2, 21)]);
            assert_eq!(actions(&mut node), [Action::Run { task: 1, run: 20 }], "nothing is fetched");
            node
        };
        let mut node = chain();
        for (task, run) in [(1, 20), (2, 21)] {
            node.ran(task, run, Ran::Value { ms: 1.0, bytes: 8 });
            let next = Action::Run { task: task + 1, run: run + 1 };
            assert_eq!(actions(&mut node).pop(), Some(next));
        }
        // If there is no value, all that wait for it are given back.
        let mut node = chain();
        node.ran(1, 20, Ran::Erred("no".into()));
        let given_back = [missing(2, 21, given_up(1, 20)), missing(3, 22, given_up(2, 21))];
        assert_eq!(actions(&mut node)[1..], given_back);
        assert!(node.is_at_rest());
        let mut node = chain();
        node.withdraw(2, 21);
        assert_eq!(actions(&mut node)[1..], given_back[1..]);
        let mut node = chain();
        node.give_back([20].into_iter());
        assert_eq!((actions(&mut node).len(), node.is_at_rest()), (3, true));
        // What makes the input may have ended, or come later.
        node.compute(3, 23, smallvec![made(2, 21)]);
        assert_eq!(actions(&mut node), [missing(3, 23, made(2, 21))]);
        node.compute(3, 25, smallvec![made(2, 24)]);
        node.compute(2, 24, Inputs::new());
        assert_eq!(actions(&mut node), [Action::Run { task: 2, run: 24 }]);
        node.compute(5, 28, smallvec![made(4, 27)]);
        let own = given_up(9, 7);
        node.compute(4, 27, smallvec![own]);
        assert_eq!(actions(&mut node), [missing(4, 27, own), missing(5, 28, given_up(4, 27))]);
    }
}
