//! Reductions: a partial result for each block, then a tree that combines a few at a time.
//!
//! ```text
//! block  block  block  block  block
//!   |      |      |      |      |
//! chunk  chunk  chunk  chunk  chunk
//!    \     |      |     /       |
//!     \    |      |    /        |
//!          partial           partial       until few enough are left for one step
//!               \           /
//!                 aggregate
//! ```

use smallvec::SmallVec;

use super::{
    Array,
    axes::{normalize_axes, op_axes},
    elementwise::named_ufunc,
};
use crate::{
    collections::{
        chunks::{Chunks, UNKNOWN, total},
        nodes::{Blockwise, Each, Emitter, Grid, Layer, MakeOp, Tasks},
    },
    dtype::DType,
    error::{Error, Result},
    graph::TaskId,
    operations::{Meta, Op, Place, Reduce, Reduction, Stage, Ufunc},
};

/// The default number of blocks that are combined at each step, over all axes together: Dask's default.
const SPLIT_EVERY: usize = 4;

/// The axes of a reduction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// All of them.
    #[default]
    All,
    /// These axes; negative ones count from the end.
    Some(Vec<isize>),
}

/// The options of a reduction: NumPy's and Dask's keywords.
///
/// ```
/// use dagdeck::{DType, collections::array::{self as da, Over}};
///
/// let x = da::ones(&[6, 4], 2, DType::Float64)?;
/// assert!(x.sum(())?.shape().is_empty());
/// assert_eq!(x.sum(-1)?.shape(), [6]);
/// assert_eq!(x.sum(Over { keepdims: true, ..[0, 1].into() })?.shape(), [1, 1]);
/// # Ok::<(), dagdeck::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Over {
    /// The axes to reduce.
    pub axis: Axis,
    /// Whether they are kept with length 1.
    pub keepdims: bool,
    /// The number of blocks that are combined at each step; the default is 4.
    pub split_every: Option<usize>,
    /// The type to compute in, for sums, products, means, variances and deviations.
    pub dtype: Option<DType>,
    /// A variance or deviation divides by the number of elements minus this.
    pub ddof: f64,
}

impl From<()> for Over {
    fn from((): ()) -> Over {
        Over::default()
    }
}

impl From<isize> for Over {
    fn from(axis: isize) -> Over {
        Over { axis: Axis::Some(vec![axis]), ..Over::default() }
    }
}

impl<const N: usize> From<[isize; N]> for Over {
    fn from(axes: [isize; N]) -> Over {
        Over { axis: Axis::Some(axes.into()), ..Over::default() }
    }
}

