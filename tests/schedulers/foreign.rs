//! Values that are objects of another language, and tasks that call functions of it.

use std::{
    ops::RangeInclusive,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::*},
    },
};

use dagdeck::{
    Block, DType, GraphBuilder, Op, Options, TaskGraph, Value,
    collections::array as da,
    foreign::{Foreign, Object},
    graph::Annotations,
    kernels::{Input, Message},
    operations::{Callable, ForeignFunction},
    scheduler,
};

use crate::{PROCESSES, SYNC, THREADS, plan, run};

/// What happens to objects.
#[derive(Debug, Default)]
struct Counts {
    made: AtomicUsize,
    dropped: AtomicUsize,
}

impl Counts {
    /// A thread of the pool may hold a run a little longer than the run takes.
    fn wait_until_dropped(&self, expected: usize) {
        while self.dropped.load(Relaxed) < expected {
            std::thread::yield_now();
        }
        assert_eq!(self.dropped.load(Relaxed), expected);
    }
}

#[derive(Debug)]
struct Number(u64, Arc<Counts>);

impl Foreign for Number {
    fn type_name(&self) -> &str {
        "test number"
    }

    fn bytes(&self) -> u64 {
        100
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        self.1.dropped.fetch_add(1, Relaxed);
        // As foreign code may. Nothing comes of it.
        assert_ne!(self.0, 13, "an unlucky number");
    }
}

/// Adds up numbers, and one. Fails so many times before.
#[derive(Debug)]
struct Successor {
    failures: u8,
    counts: Arc<Counts>,
}

impl Callable for Successor {
    fn type_name(&self) -> &str {
        "test function"
    }

    fn arity(&self) -> RangeInclusive<usize> {
        0..=usize::MAX
    }

    fn call(&self, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
        if attempt < self.failures {
            return Err(format!("attempt {attempt} fails").into());
        }
        let number = |input: &Input<'_>| match &**input {
            Value::Foreign(object) => object.downcast_ref::<Number>().map_or(0, |number| number.0),
            _ => 0,
        };
        self.counts.made.fetch_add(1, Relaxed);
        let sum = inputs.iter().map(number).sum::<u64>() + 1;
        Ok(Value::Foreign(Object::new(Number(sum, self.counts.clone()))))
    }
}

/// `a -> b -> c`, `a -> c`: 1, 2, 4. `failures` are those of `b`.
fn graph(counts: &Arc<Counts>, failures: u8, retries: u8) -> TaskGraph {
    let mut graph = GraphBuilder::new();
    for (key, args, failures) in [("a", vec![], 0), ("b", vec!["a"], failures), ("c", vec!["a", "b"], 0)] {
        let function = ForeignFunction::new(Successor { failures, counts: counts.clone() });
        graph.task(key.into(), Op::Foreign(function), args.into_iter().map(Into::into));
    }
    graph.annotate("b".into(), Annotations { retries, priority: 0 });
    graph.target("c".into());
    graph.build().unwrap()
}

/// Adds up arrays of `int64`, with broadcasting.
#[derive(Debug)]
struct Sum;

impl Callable for Sum {
    fn type_name(&self) -> &str {
        "test function"
    }

    fn arity(&self) -> RangeInclusive<usize> {
        1..=2
    }

    fn returns(&self) -> Option<DType> {
        Some(DType::Int64)
    }

    fn call(&self, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        let blocks = inputs.iter().map(|input| input.elements::<i64>().expect("int64").clone());
        Ok(blocks
            .reduce(|sum, block| (sum.to_owned() + block).into_shared())
            .map(Block::from)
            .unwrap()
            .into())
    }
}

#[test]
fn functions_of_blocks_are_tasks_of_arrays() {
    let column = da::arange(da::Span { start: 0.into(), stop: 6.into(), step: 1.into() }, 2, None)
        .unwrap()
        .reshape(&[6, 1])
        .unwrap();
    let row = da::ones(&[4], 2, DType::Int64).unwrap();
    let sum = da::map_function("total", ForeignFunction::new(Sum), &[column, row]).unwrap();
    assert_eq!(sum.to_string(), "dask.array<total, shape=(6, 4), dtype=int64, chunksize=(2, 2)>");
    let overlap = da::Overlap { depth: vec![1], boundary: da::Boundary::Periodic };
    let same = sum.map_overlap_function("same", ForeignFunction::new(Sum), &overlap).unwrap();
    assert_eq!((same.shape(), same.dtype()), (vec![6, 4], DType::Int64));
    let twice = same.add(&sum).unwrap();
    for options in [SYNC, THREADS] {
        let (_, outcome) = run(&plan(&twice.graph().unwrap()), options);
        let block = twice.assemble(&outcome.unwrap().values().unwrap()).unwrap();
        let elements = block.elements::<i64>().unwrap();
        assert!(elements.indexed_iter().all(|(place, &x)| x == 2 * (place[0] as i64 + 1)), "{elements}");
    }
}

