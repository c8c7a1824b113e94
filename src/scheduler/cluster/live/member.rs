//! A node, as it is in its worker: runs tasks, keeps their values, and gets others from other nodes.
//!
//! Whoever owns it passes messages on. A node with one slot runs one task at a time, on the thread that asks, and answers
//! other nodes between two tasks. One with more has [`Slots`] for its tasks, and always answers.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
    mem,
    sync::Arc,
};

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{
    super::{
        super::bytes::Message,
        message::{Event, Input, NodeId, RunId},
        node::{Action, Node, Ran},
    },
    orders::{Letter, Network, Order, Welcome},
    peers::{self, Said},
    report::{self, Arrival, NO_SLOT, Record, Span},
    slots::{Done, Job, Slots, caught, compute, slow_down},
    storage::Storage,
    tasks::Tasks,
    values::{Encoded, NotHere, Pinned, Values},
};
use crate::{
    binary::{Section, Source, copied},
    clock::now_ms,
    error::{Error, Result},
    graph::{TaskGraph, TaskId},
    kernels,
    operations::{Op, output_bytes},
    trace::Reason,
    value::Value,
};

/// The number of tasks without a kernel that end before the clock is read.
const PLAIN_PER_READ: usize = 16;

/// A message of a node.
#[derive(Debug)]
pub struct Post {
    /// The node that it is for; `None` for the scheduler.
    pub to: Option<NodeId>,
    /// The message.
    pub message: Message,
    /// How long to wait before it is sent, on a slow network.
    pub delay_ms: f64,
}

/// The worker of a node. It has no number before the scheduler has told it.
#[derive(Default)]
pub struct Member {
    home: Option<Home>,
    /// Those of a node that has several.
    slots: Option<Arc<Slots>>,
    /// How many bytes its values may take, whatever the scheduler says.
    most_bytes: Option<u64>,
    /// What the scheduler is told if there is no home to tell it.
    lost: report::Draft,
    /// The number of the last message of the scheduler, and when it came.
    received: (u32, f64),
}

impl Drop for Member {
    fn drop(&mut self) {
        self.slots.iter().for_each(|slots| slots.close());
    }
}

/// All that a node has once it knows what it is.
struct Home {
    id: NodeId,
    node: Node,
    tasks: Tasks,
    /// Values scattered by the client whose tasks have not run yet.
    given: FxHashMap<TaskId, Value>,
    slowness: f64,
    network: Network,
    values: Values,
    /// Whether it takes no new tasks, since its values take too much memory.
    is_paused: bool,
    /// How many attempts erred before each that has not ended.
    attempts: FxHashMap<RunId, u8>,
    /// What runs next.
    ready: VecDeque<(TaskId, RunId)>,
    /// The slots of a node that has several, with what each runs: the values that it reads, and the room for its value.
    slots: Option<(Arc<Slots>, Vec<Option<Occupied>>)>,
    /// The values that were asked for.
    asked: FxHashMap<(TaskId, RunId), Asked>,
    /// How long tasks have run on this thread so far.
    busy_ms: f64,
    /// The nodes that are gone.
    gone: FxHashSet<NodeId>,
    /// The tasks without a kernel that ran since the clock was read.
    plain: Vec<(TaskId, RunId)>,
    report: report::Draft,
    drafts: BTreeMap<NodeId, peers::Draft>,
    /// Until when the network is busy.
    sends_until_ms: f64,
    /// When the clock was last read.
    at_ms: f64,
}

/// A request for a value.
struct Asked {
    /// The node that was asked.
    from: NodeId,
    at_ms: f64,
    /// How long tasks had run on this thread by then.
    busy_ms: f64,
}

/// What a task that runs in a slot takes.
struct Occupied {
    inputs: Pinned,
    room: u64,
}

/// Why there is no value of a task.
enum Failed {
    /// There is no room for this number of bytes.
    NoRoom(u64, kernels::Message),
    Erred(kernels::Message),
}

impl Member {
    /// A node with one slot that has no tasks yet.
    pub fn new() -> Member {
        Member::default()
    }

    /// A node that runs as many tasks at once as it has slots. Somebody has to run [them](Member::slots) if there are several.
    pub fn with_slots(count: u32) -> Member {
        let slots = (count > 1).then(|| Slots::new(count.min(u32::from(NO_SLOT - 1)) as u8).into());
        let mut member = Member::new();
        member.slots = slots;
        member
    }

