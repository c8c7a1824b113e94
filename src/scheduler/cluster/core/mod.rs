//! The scheduler: takes events, returns commands. It starts nothing, waits for nothing, and reads no clock.
//!
//! Tasks and nodes are numbered, so everything that is known of them is in tables; no event takes longer than the edges
//! and copies that it concerns, and O(log nodes).

pub(super) mod ahead;
mod client;
mod lost;
mod needs;
mod node;
mod pause;
mod place;
mod sanity;
mod steal;
mod task;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    sync::Arc,
};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

pub use self::client::Addition;
use self::{
    node::Node,
    task::{NOBODY, Rank, Task},
};
use super::{
    loads::Loads,
    members::Members,
    message::{Command, Event, NodeId, RunId},
    outline::Outline,
    pace::Pace,
    state::State,
};
use crate::{error::Message, graph::TaskId};

/// A task is given up when this number of nodes have died while they had it.
pub(super) const MOST_DEATHS: u8 = 3;

/// How the message of a task begins that was given up.
pub(super) const GIVEN_UP: &str = "given up";

/// The message of a task whose value the client made, and that is lost.
pub(super) const LOST: &str = "lost: the client had put this value on a node that is gone";

/// How a node is chosen for a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// By when each node could start: how long it is busy, and how long the missing inputs take to get there.
    #[default]
    Earliest,
    /// At random. To compare with.
    Random,
    /// One node after another. To compare with.
    RoundRobin,
    /// By the node that made an input, whatever it has to do; who has nothing to do steals. To compare with.
    StealingOnly,
}

/// How a cluster schedules.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How a node is chosen for a task.
    pub placement: Placement,
    /// Whether targets are sent to the client. Otherwise they stay on the nodes, as after Dask's `persist`.
    pub gather: bool,
}

/// What the scheduler did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How often a task was sent to a node.
    pub decisions: u64,
    /// How often a task was sent before all of its inputs had values.
    pub ahead: u64,
    /// How often a task went to another node than it was meant for.
    pub steals: u64,
    /// How many copies of values arrived at a node.
    pub transfers: u64,
    /// How often a task whose value was lost had to run again.
    pub recomputed: u64,
    /// How often a task was taken back, because its node died or did not get an input.
    pub taken_back: u64,
    /// How many nodes died.
    pub deaths: u64,
}

/// The scheduler of one run.
#[derive(Debug)]
pub struct Core {
    outline: Arc<Outline>,
    settings: Settings,
    now_ms: f64,
    tasks: Vec<Task>,
    nodes: Vec<Node>,
    alive: usize,
    /// The nodes that take tasks, by load.
    loads: Loads,
    /// The nodes that others can take tasks from.
    crowded: Members,
    /// Where the search for a task to take goes on.
    cursor: usize,
    /// Whether something has changed since the last search that could make it pay to take a task.
    is_stirred: bool,
    pace: Pace,
    /// The tasks that wait for any node. May have tasks that no longer do.
    queue: BinaryHeap<Reverse<Rank>>,
    /// The number of tasks that do wait for any node.
    queued: usize,
    /// The tasks that wait for there to be a node.
    no_worker: Vec<TaskId>,
    /// The tasks that may be the reason why nodes died, and run alone.
    suspects: VecDeque<TaskId>,
    /// The node that runs them.
    alone: Option<NodeId>,
    /// The tasks that this event made ready.
    fresh: Vec<TaskId>,
    /// The nodes that this event gave room.
    hungry: Vec<NodeId>,
    /// The nodes to which tasks may be sent ahead after this event.
    leading: Vec<NodeId>,
    commands: Vec<Command>,
    messages: FxHashMap<TaskId, Message>,
    /// The tasks that have erred, and those that are computed again, since somebody asked.
    failed: Vec<TaskId>,
    again: Vec<TaskId>,
    runs: RunId,
    /// The number of targets that the client still waits for.
    open: usize,
    /// Whether the client may add tasks: then there is no end before a cancel.
    is_open: bool,
    /// The tasks that the client kept, until one that they need was dropped.
    dropped: Vec<TaskId>,
    is_cancelled: bool,
    is_over: bool,
    counts: Counts,
    /// Scratch: per node, the bytes and the number of the inputs that it has; and which nodes have any.
    has: Vec<(u64, u32)>,
    holders: Vec<NodeId>,
    /// Scratch of walks through the graph.
    stack: Vec<TaskId>,
}

