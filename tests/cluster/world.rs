//! Nodes that compute, on a bad network: messages arrive in any order, some arrive twice, and nodes die.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use dagdeck::{
    Op, Plan, TaskGraph, TaskId, Value, operations,
    scheduler::cluster::{
        Action, Addition, Command, Core, Event, Input, Node, NodeId, Outline, Placement, Ran, RunId,
        Settings, State,
    },
};

/// The client has asked for nothing yet.
const NOTHING: &str = r#"{"dagdeck": 1, "tasks": {"x": {"op": "no-op"}}, "targets": ["x"]}"#;

/// Random numbers by splitmix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ x >> 31) % most
    }

    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What may go wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The percentage of messages that come twice.
    pub repeated: u64,
    /// How many nodes die, at any time.
    pub deaths: u32,
    /// How many die after the end, if values stay on the nodes.
    pub late_deaths: u32,
    /// Whether the run is cancelled after the end.
    pub cancelled_late: bool,
    /// A task that kills every node that runs it.
    pub killer: Option<TaskId>,
    /// The percentage of attempts that err although the task would not, as far as its retries allow.
    pub flaky: u64,
    /// After how many steps the run is cancelled.
    pub cancelled_after: Option<u64>,
    /// The percentage of steps in which a node pauses, or takes tasks again.
    pub pauses: u64,
    /// Whether messages come in any order.
    pub reordered: bool,
}

#[derive(Clone, Debug)]
enum Message {
    ToScheduler(Event),
    ToNode(Command),
    Request { to: NodeId, input: Input },
    Copy { to: NodeId, input: Input, value: Value },
    NotFound { to: NodeId, input: Input },
    Stopped { node: NodeId, task: TaskId, run: RunId, result: Result<Value, String> },
    ToClient { task: TaskId, value: Value },
}

struct Member {
    node: Node,
    values: HashMap<TaskId, (RunId, Value)>,
    is_alive: bool,
    is_paused: bool,
}

/// What a task does, to which values.
struct Task {
    op: Op,
    inputs: Vec<TaskId>,
}

/// A run, with its nodes and the messages under way.
pub struct World {
    plan: Plan,
    tasks: Vec<Task>,
    /// The values that the client has given.
    given: HashMap<TaskId, Value>,
    pub core: Core,
    gather: bool,
    members: Vec<Member>,
    slots: u32,
    flight: Vec<Message>,
    dice: Dice,
    faults: Faults,
    steps: u64,
    is_over: bool,
    /// How often each task may still err by chance.
    spare_retries: Vec<u8>,
    /// The nodes to which each task was sent.
    sent_to: HashMap<TaskId, BTreeSet<NodeId>>,
    received: HashMap<TaskId, Value>,
    checks: bool,
}

impl World {
    pub fn new(plan: Plan, nodes: u32, slots: u32, gather: bool, faults: Faults, seed: u64) -> World {
        let outline = Arc::new(Outline::new(&plan));
        let settings = Settings { placement: Placement::Earliest, gather };
        let core = Core::new(outline, settings);
        let mut world = World::with(core, plan.clone(), (nodes, slots), gather, faults, seed);
        world.learn(&plan, &HashMap::new());
        world
    }

    /// A run to which a client adds tasks.
    pub fn open(nodes: u32, slots: u32, faults: Faults, seed: u64) -> World {
        let nothing = Plan::new(&TaskGraph::from_json(NOTHING).unwrap());
        World::with(Core::open(), nothing, (nodes, slots), true, faults, seed)
    }

    fn with(
        core: Core,
        plan: Plan,
        (nodes, slots): (u32, u32),
        gather: bool,
        faults: Faults,
        seed: u64,
    ) -> World {
        let mut world = World {
            core,
            spare_retries: Vec::new(),
            plan,
            tasks: Vec::new(),
            given: HashMap::new(),
            gather,
            members: Vec::new(),
            slots,
            flight: Vec::new(),
            dice: Dice(seed),
            faults,
            steps: 0,
            is_over: false,
            sent_to: HashMap::new(),
            received: HashMap::new(),
            checks: true,
        };
        (0..nodes).for_each(|_| world.join());
        world
    }

    fn learn(&mut self, plan: &Plan, known: &HashMap<TaskId, TaskId>) {
        let first = self.tasks.len() as TaskId;
        for task in plan.tasks() {
            let input = |input: &TaskId| known.get(input).copied().unwrap_or(first + input);
            let inputs = plan.dependencies().row(task).iter().map(input).collect();
            self.tasks.push(Task { op: plan.op(task).clone(), inputs });
            self.spare_retries.push(plan.annotations(task).retries);
        }
    }