    /// Its values may not take more bytes than this, whatever the scheduler says: the browser gave it less memory.
    pub fn limit_memory(&mut self, most_bytes: u64) {
        self.most_bytes = Some(most_bytes);
    }

    /// The slots of a node that has several.
    pub fn slots(&self) -> Option<&Arc<Slots>> {
        self.slots.as_ref()
    }

    /// A message came from the scheduler, or from another node.
    pub fn on_message(&mut self, from: Option<NodeId>, message: &dyn Source) {
        let came_ms = now_ms();
        let read = match (from, &mut self.home) {
            (None, _) => self.obey(&copied(message, 0..message.len()), came_ms),
            (Some(from), Some(home)) => home.hear(from, message, came_ms),
            // The scheduler welcomes a node before it tells any other node of it.
            (Some(_), None) => Err(Error::invalid("another node sent something before the scheduler did")),
        };
        if let Err(error) = read {
            let report = self.home.as_mut().map_or(&mut self.lost, |home| &mut home.report);
            report.add(&Record::Unreadable(&error.to_string()));
        }
        if let Some(home) = &mut self.home {
            home.act();
            home.settle();
        }
    }

    /// Whether somebody should open a file for values that do not fit into memory, and [pass it on](Member::use_storage). True
    /// once. No task runs before that.
    pub fn wants_storage(&mut self) -> bool {
        self.home.as_mut().is_some_and(|home| home.values.wants_storage())
    }

    /// There is a file for values from now on; `None` if there will be none, so that the node can only pause.
    pub fn use_storage(&mut self, storage: Option<Box<dyn Storage>>) {
        if let Some(home) = &mut self.home {
            home.values.use_storage(storage);
            home.settle();
        }
    }

    /// Does what the scheduler tells it to.
    ///
    /// # Errors
    /// The message cannot be read.
    fn obey(&mut self, message: &[u8], came_ms: f64) -> Result<()> {
        let (number, letter) = Letter::read(message)?;
        self.received = (number, came_ms);
        match (letter, &mut self.home) {
            (Letter::Welcome(mut welcome, graph), _) => {
                welcome.memory_limit = welcome.memory_limit.min(self.most_bytes.unwrap_or(u64::MAX));
                let mut tasks = Tasks::default();
                if !graph.is_empty() {
                    tasks.add(TaskGraph::decode(graph)?, &FxHashMap::default());
                }
                self.home = Some(Home::new(&welcome, tasks, self.slots.clone(), came_ms));
            }
            (Letter::Orders(orders), Some(home)) => {
                for order in orders {
                    home.obey(order)?;
                }
            }
            (Letter::Tasks { known, first, graph }, Some(home)) => home.learn(first, graph, &known)?,
            (Letter::Given { task, value }, Some(home)) => {
                let value = if value.is_empty() { Value::None } else { Value::decode(value)? };
                home.given.insert(task, value);
            }
            (_, None) => return Err(Error::invalid("something came before the welcome")),
        }
        Ok(())
    }

    /// Runs tasks for about `budget_ms`, and at least one; or gives them to slots, and takes in what these have run. Returns
    /// whether there are more.
    pub fn work(&mut self, budget_ms: f64) -> bool {
        self.home.as_mut().is_some_and(|home| home.work(budget_ms))
    }

    /// Takes the messages that are to be sent now, in this order.
    pub fn posts(&mut self) -> Vec<Post> {
        let mut posts = Vec::new();
        let mut report = mem::take(&mut self.lost);
        let (mut now, mut held) = (0.0, 0);
        if let Some(home) = &mut self.home {
            home.note_plain();
            home.post_drafts(&mut posts);
            held = home.values.memory().held();
            now = now_ms();
            if report.is_empty() {
                report = mem::take(&mut home.report);
            }
        }
        if !report.is_empty() {
            let message = report.message(self.received, now, held);
            posts.push(Post { to: None, message, delay_ms: 0.0 });
        }
        posts
    }
}