#[test]
fn objects_pass_from_task_to_task_and_are_dropped_once() {
    for options in [SYNC, THREADS] {
        let counts = Arc::default();
        let (run, outcome) = run(&plan(&graph(&counts, 2, 2)), options);
        let values = outcome.unwrap().values().unwrap();
        let [Value::Foreign(object)] = &values[..] else { panic!("{values:?}") };
        assert_eq!(object.downcast_ref::<Number>().unwrap().0, 4);
        assert_eq!(run.held_bytes(), 100, "the target's");
        assert_eq!((counts.made.load(Relaxed), counts.dropped.load(Relaxed)), (3, 2));
        drop(run);
        assert_eq!(counts.dropped.load(Relaxed), 2, "the outcome still has the target");
        drop(values);
        counts.wait_until_dropped(3);
    }
}

#[test]
fn a_function_that_fails_is_an_erred_task() {
    for options in [SYNC, THREADS] {
        let counts = Arc::default();
        let (run, outcome) = run(&plan(&graph(&counts, 2, 1)), options);
        assert_eq!(outcome.unwrap_err().to_string(), "b erred: attempt 1 fails");
        assert_eq!((run.held_bytes(), counts.dropped.load(Relaxed)), (0, 1));
    }
}

#[test]
fn objects_count_in_the_memory_of_a_run() {
    for options in [SYNC, THREADS] {
        let (_, outcome) =
            run(&plan(&graph(&Arc::default(), 0, 0)), Options { memory_limit: 250, ..options });
        let error = outcome.unwrap_err().to_string();
        assert!(error.starts_with("c erred: out of memory: it needs 100 B"), "{error}");
    }
}

#[test]
fn a_destructor_that_panics_stops_nothing() {
    let mut chain = GraphBuilder::new();
    let counts: Arc<Counts> = Arc::default();
    for i in 0..20 {
        let function = ForeignFunction::new(Successor { failures: 0, counts: counts.clone() });
        let args = (i > 0).then(|| format!("x-{}", i - 1).as_str().into());
        chain.task(format!("x-{i}").as_str().into(), Op::Foreign(function), args);
    }
    chain.target("x-19".into());
    let graph = chain.build().unwrap();
    for options in [SYNC, THREADS] {
        let (_, outcome) = run(&plan(&graph), Options { keep_going: true, ..options });
        drop(outcome);
    }
    assert_eq!(counts.made.load(Relaxed), 40);
    counts.wait_until_dropped(40);
}

#[test]
fn neither_objects_nor_functions_can_leave() {
    let graph = graph(&Arc::default(), 0, 0);
    let expected = "a: a test function cannot be sent to another process";
    assert_eq!(graph.encode().unwrap_err().to_string(), expected);
    assert_eq!(graph.to_json().unwrap_err().to_string(), expected);
    for start in scheduler::StartMethod::ALL {
        let refused = scheduler::start(plan(&graph), Options { start, ..PROCESSES }).err();
        assert_eq!(refused.map(|error| error.to_string()).as_deref(), Some(expected));
    }
    let value = Value::Foreign(Object::new(Number(1, Arc::default())));
    let value = Value::from([Value::None, value]);
    let expected = "a test number cannot be sent to another process";
    assert_eq!(value.encode().unwrap_err().to_string(), expected);
    assert_eq!(serde_json::to_string(&value).unwrap_err().to_string(), expected);
}

#[test]
fn objects_are_equal_if_they_are_the_same() {
    let object = || Value::Foreign(Object::new(Number(1, Arc::default())));
    let one = object();
    assert_eq!(one.clone(), one);
    assert_ne!(object(), one);
}
