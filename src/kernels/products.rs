//! Sums of products over axes: `tensordot` and `matmul`.

use ndarray::{ArrayView2, ArrayViewD, Axis, IxDyn};
use smallvec::SmallVec;

use super::{
    Input, Message,
    arithmetic::Arithmetic,
    array,
    convert::{astype, in_order},
    elementwise::broadcast_shape,
    matrix::multiply,
    room::filled,
    select::checked_axis,
};
use crate::{
    block::{Block, Elements, Shape, block_size},
    dtype::DType,
};

/// Both operands converted to a type that holds the elements of both and is one of four, and the type of the result.
/// Sums of products of smaller types are computed in `int32` and give the same result when cast to the result's type.
fn operands(inputs: &[Input<'_>]) -> Result<([Block; 2], DType), Message> {
    let (left, right) = (array(inputs, 0)?, array(inputs, 1)?);
    let result = left.dtype().promote(right.dtype());
    let dtype = computed(result);
    Ok(([astype(left, dtype)?, astype(right, dtype)?], result))
}

/// The type in which products of this type are computed.
pub(crate) fn computed(dtype: DType) -> DType {
    if dtype.size() == 1 { DType::Int32 } else { dtype }
}

/// The shape of `numpy.matmul`'s result.
pub(crate) fn matmul_shape(left: &[usize], right: &[usize], keepdims: bool) -> Option<Shape> {
    let (stack_left, rows) = match left {
        [] => return None,
        [_] => (&[][..], None),
        [stack @ .., rows, _] => (stack, Some(*rows)),
    };
    let (stack_right, columns) = match right {
        [] => return None,
        [_] => (&[][..], None),
        [stack @ .., _, columns] => (stack, Some(*columns)),
    };
    let mut shape = Shape::from(broadcast_shape(stack_left, stack_right)?);
    shape.extend(rows);
    shape.extend(keepdims.then_some(1));
    shape.extend(columns);
    Some(shape)
}

/// `each_factor!(dtype, T => ...)`: the same code for each type that [`computed`] returns.
macro_rules! each_factor {
    ($dtype:expr, $T:ident => $body:expr) => {
        match $dtype {
            DType::Int64 => {
                type $T = i64;
                $body
            }
            DType::Float32 => {
                type $T = f32;
                $body
            }
            DType::Float64 => {
                type $T = f64;
                $body
            }
            _ => {
                type $T = i32;
                $body
            }
        }
    };
}

pub(crate) use each_factor;

pub(crate) fn tensordot(
    inputs: &[Input<'_>],
    (left_axes, right_axes): (&[u8], &[u8]),
    keepdims: bool,
) -> Result<Block, Message> {
    let ([left, right], dtype) = operands(inputs)?;
    let of = |axes: &[u8], block: &Block| -> Result<SmallVec<[usize; 4]>, Message> {
        axes.iter().map(|&axis| checked_axis(axis, block.ndim())).collect()
    };
    let (left_axes, right_axes) = (of(left_axes, &left)?, of(right_axes, &right)?);
    let lengths = |block: &Block, axes: &[usize]| -> SmallVec<[usize; 4]> {
        axes.iter().map(|&axis| block.shape()[axis]).collect()
    };
    if lengths(&left, &left_axes) != lengths(&right, &right_axes) {
        return Err("shape-mismatch for sum".into());
    }
    let others = |block: &Block, axes: &[usize]| -> SmallVec<[usize; 4]> {
        (0..block.ndim()).filter(|axis| !axes.contains(axis)).collect()
    };
    let (left_kept, right_kept) = (others(&left, &left_axes), others(&right, &right_axes));
    let mut shape: Shape = (0..left.ndim())
        .filter_map(|axis| match left_axes.contains(&axis) {
            false => Some(left.shape()[axis]),
            true => keepdims.then_some(1),
        })
        .collect();
    shape.extend(lengths(&right, &right_kept));
    block_size(&shape)?;
    let size = |lengths: &[usize]| lengths.iter().product::<usize>();
    let depth = size(&lengths(&left, &left_axes));
    let (rows, columns) = (size(&lengths(&left, &left_kept)), size(&lengths(&right, &right_kept)));
    each_factor!(left.dtype(), T => {
        let left_order: SmallVec<[usize; 4]> = left_kept.into_iter().chain(left_axes).collect();
        let right_order: SmallVec<[usize; 4]> = right_axes.into_iter().chain(right_kept).collect();
        let mut out: Vec<T> = filled(&shape, T::ZERO)?;
        with_matrix(&left, &left_order, (rows, depth), |left| {
            with_matrix(&right, &right_order, (depth, columns), |right| multiply(left, right, &mut out))
        })??;
        astype(&Block::new(&shape, out), dtype)
    })
}

/// Calls `f` with the elements of a block as a matrix of this shape, with its axes in this order. The matrix is a view
/// if the block has two axes, else a copy.
fn with_matrix<T: Arithmetic, R>(
    block: &Block,
    order: &[usize],
    shape: (usize, usize),
    f: impl FnOnce(ArrayView2<'_, T>) -> R,
) -> Result<R, Message> {
    let elements: &Elements<T> = block.elements().expect("both operands have the common type");
    let view = elements.view().permuted_axes(IxDyn(order));
    if view.shape() == [shape.0, shape.1] {
        return Ok(f(view.into_dimensionality().expect("two axes")));
    }
    let data = in_order(view)?;
    Ok(f(ArrayView2::from_shape(shape, &data).expect("as many elements")))
}

pub(crate) fn matmul(inputs: &[Input<'_>], keepdims: bool) -> Result<Block, Message> {
    let ([left, right], dtype) = operands(inputs)?;
    if left.ndim() == 0 || right.ndim() == 0 {
        let which = usize::from(left.ndim() > 0);
        return Err(format!("matmul: Input operand {which} does not have enough dimensions").into());
    }
    let depth = left.shape()[left.ndim() - 1];
    let core = right.ndim().saturating_sub(2);
    if right.shape()[core] != depth {
        return Err(format!(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
             (n?,k),(k,m?)->(n?,m?) (size {} is different from {depth})",
            right.shape()[core]
        )
        .into());
    }
    let shape = matmul_shape(left.shape(), right.shape(), keepdims).ok_or_else(|| {
        format!("operands could not be broadcast together with shapes {:?} {:?}", left.shape(), right.shape())
    })?;
    block_size(&shape)?;
    each_factor!(left.dtype(), T => {
        let (left, right) = (left.elements::<T>(), right.elements::<T>());
        let mut out: Vec<T> = filled(&shape, T::ZERO)?;
        let (left, right) = left.zip(right).expect("both operands have the common type");
        let left = if left.ndim() == 1 { left.view().insert_axis(Axis(0)) } else { left.view() };
        let right = if right.ndim() == 1 { right.view().insert_axis(Axis(1)) } else { right.view() };
        stacks(left, right, &mut out);
        astype(&Block::new(&shape, out), dtype)
    })
}

/// The product of each pair of matrices; stacks are broadcast.
fn stacks<T: Arithmetic>(left: ArrayViewD<'_, T>, right: ArrayViewD<'_, T>, out: &mut [T]) {
    if out.is_empty() {
        return;
    }
    if left.ndim() == 2 && right.ndim() == 2 {
        let two = "two axes are left";
        return multiply(
            left.into_dimensionality().expect(two),
            right.into_dimensionality().expect(two),
            out,
        );
    }
    let deeper = left.ndim().max(right.ndim());
    let outer = |view: &ArrayViewD<'_, T>| if view.ndim() == deeper { view.shape()[0] } else { 1 };
    let count = outer(&left).max(outer(&right));
    for (i, out) in out.chunks_exact_mut(out.len() / count).enumerate() {
        stacks(matrix_at(&left, i, deeper), matrix_at(&right, i, deeper), out);
    }
}

/// The operand of the `i`th matrix of a stack with `ndim` axes.
fn matrix_at<'a, T>(view: &ArrayViewD<'a, T>, i: usize, ndim: usize) -> ArrayViewD<'a, T> {
    match view.ndim() == ndim {
        true => view.clone().index_axis_move(Axis(0), i.min(view.shape()[0] - 1)),
        false => view.clone(),
    }
}