impl Home {
    fn new(welcome: &Welcome, tasks: Tasks, slots: Option<Arc<Slots>>, now_ms: f64) -> Home {
        let count = slots.as_ref().map_or(1, |slots| slots.len());
        let occupied = || (0..count).map(|_| None).collect();
        Home {
            id: welcome.node,
            node: Node::new(welcome.node, count as u32),
            slots: slots.map(|slots| (slots, occupied())),
            tasks,
            given: FxHashMap::default(),
            slowness: welcome.slowness,
            network: welcome.network,
            values: Values::new(welcome.memory_limit),
            is_paused: false,
            attempts: FxHashMap::default(),
            ready: VecDeque::new(),
            asked: FxHashMap::default(),
            busy_ms: 0.0,
            gone: FxHashSet::default(),
            plain: Vec::new(),
            report: report::Draft::default(),
            drafts: BTreeMap::new(),
            sends_until_ms: 0.0,
            at_ms: now_ms,
        }
    }

    /// Takes the tasks of another graph.
    ///
    /// # Errors
    /// The message does not fit what came before, or cannot be read.
    fn learn(&mut self, first: TaskId, graph: &[u8], known: &FxHashMap<TaskId, TaskId>) -> Result<()> {
        if first as usize != self.tasks.len() || known.values().any(|&earlier| earlier >= first) {
            return Err(Error::invalid(format!("task {first} after {}", self.tasks.len())));
        }
        self.tasks.add(TaskGraph::decode(graph)?, known);
        Ok(())
    }

    /// # Errors
    /// The order does not fit the graph.
    fn obey(&mut self, order: Order) -> Result<()> {
        match order {
            Order::Compute { task, run, attempt, inputs } => {
                if task as usize >= self.tasks.len() {
                    return Err(Error::invalid(format!("task {task} of a graph with {}", self.tasks.len())));
                }
                self.attempts.insert(run, attempt);
                self.node.compute(task, run, inputs);
            }
            Order::Withdraw { task, run } => {
                self.act();
                // A task that waits behind another has not begun, though the node has told this worker to run it.
                match self.ready.iter().position(|&next| next == (task, run)) {
                    Some(place) => {
                        self.ready.remove(place);
                        self.node.withdraw_unbegun(task, run);
                    }
                    None => self.node.withdraw(task, run),
                }
            }
            Order::Free { task, version } => {
                self.node.free(task, version);
                self.values.free(task, version);
            }
            Order::Send { task, version } => self.node.send(task, version),
            Order::Gone { node } => {
                self.gone.insert(node);
                self.drafts.remove(&node);
                let is_from = |(_, asked): &(&(TaskId, RunId), &Asked)| asked.from == node;
                let mut lost: Vec<(TaskId, RunId)> =
                    self.asked.iter().filter(is_from).map(|(&key, _)| key).collect();
                lost.sort_unstable();
                lost.into_iter().for_each(|(task, version)| self.not_found(node, task, version));
            }
        }
        Ok(())
    }

    /// Another node says something of values.
    ///
    /// # Errors
    /// The message cannot be read.
    fn hear(&mut self, from: NodeId, message: &dyn Source, came_ms: f64) -> Result<()> {
        for (task, version, said) in peers::read(message)? {
            match said {
                Said::Fetch => self.answer(from, task, version)?,
                Said::Value(place) => {
                    let length = place.len();
                    let value = Value::decode_from(&Section::new(message, place))?;
                    self.arrived((from, task, version), value, length, came_ms);
                }
                Said::None => self.arrived((from, task, version), Value::None, 0, came_ms),
                Said::NotHere => self.not_found(from, task, version),
            }
        }
        Ok(())
    }

    /// Sends a value to another node.
    ///
    /// # Errors
    /// The value cannot leave this process.
    fn answer(&mut self, to: NodeId, task: TaskId, version: RunId) -> Result<()> {
        let start_ms = now_ms();
        let encoded = self.values.encoded(task, version)?;
        let draft = self.drafts.entry(to).or_default();
        match encoded {
            Encoded::Missing => draft.not_here(task, version),
            Encoded::None => draft.none(task, version),
            Encoded::Part(value) => {
                let length = value.len() as u64;
                draft.value(task, version, value);
                let span = Span { slot: self.free_slot(), start_ms, stop_ms: now_ms() };
                self.report.add(&Record::Written { task, span, length });
            }
        }
        Ok(())
    }