    /// The client adds a plan. `given`: the values of its tasks, if they are not computed.
    pub fn add(
        &mut self,
        plan: &Plan,
        known: &HashMap<TaskId, TaskId>,
        priority: i32,
        given: Option<&[Value]>,
    ) -> TaskId {
        self.learn(plan, known);
        let known = known.iter().map(|(&task, &earlier)| (task, earlier)).collect();
        let addition = Addition { plan, known: &known, priority, is_given: given.is_some() };
        let first = self.core.add(addition, self.steps as f64);
        let values = given.unwrap_or_default().iter().cloned();
        self.given.extend((first..).zip(values));
        self.follow();
        first
    }

    /// The value of a task that the client has asked for, if it has come.
    pub fn received(&self, task: TaskId) -> Option<&Value> {
        self.received.get(&task)
    }

    /// Without the check of everything after every event.
    pub fn unchecked(mut self) -> World {
        self.checks = false;
        self
    }

    fn alive(&self) -> Vec<NodeId> {
        (0..self.members.len() as NodeId).filter(|&node| self.members[node as usize].is_alive).collect()
    }

    fn join(&mut self) {
        let node = self.members.len() as NodeId;
        self.members.push(Member {
            node: Node::new(node, self.slots),
            values: HashMap::new(),
            is_alive: true,
            is_paused: false,
        });
        self.tell(Event::Joined { node, slots: self.slots });
    }

    fn kill(&mut self, node: NodeId) {
        self.members[node as usize].is_alive = false;
        self.flight.push(Message::ToScheduler(Event::Lost { node, died: Some("".into()) }));
    }

    /// The values of a node take too much memory, or no longer do.
    fn pause_or_resume(&mut self) {
        let alive = self.alive();
        if alive.is_empty() {
            return;
        }
        let node = alive[self.dice.below(alive.len() as u64) as usize];
        let member = &mut self.members[node as usize];
        member.is_paused = !member.is_paused;
        let event = if member.is_paused { Event::Paused { node } } else { Event::Resumed { node } };
        if member.is_paused {
            member.node.give_back([].into_iter());
        }
        self.flight.push(Message::ToScheduler(event));
        self.act(node);
    }

    pub fn tell(&mut self, event: Event) {
        self.core.on_event(event, self.steps as f64);
        self.follow();
    }

    fn follow(&mut self) {
        if self.checks {
            self.core.sanity_check();
        }
        for command in self.core.commands() {
            match command {
                Command::Finished => {
                    assert!(!self.is_over, "the end is told twice");
                    self.is_over = true;
                }
                Command::Compute { node, task, .. } => {
                    self.sent_to.entry(task).or_default().insert(node);
                    self.flight.push(Message::ToNode(command));
                }
                command => self.flight.push(Message::ToNode(command)),
            }
        }
    }

    /// Runs until the end, and until all messages have come.
    ///
    /// # Panics
    /// If it hangs, or does not come to an end.
    pub fn run(&mut self) {
        let most = 1000 + 400 * (self.plan.len() + self.plan.dependencies().entries()) as u64;
        while !self.is_over {
            self.step(most);
        }
        let Faults { reordered, killer, late_deaths, cancelled_late, .. } = self.faults;
        self.faults = Faults { reordered, killer, ..Faults::default() };
        for _ in 0..late_deaths {
            if let Some(&node) = self.alive().first() {
                self.kill(node);
                (0..self.dice.below(20)).for_each(|_| self.deliver());
            }
        }
        // What is lost after the end, and was to stay on the nodes, is computed again.
        self.calm_down(2 * most);
        if cancelled_late {
            self.tell(Event::Cancel);
            self.calm_down(3 * most);
        }
    }

    /// One thing happens, or some. `most`: how often that is expected at most.
    pub fn step(&mut self, most: u64) {
        self.steps += 1;
        assert!(self.steps < most, "no end after {most} steps");
        if self.faults.cancelled_after == Some(self.steps) {
            return self.tell(Event::Cancel);
        }
        if self.faults.deaths > 0 && self.dice.below(most / 40) < 4 {
            self.faults.deaths -= 1;
            let alive = self.alive();
            if !alive.is_empty() {
                let place = self.dice.below(alive.len() as u64) as usize;
                self.kill(alive[place]);
            }
        }
        if self.dice.percent(1) {
            self.tell(Event::Tick);
        }
        if self.faults.pauses > 0 && self.dice.percent(self.faults.pauses) {
            self.pause_or_resume();
        }
        let alive = self.alive().len();
        if (alive == 0 && self.flight.is_empty()) || (alive < 2 && self.dice.percent(10)) {
            self.join();
        }
        let may_rest = self.is_over || self.core.is_open();
        assert!(may_rest || !self.flight.is_empty(), "it hangs: nothing is under way");
        self.deliver();
    }

