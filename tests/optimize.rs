//! Optimised graphs have the values of the original graphs, and each pass does what it promises.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{HashMap, HashSet};

use dagdeck::{
    GraphBuilder, Key, Op, Options, Plan, Scheduler, TaskGraph, TaskId,
    collections::array::{self as da, Over},
    graph::{
        Annotations,
        optimize::{Step, cull, fuse, inline, optimize},
    },
    operations::{Arange, Distribution, Full, Operands, Random, Reduce, Reduction, Shape, Stage, Ufunc},
    scheduler,
};
use proptest::{prelude::*, sample::Index};

/// The values of the targets, as text, in which all NaNs are equal.
fn values(graph: &TaskGraph, scheduler: Scheduler) -> String {
    let options = Options { scheduler, workers: 4, trace: false, ..Options::default() };
    let outcome = scheduler::start(Plan::new(graph).into(), options).unwrap().wait();
    format!("{:?}", outcome.unwrap_or_else(|error| panic!("{error}\n{}", graph.to_json().unwrap())).values)
}

/// A kind of task: its operation takes zero, one or two blocks. All blocks have shapes that broadcast.
fn op(kind: usize, number: f64) -> Op {
    let shape = || Shape::from_slice(&[3, 3]);
    let random = |distribution| {
        Op::Random(Random { shape: shape(), distribution, seed: 7, child: number.abs() as u32 }.into())
    };
    let sum = |stage| Op::Reduce(Reduce { keepdims: true, ..Reduce::new(Reduction::Sum, stage, [0]) }.into());
    match kind {
        0 => Op::Full(Full { shape: shape(), fill_value: number.into(), dtype: Default::default() }.into()),
        1 => Op::Arange(
            Arange { start: number.into(), step: 1.0.into(), len: 3, dtype: Default::default() }.into(),
        ),
        2 => random(Distribution::Uniform),
        3 => random(Distribution::Normal { loc: number, scale: 1.0 }),
        4 => Op::elementwise(Ufunc::Neg, Operands::Inputs),
        5 => Op::elementwise(Ufunc::Sqrt, Operands::Inputs),
        6 => Op::elementwise(Ufunc::Sub, Operands::left(number)),
        7 => Op::elementwise(Ufunc::TrueDiv, Operands::right(number)),
        8 => sum(Stage::Chunk),
        9 => Op::elementwise(Ufunc::Sub, Operands::Inputs),
        10 => Op::elementwise(Ufunc::Add, Operands::Inputs),
        _ => Op::elementwise(Ufunc::Mul, Operands::Inputs),
    }
}

/// The number of kinds, the first kind that takes one block, and the first that takes two.
const KINDS: (usize, usize, usize) = (14, 4, 9);

/// One task: its kind, a number for its operation, its arguments, and its annotations.
type Recipe = (usize, f64, [Option<Index>; 2], u8);

fn recipe() -> impl Strategy<Value = Recipe> {
    // Often the previous task, so that there are chains.
    let arg = || prop_oneof![Just(None), any::<Index>().prop_map(Some)];
    let asked = prop_oneof![6 => Just(0u8), 1 => 1..3u8];
    (0..KINDS.0, (-3..4i32).prop_map(f64::from), [arg(), arg()], asked)
}

prop_compose! {
    fn graph()(
        recipes in prop::collection::vec(recipe(), 1..60),
        targets in prop::collection::vec(any::<Index>(), 1..4),
    ) -> TaskGraph {
        build(&recipes, &targets)
    }
}

