//! Blocks made from parameters alone.

use super::{
    Message,
    convert::{Cast, astype},
    random,
    room::{filled, room_for},
};
use crate::{
    block::{Block, Element, each_dtype},
    dtype::DType,
    op::{Arange, Distribution, Eye, Full, Linspace, Random},
    scalar::Scalar,
};

pub(super) fn full(parameters: &Full) -> Result<Block, Message> {
    let Full { shape, fill_value, dtype } = parameters;
    each_dtype!(*dtype, T => Ok(Block::new(shape, filled(shape, T::from_scalar(*fill_value))?)))
}

/// Filled as in NumPy: from the first two elements, in their type.
pub(super) fn arange(parameters: &Arange) -> Result<Block, Message> {
    let Arange { start, step, len, dtype } = *parameters;
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
pub(super) fn linspace(parameters: &Linspace) -> Result<Block, Message> {
    let Linspace { start, stop, num, endpoint, dtype } = *parameters;
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

pub(super) fn eye(parameters: &Eye) -> Result<Block, Message> {
    let Eye { rows, columns, k, dtype } = *parameters;
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

/// The random numbers that NumPy draws from this child of the seed.
pub(super) fn draw(parameters: &Random) -> Result<Block, Message> {
    let Random { shape, distribution, seed, child } = parameters;
    let mut generator = random::chunk_generator((*seed).into(), *child);
    match *distribution {
        Distribution::Uniform => drawn(shape, |out| generator.random(out)),
        Distribution::Normal { loc, scale } => drawn(shape, |out| generator.normal(loc, scale, out)),
        Distribution::Integers { low, last, dtype } => match dtype {
            DType::Bool => drawn(shape, |out: &mut [bool]| generator.integers_bool(low != 0, last != 0, out)),
            DType::UInt8 => drawn(shape, |out| generator.integers_u8(low as u8, last as u8, out)),
            DType::Int32 => drawn(shape, |out| generator.integers_i32(low as i32, last as i32, out)),
            DType::Int64 => drawn(shape, |out| generator.integers_to(low, last, out)),
            _ => Err(format!("Unsupported dtype {dtype} for integers").into()),
        },
    }
}

fn drawn<T: Element>(shape: &[usize], draw: impl FnOnce(&mut [T])) -> Result<Block, Message> {
    let mut out = filled(shape, T::default())?;
    draw(&mut out);
    Ok(Block::new(shape, out))
}