impl Core {
    /// A run of a plan with this outline, and no node.
    pub fn new(outline: Arc<Outline>, settings: Settings) -> Core {
        let task = |task| {
            let (inputs, readers) = (outline.inputs(task).len(), outline.readers(task).len());
            let is_target = outline.is_target(task);
            Task::new(inputs, readers, (is_target, is_target && !settings.gather), outline.retries(task))
        };
        let tasks: Vec<Task> = outline.tasks().map(task).collect();
        let mut core = Core {
            open: tasks.iter().filter(|task| task.is_wanted).count(),
            fresh: outline.tasks().filter(|&task| outline.inputs(task).is_empty()).collect(),
            pace: Pace::new(outline.prefixes()),
            outline,
            settings,
            tasks,
            now_ms: 0.0,
            nodes: Vec::new(),
            alive: 0,
            loads: Loads::default(),
            crowded: Members::default(),
            cursor: 0,
            is_stirred: false,
            queue: BinaryHeap::new(),
            queued: 0,
            no_worker: Vec::new(),
            suspects: VecDeque::new(),
            alone: None,
            hungry: Vec::new(),
            leading: Vec::new(),
            commands: Vec::new(),
            messages: FxHashMap::default(),
            failed: Vec::new(),
            again: Vec::new(),
            runs: 0,
            is_open: false,
            dropped: Vec::new(),
            is_cancelled: false,
            is_over: false,
            counts: Counts::default(),
            has: Vec::new(),
            holders: Vec::new(),
            stack: Vec::new(),
        };
        core.settle();
        core
    }

    /// What follows from an event. Late and repeated events change nothing that they should not.
    pub fn on_event(&mut self, event: Event, now_ms: f64) {
        self.on_events([event], now_ms);
    }

