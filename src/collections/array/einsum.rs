//! Sums of products by subscripts: `da.einsum`.
//!
//! ```text
//! einsum("ij,jk->ik", a, b)
//!
//! a[0, 0]  b[0, 0]   a[0, 1]  b[1, 0]  …
//!        \  /               \  /
//!    chunk_einsum       chunk_einsum   …   a sum of each pair of blocks, with an axis of length 1 for j
//!             \           /
//!              sum over j                  a tree, as any sum
//! ```

use super::{
    Array,
    align::align,
    reduction::{Axis, Over},
};
use crate::{
    collections::{
        chunks::{Chunks, TOLERANCE},
        nodes::{Blockwise, Labels, Layer},
    },
    dtype::DType,
    error::{Error, Result},
    operations::{Einsum, Op},
};

/// The sum of products of the operands over labelled axes, as NumPy's `einsum` has it: `ij,jk->ik` is a product of
/// matrices, `ii` a trace, `...ij->...ji` a transpose of the last two axes. `dtype` is the type to compute in.
///
/// ```
/// use dagdeck::{DType, collections::array as da};
///
/// let x = da::ones(&[4, 6], 2, DType::Float64)?;
/// assert_eq!(da::einsum("ij,ij->i", &[x.clone(), x], None, None)?.shape(), [4]);
/// # Ok::<(), dagdeck::Error>(())
/// ```
///
/// # Errors
/// If the subscripts make no sense or do not fit the operands, lengths are unknown, or elements cannot be cast to `dtype` safely.
pub fn einsum(
    subscripts: &str,
    operands: &[Array],
    dtype: Option<DType>,
    split_every: Option<usize>,
) -> Result<Array> {
    operands.iter().try_for_each(Array::need_all_lengths)?;
    let Subscripts { inputs, output } = Subscripts::new(subscripts, operands)?;
    let words = [inputs.join(&b","[..]), output.clone()].join(&b"->"[..]);
    let subscripts = String::from_utf8(words).expect("only ASCII is left").into();
    let einsum = Einsum { subscripts, keepdims: true, dtype };
    einsum.check_shapes(operands.iter().map(Array::shape)).map_err(Error::invalid)?;
    for (i, operand) in operands.iter().enumerate() {
        if let Some(dtype) = dtype.filter(|&dtype| operand.dtype().promote(dtype) != dtype) {
            return Err(Error::invalid(format!(
                "Iterator operand {i} dtype could not be cast from dtype('{}') to dtype('{dtype}') according to the \
                 rule 'safe'",
                operand.dtype()
            )));
        }
    }
    let mut summed: Vec<u8> = Vec::new();
    for &label in inputs.iter().flatten() {
        if !output.contains(&label) && !summed.contains(&label) {
            summed.push(label);
        }
    }
    let operands = cut_finer(operands, &inputs, &output)?;
    let labels = |letters: &[u8]| -> Labels { letters.iter().copied().map(u32::from).collect() };
    let input_labels: Vec<Labels> = inputs.iter().map(|letters| labels(letters)).collect();
    let out = labels(&[&output[..], &summed].concat());
    let aligned = align(&operands, &input_labels)?;
    // The blocks along the axes that are summed over have length 1.
    let chunks = (output.len()..out.len()).fold(aligned.chunks(&out), |chunks: Chunks, axis| {
        let blocks = chunks.axis(axis).len();
        chunks.with_axis(axis, vec![1; blocks])
    });
    let op = Box::new(Op::Einsum(einsum.into()));
    let layer = Layer::Blockwise(Blockwise { out, inputs: input_labels.into(), op });
    let partial = Array::new("chunk_einsum", chunks, aligned.arrays, layer)?;
    if summed.is_empty() {
        return Ok(partial);
    }
    let axes = (output.len()..output.len() + summed.len()).map(|axis| axis as isize).collect();
    partial.sum(Over { axis: Axis::Some(axes), split_every, ..().into() })
}

/// A letter for each axis of each operand, and those of the result.
struct Subscripts {
    inputs: Vec<Vec<u8>>,
    output: Vec<u8>,
}

/// All letters, in the order in which those that are not used stand for the axes of an ellipsis.
const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

