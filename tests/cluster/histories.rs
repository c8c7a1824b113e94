//! Histories: every run ends with the values of `sync` or with an error that is true, nothing leaks, and none hangs.

use std::sync::Arc;

use dagdeck::{Error, Options, Plan, Scheduler, TaskId, Value, graph::gallery::Shape, scheduler};

use crate::{
    graphs::adding,
    world::{Dice, Faults, World},
};

fn expected(plan: &Plan) -> Vec<Result<Value, Error>> {
    let options = Options { scheduler: Scheduler::Sync, keep_going: true, ..Options::default() };
    scheduler::start(Arc::new(plan.clone()), options).unwrap().wait().unwrap().values
}

/// A history that follows from its seed. Returns how many tasks were sent before their inputs were there.
fn history(seed: u64) -> u64 {
    let mut dice = Dice(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let shape = Shape::ALL[dice.below(Shape::ALL.len() as u64) as usize];
    let tasks = 1 + dice.below(40) as u32;
    let failing: Vec<TaskId> =
        if dice.percent(30) { vec![dice.below(u64::from(tasks)) as u32] } else { vec![] };
    let retries = dice.below(3) as u8;
    let plan = adding(shape, tasks, seed, &failing, retries);
    let erring: Vec<TaskId> = plan
        .tasks()
        .filter(|&task| {
            let number = plan.key(task).index()[0];
            failing.contains(&number) && plan.dependencies().row(task).len() < 2
        })
        .collect();
    let faults = Faults {
        repeated: dice.below(2) * 10,
        deaths: dice.below(5) as u32,
        late_deaths: dice.below(4) as u32,
        cancelled_late: dice.percent(20),
        killer: dice.percent(10).then(|| dice.below(plan.len() as u64) as u32),
        flaky: 20,
        pauses: if seed.is_multiple_of(4) { 3 } else { 0 },
        cancelled_after: dice.percent(10).then(|| 1 + dice.below(200)),
        reordered: dice.percent(80),
    };
    let killer = faults.killer;
    let (nodes, slots) = (1 + dice.below(6) as u32, 1 + dice.below(4) as u32);
    let expected = expected(&plan);
    let mut world = World::new(plan, nodes, slots, dice.percent(60), faults, seed);
    world.run();
    world.check(&expected, &erring);
    if killer.is_some() && !world.core.is_cancelled() {
        assert!(!world.failed_targets().is_empty(), "a target needs a task that kills every node");
    }
    world.core.counts().ahead
}

fn histories(seeds: std::ops::Range<u64>) {
    let mut ahead = 0;
    for seed in seeds.clone() {
        match std::panic::catch_unwind(|| history(seed)) {
            Ok(sent) => ahead += sent,
            Err(panic) => {
                eprintln!("history {seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    assert!(ahead > seeds.end - seeds.start, "only {ahead} tasks were sent ahead in {seeds:?}");
}

#[test]
fn histories_end_as_they_should_first_part() {
    histories(0..5_000);
}

#[test]
fn histories_end_as_they_should_second_part() {
    histories(5_000..10_000);
}

#[test]
fn a_task_that_kills_nodes_is_given_up_and_nothing_else_is_lost() {
    for seed in 0..200 {
        let plan = adding(Shape::Independent, 40, seed, &[], 0);
        let killer = seed as u32 % 40;
        let expected = expected(&plan);
        let faults = Faults { killer: Some(killer), reordered: true, ..Faults::default() };
        let mut world = World::new(plan, 4, 2, true, faults, seed);
        world.run();
        world.check(&expected, &[]);
        assert_eq!(world.failed_targets(), [killer], "seed {seed}");
        assert_eq!(world.deaths_with(killer), 3);
        let (blamed, message) = world.core.error(killer).unwrap();
        assert_eq!(
            (blamed, &*message),
            (killer, "given up: 3 nodes died while they had this task (Dask: KilledWorker)")
        );
    }
}

#[test]
fn larger_graphs_survive_deaths() {
    for (seed, shape) in Shape::ALL.into_iter().enumerate() {
        let plan = adding(shape, 200, 1, &[], 0);
        let expected = expected(&plan);
        let faults = Faults { deaths: 2, repeated: 5, reordered: true, ..Faults::default() };
        let mut world = World::new(plan, 12, 2, true, faults, seed as u64).unchecked();
        world.run();
        world.check(&expected, &[]);
        assert_eq!(world.failed_targets(), [] as [u32; 0], "{shape}");
    }
}
