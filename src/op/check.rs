//! What can be said of an operation before it is executed: how many inputs it takes, and whether its parameters
//! make sense.
//!
//! What depends on the inputs, such as whether there is an axis 2, is an error of the task when it runs.

use std::ops::RangeInclusive;

use super::{Distribution, Fused, Index, Op, Operands, Random, Reduce, Source, Stage, Ufunc};
use crate::{block::block_size, error::Message};

/// How many elements are made in about the time that a task costs the scheduler.
const TINY: usize = 1024;

impl Op {
    /// How many inputs it takes.
    ///
    /// ```
    /// use dagdeck::{Op, op::{Operands, Ufunc}};
    ///
    /// assert_eq!(Op::Elementwise(Ufunc::Add, Operands::Inputs).arity(), 2..=2);
    /// assert_eq!(Op::Elementwise(Ufunc::Add, Operands::right(1.0)).arity(), 1..=1);
    /// assert!(Op::NoOp.arity().contains(&7));
    /// ```
    pub fn arity(&self) -> RangeInclusive<usize> {
        let exactly = |inputs| inputs..=inputs;
        match self {
            Op::NoOp | Op::Busy(_) | Op::Panic(_) => 0..=usize::MAX,
            Op::Full(_) | Op::Arange(_) | Op::Linspace(_) | Op::Eye(_) | Op::Block(_) | Op::Random(_) => {
                exactly(0)
            }
            Op::Elementwise(ufunc, operands) => exactly(operands.inputs(*ufunc)),
            Op::Alias
            | Op::Astype(_)
            | Op::Transpose(_)
            | Op::Reshape(_)
            | Op::Slice(_)
            | Op::Take(_)
            | Op::Cumsum(_)
            | Op::Histogram(_)
            | Op::Qr
            | Op::Svd
            | Op::Item(_)
            | Op::Life
            | Op::Heat(_) => exactly(1),
            Op::Tensordot(_) | Op::Matmul(_) | Op::Mandelbrot(_) => exactly(2),
            Op::Concatenate(_) => 1..=usize::MAX,
            Op::Merge(grid) => {
                exactly(grid.iter().fold(1, |blocks: usize, &length| blocks.saturating_mul(length)))
            }
            Op::Reduce(reduce) => by_stage(reduce.stage),
            Op::Topk(topk) => by_stage(topk.stage),
            Op::Percentile(percentile) => by_stage(percentile.stage),
            Op::Fused(fused) => exactly(fused.inputs()),
        }
    }

    /// Whether it costs less to execute it again than to keep its value: a view of its input, or a tiny block.
    pub fn cheap(&self) -> bool {
        let tiny = |shape: &[usize]| block_size(shape).is_ok_and(|size| size <= TINY);
        match self {
            Op::Full(full) => tiny(&full.shape),
            Op::Arange(range) => tiny(&[range.len]),
            Op::Linspace(range) => tiny(&[range.num]),
            Op::Eye(eye) => tiny(&[eye.rows, eye.columns]),
            Op::Alias | Op::Block(_) | Op::Transpose(_) | Op::Slice(_) | Op::Item(_) => true,
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
            Op::Full(full) => block_size(&full.shape).map(drop),
            Op::Arange(range) => block_size(&[range.len]).map(drop),
            Op::Linspace(range) => block_size(&[range.num]).map(drop),
            Op::Eye(eye) => block_size(&[eye.rows, eye.columns]).map(drop),
            Op::Random(random) => check_random(random),
            Op::Elementwise(ufunc, operands) => check_operands(*ufunc, operands),
            Op::Transpose(axes) => check_permutation(axes),
            Op::Reshape(shape) => block_size(shape).map(drop),
            Op::Slice(indices) => check_indices(indices),
            Op::Merge(grid) => check_grid(grid),
            Op::Reduce(reduce) => check_reduce(reduce),
            Op::Topk(topk) if topk.k == 0 => Err("k must not be 0".into()),
            Op::Histogram(histogram) => {
                let (bins, low, high) = (histogram.bins, histogram.low, histogram.high);
                match bins > 0 && low < high && (high - low).is_finite() {
                    true => block_size(&[bins]).map(drop),
                    false => {
                        Err(format!("{bins} bins from {low} to {high}: there must be one, and low < high")
                            .into())
                    }
                }
            }
            Op::Percentile(percentile) => match percentile.q.iter().all(|q| (0.0..=100.0).contains(q)) {
                true if percentile.stage == Stage::Combine => {
                    Err("percentiles have no step that combines".into())
                }
                true => Ok(()),
                false => Err("Percentiles must be in the range [0, 100]".into()),
            },
            Op::Mandelbrot(mandelbrot) if i32::try_from(mandelbrot.max_iter).is_err() => {
                Err(format!("max_iter = {}: must be below 2^31", mandelbrot.max_iter).into())
            }
            Op::Tensordot(tensordot) => {
                check_named_once(&tensordot.left)?;
                check_named_once(&tensordot.right)?;
                match tensordot.left.len() == tensordot.right.len() {
                    true => Ok(()),
                    false => Err("each axis on the left must have one on the right".into()),
                }
            }
            Op::Fused(fused) => check_parts(fused),
            _ => Ok(()),
        }
    }
}

