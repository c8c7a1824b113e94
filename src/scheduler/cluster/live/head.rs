//! The scheduler of the nodes: what the [`Core`] decides becomes messages, and what nodes report becomes events, a
//! [trace](Lanes) and the values of the targets.

use std::{
    collections::{BTreeMap, VecDeque},
    mem,
    sync::Arc,
};

use rustc_hash::FxHashMap;

use super::{
    super::{
        super::{
            bytes::Bytes,
            clocks::Offset,
            completion::Ending,
            content::Content,
            failures::Failures,
            memory::Memory,
            options::{Changes, MOST_NODES, Network as Dialled, Options},
            shown::Shown,
        },
        core::{self, Core, Placement, Settings},
        message::{self, NodeId},
        outline::Outline,
    },
    client::{Client, FutureId, News, Request},
    command::{Command, Event, Place},
    lanes::Lanes,
    orders::{self, Network, Order, Orders, Welcome},
    report::{Arrival, NO_SLOT, Record, Report},
};
use crate::{
    error::{Error, Result},
    graph::{Plan, TaskId},
    trace::{Action, Reason, Trace},
    value::Value,
};

/// The number of places: each has its lanes, and a node may come to one that another has left.
const PLACES: usize = 32;

/// A run is given up when this number of nodes in a row died before they were up.
const MOST_FAILED_STARTS: u32 = 3;

/// A node that is alive or starts.
struct Seat {
    place: usize,
    is_up: bool,
    clock: Offset,
    /// The number of the last message for it.
    number: u32,
    /// When each message was sent that has no report yet.
    sent: VecDeque<(u32, f64)>,
    orders: Orders,
    /// The tasks that it was sent and that are still under way, lowest first: it runs the lowest that can run.
    tasks: Vec<TaskId>,
    /// How many bytes its values hold.
    held: u64,
}

impl Seat {
    /// The number of the next message for it, which is sent now.
    fn next_number(&mut self, now_ms: f64) -> u32 {
        self.number += 1;
        self.sent.push_back((self.number, now_ms));
        self.number
    }
}

/// The scheduler of one run.
pub(super) struct Head {
    plan: Arc<Plan>,
    graph: Bytes,
    lanes: Lanes,
    memory: Arc<Memory>,
    memory_limit: u64,
    dialled: Dialled,
    /// The number of slots of each node.
    slots: u32,
    failures: Failures,
    shown: Option<Shown>,
    keep_going: bool,
    core: Core,
    /// Of a cluster that is open.
    client: Option<Client>,
    /// The nodes that have not died.
    seats: BTreeMap<NodeId, Seat>,
    /// The place of each node that there ever was.
    place_of: Vec<usize>,
    /// The node of each place, if it has one.
    places: Vec<Option<NodeId>>,
    failed_starts: u32,
    /// What happened to the node that died last, unless it was ended on purpose.
    last_death: Option<String>,
    /// The values of the targets.
    contents: FxHashMap<TaskId, Content>,
    /// How many bytes these hold.
    received_bytes: u64,
    /// What happens to the nodes when half of the tasks have run.
    changes: Changes,
    commands: VecDeque<Command>,
    ending: Option<Ending>,
}

impl Head {
    /// A run that starts now.
    ///
    /// # Errors
    /// An operation cannot leave this process.
    pub(super) fn new(plan: Arc<Plan>, options: &Options, now_ms: f64) -> Result<Head> {
        let graph = plan.encode()?.to_bytes().into();
        let settings = Settings { placement: Placement::Earliest, gather: true };
        let core = Core::new(Arc::new(Outline::new(&plan)), settings);
        Ok(Head::with((plan, graph), (core, None), options, now_ms))
    }

    /// A cluster that is open from now on: it runs what its client asks for, until it is cancelled. It keeps no trace.
    pub(super) fn open(options: &Options, now_ms: f64) -> Head {
        let options = Options { trace: false, shown: false, changes: Changes::NONE, ..*options };
        let nothing = (Arc::new(Plan::empty()), Vec::new().into());
        Head::with(nothing, (Core::open(), Some(Client::default())), &options, now_ms)
    }

