//! What the scheduler costs on the host: nanoseconds a task for graphs whose tasks do nothing, by shape and size, and
//! what it costs to order a graph. `make bench` prints this beside the browser's and Dask's figures.

use std::{hint::black_box, sync::Arc};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dagdeck::{Op, Options, Plan, Scheduler, graph, graph::gallery::Shape, scheduler};

const SHAPES: [Shape; 5] =
    [Shape::Independent, Shape::Tree, Shape::Chain, Shape::ForkJoin, Shape::RandomLayered];

fn plan(shape: Shape, tasks: u32) -> Arc<Plan> {
    Arc::new(Plan::new(&shape.graph(tasks, 0, |_| Op::NoOp)))
}

/// A run from its start to its end, with two workers, as in the browser.
fn run(criterion: &mut Criterion) {
    for (name, scheduler, trace) in [
        ("sync", Scheduler::Sync, false),
        ("threads", Scheduler::Threads, false),
        ("threads, traced", Scheduler::Threads, true),
    ] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        for tasks in [10_000, 100_000, 1_000_000] {
            group.throughput(Throughput::Elements(tasks.into()));
            for shape in SHAPES {
                let plan = plan(shape, tasks);
                let options = Options { scheduler, workers: 2, trace, ..Options::default() };
                group.bench_function(BenchmarkId::new(shape.name(), tasks), |bencher| {
                    // The makespan, which is what the browser's figures are: what is made before is not counted.
                    bencher.iter_custom(|times| {
                        let run =
                            |_| scheduler::start(plan.clone(), options).unwrap().wait().unwrap().summary;
                        let total_ms: f64 = (0..times).map(run).map(|summary| summary.makespan_ms).sum();
                        std::time::Duration::from_secs_f64(total_ms / 1e3)
                    });
                });
            }
        }
    }
}

fn order(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("order");
    group.sample_size(10);
    for shape in Shape::ALL {
        let graph = shape.graph(100_000, 0, |_| Op::NoOp);
        group.throughput(Throughput::Elements(graph.len() as u64));
        group.bench_function(BenchmarkId::new(shape.name(), 100_000), |bencher| {
            bencher.iter(|| black_box(graph::order(&graph)));
        });
    }
}

criterion_group!(benches, run, order);
criterion_main!(benches);