    /// A node has sent a value. If another one was asked meanwhile, this one is as good.
    fn arrived(
        &mut self,
        (from, task, version): (NodeId, TaskId, RunId),
        value: Value,
        length: usize,
        came_ms: f64,
    ) {
        let Some(asked) = self.asked.remove(&(task, version)) else { return };
        let (asked_ms, busy_ms) = (asked.at_ms, self.busy_ms - asked.busy_ms);
        let (read_ms, bytes, length) = (now_ms(), value.bytes(), length as u64);
        let is_kept = self.node.arrived(task, version, bytes, came_ms - asked_ms);
        if is_kept {
            self.values.memory().hold(bytes);
            self.values.keep(task, version, value);
        }
        let slot = self.free_slot();
        let arrival = Arrival {
            task,
            version,
            from,
            asked_ms,
            busy_ms,
            came_ms,
            read_ms,
            bytes,
            length,
            slot,
            is_kept,
        };
        self.report.add(&Record::Arrived(arrival));
    }

    /// A node does not have a value. If another one was asked meanwhile, its answer counts.
    fn not_found(&mut self, from: NodeId, task: TaskId, version: RunId) {
        if self.asked.get(&(task, version)).is_some_and(|asked| asked.from == from) {
            self.asked.remove(&(task, version));
            self.node.not_found(Input { task, version, from });
        }
    }

    /// Does what the node wants done.
    fn act(&mut self) {
        let mut unreachable: SmallVec<[Input; 2]> = SmallVec::new();
        loop {
            let actions: SmallVec<[Action; 4]> = self.node.actions().collect();
            for action in actions {
                match action {
                    Action::Fetch(input) if self.gone.contains(&input.from) => unreachable.push(input),
                    Action::Fetch(input) => {
                        let asked = Asked { from: input.from, at_ms: now_ms(), busy_ms: self.busy_ms };
                        self.asked.insert((input.task, input.version), asked);
                        self.drafts.entry(input.from).or_default().fetch(input.task, input.version);
                    }
                    Action::Run { task, run } => self.ready.push_back((task, run)),
                    Action::Deliver { task } => self.deliver(task),
                    Action::Tell(Event::Missing { task, run, input, .. }) => {
                        self.attempts.remove(&run);
                        self.report.add(&Record::Missing { task, run, input });
                    }
                    Action::Tell(Event::Withdrawn { task, run, granted, .. }) => {
                        if granted {
                            self.attempts.remove(&run);
                            self.given.remove(&task);
                        }
                        self.report.add(&Record::Withdrawn { task, run, granted });
                    }
                    Action::Tell(Event::Gone { task, version, .. }) => {
                        self.report.add(&Record::NotHere { task, version });
                    }
                    // What ran and what arrived was noted with its times.
                    Action::Tell(_) => {}
                }
            }
            if unreachable.is_empty() {
                break;
            }
            unreachable.drain(..).for_each(|input| self.node.not_found(input));
        }
    }

    /// Sends the value of a target to the client.
    fn deliver(&mut self, task: TaskId) {
        self.note_plain();
        let start_ms = now_ms();
        let version = self.values.version(task).unwrap_or(0);
        match self.values.encoded(task, version) {
            Ok(Encoded::None) => self.report.value(task, None),
            Ok(Encoded::Part(value)) => {
                let length = value.len() as u64;
                let span = Span { slot: self.free_slot(), start_ms, stop_ms: now_ms() };
                self.report.add(&Record::Written { task, span, length });
                self.report.value(task, Some(value));
            }
            Ok(Encoded::Missing) => {
                self.node.free(task, version);
                self.report.add(&Record::NotHere { task, version });
            }
            Err(error) => self.report.add(&Record::Unreadable(&error.to_string())),
        }
    }

    /// Spills values if they take too much memory. If that does not help, the node gives back the tasks that it has not
    /// begun, and takes no new ones until memory is free again.
    fn settle(&mut self) {
        self.values.slot = self.free_slot();
        self.values.settle(&mut self.report);
        let is_full = self.values.is_full() && !self.values.waits();
        if is_full == self.is_paused {
            return;
        }
        self.is_paused = is_full;
        self.note_plain();
        let held = self.values.memory().held();
        if is_full {
            self.report.add(&Record::Paused { held, reason: self.values.why_not_spilled() });
            self.node.give_back(self.ready.drain(..).map(|(_, run)| run));
            self.act();
        } else {
            self.report.add(&Record::Resumed { held });
        }
    }

    fn work(&mut self, budget_ms: f64) -> bool {
        self.at_ms = now_ms();
        let until_ms = self.at_ms + budget_ms;
        self.collect();
        let mut is_stuck = false;
        while !self.values.waits()
            && !is_stuck
            && let Some((task, run)) = self.ready.pop_front()
        {
            is_stuck = !self.run(task, run);
            self.act();
            self.settle();
            if self.plain.is_empty() && self.at_ms >= until_ms {
                break;
            }
        }
        self.note_plain();
        !self.ready.is_empty() && !self.values.waits() && !is_stuck
    }

