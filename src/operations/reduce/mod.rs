//! Tree reductions: their parameters, and what is known of each step's value.

mod extreme;
mod moments;
mod parameters;
mod partial;
mod steps;

use std::ops::RangeInclusive;

pub use parameters::{Place, Reduce, Reduction, Stage};

use serde::{
    Deserialize, Serialize, Serializer,
    de::{Error, MapAccess},
};

use super::{
    form::object,
    meta::{Meta, bytes, total},
    operation::{Operation, matrix, named},
};
use crate::{
    block::{Axes, Block, Shape},
    dtype::DType,
    error::Message,
    kernels::Input,
    number::Number,
    value::Value,
};

impl Operation for Reduce {
    type Parameters = Reduce;

    const NAMES: &'static [&'static str] = Reduction::NAMES;

    fn name(reduce: &Reduce) -> &'static str {
        reduce.reduction.name()
    }

    fn arity(reduce: &Reduce) -> RangeInclusive<usize> {
        by_stage(reduce.stage)
    }

    fn check(reduce: &Reduce) -> Result<(), Message> {
        check_reduce(reduce)
    }

    fn infer(parameters: &Reduce, inputs: &[&Meta]) -> Option<Meta> {
        // Partial results have the same shape, except for empty ones.
        let first = inputs.iter().copied().max_by_key(|input| input.bytes())?;
        let Reduce { reduction, stage, axes, dtype, keepdims, .. } = parameters;
        let partial = match (stage, first) {
            (Stage::Chunk, Meta::Array(given, block)) => {
                let kept =
                    |(axis, &length): (usize, &usize)| if axes.contains(&(axis as u8)) { 1 } else { length };
                let shape: Shape = block.iter().enumerate().map(kept).collect();
                let dtype = dtype.unwrap_or(reduction.result_dtype(*given));
                match reduction {
                    Reduction::Var { .. } => Meta::Moments { shape, dtype, has_m2: true },
                    _ if reduction.has_moments() => Meta::Moments { shape, dtype, has_m2: false },
                    _ if reduction.finds_place() => {
                        Meta::Tuple(vec![Meta::Array(*given, shape.clone()), Meta::Array(dtype, shape)])
                    }
                    _ => Meta::Array(dtype, shape),
                }
            }
            (Stage::Aggregate, Meta::Moments { shape, dtype, .. }) => Meta::Array(*dtype, shape.clone()),
            (Stage::Aggregate, Meta::Tuple(found)) => found.get(1).cloned()?,
            (_, Meta::Array(_, shape)) => {
                let dtypes = inputs.iter().filter_map(|input| match input {
                    Meta::Array(dtype, _) => Some(*dtype),
                    _ => None,
                });
                Meta::Array(dtypes.reduce(DType::promote).unwrap_or_default(), shape.clone())
            }
            (_, partial) => partial.clone(),
        };
        Some(match partial {
            Meta::Array(dtype, shape) if *stage == Stage::Aggregate && !keepdims => {
                let stays =
                    |(axis, length): (usize, &usize)| (!axes.contains(&(axis as u8))).then_some(*length);
                Meta::Array(dtype, shape.iter().enumerate().filter_map(stays).collect())
            }
            partial => partial,
        })
    }

    /// Blocks in the type that is computed in, squared distances for a variance, and partial results that are joined.
    fn scratch(parameters: &Reduce, inputs: &[&Meta]) -> u64 {
        let Reduce { reduction, stage, dtype, .. } = parameters;
        let made = Self::infer(parameters, inputs).map_or(0, |made| made.bytes());
        match (stage, inputs.first()) {
            (Stage::Chunk, Some(Meta::Array(given, shape))) => {
                let dtype = dtype.unwrap_or(reduction.result_dtype(*given));
                let whole = if dtype == *given { 0 } else { bytes(dtype, shape) };
                match reduction {
                    Reduction::Var { .. } => total([bytes(dtype, shape), whole, made]),
                    Reduction::NanMean => {
                        let doubles = bytes(DType::Float64, shape);
                        total([doubles, bytes(DType::Bool, shape), bytes(*given, shape), whole])
                    }
                    Reduction::NanSum => total([bytes(DType::Bool, shape), bytes(*given, shape), whole]),
                    Reduction::ArgMin | Reduction::ArgMax => total([bytes(DType::Int64, shape), made]),
                    _ => whole,
                }
            }
            // Sums are joined in the buffer of the value.
            _ if !reduction.has_moments() && !reduction.finds_place() => 0,
            // The joined partial results, and what lies between.
            _ => inputs.iter().map(|input| input.bytes()).max().unwrap_or(0).saturating_mul(3),
        }
    }

    fn execute(parameters: &Reduce, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        steps::reduce(parameters, inputs)
    }

    fn read<'de, A: MapAccess<'de>>(name: &'static str, map: &mut A) -> Result<Reduce, A::Error> {
        let Step { stage, axes, keepdims, ddof, dtype, place } = object(map)?;
        let reduction = match (Reduction::named(name).expect("one of the names"), ddof) {
            (Reduction::Var { .. }, Some(Number(ddof))) => Reduction::Var { ddof },
            (_, Some(_)) => return Err(A::Error::custom("only var takes ddof")),
            (reduction, None) => reduction,
        };
        Ok(Reduce { reduction, stage, axes, keepdims, dtype, place })
    }

    fn write<S: Serializer>(reduce: &Reduce, serializer: S) -> Result<S::Ok, S::Error> {
        let Reduce { reduction, stage, axes, keepdims, dtype, place } = reduce.clone();
        let ddof = match reduction {
            Reduction::Var { ddof } => Some(Number(ddof)),
            _ => None,
        };
        named(serializer, reduction.name(), &Step { stage, axes, keepdims, ddof, dtype, place })
    }

    fn examples() -> Vec<(Reduce, Vec<Value>)> {
        let step = |reduction, stage| Reduce::new(reduction, stage, [1]);
        let sums = || Block::new(&[2, 1], vec![0.5, 2.0]).into();
        let places = Block::new(&[2, 1], vec![0i64, 7]).into();
        let place = Place { offset: [0, 6].into(), shape: [2, 12].into() };
        vec![
            (Reduce { dtype: Some(DType::Float32), ..step(Reduction::Sum, Stage::Chunk) }, vec![matrix()]),
            (step(Reduction::Sum, Stage::Combine), vec![sums(), sums()]),
            (step(Reduction::Sum, Stage::Aggregate), vec![sums()]),
            (step(Reduction::Var { ddof: 1.0 }, Stage::Chunk), vec![matrix()]),
            (Reduce { place: Some(place), ..step(Reduction::ArgMin, Stage::Chunk) }, vec![matrix()]),
            (step(Reduction::ArgMin, Stage::Aggregate), vec![[sums(), places].into()]),
        ]
    }
}

