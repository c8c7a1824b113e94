//! The steps of a tree reduction.
//!
//! ```text
//! block ----Chunk---> partial --.
//! block ----Chunk---> partial ---+--Combine--> partial --.
//! block ----Chunk---> partial --'             partial ----+--Aggregate--> result
//! ```
//!
//! A partial result keeps the reduced axes, with length 1, so those that are combined have the same shape, and
//! combining them is arithmetic element by element.

use ndarray::{ArrayD, Axis};

use super::{Message, array};
use crate::{
    block::Elements,
    op::{Reduce, Reduction, Stage},
    value::{Moments, Value},
};

type Block = Elements<f64>;

pub(super) fn reduce(parameters: &Reduce, inputs: &[&Value]) -> Result<Value, Message> {
    if parameters.dtype.is_some_and(|dtype| dtype != crate::DType::Float64) {
        return Err(super::NOT_BUILT.into());
    }
    if !matches!(parameters.reduction, Reduction::Sum | Reduction::Mean | Reduction::Var { .. }) {
        return Err(super::NOT_BUILT.into());
    }
    let Reduce { reduction, stage, .. } = parameters;
    let block = || array(inputs, 0).and_then(|block| check_axes(block, parameters));
    match (reduction, stage) {
        (Reduction::Sum, Stage::Chunk) => Ok(crate::Block::from(sum_axes(block()?, parameters)).into()),
        (Reduction::Sum, Stage::Combine) => Ok(crate::Block::from(sum_inputs(inputs)?).into()),
        (Reduction::Sum, Stage::Aggregate) => drop_axes(sum_inputs(inputs)?, parameters),
        (_, Stage::Chunk) => Ok(Value::Moments(Box::new(moments_of(block()?, parameters)))),
        (_, Stage::Combine) => Ok(Value::Moments(Box::new(combine(inputs)?))),
        (_, Stage::Aggregate) => {
            let Moments { count, total, m2 } = combine(inputs)?;
            let total = doubles(&total)?;
            let result = match (reduction, m2) {
                (Reduction::Var { ddof }, Some(m2)) => doubles(&m2)? / &count.mapv(|count| count - ddof),
                (Reduction::Var { .. }, None) => return Err("a variance needs moments with m2".into()),
                _ => total / &count,
            };
            let result = result.into_shared();
            drop_axes(result, parameters)
        }
    }
}

/// Each axis that is to be reduced must be there, and be named once.
fn check_axes<'a>(block: &'a Block, parameters: &Reduce) -> Result<&'a Block, Message> {
    let axes = &parameters.axes;
    match (0..axes.len()).find(|&i| axes[i] as usize >= block.ndim() || axes[..i].contains(&axes[i])) {
        None => Ok(block),
        Some(i) => {
            let (axis, ndim) = (axes[i], block.ndim());
            Err(format!("axis {axis} of {axes:?}: each must be below {ndim}, and be named once").into())
        }
    }
}

/// The sum over the axes, which stay, with length 1.
fn sum_axes(block: &Block, parameters: &Reduce) -> ArrayD<f64> {
    // The last axis first: it is the one whose elements lie together.
    let mut axes = parameters.axes.clone();
    axes.sort_unstable_by(|a, b| b.cmp(a));
    let mut axes = axes.iter().map(|&axis| Axis(axis as usize));
    match axes.next() {
        None => block.to_owned(),
        Some(first) => {
            let sum = block.sum_axis(first).insert_axis(first);
            axes.fold(sum, |sum, axis| sum.sum_axis(axis).insert_axis(axis))
        }
    }
}

fn sum_inputs(inputs: &[&Value]) -> Result<Block, Message> {
    let mut sum = array(inputs, 0)?.clone();
    for i in 1..inputs.len() {
        let block = array(inputs, i)?;
        same_shape(&sum, block)?;
        sum += block;
    }
    Ok(sum)
}

fn moments_of(block: &Block, parameters: &Reduce) -> Moments {
    let total = sum_axes(block, parameters);
    let count: f64 = parameters.axes.iter().map(|&axis| block.shape()[axis as usize] as f64).product();
    let m2 = matches!(parameters.reduction, Reduction::Var { .. }).then(|| {
        let deviation = block - &(&total / count);
        sum_axes(&deviation.mapv_into(|d| d * d).into_shared(), parameters).into()
    });
    let count = Block::from_elem(total.raw_dim(), count);
    Moments { count, total: total.into(), m2 }
}