    /// The first slot that runs nothing; [`NO_SLOT`] if all run something. A node with one slot does one thing at a time.
    fn free_slot(&self) -> u8 {
        let occupied = self.slots.as_ref().map(|(_, occupied)| occupied);
        occupied.map_or(0, |occupied| {
            occupied.iter().position(Option::is_none).map_or(NO_SLOT, |slot| slot as u8)
        })
    }

    /// Whether a slot runs something.
    fn is_busy(&self) -> bool {
        self.slots.as_ref().is_some_and(|(_, occupied)| occupied.iter().any(Option::is_some))
    }

    /// Takes in what the slots have run.
    fn collect(&mut self) {
        let Some((slots, _)) = &self.slots else { return };
        for done in slots.done() {
            self.ended(done);
        }
        self.act();
        self.settle();
    }

    fn ended(&mut self, Done { task, run, span, result }: Done) {
        let slot = usize::from(span.slot);
        let occupied = self.slots.as_mut().and_then(|(_, occupied)| occupied[slot].take());
        let Occupied { inputs, room } = occupied.expect("it was given to this slot");
        self.values.unpin(&inputs);
        let result = result.and_then(|value| {
            self.values.memory().adopt(room).keep(value.bytes())?;
            Ok(value)
        });
        self.attempts.remove(&run);
        self.ran(task, run, span, result);
    }

    /// A task has been run.
    fn ran(
        &mut self,
        task: TaskId,
        run: RunId,
        span: Span,
        result: std::result::Result<Value, kernels::Message>,
    ) {
        self.given.remove(&task);
        match result {
            Ok(value) => {
                let bytes = value.bytes();
                self.report.add(&Record::Computed { task, run, span, bytes });
                if self.node.ran(task, run, Ran::Value { ms: span.stop_ms - span.start_ms, bytes }) {
                    self.values.keep(task, run, value);
                } else {
                    self.values.memory().free(bytes);
                }
            }
            Err(message) => {
                self.report.add(&Record::Erred { task, run, span, message: &message });
                self.node.ran(task, run, Ran::Erred(message));
            }
        }
    }

    /// Gives a task to a slot. Returns whether it could: otherwise it waits until another task ends.
    fn give(&mut self, task: TaskId, run: RunId) -> bool {
        let slot = self.free_slot();
        self.values.slot = slot;
        let can_wait = self.is_busy();
        let wait = |home: &mut Home| {
            home.ready.push_front((task, run));
            false
        };
        let since = match self.values.bring(self.tasks.inputs(task), can_wait, &mut self.report) {
            Ok(since) => since,
            Err(NotHere::Lost(lost)) => {
                self.lose_input(task, run, lost);
                return true;
            }
            Err(NotHere::NoRoom) => return wait(self),
        };
        let needed = needed(self.tasks.op(task), &self.inputs(task), self.given.get(&task));
        let room = needed.and_then(|bytes| match self.values.memory().take(bytes) {
            Ok(()) => Ok(Some(bytes)),
            Err(message) => {
                if self.values.make_room(bytes, since, &mut self.report) {
                    return self.values.memory().take(bytes).map(|()| Some(bytes));
                }
                // Other tasks may end, and others may go to the file that is opened now.
                if can_wait || self.values.waits() { Ok(None) } else { Err(self.refused(message)) }
            }
        });
        let room = match room {
            Ok(Some(room)) => room,
            Ok(None) => return wait(self),
            Err(message) => {
                self.attempts.remove(&run);
                let at_ms = now_ms();
                self.ran(task, run, Span { slot, start_ms: at_ms, stop_ms: at_ms }, Err(message));
                return true;
            }
        };
        let (inputs, pinned) = self.values.pin(self.tasks.inputs(task));
        let (graph, place) = self.tasks.shared(task);
        let (given, slowness) = (self.given.get(&task).cloned(), self.slowness);
        let attempt = self.attempts.get(&run).copied().unwrap_or(0);
        let (slots, occupied) = self.slots.as_mut().expect("a node with several slots has them");
        occupied[usize::from(slot)] = Some(Occupied { inputs: pinned, room });
        slots.give(usize::from(slot), Job { task, run, graph, place, inputs, given, attempt, slowness });
        true
    }