/// One step of a reduction, whose name says which.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    stage: Stage,
    axes: Axes,
    #[serde(default)]
    keepdims: bool,
    /// Of a variance alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ddof: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dtype: Option<DType>,
    /// Of argmin and argmax alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
}

pub(super) fn check_named_once(axes: &[u8]) -> Result<(), Message> {
    match (1..axes.len()).find(|&i| axes[..i].contains(&axes[i])) {
        None => Ok(()),
        Some(i) => Err(format!("axis {} is named twice", axes[i]).into()),
    }
}

fn check_reduce(reduce: &Reduce) -> Result<(), Message> {
    check_named_once(&reduce.axes)?;
    if let Some(dtype) = reduce.dtype
        && !reduce.reduction.takes_dtype(dtype)
    {
        return Err(format!("{} cannot be computed in {dtype}", reduce.reduction.name()).into());
    }
    let (name, chunk) = (reduce.reduction.name(), reduce.stage == Stage::Chunk);
    match (reduce.reduction.finds_place() && chunk, &reduce.place) {
        (true, None) => Err(format!("a chunk of {name} needs its place").into()),
        (false, Some(_)) => Err("only chunks of argmin and argmax have a place".into()),
        _ => Ok(()),
    }
}

/// How many inputs a step of a tree takes.
pub(super) fn by_stage(stage: Stage) -> RangeInclusive<usize> {
    match stage {
        Stage::Chunk => 1..=1,
        Stage::Combine | Stage::Aggregate => 1..=usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_reductions() {
        assert_eq!(Reduction::ALL.map(Reduction::name), Reduction::NAMES);
    }
}
