//! Functions of each element, with NumPy's broadcasting and types.
//!
//! A block is computed tile by tile. A tile's operands are slices of one type in C order. They are parts of a block if
//! it already has that form; otherwise they are converted, repeated or transposed into a buffer that stays in the
//! cache. So one loop for each function and type is enough, see [`arithmetic`](super::arithmetic). The result goes
//! into the buffer of an operand if this is the operand's last reader and the buffer fits.

use std::{borrow::Cow, ops::Range};

use ndarray::{ArrayD, Axis, IxDyn, Slice};
use smallvec::SmallVec;

use super::{
    Input, Message, Operands, Ufunc,
    arithmetic::{self, Arithmetic},
    array,
    convert::{Convert, astype, gather},
    room::room_for,
};
use crate::{
    block::{Block, Element, Elements, block_size, each_dtype},
    dtype::DType,
    scalar::Scalar,
    value::Value,
};

/// The number of elements computed at once: a few buffers of this size fit the fastest cache.
const TILE: usize = 1024;

/// The approximate number of elements of a transposed operand that are copied at once.
const BAND: usize = 16 * 1024;

/// Applies `ufunc` to its operands.
pub(crate) fn elementwise(
    ufunc: Ufunc,
    operands: &Operands,
    inputs: &mut [Input<'_>],
) -> Result<Block, Message> {
    let given = inputs.len() + operands.scalars().count();
    if given != ufunc.arity() || inputs.is_empty() {
        return Err(format!("{} takes {} operands, not {given}", ufunc.prefix(), ufunc.arity()).into());
    }
    let mut dtypes: SmallVec<[DType; 3]> = SmallVec::new();
    let mut shape = Vec::new();
    for i in 0..inputs.len() {
        let block = array(inputs, i)?;
        dtypes.push(block.dtype());
        shape = match broadcast_shape(&shape, block.shape()) {
            Some(shape) => shape,
            None => return Err(mismatch(inputs)),
        };
    }
    // The result may be larger than any operand.
    block_size(&shape)?;
    let signature = operands.signature(ufunc, &dtypes)?;
    // Integer powers check their exponents first, and conditions and tests have another type than their operands.
    let replaceable = signature.operands == signature.result
        && !ufunc.takes_condition()
        && !ufunc.is_test()
        && (ufunc != Ufunc::Pow || signature.result.is_float());
    let walk = Walk::new(&shape);
    each_dtype!(signature.operands, T => {
        let reused = if replaceable { take_buffer::<T>(inputs, &shape) } else { None };
        let arguments = Arguments { operands, inputs, reused: reused.as_ref().map(|(input, _)| *input) };
        if ufunc.is_test() {
            return tested::<T>(ufunc, &arguments, &walk);
        }
        computed::<T>(ufunc, &arguments, &walk, reused.map(|(_, buffer)| buffer))
    })
}

/// A function whose result has the type of its operands. `buffer` receives the result, if given.
fn computed<T: Arithmetic>(
    ufunc: Ufunc,
    arguments: &Arguments<'_, '_>,
    walk: &Walk,
    buffer: Option<ArrayD<T>>,
) -> Result<Block, Message> {
    let (ufunc, operands) = match arguments.simpler_power::<T>(ufunc) {
        Some(simpler) => (simpler, 0..1),
        None if ufunc.takes_condition() => (ufunc, 1..3),
        None => (ufunc, 0..ufunc.arity()),
    };
    let mut sources = arguments.sources::<T>(operands, walk)?;
    let undefined = || no_loop(ufunc, T::DTYPE);
    let (unary, binary);
    let mut condition;
    let f: &mut TileFunction<'_, T, T> = match (ufunc, sources.len()) {
        (Ufunc::Where, _) => {
            condition = arguments.source::<bool>(0, walk)?;
            &mut |range, [x, y, ..], out| arithmetic::choose(condition.tile(range), x, y, out)
        }
        (Ufunc::Clip, _) => &mut |_, [x, low, high], out| arithmetic::clip(x, low, high, out),
        (_, 1) => {
            unary = T::unary(ufunc).ok_or_else(undefined)?;
            &mut |_, [x, ..], out| unary(x, out)
        }
        _ => {
            binary = T::binary(ufunc).ok_or_else(undefined)?;
            if ufunc == Ufunc::Pow && !T::DTYPE.is_float() && sources[1].any(walk, T::is_negative) {
                return Err("Integers to negative integer powers are not allowed.".into());
            }
            &mut |_, [x, y, ..], out| binary(x, y, out)
        }
    };
    match buffer {
        Some(buffer) => Ok(refill(buffer, walk, &mut sources, f)),
        None => fill(walk, &mut sources, f),
    }
}