    /// There is no room for a value. Says why others were not spilled for it, if they could not be.
    fn refused(&self, message: kernels::Message) -> kernels::Message {
        match self.values.why_not_spilled() {
            Reason::None => message,
            reason => format!("{message}. No value could be spilled to make room: {}", reason.text()).into(),
        }
    }

    /// Runs a task, or gives it to a slot. Returns whether that was possible: otherwise it is to be tried again.
    fn run(&mut self, task: TaskId, run: RunId) -> bool {
        // The scheduler may have dropped an input in the meantime, since nobody needs this task any more.
        let dependencies = self.tasks.inputs(task);
        if let Some(&dropped) = dependencies.iter().find(|&&dependency| !self.values.has(dependency)) {
            self.attempts.remove(&run);
            self.node.lacks(task, run, Input { task: dropped, version: 0, from: self.id });
            return true;
        }
        if let Op::NoOp = self.tasks.op(task)
            && !self.given.contains_key(&task)
        {
            self.attempts.remove(&run);
            if self.node.ran(task, run, Ran::Value { ms: 0.0, bytes: 0 }) {
                self.values.keep(task, run, Value::None);
            }
            self.plain.push((task, run));
            if self.plain.len() == PLAIN_PER_READ {
                self.note_plain();
            }
            return true;
        }
        self.note_plain();
        match self.slots {
            Some(_) => self.give(task, run),
            None => self.run_here(task, run),
        }
    }

    /// Runs a task on this thread.
    fn run_here(&mut self, task: TaskId, run: RunId) -> bool {
        let dependencies = self.tasks.inputs(task);
        let since = match self.values.bring(dependencies, false, &mut self.report) {
            Ok(since) => since,
            Err(NotHere::Lost(lost)) => {
                self.lose_input(task, run, lost);
                return true;
            }
            Err(NotHere::NoRoom) => unreachable!("no other task runs"),
        };
        let attempt = self.attempts.get(&run).copied().unwrap_or(0);
        let mut start_ms = self.begin_ms();
        let mut ran = self.attempt(task, attempt);
        if let Err(Failed::NoRoom(bytes, _)) = ran {
            if self.values.make_room(bytes, since, &mut self.report) {
                start_ms = self.begin_ms();
                ran = self.attempt(task, attempt);
            } else if self.values.waits() {
                // Others may go to the file that is opened now.
                self.ready.push_front((task, run));
                return false;
            }
        }
        self.attempts.remove(&run);
        self.at_ms = slow_down(start_ms, self.slowness);
        self.busy_ms += self.at_ms - start_ms;
        let span = Span { slot: 0, start_ms, stop_ms: self.at_ms };
        let ran = ran.map_err(|failed| match failed {
            Failed::NoRoom(_, message) => self.refused(message),
            Failed::Erred(message) => message,
        });
        self.ran(task, run, span, ran);
        true
    }

    /// Notes the tasks without a kernel that ran.
    fn note_plain(&mut self) {
        if self.plain.is_empty() {
            return;
        }
        self.at_ms = now_ms();
        self.report.add(&Record::Time(self.at_ms, self.free_slot()));
        for (task, run) in self.plain.drain(..) {
            self.report.add(&Record::Plain { task, run });
        }
    }

    /// An input of a task cannot be read back from the file. It is computed again.
    fn lose_input(&mut self, task: TaskId, run: RunId, lost: TaskId) {
        self.attempts.remove(&run);
        let version = self.values.version(lost).unwrap_or(0);
        self.values.free(lost, version);
        self.node.free(lost, version);
        let input = Input { task: lost, version, from: self.id };
        self.node.lacks(task, run, input);
    }

    /// When a task begins: what was spilled and read back for it came before.
    fn begin_ms(&mut self) -> f64 {
        if self.values.has_moved() {
            self.at_ms = now_ms();
        }
        self.at_ms
    }

    /// Makes the value of a task, for which there must be room.
    fn attempt(&self, task: TaskId, attempt: u8) -> std::result::Result<Value, Failed> {
        let inputs = self.inputs(task);
        let given = self.given.get(&task);
        let bytes = needed(self.tasks.op(task), &inputs, given).map_err(Failed::Erred)?;
        let room = self.values.memory().reserve(bytes).map_err(|message| Failed::NoRoom(bytes, message))?;
        let value = match given {
            Some(value) => value.clone(),
            None => compute(self.tasks.op(task), inputs, attempt).map_err(Failed::Erred)?,
        };
        room.keep(value.bytes()).map_err(Failed::Erred)?;
        Ok(value)
    }

