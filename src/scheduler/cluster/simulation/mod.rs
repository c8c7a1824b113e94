//! A cluster under a virtual clock: the scheduler and the nodes are the real ones, the time, the network and the tasks
//! are not.
//!
//! ```text
//! scheduler   |d|d|d|      |d|                      one decision at a time, each takes a while
//!               \ \ \      ^ \                      a message is under way for the latency
//! node 0         |== task ===|  |== task ===|       a slot runs one task at a time
//!                            \                      a value moves as fast as both links can
//! node 1           |== task ==| |recv|== task ==|
//! ```
//!
//! A simulation only depends on its parameters and the graph, so it is the same everywhere.

mod agenda;
mod bounds;
mod durations;
mod network;
mod parameters;
mod series;
mod sizes;
mod work;

use std::sync::Arc;

pub use self::{
    bounds::{Bound, Bounds},
    parameters::{MOST_NODES, MOST_SLOTS, Parameters},
    series::Series,
};
pub use super::core::{Counts, Placement};

use self::{
    agenda::{Agenda, Queue},
    durations::Durations,
    network::Network,
    sizes::Sizes,
};
use super::{
    core::{Core, Settings},
    dice::Dice,
    drawing::Drawing,
    message::{Command, Event, Input, NodeId, RunId},
    node::{Action, Node, Ran},
    outline::Outline,
};
use crate::{error::Message, graph::TaskId, trace};

/// How often the scheduler looks for tasks that wait longer than expected.
const TICK_MS: f64 = 100.0;

/// A simulation is given up after this number of times what a single slot would take for all tasks and transfers.
pub const MOST_TIMES: f64 = 10.0;

/// What came of a simulation.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The number of nodes.
    pub nodes: u32,
    /// When the last target was there.
    pub makespan_ms: f64,
    /// How long the tasks take together.
    pub work_ms: f64,
    /// What no cluster of this size could be faster than.
    pub bounds: Bounds,
    /// What the scheduler did.
    pub counts: Counts,
    /// The number of bytes that nodes sent to each other.
    pub moved_bytes: u64,
    /// How it ended.
    pub ending: Ending,
}

/// How a simulation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// Every target has a value.
    Complete,
    /// A target has none: the first such target, and why.
    Erred(TaskId, Message),
    /// Nodes died so often that it had not ended after [`MOST_TIMES`] times what a single slot would take.
    GivenUp,
}

impl Report {
    /// Whether every target has a value.
    pub fn is_complete(&self) -> bool {
        self.ending == Ending::Complete
    }

    /// The share of the slots' time in which the tasks ran, each counted once. Of complete runs only: others do not run
    /// all tasks.
    pub fn efficiency(&self) -> Option<f64> {
        self.is_complete().then(|| self.bounds.work_ms / self.makespan_ms)
    }

    /// The number of decisions in a second.
    pub fn decisions_per_s(&self) -> f64 {
        self.counts.decisions as f64 / self.makespan_ms * 1e3
    }
}

/// What happens at some time.
#[derive(Debug)]
enum Happening {
    /// A message arrives at the scheduler.
    Told(Event),
    /// A message of the scheduler arrives at a node.
    Commanded(Command),
    /// A request for a value arrives at the node that should have it.
    Requested { to: NodeId, input: Input, since_ms: f64 },
    /// A node starts to send a value.
    Sends { to: NodeId, input: Input, since_ms: f64 },
    /// A value arrives, unless its sender died meanwhile.
    Came { to: NodeId, input: Input, since_ms: f64 },
    /// A node starts to send a target to the client.
    Delivers { node: NodeId, task: TaskId },
    /// The client has a target, unless its sender died meanwhile.
    Delivered { node: NodeId, task: TaskId },
    /// It turns out that a value cannot be had.
    NotFound { to: NodeId, input: Input },
    /// A task stops.
    Stops { node: NodeId, task: TaskId, run: RunId },
    /// A node dies.
    Dies { node: NodeId },
    /// A place gets another node.
    Restarts { place: usize },
    /// The scheduler looks for tasks that wait longer than expected.
    Ticks,
}

/// A node, and where it is.
#[derive(Debug)]
struct Machine {
    node: Node,
    place: usize,
    is_alive: bool,
}