fn build(recipes: &[Recipe], targets: &[Index]) -> TaskGraph {
    let mut graph = GraphBuilder::new();
    let mut keys: Vec<Key> = Vec::new();
    let mut ndim: HashMap<Key, usize> = HashMap::new();
    for (i, (kind, number, args, asked)) in recipes.iter().enumerate() {
        let kind = if keys.is_empty() { kind % KINDS.1 } else { *kind };
        let arity = usize::from(kind >= KINDS.1) + usize::from((KINDS.2..12).contains(&kind));
        let arity = if kind >= 12 { 1 } else { arity };
        let take = |arg: &Option<Index>| match arg {
            None => keys.last().expect("there is one before").clone(),
            Some(at) => at.get(&keys).clone(),
        };
        let args: Vec<Key> = args[..arity].iter().map(take).collect();
        let axes = args.iter().map(|arg| ndim[arg]).max();
        let (op, axes) = match (kind, axes) {
            (12.., Some(axes)) => (Op::Transpose(Box::new((0..axes as u8).rev().collect())), axes),
            (kind, Some(axes)) => (op(kind, *number), axes),
            (kind, None) => (op(kind, *number), if kind == 1 { 1 } else { 2 }),
        };
        let key = match i % 3 {
            0 => Key::block(format!("{}-7f", op.name()), &[i as u32, 1]),
            _ => Key::new(format!("{}-{i}", op.name())),
        };
        let annotations = Annotations { retries: asked % 2, priority: i32::from(asked / 2) };
        graph.task(key.clone(), op, args);
        graph.annotate(key.clone(), annotations);
        ndim.insert(key.clone(), axes);
        keys.push(key);
    }
    targets.iter().for_each(|at| graph.target(at.get(&keys).clone()));
    graph.build().unwrap()
}

fn all_keys(graph: &TaskGraph) -> HashSet<Key> {
    graph.tasks().map(|task| graph.key(task).clone()).collect()
}

fn target_keys(graph: &TaskGraph) -> Vec<Key> {
    graph.targets().iter().map(|&target| graph.key(target).clone()).collect()
}

/// The tasks of `before` that a task of `after` computes.
fn parts(after: &TaskGraph, task: TaskId) -> Vec<Key> {
    match after.op(task) {
        Op::Fused(fused) => fused.parts.iter().map(|part| part.key.clone()).collect(),
        _ => vec![after.key(task).clone()],
    }
}

/// What holds for every pass: the same targets, no more tasks than before, no task with annotations that were not
/// given for it, operations that fit their inputs, and the same values.
fn assert_lawful(before: &TaskGraph, after: &TaskGraph) {
    assert!(after.len() <= before.len());
    assert_eq!(target_keys(after), target_keys(before));
    assert_eq!(all_keys(after).len(), after.len(), "no key is given twice");
    let asked: HashMap<&Key, Annotations> =
        before.tasks().map(|task| (before.key(task), before.annotations(task))).collect();
    for task in after.tasks() {
        assert!(parts(after, task).iter().all(|key| asked[key] == after.annotations(task)));
        let inputs = after.dependencies().row(task).len();
        assert_eq!(after.op(task).check().and_then(|()| after.op(task).check_arity(inputs)), Ok(()));
    }
    let expected = values(before, Scheduler::Sync);
    assert_eq!(values(after, Scheduler::Sync), expected);
    assert_eq!(values(after, Scheduler::Threads), expected);
    assert_eq!(
        TaskGraph::from_json(&after.to_json().unwrap()).unwrap().to_json().unwrap(),
        after.to_json().unwrap()
    );
}