/// A function whose result is `bool`.
fn tested<T: Arithmetic + PartialOrd>(
    ufunc: Ufunc,
    arguments: &Arguments<'_, '_>,
    walk: &Walk,
) -> Result<Block, Message> {
    let mut sources = arguments.sources::<T>(0..ufunc.arity(), walk)?;
    let undefined = || no_loop(ufunc, T::DTYPE);
    if ufunc.arity() == 1 {
        let f = arithmetic::test::<T>(ufunc).ok_or_else(undefined)?;
        return fill(walk, &mut sources, &mut |_, [x, ..], out| f(x, out));
    }
    let f = arithmetic::comparison::<T>(ufunc).ok_or_else(undefined)?;
    fill(walk, &mut sources, &mut |_, [x, y, ..], out| f(x, y, out))
}

fn no_loop(ufunc: Ufunc, dtype: DType) -> Message {
    format!("{} is not defined for {dtype}", ufunc.prefix()).into()
}

/// The buffer of the first input that is not shared and has this shape and type.
fn take_buffer<T: Element>(inputs: &mut [Input<'_>], shape: &[usize]) -> Option<(usize, ArrayD<T>)> {
    let fits = |block: &Block| block.dtype() == T::DTYPE && block.shape() == shape && block.is_in_c_order();
    for (i, input) in inputs.iter_mut().enumerate() {
        if let Cow::Owned(value) = input
            && value.as_array().is_some_and(fits)
            && let Value::Array(block) = std::mem::take(value)
        {
            match T::from_block(*block)?.try_into_owned_nocopy() {
                Ok(buffer) => return Some((i, buffer)),
                Err(shared) => *value = T::into_block(shared).into(),
            }
        }
    }
    None
}

/// The operands of a call.
struct Arguments<'a, 'b> {
    operands: &'a Operands,
    inputs: &'a [Input<'b>],
    /// The input whose buffer receives the result.
    reused: Option<usize>,
}

impl<'a> Arguments<'a, '_> {
    /// Operand `i`: a number, or the index of an input.
    fn operand(&self, i: usize) -> Result<usize, Scalar> {
        match self.operands {
            Operands::Inputs => Ok(i),
            Operands::Mixed(operands) => match operands[i] {
                Some(scalar) => Err(scalar),
                None => Ok(operands[..i].iter().filter(|operand| operand.is_none()).count()),
            },
        }
    }

    fn source<T: Convert>(&self, i: usize, walk: &Walk) -> Result<Source<'a, T>, Message> {
        match self.operand(i) {
            Err(scalar) => Ok(Source::Constant(vec![T::from_scalar(scalar); TILE.min(walk.len)])),
            Ok(input) if self.reused == Some(input) => {
                Ok(Source::Reused(vec![T::default(); TILE.min(walk.len)]))
            }
            Ok(input) => Source::new(array(self.inputs, input)?, walk),
        }
    }

    fn sources<T: Convert>(
        &self,
        operands: Range<usize>,
        walk: &Walk,
    ) -> Result<SmallVec<[Source<'a, T>; 3]>, Message> {
        operands.map(|i| self.source(i, walk)).collect()
    }

    /// The simpler function that NumPy computes for common powers of floats.
    fn simpler_power<T: Element>(&self, ufunc: Ufunc) -> Option<Ufunc> {
        if ufunc != Ufunc::Pow || !T::DTYPE.is_float() {
            return None;
        }
        match self.operand(1).err()?.as_f64() {
            2.0 => Some(Ufunc::Square),
            1.0 => Some(Ufunc::Pos),
            0.5 => Some(Ufunc::Sqrt),
            -1.0 => Some(Ufunc::Reciprocal),
            _ => None,
        }
    }
}