/// A run of a graph on a simulated cluster.
#[derive(Debug)]
pub struct Simulation {
    parameters: Parameters,
    outline: Arc<Outline>,
    sizes: Arc<Sizes>,
    durations: Durations,
    core: Core,
    /// By their numbers: a place that lost its node gets another one with a new number.
    machines: Vec<Machine>,
    network: Network,
    agenda: Agenda<Happening>,
    dice: Dice,
    now_ms: f64,
    /// When the scheduler has handled all that arrived.
    busy_until_ms: f64,
    /// When it is given up.
    limit_ms: f64,
    drawing: Option<Drawing>,
}

impl Simulation {
    fn new(
        (outline, sizes): (Arc<Outline>, Arc<Sizes>),
        parameters: Parameters,
        drawing: Option<Drawing>,
    ) -> Simulation {
        let settings = Settings { placement: parameters.placement, gather: parameters.gather };
        let durations = Durations::new(&parameters);
        let mut simulation = Simulation {
            limit_ms: MOST_TIMES * bounds::one_slot_ms(&outline, &sizes, &durations, &parameters),
            durations,
            core: Core::new(outline.clone(), settings),
            outline,
            sizes,
            machines: Vec::new(),
            network: Network::new(&parameters),
            agenda: Agenda::new(),
            dice: Dice::new(parameters.seed),
            now_ms: 0.0,
            busy_until_ms: 0.0,
            drawing,
            parameters,
        };
        let joined: Vec<Event> = (0..parameters.nodes as usize).map(|place| simulation.add(place)).collect();
        simulation.tell(joined);
        simulation.agenda.add(TICK_MS, Happening::Ticks);
        simulation
    }

    fn is_given_up(&self) -> bool {
        self.now_ms > self.limit_ms
    }

    /// Simulates until the end, or until `most` things have happened. Returns whether it is the end.
    fn step(&mut self, most: usize) -> bool {
        for _ in 0..most {
            if self.core.is_over() || self.is_given_up() {
                return true;
            }
            let (now_ms, happening) = self.agenda.next().expect("a run that is not over waits for something");
            self.now_ms = now_ms;
            self.happen(happening);
        }
        self.core.is_over()
    }

    /// What came of it.
    fn report(&mut self) -> Report {
        let makespan_ms = self.now_ms;
        if let Some(drawing) = &mut self.drawing {
            drawing.end(makespan_ms);
        }
        let counts = self.core.counts();
        let work_ms: f64 = self.outline.tasks().map(|task| self.durations.ms(task)).sum();
        let Parameters { nodes, slots, decision_ms, .. } = self.parameters;
        let mut targets = self.outline.tasks().filter(|&task| self.outline.is_target(task));
        let ending = if self.core.is_over() {
            let error = targets.find_map(|task| self.core.error(task));
            error.map_or(Ending::Complete, |(task, message)| Ending::Erred(task, message))
        } else {
            Ending::GivenUp
        };
        Report {
            nodes,
            makespan_ms,
            work_ms,
            bounds: Bounds {
                work_ms: work_ms / (f64::from(nodes) * f64::from(slots)),
                span_ms: bounds::span_ms(&self.outline, &self.durations, &self.parameters),
                scheduler_ms: counts.decisions as f64 * decision_ms,
                bandwidth_ms: self.network.busiest_ms(makespan_ms),
            },
            counts,
            moved_bytes: self.network.moved,
            ending,
        }
    }

    /// A place gets a node. The scheduler is to be told.
    fn add(&mut self, place: usize) -> Event {
        let node = self.machines.len() as NodeId;
        let slots = self.parameters.slots;
        self.machines.push(Machine { node: Node::new(node, slots), place, is_alive: true });
        if let Some(drawing) = &mut self.drawing {
            drawing.joins(place, self.now_ms);
        }
        if self.parameters.failures_per_hour > 0.0 {
            let lives_ms = self.dice.exponential(3.6e6 / self.parameters.failures_per_hour);
            self.agenda.add(self.now_ms + lives_ms, Happening::Dies { node });
        }
        Event::Joined { node, slots }
    }

    /// The size of the value of a task.
    fn bytes(&self, task: TaskId) -> u64 {
        self.sizes.bytes(task, self.parameters.value_bytes)
    }

    fn is_alive(&self, node: NodeId) -> bool {
        self.machines[node as usize].is_alive
    }

