//! The result of an array depends neither on its chunks, nor on whether its graph is optimised, nor on the scheduler:
//! exactly for integers, up to rounding for floats.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use dagdeck::{
    Block, DType, Options, Plan, Result, Scheduler,
    collections::{
        Array, AxisSpec, ChunkSpec,
        array::{self as da, Axis, Indexer, Over},
    },
    operations::Slice,
    scheduler::{self, Policy},
};
use proptest::prelude::*;

/// A step: an operation and two numbers that parametrise it.
type Step = (u8, usize, i64);

/// The array after one more step, or unchanged if the step makes no sense for it.
fn step(x: &Array, (what, axis, n): Step) -> Result<Array> {
    let ndim = x.ndim();
    if ndim == 0 {
        return x.add(n);
    }
    let (axis, length) = (axis % ndim, x.shape()[axis % ndim] as i64);
    let along = |index: Indexer| {
        let mut indices = vec![(..).into(); axis];
        indices.push(index);
        indices
    };
    match what {
        0 => x.add(n),
        1 => x.multiply(&x.remainder(7)?),
        2 => Ok(x.t()),
        3 => x.subtract(&x.sum(Over { keepdims: true, ..(axis as isize).into() })?),
        4 => x.cumsum(Some(axis as isize), None),
        5 => da::concatenate(&[x.clone(), x.negative()?], axis as isize),
        6 if x.size() < 200 => da::stack(&[x.clone(), x.clone()], axis as isize)?.max(axis as isize),
        7 => x.slice(&along(
            Slice { start: None, stop: None, step: Some(if n % 3 == 0 { -2 } else { 2 }) }.into(),
        )),
        8 if length > 0 => x.slice(&along(Indexer::Indices(vec![n.rem_euclid(length), 0, length - 1, 0]))),
        9 if ndim > 1 && length > 0 => x.slice(&along(Indexer::At(n.rem_euclid(length)))),
        10 => x.rechunk((n.unsigned_abs() as usize % 5).max(1)),
        11 => x.ravel(),
        12 if ndim == 2 => x.t().dot(x)?.remainder(1000),
        13 => da::where_(&x.greater(n)?, x, 0),
        14 => x.slice(&[Indexer::NewAxis, Indexer::Ellipsis]),
        15 if length > 0 && ndim > 1 => x.argmax(axis as isize),
        16 => masked(x, axis, n),
        17 => x.slice(&[(&x.greater(n)?).into()])?.sum(()),
        _ => Ok(x.clone()),
    }
}

/// What is left of `x` along an axis, where the sums over the others are not what `n` says.
fn masked(x: &Array, axis: usize, n: i64) -> Result<Array> {
    let others = (0..x.ndim() as isize).filter(|&other| other != axis as isize).collect();
    let sums = x.sum(Over { axis: Axis::Some(others), ..Over::default() })?;
    let mut index = vec![(..).into(); axis];
    index.push((&sums.remainder(3)?.not_equal(n.rem_euclid(3))?).into());
    let some = x.slice(&index)?;
    let cumulated = if x.ndim() == 1 { some.cumsum(Some(0), None)? } else { some };
    // The length is unknown; of their sum it is not.
    cumulated.sum(Over { keepdims: true, ..(axis as isize).into() })
}

fn steps(from: &Block, chunks: &ChunkSpec, steps: &[Step]) -> Result<Array> {
    let mut x = da::from_block(from, chunks.clone())?;
    for &next in steps {
        // Keep shapes small.
        let after = step(&x, next)?;
        x = if after.size() <= 4000 && after.ndim() <= 4 { after } else { x };
    }
    Ok(x)
}

fn computed(array: &Array, optimized: bool, options: Options) -> Result<Block> {
    let graph = da::graph(std::slice::from_ref(array), optimized)?;
    let values = scheduler::start(Arc::new(Plan::new(&graph)), options)?.wait()?.values()?;
    array.assemble(&values)
}

fn options(scheduler: Scheduler, policy: Policy) -> Options {
    Options { scheduler, policy, workers: 3, trace: false, ..Options::default() }
}

fn chunks() -> impl Strategy<Value = ChunkSpec> {
    (1usize..5).prop_map(ChunkSpec::from)
}

fn close(x: &Block, y: &Block) -> bool {
    let (x, y) = (x.elements::<f64>().unwrap(), y.elements::<f64>().unwrap());
    let largest = y.iter().map(|y| y.abs()).fold(1e-300, f64::max);
    x.shape() == y.shape() && x.iter().zip(y).all(|(x, y)| (x - y).abs() <= 1e-12 * largest)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn integers_are_the_same(
        shape in proptest::collection::vec(0usize..7, 1..4),
        seed in 0i64..1000,
        chunks in chunks(),
        done in proptest::collection::vec((0u8..18, 0usize..4, -9i64..9), 0..7),
    ) {
        let size = shape.iter().product::<usize>() as i64;
        let from = Block::new(&shape, (0..size).map(|i| (i * i + seed) % 19 - 9).collect());
        let array = steps(&from, &chunks, &done).unwrap();
        let whole = steps(&from, &ChunkSpec::All(AxisSpec::Whole), &done).unwrap();
        let expected = computed(&whole, false, options(Scheduler::Sync, Policy::Ordered)).unwrap();
        prop_assert_eq!((array.shape(), array.dtype()), (expected.shape().to_vec(), expected.dtype()));
        for (optimized, policy) in [(true, Policy::Ordered), (false, Policy::Random), (true, Policy::Fifo)] {
            let got = computed(&array, optimized, options(Scheduler::Threads, policy)).unwrap();
            prop_assert_eq!(&got, &expected, "optimized {}, {:?}", optimized, policy);
        }
    }

    #[test]
    fn floats_are_the_same_to_rounding(
        rows in 1usize..20,
        columns in 1usize..9,
        chunks in chunks(),
        seed in 0u64..1000,
    ) {
        let x = da::random::default_rng(seed).normal(1.0, 2.0, &[rows, columns], ChunkSpec::All(AxisSpec::Whole)).unwrap();
        let cut = x.rechunk(chunks).unwrap();
        let results = |x: &Array| -> Result<Vec<Array>> {
            Ok(vec![
                x.mean(0)?,
                x.std(())?,
                x.t().dot(x)?,
                x.matmul(&x.t())?.exp()?.log1p()?.sum(1)?,
                x.astype(DType::Float64)?.cumsum(Some(1), None)?,
                da::linalg::svd(&x.rechunk(ChunkSpec::Axes(vec![AxisSpec::Size(3), AxisSpec::Whole]))?)?.1,
            ])
        };
        for (cut, whole) in results(&cut).unwrap().iter().zip(results(&x).unwrap()) {
            let expected = computed(&whole, false, options(Scheduler::Sync, Policy::Ordered)).unwrap();
            let got = computed(cut, true, options(Scheduler::Threads, Policy::Ordered)).unwrap();
            prop_assert!(close(&got, &expected), "{}: {:?} is not {:?}", cut, got, expected);
        }
    }
}
