//! What can be said of an operation before it is executed: how many inputs it takes, and whether its parameters
//! make sense.
//!
//! What depends on the inputs, such as whether there is an axis 2, is an error of the task when it runs.

use std::ops::RangeInclusive;

use super::{Distribution, Fused, Op, Operands, Reduce, Source, Stage};
use crate::kernels::{Message, block_size};

/// How many elements are made in about the time that a task costs the scheduler.
const TINY: usize = 1024;

impl Op {
    /// How many inputs it takes.
    ///
    /// ```
    /// use dagdeck::{Op, op::{Operands, Ufunc}};
    ///
    /// assert_eq!(Op::Elementwise(Ufunc::Add, Operands::Inputs).arity(), 2..=2);
    /// assert_eq!(Op::Elementwise(Ufunc::Add, Operands::ScalarRight(1.0)).arity(), 1..=1);
    /// assert!(Op::NoOp.arity().contains(&7));
    /// ```
    pub fn arity(&self) -> RangeInclusive<usize> {
        let exactly = |inputs| inputs..=inputs;
        match self {
            Op::NoOp | Op::Busy(_) | Op::Panic(_) => 0..=usize::MAX,
            Op::Full(_) | Op::Arange(_) | Op::Random(_) => exactly(0),
            Op::Elementwise(ufunc, operands) => {
                exactly(ufunc.arity() - usize::from(*operands != Operands::Inputs))
            }
            Op::Transpose(_) => exactly(1),
            Op::Reduce(reduce) if reduce.stage == Stage::Chunk => exactly(1),
            Op::Reduce(_) => 1..=usize::MAX,
            Op::Fused(fused) => exactly(fused.inputs()),
        }
    }

    /// Whether it costs less to execute it again than to keep its value: a view of its input, or a tiny block.
    pub fn cheap(&self) -> bool {
        let tiny = |shape: &[usize]| block_size(shape).is_ok_and(|size| size <= TINY);
        match self {
            Op::Full(full) => tiny(&full.shape),
            Op::Arange(range) => tiny(&[range.len]),
            Op::Transpose(_) => true,
            Op::Fused(fused) => fused.parts.iter().all(|part| part.op.cheap()),
            _ => false,
        }
    }

    /// Checks that it takes that many inputs.
    ///
    /// # Errors
    /// It does not; the message says how many.
    pub fn check_arity(&self, inputs: usize) -> Result<(), Message> {
        let arity = self.arity();
        if arity.contains(&inputs) {
            return Ok(());
        }
        let takes = match (*arity.start(), *arity.end()) {
            (0, 0) => "no inputs".to_owned(),
            (1, 1) => "1 input".to_owned(),
            (least, usize::MAX) => format!("at least {least} input"),
            (least, _) => format!("{least} inputs"),
        };
        Err(format!("{} takes {takes}, not {inputs}", self.name()).into())
    }

    /// Checks its parameters.
    ///
    /// # Errors
    /// One makes no sense, whatever the inputs are.
    pub fn check(&self) -> Result<(), Message> {
        match self {
            Op::NoOp | Op::Busy(_) | Op::Panic(_) => Ok(()),
            Op::Full(full) => block_size(&full.shape).map(drop),
            Op::Arange(range) => block_size(&[range.len]).map(drop),
            Op::Random(random) => match random.distribution {
                Distribution::Normal { scale, .. } if scale < 0.0 => {
                    Err(format!("scale = {scale}: must not be negative").into())
                }
                _ => block_size(&random.shape).map(drop),
            },
            Op::Elementwise(ufunc, operands) => match ufunc.arity() {
                1 if *operands != Operands::Inputs => {
                    Err(format!("{} takes one operand, which must be an input", ufunc.prefix()).into())
                }
                _ => Ok(()),
            },
            Op::Transpose(axes) => check_permutation(axes),
            Op::Reduce(reduce) => check_axes(reduce),
            Op::Fused(fused) => check_parts(fused),
        }
    }
}

fn check_permutation(axes: &[u8]) -> Result<(), Message> {
    let mut sorted = axes.to_vec();
    sorted.sort_unstable();
    match sorted.iter().map(|&axis| axis as usize).eq(0..axes.len()) {
        true => Ok(()),
        false => Err(format!("axes {axes:?} are no permutation of {} axes", axes.len()).into()),
    }
}

fn check_axes(reduce: &Reduce) -> Result<(), Message> {
    match (1..reduce.axes.len()).find(|&i| reduce.axes[..i].contains(&reduce.axes[i])) {
        None => Ok(()),
        Some(i) => Err(format!("axis {} is named twice", reduce.axes[i]).into()),
    }
}

fn check_parts(fused: &Fused) -> Result<(), Message> {
    if fused.parts.is_empty() {
        return Err("a fused operation has at least one part".into());
    }
    for (i, part) in fused.parts.iter().enumerate() {
        let within = |message: Message| Message::from(format!("part {}: {message}", part.key));
        if matches!(part.op, Op::Fused(_)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Arange, Args, Axes, Full, Part, Random, Reduction, Ufunc};

    fn axes(axes: &[u8]) -> Axes {
        axes.iter().copied().collect()
    }

    fn refused(op: Op) -> String {
        op.check().unwrap_err().into_owned()
    }

    #[test]
    fn parameters_that_make_no_sense_are_refused() {
        let too_large = "shape [2147483648, 2147483648] is too large: a block has at most 134217728 elements";
        let shape = [1 << 31, 1 << 31].into_iter().collect();
        assert_eq!(refused(Op::Full(Full { shape, fill_value: 1.0 }.into())), too_large);
        assert!(Op::Arange(Arange { start: 0.0, step: 1.0, len: usize::MAX }.into()).check().is_err());
        let distribution = Distribution::Normal { loc: 0.0, scale: -1.0 };
        let random = Random { shape: Default::default(), distribution, seed: 0, child: 0 };
        assert_eq!(refused(Op::Random(random.into())), "scale = -1: must not be negative");
        assert_eq!(refused(Op::Transpose(axes(&[0, 2]).into())), "axes [0, 2] are no permutation of 2 axes");
        let (reduction, stage) = (Reduction::Sum, Stage::Chunk);
        let reduce = Reduce { reduction, stage, axes: axes(&[1, 1]), keepdims: false };
        assert_eq!(refused(Op::Reduce(reduce.into())), "axis 1 is named twice");
        assert_eq!(
            refused(Op::Elementwise(Ufunc::Neg, Operands::ScalarLeft(1.0))),
            "neg takes one operand, which must be an input"
        );
    }

    #[test]
    fn parts_take_only_what_is_there() {
        let fused = |parts| Op::Fused(Fused { parts }.into());
        let part = |op, args: &[Source]| Part { key: "p".into(), op, args: Args::from_slice(args) };
        let neg = || Op::Elementwise(Ufunc::Neg, Operands::Inputs);
        let good = fused(vec![part(neg(), &[Source::Input(1)]), part(neg(), &[Source::Part(0)])]);
        assert_eq!((good.check(), good.arity()), (Ok(()), 2..=2));
        assert_eq!(
            refused(fused(vec![part(neg(), &[Source::Part(0)])])),
            "part p: takes part 0, which is not before it"
        );
        assert_eq!(refused(fused(vec![part(neg(), &[])])), "part p: neg takes 1 input, not 0");
        assert_eq!(refused(fused(vec![part(good, &[])])), "part p: a part must not be fused itself");
        assert_eq!(refused(fused(vec![])), "a fused operation has at least one part");
    }
}
