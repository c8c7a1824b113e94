//! The steps of a tree reduction.
//!
//! ```text
//! block ----Chunk---> partial --.
//! block ----Chunk---> partial ---+--Combine--> partial --.
//! block ----Chunk---> partial --'             partial ----+--Aggregate--> result
//! ```
//!
//! A partial result keeps the reduced axes, with length 1, so those that are combined have the same shape, and
//! combining them is arithmetic element by element. Reductions without a neutral element (`min`) keep the axes with
//! length 0 if there are no elements.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{
    Reduce, Reduction, Stage, extreme, moments,
    partial::{has_none, nothing, same_shape, sum, without_nans},
};
use crate::{
    block::Block,
    error::Message,
    kernels::{
        Input, Operands, Ufunc,
        convert::astype,
        elementwise::elementwise,
        fold::{Fold, fold_axes},
        input::array,
        select::reshape,
    },
    value::Value,
};

pub(super) fn reduce(parameters: &Reduce, inputs: &mut [Input<'_>]) -> Result<Value, Message> {
    let Reduce { reduction, stage, .. } = parameters;
    if *stage == Stage::Chunk {
        let block = array(inputs, 0)?;
        check_axes(block, parameters)?;
        return match reduction {
            _ if reduction.has_moments() => moments::chunk(block, parameters),
            _ if reduction.finds_place() => extreme::chunk(block, parameters),
            _ => Ok(chunk(block, parameters)?.into()),
        };
    }
    let result = match (reduction, stage) {
        _ if reduction.has_moments() => match moments::combine(inputs)? {
            moments if *stage == Stage::Combine => return Ok(Value::Moments(moments.into())),
            moments => moments::result(moments, parameters)?,
        },
        _ if reduction.finds_place() => {
            let [extremes, places] = extreme::combine(inputs, *reduction)?;
            if *stage == Stage::Combine {
                return Ok(Value::from([extremes.into(), places.into()]));
            }
            if has_none(&extremes, &parameters.axes) {
                return Err(format!("attempt to get {} of an empty sequence", reduction.name()).into());
            }
            places
        }
        _ => combine(inputs, parameters)?,
    };
    match stage {
        Stage::Combine => Ok(result.into()),
        _ => Ok(drop_axes(result, parameters)?.into()),
    }
}

/// Each axis to reduce must exist and be named once.
fn check_axes(block: &Block, parameters: &Reduce) -> Result<(), Message> {
    let axes = &parameters.axes;
    match (0..axes.len()).find(|&i| axes[i] as usize >= block.ndim() || axes[..i].contains(&axes[i])) {
        None => Ok(()),
        Some(i) => {
            let (axis, ndim) = (axes[i], block.ndim());
            Err(format!("axis {axis} of {axes:?}: each must be below {ndim}, and be named once").into())
        }
    }
}

fn chunk(block: &Block, parameters: &Reduce) -> Result<Block, Message> {
    let Reduce { reduction, axes, dtype, .. } = parameters;
    let dtype = dtype.unwrap_or(reduction.result_dtype(block.dtype()));
    match reduction {
        Reduction::Min | Reduction::Max if has_none(block, axes) => Ok(nothing(block, axes)),
        Reduction::Min => fold_axes(block, axes, Fold::Least),
        Reduction::Max => fold_axes(block, axes, Fold::Greatest),
        Reduction::NanSum => sum(&astype(&without_nans(block)?, dtype)?, axes),
        Reduction::Prod | Reduction::All => fold_axes(&astype(block, dtype)?, axes, Fold::Product),
        _ => sum(&astype(block, dtype)?, axes),
    }
}

/// The function that combines two partial results.
fn joining(reduction: Reduction) -> Ufunc {
    match reduction {
        Reduction::Prod => Ufunc::Mul,
        Reduction::Min => Ufunc::Minimum,
        Reduction::Max => Ufunc::Maximum,
        Reduction::Any => Ufunc::LogicalOr,
        Reduction::All => Ufunc::LogicalAnd,
        _ => Ufunc::Add,
    }
}

fn combine(inputs: &mut [Input<'_>], parameters: &Reduce) -> Result<Block, Message> {
    let Reduce { reduction, axes, stage, .. } = parameters;
    let needs_elements = matches!(reduction, Reduction::Min | Reduction::Max);
    let is_nothing =
        |input: &Input<'_>| needs_elements && input.as_array().is_some_and(|block| has_none(block, axes));
    let mut so_far: Option<Input<'_>> = None;
    for i in 0..inputs.len() {
        array(inputs, i)?;
        let input = std::mem::take(&mut inputs[i]);
        so_far = Some(match so_far {
            Some(before) if !is_nothing(&before) => {
                if is_nothing(&input) {
                    before
                } else {
                    let mut pair = [before, input];
                    same_shape(array(&pair, 0)?, array(&pair, 1)?)?;
                    Cow::Owned(elementwise(joining(*reduction), &Operands::Inputs, &mut pair)?.into())
                }
            }
            _ => input,
        });
    }
    let result = match so_far.map(Cow::into_owned) {
        Some(Value::Array(block)) => *block,
        _ => return Err("no partial results to combine".into()),
    };
    if needs_elements && *stage == Stage::Aggregate && has_none(&result, axes) {
        let name = if *reduction == Reduction::Min { "minimum" } else { "maximum" };
        return Err(format!("zero-size array to reduction operation {name} which has no identity").into());
    }
    Ok(result)
}

/// Removes the reduced axes, unless they are kept.
fn drop_axes(block: Block, parameters: &Reduce) -> Result<Block, Message> {
    check_axes(&block, parameters)?;
    let shape = block.shape();
    if let Some(axis) = parameters.axes.iter().find(|&&axis| shape[usize::from(axis)] != 1) {
        return Err(format!("axis {axis} of shape {shape:?} was not reduced before").into());
    }
    if parameters.keepdims {
        return Ok(block);
    }
    let kept = shape.iter().enumerate().filter(|&(axis, _)| !parameters.axes.contains(&(axis as u8)));
    reshape(&block, &kept.map(|(_, &length)| length).collect::<SmallVec<[usize; 4]>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reduces `rows` of numbers, each a block, over their only axis.
    fn tree(reduction: Reduction, rows: &[&[f64]]) -> f64 {
        let step = |stage, inputs: &[&Value]| {
            let parameters = Reduce::new(reduction, stage, [0]);
            reduce(&parameters, &mut inputs.iter().copied().map(Cow::Borrowed).collect::<Vec<_>>()).unwrap()
        };
        let partials: Vec<Value> = rows
            .iter()
            .map(|row| {
                let block = Block::new(&[row.len()], row.to_vec());
                step(Stage::Chunk, &[&block.into()])
            })
            .collect();
        let halves: Vec<Value> =
            partials.chunks(2).map(|pair| step(Stage::Combine, &pair.iter().collect::<Vec<_>>())).collect();
        let result = step(Stage::Aggregate, &halves.iter().collect::<Vec<_>>());
        result.elements::<f64>().unwrap().iter().copied().next().unwrap()
    }

    const ROWS: [&[f64]; 4] = [&[1.0, 4.0], &[9.0], &[], &[16.0, 25.0, 1e3]];

    /// The same by definition.
    fn naive(rows: &[&[f64]]) -> (f64, f64, f64) {
        let all = rows.concat();
        let (n, sum) = (all.len() as f64, all.iter().sum::<f64>());
        (sum, sum / n, all.iter().map(|x| (x - sum / n).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn trees_give_what_the_definition_gives() {
        let (sum, mean, var) = naive(&ROWS);
        assert_eq!(tree(Reduction::Sum, &ROWS), sum);
        assert_eq!(tree(Reduction::Mean, &ROWS), mean);
        let got = tree(Reduction::Var { ddof: 0.0 }, &ROWS);
        assert!((got - var).abs() <= 1e-12 * var, "{got} {var}");
        let got = tree(Reduction::Var { ddof: 1.0 }, &ROWS);
        assert!((got - var * 6.0 / 5.0).abs() <= 1e-12 * var, "{got}");
    }

    #[test]
    fn axes_that_are_not_there_are_an_error() {
        let error = |stage, axes: &[u8], keepdims| {
            let axes = axes.iter().copied();
            let parameters = Reduce { keepdims, ..Reduce::new(Reduction::Sum, stage, axes) };
            let block = Block::new(&[3, 1], vec![0.0; 3]);
            reduce(&parameters, &mut [Cow::Owned(block.into())]).unwrap_err()
        };
        let expected = "axis 2 of [2]: each must be below 2, and be named once";
        assert_eq!(error(Stage::Chunk, &[2], false), expected);
        assert_eq!(error(Stage::Aggregate, &[2], true), expected);
        assert!(error(Stage::Chunk, &[1, 1], false).starts_with("axis 1 of [1, 1]"));
        for keepdims in [false, true] {
            let expected = "axis 0 of shape [3, 1] was not reduced before";
            assert_eq!(error(Stage::Aggregate, &[1, 0], keepdims), expected);
        }
    }

    #[test]
    fn an_empty_array_has_a_sum_and_no_mean() {
        assert_eq!(tree(Reduction::Sum, &[&[], &[]]), 0.0);
        assert!(tree(Reduction::Mean, &[&[], &[]]).is_nan());
        assert!(tree(Reduction::Var { ddof: 0.0 }, &[&[], &[]]).is_nan());
    }
}