    fn with(
        (plan, graph): (Arc<Plan>, Bytes),
        (core, client): (Core, Option<Client>),
        options: &Options,
        now_ms: f64,
    ) -> Head {
        let mut head = Head {
            graph,
            lanes: Lanes::new(PLACES, plan.clone(), options, now_ms),
            memory: Memory::new(options).into(),
            memory_limit: options.memory_limit.saturating_sub(options.persisted_bytes),
            dialled: options.network,
            slots: options.slots as u32,
            failures: Failures::default(),
            shown: options.shown.then(|| Shown::new(&plan)),
            keep_going: options.keep_going,
            core,
            client,
            seats: BTreeMap::new(),
            place_of: Vec::new(),
            places: vec![None; PLACES],
            failed_starts: 0,
            last_death: None,
            contents: FxHashMap::default(),
            received_bytes: 0,
            changes: options.changes,
            commands: VecDeque::new(),
            ending: None,
            plan,
        };
        (0..options.workers).for_each(|place| head.start(place));
        head
    }

    pub(super) fn trace(&self) -> &Arc<Trace> {
        self.lanes.trace()
    }

    pub(super) fn memory(&self) -> &Arc<Memory> {
        &self.memory
    }

    pub(super) fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// What is to be done, in this order.
    pub(super) fn commands(&mut self) -> VecDeque<Command> {
        mem::take(&mut self.commands)
    }

