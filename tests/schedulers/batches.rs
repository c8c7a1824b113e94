//! Sessions: batches that are added while others run, and take values from each other.

use std::sync::{Arc, Mutex, mpsc};

use dagdeck::{
    GraphBuilder, Key, Op, Options, Plan, Result, TaskGraph, TaskId, Value,
    operations::Busy,
    scheduler::{Batch, Input, Session},
    trace::Action,
};
use proptest::prelude::*;

use crate::{
    SYNC, THREADS,
    graphs::{adding, random_graph, replaced},
    plan, run,
};

/// A batch of a random history.
#[derive(Clone, Debug)]
struct Step {
    graph: TaskGraph,
    /// Some of its roots, and which target of which earlier batch each takes: picks among those that there are.
    inputs: Vec<(usize, usize, usize)>,
    /// Whether the batch is added when the one before ends, by the thread that ended it.
    inside: bool,
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    let inputs = prop::collection::vec((0usize..1000, 0usize..1000, 0usize..1000), 0..4);
    let step = (random_graph(), inputs, any::<bool>());
    prop::collection::vec(step.prop_map(|(graph, inputs, inside)| Step { graph, inputs, inside }), 1..8)
}

fn workers() -> impl Strategy<Value = Options> {
    let threads = (1usize..5, 0usize..5).prop_map(|(workers, policy)| Options {
        workers,
        policy: dagdeck::scheduler::Policy::ALL[policy],
        ..THREADS
    });
    prop_oneof![1 => Just(SYNC), 4 => threads]
}

/// The plan of a step. For each input: its task in that plan, the batch from which the value comes, and the target.
type Planned = (Arc<Plan>, Vec<(TaskId, usize, usize)>);

/// Plans a step, which comes after the plans `before`.
fn inputs(step: &Step, before: &[Arc<Plan>]) -> Planned {
    let graph = &step.graph;
    let roots: Vec<TaskId> = graph.roots().collect();
    let mut picked: Vec<(TaskId, usize, usize)> = Vec::new();
    for &(root, batch, target) in step.inputs.iter().filter(|_| !before.is_empty()) {
        let (root, batch) = (roots[root % roots.len()], batch % before.len());
        if picked.iter().all(|&(task, ..)| task != root) {
            picked.push((root, batch, target % before[batch].targets().len()));
        }
    }
    let plan =
        plan(&replaced(graph, |task| picked.iter().any(|pick| pick.0 == task).then_some(Op::NoOp), |_| ()));
    let place = |root: TaskId| plan.tasks().find(|&task| plan.key(task) == graph.key(root));
    // Those that no target needs are not in the plan.
    let inputs =
        picked.iter().filter_map(|&(root, batch, target)| Some((place(root)?, batch, target))).collect();
    (plan, inputs)
}

/// What `sync` gives for the batches of a history, each in a run of its own, with the values that it takes as constants.
fn expected(history: &[Step], plans: &[Planned]) -> Vec<Vec<Value>> {
    let mut values: Vec<Vec<Value>> = Vec::new();
    for (step, (batch, inputs)) in history.iter().zip(plans) {
        let constant = |task: TaskId| {
            let key = step.graph.key(task);
            let (_, from, target) = inputs.iter().find(|&&(input, ..)| batch.key(input) == key)?;
            match &values[*from][*target] {
                Value::Array(block) => Some(Op::Block(block.clone())),
                value => panic!("not an array: {value:?}"),
            }
        };
        let alone = plan(&replaced(&step.graph, constant, |_| ()));
        values.push(run(&alone, SYNC).1.unwrap().values().unwrap());
    }
    values
}

/// What the threads of a history share.
struct History {
    session: Session,
    plans: Vec<Planned>,
    inside: Vec<bool>,
    batches: Mutex<Vec<Batch>>,
    added: mpsc::Sender<usize>,
}

