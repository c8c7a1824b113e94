//! Fused operations: their parts run one after another. The last reader of a part's value gets it and may reuse its
//! buffer, so a chain of arithmetic works in one buffer.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{Input, Message};
use crate::{
    op::{Fused, Op, Source},
    value::Value,
};

/// Runs the parts of `fused` with `execute`. The value is that of the last part.
pub(super) fn fused(
    fused: &Fused,
    inputs: &mut [Input<'_>],
    execute: impl Fn(&Op, &mut [Input<'_>]) -> Result<Value, Message>,
) -> Result<Value, Message> {
    let mut values: SmallVec<[Value; 4]> = SmallVec::with_capacity(fused.parts.len());
    let mut part_readers: SmallVec<[u32; 8]> = SmallVec::from_elem(0, fused.parts.len());
    let mut input_readers: SmallVec<[u32; 8]> = SmallVec::from_elem(0, inputs.len());
    for source in fused.parts.iter().flat_map(|part| &part.args) {
        let readers = match *source {
            Source::Input(input) => input_readers.get_mut(input as usize),
            Source::Part(part) => part_readers.get_mut(part as usize),
        };
        // If a source is missing, the part that takes it returns an error.
        readers.into_iter().for_each(|readers| *readers += 1);
    }
    for part in &fused.parts {
        // Values that this part is the last to read are moved out first; the borrowed ones stay in place.
        let mut taken: SmallVec<[Option<Value>; 4]> = SmallVec::new();
        for source in &part.args {
            // A part that takes the same value twice borrows it.
            let once = part.args.iter().filter(|&other| other == source).count() == 1;
            taken.push(match *source {
                Source::Input(input) => match inputs.get_mut(input as usize) {
                    Some(Cow::Owned(value)) if is_last(&mut input_readers, input) && once => {
                        Some(std::mem::take(value))
                    }
                    _ => None,
                },
                Source::Part(before) => match values.get_mut(before as usize) {
                    Some(value) if is_last(&mut part_readers, before) && once => Some(std::mem::take(value)),
                    _ => None,
                },
            });
        }
        let value_of = |(source, taken): (&Source, Option<Value>)| match (taken, *source) {
            (Some(value), _) => Some(Cow::Owned(value)),
            (None, Source::Input(input)) => inputs.get(input as usize).map(|input| Cow::Borrowed(&**input)),
            (None, Source::Part(before)) => values.get(before as usize).map(Cow::Borrowed),
        };
        let args: Option<SmallVec<[Input<'_>; 4]>> = part.args.iter().zip(taken).map(value_of).collect();
        let value =
            args.ok_or("an input is missing".into()).and_then(|mut args| execute(&part.op, &mut args));
        values.push(value.map_err(|message| format!("in {}: {message}", part.key))?);
    }
    values.pop().ok_or("a fused operation without parts".into())
}

/// Counts one read of a value. Returns whether it is the last.
fn is_last(readers: &mut [u32], source: u32) -> bool {
    let left = &mut readers[source as usize];
    *left -= 1;
    *left == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::execute,
        op::{Arange, Args, Operands, Part, Ufunc},
    };

    fn fused(fused: &Fused, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
        super::fused(fused, inputs, |op, inputs| execute(op, inputs, attempt))
    }

    fn part(key: &str, op: Op, args: &[Source]) -> Part {
        Part { key: key.into(), op, args: Args::from_slice(args) }
    }

    fn ufunc(ufunc: Ufunc) -> Op {
        Op::Elementwise(ufunc, Operands::Inputs)
    }

    #[test]
    fn parts_take_inputs_and_earlier_parts() {
        use Source::{Input, Part};
        let range = Op::Arange(
            Arange { start: 1.0.into(), step: 1.0.into(), len: 2, dtype: crate::DType::Float64 }.into(),
        );
        let parts = vec![
            part("arange-0", range.clone(), &[]),
            part("neg-0", ufunc(Ufunc::Neg), &[Input(0)]),
            part("mul-0", ufunc(Ufunc::Mul), &[Part(0), Part(1)]),
            part("sub-0", ufunc(Ufunc::Sub), &[Part(2), Part(0)]),
        ];
        let input = execute(&range, &mut [], 0).unwrap();
        let value = fused(&Fused { parts }, &mut [Cow::Borrowed(&input)], 0).unwrap();
        assert_eq!(value.elements::<f64>().unwrap().as_slice().unwrap(), [-2.0, -6.0]);
    }

    #[test]
    fn a_part_can_take_the_same_value_twice() {
        let twice = |source| part("add-0", ufunc(Ufunc::Add), &[source, source]);
        let parts = vec![twice(Source::Input(0)), twice(Source::Part(0))];
        let input: Value = crate::Block::new(&[2], vec![1.0, 2.0]).into();
        let value = fused(&Fused { parts }, &mut [Cow::Owned(input)], 0).unwrap();
        assert_eq!(value.elements::<f64>().unwrap().as_slice().unwrap(), [4.0, 8.0]);
    }

    #[test]
    fn what_goes_wrong_names_the_part() {
        let error = |parts, inputs: &[&Value]| {
            let mut inputs: Vec<Input> = inputs.iter().copied().map(Cow::Borrowed).collect();
            fused(&Fused { parts }, &mut inputs, 0).unwrap_err()
        };
        let neg = |source| vec![part("neg-0", ufunc(Ufunc::Neg), &[source])];
        assert_eq!(error(neg(Source::Input(0)), &[]), "in neg-0: an input is missing");
        assert_eq!(error(neg(Source::Part(0)), &[]), "in neg-0: an input is missing");
        assert_eq!(error(neg(Source::Part(1)), &[]), "in neg-0: an input is missing");
        assert_eq!(
            error(neg(Source::Input(0)), &[&Value::None]),
            "in neg-0: input 0 must be an array, not None"
        );
        assert_eq!(error(vec![], &[]), "a fused operation without parts");
    }

    #[test]
    fn a_chain_works_in_the_buffer_of_its_input_if_that_is_the_last_reader() {
        let chain = || {
            let parts = vec![
                part("neg-0", ufunc(Ufunc::Neg), &[Source::Input(0)]),
                part("add-0", ufunc(Ufunc::Add), &[Source::Part(0), Source::Input(0)]),
                part("sqrt-0", ufunc(Ufunc::Sqrt), &[Source::Part(1)]),
            ];
            Fused { parts }
        };
        let address = |value: &Value| value.elements::<f64>().unwrap().as_ptr();
        let input: Value = crate::Block::new(&[3], vec![1.0, 2.0, 3.0]).into();
        let kept = input.clone();
        let value = fused(&chain(), &mut [Cow::Borrowed(&input)], 0).unwrap();
        assert_eq!(value.elements::<f64>().unwrap().as_slice().unwrap(), [0.0; 3]);
        assert_eq!(input, kept);
        drop(kept);
        let before = address(&input);
        let value = fused(&chain(), &mut [Cow::Owned(input)], 0).unwrap();
        assert_eq!(value.elements::<f64>().unwrap().as_slice().unwrap(), [0.0; 3]);
        let one: Value = crate::Block::new(&[2], vec![4.0, 9.0]).into();
        let at = address(&one);
        let only = vec![part("sqrt-0", ufunc(Ufunc::Sqrt), &[Source::Input(0)])];
        let root = fused(&Fused { parts: only }, &mut [Cow::Owned(one)], 0).unwrap();
        assert_eq!(address(&root), at);
        // The sum goes into the first buffer that is free: that of the part before it, not that of the input.
        assert_ne!(address(&value), before);
    }
}
