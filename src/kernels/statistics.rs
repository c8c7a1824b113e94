//! Cumulative sums, the largest elements, the distinct ones, histograms and percentiles.

use smallvec::SmallVec;

use super::{
    Input, Message,
    arithmetic::Arithmetic,
    array,
    convert::{astype, contiguous, in_order},
    room::{filled, room_for},
    select::{checked_axis, concatenate},
};
use crate::{
    block::{Block, each_block},
    dtype::DType,
    sort,
    value::Value,
};

/// The cumulative sum along an axis.
pub(crate) fn cumsum(block: &Block, axis: u8, dtype: Option<DType>) -> Result<Block, Message> {
    let axis = checked_axis(axis, block.ndim())?;
    let dtype = dtype.unwrap_or(block.dtype().accumulator());
    let inner: usize = block.shape()[axis + 1..].iter().product();
    let row = block.shape()[axis] * inner;
    each_block!(&astype(block, dtype)?, elements => {
        let mut out = in_order(elements.view())?.into_owned();
        if row > 0 {
            out.chunks_exact_mut(row).for_each(|plane| running(plane, inner));
        }
        Ok(Block::new(block.shape(), out))
    })
}

/// Adds each row to the next.
fn running<T: Arithmetic>(plane: &mut [T], inner: usize) {
    for i in inner..plane.len() {
        plane[i] = plane[i - inner].plus(plane[i]);
    }
}

