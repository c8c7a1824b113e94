//! Tests of arrays that need no kernels. `tests/` compares values, chunks and graphs with Dask's.

use std::fmt;

use super::*;
use crate::{
    DType,
    collections::chunks::ChunkSpec,
    error::{Error, Result},
    operations::Slice,
};

fn ones(shape: &[usize], chunks: impl Into<ChunkSpec>) -> Array {
    super::ones(shape, chunks, DType::Float64).unwrap()
}

fn error<T: fmt::Debug>(result: Result<T>) -> String {
    result.map_err(|error: Error| error.to_string()).unwrap_err()
}

#[test]
fn an_array_prints_as_in_dask() {
    let x = ones(&[5, 4], 2);
    assert_eq!(x.to_string(), "dask.array<ones_like, shape=(5, 4), dtype=float64, chunksize=(2, 2)>");
    let std = x.std(0).unwrap();
    assert_eq!(std.to_string(), "dask.array<_sqrt, shape=(4,), dtype=float64, chunksize=(2,)>");
    let count = x.greater(0.5).unwrap().sum(()).unwrap();
    assert_eq!(count.to_string(), "dask.array<sum-aggregate, shape=(), dtype=int64, chunksize=()>");
}

#[test]
fn what_changes_nothing_is_the_same_array() {
    let x = ones(&[5, 4], 2);
    for same in [
        x.rechunk(2),
        x.astype(DType::Float64),
        x.reshape(&[5, -1]),
        x.transpose(&[0, 1]),
        x.slice(&[(..).into(), Indexer::Ellipsis]),
        concatenate(std::slice::from_ref(&x), 0),
    ] {
        assert_eq!(same.unwrap().name(), x.name());
    }
}

#[test]
fn equal_arrays_have_equal_names() {
    let names = |seed| random::default_rng(seed).random(&[4], 2).unwrap().add(1).unwrap().name().to_owned();
    assert_eq!(names(1), names(1));
    assert_ne!(names(1), names(2));
    let block =
        |x: f64| from_block(&crate::block::Block::new(&[2], vec![x, 1.0]), 1).unwrap().name().to_owned();
    assert_eq!(block(1.0), block(1.0));
    assert_ne!(block(1.0), block(2.0));
}

#[test]
fn mistakes_are_told_in_the_words_of_numpy_and_dask() {
    let x = ones(&[5, 4], 2);
    let end = |place: i64| Indexer::At(place);
    for (error, expected) in [
        (error(x.sum(2)), "Axis 2 is out of bounds for array of dimension 2"),
        (error(x.mean([0, -2])), "duplicate value in 'axis'"),
        (error(x.argmin([0, 1])), "axis must be either `None` or int, got '[0, 1]'"),
        (error(x.sum(Over { split_every: Some(1), ..().into() })), "split_every = 1: must be at least 2"),
        (
            error(ones(&[0], 1).max(())),
            "zero-size array to reduction operation maximum which has no identity",
        ),
        (error(x.transpose(&[0])), "axes don't match array"),
        (error(x.slice(&[end(5)])), "Index 5 is out of bounds for axis 0 with size 5"),
        (
            error(x.slice(&[end(0), end(0), end(0)])),
            "Too many indices for array: array is 2-dimensional, but 3 were indexed",
        ),
        (error(x.slice(&[Slice { step: Some(0), ..Slice::ALL }.into()])), "slice step cannot be zero"),
        (
            error(x.reshape(&[3, 7])),
            "total size of new array must be unchanged: cannot reshape array of size 20 into shape (3, 7)",
        ),
        (error(x.reshape(&[-1, -1])), "can only specify one unknown dimension"),
        (error(concatenate(&[], 0)), "Need array(s) to concatenate"),
        (error(concatenate(&[x.clone(), ones(&[5, 5], 2)], 0)), "Shapes do not align: [(5, 4), (5, 5)]"),
        (
            error(stack(&[x.clone(), ones(&[4, 4], 2)], 0)),
            "Stacked arrays must have the same shape. The first array had shape (5, 4), while array 2 has shape (4, 4).",
        ),
        (error(x.matmul(&x)).get(..40).unwrap().to_owned(), "Input operand 1 has a mismatch in its co"),
        (error(x.dot(&x)), "shapes (5, 4) and (5, 4) not aligned: 4 (dim 1) != 5 (dim 0)"),
        (error(x.percentile(&[50.0])), "not implemented for an array of 2 dimensions: use ravel() before"),
        (error(x.astype(DType::UInt8).unwrap().add(300)), "Python integer 300 out of bounds for uint8"),
    ] {
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_built() {
    let x = ones(&[1000, 1000], 1);
    let expected = "add: the graph has 1048576 tasks and ";
    let mut sum = x.add(1).unwrap();
    sum = sum.add(&sum.t()).unwrap();
    assert!(error(graph(&[sum], false)).starts_with(expected));
    let outer = ones(&[1 << 11], 1).tensordot(&ones(&[1 << 11], 1), &[], &[]);
    assert!(error(outer).starts_with("shape (2048, 2048) in chunks of (1, 1) is 4194304 blocks"));
}

#[test]
fn no_stack_is_needed_for_many_steps() {
    let mut x = ones(&[1], 1);
    for _ in 0..200_000 {
        x = x.add(1).unwrap();
    }
    drop(x);
}