/// The iteration over a block: tiles within bands. A band is a range along the first axis.
#[derive(Clone)]
struct Walk {
    shape: SmallVec<[usize; 4]>,
    len: usize,
    /// The length of a band along the first axis, and its number of elements.
    band_rows: usize,
    band: usize,
}

impl Walk {
    fn new(shape: &[usize]) -> Walk {
        let len: usize = shape.iter().product();
        let rows = shape.first().copied().unwrap_or(1).max(1);
        let row = (len / rows).max(1);
        let band_rows = (BAND / row).clamp(1, rows);
        Walk { shape: shape.into(), len, band_rows, band: band_rows * row }
    }

    /// Ranges of elements in C order: each at most a tile, and within one band.
    fn tiles(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let Walk { len, band, .. } = *self;
        let mut start = 0;
        std::iter::from_fn(move || {
            let end = (start + TILE).min((start / band + 1) * band).min(len);
            let tile = (start < end).then_some(start..end);
            start = end;
            tile
        })
    }
}

/// Computes a tile of the result at this range from the tiles of up to three operands.
type TileFunction<'a, T, R> = dyn FnMut(Range<usize>, [&[T]; 3], &mut [R]) + 'a;

/// A new block; `f` computes each tile.
fn fill<T: Convert, R: Element>(
    walk: &Walk,
    sources: &mut [Source<'_, T>],
    f: &mut TileFunction<'_, T, R>,
) -> Result<Block, Message> {
    let mut elements = room_for(&walk.shape)?;
    let mut buffer = [R::default(); TILE];
    for range in walk.tiles() {
        let out = &mut buffer[..range.len()];
        f(range.clone(), tiles(sources, &range), out);
        elements.extend_from_slice(out);
    }
    Ok(Block::new(&walk.shape, elements))
}

/// Like `fill`, but into the buffer of one of the operands.
fn refill<T: Convert>(
    mut elements: ArrayD<T>,
    walk: &Walk,
    sources: &mut [Source<'_, T>],
    f: &mut TileFunction<'_, T, T>,
) -> Block {
    let out = elements.as_slice_mut().expect("only a buffer in C order is taken");
    for range in walk.tiles() {
        let out = &mut out[range.clone()];
        sources.iter_mut().for_each(|source| source.keep(out));
        f(range.clone(), tiles(sources, &range), out);
    }
    T::into_block(elements.into_shared())
}

#[inline]
fn tiles<'a, T: Convert>(sources: &'a mut [Source<'_, T>], range: &Range<usize>) -> [&'a [T]; 3] {
    let mut tiles: [&[T]; 3] = [&[]; 3];
    for (tile, source) in tiles.iter_mut().zip(sources) {
        *tile = source.tile(range.clone());
    }
    tiles
}

/// Where the tiles of an operand come from.
enum Source<'a, T> {
    /// The elements, in C order.
    Slice(&'a [T]),
    /// Elements in C order that have to be converted; a buffer for a tile.
    Converted(&'a Block, Vec<T>),
    /// A tile filled with one number.
    Constant(Vec<T>),
    /// Elements in any order; a buffer for a band, and which band it holds.
    Turned { elements: Elements<T>, walk: Walk, buffer: Vec<T>, at: usize },
    /// Elements that the result overwrites; a buffer for a tile.
    Reused(Vec<T>),
}

impl<'a, T: Convert> Source<'a, T> {
    fn new(block: &'a Block, walk: &Walk) -> Result<Source<'a, T>, Message> {
        let same_shape = block.shape() == &walk.shape[..];
        let elements = match block.elements::<T>() {
            Some(elements) => match elements.as_slice() {
                Some(elements) if same_shape => return Ok(Source::Slice(elements)),
                Some(&[only]) => return Ok(Source::Constant(vec![only; TILE.min(walk.len)])),
                _ => elements.clone(),
            },
            None if same_shape && block.is_in_c_order() => return Ok(Source::Converted(block, Vec::new())),
            // Both converted and transposed, which is rare.
            None => T::from_block(astype(block, T::DTYPE)?).expect("it was made of this type"),
        };
        Ok(Source::Turned { elements, walk: walk.clone(), buffer: Vec::new(), at: usize::MAX })
    }

    fn tile(&mut self, range: Range<usize>) -> &[T] {
        match self {
            Source::Slice(elements) => &elements[range],
            Source::Constant(elements) | Source::Reused(elements) => &elements[..range.len()],
            Source::Converted(block, buffer) => {
                buffer.clear();
                T::convert(block, range, buffer);
                buffer
            }
            Source::Turned { elements, walk, buffer, at } => {
                let start = range.start / walk.band * walk.band;
                if *at != start {
                    let mut view = elements.broadcast(IxDyn(&walk.shape)).expect("all fit the common shape");
                    if view.ndim() > 0 {
                        let row = start / walk.band * walk.band_rows;
                        let rows = Slice::from(row..view.shape()[0].min(row + walk.band_rows));
                        view.slice_axis_inplace(Axis(0), rows);
                    }
                    buffer.resize(view.len(), T::default());
                    gather(view, buffer);
                    *at = start;
                }
                &buffer[range.start - start..range.end - start]
            }
        }
    }

    /// Saves a tile before it is overwritten, if this is the reused operand.
    fn keep(&mut self, tile: &[T]) {
        if let Source::Reused(buffer) = self {
            buffer[..tile.len()].copy_from_slice(tile);
        }
    }

    fn any(&mut self, walk: &Walk, is: impl Fn(T) -> bool) -> bool {
        walk.tiles().any(|range| self.tile(range).iter().any(|&x| is(x)))
    }
}

fn mismatch(inputs: &[Input<'_>]) -> Message {
    let shapes: Vec<_> =
        inputs.iter().filter_map(|input| Some(format!("{:?}", input.as_array()?.shape()))).collect();
    format!("operands could not be broadcast together with shapes {}", shapes.join(" ")).into()
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

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::block::each_block;

    fn apply(ufunc: Ufunc, operands: &Operands, inputs: &[Block]) -> Result<Block, Message> {
        let mut inputs: Vec<Input> = inputs.iter().cloned().map(|block| Cow::Owned(block.into())).collect();
        elementwise(ufunc, operands, &mut inputs)
    }

    #[test]
    fn shapes_broadcast_as_in_numpy() {
        assert_eq!(broadcast_shape(&[3, 1], &[4]), Some(vec![3, 4]));
        assert_eq!(broadcast_shape(&[], &[2, 0]), Some(vec![2, 0]));
        assert_eq!(broadcast_shape(&[1], &[0]), Some(vec![0]));
        assert_eq!(broadcast_shape(&[3], &[4]), None);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (x, y) = (Block::new(&[2], vec![1.0, 2.0]), Block::new(&[3], vec![1u8, 2, 3]));
        let error =
            |ufunc, operands: &Operands, inputs: &[Block]| apply(ufunc, operands, inputs).unwrap_err();
        let shapes = error(Ufunc::Add, &Operands::Inputs, &[x.clone(), y.clone()]);
        assert_eq!(shapes, "operands could not be broadcast together with shapes [2] [3]");
        assert_eq!(error(Ufunc::Add, &Operands::Inputs, &[x]), "add takes 2 operands, not 1");
        let fit = error(Ufunc::Mul, &Operands::right(300), std::slice::from_ref(&y));
        assert_eq!(fit, "Python integer 300 out of bounds for uint8");
        let minus = Block::new(&[2], vec![-1i32, 2]);
        let power = error(Ufunc::Pow, &Operands::Inputs, &[minus.clone(), minus]);
        assert_eq!(power, "Integers to negative integer powers are not allowed.");
    }

    #[test]
    fn integers_are_compared_as_they_are() {
        let x = Block::new(&[2], vec![0u8, 255]);
        for (scalar, greater) in [(-1, true), (300, false)] {
            let tested = apply(Ufunc::Gt, &Operands::right(scalar), std::slice::from_ref(&x)).unwrap();
            assert_eq!(tested, Block::new(&[2], vec![greater; 2]));
        }
    }

    #[test]
    fn an_owned_operand_gives_its_buffer_to_the_result_and_a_shared_one_does_not() {
        let x = Block::new(&[2, 2], vec![1.0, 2.0, 3.0, 4.0]);
        let kept = x.clone();
        let y = apply(Ufunc::Add, &Operands::Inputs, &[x.clone(), x.clone()]).unwrap();
        assert_eq!((y, x), (Block::new(&[2, 2], vec![2.0, 4.0, 6.0, 8.0]), kept));
        let at = |block: &Block| block.elements::<f64>().unwrap().as_ptr();
        let x = Block::new(&[2], vec![1.0, 2.0]);
        let before = at(&x);
        let result = elementwise(Ufunc::Neg, &Operands::Inputs, &mut [Cow::Owned(x.into())]).unwrap();
        assert_eq!(at(&result), before);
    }

    /// A block of any type and of a shape that broadcasts to (3, 40, 50), its axes in any order in memory.
    fn block() -> impl Strategy<Value = Block> {
        let shape = select(vec![
            vec![3, 40, 50],
            vec![1, 40, 50],
            vec![40, 1],
            vec![3, 1, 1],
            vec![50],
            vec![1, 1, 50],
            vec![],
        ]);
        (shape, any::<u64>(), select(DType::ALL.to_vec()), any::<bool>()).prop_map(
            |(shape, seed, dtype, turned)| {
                let order: Vec<usize> = match turned {
                    true => (0..shape.len()).rev().collect(),
                    false => (0..shape.len()).collect(),
                };
                let lies: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
                let number =
                    |i: u64| (seed.wrapping_add(i).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as i64 - 100;
                let len = shape.iter().product::<usize>() as u64;
                let numbers = Block::new(&lies, (0..len).map(number).collect());
                astype(&numbers, dtype).unwrap().permuted(&order)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Any layout and type gives the same as converting and broadcasting each element.
        #[test]
        fn tiles_match_whole_blocks(
            x in block(),
            y in block(),
            ufunc in select(vec![Ufunc::Add, Ufunc::Mul, Ufunc::Maximum, Ufunc::Lt, Ufunc::TrueDiv, Ufunc::LogicalXor]),
        ) {
            let got = apply(ufunc, &Operands::Inputs, &[x.clone(), y.clone()]).unwrap();
            let shape = broadcast_shape(x.shape(), y.shape()).unwrap();
            let signature = ufunc.signature(&[x.dtype(), y.dtype()], &[]).unwrap();
            let whole = |block: &Block| {
                let block = astype(block, signature.operands).unwrap();
                each_block!(block, elements => {
                    let whole = elements.broadcast(IxDyn(&shape)).unwrap();
                    Block::new(&shape, whole.iter().copied().collect::<Vec<_>>())
                })
            };
            // One element at a time, each in its own block.
            let (x, y) = (whole(&x), whole(&y));
            let scalars = each_block!(&x, x => x.iter().zip(each_block!(&y, y => {
                y.iter().map(|y| y.to_scalar()).collect::<Vec<_>>()
            })).map(|(x, y)| (x.to_scalar(), y)).collect::<Vec<_>>());
            let one = |scalar| each_dtype!(signature.operands, T => Block::new(&[], vec![T::from_scalar(scalar)]));
            let got = each_block!(&got, got => got.iter().map(|x| x.to_scalar()).collect::<Vec<_>>());
            for (i, (x, y)) in scalars.into_iter().enumerate().step_by(97) {
                let expected = apply(ufunc, &Operands::Inputs, &[one(x), one(y)]).unwrap().item().unwrap();
                prop_assert_eq!(format!("{expected}"), format!("{}", got[i]), "{:?} {} {}", ufunc, x, y);
            }
        }
    }
}
