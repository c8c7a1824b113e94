//! `processes` with a simulated transport: messages take any time, processes die, and bytes are damaged. All of it
//! follows from a seed.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use dagdeck::{
    GraphBuilder, Key, Op, Options, Outcome, Plan, Result, Run,
    graph::{Annotations, gallery::Shape},
    operations::{Arange, Busy, Operands, Ufunc},
    scheduler::{self, Child, Command, Event, Policy, StartMethod},
    trace::Action,
};
use proptest::prelude::*;

use crate::{
    PROCESSES, SYNC,
    graphs::{adding, random_graph, replaced},
    laws::{assert_complete, lawful_trace},
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
#[derive(Clone, Copy, Default)]
struct Trouble {
    /// A process dies before one in this number of steps.
    death: usize,
    /// The run is cancelled after this number of steps.
    cancel: Option<usize>,
    /// This reply is damaged.
    damage: Option<usize>,
    /// This message to a process is damaged.
    damage_to: Option<usize>,
    /// A process dies instead of sending a reply with these bytes.
    poison: Option<&'static [u8]>,
}

/// A process, and what is on its way.
struct Seat {
    child: Child,
    starts: bool,
    inbox: VecDeque<Vec<u8>>,
    outbox: VecDeque<Vec<u8>>,
}

struct Simulation {
    run: Run,
    dice: Dice,
    trouble: Trouble,
    seats: Vec<Option<Seat>>,
    /// Replies of dead processes that are still on their way.
    late: Vec<(u32, Vec<u8>)>,
    started: usize,
    deaths: usize,
    replies: usize,
    sent: usize,
    finished: bool,
}

impl Simulation {
    fn new(plan: &Arc<Plan>, options: Options, seed: u64, trouble: Trouble) -> Simulation {
        let run = scheduler::start(plan.clone(), options).unwrap();
        Simulation {
            run,
            dice: Dice(seed),
            trouble,
            seats: Vec::new(),
            late: Vec::new(),
            started: 0,
            deaths: 0,
            replies: 0,
            sent: 0,
            finished: false,
        }
    }

    fn follow(&mut self) {
        for command in self.run.commands() {
            assert!(!self.finished, "{command:?} after the end");
            match command {
                Command::Start { process, method: _ } => {
                    let at = process as usize;
                    let count = self.seats.len().max(at + 1);
                    self.seats.resize_with(count, || None);
                    let seat =
                        Seat { child: Child::new(), starts: true, inbox: [].into(), outbox: [].into() };
                    assert!(self.seats[at].replace(seat).is_none(), "it was ended before");
                    self.started += 1;
                }
                Command::Send { process, message } => {
                    let mut bytes = message.to_bytes();
                    assert_eq!(bytes.len() as u64, message.len());
                    self.sent += 1;
                    if self.trouble.damage_to == Some(self.sent) {
                        self.damage(&mut bytes);
                    }
                    let seat = self.seats[process as usize].as_mut().expect("messages are for the living");
                    seat.inbox.push_back(bytes);
                    assert!(seat.inbox.len() + seat.outbox.len() <= 2, "a short queue");
                }
                Command::End { process } => {
                    assert!(self.seats[process as usize].take().is_some(), "it is ended once");
                }
                Command::Finished => self.finished = true,
            }
        }
    }

    /// Changes one bit, or leaves out the end.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.dice.below(bytes.len());
        match self.dice.below(3) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << self.dice.below(8),
            _ => {
                let from_end = bytes.len() - 1 - self.dice.below(bytes.len().min(40));
                bytes[from_end] ^= 1 << self.dice.below(8);
            }
        }
    }

    fn kill(&mut self, process: usize) {
        let mut seat = self.seats[process].take().expect("it lives");
        self.deaths += 1;
        self.run.tell(Event::Died { process: process as u32, reason: "killed".to_owned() });
        if let Some(reply) = seat.outbox.pop_front() {
            self.late.push((process as u32, reply));
        }
    }

    /// One thing happens to one process.
    fn step(&mut self) {
        if !self.late.is_empty() && self.dice.once_in(3) {
            let (process, message) = self.late.remove(0);
            return self.run.tell(Event::Reply { process, message });
        }
        let living: Vec<usize> = (0..self.seats.len()).filter(|&seat| self.seats[seat].is_some()).collect();
        if self.dice.once_in(self.trouble.death) && !living.is_empty() {
            let at = living[self.dice.below(living.len())];
            return self.kill(at);
        }
        let moves: Vec<usize> = living
            .into_iter()
            .filter(|&at| {
                let seat = self.seats[at].as_ref().unwrap();
                seat.starts || !seat.inbox.is_empty() || !seat.outbox.is_empty()
            })
            .collect();
        assert!(!moves.is_empty(), "nothing is on its way, and the run is not over");
        let at = moves[self.dice.below(moves.len())];
        let seat = self.seats[at].as_mut().unwrap();
        let process = at as u32;
        if std::mem::take(&mut seat.starts) {
            return self.run.tell(Event::Joined { process, bytes: 64, ms: 0.1 });
        }
        if !seat.inbox.is_empty() && (seat.outbox.is_empty() || self.dice.once_in(2)) {
            let message = seat.inbox.pop_front().unwrap();
            let reply = seat.child.on_message(&message);
            let is_poisoned = |poison: &[u8]| reply.windows(poison.len()).any(|bytes| bytes == poison);
            if self.trouble.poison.is_some_and(is_poisoned) {
                return self.kill(at);
            }
            return seat.outbox.push_back(reply);
        }
        let mut message = seat.outbox.pop_front().unwrap();
        self.replies += 1;
        if self.trouble.damage == Some(self.replies) {
            self.damage(&mut message);
        }
        self.run.tell(Event::Reply { process, message });
    }

    /// Lets things happen until the run is over.
    fn finish(mut self) -> (Run, Result<Outcome>) {
        let mut steps = 0;
        self.follow();
        while !self.run.is_over() {
            if self.trouble.cancel == Some(steps) {
                self.run.cancel();
            } else {
                self.step();
            }
            steps += 1;
            self.follow();
        }
        assert!(self.finished, "the end is a command, too");
        assert!(
            self.seats.iter().all(Option::is_none),
            "every process that was started was ended, or had died"
        );
        assert!(self.run.joined().len() <= self.started);
        // What comes too late changes nothing.
        let outcome = self.run.outcome();
        self.run.tell(Event::Died { process: 0, reason: "out of memory".to_owned() });
        self.run.tell(Event::Joined { process: 1, bytes: 0, ms: 0.0 });
        assert!(self.run.commands().is_empty());
        assert_eq!(self.run.outcome(), outcome);
        if outcome.is_err() {
            assert_eq!(self.run.held_bytes(), 0, "everything is released");
        }
        (self.run, outcome)
    }
}

