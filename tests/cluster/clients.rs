//! Clients of an open scheduler: they add tasks that need earlier ones, ask for values, release and drop them, while nodes die.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use dagdeck::{
    Error, GraphBuilder, Op, Options, Plan, Scheduler, TaskId, Value,
    graph::{Annotations, gallery::Shape},
    scheduler::{
        self,
        cluster::{Event, State},
    },
};

use crate::{
    graphs::adding,
    world::{Dice, Faults, World},
};

/// A client that wants the tasks of one plan, and asks for them in parts.
struct Client {
    whole: Plan,
    expected: Vec<Result<Value, Error>>,
    world: World,
    dice: Dice,
    /// The ids of the tasks that the client keeps, by their place in the whole.
    kept: BTreeMap<TaskId, TaskId>,
    /// The place in the whole of each task that was kept.
    places: HashMap<TaskId, TaskId>,
}

impl Client {
    fn new(whole: Plan, world: World, seed: u64) -> Client {
        let mut graph = GraphBuilder::new();
        for task in whole.tasks() {
            let inputs = whole.dependencies().row(task).iter().map(|&input| whole.key(input).clone());
            graph.task(whole.key(task).clone(), whole.op(task).clone(), inputs);
            graph.target(whole.key(task).clone());
        }
        let all = Plan::new(&graph.build().unwrap());
        let options = Options { scheduler: Scheduler::Sync, keep_going: true, ..Options::default() };
        let values = scheduler::start(Arc::new(all), options).unwrap().wait().unwrap().values;
        Client {
            expected: values,
            whole,
            world,
            dice: Dice(seed),
            kept: BTreeMap::new(),
            places: HashMap::new(),
        }
    }

    /// Adds these tasks, which the client keeps if it can. Inputs that are not among them must be kept.
    fn add(&mut self, tasks: std::ops::Range<TaskId>) {
        let whole = &self.whole;
        let inputs = |task: TaskId| whole.dependencies().row(task).iter().copied();
        let outside = tasks.clone().flat_map(inputs).filter(|input| !tasks.contains(input));
        let mut outside: Vec<TaskId> = outside.collect();
        outside.sort_unstable();
        outside.dedup();
        if !outside.iter().all(|input| self.kept.contains_key(input)) {
            return;
        }
        let mut graph = GraphBuilder::new();
        outside.iter().for_each(|&input| graph.task(whole.key(input).clone(), Op::NoOp, []));
        for task in tasks.clone() {
            let key = whole.key(task);
            let args = inputs(task).map(|input| whole.key(input).clone());
            graph.task(key.clone(), whole.op(task).clone(), args);
            let retries = whole.annotations(task).retries;
            graph.annotate(key.clone(), Annotations { retries, ..Annotations::default() });
        }
        let is_read_later = |task: TaskId| {
            whole.dependents().row(task).iter().any(|reader| !tasks.contains(reader))
                || whole.targets().contains(&task)
        };
        let targets: Vec<TaskId> = tasks.clone().filter(|&task| is_read_later(task)).collect();
        if targets.is_empty() {
            return;
        }
        targets.iter().for_each(|&task| graph.target(whole.key(task).clone()));
        let plan = Plan::new(&graph.build().unwrap());
        let place = |task: TaskId| whole.tasks().find(|&other| whole.key(other) == plan.key(task)).unwrap();
        let known: HashMap<TaskId, TaskId> = plan
            .tasks()
            .filter_map(|task| Some((task, place(task))).filter(|(_, place)| outside.contains(place)))
            .map(|(task, place)| (task, self.kept[&place]))
            .collect();
        let priority = self.dice.below(3) as i32 - 1;
        // A single root may be a value that the client has.
        let value = self.expected[tasks.start as usize].as_ref().ok();
        let is_given = tasks.len() == 1 && known.is_empty() && plan.len() == 1 && self.dice.percent(50);
        let given = value.filter(|_| is_given).map(|value| vec![value.clone()]);
        let targets: Vec<(TaskId, TaskId)> =
            plan.targets().iter().map(|&target| (place(target), target)).collect();
        let first = self.world.add(&plan, &known, priority, given.as_deref());
        for (place, target) in targets {
            self.kept.insert(place, first + target);
            self.places.insert(first + target, place);
        }
    }

