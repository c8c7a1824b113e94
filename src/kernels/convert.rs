//! Elements as another type, and in C order.

use std::{borrow::Cow, ops::Range};

use ndarray::{ArrayView2, ArrayViewD, ArrayViewMut2, ArrayViewMutD, Axis, Ix2, IxDyn};
use smallvec::SmallVec;

use super::{Message, room::room_for};
use crate::{
    block::{Block, Element, each_block, each_dtype},
    dtype::DType,
};

/// Conversion of an element to another type, as in NumPy's `astype`: integers wrap, floats lose their fraction, and
/// nonzero values are true. (In NumPy, a float that an integer type cannot hold is undefined; here it is the nearest
/// integer, and 0 for NaN; for `uint8` it wraps.)
pub(crate) trait Cast<R>: Element {
    fn cast(self) -> R;
}

macro_rules! casts {
    ($($T:ty => $($R:ty)*, $x:ident: $f:expr;)*) => {
        $($(
            impl Cast<$R> for $T {
                #[inline(always)]
                fn cast(self) -> $R {
                    let $x = self;
                    $f as $R
                }
            }
        )*)*
    };
}

casts! {
    bool => u8 i32 i64 f32 f64, x: u8::from(x);
    u8 => u8 i32 i64 f32 f64, x: x;
    i32 => u8 i32 i64 f32 f64, x: x;
    i64 => u8 i32 i64 f32 f64, x: x;
    f32 => i32 i64 f32 f64, x: x;
    f32 => u8, x: x as i64;
    f64 => i32 i64 f32 f64, x: x;
    f64 => u8, x: x as i64;
}

impl<T: Element> Cast<bool> for T {
    #[inline(always)]
    fn cast(self) -> bool {
        self != T::default()
    }
}

/// A type to which elements of any other can be converted.
pub(crate) trait Convert: Element {
    /// Appends some elements of a block in C order.
    fn convert(block: &Block, range: Range<usize>, out: &mut Vec<Self>);
}

macro_rules! convert {
    ($($T:ty)*) => {
        $(impl Convert for $T {
            fn convert(block: &Block, range: Range<usize>, out: &mut Vec<$T>) {
                each_block!(block, elements => {
                    let elements = &elements.as_slice().expect("the block is in C order")[range];
                    out.extend(elements.iter().map(|&x| Cast::<$T>::cast(x)));
                });
            }
        })*
    };
}

convert!(bool u8 i32 i64 f32 f64);

/// The block converted to another type, or the block itself if it has that type.
pub(crate) fn astype(block: &Block, dtype: DType) -> Result<Block, Message> {
    if block.dtype() == dtype {
        return Ok(block.clone());
    }
    each_dtype!(dtype, T => Ok(Block::new(block.shape(), contiguous::<T>(block)?.into_owned())))
}

/// The block with its elements in C order, or the block itself if they already are.
pub(crate) fn in_c_order(block: &Block) -> Result<Block, Message> {
    if block.is_in_c_order() {
        return Ok(block.clone());
    }
    each_block!(block, elements => Ok(Block::new(block.shape(), in_order(elements.view())?.into_owned())))
}

/// The elements of a block in C order as this type, converted and copied only if necessary.
pub(crate) fn contiguous<T: Convert>(block: &Block) -> Result<Cow<'_, [T]>, Message> {
    if let Some(elements) = block.elements::<T>() {
        return in_order(elements.view());
    }
    let mut out = room_for(block.shape())?;
    T::convert(&in_c_order(block)?, 0..block.len(), &mut out);
    Ok(Cow::Owned(out))
}