    fn happen(&mut self, happening: Happening) {
        let (now_ms, latency_ms) = (self.now_ms, self.parameters.latency_ms);
        match happening {
            Happening::Told(event) => self.tell([event]),
            Happening::Commanded(command) => self.command(command),
            Happening::Requested { to, input, since_ms } => {
                let bytes = self.bytes(input.task);
                let source = &self.machines[input.from as usize];
                if source.is_alive && source.node.has(input.task, input.version) {
                    let starts_ms = self.network.send(source.place, bytes, now_ms);
                    let sends = Happening::Sends { to, input, since_ms };
                    if starts_ms > now_ms { self.agenda.add(starts_ms, sends) } else { self.happen(sends) }
                } else {
                    let not_found = Happening::NotFound { to, input };
                    self.agenda.queue(Queue::Messages, now_ms + latency_ms, not_found);
                }
            }
            Happening::Sends { to, input, since_ms } => {
                let &Machine { place, is_alive, .. } = &self.machines[to as usize];
                if !self.is_alive(input.from) {
                    let not_found = Happening::NotFound { to, input };
                    self.agenda.queue(Queue::Messages, now_ms + latency_ms, not_found);
                } else if is_alive {
                    let there_ms = self.network.receive(place, self.bytes(input.task), now_ms);
                    let came = Happening::Came { to, input, since_ms };
                    self.agenda.queue(Queue::Values, there_ms + latency_ms, came);
                }
            }
            Happening::Delivers { node, task } => {
                if self.is_alive(node) {
                    let client = self.network.client();
                    let there_ms = self.network.receive(client, self.bytes(task), now_ms);
                    self.agenda.add(there_ms + latency_ms, Happening::Delivered { node, task });
                }
            }
            Happening::Delivered { node, task } => {
                if self.is_alive(node) {
                    self.tell([Event::Received { task }]);
                }
            }
            Happening::Came { to, input, since_ms } => {
                if self.is_alive(input.from) {
                    let Input { task, version, from } = input;
                    let bytes = self.bytes(task);
                    let from = self.machines[from as usize].place;
                    let Machine { node, place, is_alive } = &mut self.machines[to as usize];
                    node.arrived(task, version, bytes, now_ms - since_ms);
                    if let Some(drawing) = &mut self.drawing
                        && *is_alive
                    {
                        drawing.arrives(*place, task, from, bytes, (since_ms, now_ms));
                    }
                } else {
                    self.machines[to as usize].node.not_found(input);
                }
                self.act(to);
            }
            Happening::NotFound { to, input } => {
                self.machines[to as usize].node.not_found(input);
                self.act(to);
            }
            Happening::Stops { node, task, run } => {
                if self.is_alive(node) {
                    let bytes = self.bytes(task);
                    let Machine { node: state, place, .. } = &mut self.machines[node as usize];
                    if let Some(drawing) = &mut self.drawing {
                        drawing.stops(*place, task, run, (trace::Action::Compute, bytes), now_ms);
                    }
                    state.ran(task, run, Ran::Value { ms: self.durations.ms(task), bytes });
                    self.act(node);
                }
            }
            Happening::Dies { node } => {
                let Machine { place, is_alive, .. } = &mut self.machines[node as usize];
                let place = *place;
                *is_alive = false;
                self.network.lose(place, now_ms);
                if let Some(drawing) = &mut self.drawing {
                    drawing.dies(place, now_ms);
                    for task in self.outline.tasks() {
                        if self.core.who_has(task) == [node] {
                            drawing.loses(place, task);
                        }
                    }
                }
                self.agenda.add(
                    now_ms + latency_ms,
                    Happening::Told(Event::Lost { node, died: Some("the machine failed".into()) }),
                );
                self.agenda.add(now_ms + self.parameters.restart_ms, Happening::Restarts { place });
            }
            Happening::Restarts { place } => {
                let joined = self.add(place);
                self.tell([joined]);
            }
            Happening::Ticks => {
                self.tell([Event::Tick]);
                self.agenda.add(now_ms + TICK_MS, Happening::Ticks);
            }
        }
    }