    /// How the run ended, if it has.
    pub(super) fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The places that have a node.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> =
            self.seats.values().map(|seat| Place { place: seat.place as u32, is_up: seat.is_up }).collect();
        places.sort_unstable_by_key(|place| place.place);
        places
    }

    /// What happened to the node that died last, as a sentence. `None` if none has died by itself.
    pub(super) fn last_death(&self) -> Option<&str> {
        self.last_death.as_deref()
    }

    /// Takes in what happened. When the run is over, nothing changes.
    pub(super) fn on(&mut self, event: Event, now_ms: f64) {
        if self.ending.is_some() {
            return;
        }
        let result = match event {
            Event::Joined { node } => {
                self.join(node, now_ms);
                Ok(())
            }
            Event::Said { node, message } => self.said(node, &message, now_ms),
            Event::Died { node, reason } => self.died(node, &reason, now_ms),
            Event::Tick => {
                self.core.on_event(message::Event::Tick, now_ms);
                Ok(())
            }
        };
        self.settle(result, now_ms);
    }

    /// Adds a node. Returns its place, or `None` if there is no room for another.
    pub(super) fn add(&mut self, now_ms: f64) -> Option<u32> {
        if self.ending.is_some() {
            return None;
        }
        let place = self.start_anywhere()?;
        self.settle(Ok(()), now_ms);
        Some(place as u32)
    }

    /// Ends the node of a place. Returns whether there is one.
    pub(super) fn kill(&mut self, place: u32, now_ms: f64) -> bool {
        let Some(&Some(node)) = self.places.get(place as usize) else { return false };
        if self.ending.is_some() {
            return false;
        }
        self.commands.push_back(Command::End { node });
        self.lose(&[node], None, now_ms);
        self.settle(Ok(()), now_ms);
        true
    }

    /// Does what the client asks for.
    ///
    /// # Errors
    /// It cannot be done, or there is no client.
    pub(super) fn ask(&mut self, request: Request, now_ms: f64) -> Result<()> {
        let Some(client) = self.client.as_mut().filter(|_| self.ending.is_none()) else {
            return Err(Error::closed());
        };
        if client.ask(request, &mut self.core, now_ms)? {
            let last = client.graphs() - 1;
            self.lanes.grow(self.core.len());
            for (&node, seat) in self.seats.iter_mut().filter(|(_, seat)| seat.is_up) {
                let message = client.letter(last, seat.next_number(now_ms));
                self.commands.push_back(Command::Send { node, message });
            }
        }
        self.settle(Ok(()), now_ms);
        Ok(())
    }

    /// Takes what the client is to be told.
    pub(super) fn news(&mut self) -> Vec<News> {
        self.client.as_mut().map(Client::news).unwrap_or_default()
    }

    /// The places whose nodes have the value of a future.
    pub(super) fn who_has(&self, future: FutureId) -> Vec<u32> {
        let nodes = self.client.as_ref().map_or(&[][..], |client| client.who_has(future, &self.core));
        nodes.iter().map(|&node| self.place_of[node as usize] as u32).collect()
    }

    /// Lets no further task start, and ends the nodes.
    pub(super) fn cancel(&mut self, now_ms: f64) {
        if self.ending.is_none() {
            self.end(Err(Error::cancelled()), now_ms);
        }
    }

    /// The values of the targets, or what went wrong.
    ///
    /// # Panics
    /// If the run is not over.
    pub(super) fn outcome(&self) -> Result<Vec<Result<Value>>> {
        self.ending.clone().expect("the run is over").result?;
        let value = |target: &TaskId| self.failures.check(&self.plan, *target, &self.contents[target]);
        Ok(self.plan.targets().iter().map(value).collect())
    }

    /// Starts one more node. Returns its place, or `None` if there is no room for another.
    fn start_anywhere(&mut self) -> Option<usize> {
        if self.seats.len() >= MOST_NODES {
            return None;
        }
        // A place that no node had before is better: its lane is empty.
        let used = self.lanes.used();
        let left = || self.places.iter().position(Option::is_none);
        let place = if used < PLACES { used } else { left()? };
        self.start(place);
        Some(place)
    }

    /// Starts a node.
    fn start(&mut self, place: usize) {
        let node = self.place_of.len() as NodeId;
        self.place_of.push(place);
        self.places[place] = Some(node);
        self.lanes.opens(place);
        let seat = Seat {
            place,
            is_up: false,
            clock: Offset::unknown(),
            number: 0,
            sent: VecDeque::new(),
            orders: Orders::default(),
            tasks: Vec::new(),
            held: 0,
        };
        self.seats.insert(node, seat);
        self.commands.push_back(Command::Start { node, slots: self.slots });
    }

    /// A node takes messages from now on.
    fn join(&mut self, node: NodeId, now_ms: f64) {
        let others: Vec<NodeId> =
            self.seats.iter().filter(|(_, seat)| seat.is_up).map(|(&other, _)| other).collect();
        let Some(seat) = self.seats.get_mut(&node).filter(|seat| !seat.is_up) else { return };
        seat.is_up = true;
        let number = seat.next_number(now_ms);
        self.failed_starts = 0;
        self.lanes.joins(seat.place, now_ms);
        let Dialled { latency_ms, bytes_per_ms, slowness } = self.dialled;
        let welcome = Welcome {
            node,
            memory_limit: self.memory_limit,
            slowness: if seat.place == 0 { slowness } else { 1.0 },
            network: Network { latency_ms, bytes_per_ms },
        };
        let message = orders::welcome(number, &welcome, self.graph.clone());
        self.commands.push_back(Command::Send { node, message });
        if let Some(client) = &self.client {
            for graph in 0..client.graphs() {
                let message = client.letter(graph, seat.next_number(now_ms));
                self.commands.push_back(Command::Send { node, message });
            }
        }
        let link = |first| Command::Link { first, second: node };
        self.commands.extend(others.into_iter().map(link));
        self.core.on_event(message::Event::Joined { node, slots: self.slots }, now_ms);
    }

    /// A node has died. Another one takes its place, unless several nodes in a row could not be started.
    ///
    /// # Errors
    /// No node is up, and none can be started.
    fn died(&mut self, node: NodeId, why: &str, now_ms: f64) -> Result<()> {
        let Some(seat) = self.seats.get(&node) else { return Ok(()) };
        let (place, was_up) = (seat.place, seat.is_up);
        self.failed_starts += u32::from(!was_up);
        let what = if was_up { "died" } else { "could not be started" };
        self.last_death = Some(format!("Node {place} {what}: {why}"));
        self.lose(&[node], Some(why), now_ms);
        if was_up || self.failed_starts < MOST_FAILED_STARTS {
            self.start(place);
        } else if !self.seats.values().any(|seat| seat.is_up) {
            return Err(Error::invalid(format!(
                "node {place} could not be started: {MOST_FAILED_STARTS} nodes in a row died before they were up: {why}"
            )));
        }
        Ok(())
    }

    /// These nodes are gone, with all their values. `died`: why, unless they were ended on purpose.
    fn lose(&mut self, nodes: &[NodeId], died: Option<&str>, now_ms: f64) {
        nodes.iter().for_each(|&node| self.vacate(node, now_ms));
        let lost = |&node| message::Event::Lost { node, died: died.map(|why| why.to_owned().into()) };
        self.core.on_events(nodes.iter().map(lost), now_ms);
    }

    /// The place of a node has none any more.
    fn vacate(&mut self, node: NodeId, now_ms: f64) {
        let Some(seat) = self.seats.remove(&node) else { return };
        self.places[seat.place] = None;
        self.lanes.leaves(seat.place, seat.is_up, &seat.tasks, now_ms);
        for seat in self.seats.values_mut().filter(|seat| seat.is_up) {
            seat.orders.add(&Order::Gone { node });
        }
    }

    /// A node has sent a report.
    ///
    /// # Errors
    /// The error that ends the run.
    fn said(&mut self, node: NodeId, message: &[u8], now_ms: f64) -> Result<()> {
        // What a node had sent before it died may still come.
        let Some(seat) = self.seats.get_mut(&node) else { return Ok(()) };
        let place = seat.place;
        let unreadable = |error: Error| {
            Error::invalid(format!("node {place} sent a message that cannot be read: {error}"))
        };
        let report = Report::read(message).map_err(unreadable)?;
        while seat.sent.front().is_some_and(|&(number, _)| number < report.number) {
            seat.sent.pop_front();
        }
        if let Some(&(number, sent_ms)) = seat.sent.front()
            && number == report.number
        {
            seat.clock.learn(sent_ms, report.received_ms, report.sent_ms, now_ms);
        }
        seat.held = report.held;
        self.lanes.turn_to(place, seat.clock, now_ms);
        let mut events = Vec::with_capacity(report.records.len());
        let mut before = None;
        for record in report.records {
            if let Record::Unreadable(why) = record {
                return Err(Error::invalid(format!("node {place} could not go on: {why}")));
            }
            self.record(node, record, &mut before, &mut events).map_err(unreadable)?;
        }
        let finished = |event: &message::Event| match event {
            &message::Event::Finished { task, .. } => Some(task),
            _ => None,
        };
        let finished: Vec<TaskId> = match self.client {
            Some(_) => events.iter().filter_map(finished).collect(),
            None => Vec::new(),
        };
        self.core.on_events(events, now_ms);
        if let Some(client) = &mut self.client {
            client.finished(&finished, &self.core);
        }
        Ok(())
    }

    /// Takes in a record of a report. `before`: the time of the tasks without a kernel.
    ///
    /// # Errors
    /// It does not fit the plan, or a value cannot be read.
    fn record(
        &mut self,
        node: NodeId,
        record: Record<'_>,
        before: &mut Option<(f64, u8)>,
        events: &mut Vec<message::Event>,
    ) -> Result<()> {
        let most = self.core.len() as TaskId;
        let check = |task: TaskId| match task < most {
            true => Ok(()),
            false => Err(Error::invalid(format!("task {task} of a graph with {most}"))),
        };
        let slots = self.slots;
        let check_slot = |slot: u8| match u32::from(slot) < slots || slot == NO_SLOT {
            true => Ok(()),
            false => Err(Error::invalid(format!("slot {slot} of a node with {slots}"))),
        };
        match record {
            Record::Time(ms, slot) => {
                check_slot(slot)?;
                *before = Some((ms, slot));
            }
            Record::Plain { task, run } => {
                check(task)?;
                self.lanes.ran_plain(task, before.take());
                self.leave(node, task);
                events.push(message::Event::Finished { node, task, run, ms: 0.0, bytes: 0 });
            }
            Record::Computed { task, run, span, bytes } => {
                check(task)?;
                check_slot(span.slot)?;
                self.lanes.computed(task, span, bytes);
                self.leave(node, task);
                let ms = span.stop_ms - span.start_ms;
                events.push(message::Event::Finished { node, task, run, ms, bytes });
            }
            Record::Erred { task, run, span, message } => {
                check(task)?;
                check_slot(span.slot)?;
                let (_, is_last) = self.core.attempts(task);
                self.lanes.erred(task, is_last, span);
                self.leave(node, task);
                events.push(message::Event::Erred { node, task, run, message: message.to_owned().into() });
            }
            Record::Arrived(arrival) => {
                let Arrival { task, version, from, asked_ms, came_ms, busy_ms, bytes, slot, .. } = arrival;
                check(task)?;
                check_slot(slot)?;
                self.lanes.arrived(&arrival, self.place_of.get(from as usize).copied());
                // Otherwise the node has a newer version of the value.
                if arrival.is_kept {
                    // While the node ran tasks, it did not see that the value was there.
                    let ms = (came_ms - asked_ms - busy_ms).max(0.0);
                    events.push(message::Event::Arrived { node, task, version, bytes, ms });
                }
            }
            Record::Written { task, span, length } => {
                check(task)?;
                check_slot(span.slot)?;
                self.lanes.handled(task, Action::Serialize, span, length);
            }
            Record::Missing { task, run, input } => {
                check(task)?;
                check(input.task)?;
                self.leave(node, task);
                events.push(message::Event::Missing { node, task, run, input });
            }
            Record::Withdrawn { task, run, granted } => {
                check(task)?;
                if granted {
                    self.leave(node, task);
                }
                events.push(message::Event::Withdrawn { node, task, run, granted });
            }
            Record::NotHere { task, version } => {
                check(task)?;
                events.push(message::Event::Gone { node, task, version });
            }
            Record::Value { task, value } => {
                check(task)?;
                let value = value.map_or(Ok(Value::None), Value::decode)?;
                if let Some(shown) = &self.shown
                    && value != Value::None
                    && !self.contents.contains_key(&task)
                {
                    shown.note(task, &value);
                }
                if let Some(client) = &mut self.client {
                    client.value(task, &value);
                    events.push(message::Event::Received { task });
                    return Ok(());
                }
                let bytes = value.bytes();
                if self.contents.insert(task, Content::Value(value)).is_none() {
                    self.received_bytes += bytes;
                }
                events.push(message::Event::Received { task });
            }
            Record::Spilled { task, span, length } => {
                check(task)?;
                check_slot(span.slot)?;
                self.lanes.handled(task, Action::Spill, span, length);
            }
            Record::Unspilled { task, span, length } => {
                check(task)?;
                check_slot(span.slot)?;
                self.lanes.handled(task, Action::Unspill, span, length);
            }
            Record::Paused { held, reason } => {
                self.lanes.mark(Action::Pause, held, reason);
                events.push(message::Event::Paused { node });
            }
            Record::Resumed { held } => {
                self.lanes.mark(Action::Resume, held, Reason::None);
                events.push(message::Event::Resumed { node });
            }
            // The report was refused before.
            Record::Unreadable(_) => {}
        }
        Ok(())
    }

    /// A node has ended a task.
    fn leave(&mut self, node: NodeId, task: TaskId) {
        let Some(seat) = self.seats.get_mut(&node) else { return };
        if let Ok(place) = seat.tasks.binary_search(&task) {
            seat.tasks.remove(place);
        }
        self.lanes.runs(seat.place, &seat.tasks);
    }

    /// Does what follows from an event, and from what the scheduler made of it.
    fn settle(&mut self, result: Result<()>, now_ms: f64) {
        let result = result.and_then(|()| self.note_failed());
        self.note_again();
        let held = self.seats.values().map(|seat| seat.held).sum::<u64>() + self.received_bytes;
        self.memory.set(held);
        match result {
            Err(error) => self.end(Err(error), now_ms),
            Ok(()) if self.core.is_over() => self.end(Ok(()), now_ms),
            Ok(()) if self.change(now_ms) => self.settle(Ok(()), now_ms),
            Ok(()) => self.give_orders(now_ms),
        }
    }

    /// Nodes die and others come, if it is time for that. Tells whether something happened.
    fn change(&mut self, now_ms: f64) -> bool {
        let Changes { kills, scale_to, .. } = self.changes;
        if (kills, scale_to) != (0, 0) && 2 * self.lanes.tasks_run() >= self.plan.len() {
            (self.changes.kills, self.changes.scale_to) = (0, 0);
            // If none comes, one stays.
            self.end_last(kills, usize::from(scale_to == 0), now_ms);
            while self.seats.len() < scale_to && self.start_anywhere().is_some() {}
            return true;
        }
        let dies = self.changes.deaths.take_due(self.lanes.tasks_run(), self.plan.len());
        if dies {
            self.end_last(1, 1, now_ms);
        }
        dies
    }

    /// Ends the nodes that came last: `kills` of them, but `stay` remain. Nodes that are up die before those that only start.
    fn end_last(&mut self, kills: usize, stay: usize, now_ms: f64) {
        let kills = kills.min(self.seats.len().saturating_sub(stay));
        let mut last: Vec<NodeId> = self.seats.keys().rev().copied().collect();
        last.sort_by_key(|node| !self.seats[node].is_up);
        last.truncate(kills);
        self.commands.extend(last.iter().map(|&node| Command::End { node }));
        self.lose(&last, None, now_ms);
    }

    /// Notes which tasks have erred, and which will not run because of that.
    ///
    /// # Errors
    /// The first of them, if the run does not keep going.
    fn note_failed(&mut self) -> Result<()> {
        for task in self.core.failed() {
            if let Some(client) = &mut self.client {
                client.erred(task, &self.core);
                continue;
            }
            let Some((blamed, message)) = self.core.error(task) else { continue };
            self.contents.insert(task, Content::Erred(blamed));
            let gave_up = message.starts_with(core::GIVEN_UP);
            if task == blamed {
                self.failures.note(task, self.plan.key(task).clone(), message);
            }
            if task != blamed || gave_up {
                self.lanes.skips(task);
            }
            if !self.keep_going {
                return Err(self.failures.first(&self.plan).expect("one was noted just now"));
            }
        }
        Ok(())
    }

    /// Notes which tasks run again, since their values were lost.
    fn note_again(&mut self) {
        for task in self.core.again() {
            self.lanes.loses(task);
        }
    }

    /// Sends the nodes what the scheduler wants them to do.
    fn give_orders(&mut self, now_ms: f64) {
        let commands: Vec<message::Command> = self.core.commands().collect();
        for command in commands {
            let (node, order) = match command {
                message::Command::Compute { node, task, run, inputs, stolen_from } => {
                    let (attempt, _) = self.core.attempts(task);
                    if let Some(victim) = stolen_from {
                        self.lanes.steals(task, self.place_of[victim as usize]);
                    }
                    (node, Order::Compute { task, run, attempt, inputs })
                }
                message::Command::Withdraw { node, task, run } => (node, Order::Withdraw { task, run }),
                message::Command::Free { node, task, version } => (node, Order::Free { task, version }),
                message::Command::Send { node, task, version } => (node, Order::Send { task, version }),
                message::Command::Finished => continue,
            };
            let Some(seat) = self.seats.get_mut(&node) else { continue };
            if let Order::Compute { task, .. } = order {
                if let Some(value) = self.client.as_ref().and_then(|client| client.given(task)) {
                    let message = orders::given(seat.next_number(now_ms), task, value.clone());
                    self.commands.push_back(Command::Send { node, message });
                }
                let rank = seat.tasks.partition_point(|&other| other < task);
                seat.tasks.insert(rank, task);
                if rank < self.slots as usize {
                    self.lanes.runs(seat.place, &seat.tasks);
                }
            }
            seat.orders.add(&order);
        }
        for (&node, seat) in self.seats.iter_mut().filter(|(_, seat)| !seat.orders.is_empty()) {
            let number = seat.next_number(now_ms);
            let message = mem::take(&mut seat.orders).message(number);
            self.commands.push_back(Command::Send { node, message });
        }
    }

    /// Notes which tasks were to run, or to run again, until nobody needed them any more.
    fn note_unneeded(&mut self) {
        for task in
            self.plan.tasks().filter(|task| !matches!(self.contents.get(task), Some(Content::Erred(_))))
        {
            self.lanes.cancels(task);
        }
    }

    fn end(&mut self, result: Result<()>, now_ms: f64) {
        let is_ok = result.is_ok();
        if is_ok {
            self.note_unneeded();
        }
        if !is_ok {
            self.contents.clear();
        }
        self.memory.set(if is_ok { self.received_bytes } else { 0 });
        self.lanes.end(now_ms);
        self.ending = Some(Ending { at_ms: now_ms, result });
        // What was not fetched is not needed any more: a node that was not started need not be ended.
        let unstarted = |command: &Command| match command {
            Command::Start { node, .. } => Some(*node),
            _ => None,
        };
        let commands = mem::take(&mut self.commands);
        let unstarted: Vec<NodeId> = commands.iter().filter_map(unstarted).collect();
        let killed = commands.into_iter().filter(|command| matches!(command, Command::End { .. }));
        let started = self.seats.keys().filter(|node| !unstarted.contains(node));
        let ends = started.map(|&node| Command::End { node });
        self.commands = killed.chain(ends).chain([Command::Finished]).collect();
    }
}