macro_rules! reductions {
    ($over:ident: $($(#[$doc:meta])* $method:ident $reduction:expr,)*) => {
        /// Reductions. They fail if an axis does not exist or is named twice, or if `split_every` is below 2.
        #[allow(clippy::missing_errors_doc)]
        impl Array {
            $($(#[$doc])* pub fn $method(&self, over: impl Into<Over>) -> Result<Array> {
                let $over = over.into();
                self.reduce($reduction, $over)
            })*
        }
    };
}

reductions! { over:
    /// The sum.
    sum Reduction::Sum,
    /// The product.
    prod Reduction::Prod,
    /// The mean.
    mean Reduction::Mean,
    /// The variance.
    var Reduction::Var { ddof: over.ddof },
    /// The smallest element; NaN if any is NaN.
    min Reduction::Min,
    /// The largest element; NaN if any is NaN.
    max Reduction::Max,
    /// Whether at least one is nonzero.
    any Reduction::Any,
    /// Whether none is 0.
    all Reduction::All,
    /// The sum of all elements that are not NaN.
    nansum Reduction::NanSum,
    /// The mean of all elements that are not NaN.
    nanmean Reduction::NanMean,
    /// The index of the smallest element: over one axis, or over all in C order.
    argmin Reduction::ArgMin,
    /// The index of the largest element.
    argmax Reduction::ArgMax,
}

impl Array {
    /// The standard deviation.
    ///
    /// # Errors
    /// As for the other reductions.
    pub fn std(&self, over: impl Into<Over>) -> Result<Array> {
        named_ufunc("_sqrt", Ufunc::Sqrt, &[(&self.var(over)?).into()])
    }

    fn reduce(&self, reduction: Reduction, over: Over) -> Result<Array> {
        let axes = match &over.axis {
            Axis::All => (0..self.ndim()).collect(),
            Axis::Some(axes) if reduction.finds_place() && axes.len() != 1 => {
                return Err(Error::invalid(format!("axis must be either `None` or int, got '{axes:?}'")));
            }
            Axis::Some(axes) => normalize_axes(axes, self.ndim())?,
        };
        let nothing = axes.iter().any(|&axis| self.chunks().axis(axis).iter().all(|&length| length == 0));
        match reduction {
            Reduction::Min | Reduction::Max if nothing => {
                let name = if reduction == Reduction::Min { "minimum" } else { "maximum" };
                return Err(Error::invalid(format!(
                    "zero-size array to reduction operation {name} which has no identity"
                )));
            }
            Reduction::ArgMin | Reduction::ArgMax if nothing => {
                return Err(Error::invalid(format!(
                    "attempt to get {} of an empty sequence",
                    reduction.name()
                )));
            }
            _ => {}
        }
        if reduction.finds_place() {
            // An index counts the elements before it.
            let in_pieces = |&axis: &usize| axes.len() > 1 || self.chunks().axis(axis).len() > 1;
            self.need_lengths(axes.iter().copied().filter(in_pieces))?;
        }
        let step = |stage| Reduce {
            dtype: over.dtype,
            keepdims: over.keepdims || stage != Stage::Aggregate,
            ..Reduce::new(reduction, stage, op_axes(&axes))
        };
        let [chunk, combine, aggregate] = prefixes(reduction);
        let chunks = partial_chunks(self.chunks(), &axes, |_| 1);
        let layer = match reduction.finds_place() {
            true => Each::layer(Placed { whole: self.chunks().clone(), step: step(Stage::Chunk) }),
            false => Blockwise::each(self.ndim(), Op::Reduce(step(Stage::Chunk).into())),
        };
        let partial = Array::new(chunk, chunks, [self.clone()], layer)?;
        let tree = Tree {
            axes: axes.clone(),
            split_every: over.split_every,
            keepdims: over.keepdims,
            length: 1,
            combine: (combine, Op::Reduce(step(Stage::Combine).into())),
            aggregate: (aggregate, Op::Reduce(step(Stage::Aggregate).into())),
        };
        tree.reduce(partial)
    }
}

/// The names of the tasks of the three steps.
fn prefixes(reduction: Reduction) -> [&'static str; 3] {
    match reduction {
        Reduction::Sum => ["sum", "sum-partial", "sum-aggregate"],
        Reduction::Prod => ["prod", "prod-partial", "prod-aggregate"],
        Reduction::Mean | Reduction::NanMean => ["mean_chunk", "mean_combine-partial", "mean_agg-aggregate"],
        Reduction::Var { .. } => ["var", "var-partial", "var-aggregate"],
        Reduction::Min => ["chunk_min", "chunk_min-partial", "min-aggregate"],
        Reduction::Max => ["chunk_max", "chunk_max-partial", "max-aggregate"],
        Reduction::Any => ["any", "any-partial", "any-aggregate"],
        Reduction::All => ["all", "all-partial", "all-aggregate"],
        Reduction::NanSum => ["nansum", "sum-partial", "sum-aggregate"],
        Reduction::ArgMin | Reduction::ArgMax => ["arg-reduce", "arg_combine-partial", "arg_agg-aggregate"],
    }
}

/// The chunks of partial results: along reduced axes, `length` returns the number of elements of a block.
pub(super) fn partial_chunks(chunks: &Chunks, axes: &[usize], length: impl Fn(usize) -> usize) -> Chunks {
    axes.iter().fold(chunks.clone(), |chunks, &axis| {
        let lengths: Vec<usize> = chunks.axis(axis).iter().map(|&n| length(n)).collect();
        chunks.with_axis(axis, lengths)
    })
}

/// A step that includes the position of its block.
#[derive(Debug)]
struct Placed {
    /// The blocks of the array that is reduced.
    whole: Chunks,
    step: Reduce,
}

impl MakeOp for Placed {
    fn op(&self, index: &[u32]) -> Op {
        // Along axes that are not reduced, lengths may be unknown: nobody asks for the place there.
        let known = |length: usize| if length == UNKNOWN { 0 } else { length };
        let before = |(axis, &i): (usize, &u32)| known(total(&self.whole.axis(axis)[..i as usize]));
        let offset = index.iter().enumerate().map(before).collect();
        let place = Place { offset, shape: self.whole.shape().into_iter().map(known).collect() };
        Op::Reduce(Reduce { place: Some(place), ..self.step.clone() }.into())
    }
}

/// How partial results are combined into one.
pub(super) struct Tree {
    pub(super) axes: Vec<usize>,
    pub(super) split_every: Option<usize>,
    pub(super) keepdims: bool,
    /// The length of the result along the axes, if it keeps them.
    pub(super) length: usize,
    pub(super) combine: (&'static str, Op),
    pub(super) aggregate: (&'static str, Op),
}

impl Tree {
    pub(super) fn reduce(self, mut partial: Array) -> Result<Array> {
        let split_every = self.split_every.unwrap_or(SPLIT_EVERY);
        if split_every < 2 {
            return Err(Error::invalid(format!("split_every = {split_every}: must be at least 2")));
        }
        // Over several axes the combined blocks form a square, a cube, …, with about the same total number.
        let per_axis = ((split_every as f64).powf(1.0 / self.axes.len().max(1) as f64) as usize).max(2);
        for _ in 1..self.depth(partial.chunks(), per_axis) {
            partial = self.step(partial, &self.combine, per_axis, true, 1)?;
        }
        self.step(partial, &self.aggregate, per_axis, self.keepdims, self.length)
    }

    /// The number of steps. Computed in floats, as in Dask, which has one step more than necessary at some powers.
    fn depth(&self, chunks: &Chunks, per_axis: usize) -> usize {
        let steps = |&axis: &usize| {
            let blocks = chunks.axis(axis).len() as f64;
            (blocks.ln() / (per_axis as f64).ln()).ceil() as usize
        };
        self.axes.iter().map(steps).max().unwrap_or(1).max(1)
    }

    fn step(
        &self,
        input: Array,
        (prefix, op): &(&'static str, Op),
        per_axis: usize,
        keepdims: bool,
        length: usize,
    ) -> Result<Array> {
        let mut split: SmallVec<[usize; 4]> = SmallVec::from_elem(1, input.ndim());
        self.axes.iter().for_each(|&axis| split[axis] = per_axis);
        let kept = (0..input.ndim()).filter(|axis| keepdims || !self.axes.contains(axis));
        let lengths = kept.map(|axis| match self.axes.contains(&axis) {
            true => vec![length; input.chunks().axis(axis).len().div_ceil(per_axis)].into(),
            false => input.chunks().shared(axis),
        });
        let chunks = Chunks::from_axes(lengths);
        let dropped = if keepdims { Vec::new() } else { self.axes.clone() };
        let layer = Layer::Tasks(Box::new(Step { op: op.clone(), split, dropped }));
        Array::new(prefix, chunks, [input], layer)
    }
}

/// One step of a tree.
#[derive(Debug)]
struct Step {
    op: Op,
    /// The number of blocks that are combined along each axis.
    split: SmallVec<[usize; 4]>,
    /// The axes that the result does not have.
    dropped: Vec<usize>,
}

impl Tasks for Step {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let input = graph.inputs[0].grid.axes();
        let groups = input.iter().zip(&self.split).map(|(&blocks, &split)| blocks.div_ceil(split as u32));
        let mut tasks = Vec::with_capacity(graph.grid.blocks());
        for group in groups.collect::<Grid>().indices() {
            let (mut start, mut lengths) = (group.clone(), group.clone());
            for axis in 0..input.len() {
                start[axis] *= self.split[axis] as u32;
                lengths[axis] = (input[axis] - start[axis]).min(self.split[axis] as u32);
            }
            let lengths: Grid = lengths.into_iter().collect();
            let args: SmallVec<[TaskId; 16]> = lengths
                .indices()
                .map(|mut place| {
                    place.iter_mut().zip(&start).for_each(|(i, start)| *i += start);
                    graph.input(0, &place)
                })
                .collect();
            let index: SmallVec<[u32; 4]> = (0..group.len())
                .filter(|axis| !self.dropped.contains(axis))
                .map(|axis| group[axis])
                .collect();
            tasks.push(graph.block(&index, self.op.clone(), args)?);
        }
        Ok(tasks)
    }

    fn infer(&self, _: &[u32], inputs: &[&Meta]) -> Option<Meta> {
        self.op.infer(inputs)
    }
}