impl Subscripts {
    fn new(text: &str, operands: &[Array]) -> Result<Subscripts> {
        let wrong = |message: String| Err(Error::invalid(message));
        let text: String = text.chars().filter(|&c| c != ' ').collect();
        if let Some(unknown) = text.chars().find(|&c| !c.is_ascii_alphabetic() && !".,->".contains(c)) {
            return wrong(format!("Character {unknown} is not a valid symbol."));
        }
        let (inputs, output) = match text.split_once("->") {
            Some((inputs, output)) => (inputs, Some(output)),
            None => (&*text, None),
        };
        if [inputs, output.unwrap_or_default()].iter().any(|part| part.contains(['-', '>'])) {
            return wrong("Subscripts can only contain one '->'.".into());
        }
        let terms: Vec<&str> = inputs.split(',').collect();
        if terms.len() != operands.len() {
            return wrong("Number of einsum subscripts must be equal to the number of operands.".into());
        }
        let unused: Vec<u8> = LETTERS.iter().copied().filter(|&c| !text.contains(char::from(c))).collect();
        let (mut longest, mut letters) = (0, Vec::with_capacity(terms.len()));
        for (i, (term, operand)) in terms.iter().zip(operands).enumerate() {
            let Some((before, after)) = term.split_once("...").filter(|_| term.matches('.').count() == 3)
            else {
                if term.contains('.') {
                    return wrong("Invalid Ellipses.".into());
                }
                letters.push(term.as_bytes().to_vec());
                continue;
            };
            // The axes that the ellipsis stands for: the last of the unused letters, so that they are broadcast.
            let Some(count) = operand.ndim().checked_sub(before.len() + after.len()) else {
                return wrong("Ellipses lengths do not match.".into());
            };
            let Some(first) = unused.len().checked_sub(count) else {
                return wrong(format!(
                    "operand {i} has {} axes, more than there are letters",
                    operand.ndim()
                ));
            };
            longest = longest.max(count);
            letters.push([before.as_bytes(), &unused[first..], after.as_bytes()].concat());
        }
        let ellipsis = &unused[unused.len() - longest..];
        let output = match output {
            Some(output) => match output.split_once("...") {
                Some((before, after)) => [before.as_bytes(), ellipsis, after.as_bytes()].concat(),
                None => output.as_bytes().to_vec(),
            },
            None => {
                // The letters that occur once, in alphabetical order.
                let is_alone = |c: &u8| letters.iter().flatten().filter(|&other| other == c).count() == 1;
                let mut alone: Vec<u8> =
                    LETTERS.iter().copied().filter(|c| !ellipsis.contains(c) && is_alone(c)).collect();
                alone.sort_unstable();
                [ellipsis, &alone].concat()
            }
        };
        Ok(Subscripts { inputs: letters, output })
    }
}

/// The operands in smaller blocks, if the blocks of the result would otherwise be much larger than theirs.
fn cut_finer(operands: &[Array], inputs: &[Vec<u8>], output: &[u8]) -> Result<Vec<Array>> {
    if operands.len() < 2 || output.is_empty() {
        return Ok(operands.to_vec());
    }
    let longest = |lengths: &[usize]| lengths.iter().copied().max().unwrap_or(0);
    let largest_block = |operand: &Array| operand.chunks().axes().map(longest).product::<usize>() as f64;
    let largest_input = operands.iter().map(largest_block).fold(1.0, f64::max);
    let along = |letter: &u8| {
        let axes = inputs
            .iter()
            .zip(operands)
            .flat_map(|(letters, operand)| letters.iter().zip(operand.chunks().axes()));
        axes.filter(|(other, _)| *other == letter).map(|(_, lengths)| longest(lengths)).fold(1, usize::max)
    };
    let result = output.iter().map(|letter| along(letter) as f64).product::<f64>();
    let factor = result / (largest_input * TOLERANCE);
    let cut = |(operand, letters): (&Array, &Vec<u8>)| {
        let axes: Vec<usize> = (0..letters.len()).filter(|&axis| output.contains(&letters[axis])).collect();
        let share = factor.powf(axes.len() as f64 / output.len() as f64).max(1.0);
        operand.rechunk(&operand.chunks().at_most(largest_block(operand) / share, axes))
    };
    operands.iter().zip(inputs).map(cut).collect()
}
