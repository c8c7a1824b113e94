//! Sums of products: `tensordot` and `matmul`.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    meta::{Meta, array, bytes, total},
    operation::{Operation, form, matrix},
    reduce::check_named_once,
};
use crate::{
    block::{Axes, Shape},
    dtype::DType,
    error::Message,
    kernels::{Input, matrix::panel_bytes, products},
    value::Value,
};

/// Parameters of [`Op::Tensordot`](super::Op::Tensordot).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tensordot {
    /// The axes of the first operand over which products are summed.
    pub left: Axes,
    /// The axes of the second operand that go with them.
    pub right: Axes,
    /// Whether those of the first stay, with length 1: what a sum over several blocks needs.
    #[serde(default)]
    pub keepdims: bool,
}

impl Operation for Tensordot {
    type Parameters = Tensordot;

    form!(object "tensordot");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        2..=2
    }

    fn check(tensordot: &Self::Parameters) -> Result<(), Message> {
        check_named_once(&tensordot.left)?;
        check_named_once(&tensordot.right)?;
        match tensordot.left.len() == tensordot.right.len() {
            true => Ok(()),
            false => Err("each axis on the left must have one on the right".into()),
        }
    }

    fn infer(tensordot: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let ((x, left), (y, right)) = (array(inputs, 0)?, array(inputs, 1)?);
        let kept = |axes: &[u8], axis: usize| !axes.contains(&(axis as u8));
        let mut shape = Shape::new();
        for (axis, &length) in left.iter().enumerate() {
            match kept(&tensordot.left, axis) {
                true => shape.push(length),
                false if tensordot.keepdims => shape.push(1),
                false => {}
            }
        }
        let right = right.iter().enumerate().filter(|&(axis, _)| kept(&tensordot.right, axis));
        shape.extend(right.map(|(_, &length)| length));
        Some(Meta::Array(x.promote(y), shape))
    }

    fn scratch(tensordot: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let (Some((x, left)), Some((y, right))) = (array(inputs, 0), array(inputs, 1)) else { return 0 };
        let size = |shape: &[usize]| shape.iter().fold(1, |size: usize, &length| size.saturating_mul(length));
        let depth = tensordot.left.iter().filter_map(|&axis| left.get(usize::from(axis)).copied());
        let depth = size(&depth.collect::<Shape>());
        let [rows, columns] = [left, right].map(|shape| size(shape) / depth.max(1));
        scratch(inputs, [rows, depth, columns], x.promote(y), true)
    }

    fn execute(tensordot: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        let axes = (&tensordot.left[..], &tensordot.right[..]);
        Ok(products::tensordot(inputs, axes, tensordot.keepdims)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        let tensordot =
            Tensordot { left: Axes::from_slice(&[1]), right: Axes::from_slice(&[1]), keepdims: false };
        vec![(tensordot, vec![matrix(), matrix()])]
    }
}

/// Parameters of [`Op::Matmul`](super::Op::Matmul).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matmul {
    /// Whether an axis of length 1 is left before the last one: what a sum over several blocks needs.
    #[serde(default)]
    pub keepdims: bool,
}

impl Operation for Matmul {
    type Parameters = Matmul;

    form!(object "matmul");

    fn arity(_: &Self::Parameters) -> RangeInclusive<usize> {
        2..=2
    }

    fn infer(matmul: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let ((x, left), (y, right)) = (array(inputs, 0)?, array(inputs, 1)?);
        Some(Meta::Array(x.promote(y), products::matmul_shape(left, right, matmul.keepdims)?))
    }

    fn scratch(matmul: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let (Some((x, left)), Some((y, right))) = (array(inputs, 0), array(inputs, 1)) else { return 0 };
        let depth = left.last().copied().unwrap_or(0);
        let rows = left.len().checked_sub(2).map_or(1, |axis| left[axis]);
        let columns = if right.len() > 1 { right[right.len() - 1] } else { 1 };
        let whole =
            Self::infer(matmul, inputs).map_or(0, |value| value.as_type(products::computed(x.promote(y))));
        scratch(inputs, [rows, depth, columns], products::computed(x.promote(y)), false).saturating_add(whole)
    }

    fn execute(matmul: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        Ok(products::matmul(inputs, matmul.keepdims)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        vec![(
            Matmul { keepdims: false },
            vec![matrix(), crate::Block::new(&[3], vec![1.0, 2.0, 3.0]).into()],
        )]
    }
}

/// The memory of a product of `[rows, depth, columns]`, besides its value: operands in the type that is computed in,
/// `turned` ones once more in another order, the packed panels, and the result before it is converted back.
fn scratch(inputs: &[&Meta], [rows, depth, columns]: [usize; 3], dtype: DType, turned: bool) -> u64 {
    let computed = products::computed(dtype);
    let turned = |input: &Meta| match input.as_array() {
        Some((_, shape)) if turned => bytes(computed, shape),
        _ => 0,
    };
    let operands = inputs.iter().map(|input| input.as_type(computed).saturating_add(turned(input)));
    let back = if computed == dtype { 0 } else { bytes(computed, &[rows, columns]) };
    total(operands.chain([back, panel_bytes([rows, depth, columns], computed.size())]))
}
