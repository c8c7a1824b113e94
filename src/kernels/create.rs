//! Blocks made from parameters alone.

use super::{
    Message,
    convert::{Cast, astype},
    room::{filled, room_for},
};
use crate::{
    block::{Block, Element, each_dtype},
    dtype::DType,
    scalar::Scalar,
};

pub(crate) fn full(shape: &[usize], fill_value: Scalar, dtype: DType) -> Result<Block, Message> {
    each_dtype!(dtype, T => Ok(Block::new(shape, filled(shape, T::from_scalar(fill_value))?)))
}

/// Filled as in NumPy: from the first two elements, in their type.
pub(crate) fn arange(start: Scalar, step: Scalar, len: usize, dtype: DType) -> Result<Block, Message> {
    let shape = [len];
    let next = match (start, step) {
        (Scalar::Int(start), Scalar::Int(step)) => start.wrapping_add(step).into(),
        _ => Scalar::Float(start.as_f64() + step.as_f64()),
    };
    // A macro, since the types share no arithmetic trait.
    macro_rules! fill {
        ($T:ty, $add:expr, $subtract:expr, $multiply:expr) => {{
            let (first, second) = (<$T>::from_scalar(start), <$T>::from_scalar(next));
            let distance = $subtract(second, first);
            let mut out: Vec<$T> = room_for(&shape)?;
            out.extend((0..len).map(|i| $add(first, $multiply(i as $T, distance))));
            Block::new(&shape, out)
        }};
        (integers $T:ty) => {
            fill!($T, <$T>::wrapping_add, <$T>::wrapping_sub, <$T>::wrapping_mul)
        };
        (floats $T:ty) => {
            fill!($T, |x: $T, y: $T| x + y, |x: $T, y: $T| x - y, |x: $T, y: $T| x * y)
        };
    }
    Ok(match dtype {
        DType::Bool if len > 2 => return Err("no fill-function for data-type bool".into()),
        DType::Bool => {
            let ends = [start, next].map(bool::from_scalar);
            Block::new(&shape, ends[..len].to_vec())
        }
        DType::UInt8 => fill!(integers u8),
        DType::Int32 => fill!(integers i32),
        DType::Int64 => fill!(integers i64),
        DType::Float32 => fill!(floats f32),
        DType::Float64 => fill!(floats f64),
    })
}

/// `numpy.linspace`, with its rounding: start plus step times index, and an exact end.
pub(crate) fn linspace(
    (start, stop): (f64, f64),
    num: usize,
    endpoint: bool,
    dtype: DType,
) -> Result<Block, Message> {
    let mut out: Vec<f64> = room_for(&[num])?;
    let (distance, parts) = (stop - start, if endpoint { num.saturating_sub(1) } else { num } as f64);
    let step = distance / parts;
    out.extend((0..num).map(|i| match parts > 0.0 {
        true if step == 0.0 => i as f64 / parts * distance + start,
        true => i as f64 * step + start,
        false => i as f64 * distance + start,
    }));
    if endpoint && num > 1 {
        out[num - 1] = stop;
    }
    if !dtype.is_float() {
        out.iter_mut().for_each(|x| *x = x.floor());
    }
    astype(&Block::new(&[num], out), dtype)
}

pub(crate) fn eye([rows, columns]: [usize; 2], k: i64, dtype: DType) -> Result<Block, Message> {
    let shape = [rows, columns];
    each_dtype!(dtype, T => {
        let mut out: Vec<T> = filled(&shape, T::default())?;
        for (row, column) in (0..rows).filter_map(|row| Some((row, usize::try_from(row as i64 + k).ok()?))) {
            if column < columns {
                out[row * columns + column] = Cast::<T>::cast(true);
            }
        }
        Ok(Block::new(&shape, out))
    })
}

pub(crate) fn drawn<T: Element>(shape: &[usize], draw: impl FnOnce(&mut [T])) -> Result<Block, Message> {
    let mut out = filled(shape, T::default())?;
    draw(&mut out);
    Ok(Block::new(shape, out))
}