    /// Nothing goes wrong any more. Delivers all messages, and those that follow from them.
    pub fn come_to_rest(&mut self) {
        let Faults { reordered, killer, .. } = self.faults;
        self.faults = Faults { reordered, killer, ..Faults::default() };
        self.calm_down(self.steps + 10_000 + 400 * self.tasks.len() as u64);
    }

    /// Delivers all messages, and those that follow from them.
    fn calm_down(&mut self, most: u64) {
        loop {
            if self.alive().is_empty() {
                self.join();
            }
            if self.flight.is_empty() {
                break;
            }
            self.steps += 1;
            assert!(self.steps < most, "messages without end");
            self.deliver();
        }
    }

    fn deliver(&mut self) {
        if self.flight.is_empty() {
            return;
        }
        let place = match self.faults.reordered {
            true => self.dice.below(self.flight.len() as u64) as usize,
            false => 0,
        };
        let stopped = matches!(self.flight[place], Message::Stopped { .. });
        let message = if !stopped && self.dice.percent(self.faults.repeated) {
            self.flight[place].clone()
        } else if self.faults.reordered {
            self.flight.swap_remove(place)
        } else {
            self.flight.remove(place)
        };
        match message {
            Message::ToScheduler(event) => self.tell(event),
            Message::ToClient { task, value } => {
                self.received.insert(task, value);
                self.flight.push(Message::ToScheduler(Event::Received { task }));
            }
            Message::ToNode(command) => self.command(command),
            Message::Request { to, input } => {
                let source = &self.members[input.from as usize];
                let message = match source.is_alive && source.node.has(input.task, input.version) {
                    true => Message::Copy { to, input, value: source.values[&input.task].1.clone() },
                    false => Message::NotFound { to, input },
                };
                self.flight.push(message);
            }
            Message::Copy { to, input, value } => {
                let member = &mut self.members[to as usize];
                if member.is_alive && member.node.arrived(input.task, input.version, value.bytes(), 1.0) {
                    member.values.insert(input.task, (input.version, value));
                }
                self.act(to);
            }
            Message::NotFound { to, input } => {
                self.members[to as usize].node.not_found(input);
                self.act(to);
            }
            Message::Stopped { node, task, run, result } => self.stopped(node, task, run, result),
        }
    }

    fn command(&mut self, command: Command) {
        let node = match command {
            Command::Compute { node, task, run, inputs, .. } => {
                self.members[node as usize].node.compute(task, run, inputs);
                node
            }
            Command::Withdraw { node, task, run } => {
                self.members[node as usize].node.withdraw(task, run);
                node
            }
            Command::Free { node, task, version } => {
                let Member { node: state, values, .. } = &mut self.members[node as usize];
                state.free(task, version);
                if values.get(&task).is_some_and(|&(held, _)| held == version) {
                    values.remove(&task);
                }
                node
            }
            Command::Send { node, task, version } => {
                self.members[node as usize].node.send(task, version);
                node
            }
            Command::Finished => unreachable!("it is no message"),
        };
        self.act(node);
    }

    fn stopped(&mut self, node: NodeId, task: TaskId, run: RunId, result: Result<Value, String>) {
        if !self.members[node as usize].is_alive {
            return;
        }
        if self.faults.killer == Some(task) {
            return self.kill(node);
        }
        let Member { node: state, values, .. } = &mut self.members[node as usize];
        match result {
            Ok(value) => {
                let bytes = value.bytes();
                if state.ran(task, run, Ran::Value { ms: 1.0, bytes }) {
                    values.insert(task, (run, value));
                }
            }
            Err(message) => {
                state.ran(task, run, Ran::Erred(message.into()));
            }
        }
        self.act(node);
    }

    fn act(&mut self, node: NodeId) {
        let member = &mut self.members[node as usize];
        let actions: Vec<Action> = member.node.actions().collect();
        if !member.is_alive {
            return;
        }
        for action in actions {
            match action {
                Action::Tell(event) => self.flight.push(Message::ToScheduler(event)),
                Action::Fetch(input) => self.flight.push(Message::Request { to: node, input }),
                Action::Deliver { task } => {
                    let value = self.members[node as usize].values[&task].1.clone();
                    self.flight.push(Message::ToClient { task, value });
                }
                Action::Run { task, run } => {
                    let result = self.compute(node, task);
                    self.flight.push(Message::Stopped { node, task, run, result });
                }
            }
        }
    }