fn simulate(plan: &Arc<Plan>, options: Options, seed: u64, trouble: Trouble) -> (Run, Result<Outcome>) {
    Simulation::new(plan, options, seed, trouble).finish()
}

/// Numbers flow along the edges of a shape of the gallery.
fn gallery(shape: Shape, tasks: u32) -> Arc<Plan> {
    let graph = shape.graph(tasks, 1, |_| Op::NoOp);
    let order = dagdeck::graph::order(&graph);
    let mut places = vec![0; graph.len()];
    order.iter().zip(0..).for_each(|(&task, place)| places[task as usize] = place);
    let row = |&task: &u32| graph.dependencies().row(task).iter().map(|&d| places[d as usize]).collect();
    let rows: Vec<Vec<usize>> = order.iter().map(row).collect();
    let targets: Vec<usize> = graph.targets().iter().map(|&target| places[target as usize]).collect();
    plan(&adding(&rows, &targets))
}

#[test]
fn every_shape_of_the_gallery_gives_the_values_of_sync() {
    for shape in Shape::ALL {
        let plan = gallery(shape, 300);
        let expected = run(&plan, SYNC).1.unwrap().values;
        for (workers, start) in [(1, StartMethod::Spawn), (3, StartMethod::Fork), (8, StartMethod::Spawn)] {
            let options = Options { workers, start, ..PROCESSES };
            let (run, outcome) = simulate(&plan, options, workers as u64, Trouble::default());
            let outcome = outcome.unwrap();
            assert_complete(&run, &outcome);
            assert_eq!(outcome.values, expected, "{} on {workers}", shape.name());
        }
    }
}