/// One step of finding the `k` largest, or the `-k` smallest.
pub(crate) fn topk(inputs: &[Input<'_>], k: i64, along: u8) -> Result<Block, Message> {
    let axis = checked_axis(along, array(inputs, 0)?.ndim())?;
    let whole = concatenate(inputs, along)?;
    let length = whole.shape()[axis];
    let kept = usize::try_from(k.unsigned_abs()).map_or(length, |k| k.min(length));
    let mut shape: SmallVec<[usize; 4]> = whole.shape().into();
    shape[axis] = kept;
    let inner: usize = shape[axis + 1..].iter().product();
    let is_float = whole.dtype().is_float();
    let mut keys = match is_float {
        true => contiguous::<f64>(&whole)?.iter().map(|&x| key(x)).collect(),
        false => contiguous::<i64>(&whole)?.into_owned(),
    };
    // For the largest first, take the smallest of the complements, which are in reverse order.
    let turned = if k > 0 { -1 } else { 0 };
    keys.iter_mut().for_each(|key| *key ^= turned);
    let mut out = filled(&shape, 0)?;
    if !out.is_empty() {
        let mut lane = Vec::with_capacity(length);
        for (plane, out) in keys.chunks_exact(length * inner).zip(out.chunks_exact_mut(kept * inner)) {
            for column in 0..inner {
                lane.clear();
                lane.extend((0..length).map(|i| plane[i * inner + column]));
                if kept < length {
                    lane.select_nth_unstable(kept);
                }
                lane[..kept].sort_unstable();
                lane[..kept].iter().enumerate().for_each(|(i, &x)| out[i * inner + column] = x ^ turned);
            }
        }
    }
    let found = match is_float {
        true => Block::new(&shape, out.into_iter().map(of_key).collect()),
        false => Block::new(&shape, out),
    };
    astype(&found, whole.dtype())
}

/// An integer for a float, such that integers are ordered like floats in NumPy: NaN comes last.
fn key(x: f64) -> i64 {
    flipped(if x.is_nan() { f64::NAN } else { x }.to_bits() as i64)
}

/// The float that has this key.
fn of_key(key: i64) -> f64 {
    f64::from_bits(flipped(key) as u64)
}

/// Floats store a sign and a magnitude, integers are two's complement: for negative numbers, all bits but the sign are
/// flipped.
fn flipped(bits: i64) -> i64 {
    bits ^ ((bits >> 63) & i64::MAX)
}

/// The distinct elements of blocks of one axis, sorted. The last `counts` of the inputs say how often each element is
/// there; then there is a second array with the sum of that. NaN equals NaN, and -0.0 is 0.0.
pub(crate) fn unique(inputs: &[Input<'_>], counts: usize) -> Result<Value, Message> {
    let (values, counts) = inputs.split_at(inputs.len() - counts);
    let whole = concatenate(values, 0)?;
    if whole.ndim() != 1 {
        return Err(format!("the blocks must have one axis, not {}", whole.ndim()).into());
    }
    let is_float = whole.dtype().is_float();
    let mut keys: Vec<i64> = match is_float {
        true => contiguous::<f64>(&whole)?.iter().map(|&x| key(x + 0.0)).collect(),
        false => contiguous::<i64>(&whole)?.into_owned(),
    };
    let sums = if counts.is_empty() {
        keys.sort_unstable();
        keys.dedup();
        None
    } else {
        let counts = concatenate(counts, 0)?;
        let counts = contiguous::<i64>(&counts)?;
        if counts.len() != keys.len() {
            return Err(format!("{} counts do not fit {} elements", counts.len(), keys.len()).into());
        }
        let mut order: Vec<usize> = (0..keys.len()).collect();
        sort::by_key(&mut order, &|i| sort::int_key(keys[i]));
        let mut pairs: Vec<(i64, i64)> = order.into_iter().map(|i| (keys[i], counts[i])).collect();
        // Each pair adds its count to the first one with the same key.
        pairs.dedup_by(|(key, count), (first, sum)| {
            let same = key == first;
            *sum += if same { *count } else { 0 };
            same
        });
        keys.clear();
        keys.extend(pairs.iter().map(|&(key, _)| key));
        Some(Block::new(&[pairs.len()], pairs.into_iter().map(|(_, sum)| sum).collect()))
    };
    let shape = [keys.len()];
    let found = match is_float {
        true => Block::new(&shape, keys.into_iter().map(of_key).collect()),
        false => Block::new(&shape, keys),
    };
    let found = astype(&found, whole.dtype())?;
    Ok(Value::Tuple(Box::new([Some(found), sums].into_iter().flatten().map(Value::from).collect())))
}

/// The number of elements in each bin.
pub(crate) fn histogram(block: &Block, bins: usize, (low, high): (f64, f64)) -> Result<Block, Message> {
    let shape = [1, bins];
    let mut counts = filled(&shape, 0i64)?;
    let width = (high - low) / bins as f64;
    // As computed by `numpy.linspace`.
    let edge = |i: usize| if i == bins { high } else { i as f64 * width + low };
    for &x in contiguous::<f64>(block)?.iter() {
        if !(low..=high).contains(&x) {
            continue;
        }
        // Approximately the bin; comparing with the rounded edges decides.
        let mut bin = (((x - low) / width) as usize).min(bins - 1);
        while bin > 0 && x < edge(bin) {
            bin -= 1;
        }
        while bin + 1 < bins && x >= edge(bin + 1) {
            bin += 1;
        }
        counts[bin] += 1;
    }
    Ok(Block::new(&shape, counts))
}

/// The requested percentiles between the smallest and the largest element, interpolated linearly.
pub(crate) fn percentiles(block: &Block, q: &[f64]) -> Result<Value, Message> {
    if block.ndim() != 1 {
        return Err("Percentiles are only supported for 1 dimension".into());
    }
    let dtype = block.dtype().inexact();
    let mut keys: Vec<i64> = contiguous::<f64>(block)?.iter().map(|&x| key(x)).collect();
    keys.sort_unstable();
    let sorted: Vec<f64> = keys.into_iter().map(of_key).collect();
    let count = Block::new(&[], vec![sorted.len() as i64]);
    if sorted.is_empty() {
        return Ok([astype(&Block::new(&[0], Vec::<f64>::new()), dtype)?.into(), count.into()].into());
    }
    let mut out = room_for(&[q.len() + 2])?;
    for q in around(q) {
        let at = q / 100.0 * (sorted.len() - 1) as f64;
        let below = (at as usize).min(sorted.len() - 1);
        let (x, y) = (sorted[below], sorted[(below + 1).min(sorted.len() - 1)]);
        let t = at - below as f64;
        // From the nearer end, as in NumPy.
        out.push(if t >= 0.5 { y - (y - x) * (1.0 - t) } else { x + (y - x) * t });
    }
    // One NaN makes all of them NaN.
    if sorted[sorted.len() - 1].is_nan() {
        out.fill(f64::NAN);
    }
    Ok([astype(&Block::new(&[out.len()], out), dtype)?.into(), count.into()].into())
}

/// 0, the requested percentiles, and 100.
fn around(q: &[f64]) -> impl Iterator<Item = f64> {
    std::iter::once(0.0).chain(q.iter().copied()).chain([100.0])
}

/// Dask's `merge_percentiles` with linear interpolation: each percentile of a block represents the elements between it
/// and the previous one, and the requested percentiles are interpolated.
pub(crate) fn merged_percentiles(inputs: &[Input<'_>], q: &[f64]) -> Result<Block, Message> {
    let steps: SmallVec<[f64; 8]> = around(q).collect();
    let (mut weighted, mut total, mut dtype) = (Vec::new(), 0.0, DType::Float64);
    for (i, input) in inputs.iter().enumerate() {
        let parts = match &**input {
            Value::Tuple(parts) => &parts[..],
            _ => &[],
        };
        let [values, count] = parts else {
            return Err(format!("input {i} must be percentiles with their count").into());
        };
        let (Some(values), Some(count)) = (values.as_array(), count.elements::<i64>()) else {
            return Err(format!("input {i} must be percentiles with their count").into());
        };
        if values.is_empty() {
            continue;
        }
        dtype = values.dtype().inexact();
        if values.len() != steps.len() {
            return Err(format!("input {i} has {} percentiles, not {}", values.len(), steps.len()).into());
        }
        let count = count.iter().sum::<i64>() as f64;
        total += count;
        for (i, &value) in contiguous::<f64>(values)?.iter().enumerate() {
            // The number of elements between this percentile and the previous one.
            weighted.push((value, (steps[i] - steps[i.saturating_sub(1)]) * count));
        }
    }
    if weighted.is_empty() {
        return Err("No non-trivial arrays found".into());
    }
    let mut order: Vec<usize> = (0..weighted.len()).collect();
    sort::by_key(&mut order, &|i| sort::int_key(key(weighted[i].0)));
    let weighted: Vec<(f64, f64)> = order.into_iter().map(|i| weighted[i]).collect();
    let mut so_far = 0.0;
    let up_to: Vec<f64> = weighted
        .iter()
        .map(|&(_, weight)| {
            so_far += weight;
            so_far
        })
        .collect();
    let out = q.iter().map(|q| interpolated(q * total, &up_to, &weighted));
    astype(&Block::new(&[q.len()], out.collect()), dtype)
}

/// `numpy.interp`
fn interpolated(at: f64, up_to: &[f64], values: &[(f64, f64)]) -> f64 {
    let after = up_to.partition_point(|&x| x <= at);
    match (after.checked_sub(1), values.get(after)) {
        (None, _) => values[0].0,
        (Some(before), None) => values[before].0,
        (Some(before), Some(&(value, _))) => {
            let slope = (value - values[before].0) / (up_to[after] - up_to[before]);
            slope * (at - up_to[before]) + values[before].0
        }
    }
}
