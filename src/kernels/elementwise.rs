//! Arithmetic, element by element, with NumPy's broadcasting.

use ndarray::{IxDyn, Zip};

use super::{Message, array, block_size};
use crate::{
    block::Elements,
    op::{Operands, Ufunc},
    value::Value,
};

type Block = Elements<f64>;

/// Applies `ufunc` to its operands.
pub(super) fn elementwise(ufunc: Ufunc, operands: &Operands, inputs: &[&Value]) -> Result<Block, Message> {
    let given = inputs.len() + operands.scalars().count();
    if given != ufunc.arity() {
        return Err(format!("{} takes {} operands, not {given}", ufunc.prefix(), ufunc.arity()).into());
    }
    let left = array(inputs, 0)?;
    // One call with a closure for each function, so that each becomes a loop of its own.
    Ok(match (ufunc, operands) {
        (Ufunc::Neg, _) => left.mapv(|x| -x).into_shared(),
        (Ufunc::Sqrt, _) => left.mapv(f64::sqrt).into_shared(),
        (Ufunc::Add, operands) => binary(operands, left, inputs, |x, y| x + y)?,
        (Ufunc::Sub, operands) => binary(operands, left, inputs, |x, y| x - y)?,
        (Ufunc::Mul, operands) => binary(operands, left, inputs, |x, y| x * y)?,
        (Ufunc::TrueDiv, operands) => binary(operands, left, inputs, |x, y| x / y)?,
        _ => return Err(super::NOT_BUILT.into()),
    })
}

fn binary(
    operands: &Operands,
    first: &Block,
    inputs: &[&Value],
    f: impl Fn(f64, f64) -> f64,
) -> Result<Block, Message> {
    Ok(match operands {
        Operands::Mixed(operands) => match operands[0] {
            Some(x) => first.mapv(|y| f(x.as_f64(), y)).into_shared(),
            None => {
                let y = operands[1].expect("one is a number").as_f64();
                first.mapv(|x| f(x, y)).into_shared()
            }
        },
        Operands::Inputs => {
            let second = array(inputs, 1)?;
            let shape = broadcast_shape(first.shape(), second.shape())
                .ok_or_else(|| mismatch(first.shape(), second.shape()))?;
            // Larger than either, if both are broadcast.
            block_size(&shape)?;
            let fit = "both fit the common shape";
            let x = first.broadcast(IxDyn(&shape)).expect(fit);
            let y = second.broadcast(IxDyn(&shape)).expect(fit);
            Zip::from(x).and(y).map_collect(|&x, &y| f(x, y)).into_shared()
        }
    })
}

fn mismatch(left: &[usize], right: &[usize]) -> Message {
    format!("operands could not be broadcast together with shapes {left:?} {right:?}").into()
}

/// The shape of the result of combining two shapes, by NumPy's rule: aligned at the last axis, each pair of
/// lengths must be equal or one of them 1.
pub(crate) fn broadcast_shape(left: &[usize], right: &[usize]) -> Option<Vec<usize>> {
    let ndim = left.len().max(right.len());
    let length = |shape: &[usize], axis: usize| match (axis + shape.len()).checked_sub(ndim) {
        Some(axis) => shape[axis],
        None => 1,
    };
    (0..ndim)
        .map(|axis| match (length(left, axis), length(right, axis)) {
            (a, b) if a == b => Some(a),
            (1, b) => Some(b),
            (a, 1) => Some(a),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn apply(ufunc: Ufunc, operands: Operands, inputs: &[Block]) -> Result<Block, Message> {
        let values: Vec<Value> = inputs.iter().cloned().map(|x| Value::from(crate::Block::from(x))).collect();
        elementwise(ufunc, &operands, &values.iter().collect::<Vec<_>>())
    }

    #[test]
    fn shapes_broadcast_as_in_numpy() {
        assert_eq!(broadcast_shape(&[3, 1], &[4]), Some(vec![3, 4]));
        assert_eq!(broadcast_shape(&[], &[2, 0]), Some(vec![2, 0]));
        assert_eq!(broadcast_shape(&[1], &[0]), Some(vec![0]));
        assert_eq!(broadcast_shape(&[3], &[4]), None);
    }

    #[test]
    fn a_row_is_added_to_each_row() {
        let x = array![[1.0, 2.0], [3.0, 4.0]].into_dyn().into_shared();
        let y = array![10.0, 20.0].into_dyn().into_shared();
        let sum = apply(Ufunc::Add, Operands::Inputs, &[x.clone(), y]).unwrap();
        assert_eq!(sum, array![[11.0, 22.0], [13.0, 24.0]].into_dyn().into_shared());
        let turned = apply(Ufunc::Sub, Operands::Inputs, &[x.clone(), x.t().to_shared()]).unwrap();
        assert_eq!(turned, array![[0.0, -1.0], [1.0, 0.0]].into_dyn().into_shared());
    }

    #[test]
    fn a_number_stands_on_either_side() {
        let x = array![2.0, 4.0].into_dyn().into_shared();
        let half = apply(Ufunc::TrueDiv, Operands::right(2.0), std::slice::from_ref(&x)).unwrap();
        assert_eq!(half, array![1.0, 2.0].into_dyn().into_shared());
        let inverse = apply(Ufunc::TrueDiv, Operands::left(1.0), &[x]).unwrap();
        assert_eq!(inverse, array![0.5, 0.25].into_dyn().into_shared());
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (x, y) =
            (array![1.0, 2.0].into_dyn().into_shared(), array![1.0, 2.0, 3.0].into_dyn().into_shared());
        let error = apply(Ufunc::Add, Operands::Inputs, &[x.clone(), y]).unwrap_err();
        assert_eq!(error, "operands could not be broadcast together with shapes [2] [3]");
        assert_eq!(apply(Ufunc::Add, Operands::Inputs, &[x]).unwrap_err(), "add takes 2 operands, not 1");
    }
}