    /// The values that a task reads, which are in memory.
    fn inputs(&self, task: TaskId) -> SmallVec<[kernels::Input<'_>; 4]> {
        let input = |&dependency: &TaskId| {
            Cow::Borrowed(self.values.get(dependency).expect("a task runs when its inputs are there"))
        };
        self.tasks.inputs(task).iter().map(input).collect()
    }

    /// The messages for other nodes. On a slow network, they are sent later.
    fn post_drafts(&mut self, posts: &mut Vec<Post>) {
        if self.drafts.is_empty() {
            return;
        }
        let now_ms = now_ms();
        let Network { latency_ms, bytes_per_ms } = self.network;
        for (node, draft) in mem::take(&mut self.drafts) {
            let message = draft.message();
            self.sends_until_ms = self.sends_until_ms.max(now_ms) + message.len() as f64 / bytes_per_ms;
            let delay_ms = latency_ms + self.sends_until_ms - now_ms;
            posts.push(Post { to: Some(node), message, delay_ms });
        }
    }
}

/// The room that a task needs for its value.
///
/// # Errors
/// The operation cannot say.
fn needed(
    op: &Op,
    inputs: &[kernels::Input<'_>],
    given: Option<&Value>,
) -> std::result::Result<u64, kernels::Message> {
    match given {
        Some(value) => Ok(value.bytes()),
        None => caught(|| Ok(output_bytes(op, inputs))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        graph::{GraphBuilder, Plan},
        operations::{self, Busy},
        scheduler::cluster::live::{
            orders::{self, Orders},
            report::Report,
        },
    };

    #[test]
    fn a_task_that_waits_behind_another_is_given_back() {
        let mut graph = GraphBuilder::new();
        for key in ["a", "b"] {
            graph.task(key.into(), Op::Busy(Busy { steps: 1, failures: 0 }), []);
            graph.target(key.into());
        }
        let graph = Plan::new(&graph.build().unwrap()).encode().unwrap().to_bytes().into();
        let network = Network { latency_ms: 0.0, bytes_per_ms: f64::INFINITY };
        let welcome = Welcome { node: 0, memory_limit: 1 << 20, slowness: 1.0, network };
        let mut member = Member::new();
        member.on_message(None, &&orders::welcome(1, &welcome, graph).to_bytes()[..]);
        let mut told = 1;
        let mut tell = |member: &mut Member, orders: &[Order]| {
            let mut letter = Orders::default();
            orders.iter().for_each(|order| letter.add(order));
            told += 1;
            member.on_message(None, &&letter.message(told).to_bytes()[..]);
        };
        let compute = |task, run| Order::Compute { task, run, attempt: 0, inputs: SmallVec::new() };
        tell(&mut member, &[compute(0, 1), compute(1, 2)]);
        assert!(member.work(0.0), "one of two has run");
        tell(&mut member, &[Order::Withdraw { task: 1, run: 2 }]);
        assert!(!member.work(0.0), "the other does not run");
        let posts = member.posts();
        let message = posts[0].message.to_bytes();
        let records = Report::read(&message).unwrap().records;
        assert!(records.contains(&Record::Withdrawn { task: 1, run: 2, granted: true }), "{records:?}");
    }

    #[test]
    fn a_node_with_less_memory_has_a_lower_limit() {
        let mut graph = GraphBuilder::new();
        let full = operations::Full {
            shape: [10].as_slice().into(),
            fill_value: 1.0.into(),
            dtype: Default::default(),
        };
        graph.task("a".into(), Op::Full(full.into()), []);
        graph.target("a".into());
        let graph = Plan::new(&graph.build().unwrap()).encode().unwrap().to_bytes();
        let network = Network { latency_ms: 0.0, bytes_per_ms: f64::INFINITY };
        let welcome = Welcome { node: 0, memory_limit: 1 << 20, slowness: 1.0, network };
        let erred = |most_bytes: u64| {
            let mut member = Member::new();
            member.limit_memory(most_bytes);
            member.on_message(None, &&orders::welcome(1, &welcome, graph.clone().into()).to_bytes()[..]);
            let mut letter = Orders::default();
            letter.add(&Order::Compute { task: 0, run: 1, attempt: 0, inputs: SmallVec::new() });
            member.on_message(None, &&letter.message(2).to_bytes()[..]);
            member.work(1.0);
            member.use_storage(None);
            member.work(1.0);
            let message = member.posts()[0].message.to_bytes();
            let records = Report::read(&message).unwrap().records;
            records.iter().find_map(|record| match record {
                Record::Erred { message, .. } => Some((*message).to_owned()),
                _ => None,
            })
        };
        assert_eq!(erred(80), None);
        let message = erred(79).unwrap();
        assert!(message.contains("the memory limit is 79 B"), "{message}");
    }

    /// The node 0, which needs the value of task 0 for task 1 and may run task 2 meanwhile, and what tells it orders.
    fn asking() -> (Member, impl FnMut(&mut Member, &[Order])) {
        let mut graph = GraphBuilder::new();
        let busy = || Op::Busy(Busy { steps: 1000, failures: 0 });
        graph.task("a".into(), busy(), []);
        graph.task("b".into(), Op::NoOp, ["a".into()]);
        graph.task("c".into(), busy(), []);
        ["b", "c"].into_iter().for_each(|key| graph.target(key.into()));
        let graph = Plan::new(&graph.build().unwrap()).encode().unwrap().to_bytes().into();
        let network = Network { latency_ms: 0.0, bytes_per_ms: f64::INFINITY };
        let welcome = Welcome { node: 0, memory_limit: 1 << 20, slowness: 1.0, network };
        let mut member = Member::new();
        member.on_message(None, &&orders::welcome(1, &welcome, graph).to_bytes()[..]);
        let mut told = 1;
        let tell = move |member: &mut Member, orders: &[Order]| {
            let mut letter = Orders::default();
            orders.iter().for_each(|order| letter.add(order));
            told += 1;
            member.on_message(None, &&letter.message(told).to_bytes()[..]);
        };
        (member, tell)
    }

    fn compute(task: TaskId, run: RunId, from: Option<NodeId>) -> Order {
        let inputs = from.map(|from| Input { task: 0, version: 9, from }).into_iter().collect();
        Order::Compute { task, run, attempt: 0, inputs }
    }

    #[test]
    fn an_answer_counts_if_it_is_of_the_node_that_was_asked() {
        let (mut member, mut tell) = asking();
        tell(&mut member, &[compute(1, 1, Some(5))]);
        tell(&mut member, &[Order::Gone { node: 5 }, compute(1, 2, Some(6))]);
        let not_here = || {
            let mut draft = peers::Draft::default();
            draft.not_here(0, 9);
            draft.message().to_bytes()
        };
        let missing = |member: &mut Member| {
            let messages: Vec<Vec<u8>> = member.posts().iter().map(|post| post.message.to_bytes()).collect();
            let is_missing = |record: &Record<'_>| match record {
                Record::Missing { run, .. } => Some(*run),
                _ => None,
            };
            let reports = messages.iter().filter_map(|message| Report::read(message).ok());
            reports
                .flat_map(|report| report.records.iter().filter_map(is_missing).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        assert_eq!(missing(&mut member), [1], "with the node that is gone");
        member.on_message(Some(5), &&not_here()[..]);
        assert_eq!(missing(&mut member), [0; 0], "it was not asked");
        member.on_message(Some(6), &&not_here()[..]);
        assert_eq!(missing(&mut member), [2]);
    }

    #[test]
    fn a_node_says_how_long_it_did_not_look_for_a_value() {
        let (mut member, mut tell) = asking();
        tell(&mut member, &[compute(1, 1, Some(5)), compute(2, 2, None)]);
        assert!(!member.work(0.0), "one task has run, and one waits");
        let mut draft = peers::Draft::default();
        draft.none(0, 9);
        member.on_message(Some(5), &&draft.message().to_bytes()[..]);
        let message = member.posts().pop().unwrap().message.to_bytes();
        let records = Report::read(&message).unwrap().records;
        let ran = records.iter().find_map(|record| match record {
            Record::Computed { span, .. } => Some(span.stop_ms - span.start_ms),
            _ => None,
        });
        let busy = records.iter().find_map(|record| match record {
            Record::Arrived(Arrival { busy_ms, is_kept: true, .. }) => Some(*busy_ms),
            _ => None,
        });
        assert_eq!(busy, ran);
        assert!(busy.is_some());
    }
}