impl History {
    /// Adds batch number `i`, and lets the end of it add the next one if that is to be added inside.
    fn add(self: &Arc<History>, i: usize) {
        let (plan, inputs) = &self.plans[i];
        let mut batches = self.batches.lock().unwrap();
        let inputs: Vec<Input<'_>> = inputs
            .iter()
            .map(|&(task, batch, target)| Input { task, batch: &batches[batch], target })
            .collect();
        let batch = self.session.add(plan.clone(), &inputs).unwrap();
        batches.push(batch.clone());
        drop(batches);
        self.added.send(i).unwrap();
        if self.inside.get(i + 1) == Some(&true) {
            let history = self.clone();
            batch.then(move || history.add(i + 1));
        }
    }
}

fn check(history: &[Step], options: Options) {
    let mut plans: Vec<Planned> = Vec::new();
    for step in history {
        let before: Vec<Arc<Plan>> = plans.iter().map(|(plan, _)| plan.clone()).collect();
        plans.push(inputs(step, &before));
    }
    let expected = expected(history, &plans);
    let (added, is_added) = mpsc::channel();
    let shared = Arc::new(History {
        session: Session::open(options).unwrap(),
        inside: history.iter().map(|step| step.inside).collect(),
        batches: Mutex::default(),
        plans,
        added,
    });
    for (i, step) in history.iter().enumerate() {
        if i == 0 || !step.inside {
            shared.add(i);
        } else {
            let before = shared.batches.lock().unwrap()[i - 1].clone();
            before.wait().unwrap();
        }
        assert_eq!(is_added.recv(), Ok(i));
    }
    let batches = std::mem::take(&mut *shared.batches.lock().unwrap());
    for (batch, expected) in batches.iter().zip(expected) {
        let values: Result<Vec<Value>> = batch.wait().unwrap().into_iter().collect();
        assert_eq!(values.unwrap(), expected);
    }
    let session = &shared.session;
    session.close();
    session.wait();
    // Every task has its own id, and ends once, unless it is an input.
    let events = session.trace().columns().iter().flat_map(|column| column.events());
    let mut ends: Vec<TaskId> =
        events.filter(|event| event.action == Action::Compute).map(|event| event.task.unwrap()).collect();
    ends.sort_unstable();
    let mut ids = Vec::new();
    let mut first = 0;
    for (plan, inputs) in &shared.plans {
        let runs = |task: &TaskId| inputs.iter().all(|(input, ..)| input != task);
        ids.extend(plan.tasks().filter(runs).map(|task| first + task));
        first += plan.len() as TaskId;
    }
    assert_eq!(ends, ids);
    assert_eq!(session.summary().unwrap().tasks, first as usize);
    drop(batches);
    assert_eq!(session.held_bytes(), 0, "everything is released");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn batches_give_the_values_of_runs_of_their_own(history in history(), options in workers()) {
        check(&history, options);
    }
}

/// One task that doubles its input `x`, or fails, with `x` as the first task.
fn negated(op: Op) -> Arc<Plan> {
    let mut graph = GraphBuilder::new();
    graph.task("x".into(), Op::NoOp, []);
    graph.task("y".into(), op, ["x".into()]);
    graph.target("y".into());
    plan(&graph.build().unwrap())
}

fn sessions() -> [Session; 3] {
    [SYNC, Options { workers: 1, ..THREADS }, THREADS].map(|options| Session::open(options).unwrap())
}

/// The numbers 0, 1, 2.
fn numbers() -> Arc<Plan> {
    plan(&adding(&[vec![]], &[0]))
}

fn neg() -> Op {
    Op::elementwise(dagdeck::operations::Ufunc::Neg, dagdeck::operations::Operands::Inputs)
}

#[test]
fn an_error_in_one_batch_stops_those_that_need_it_and_no_others() {
    for session in sessions() {
        let good = session.add(numbers(), &[]).unwrap();
        let bad = session.add(negated(Op::Panic("boom".into())), &[]).unwrap();
        let needs = session.add(negated(neg()), &[Input { task: 0, batch: &bad, target: 0 }]).unwrap();
        let after = session.add(negated(neg()), &[Input { task: 0, batch: &good, target: 0 }]).unwrap();
        assert_eq!(after.wait().unwrap().len(), 1);
        for batch in [&bad, &needs] {
            assert_eq!(batch.wait().unwrap_err().to_string(), "y erred: panicked: boom");
        }
        assert_eq!(good.wait().unwrap().len(), 1);
        session.close();
        session.wait();
        drop([good, bad, needs, after]);
        assert_eq!(session.held_bytes(), 0);
    }
}

