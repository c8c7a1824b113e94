//! Fused operations: a small program in the place of one operation.
//!
//! ```text
//! inputs   0       1
//!          |       |
//! parts   neg-0   sqrt-0        part 0 = neg(input 0)
//!            \   /  |           part 1 = sqrt(input 1)
//!            add-0 -'           part 2 = add(part 0, part 1), the result
//! ```
//!
//! [`optimize`](crate::graph::optimize) makes them, so that what belongs together is one task: values that only the
//! parts need never leave it, and a scheduler has less to do.
//!
//! The last reader of a part's value gets it and may reuse its buffer, so a chain of arithmetic works in one buffer.

use std::{borrow::Cow, ops::RangeInclusive};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{
    meta::{Meta, total},
    operation::{self, Operation, form, matrix},
};
use crate::{error::Message, kernels::Input, key::Key, value::Value};

/// Operations that are executed one after another. The value of the last one is the value of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fused<Op> {
    /// In an order in which they can be executed. None is itself fused.
    pub parts: Vec<Part<Op>>,
}

/// One operation of several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part<Op> {
    /// The task that it was before.
    pub key: Key,
    /// What it does.
    pub op: Op,
    /// Where its arguments come from.
    #[serde(default)]
    pub args: Args,
}

/// The arguments of a part.
pub type Args = SmallVec<[Source; 2]>;

/// Where an argument of a part comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The value of one of the task's dependencies.
    Input(u32),
    /// The value of a part before this one.
    Part(u32),
}

impl<Op> Fused<Op> {
    /// How many inputs the parts take together.
    pub fn inputs(&self) -> usize {
        let sources = self.parts.iter().flat_map(|part| &part.args);
        let after = |source: &Source| match *source {
            Source::Input(input) => (input as usize).saturating_add(1),
            Source::Part(_) => 0,
        };
        sources.map(after).max().unwrap_or(0)
    }
}

impl<Op: operation::Part> Operation for Fused<Op> {
    type Parameters = Fused<Op>;

    form!(value "fused");

    fn arity(fused: &Fused<Op>) -> RangeInclusive<usize> {
        fused.inputs()..=fused.inputs()
    }

    fn check(fused: &Fused<Op>) -> Result<(), Message> {
        if fused.parts.is_empty() {
            return Err("a fused operation has at least one part".into());
        }
        for (i, part) in fused.parts.iter().enumerate() {
            let within = |message: Message| Message::from(format!("part {}: {message}", part.key));
            if part.op.is_fused() {
                return Err(within("a part must not be fused itself".into()));
            }
            part.op.check().map_err(within)?;
            part.op.check_arity(part.args.len()).map_err(within)?;
            for source in &part.args {
                match *source {
                    Source::Part(before) if before as usize >= i => {
                        return Err(within(format!("takes part {before}, which is not before it").into()));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn infer(fused: &Fused<Op>, inputs: &[&Meta]) -> Option<Meta> {
        Some(forecast(fused, inputs).0)
    }

    /// What the parts hold at once, less the value of the last.
    fn scratch(fused: &Fused<Op>, inputs: &[&Meta]) -> u64 {
        let (last, most) = forecast(fused, inputs);
        most.saturating_sub(last.bytes())
    }

    fn execute(fused: &Fused<Op>, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
        run(fused, inputs, attempt)
    }

    fn cheap(fused: &Fused<Op>) -> bool {
        fused.parts.iter().all(|part| part.op.cheap())
    }

    fn examples() -> Vec<(Fused<Op>, Vec<Value>)> {
        let part = |key: &str, source| Part {
            key: key.into(),
            op: Op::example(),
            args: Args::from_slice(&[source]),
        };
        let parts = vec![part("neg-0", Source::Input(0)), part("neg-1", Source::Part(0))];
        vec![(Fused { parts }, vec![matrix()])]
    }
}

/// What is known of the last part's value, and the most bytes that values and kernels of parts hold at once.
fn forecast<Op: operation::Part>(fused: &Fused<Op>, inputs: &[&Meta]) -> (Meta, u64) {
    let mut last_reader = vec![usize::MAX; fused.parts.len()];
    for (reader, part) in fused.parts.iter().enumerate() {
        for source in &part.args {
            if let Source::Part(before) = *source
                && let Some(last) = last_reader.get_mut(before as usize)
            {
                *last = reader;
            }
        }
    }
    let mut made: Vec<Meta> = Vec::with_capacity(fused.parts.len());
    let mut most = 0;
    for (i, part) in fused.parts.iter().enumerate() {
        let value_of = |source: &Source| match *source {
            Source::Input(input) => inputs.get(input as usize).copied(),
            Source::Part(before) => made.get(before as usize),
        };
        let args: Vec<&Meta> =
            part.args.iter().map(|source| value_of(source).unwrap_or(&Meta::None)).collect();
        let scratch = part.op.scratch(&args);
        let value = part.op.infer(&args).unwrap_or(Meta::None);
        made.push(value);
        let held = made.iter().zip(&last_reader).filter(|&(_, &last)| last >= i);
        most = most.max(total(held.map(|(value, _)| value.bytes()).chain([scratch])));
    }
    (made.pop().unwrap_or(Meta::None), most)
}

/// Runs the parts of `fused` one after another. The value is that of the last part.
fn run<Op: operation::Part>(
    fused: &Fused<Op>,
    inputs: &mut [Input<'_>],
    attempt: u8,
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
            args.ok_or("an input is missing".into()).and_then(|mut args| part.op.execute(&mut args, attempt));
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
    use super::{Args, Cow, Input, Message, Source, Value};
    use crate::operations::{Arange, Fused, Op, Operands, Part, Ufunc, execute};

    fn fused(fused: &Fused, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
        super::run(fused, inputs, attempt)
    }

    fn part(key: &str, op: Op, args: &[Source]) -> Part {
        Part { key: key.into(), op, args: Args::from_slice(args) }
    }

    fn ufunc(ufunc: Ufunc) -> Op {
        Op::elementwise(ufunc, Operands::Inputs)
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