    /// What follows from several events together.
    pub fn on_events(&mut self, events: impl IntoIterator<Item = Event>, now_ms: f64) {
        self.now_ms = now_ms;
        events.into_iter().for_each(|event| self.handle(event));
        self.settle();
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Joined { node, slots } => self.join(node, slots),
            Event::Lost { node, died } => self.lose(node, died),
            Event::Finished { node, task, run, ms, bytes } => self.finished(node, task, run, ms, bytes),
            Event::Erred { node, task, run, message } => {
                if self.is_processing(node, task, run) {
                    self.erred(task, message);
                }
            }
            Event::Arrived { node, task, version, bytes, ms } => {
                self.pace.learn_transfer(bytes, ms);
                self.arrived(node, task, version);
            }
            Event::Missing { node, task, run, input } => {
                if self.is_processing(node, task, run) {
                    self.take_back(task);
                    self.call_back(task);
                    self.counts.taken_back += 1;
                }
                self.lose_copy(input.from, input.task, input.version);
                self.wait_again(task);
            }
            Event::Withdrawn { node, task, run, granted } => {
                if self.is_processing(node, task, run) {
                    self.withdrawn(task, granted);
                }
            }
            Event::Paused { node } => self.pause(node),
            Event::Resumed { node } => self.resume(node),
            Event::Received { task } => self.received(task),
            Event::Wanted { task } => self.wanted(task),
            Event::Released { task } => self.released(task),
            Event::Dropped { task } => self.drop_all(task),
            Event::Gone { node, task, version } => self.lose_copy(node, task, version),
            // Tasks that run for longer than expected make it pay.
            Event::Tick => self.is_stirred = true,
            Event::Cancel => self.cancel(),
        }
    }

    /// Takes what is to be done since the last call.
    pub fn commands(&mut self) -> std::vec::Drain<'_, Command> {
        self.commands.drain(..)
    }

    /// Whether every target has a value or has erred, or the run was cancelled.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether the run was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The number of tasks.
    #[allow(clippy::len_without_is_empty, reason = "only the ids matter")]
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// The state of a task.
    pub fn state(&self, task: TaskId) -> State {
        self.tasks[task as usize].state
    }

    /// Why a task has no value, if it erred: the task to blame, and what is known of it.
    pub fn error(&self, task: TaskId) -> Option<(TaskId, Message)> {
        let task = &self.tasks[task as usize];
        (task.state == State::Erred)
            .then(|| (task.blamed, self.messages.get(&task.blamed).cloned().unwrap_or_default()))
    }

    /// Takes the tasks that have erred since the last call, with those that will not run because of that.
    pub fn failed(&mut self) -> Vec<TaskId> {
        std::mem::take(&mut self.failed)
    }

    /// Takes the tasks whose values were lost or dropped, and that are to be computed again, since the last call.
    pub fn again(&mut self) -> Vec<TaskId> {
        std::mem::take(&mut self.again)
    }

    /// How many attempts of a task have erred, and whether no further one is allowed.
    pub fn attempts(&self, task: TaskId) -> (u8, bool) {
        let left = self.tasks[task as usize].retries_left;
        (self.outline.retries(task) - left, left == 0)
    }

    /// The nodes that have the value of a task.
    pub fn who_has(&self, task: TaskId) -> &[NodeId] {
        &self.tasks[task as usize].who_has
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.alive
    }

    fn is_alive(&self, node: NodeId) -> bool {
        self.nodes.get(node as usize).is_some_and(|node| node.is_alive)
    }

    /// Whether this attempt is under way at this node.
    fn is_processing(&self, node: NodeId, task: TaskId, run: RunId) -> bool {
        let task = &self.tasks[task as usize];
        task.state == State::Processing && task.run == run && task.node == node
    }

    fn join(&mut self, node: NodeId, slots: u32) {
        let index = node as usize;
        while self.nodes.len() <= index {
            self.nodes.push(Node::default());
        }
        // A node has slots from the first time that it joins.
        if self.is_cancelled || self.nodes[index].slots > 0 {
            return;
        }
        self.nodes[index] = Node::new(slots, self.now_ms);
        self.has.resize(self.nodes.len(), (0, 0));
        self.alive += 1;
        self.is_stirred = true;
        self.loads.insert(node, self.nodes[index].load());
        for task in self.no_worker.drain(..) {
            let known = &mut self.tasks[task as usize];
            if known.state == State::NoWorker {
                known.state = State::Waiting;
                self.fresh.push(task);
            }
        }
        self.hungry.push(node);
    }

    fn finished(&mut self, node: NodeId, task: TaskId, run: RunId, ms: f64, bytes: u64) {
        if !self.is_processing(node, task, run) {
            // Unless it says what is known already, the node has a value that nobody expects.
            if !self.has_copy(node, task, run) {
                self.free(node, task, run);
            }
            return;
        }
        self.leave_node(task);
        self.pace.learn_task(self.outline.prefix(task), ms);
        let Task { state, version, who_has, bytes: known_bytes, .. } = &mut self.tasks[task as usize];
        *state = State::Memory;
        (*version, *known_bytes) = (run, bytes);
        who_has.clear();
        self.add_copy(node, task);
        if self.tasks[task as usize].is_wanted {
            if self.settings.gather {
                self.commands.push(Command::Send { node, task, version: run });
            } else {
                self.close_target(task);
            }
        }
        let outline = self.outline.clone();
        for &reader in outline.readers(task) {
            let known = &mut self.tasks[reader as usize];
            if known.state == State::Waiting {
                known.waiting_on -= 1;
                if known.waiting_on == 0 {
                    self.fresh.push(reader);
                }
            } else if known.is_ahead() {
                self.catch_up(reader);
            }
        }
        for &input in outline.inputs(task) {
            self.unneed(input);
        }
    }

    fn arrived(&mut self, node: NodeId, task: TaskId, version: RunId) {
        let known = &self.tasks[task as usize];
        if known.state != State::Memory || known.version != version {
            self.free(node, task, version);
        } else if self.is_alive(node) && !known.is_at(node) {
            self.add_copy(node, task);
            self.counts.transfers += 1;
        }
    }

    fn erred(&mut self, task: TaskId, message: Message) {
        let known = &mut self.tasks[task as usize];
        if known.retries_left > 0 {
            known.retries_left -= 1;
            self.take_back(task);
            self.call_back(task);
            self.wait_again(task);
        } else {
            self.leave_node(task);
            self.fail(task, message);
        }
    }

    fn received(&mut self, task: TaskId) {
        if self.tasks[task as usize].is_wanted {
            self.close_target(task);
            if !self.tasks[task as usize].is_kept {
                self.unneed(task);
                self.forget_if_done(task);
            }
        }
    }

    /// The client no longer waits for a target.
    fn close_target(&mut self, task: TaskId) {
        // A value that is kept is still needed.
        self.tasks[task as usize].is_wanted = false;
        self.open -= 1;
    }

    fn cancel(&mut self) {
        // Values that stay on the nodes are dropped even after the end.
        if self.is_cancelled || (self.is_over && self.settings.gather) {
            return;
        }
        self.is_cancelled = true;
        for task in self.outline.clone().tasks() {
            match self.tasks[task as usize].state {
                State::Processing => {
                    self.withdraw(task);
                    self.leave_node(task);
                }
                State::Queued => self.leave_queue(task),
                State::Memory => self.free_all(task),
                _ => {}
            }
            let known = &mut self.tasks[task as usize];
            (known.state, known.needed) = (State::Forgotten, 0);
            (known.is_wanted, known.is_kept) = (false, false);
        }
        self.open = 0;
        self.fresh.clear();
    }

    /// Carries out what the event made possible.
    fn settle(&mut self) {
        loop {
            let mut fresh = std::mem::take(&mut self.fresh);
            for task in fresh.drain(..) {
                let known = &self.tasks[task as usize];
                if known.state == State::Waiting && known.waiting_on == 0 {
                    self.place(task);
                }
            }
            if self.fresh.is_empty() {
                self.fresh = fresh;
            }
            while let Some(node) = self.hungry.pop() {
                self.feed(node);
            }
            self.isolate();
            self.unblock();
            if self.fresh.is_empty() && self.hungry.is_empty() {
                break;
            }
        }
        self.balance();
        self.send_ahead();
        if self.open == 0 && !self.is_over && (!self.is_open || self.is_cancelled) {
            self.is_over = true;
            self.commands.push(Command::Finished);
        }
    }

    /// Takes a task that is processing from its node.
    fn leave_node(&mut self, task: TaskId) {
        let known = &mut self.tasks[task as usize];
        let (node, place) = (known.node, known.place as usize);
        let (expected_ms, thief) = (f64::from(known.expected_ms), known.thief);
        let is_ahead = std::mem::take(&mut known.waiting_on) > 0;
        (known.node, known.thief, known.has_started) = (NOBODY, NOBODY, false);
        let at = &mut self.nodes[node as usize];
        at.processing.swap_remove(place);
        if let Some(&moved) = at.processing.get(place) {
            self.tasks[moved as usize].place = place as u32;
        }
        if is_ahead {
            at.leave_ahead(expected_ms);
        } else {
            at.occupancy_ms = if at.ready() == 0 { 0.0 } else { (at.occupancy_ms - expected_ms).max(0.0) };
        }
        if !at.leaders.is_empty() {
            self.leading.push(node);
        }
        at.since_ms = self.now_ms;
        self.hungry.push(node);
        self.weigh(node);
        self.no_longer_steals(thief);
    }

    /// A task that was to be taken by `thief` will not be, or has been.
    fn no_longer_steals(&mut self, thief: NodeId) {
        if thief != NOBODY {
            self.nodes[thief as usize].incoming -= 1;
            self.weigh(thief);
            self.hungry.push(thief);
        }
    }

    /// Takes a task from the queue that it is in. Its entry stays there, and is ignored.
    fn leave_queue(&mut self, task: TaskId) {
        let known = &mut self.tasks[task as usize];
        let node = std::mem::replace(&mut known.node, NOBODY);
        if node == NOBODY {
            if known.deaths < MOST_DEATHS - 1 {
                self.queued -= 1;
            }
            return;
        }
        let expected_ms = f64::from(known.expected_ms);
        let at = &mut self.nodes[node as usize];
        at.queued -= 1;
        at.queued_ms = if at.queued == 0 { 0.0 } else { (at.queued_ms - expected_ms).max(0.0) };
        self.weigh(node);
    }

    /// The load of a node has changed.
    #[inline]
    fn weigh(&mut self, node: NodeId) {
        let at = &self.nodes[node as usize];
        self.loads.update(node, at.load());
        self.crowded.set(node, at.is_crowded());
        self.is_stirred = true;
    }

    fn free(&mut self, node: NodeId, task: TaskId, version: RunId) {
        if self.is_alive(node) {
            self.commands.push(Command::Free { node, task, version });
        }
    }

    fn has_copy(&self, node: NodeId, task: TaskId, version: RunId) -> bool {
        let task = &self.tasks[task as usize];
        task.version == version && task.is_at(node)
    }

    fn add_copy(&mut self, node: NodeId, task: TaskId) {
        let who_has = &mut self.tasks[task as usize].who_has;
        let Err(place) = who_has.binary_search(&node) else { return };
        who_has.insert(place, node);
        self.is_stirred |= self.nodes[node as usize].is_idle();
        let Node { holds, held, .. } = &mut self.nodes[node as usize];
        holds.push(task);
        *held += 1;
        // Drops what it no longer has, when that is most of the list.
        if holds.len() > 64 && holds.len() > 4 * *held {
            let tasks = &self.tasks;
            holds.sort_unstable();
            holds.dedup();
            holds.retain(|&task| tasks[task as usize].is_at(node));
        }
    }

    /// Every copy of a value is dropped.
    fn free_all(&mut self, task: TaskId) {
        let Task { version, who_has, .. } = &mut self.tasks[task as usize];
        let (version, holders): (_, SmallVec<[NodeId; 2]>) = (*version, std::mem::take(who_has));
        for node in holders {
            self.nodes[node as usize].held -= 1;
            self.commands.push(Command::Free { node, task, version });
        }
    }

    fn withdraw(&mut self, task: TaskId) {
        let &Task { node, run, .. } = &self.tasks[task as usize];
        self.commands.push(Command::Withdraw { node, task, run });
    }
}