fn doubles(block: &crate::Block) -> Result<&Block, Message> {
    block.elements().ok_or(super::NOT_BUILT.into())
}

/// Adds up moments: of two sets the squared distances are those within each, and that between their means
/// (Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
fn combine(inputs: &[&Value]) -> Result<Moments, Message> {
    let mut inputs = inputs.iter().enumerate().map(|(i, value)| match value {
        Value::Moments(moments) => Ok(moments),
        other => Err(Message::from(format!("input {i} must be moments, not {other:?}"))),
    });
    let mut sum = (**inputs.next().ok_or("no moments to combine")??).clone();
    for moments in inputs {
        let moments = moments?;
        same_shape(doubles(&sum.total)?, doubles(&moments.total)?)?;
        if sum.m2.is_some() != moments.m2.is_some() {
            return Err("moments of a mean and of a variance cannot be combined".into());
        }
        // A block without elements has no mean; it adds nothing.
        let empty = |moments: &Moments| moments.count.iter().all(|&count| count == 0.0);
        if empty(moments) {
            continue;
        }
        if empty(&sum) {
            sum = (**moments).clone();
            continue;
        }
        let (total, more_total) = (doubles(&sum.total)?.clone(), doubles(&moments.total)?);
        if let (Some(m2), Some(more)) = (&sum.m2, &moments.m2) {
            let weight = &sum.count * &moments.count / (&sum.count + &moments.count);
            let distance = &total / &sum.count - more_total / &moments.count;
            sum.m2 =
                Some((doubles(m2)? + doubles(more)? + &distance * &distance * weight).into_shared().into());
        }
        sum.total = (total + more_total).into();
        sum.count += &moments.count;
    }
    Ok(sum)
}

fn same_shape(left: &Block, right: &Block) -> Result<(), Message> {
    match left.shape() == right.shape() {
        true => Ok(()),
        false => Err(format!("partial results of shapes {:?} and {:?}", left.shape(), right.shape()).into()),
    }
}

/// Takes the reduced axes out, unless they are to be kept.
fn drop_axes(mut block: Block, parameters: &Reduce) -> Result<Value, Message> {
    check_axes(&block, parameters)?;
    let mut axes = parameters.axes.clone();
    axes.sort_unstable_by(|a, b| b.cmp(a));
    if let Some(axis) = axes.iter().find(|&&axis| block.shape()[axis as usize] != 1) {
        return Err(format!("axis {axis} of shape {:?} was not reduced before", block.shape()).into());
    }
    if !parameters.keepdims {
        for &axis in &axes {
            block = block.index_axis_move(Axis(axis as usize), 0);
        }
    }
    Ok(crate::Block::from(block).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reduces `rows` of numbers, each a block, over its only axis.
    fn tree(reduction: Reduction, rows: &[&[f64]]) -> f64 {
        let step = |stage, inputs: &[&Value]| {
            let parameters = Reduce::new(reduction, stage, [0]);
            reduce(&parameters, inputs).unwrap()
        };
        let partials: Vec<Value> = rows
            .iter()
            .map(|row| {
                let block = crate::Block::new(&[row.len()], row.to_vec());
                step(Stage::Chunk, &[&block.into()])
            })
            .collect();
        let halves: Vec<Value> =
            partials.chunks(2).map(|pair| step(Stage::Combine, &pair.iter().collect::<Vec<_>>())).collect();
        let result = step(Stage::Aggregate, &halves.iter().collect::<Vec<_>>());
        result.elements::<f64>().unwrap().iter().copied().next().unwrap()
    }

    const ROWS: [&[f64]; 4] = [&[1.0, 4.0], &[9.0], &[], &[16.0, 25.0, 1e3]];

    /// The same, written down as it is defined.
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
            let block = crate::Block::new(&[3, 1], vec![0.0; 3]);
            reduce(&parameters, &[&block.into()]).unwrap_err()
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
