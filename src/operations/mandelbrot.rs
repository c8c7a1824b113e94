//! The Mandelbrot set.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, array, total},
    operation::{Operation, form},
};
use crate::{
    dtype::DType,
    error::Message,
    kernels::{Input, broadcast_shape, mandelbrot},
    value::Value,
};

/// Parameters of [`Op::Mandelbrot`](super::Op::Mandelbrot).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandelbrot {
    /// When to give up: a point that has not left by then counts as one of the set.
    pub max_iter: u32,
}

impl Operation for Mandelbrot {
    type Parameters = Mandelbrot;

    form!(object "mandelbrot");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        2..=2
    }

    fn check(mandelbrot: &Self::Parameters) -> Result<(), Message> {
        match i32::try_from(mandelbrot.max_iter) {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("max_iter = {}: must be below 2^31", mandelbrot.max_iter).into()),
        }
    }

    fn infer(_: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let ((_, re), (_, im)) = (array(inputs, 0)?, array(inputs, 1)?);
        Some(Meta::Array(DType::Int32, broadcast_shape(re, im)?.into()))
    }

    fn scratch(mandelbrot: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let whole = Self::infer(mandelbrot, inputs).map_or(0, |whole| whole.words());
        // Both parts of each point, and each input as doubles.
        total(inputs.iter().map(|input| input.words()).chain([whole, whole]))
    }

    fn execute(mandelbrot: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(mandelbrot::mandelbrot(inputs, mandelbrot.max_iter)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        let axis = |shape: &[usize]| crate::Block::new(shape, vec![-1.0, 0.0, 1.0]).into();
        vec![(Mandelbrot { max_iter: 10 }, vec![axis(&[3]), axis(&[3, 1])])]
    }
}
