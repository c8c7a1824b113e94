//! `cluster` with a simulated transport: messages take any time, nodes die, join and are killed, and bytes are damaged. All of
//! it follows from a seed.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use dagdeck::{
    GraphBuilder, Key, Op, Options, Outcome, Plan, Result, Run, Scalar,
    operations::{Busy, Call, Function},
    scheduler::{
        self, Changes, Deaths, Network,
        cluster::live::{Command, Event, Member, Storage},
    },
    trace::Action,
};
use proptest::prelude::*;

use crate::{
    CLUSTER, SYNC,
    graphs::{adding, random_graph, replaced, shapes},
    laws::lawful_trace,
    plan, run,
};

/// The splitmix64 generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % count as u64) as usize
    }

    /// True once in `times`; never if that is 0.
    fn once_in(&mut self, times: usize) -> bool {
        times > 0 && self.below(times) == 0
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trouble {
    /// A node dies before one in this number of steps.
    pub death: usize,
    /// A node is killed before one in this number of steps, and is not replaced.
    pub kill: usize,
    /// A node is added before one in this number of steps.
    pub add: usize,
    /// The run is cancelled after this number of steps.
    pub cancel: Option<usize>,
    /// This message is damaged.
    pub damage: Option<usize>,
    /// Nodes have no file for values that do not fit into memory.
    pub no_storage: bool,
    /// These files can have this number of bytes.
    pub most_storage: Option<u64>,
    /// A node dies instead of sending a message with these bytes.
    pub poison: Option<&'static [u8]>,
}

/// A file that can have this number of bytes.
struct Limited(Vec<u8>, u64);

impl Storage for Limited {
    fn write(&mut self, at: u64, bytes: &[u8]) -> std::result::Result<(), String> {
        match at + bytes.len() as u64 <= self.1 {
            true => self.0.write(at, bytes),
            false => Err("the disk is full".to_owned()),
        }
    }

    fn read(&mut self, at: u64, bytes: &mut [u8]) -> std::result::Result<(), String> {
        self.0.read(at, bytes)
    }

    fn truncate(&mut self, length: u64) {
        Storage::truncate(&mut self.0, length);
    }
}

/// A node, and the messages for it: from the scheduler, and from each other node.
#[derive(Default)]
struct Seat {
    member: Member,
    starts: bool,
    works: bool,
    /// It waits for a file.
    opens: bool,
    inboxes: BTreeMap<Option<u32>, VecDeque<Vec<u8>>>,
    outbox: VecDeque<Vec<u8>>,
}

impl Seat {
    /// A slot that has a task.
    fn busy_slot(&self) -> Option<usize> {
        let slots = self.member.slots()?;
        (0..slots.len()).rev().find(|&slot| slots.has_task(slot))
    }
}

pub struct Simulation {
    pub run: Run,
    dice: Dice,
    trouble: Trouble,
    seats: BTreeMap<u32, Seat>,
    /// Reports of dead nodes that are still on their way.
    late: Vec<(u32, Vec<u8>)>,
    messages: usize,
    started: u32,
    /// Of nodes that died by themselves.
    deaths: usize,
    kills: usize,
    /// No node is killed any more.
    pub is_calm: bool,
    is_finished: bool,
}

impl Simulation {
    fn new(plan: &Arc<Plan>, options: Options, seed: u64, trouble: Trouble) -> Simulation {
        Simulation::of(scheduler::start(plan.clone(), options).unwrap(), seed, trouble)
    }

    /// Of a run that has started.
    pub fn of(run: Run, seed: u64, trouble: Trouble) -> Simulation {
        Simulation {
            run,
            dice: Dice(seed),
            trouble,
            seats: BTreeMap::new(),
            late: Vec::new(),
            messages: 0,
            started: 0,
            deaths: 0,
            kills: 0,
            is_calm: false,
            is_finished: false,
        }
    }

    pub fn follow(&mut self) {
        for command in self.run.cluster_commands() {
            assert!(!self.is_finished, "{command:?} after the end");
            match command {
                Command::Start { node, slots } => {
                    assert_eq!(node, self.started, "every node has a new number");
                    self.started += 1;
                    let member = Member::with_slots(slots);
                    self.seats.insert(node, Seat { member, starts: true, ..Seat::default() });
                }
                Command::Link { first, second } => {
                    for (one, other) in [(first, second), (second, first)] {
                        if let Some(seat) = self.seats.get_mut(&one) {
                            assert!(!seat.starts, "a node that has not started is linked");
                            seat.inboxes.entry(Some(other)).or_default();
                        }
                    }
                }
                Command::Send { node, message } => {
                    let message = self.sent(message.to_bytes());
                    if let Some(seat) = self.seats.get_mut(&node) {
                        seat.inboxes.entry(None).or_default().push_back(message);
                    }
                }
                Command::End { node } => {
                    self.bury(node);
                }
                Command::Finished => self.is_finished = true,
            }
        }
    }

    /// A message is sent, and perhaps damaged: one bit changes, or the end is left out.
    fn sent(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        self.messages += 1;
        if self.trouble.damage == Some(self.messages) {
            let at = self.dice.below(bytes.len());
            let from_end = bytes.len() - 1 - self.dice.below(bytes.len().min(40));
            match self.dice.below(2) {
                0 => bytes.truncate(at),
                _ => bytes[from_end] ^= 1 << self.dice.below(8),
            }
        }
        bytes
    }

    /// What a node had sent before it died may still come.
    fn bury(&mut self, node: u32) {
        if let Some(mut seat) = self.seats.remove(&node)
            && let Some(report) = seat.outbox.pop_front()
        {
            self.late.push((node, report));
        }
    }

    fn die(&mut self, node: u32) {
        self.bury(node);
        self.deaths += 1;
        self.run.tell_cluster(Event::Died { node, reason: "killed".to_owned() });
    }

    /// One thing happens to one node.
    pub fn step(&mut self) {
        if !self.late.is_empty() && self.dice.once_in(3) {
            let (node, message) = self.late.remove(0);
            return self.run.tell_cluster(Event::Said { node, message });
        }
        let living: Vec<u32> = self.seats.keys().copied().collect();
        if !living.is_empty() && self.dice.once_in(self.trouble.death) {
            let node = living[self.dice.below(living.len())];
            return self.die(node);
        }
        let places = self.run.places();
        if places.len() > 1 && !self.is_calm && self.dice.once_in(self.trouble.kill) {
            let place = places[self.dice.below(places.len())].place;
            assert!(self.run.kill_node(place));
            self.kills += 1;
            return;
        }
        if self.dice.once_in(self.trouble.add) {
            assert_eq!(self.run.add_node().is_some(), places.len() < scheduler::MOST_NODES);
            return;
        }
        let can = |seat: &Seat| {
            seat.starts
                || seat.busy_slot().is_some()
                || seat.works
                || seat.opens
                || !seat.outbox.is_empty()
                || seat.inboxes.values().any(|inbox| !inbox.is_empty())
        };
        let moves: Vec<u32> =
            self.seats.iter().filter(|(_, seat)| can(seat)).map(|(&node, _)| node).collect();
        if moves.is_empty() {
            return self.run.tell_cluster(Event::Tick);
        }
        let node = moves[self.dice.below(moves.len())];
        let seat = self.seats.get_mut(&node).unwrap();
        if std::mem::take(&mut seat.starts) {
            return self.run.tell_cluster(Event::Joined { node });
        }
        let inboxes: Vec<Option<u32>> =
            seat.inboxes.iter().filter(|(_, inbox)| !inbox.is_empty()).map(|(&from, _)| from).collect();
        match self.dice.below(4) {
            0 if !inboxes.is_empty() => {
                let from = inboxes[self.dice.below(inboxes.len())];
                let message = seat.inboxes.get_mut(&from).unwrap().pop_front().unwrap();
                seat.member.on_message(from, &&message[..]);
                seat.works = true;
            }
            1 if !seat.outbox.is_empty() => {
                let message = seat.outbox.pop_front().unwrap();
                self.run.tell_cluster(Event::Said { node, message });
            }
            3 if let Some(slot) = seat.busy_slot() => {
                seat.works |= seat.member.slots().unwrap().run(slot).unwrap();
            }
            2 if seat.opens => {
                seat.opens = false;
                let most = self.trouble.most_storage.unwrap_or(u64::MAX);
                let storage = (!self.trouble.no_storage).then(|| Box::new(Limited(Vec::new(), most)) as _);
                seat.member.use_storage(storage);
                seat.works = true;
            }
            _ => {
                seat.works = seat.member.work(0.0);
                seat.opens |= seat.member.wants_storage();
                let posts = seat.member.posts();
                for post in posts {
                    let message = self.sent(post.message.to_bytes());
                    let poison = |poison: &[u8]| message.windows(poison.len()).any(|bytes| bytes == poison);
                    if self.trouble.poison.is_some_and(poison) {
                        return self.die(node);
                    }
                    match post.to {
                        None => self.seats.get_mut(&node).unwrap().outbox.push_back(message),
                        Some(to) => {
                            if let Some(other) = self.seats.get_mut(&to) {
                                let inbox = other.inboxes.get_mut(&Some(node));
                                inbox.expect("nodes are linked before they talk").push_back(message);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Lets things happen until the run is over. In the second half of the steps that it may take no node is killed: where no
    /// node lives long enough to compute something, a run goes on for ever. It must end as soon as they do.
    pub fn finish(mut self) -> (Simulation, Result<Outcome>) {
        let most = 20_000 + 2_000 * self.run.plan().len();
        let mut steps = 0;
        self.follow();
        while !self.run.is_over() {
            if self.trouble.cancel == Some(steps) {
                self.run.cancel();
            } else {
                self.step();
            }
            self.follow();
            steps += 1;
            self.is_calm = 2 * steps >= most;
            assert!(steps < most, "it hangs");
        }
        assert!(self.is_finished && self.seats.is_empty(), "all nodes are ended");
        let outcome = self.run.outcome();
        (self, outcome)
    }
}

/// How often each task was computed, apart from those times after which its value was lost and needed again.
fn computed(run: &Run) -> Vec<i32> {
    let mut counts = vec![0; run.plan().len()];
    for event in run.trace().columns().iter().flat_map(|column| column.events()) {
        match (event.task, event.action) {
            // Its value was lost, and it was not needed again after all.
            (Some(task), Action::Cancel) => counts[task as usize] += 1,
            (Some(task), Action::Compute) => counts[task as usize] += 1,
            (Some(task), Action::Lost) => counts[task as usize] -= 1,
            _ => {}
        }
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_dies_and_joins_the_values_are_those_of_sync(
        graph in random_graph(),
        workers in 1usize..6,
        slots in 1usize..5,
        seed: u64,
        death in prop::sample::select(vec![0usize, 0, 60, 300]),
        kill in prop::sample::select(vec![0usize, 30, 100]),
        add in prop::sample::select(vec![20usize, 100]),
    ) {
        let plan = plan(&graph);
        let expected = run(&plan, SYNC).1.unwrap();
        let trouble = Trouble { death, kill, add, ..Trouble::default() };
        let (simulation, outcome) = Simulation::new(&plan, Options { workers, slots, ..CLUSTER }, seed, trouble).finish();
        match outcome {
            Ok(outcome) => {
                prop_assert_eq!(outcome.values, expected.values);
                let counts = computed(&simulation.run);
                prop_assert!(counts.iter().all(|&count| count == 1), "every task has run: {:?}", counts);
                if simulation.deaths + simulation.kills == 0 {
                    lawful_trace(&simulation.run);
                }
            }
            Err(error) => {
                let error = error.to_string();
                prop_assert!(simulation.deaths >= 3, "{} after {} deaths", error, simulation.deaths);
                let told = error.contains("given up: 3 nodes died") || error.contains("could not be started");
                prop_assert!(told, "{}", error);
            }
        }
    }

    #[test]
    fn values_that_do_not_fit_are_spilled_and_read_back(
        graph in random_graph(),
        workers in 1usize..5,
        slots in 1usize..4,
        seed: u64,
        kill in prop::sample::select(vec![0usize, 0, 100]),
        // Two inputs and a value, each 24 bytes.
        memory_limit in 72u64..200,
        no_storage: bool,
        most_storage in prop::option::of(0u64..4000),
    ) {
        let plan = plan(&graph);
        let expected = run(&plan, SYNC).1.unwrap();
        let trouble = Trouble { kill, add: 50, no_storage, most_storage, ..Trouble::default() };
        let options = Options { workers, slots, memory_limit, ..CLUSTER };
        let (simulation, outcome) = Simulation::new(&plan, options, seed, trouble).finish();
        match outcome {
            Ok(outcome) => {
                prop_assert_eq!(outcome.values, expected.values);
                let counts = computed(&simulation.run);
                prop_assert!(counts.iter().all(|&count| count == 1), "every task has run: {:?}", counts);
            }
            Err(error) => {
                let error = error.to_string();
                prop_assert!(error.contains("out of memory"), "{}", error);
                let why = if no_storage { "gives it no storage" } else { "storage is full" };
                prop_assert!(error.ends_with(why) && (no_storage || most_storage.is_some()), "{}", error);
            }
        }
    }

    #[test]
    fn damage_is_noticed_and_never_hangs(
        graph in random_graph(),
        workers in 1usize..5,
        slots in 1usize..4,
        seed: u64,
        damage in 1usize..80,
    ) {
        let plan = plan(&graph);
        let expected = run(&plan, SYNC).1.unwrap();
        let trouble = Trouble { damage: Some(damage), ..Trouble::default() };
        let (simulation, outcome) = Simulation::new(&plan, Options { workers, slots, ..CLUSTER }, seed, trouble).finish();
        match outcome {
            // Only numbers in a block may change unnoticed, or it was the last message that was damaged, or none.
            Ok(outcome) => prop_assert_eq!(outcome.values.len(), expected.values.len()),
            Err(error) => {
                prop_assert!(simulation.messages >= damage);
                // The scheduler could not read what a node sent, or a node what the scheduler or another node sent.
                let told = ["sent a message that cannot be read", "could not go on: "];
                prop_assert!(told.iter().any(|told| error.to_string().contains(told)), "{}", error);
            }
        }
    }

    #[test]
    fn a_cancel_at_any_time_ends_everything(
        graph in random_graph(),
        slots in 1usize..4,
        seed: u64,
        cancel in 0usize..200,
    ) {
        let plan = plan(&graph);
        let trouble = Trouble { cancel: Some(cancel), add: 50, ..Trouble::default() };
        let (simulation, outcome) = Simulation::new(&plan, Options { slots, ..CLUSTER }, seed, trouble).finish();
        match outcome {
            Ok(outcome) => prop_assert_eq!(outcome.values, run(&plan, SYNC).1.unwrap().values),
            Err(error) => {
                prop_assert!(error.is_cancelled());
                prop_assert_eq!(simulation.run.held_bytes(), 0);
            }
        }
    }

    #[test]
    fn a_task_that_kills_three_nodes_is_given_up_and_nothing_else(
        graph in random_graph(),
        workers in 1usize..5,
        slots in 1usize..4,
        seed: u64,
        at in 0usize..1000,
    ) {
        let good = plan(&graph);
        let expected = run(&good, SYNC).1.unwrap().values().unwrap();
        let at = (at % good.len()) as u32;
        // Its message kills the node that sends it.
        let killer = plan(&replaced(&good, |task| (task == at).then(|| Op::Panic("deadly".into())), |_| ()));
        let options = Options { workers, slots, keep_going: true, ..CLUSTER };
        let trouble = Trouble { poison: Some(b"deadly"), ..Trouble::default() };
        let (simulation, outcome) = Simulation::new(&killer, options, seed, trouble).finish();
        prop_assert_eq!(simulation.deaths, 3);
        for (value, expected) in outcome.unwrap().values.iter().zip(&expected) {
            match value {
                Ok(value) => prop_assert_eq!(value, expected),
                Err(error) => {
                    prop_assert_eq!(error.task_key(), Some(good.key(at)));
                    prop_assert!(error.to_string().ends_with("(Dask: KilledWorker)"), "{}", error);
                }
            }
        }
    }
}

#[test]
fn without_a_node_a_run_waits_for_one() {
    let plan = plan(&adding(&[vec![], vec![0]], &[1]));
    let mut simulation = Simulation::new(&plan, Options { workers: 1, ..CLUSTER }, 1, Trouble::default());
    simulation.follow();
    assert!(simulation.run.kill_node(0) && !simulation.run.kill_node(0));
    simulation.follow();
    assert!(simulation.run.places().is_empty());
    (0..10).for_each(|_| simulation.step());
    assert!(!simulation.run.is_over());
    assert_eq!(simulation.run.add_node(), Some(1));
    let (simulation, outcome) = simulation.finish();
    outcome.unwrap();
    let lanes: Vec<_> =
        simulation.run.trace().columns().iter().map(|column| column.lane().label.clone()).collect();
    assert_eq!(lanes, ["node 0", "node 1"]);
}

#[test]
fn nodes_that_never_come_up_end_the_run() {
    let plan = plan(&adding(&[vec![], vec![0]], &[1]));
    let mut run = scheduler::start(plan, Options { workers: 2, ..CLUSTER }).unwrap();
    for node in 0..3 {
        run.tell_cluster(Event::Died { node, reason: "no memory".to_owned() });
    }
    let error = run.wait().unwrap_err().to_string();
    assert!(error.contains("could not be started") && error.ends_with("no memory"), "{error}");
}

/// A run with these nodes, which are up.
fn up(plan: &Arc<Plan>, options: Options) -> Run {
    let run = scheduler::start(plan.clone(), options).unwrap();
    (0..options.workers as u32).for_each(|node| run.tell_cluster(Event::Joined { node }));
    run
}

fn die(run: &Run, node: u32, reason: &str) {
    run.tell_cluster(Event::Died { node, reason: reason.to_owned() });
}

#[test]
fn a_node_that_cannot_start_leaves_the_others_at_work() {
    let plan = plan(&adding(&[vec![], vec![0]], &[1]));
    let run = up(&plan, Options { workers: 2, ..CLUSTER });
    assert_eq!(run.add_node(), Some(2));
    for node in 2..5 {
        assert_eq!(run.places().len(), 3);
        die(&run, node, "no memory");
    }
    assert!(!run.is_over());
    assert_eq!(run.places().len(), 2, "it is not tried for ever");
    assert_eq!(run.last_death().as_deref(), Some("Node 2 could not be started: no memory"));
    assert_eq!(run.add_node(), Some(3));
    run.tell_cluster(Event::Joined { node: 5 });
    die(&run, 5, "unreachable");
    assert_eq!(run.places().len(), 3, "one that was up is replaced");
    assert_eq!(run.last_death().as_deref(), Some("Node 3 died: unreachable"));
}

#[test]
fn a_task_is_not_to_blame_for_nodes_that_are_killed() {
    let plan = plan(&adding(&[vec![]], &[0]));
    let run = up(&plan, Options { workers: 1, ..CLUSTER });
    let mut killed = 0;
    let mut kill_and_add = || {
        assert!(run.kill_node(killed));
        killed += 1;
        assert_eq!(run.add_node(), Some(killed));
        run.tell_cluster(Event::Joined { node: killed });
    };
    (0..5).for_each(|_| kill_and_add());
    assert!(!run.is_over());
    (5..7).for_each(|node| {
        die(&run, node, "unreachable");
        run.tell_cluster(Event::Joined { node: node + 1 });
    });
    assert!(!run.is_over());
    die(&run, 7, "unreachable");
    let error = run.outcome().err().unwrap().to_string();
    assert!(error.contains("given up: 3 nodes died") && error.contains("because of unreachable"), "{error}");
}

#[test]
fn nodes_change_in_the_middle_though_a_task_has_killed_two() {
    // Both tasks were on two nodes that died, so they run one by one. When the first has run, the second is at the node.
    let plan = plan(&adding(&[vec![], vec![]], &[0, 1]));
    for kills in 0..3 {
        let changes = Changes { kills, scale_to: 4, ..Changes::NONE };
        let mut simulation =
            Simulation::new(&plan, Options { workers: 1, changes, ..CLUSTER }, 1, Trouble::default());
        simulation.follow();
        for node in 0..2 {
            simulation.run.tell_cluster(Event::Joined { node });
            simulation.follow();
            simulation.die(node);
            simulation.follow();
        }
        let (_, outcome) = simulation.finish();
        outcome.unwrap();
    }
}

#[test]
fn one_node_stays_if_all_are_to_die_and_none_comes() {
    let rows: Vec<Vec<usize>> = (0..100).map(|_| vec![]).collect();
    let plan = plan(&adding(&rows, &(0..100).collect::<Vec<_>>()));
    let changes = Changes { kills: 16, ..Changes::NONE };
    let (run, outcome) = run(&plan, Options { workers: 3, changes, ..CLUSTER });
    outcome.unwrap();
    let lefts: Vec<_> = run.trace().columns().iter().map(|column| column.lane().left_ms()).collect();
    assert!(lefts[1..].iter().all(|&end| end < lefts[0]), "{lefts:?}");
}

#[test]
fn a_cluster_has_room_for_sixteen_nodes() {
    let plan = plan(&adding(&[vec![], vec![0]], &[1]));
    let run = scheduler::start(plan.clone(), Options { workers: 15, ..CLUSTER }).unwrap();
    assert_eq!((run.add_node(), run.add_node()), (Some(15), None));
    assert!(run.kill_node(3));
    assert_eq!(run.add_node(), Some(16), "a lane that was not used");
    let error = scheduler::start(plan, Options { workers: 17, ..CLUSTER }).err().unwrap();
    assert_eq!(error.to_string(), "workers = 17: must be between 1 and 16");
}

#[test]
fn a_value_that_does_not_fit_a_node_errs() {
    let mut graph = GraphBuilder::new();
    let full = |length: usize| dagdeck::operations::Full {
        shape: [length].as_slice().into(),
        fill_value: 1.0.into(),
        dtype: Default::default(),
    };
    graph.task("x".into(), Op::Full(full(1000).into()), []);
    graph.target("x".into());
    let plan = plan(&graph.build().unwrap());
    let fits = run(&plan, Options { memory_limit: 8000, ..CLUSTER });
    assert_eq!(fits.0.held_bytes(), 8000);
    fits.1.unwrap();
    let error = run(&plan, Options { memory_limit: 7999, ..CLUSTER }).1.unwrap_err().to_string();
    assert!(error.starts_with("x erred: out of memory: it needs"), "{error}");
}

#[test]
fn what_a_run_holds_beyond_the_limit_of_a_node_is_in_its_file() {
    // A value of each is needed at the end.
    let (_, graph) = shapes().into_iter().find(|(name, _)| *name == "tree").unwrap();
    let plan = plan(&graph);
    let expected = run(&plan, SYNC).1.unwrap().values;
    let (run, outcome) = run(&plan, Options { workers: 2, memory_limit: 72, ..CLUSTER });
    assert_eq!(outcome.unwrap().values, expected);
    let events = lawful_trace(&run);
    let count = |action: Action| events.iter().flatten().filter(|event| event.action == action).count();
    assert!(count(Action::Spill) > 500 && count(Action::Unspill) > 500, "{}", count(Action::Spill));
    assert_eq!(count(Action::Pause), 0);
    assert!(run.held_bytes() <= 72);
}

#[test]
fn values_go_from_node_to_node_with_their_peer_and_bytes() {
    // Two long tasks at once, so both nodes have one, and one that needs both.
    let mut graph = GraphBuilder::new();
    let key = |i: u32| Key::block("x", &[i]);
    for i in 0..8 {
        graph.task(key(i), Op::Busy(Busy { steps: 200_000, failures: 0 }), []);
    }
    graph.task("all".into(), Op::Busy(Busy { steps: 1, failures: 0 }), (0..8).map(key));
    graph.target("all".into());
    let plan = plan(&graph.build().unwrap());
    let network = Network { latency_ms: 1.0, bytes_per_ms: 1e3, slowness: 2.0 };
    let (run, outcome) = run(&plan, Options { workers: 2, network, ..CLUSTER });
    outcome.unwrap();
    let events = lawful_trace(&run);
    let moved = |lane: usize| {
        events[lane].iter().filter(|event| event.action == Action::Transfer).collect::<Vec<_>>()
    };
    let all = [moved(0), moved(1)].concat();
    assert!(!all.is_empty());
    for lane in 0..2 {
        assert!(moved(lane).iter().all(|event| event.details.peer == Some(1 - lane as u32)));
        // Latency there and back.
        let long = |event: &&&dagdeck::trace::Event| event.stop_ms - event.start_ms >= 1.0;
        assert!(moved(lane).is_empty() || moved(lane).iter().any(|event| long(&event)));
    }
}

#[test]
fn nodes_die_and_come_in_the_middle_if_that_was_asked_for() {
    let rows: Vec<Vec<usize>> =
        (0..400).map(|task: usize| if task < 200 { vec![] } else { vec![task - 200] }).collect();
    let plan = plan(&adding(&rows, &(200..400).collect::<Vec<_>>()));
    let expected = run(&plan, SYNC).1.unwrap().values;
    let changes = Changes { kills: 2, scale_to: 5, ..Changes::NONE };
    let (run, outcome) = run(&plan, Options { workers: 3, changes, ..CLUSTER });
    assert_eq!(outcome.unwrap().values, expected);
    let lanes: Vec<_> = run.trace().columns().iter().map(|column| column.lane()).collect();
    assert_eq!(lanes.len(), 7, "three at first, of which one stays, and four others");
    let end = lanes[0].left_ms();
    assert!(lanes[1..3].iter().all(|lane| lane.left_ms() < end) && lanes[3].left_ms() == end);
}

#[test]
fn nodes_die_one_after_another_if_that_was_asked_for() {
    let rows: Vec<Vec<usize>> = (0..100).map(|_| vec![]).collect();
    let plan = plan(&adding(&rows, &(0..100).collect::<Vec<_>>()));
    let expected = run(&plan, SYNC).1.unwrap().values;
    let dying = |count| {
        let deaths = Deaths { count, first_percent: 20, every_percent: 30 };
        let changes = Changes { deaths, ..Changes::NONE };
        let (run, outcome) = run(&plan, Options { workers: 4, changes, ..CLUSTER });
        assert_eq!(outcome.unwrap().values, expected);
        run.trace().columns().iter().map(|column| column.lane().left_ms()).collect::<Vec<_>>()
    };
    let lefts = dying(2);
    assert!(lefts[2] < lefts[1] && lefts[3] < lefts[1] && lefts[1] == lefts[0], "{lefts:?}");
    // One node stays.
    let lefts = dying(9);
    assert!(lefts[1..].iter().all(|&left| left < lefts[0]), "{lefts:?}");
}

#[test]
fn a_network_out_of_range_is_refused() {
    let plan = plan(&adding(&[vec![]], &[0]));
    for network in [
        Network { latency_ms: -1.0, ..Network::REAL },
        Network { bytes_per_ms: 0.0, ..Network::REAL },
        Network { slowness: 0.5, ..Network::REAL },
    ] {
        let error = scheduler::start(plan.clone(), Options { network, ..CLUSTER }).err().expect("refused");
        assert!(error.to_string().contains("latency"), "{error}");
    }
}

#[test]
fn the_slots_of_a_node_run_tasks_at_the_same_time_and_share_its_values() {
    // Tasks that sleep run at the same time, however busy this machine is. All read a value, which is not moved.
    let mut graph = GraphBuilder::new();
    let key = |i: u32| Key::block("x", &[i]);
    let call = |function, args: &[Option<Scalar>]| {
        Op::Call(Call { function, args: args.iter().copied().collect() }.into())
    };
    graph.task("one".into(), call(Function::Inc, &[Some(Scalar::Int(1))]), []);
    for i in 0..6 {
        let sleep = call(Function::Sleep, &[Some(Scalar::Float(0.03)), None]);
        graph.task(key(i), sleep, [Key::from("one")]);
        graph.target(key(i));
    }
    let plan = plan(&graph.build().unwrap());
    let expected = run(&plan, SYNC).1.unwrap().values;
    let (run, outcome) = run(&plan, Options { workers: 1, slots: 3, ..CLUSTER });
    assert_eq!(outcome.unwrap().values, expected);
    let events = lawful_trace(&run);
    let trace = run.trace();
    let labels: Vec<_> = trace.columns().iter().map(|column| column.lane().label.clone()).collect();
    assert_eq!(labels, ["node 0 slot 0", "node 0 slot 1", "node 0 slot 2"]);
    let computes = |lane: usize| events[lane].iter().filter(|event| event.action == Action::Compute);
    let overlap = computes(0)
        .any(|one| computes(1).any(|other| one.start_ms < other.stop_ms && other.start_ms < one.stop_ms));
    assert!(overlap, "{events:?}");
    assert!(events.iter().flatten().all(|event| event.action != Action::Transfer));
}

#[test]
fn a_number_of_slots_out_of_range_is_refused() {
    let plan = plan(&adding(&[vec![]], &[0]));
    for slots in [0, 9] {
        let error = scheduler::start(plan.clone(), Options { slots, ..CLUSTER }).err().expect("refused");
        assert_eq!(error.to_string(), format!("slots = {slots}: must be between 1 and 8"));
    }
}