#[test]
fn a_session_that_keeps_going_passes_errors_on() {
    for options in [SYNC, THREADS] {
        let session = Session::open(Options { keep_going: true, ..options }).unwrap();
        let bad = session.add(negated(Op::Panic("boom".into())), &[]).unwrap();
        let needs = session.add(negated(neg()), &[Input { task: 0, batch: &bad, target: 0 }]).unwrap();
        let error = needs.wait().unwrap()[0].clone().unwrap_err().to_string();
        assert_eq!(error, "y needs y, which erred: panicked: boom");
    }
}

#[test]
fn a_value_that_finds_no_room_in_the_next_batch_errs_there() {
    for options in [SYNC, THREADS] {
        let session = Session::open(Options { memory_limit: 40, ..options }).unwrap();
        let numbers = session.add(numbers(), &[]).unwrap();
        let next = session.add(negated(neg()), &[Input { task: 0, batch: &numbers, target: 0 }]).unwrap();
        let error = next.wait().unwrap_err().to_string();
        assert!(error.starts_with("x erred: out of memory: it needs 24 B"), "{error}");
        assert_eq!(session.held_bytes(), 24);
    }
}

#[test]
fn a_cancelled_session_has_cancelled_batches_and_holds_nothing() {
    let mut graph = GraphBuilder::new();
    for i in 0..10_000 {
        graph.task(Key::block("busy", &[i]), Op::Busy(Busy { steps: 1_000_000, failures: 0 }), []);
        graph.target(Key::block("busy", &[i]));
    }
    let long = plan(&graph.build().unwrap());
    for session in sessions() {
        let batches = [0; 3].map(|_| session.add(long.clone(), &[]).unwrap());
        let last = Input { task: 0, batch: &batches[2], target: 0 };
        let waiting = session.add(negated(Op::NoOp), &[last]).unwrap();
        session.step(0.0);
        session.cancel();
        for batch in batches.iter().chain([&waiting]) {
            assert!(batch.wait().unwrap_err().is_cancelled());
        }
        // It goes on with what is added later.
        assert_eq!(session.add(numbers(), &[]).unwrap().wait().unwrap().len(), 1);
    }
}

#[test]
fn a_cancelled_batch_leaves_the_others_alone() {
    for session in sessions() {
        let first = session.add(numbers(), &[]).unwrap();
        let cancelled = session.add(numbers(), &[]).unwrap();
        cancelled.cancel();
        let last = session.add(numbers(), &[]).unwrap();
        assert_eq!(first.wait().unwrap(), last.wait().unwrap());
        // It may have been complete before.
        assert!(
            cancelled.wait().is_ok_and(|values| values.len() == 1)
                || cancelled.outcome().unwrap_err().is_cancelled()
        );
    }
}

#[test]
fn a_long_chain_of_batches_can_be_cancelled() {
    for session in sessions() {
        let mut batches = vec![session.add(numbers(), &[]).unwrap()];
        for _ in 0..20_000 {
            let input = Input { task: 0, batch: batches.last().unwrap(), target: 0 };
            let next = session.add(negated(neg()), &[input]).unwrap();
            batches.push(next);
        }
        session.cancel();
        session.close();
        session.wait();
        assert!(batches.iter().all(Batch::is_complete));
        drop(batches);
        assert_eq!(session.held_bytes(), 0);
    }
}

#[test]
fn a_batch_that_does_not_fit_is_refused() {
    let [session, other, _] = sessions();
    let numbers = session.add(numbers(), &[]).unwrap();
    let refused = |session: &Session, task, target| {
        let inputs = [Input { task, batch: &numbers, target }];
        session.add(negated(neg()), &inputs).err().expect("refused").to_string()
    };
    assert!(refused(&session, 1, 0).starts_with("task 1 cannot be an input"));
    assert!(refused(&session, 2, 0).starts_with("task 2 cannot be an input"));
    assert_eq!(refused(&session, 0, 1), "no target 1: that batch has 1");
    assert_eq!(refused(&other, 0, 0), "an input must come from a batch of the same session");
    session.close();
    assert_eq!(refused(&session, 0, 0), "the session is closed: it takes no more batches");
}