    /// One of the tasks that are kept.
    fn any(&mut self) -> Option<(TaskId, TaskId)> {
        let place = self.dice.below(self.kept.len().max(1) as u64) as usize;
        self.kept.iter().nth(place).map(|(&place, &task)| (place, task))
    }

    fn note_dropped(&mut self) {
        for task in self.world.core.dropped() {
            let place = self.places[&task];
            assert_eq!(self.kept.remove(&place), Some(task), "what was dropped was kept");
        }
    }
}

/// A history that follows from its seed.
fn history(seed: u64) {
    let mut dice = Dice(seed.wrapping_mul(0x9e6c_63d0_876a_68ee));
    let shape = Shape::ALL[dice.below(Shape::ALL.len() as u64) as usize];
    let tasks = 1 + dice.below(30) as u32;
    let failing: Vec<TaskId> =
        if dice.percent(20) { vec![dice.below(u64::from(tasks)) as u32] } else { vec![] };
    let whole = adding(shape, tasks, seed, &failing, dice.below(3) as u8);
    let faults = Faults {
        repeated: dice.below(2) * 10,
        deaths: dice.below(5) as u32,
        flaky: 20,
        reordered: dice.percent(80),
        ..Faults::default()
    };
    let world = World::open(1 + dice.below(5) as u32, 1 + dice.below(3) as u32, faults, seed);
    let mut client = Client::new(whole, world, seed);
    let most = 4000 + 400 * (client.whole.len() + client.whole.dependencies().entries()) as u64;
    let mut next = 0;
    let len = client.whole.len() as TaskId;
    while next < len {
        (0..dice.below(30)).for_each(|_| client.world.step(most));
        let end = len.min(next + 1 + dice.below(8) as TaskId);
        client.add(next..end);
        next = end;
        if let Some((place, task)) = client.any() {
            match dice.below(12) {
                0 => {
                    client.world.tell(Event::Released { task });
                    client.kept.remove(&place);
                }
                1 => {
                    client.world.tell(Event::Dropped { task });
                    client.note_dropped();
                    assert!(!client.kept.contains_key(&place));
                }
                2..6 => client.world.tell(Event::Wanted { task }),
                _ => {}
            }
        }
    }
    client.world.come_to_rest();
    let kept: Vec<(TaskId, TaskId)> = client.kept.iter().map(|(&place, &task)| (place, task)).collect();
    kept.iter().for_each(|&(_, task)| client.world.tell(Event::Wanted { task }));
    client.world.come_to_rest();
    for &(place, task) in &kept {
        let expected = &client.expected[place as usize];
        match client.world.core.error(task) {
            Some((blamed, message)) => {
                // What fails is only known by its place, and a task that nobody keeps has none.
                let failing: Vec<TaskId> = if expected.is_err() { vec![blamed] } else { vec![] };
                client.world.check_error(task, blamed, &message, &failing);
            }
            None => {
                assert_eq!(client.world.core.state(task), State::Memory);
                assert_eq!(client.world.received(task), Some(expected.as_ref().unwrap()), "task {place}");
            }
        }
    }
    kept.iter().for_each(|&(_, task)| client.world.tell(Event::Released { task }));
    client.world.come_to_rest();
    client.world.check_empty();
    assert!(!client.world.core.is_over());
    client.world.tell(Event::Cancel);
    assert!(client.world.core.is_over());
}

#[test]
fn what_a_client_keeps_has_its_value_and_nothing_is_left_when_all_is_released() {
    for seed in 0..4_000 {
        if let Err(panic) = std::panic::catch_unwind(|| history(seed)) {
            eprintln!("history {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
