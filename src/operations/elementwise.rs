//! Functions of each element.

use std::ops::RangeInclusive;

use serde::{Serializer, de::MapAccess};
use smallvec::SmallVec;

use super::{
    meta::Meta,
    operation::{Operation, matrix, named},
};
use crate::{
    dtype::DType,
    error::Message,
    kernels::{Input, Operands, Ufunc, broadcast_shape, elementwise::elementwise},
    scalar::Scalar,
    value::Value,
};

/// Parameters of [`Op::Elementwise`](super::Op::Elementwise): a function of each element.
#[derive(Clone, Debug, PartialEq)]
pub struct Elementwise {
    /// The function.
    pub ufunc: Ufunc,
    /// Where its operands come from.
    pub operands: Operands,
}

impl Operation for Elementwise {
    type Parameters = Elementwise;

    const NAMES: &'static [&'static str] = Ufunc::NAMES;

    fn name(parameters: &Elementwise) -> &'static str {
        parameters.ufunc.prefix()
    }

    fn arity(Elementwise { ufunc, operands }: &Elementwise) -> RangeInclusive<usize> {
        let inputs = operands.inputs(*ufunc);
        inputs..=inputs
    }

    fn check(Elementwise { ufunc, operands }: &Elementwise) -> Result<(), Message> {
        let (name, arity) = (ufunc.prefix(), ufunc.arity());
        match operands {
            Operands::Mixed(given) if given.len() != arity => {
                Err(format!("{name} takes {arity} operands, not {}", given.len()).into())
            }
            operands if operands.inputs(*ufunc) == 0 => {
                Err(format!("{name} takes at least one operand that is an input").into())
            }
            _ => Ok(()),
        }
    }

    fn infer(Elementwise { ufunc, operands }: &Elementwise, inputs: &[&Meta]) -> Option<Meta> {
        let mut dtypes: SmallVec<[DType; 4]> = SmallVec::new();
        let mut common = Vec::new();
        for input in inputs {
            let (dtype, shape) = input.as_array()?;
            dtypes.push(dtype);
            common = broadcast_shape(&common, shape)?;
        }
        Some(Meta::Array(operands.signature(*ufunc, &dtypes).ok()?.result, common.into()))
    }

    fn execute(
        Elementwise { ufunc, operands }: &Elementwise,
        inputs: &mut [Input<'_>],
        _: u8,
    ) -> Result<Value, Message> {
        Ok(elementwise(*ufunc, operands, inputs)?.into())
    }

    fn bare(name: &str) -> Option<Elementwise> {
        Ufunc::named(name).map(|ufunc| Elementwise { ufunc, operands: Operands::Inputs })
    }

    fn read<'de, A: MapAccess<'de>>(name: &'static str, map: &mut A) -> Result<Elementwise, A::Error> {
        let ufunc = Ufunc::named(name).expect("one of the names");
        Ok(Elementwise { ufunc, operands: Operands::Mixed(map.next_value()?) })
    }

    fn write<S: Serializer>(parameters: &Elementwise, serializer: S) -> Result<S::Ok, S::Error> {
        let name = parameters.ufunc.prefix();
        match &parameters.operands {
            Operands::Inputs => serializer.serialize_str(name),
            Operands::Mixed(operands) => named(serializer, name, operands),
        }
    }

    fn examples() -> Vec<(Elementwise, Vec<Value>)> {
        let of = |ufunc, operands, inputs| {
            (Elementwise { ufunc, operands }, (0..inputs).map(|_| matrix()).collect())
        };
        let chosen = [None, Some(Scalar::Int(1)), None];
        vec![
            of(Ufunc::Add, Operands::Inputs, 2),
            of(Ufunc::Sub, Operands::left(1.0), 1),
            of(Ufunc::Neg, Operands::Mixed([None].into()), 1),
            of(Ufunc::Where, Operands::Mixed(chosen.into()), 2),
        ]
    }
}