/// The elements of a view in C order, copied only if they are in another order.
pub(crate) fn in_order<T: Element>(view: ArrayViewD<'_, T>) -> Result<Cow<'_, [T]>, Message> {
    if let Some(elements) = view.to_slice() {
        return Ok(Cow::Borrowed(elements));
    }
    let mut out = room_for(view.shape())?;
    out.resize(view.len(), T::default());
    gather(view, &mut out);
    Ok(Cow::Owned(out))
}

/// The number of rows and columns that are transposed at once: few enough for the fastest cache.
const TILE: usize = 32;

/// Copies a view into `out` in C order.
pub(crate) fn gather<T: Element>(view: ArrayViewD<'_, T>, out: &mut [T]) {
    let out = ArrayViewMutD::from_shape(view.raw_dim(), out).expect("room for as many as there are");
    copy(view, out);
}

/// Copies one array into another of the same shape. If their elements are contiguous along different axes, it
/// transposes tile by tile: copying a row to a column would touch a cache line for each element.
pub(crate) fn copy<T: Element>(mut from: ArrayViewD<'_, T>, mut to: ArrayViewMutD<'_, T>) {
    if from.is_empty() {
        return;
    }
    while from.ndim() < 2 {
        (from, to) = (from.insert_axis(Axis(0)), to.insert_axis(Axis(0)));
    }
    let axes = IxDyn(&nearest_last(from.shape(), from.strides(), to.strides()));
    copy_planes(from.permuted_axes(axes.clone()), to.permuted_axes(axes));
}

/// All axes. The last two are the axes along which the elements of either array are contiguous.
fn nearest_last(shape: &[usize], from: &[isize], to: &[isize]) -> SmallVec<[usize; 4]> {
    let nearest = |strides: &[isize]| {
        let long = (0..shape.len()).rev().filter(|&axis| shape[axis] > 1);
        long.min_by_key(|&axis| strides[axis].unsigned_abs()).unwrap_or(0)
    };
    let mut axes: SmallVec<[usize; 4]> = (0..shape.len()).collect();
    for last in [nearest(from), nearest(to)] {
        axes.retain(|axis| *axis != last);
        axes.push(last);
    }
    axes
}

/// Copies the last two axes, for each index of the others.
fn copy_planes<T: Element>(from: ArrayViewD<'_, T>, mut to: ArrayViewMutD<'_, T>) {
    if from.ndim() > 2 {
        for (from, to) in from.axis_iter(Axis(0)).zip(to.axis_iter_mut(Axis(0))) {
            copy_planes(from, to);
        }
        return;
    }
    let planar = "two axes are left";
    let from = from.into_dimensionality::<Ix2>().expect(planar);
    let mut to = to.into_dimensionality::<Ix2>().expect(planar);
    if from.strides()[1].unsigned_abs() <= from.strides()[0].unsigned_abs() {
        return assign(from, to);
    }
    for (from, mut to) in from.axis_chunks_iter(Axis(0), TILE).zip(to.axis_chunks_iter_mut(Axis(0), TILE)) {
        let tiles = from.axis_chunks_iter(Axis(1), TILE).zip(to.axis_chunks_iter_mut(Axis(1), TILE));
        tiles.for_each(|(from, to)| assign(from, to));
    }
}

/// Not inlined, so that its large loops exist once per type.
#[inline(never)]
fn assign<T: Element>(from: ArrayView2<'_, T>, mut to: ArrayViewMut2<'_, T>) {
    to.assign(&from);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_change_as_in_numpy() {
        let x = Block::new(&[4], vec![-1.5, 0.0, 300.7, f64::NAN]);
        let as_type = |dtype| astype(&x, dtype).unwrap();
        assert_eq!(as_type(DType::Bool), Block::new(&[4], vec![true, false, true, true]));
        assert_eq!(as_type(DType::UInt8).elements::<u8>().unwrap().as_slice().unwrap()[..3], [255, 0, 44]);
        assert_eq!(as_type(DType::Int32).elements::<i32>().unwrap().as_slice().unwrap()[..3], [-1, 0, 300]);
        let wide = Block::new(&[2], vec![i64::MAX, 1 << 33]);
        assert_eq!(astype(&wide, DType::Int32), Ok(Block::new(&[2], vec![-1i32, 0])));
    }

    #[test]
    fn any_layout_is_copied_element_by_element() {
        for shape in [vec![3, 5], vec![70, 45], vec![2, 40, 33], vec![1, 5], vec![0, 4], vec![7], vec![]] {
            let len: usize = shape.iter().product();
            let block = Block::new(&shape, (0..len as i64).collect());
            let elements = block.elements::<i64>().unwrap();
            let mut axes: Vec<usize> = (0..shape.len()).collect();
            for _ in 0..shape.len().max(1) {
                let view = elements.view().permuted_axes(IxDyn(&axes));
                let expected: Vec<i64> = view.iter().copied().collect();
                assert_eq!(&*in_order(view.clone()).unwrap(), expected, "{shape:?} {axes:?}");
                let mut back = ndarray::ArrayD::zeros(IxDyn(&shape));
                copy(view, back.view_mut().permuted_axes(IxDyn(&axes)));
                assert_eq!(back, elements);
                if !axes.is_empty() {
                    axes.rotate_left(1);
                }
            }
        }
    }
}
