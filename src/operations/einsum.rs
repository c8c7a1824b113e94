//! Sums of products by subscripts: `einsum`.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{
    meta::{Meta, array, bytes, total},
    operation::{Operation, form},
};
use crate::{
    block::{Block, Shape},
    dtype::DType,
    error::Message,
    kernels::{
        Input,
        einsum::{Factors, Labels, Lengths, einsum},
        matrix::panel_bytes,
        products::computed,
    },
    value::Value,
};

/// Parameters of [`Op::Einsum`](super::Op::Einsum).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Einsum {
    /// A letter for each axis of each operand, and those of the result: `ij,jk->ik`.
    pub subscripts: Box<str>,
    /// Whether an axis of length 1 stays, at the end, for each letter that is summed over: what a sum over several
    /// blocks needs.
    #[serde(default)]
    pub keepdims: bool,
    /// The type to compute in, if not the common one of the operands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtype: Option<DType>,
}

impl Einsum {
    fn labels(&self) -> Result<Labels<'_>, Message> {
        let halves = self.subscripts.split_once("->");
        let (operands, output) = halves.ok_or("Subscripts can only contain one '->'.")?;
        let operands: SmallVec<[&[u8]; 3]> = operands.split(',').map(str::as_bytes).collect();
        let output = output.as_bytes();
        let all = || operands.iter().copied().flatten().chain(output);
        if let Some(unknown) = all().find(|label| !label.is_ascii_alphabetic()) {
            return Err(format!("Character {} is not a valid symbol.", char::from(*unknown)).into());
        }
        for (i, label) in output.iter().enumerate() {
            if !operands.iter().any(|labels| labels.contains(label)) {
                return Err(
                    format!("Output character {} did not appear in the input", char::from(*label)).into()
                );
            }
            if output[..i].contains(label) {
                return Err(format!(
                    "einstein sum subscripts string includes output subscript '{}' multiple times",
                    char::from(*label)
                )
                .into());
            }
        }
        let mut summed = SmallVec::new();
        for &label in operands.iter().copied().flatten() {
            if !output.contains(&label) && !summed.contains(&label) {
                summed.push(label);
            }
        }
        Ok(Labels { operands, output, summed })
    }

    /// Checks that operands of these shapes fit the subscripts.
    pub(crate) fn check_shapes(&self, shapes: impl Iterator<Item = Vec<usize>>) -> Result<(), Message> {
        let shapes: Vec<Vec<usize>> = shapes.collect();
        let shapes: Vec<&[usize]> = shapes.iter().map(|shape| &shape[..]).collect();
        Lengths::of(&self.labels()?.operands, &shapes).map(drop)
    }

    /// The rows, depth and columns, if the sum is a product of matrices.
    fn factors(&self, inputs: &[&Meta]) -> Option<[usize; 3]> {
        let (labels, shapes) = (self.labels().ok()?, shapes(inputs)?);
        let lengths = Lengths::of(&labels.operands, &shapes).ok()?;
        Some(Factors::new(&shapes, &labels, &lengths)?.sizes(&lengths))
    }

    /// The type of the result.
    fn result(&self, inputs: &[&Meta]) -> Option<DType> {
        let mut types = (0..inputs.len()).map(|i| array(inputs, i).map(|(dtype, _)| dtype));
        let first = types.next()??;
        let common = types.try_fold(first, |common, dtype| Some(common.promote(dtype?)))?;
        Some(self.dtype.unwrap_or(common))
    }
}

impl Operation for Einsum {
    type Parameters = Einsum;

    form!(object "einsum");

    fn arity(einsum: &Self::Parameters) -> RangeInclusive<usize> {
        let operands = 1 + einsum.subscripts.matches(',').count();
        operands..=operands
    }

    fn check(einsum: &Self::Parameters) -> Result<(), Message> {
        einsum.labels().map(drop)
    }

    fn infer(einsum: &Self::Parameters, inputs: &[&Meta]) -> Option<Meta> {
        let (labels, dtype) = (einsum.labels().ok()?, einsum.result(inputs)?);
        let mut shape: Shape = Lengths::of(&labels.operands, &shapes(inputs)?).ok()?.shape(labels.output);
        shape.extend(labels.summed.iter().filter(|_| einsum.keepdims).map(|_| 1));
        Some(Meta::Array(dtype, shape))
    }

    fn scratch(einsum: &Self::Parameters, inputs: &[&Meta]) -> u64 {
        let (Some(value), Some(dtype)) = (Self::infer(einsum, inputs), einsum.result(inputs)) else {
            return 0;
        };
        let computed = computed(dtype);
        // Each operand in the type that is computed in, and once more in another order; and the same of the result.
        let twice = |meta: &Meta| match meta.as_array() {
            Some((_, shape)) => bytes(computed, shape).saturating_mul(2),
            None => 0,
        };
        let panels = einsum.factors(inputs).map_or(0, |sizes| panel_bytes(sizes, computed.size()));
        total(inputs.iter().map(|input| twice(input)).chain([twice(&value), panels]))
    }

    fn execute(parameters: &Self::Parameters, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        let labels = parameters.labels()?;
        let metas: SmallVec<[Meta; 3]> = inputs.iter().map(|input| Meta::of(input)).collect();
        let dtype = parameters.result(&metas.iter().collect::<SmallVec<[&Meta; 3]>>());
        // An input that is not an array is refused by the kernel.
        Ok(einsum(inputs, &labels, dtype.unwrap_or_default(), parameters.keepdims)?.into())
    }

    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        let einsum =
            |subscripts: &str, dtype| Einsum { subscripts: subscripts.into(), keepdims: true, dtype };
        let block = |shape: &[usize]| Block::new(shape, vec![1.5; shape.iter().product()]).into();
        vec![
            (einsum("ij,jk->ik", Some(DType::Float32)), vec![block(&[2, 3]), block(&[3, 1])]),
            (einsum("ii->", None), vec![block(&[2, 2])]),
            (einsum("ab,ba->", None), vec![block(&[2, 3]), block(&[3, 2])]),
            (einsum("abc->ca", None), vec![block(&[2, 1, 3])]),
            (einsum("i,i,i->i", None), vec![block(&[2]), block(&[2]), block(&[2])]),
        ]
    }
}

/// The shapes of the inputs, if all are arrays.
fn shapes<'a>(inputs: &[&'a Meta]) -> Option<SmallVec<[&'a [usize]; 3]>> {
    inputs.iter().map(|input| input.as_array().map(|(_, shape)| shape)).collect()
}