    /// The scheduler handles events when it has handled those before them, and decides.
    fn tell(&mut self, events: impl IntoIterator<Item = Event>) {
        let mut at_ms = self.busy_until_ms.max(self.now_ms);
        let machines = &self.machines;
        let place_of = |node: NodeId| machines[node as usize].place;
        let drawing = &mut self.drawing;
        let events = events.into_iter().inspect(|event| match (drawing.as_mut(), event) {
            (Some(drawing), &(Event::Missing { run, .. } | Event::Withdrawn { run, granted: true, .. })) => {
                drawing.gives_back(run);
            }
            (Some(drawing), &Event::Lost { node, .. }) => drawing.takes_back(node, place_of(node)),
            _ => {}
        });
        self.core.on_events(events, at_ms);
        for command in self.core.commands() {
            if let Command::Compute { node, task, run, stolen_from, .. } = command {
                at_ms += self.parameters.decision_ms;
                if let Some(drawing) = &mut self.drawing {
                    drawing.sends(node, task, run, stolen_from.map(place_of));
                }
            }
            if command != Command::Finished {
                let there_ms = at_ms + self.parameters.latency_ms;
                self.agenda.queue(Queue::Commands, there_ms, Happening::Commanded(command));
            }
        }
        self.busy_until_ms = at_ms;
        if self.core.is_over() {
            self.now_ms = at_ms;
        }
    }

    /// A message of the scheduler arrives.
    fn command(&mut self, command: Command) {
        let (Command::Compute { node, .. }
        | Command::Withdraw { node, .. }
        | Command::Free { node, .. }
        | Command::Send { node, .. }) = command
        else {
            return;
        };
        let Machine { node: state, is_alive: true, .. } = &mut self.machines[node as usize] else { return };
        match command {
            Command::Compute { task, run, inputs, .. } => {
                state.compute(task, run, inputs);
            }
            Command::Withdraw { task, run, .. } => state.withdraw(task, run),
            Command::Free { task, version, .. } => state.free(task, version),
            Command::Send { task, version, .. } => state.send(task, version),
            Command::Finished => {}
        }
        self.act(node);
    }

    /// Does what a node wants done.
    fn act(&mut self, node: NodeId) {
        let (now_ms, latency_ms) = (self.now_ms, self.parameters.latency_ms);
        let Machine { node: state, place, is_alive } = &mut self.machines[node as usize];
        if !*is_alive {
            return;
        }
        for action in state.actions() {
            match action {
                Action::Tell(event) => {
                    self.agenda.queue(Queue::Messages, now_ms + latency_ms, Happening::Told(event));
                }
                Action::Fetch(input) => {
                    let requested = Happening::Requested { to: node, input, since_ms: now_ms };
                    self.agenda.queue(Queue::Messages, now_ms + latency_ms, requested);
                }
                Action::Run { task, run } => {
                    if let Some(drawing) = &mut self.drawing {
                        drawing.starts(*place, task, run, now_ms);
                    }
                    let stops_ms = now_ms + self.durations.ms(task);
                    self.agenda.add(stops_ms, Happening::Stops { node, task, run });
                }
                Action::Deliver { task } => {
                    let bytes = self.sizes.bytes(task, self.parameters.value_bytes);
                    let starts_ms = self.network.send(*place, bytes, now_ms);
                    self.agenda.add(starts_ms, Happening::Delivers { node, task });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Plan, gallery::Shape};

    /// One task on one node, whose value takes 100 ms to the client.
    fn gathered() -> Simulation {
        let plan = Plan::new(&Shape::Independent.graph(1, 0, |_| crate::Op::NoOp));
        let parameters = Parameters {
            nodes: 1,
            task_ms: 10.0,
            value_bytes: 1_000_000,
            bytes_per_ms: 1e4,
            restart_ms: 100.0,
            gather: true,
            ..Parameters::default()
        };
        let graph = (Arc::new(Outline::new(&plan)), Arc::new(Sizes::new(&plan)));
        Simulation::new(graph, parameters, None)
    }

    #[test]
    fn a_dead_node_sends_no_target_to_the_client() {
        let mut calm = gathered();
        while !calm.step(1) {}
        let calm_ms = calm.report().makespan_ms;
        assert!((110.0..120.0).contains(&calm_ms), "{calm_ms}");
        for dies_ms in [5.0, 12.0, 15.0, 100.0] {
            let mut simulation = gathered();
            simulation.agenda.add(dies_ms, Happening::Dies { node: 0 });
            while !simulation.step(1) {}
            let report = simulation.report();
            assert!(report.is_complete() && report.counts.decisions == 2, "{report:?}");
            // Another node comes after 100 ms, and does it all again.
            let least_ms = dies_ms + 100.0 + 110.0;
            assert!((least_ms..least_ms + 10.0).contains(&report.makespan_ms), "{dies_ms}: {report:?}");
        }
    }
}
