//! Factors of matrices: QR and singular values.

use std::ops::RangeInclusive;

use super::{
    meta::{Meta, array, bytes, least, total},
    operation::{Operation, form, matrix},
};
use crate::{
    dtype::DType,
    error::Message,
    kernels::{Input, factors, input::array as block},
    value::Value,
};

/// Q and R of a matrix, as a tuple: `numpy.linalg.qr`.
pub(crate) struct Qr;

impl Operation for Qr {
    type Parameters = ();

    form!(bare "qr");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(_: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, &[rows, columns]) = array(inputs, 0)? else { return None };
        let (dtype, rank) = (dtype.inexact(), least(rows, columns));
        let factors = [[rows, rank], [rank, columns]];
        Some(Meta::Tuple(factors.map(|shape| Meta::array(dtype, &shape)).into()))
    }

    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let Some((dtype, &[rows, columns])) = array(inputs, 0) else { return 0 };
        let rank = rows.min(columns);
        let doubles = |shape: [usize; 2]| bytes(DType::Float64, &shape);
        // The matrix as columns; Q in columns before it is in C order, and R, in another type perhaps.
        let narrow = if dtype.inexact() == DType::Float64 { 0 } else { doubles([rank, columns]) };
        total([
            doubles([rows, columns]),
            doubles([rows, rank]),
            narrow,
            doubles([rows, rank]),
            doubles([1, rank]),
        ])
    }

    fn execute(_: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        factors::qr(block(inputs, 0)?)
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![((), vec![matrix()])]
    }
}

/// U, S and Vh of a matrix, as a tuple: `numpy.linalg.svd(x, full_matrices=False)`.
pub(crate) struct Svd;

impl Operation for Svd {
    type Parameters = ();

    form!(bare "svd");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        1..=1
    }

    fn infer(_: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (dtype, &[rows, columns]) = array(inputs, 0)? else { return None };
        let (dtype, rank) = (dtype.inexact(), least(rows, columns));
        let factors: [&[usize]; 3] = [&[rows, rank], &[rank], &[rank, columns]];
        Some(Meta::Tuple(factors.map(|shape| Meta::array(dtype, shape)).into()))
    }

    fn scratch(_: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let Some((_, &[rows, columns])) = array(inputs, 0) else { return 0 };
        let (long, rank) = (rows.max(columns), rows.min(columns));
        let doubles = |rows: usize| bytes(DType::Float64, &[rows, rank]);
        // The rotated columns and the rotations, both once more in order, and the larger once more as another type.
        total([doubles(long), doubles(rank), doubles(long), doubles(rank), doubles(long), doubles(4)])
    }

    fn execute(_: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        factors::svd(block(inputs, 0)?)
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![((), vec![matrix()])]
    }
}