    fn compute(&mut self, node: NodeId, task: TaskId) -> Result<Value, String> {
        if let Some(value) = self.given.get(&task) {
            return Ok(value.clone());
        }
        let spare = &mut self.spare_retries[task as usize];
        if *spare > 0 && self.dice.percent(self.faults.flaky) {
            *spare -= 1;
            return Err("by chance".to_owned());
        }
        let values = &self.members[node as usize].values;
        let of = |input: &TaskId| Cow::Owned(values[input].1.clone());
        let Task { op, inputs } = &self.tasks[task as usize];
        let mut inputs: Vec<Cow<'_, Value>> = inputs.iter().map(of).collect();
        match op {
            Op::NoOp => Ok(Value::None),
            op => operations::execute(op, &mut inputs, 0).map_err(|message| message.to_string()),
        }
    }

    /// Checks that every target has its value, or an error that is true, and that nothing is left on any node.
    pub fn check(&self, expected: &[Result<Value, dagdeck::Error>], failing: &[TaskId]) {
        assert!(self.core.is_over());
        if !self.core.is_cancelled() {
            for (&target, expected) in self.plan.targets().iter().zip(expected) {
                match self.core.error(target) {
                    Some((blamed, message)) => self.check_error(target, blamed, &message, failing),
                    None => assert_eq!(self.value(target), Ok(expected.as_ref().unwrap()), "target {target}"),
                }
            }
        }
        for (id, member) in self.members.iter().enumerate().filter(|(_, member)| member.is_alive) {
            assert!(member.node.is_at_rest(), "node {id} is not at rest: {:?}", member.node);
            for task in member.node.held() {
                assert!(!self.gather && !self.core.is_cancelled(), "node {id} still has {task}");
                assert!(self.core.who_has(task).contains(&(id as NodeId)), "node {id} has {task} in secret");
                assert!(self.plan.targets().contains(&task), "node {id} has {task}, which nobody needs");
            }
        }
        for task in self.plan.tasks() {
            for &node in self.core.who_has(task) {
                assert!(
                    self.members[node as usize].values.contains_key(&task),
                    "node {node} does not have {task}"
                );
            }
            let state = self.core.state(task);
            let ended = matches!(state, State::Forgotten | State::Erred);
            let kept = !self.gather && matches!(state, State::Memory | State::Released);
            assert!(ended || kept, "task {task} is {state} at the end");
        }
    }

    fn value(&self, target: TaskId) -> Result<&Value, String> {
        if self.gather {
            return self.received.get(&target).ok_or_else(|| "it was not received".to_owned());
        }
        let holder = self.core.who_has(target).first().ok_or("nobody has it")?;
        let value = self.members[*holder as usize].values.get(&target);
        value.map(|(_, value)| value).ok_or_else(|| "its holder lost it".to_owned())
    }

    /// Checks that nothing is left on any node, and that no task can be needed again. The client has released all.
    pub fn check_empty(&self) {
        for (id, member) in self.members.iter().enumerate().filter(|(_, member)| member.is_alive) {
            assert!(member.node.is_at_rest(), "node {id} is not at rest: {:?}", member.node);
            assert_eq!(member.node.held().next(), None, "node {id} still has a value");
            assert!(member.values.is_empty());
        }
        for task in 0..self.tasks.len() as TaskId {
            let state = self.core.state(task);
            assert!(matches!(state, State::Forgotten | State::Erred), "task {task} is {state} at the end");
        }
    }

    pub fn check_error(&self, target: TaskId, blamed: TaskId, message: &str, failing: &[TaskId]) {
        assert!(self.needs(target, blamed), "{target} does not need {blamed}, which it blames");
        if message.starts_with("given up: 3 nodes died") {
            let dead = self.sent_to[&blamed].iter().filter(|&&node| !self.members[node as usize].is_alive);
            assert!(dead.count() >= 3, "{blamed} was not on three nodes that died");
        } else if self.given.contains_key(&blamed) {
            assert!(message.starts_with("lost: "), "{message}");
        } else {
            assert!(failing.contains(&blamed), "{blamed} does not fail: {message}");
            assert!(message.ends_with("failed on purpose") || message == "by chance", "{message}");
        }
    }

    fn needs(&self, target: TaskId, task: TaskId) -> bool {
        let (mut stack, mut seen) = (vec![target], BTreeSet::new());
        while let Some(next) = stack.pop() {
            if next == task {
                return true;
            }
            stack.extend(self.tasks[next as usize].inputs.iter().filter(|&&input| seen.insert(input)));
        }
        false
    }

    /// The targets that have no value.
    pub fn failed_targets(&self) -> Vec<TaskId> {
        self.plan.targets().iter().copied().filter(|&target| self.core.error(target).is_some()).collect()
    }

    /// The nodes to which a task was sent, and that died.
    pub fn deaths_with(&self, task: TaskId) -> usize {
        let sent = self.sent_to.get(&task).into_iter().flatten();
        sent.filter(|&&node| !self.members[node as usize].is_alive).count()
    }
}
