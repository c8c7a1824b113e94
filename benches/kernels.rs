//! What kernels cost on the host, per block: on one core, with 128-bit vectors as in the browser.
//!
//! ```text
//! cargo bench --bench kernels
//! ```

use std::{borrow::Cow, hint::black_box, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dagdeck::{
    Block, Op, Value,
    kernels::Input,
    operations::{
        Args, Distribution, Fused, Linspace, Mandelbrot, Matmul, Operands, Part, Random, Reduce, Reduction,
        Source, Stage, Ufunc, execute,
    },
};

/// The side of a square block.
const N: usize = 500;

fn normal(child: u32) -> Op {
    let distribution = Distribution::Normal { loc: 0.0, scale: 1.0 };
    Op::Random(Random { shape: [N, N].into(), distribution, seed: 42, child }.into())
}

fn run(op: &Op, inputs: &[&Value]) -> Value {
    let mut inputs: Vec<Input> = inputs.iter().copied().map(Cow::Borrowed).collect();
    execute(op, &mut inputs, 0).expect("the inputs fit the operation")
}

fn add() -> Op {
    Op::elementwise(Ufunc::Add, Operands::Inputs)
}

fn mean_over(axis: u8) -> Op {
    Op::Reduce(Reduce::new(Reduction::Mean, Stage::Chunk, [axis]).into())
}

fn kernels(criterion: &mut Criterion) {
    let (x, y) = (run(&normal(0), &[]), run(&normal(1), &[]));
    let turned = run(&Op::Transpose(Box::new([1, 0].into_iter().collect())), &[&y]);
    let bytes = |blocks: usize| Throughput::Bytes((blocks * N * N * 8) as u64);
    let sum_and_mean = {
        let part =
            |key: &str, op, args: &[Source]| Part { key: key.into(), op, args: Args::from_slice(args) };
        let parts = vec![
            part("add-0", add(), &[Source::Input(0), Source::Input(1)]),
            part("mean_chunk-0", mean_over(0), &[Source::Part(0)]),
        ];
        Op::Fused(Fused { parts }.into())
    };
    let line = |start, stop, num| {
        Op::Linspace(Linspace { start, stop, num, endpoint: true, dtype: Default::default() }.into())
    };
    let (re, im) = (run(&line(-2.2, 0.8, 256), &[]), run(&line(-1.2, 1.2, 256), &[]));
    let im = run(&Op::Reshape(Box::new([256, 1].into())), &[&im]);
    let cases: [(&str, Op, Vec<&Value>, Throughput); 10] = [
        ("normal", normal(2), vec![], Throughput::Elements((N * N) as u64)),
        ("add", add(), vec![&x, &y], bytes(3)),
        ("add a number", Op::elementwise(Ufunc::Add, Operands::right(1.0)), vec![&x], bytes(2)),
        ("add turned", add(), vec![&x, &turned], bytes(3)),
        ("mean over rows", mean_over(0), vec![&x], bytes(1)),
        ("mean over columns", mean_over(1), vec![&x], bytes(1)),
        ("add turned, mean", sum_and_mean, vec![&x, &turned], bytes(2)),
        (
            "exp",
            Op::elementwise(Ufunc::Exp, Operands::Inputs),
            vec![&x],
            Throughput::Elements((N * N) as u64),
        ),
        // A multiplication and an addition for each pair: elements per second are operations per second.
        (
            "matmul",
            Op::Matmul(Matmul { keepdims: false }),
            vec![&x, &y],
            Throughput::Elements((2 * N * N * N) as u64),
        ),
        (
            "mandelbrot",
            Op::Mandelbrot(Mandelbrot { max_iter: 200 }),
            vec![&re, &im],
            Throughput::Elements(256 * 256),
        ),
    ];
    let mut group = criterion.benchmark_group("kernels");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for (name, op, inputs, throughput) in cases {
        group.throughput(throughput);
        group.bench_function(name, |bencher| bencher.iter(|| black_box(run(&op, &inputs))));
    }
}

/// A multiplication and an addition in each lane, in enough registers to hide their latency.
#[cfg(target_arch = "x86_64")]
fn peak(criterion: &mut Criterion) {
    use std::arch::x86_64::{__m128d, _mm_add_pd, _mm_mul_pd, _mm_set1_pd};

    const REGISTERS: usize = 12;
    const ROUNDS: usize = 10_000;
    // SAFETY: SSE2 is part of x86-64.
    #[allow(unsafe_code, reason = "instructions by name")]
    let step = |x: __m128d, by: __m128d| unsafe { _mm_add_pd(_mm_mul_pd(x, by), by) };
    // SAFETY: as above.
    #[allow(unsafe_code, reason = "instructions by name")]
    let both = |number| unsafe { _mm_set1_pd(number) };
    let mut group = criterion.benchmark_group("kernels");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group.throughput(Throughput::Elements((2 * 2 * REGISTERS * ROUNDS) as u64));
    group.bench_function("peak", |bencher| {
        bencher.iter(|| {
            let by = black_box(both(0.5));
            let mut registers = [by; REGISTERS];
            for _ in 0..ROUNDS {
                registers.iter_mut().for_each(|x| *x = step(*x, by));
            }
            black_box(registers)
        });
    });
}

#[cfg(not(target_arch = "x86_64"))]
fn peak(_: &mut Criterion) {}

/// A block as a message, beside a plain copy of its elements.
fn messages(criterion: &mut Criterion) {
    let elements: Vec<f64> = (0..1 << 20).map(f64::from).collect();
    let value = Value::from(Block::new(&[1 << 10, 1 << 10], elements.clone()));
    let message = value.encode().expect("a block can leave").to_bytes();
    let mut place = message.clone();
    let mut same = elements.clone();
    let mut group = criterion.benchmark_group("messages");
    group.sample_size(20).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group.throughput(Throughput::Bytes(8 << 20));
    group.bench_function("8 MB: copy", |bencher| bencher.iter(|| black_box(&elements[..]).to_vec()));
    group.bench_function("8 MB: encode", |bencher| bencher.iter(|| value.encode().map(|it| it.to_bytes())));
    group.bench_function("8 MB: decode", |bencher| bencher.iter(|| Value::decode(black_box(&message))));
    group.bench_function("8 MB: copy into place", |bencher| {
        bencher.iter(|| black_box(&mut same[..]).copy_from_slice(black_box(&elements[..])));
    });
    group.bench_function("8 MB: encode into place", |bencher| {
        bencher.iter(|| {
            place.clear();
            value.encode().map(|it| it.write_to(black_box(&mut place)))
        });
    });
    let op = Op::NoOp.encode().expect("it can leave").to_bytes();
    group.throughput(Throughput::Elements(1));
    group.bench_function("no-op: encode", |bencher| {
        bencher.iter(|| Op::NoOp.encode().map(|it| it.to_bytes()))
    });
    group.bench_function("no-op: decode", |bencher| bencher.iter(|| Op::decode(black_box(&op))));
}

criterion_group!(benches, kernels, peak, messages);
criterion_main!(benches);