fn check_permutation(axes: &[u8]) -> Result<(), Message> {
    let mut sorted = axes.to_vec();
    sorted.sort_unstable();
    match sorted.iter().map(|&axis| axis as usize).eq(0..axes.len()) {
        true => Ok(()),
        false => Err(format!("axes {axes:?} are not a permutation of {} axes", axes.len()).into()),
    }
}

fn check_named_once(axes: &[u8]) -> Result<(), Message> {
    match (1..axes.len()).find(|&i| axes[..i].contains(&axes[i])) {
        None => Ok(()),
        Some(i) => Err(format!("axis {} is named twice", axes[i]).into()),
    }
}

fn check_random(random: &Random) -> Result<(), Message> {
    match random.distribution {
        Distribution::Normal { scale, .. } if scale < 0.0 => {
            return Err(format!("scale = {scale}: must not be negative").into());
        }
        Distribution::Integers { low, last, dtype } => {
            let limits = dtype.limits();
            let (least, most) = limits.ok_or_else(|| format!("Unsupported dtype {dtype} for integers"))?;
            if low > last {
                return Err("low >= high".into());
            }
            if low < least {
                return Err(format!("low is out of bounds for {dtype}").into());
            }
            if last > most {
                return Err(format!("high is out of bounds for {dtype}").into());
            }
        }
        _ => {}
    }
    block_size(&random.shape).map(drop)
}

fn check_operands(ufunc: Ufunc, operands: &Operands) -> Result<(), Message> {
    let (name, arity) = (ufunc.prefix(), ufunc.arity());
    match operands {
        Operands::Mixed(given) if given.len() != arity => {
            Err(format!("{name} takes {arity} operands, not {}", given.len()).into())
        }
        operands if operands.inputs(ufunc) == 0 => {
            Err(format!("{name} takes at least one operand that is an input").into())
        }
        _ => Ok(()),
    }
}

fn check_indices(indices: &[Index]) -> Result<(), Message> {
    let zero = |index: &Index| matches!(index, Index::Slice(slice) if slice.step == Some(0));
    if indices.iter().any(zero) { Err("slice step cannot be zero".into()) } else { Ok(()) }
}

fn check_grid(grid: &[usize]) -> Result<(), Message> {
    let blocks = grid.iter().try_fold(1, |blocks: usize, &length| blocks.checked_mul(length));
    match blocks {
        Some(1..) => Ok(()),
        _ => Err(format!("a grid of blocks cannot have the shape {grid:?}").into()),
    }
}

fn check_reduce(reduce: &Reduce) -> Result<(), Message> {
    check_named_once(&reduce.axes)?;
    if let Some(dtype) = reduce.dtype
        && !reduce.reduction.takes_dtype(dtype)
    {
        return Err(format!("{} cannot be computed in {dtype}", reduce.reduction.name()).into());
    }
    let (name, chunk) = (reduce.reduction.name(), reduce.stage == Stage::Chunk);
    match (reduce.reduction.finds_place() && chunk, &reduce.place) {
        (true, None) => Err(format!("a chunk of {name} needs its place").into()),
        (false, Some(_)) => Err("only chunks of argmin and argmax have a place".into()),
        _ => Ok(()),
    }
}

/// How many inputs a step of a tree takes.
fn by_stage(stage: Stage) -> RangeInclusive<usize> {
    match stage {
        Stage::Chunk => 1..=1,
        Stage::Combine | Stage::Aggregate => 1..=usize::MAX,
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
    use crate::DType;
    use crate::op::{Arange, Args, Axes, Full, Part, Random, Reduction, Ufunc};
    use crate::scalar::Scalar;

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
        assert_eq!(
            refused(Op::Full(Full { shape, fill_value: Scalar::Float(1.0), dtype: DType::Float64 }.into())),
            too_large
        );
        assert!(
            Op::Arange(
                Arange { start: 0.0.into(), step: 1.0.into(), len: usize::MAX, dtype: DType::Float64 }.into()
            )
            .check()
            .is_err()
        );
        let distribution = Distribution::Normal { loc: 0.0, scale: -1.0 };
        let random = Random { shape: Default::default(), distribution, seed: 0, child: 0 };
        assert_eq!(refused(Op::Random(random.into())), "scale = -1: must not be negative");
        assert_eq!(
            refused(Op::Transpose(axes(&[0, 2]).into())),
            "axes [0, 2] are not a permutation of 2 axes"
        );
        let reduce = Reduce::new(Reduction::Sum, Stage::Chunk, [1, 1]);
        assert_eq!(refused(Op::Reduce(reduce.into())), "axis 1 is named twice");
        assert_eq!(refused(Op::Elementwise(Ufunc::Neg, Operands::left(1.0))), "neg takes 1 operands, not 2");
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