/// Any way to run a graph on processes.
fn options() -> impl Strategy<Value = Options> {
    let policy = prop::sample::select(Policy::ALL.to_vec());
    let start = prop::sample::select(StartMethod::ALL.to_vec());
    (1usize..=8, policy, start, any::<u64>(), any::<bool>()).prop_map(
        |(workers, policy, start, seed, trace)| Options { workers, policy, start, seed, trace, ..PROCESSES },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn random_graphs_give_the_values_of_sync(graph in random_graph(), options in options(), seed: u64) {
        let plan = plan(&graph);
        let expected = run(&plan, SYNC).1.unwrap().values;
        let (run, outcome) = simulate(&plan, options, seed, Trouble::default());
        let outcome = outcome.unwrap();
        if options.trace {
            assert_complete(&run, &outcome);
        }
        prop_assert_eq!(outcome.values, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn processes_that_die_take_no_value_with_them(
        graph in random_graph(),
        options in options(),
        seed: u64,
        death in 2usize..40,
        keep_going: bool,
    ) {
        let plan = plan(&graph);
        let expected = run(&plan, SYNC).1.unwrap().values;
        let options = Options { keep_going, ..options };
        let (run, outcome) = simulate(&plan, options, seed, Trouble { death, ..Trouble::default() });
        lawful_trace(&run);
        let told = |error: &dagdeck::Error| match error.task_key() {
            Some(key) => {
                assert!(plan.tasks().any(|task| plan.key(task) == key));
                assert!(error.to_string().contains("3 processes died"), "{error}");
            }
            None => assert!(error.to_string().contains("3 times in a row it died before"), "{error}"),
        };
        match outcome {
            Ok(outcome) => for (value, expected) in outcome.values.iter().zip(&expected) {
                match value {
                    Ok(value) => prop_assert_eq!(value, expected.as_ref().unwrap()),
                    Err(error) => {
                        prop_assert!(keep_going);
                        told(error);
                    }
                }
            },
            Err(error) => told(&error),
        }
    }

    #[test]
    fn a_cancel_ends_the_run_at_once(graph in random_graph(), options in options(), seed: u64, cancel in 0usize..60) {
        let plan = plan(&graph);
        let expected = run(&plan, SYNC).1.unwrap().values;
        match simulate(&plan, options, seed, Trouble { cancel: Some(cancel), ..Trouble::default() }).1 {
            Ok(outcome) => prop_assert_eq!(outcome.values, expected),
            Err(error) => prop_assert!(error.is_cancelled(), "{}", error),
        }
    }

    #[test]
    fn damaged_bytes_are_an_error_and_no_panic(
        graph in random_graph(),
        options in options(),
        seed: u64,
        message in 1usize..30,
        is_reply: bool,
    ) {
        let plan = plan(&graph);
        let trouble = match is_reply {
            true => Trouble { damage: Some(message), ..Trouble::default() },
            false => Trouble { damage_to: Some(message), ..Trouble::default() },
        };
        // Bytes of numbers have no check of their own, so a run may end well.
        if let Err(error) = simulate(&plan, options, seed, trouble).1 {
            let error = error.to_string();
            let told = ["sent a message that cannot be read", "could not read a message", "cannot be read", "erred: "];
            prop_assert!(told.iter().any(|told| error.contains(told)), "{}", error);
        }
    }
}

#[test]
fn a_damaged_head_ends_the_run_with_a_clear_error() {
    let plan = plan(&adding(&[vec![], vec![0], vec![1]], &[2]));
    let mut errors = BTreeSet::new();
    for (is_reply, message) in [(true, 1), (true, 2), (false, 1), (false, 2)] {
        let mut simulation =
            Simulation::new(&plan, Options { workers: 1, ..PROCESSES }, 0, Trouble::default());
        // One bit of the checksum: the last byte.
        let mut count = [0, 0];
        simulation.follow();
        while !simulation.run.is_over() {
            let seat = simulation.seats[0].as_mut().unwrap();
            let queue = if is_reply { &mut seat.outbox } else { &mut seat.inbox };
            let before = queue.len();
            simulation.step();
            simulation.follow();
            let Some(Some(seat)) = simulation.seats.get_mut(0) else { continue };
            let queue = if is_reply { &mut seat.outbox } else { &mut seat.inbox };
            if queue.len() > before {
                count[0] += queue.len() - before;
                if count[0] >= message && count[1] == 0 {
                    count[1] = 1;
                    *queue.back_mut().unwrap().last_mut().unwrap() ^= 1;
                }
            }
        }
        errors.insert(simulation.run.outcome().unwrap_err().to_string());
    }
    assert_eq!(
        errors.into_iter().collect::<Vec<_>>(),
        [
            "process 0 could not read a message: the message is damaged",
            "process 0 sent a message that cannot be read: the message is damaged",
        ]
    );
}

#[test]
fn a_task_that_kills_its_process_is_given_up_and_named() {
    let rows: Vec<Vec<usize>> =
        (0..200).map(|task| if task < 100 { vec![] } else { vec![task - 100] }).collect();
    let targets: Vec<usize> = (100..200).collect();
    let good = plan(&adding(&rows, &targets));
    let root = good.roots().nth(40).unwrap();
    let broken = replaced(&good, |task| (task == root).then(|| Op::Panic("poison".into())), |_| ());
    let broken = plan(&broken);
    let trouble = Trouble { poison: Some(b"poison"), ..Trouble::default() };
    let given_up = "erred: 3 processes died while this was the task that they ran or were to run next (Dask: \
                    KilledWorker): killed";
    for seed in 0..20 {
        let error = simulate(&broken, PROCESSES, seed, trouble).1.unwrap_err().to_string();
        assert_eq!(error, format!("{} {given_up}", good.key(root)));

        let options = Options { keep_going: true, ..PROCESSES };
        let (run, outcome) = simulate(&broken, options, seed, trouble);
        let outcome = outcome.unwrap();
        assert_eq!(
            outcome.values.iter().filter(|value| value.is_err()).count(),
            1,
            "only what depends on it"
        );
        let lost = lawful_trace(&run).concat().iter().filter(|event| event.action == Action::Lost).count();
        assert!(lost >= 3);
    }
}

#[test]
fn processes_that_never_start_end_the_run() {
    let plan = plan(&adding(&[vec![]], &[0]));
    for joins in [false, true] {
        let run = scheduler::start(plan.clone(), PROCESSES).unwrap();
        for _ in 0..3 {
            let starts = run.commands();
            assert!(starts.iter().any(|command| matches!(command, Command::Start { process: 0, .. })));
            if joins {
                run.tell(Event::Joined { process: 0, bytes: 0, ms: 1.0 });
            }
            run.tell(Event::Died { process: 0, reason: "out of memory".to_owned() });
        }
        let error = run.outcome().unwrap_err().to_string();
        assert_eq!(
            error,
            "process 0 could not be started: 3 times in a row it died before it was ready: out of memory"
        );
    }
}

#[test]
fn two_hundred_runs_end_what_they_start() {
    let plan = plan(&adding(&[vec![], vec![0]], &[1]));
    for seed in 0..200 {
        let trouble = Trouble { death: 5, cancel: (seed % 3 == 0).then_some(4), ..Trouble::default() };
        // The simulation compares what was started with what was ended or died.
        let (..) = simulate(&plan, Options { workers: 8, ..PROCESSES }, seed, trouble);
    }
}

#[test]
fn retries_go_on_in_the_process() {
    let mut graph = GraphBuilder::new();
    for i in 0..20 {
        let key = Key::block("flaky", &[i]);
        graph.task(key.clone(), Op::Busy(Busy { steps: 1, failures: (i % 3) as u8 }), []);
        graph.annotate(key.clone(), Annotations { retries: 2, ..Default::default() });
        graph.target(key);
    }
    let plan = plan(&graph.build().unwrap());
    let (run, outcome) = simulate(&plan, PROCESSES, 3, Trouble::default());
    let outcome = outcome.unwrap();
    assert_complete(&run, &outcome);
    assert_eq!(outcome.summary.traced.unwrap().retries, 7 + 2 * 6);
}

#[test]
fn the_lanes_are_processes_and_show_what_was_moved() {
    let range = Arange { start: 0.0.into(), step: 1.0.into(), len: 100_000, dtype: Default::default() };
    let mut graph = GraphBuilder::new();
    graph.task("x".into(), Op::Arange(range.into()), []);
    graph.task("y".into(), Op::elementwise(Ufunc::Add, Operands::Inputs), ["x".into(), "x".into()]);
    graph.target("y".into());
    let plan = plan(&graph.build().unwrap());
    let (run, outcome) = simulate(&plan, Options { workers: 2, ..PROCESSES }, 1, Trouble::default());
    assert_complete(&run, &outcome.unwrap());
    let labels: Vec<&str> = run.trace().columns().iter().map(|column| &*column.lane().label).collect();
    assert_eq!(labels, ["process 0", "process 1"]);
    let events = lawful_trace(&run).concat();
    let bytes = |action: Action| -> u64 {
        events.iter().filter(|event| event.action == action).map(|event| event.details.bytes).sum()
    };
    assert!((1_600_000..1_602_000).contains(&bytes(Action::Serialize)), "both values");
    assert!((800_000..810_000).contains(&bytes(Action::Deserialize)), "x once, and the plan");
    assert!((2_400_000..2_420_000).contains(&bytes(Action::Transfer)), "x back and, once, there; y back");
    let peers: Vec<u32> = events.iter().filter_map(|event| event.details.peer).collect();
    assert_eq!(peers.len(), 1, "x has a process that made it");
}
