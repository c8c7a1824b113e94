//! Fused operations: their parts, one after another. A part's value is released when its last reader is done.

use smallvec::SmallVec;

use super::{Message, execute};
use crate::{
    op::{Fused, Source},
    value::Value,
};

/// Executes the parts of `fused`; the value is that of the last.
pub(super) fn fused(fused: &Fused, inputs: &[&Value], attempt: u8) -> Result<Value, Message> {
    let mut values: SmallVec<[Value; 4]> = SmallVec::with_capacity(fused.parts.len());
    let mut readers: SmallVec<[u32; 8]> = SmallVec::from_elem(0, fused.parts.len());
    for source in fused.parts.iter().flat_map(|part| &part.args) {
        if let Source::Part(part) = *source {
            *readers.get_mut(part as usize).ok_or("a part is missing")? += 1;
        }
    }
    for part in &fused.parts {
        let value_of = |source: &Source| match *source {
            Source::Input(input) => inputs.get(input as usize).copied(),
            Source::Part(before) => values.get(before as usize),
        };
        let args: Option<SmallVec<[&Value; 8]>> = part.args.iter().map(value_of).collect();
        let value =
            args.ok_or("an input is missing".into()).and_then(|args| execute(&part.op, &args, attempt));
        values.push(value.map_err(|message| format!("in {}: {message}", part.key))?);
        for source in &part.args {
            if let Source::Part(before) = *source {
                readers[before as usize] -= 1;
                if readers[before as usize] == 0 {
                    values[before as usize] = Value::None;
                }
            }
        }
    }
    values.pop().ok_or("a fused operation without parts".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Arange, Args, Op, Operands, Part, Ufunc};

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
        let input = execute(&range, &[], 0).unwrap();
        let value = fused(&Fused { parts }, &[&input], 0).unwrap();
        assert_eq!(value.elements::<f64>().unwrap().as_slice().unwrap(), [-2.0, -6.0]);
    }

    #[test]
    fn what_goes_wrong_names_the_part() {
        let error = |parts, inputs: &[&Value]| fused(&Fused { parts }, inputs, 0).unwrap_err();
        let neg = |source| vec![part("neg-0", ufunc(Ufunc::Neg), &[source])];
        assert_eq!(error(neg(Source::Input(0)), &[]), "in neg-0: an input is missing");
        assert_eq!(error(neg(Source::Part(0)), &[]), "in neg-0: an input is missing");
        assert_eq!(error(neg(Source::Part(1)), &[]), "a part is missing");
        assert_eq!(
            error(neg(Source::Input(0)), &[&Value::None]),
            "in neg-0: input 0 must be an array, not None"
        );
        assert_eq!(error(vec![], &[]), "a fused operation without parts");
    }
}
