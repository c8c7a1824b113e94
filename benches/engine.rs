//! What the scheduler costs on the host: nanoseconds per task for graphs whose tasks do nothing, by shape and size,
//! and the cost of ordering a graph. `make bench` shows this beside the figures of the browser and of Dask.
//!
//! ```text
//! cargo bench --bench engine                        10^4, 10^5 and 10^6 tasks
//! BENCH_TASKS="1000 2000" cargo bench --bench engine
//! ```

use std::{env, hint::black_box, sync::Arc, time::Duration};

use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};
use dagdeck::{Op, Options, Plan, Scheduler, graph, graph::gallery::Shape, scheduler};

const SHAPES: [Shape; 5] =
    [Shape::Independent, Shape::Tree, Shape::Chain, Shape::ForkJoin, Shape::RandomLayered];

/// Numbers of tasks, in ascending order.
fn sizes() -> Vec<u32> {
    let sizes = env::var("BENCH_TASKS").unwrap_or_else(|_| "10000 100000 1000000".to_owned());
    sizes.split_whitespace().map(|size| size.parse().expect("BENCH_TASKS are numbers of tasks")).collect()
}

/// Ten samples, each with as many runs as fit into a tenth of a second, but at least one. (Criterion's default
/// samples have 1, 2, … 10 runs, which would take minutes for a million tasks.)
fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat).nresamples(2000);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(1));
    group
}

fn plan(shape: Shape, tasks: u32) -> Arc<Plan> {
    Arc::new(Plan::new(&shape.graph(tasks, 0, |_| Op::NoOp)))
}

/// A run from start to end, with two workers, as in the browser.
fn run(criterion: &mut Criterion) {
    for (name, scheduler, trace) in [
        ("sync", Scheduler::Sync, false),
        ("threads", Scheduler::Threads, false),
        ("threads, traced", Scheduler::Threads, true),
        // Parent and processes take turns on one thread, so this is what all of them do for a task, without the way.
        ("processes", Scheduler::Processes, false),
    ] {
        let mut group = group(criterion, name);
        for tasks in sizes() {
            for shape in SHAPES {
                let plan = plan(shape, tasks);
                group.throughput(Throughput::Elements(plan.len() as u64));
                let options = Options { scheduler, workers: 2, trace, ..Options::default() };
                group.bench_function(BenchmarkId::new(shape.name(), tasks), |bencher| {
                    // The makespan, as in the browser's figures: setup is not counted.
                    bencher.iter_custom(|times| {
                        let run =
                            |_| scheduler::start(plan.clone(), options).unwrap().wait().unwrap().summary;
                        let total_ms: f64 = (0..times).map(run).map(|summary| summary.makespan_ms).sum();
                        Duration::from_secs_f64(total_ms / 1e3)
                    });
                });
            }
        }
    }
}

fn order(criterion: &mut Criterion) {
    let mut group = group(criterion, "order");
    let sizes = sizes();
    let tasks = sizes[sizes.len() / 2];
    for shape in Shape::ALL {
        let graph = shape.graph(tasks, 0, |_| Op::NoOp);
        group.throughput(Throughput::Elements(graph.len() as u64));
        group.bench_function(BenchmarkId::new(shape.name(), tasks), |bencher| {
            bencher.iter(|| black_box(graph::order(&graph)));
        });
    }
}

criterion_group!(benches, run, order);
criterion_main!(benches);
