//! Graphs whose values tell where they came from.

use dagdeck::{
    GraphBuilder, Op, Plan, Scalar, TaskGraph,
    graph::{Annotations, gallery::Shape},
    operations::{Call, Function},
};

/// A graph of this shape in which each task adds up its inputs and its own number. The tasks in `failing` err whenever
/// they run, and all have this number of retries. Of some seeds, inner tasks are targets, too.
pub fn adding(shape: Shape, tasks: u32, seed: u64, failing: &[u32], retries: u8) -> Plan {
    let sketch = shape.graph(tasks, seed, |_| Op::NoOp);
    let mut graph = GraphBuilder::new();
    for task in sketch.tasks() {
        let inputs = sketch.dependencies().row(task);
        let own = Some(Scalar::Int(i64::from(task) % 7));
        let (function, args): (_, Box<[_]>) = match inputs.len() {
            0 | 1 if failing.contains(&task) => {
                let value = if inputs.is_empty() { own } else { None };
                (Function::Flaky, [value, Some(Scalar::Float(1.0)), Some(Scalar::Int(1))].into())
            }
            inputs => (Function::Sum, std::iter::once(own).chain(vec![None; inputs]).collect()),
        };
        let key = sketch.key(task).clone();
        let args_of = inputs.iter().map(|&input| sketch.key(input).clone());
        graph.task(key.clone(), Op::Call(Call { function, args }.into()), args_of);
        if retries > 0 {
            graph.annotate(key, Annotations { retries, ..Annotations::default() });
        }
    }
    // A client may want values that other tasks take.
    let is_wanted = |task: &u32| seed.is_multiple_of(3) && (u64::from(*task) + seed).is_multiple_of(5);
    let inner = sketch.tasks().filter(|task| is_wanted(task) && !sketch.targets().contains(task));
    let targets = sketch.targets().iter().copied().chain(inner);
    targets.for_each(|target| graph.target(sketch.key(target).clone()));
    Plan::new(&graph.build().unwrap())
}

/// A graph of this shape whose tasks do nothing.
pub fn doing_nothing(shape: Shape, tasks: u32) -> Plan {
    let graph: TaskGraph = shape.graph(tasks, 1, |_| Op::NoOp);
    Plan::new(&graph)
}