/// Whether `task` and one of its dependents could be fused.
fn begins_a_chain(graph: &TaskGraph, task: TaskId) -> bool {
    let distinct =
        |row: &[TaskId]| row.iter().copied().collect::<HashSet<_>>().into_iter().collect::<Vec<_>>();
    match distinct(graph.dependents().row(task))[..] {
        [next] => {
            distinct(graph.dependencies().row(next)).len() == 1
                && !graph.targets().contains(&task)
                && graph.annotations(task) == graph.annotations(next)
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn culling_keeps_what_is_needed(graph in graph()) {
        let (culled, step) = cull(&graph);
        assert_lawful(&graph, &culled);
        let Step::Cull(removed) = step else { panic!("{step:?}") };
        let mut keys = all_keys(&culled);
        prop_assert!(removed.iter().all(|key| keys.insert(key.clone())));
        prop_assert_eq!(keys, all_keys(&graph));
        prop_assert_eq!(Plan::new(&graph).len(), culled.len(), "as many as a plan keeps");
        prop_assert_eq!(cull(&culled), (culled.clone(), Step::Cull(vec![])));
    }

    #[test]
    fn inlining_leaves_no_cheap_task_that_others_take(graph in graph()) {
        let (inlined, step) = inline(&graph);
        assert_lawful(&graph, &inlined);
        let Step::Inline(steps) = step else { panic!("{step:?}") };
        prop_assert_eq!(inlined.len() + steps.len(), graph.len());
        let left = all_keys(&inlined);
        for step in steps {
            prop_assert!(!left.contains(&step.key) && !step.into.is_empty());
            for into in &step.into {
                let task = inlined.tasks().find(|&task| inlined.key(task) == into).unwrap();
                prop_assert!(parts(&inlined, task).contains(&step.key));
            }
        }
    }

    #[test]
    fn fusing_leaves_no_chain(graph in graph()) {
        let (fused, step) = fuse(&graph);
        assert_lawful(&graph, &fused);
        prop_assert!(!fused.tasks().any(|task| begins_a_chain(&fused, task)));
        let Step::Fuse(chains) = step else { panic!("{step:?}") };
        let gone: usize = chains.iter().map(|chain| chain.keys.len() - 1).sum();
        prop_assert_eq!(fused.len() + gone, graph.len());
        for chain in chains {
            let task = fused.tasks().find(|&task| *fused.key(task) == chain.fused).unwrap();
            prop_assert_eq!(parts(&fused, task), chain.keys);
        }
    }

    #[test]
    fn all_passes_together_are_lawful(graph in graph()) {
        let (optimized, steps) = optimize(&graph);
        assert_lawful(&graph, &optimized);
        prop_assert_eq!(steps.len(), 3);
        prop_assert!(!optimized.tasks().any(|task| begins_a_chain(&optimized, task)));
        // A second round finds nothing to cull.
        let (again, steps) = optimize(&optimized);
        prop_assert_eq!(values(&again, Scheduler::Sync), values(&graph, Scheduler::Sync));
        prop_assert_eq!(&steps[0], &Step::Cull(vec![]));
        prop_assert_eq!(&steps[2], &Step::Fuse(vec![]));
    }
}

#[test]
fn an_array_is_the_same_in_fewer_tasks() {
    let x = da::random::default_rng(42).normal(1.0, 2.0, &[40, 40], 10).unwrap();
    let mean = x.add(&x.t()).unwrap().mean(0).unwrap();
    let std = x.std(Over { ddof: 1.0, ..().into() }).unwrap();
    let roots = x.negative().unwrap().sqrt().unwrap().sum(1).unwrap();
    for (array, at_most) in [(mean, 56), (std, 40), (roots, 40)] {
        let graph = da::graph(&[array], false).unwrap();
        let (optimized, _) = optimize(&graph);
        assert!(optimized.len() <= at_most, "{} tasks of {}", optimized.len(), graph.len());
        assert_lawful(&graph, &optimized);
    }
    // One task makes a block and reduces it, with Dask's name.
    let (optimized, _) = optimize(&da::graph(&[x.mean(()).unwrap()], false).unwrap());
    let fused = optimized.tasks().map(|task| optimized.key(task)).find(|key| key.index() == [2, 3]);
    assert!(fused.unwrap().name().starts_with("normal-mean_chunk-"), "{fused:?}");
}

#[test]
fn an_error_names_the_task_and_the_part() {
    let mut graph = GraphBuilder::new();
    graph.task(
        "arange-0".into(),
        Op::Arange(Arange { start: 0.0.into(), step: 1.0.into(), len: 3, dtype: Default::default() }.into()),
        [],
    );
    graph.task(
        "transpose-0".into(),
        Op::Transpose(Box::new([1, 0].into_iter().collect())),
        ["arange-0".into()],
    );
    graph.task("neg-0".into(), Op::elementwise(Ufunc::Neg, Operands::Inputs), ["transpose-0".into()]);
    graph.target("neg-0".into());
    let (optimized, _) = optimize(&graph.build().unwrap());
    let options = Options { scheduler: Scheduler::Sync, workers: 1, trace: false, ..Options::default() };
    let error = scheduler::start(Plan::new(&optimized).into(), options).unwrap().wait().unwrap_err();
    let expected = "neg-0 erred: in transpose-0: axes [1, 0] are not a permutation of 1 axes";
    assert_eq!(error.to_string(), expected);
}
