//! Cumulative sums: Dask's `cumreduction`, in its default, sequential way.
//!
//! ```text
//! cumsum 0     cumsum 1      cumsum 2          each block by itself
//!    |  \ last    |  \ last     |
//!    |   +--> extra 1 -+--> extra 2            the sum of all blocks before
//!    |          \ |          \  |
//! result 0     result 1     result 2
//! ```

use std::hash::{DefaultHasher, Hash};

use smallvec::SmallVec;

use super::{Array, axes::normalize_axis};
use crate::{
    collections::{
        chunks::Chunks,
        nodes::{Blockwise, Emitter, Layer, Tasks},
    },
    dtype::DType,
    error::Result,
    graph::TaskId,
    key::{Key, token},
    operations::{
        Cumsum, Full, Fused, Index, Op, Operands, Part, Reduce, Reduction, Slice, Source, Stage, Ufunc,
    },
    scalar::Scalar,
};

impl Array {
    /// The cumulative sum along an axis, or over all elements in C order if there is none.
    ///
    /// # Errors
    /// If the axis does not exist, or another one has an unknown length.
    pub fn cumsum(&self, axis: Option<isize>, dtype: Option<DType>) -> Result<Array> {
        let Some(axis) = axis else {
            let flat = match self.ndim() {
                1 => self.clone(),
                // As in Dask: blocks whose length is the number of blocks.
                _ => {
                    let flat = self.ravel()?;
                    flat.rechunk(self.chunks().blocks().max(1))?
                }
            };
            return flat.cumsum(Some(0), dtype);
        };
        let axis = normalize_axis(axis, self.ndim())?;
        self.need_lengths((0..self.ndim()).filter(|&other| other != axis))?;
        let op = Op::Cumsum(Cumsum { axis: axis as u8, dtype });
        let layer = Blockwise::each(self.ndim(), op);
        let blocks = Array::new("cumsum", self.chunks().clone(), [self.clone()], layer)?;
        let accumulated = Accumulated { axis, chunks: self.chunks().clone(), dtype: blocks.dtype() };
        let layer = Layer::Tasks(Box::new(accumulated));
        Array::new("cumsum", self.chunks().clone(), [blocks], layer)
    }
}

#[derive(Debug)]
struct Accumulated {
    axis: usize,
    chunks: Chunks,
    dtype: DType,
}

impl Tasks for Accumulated {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let named = |prefix, what: &str| {
            let mut hasher = DefaultHasher::new();
            graph.name.hash(&mut hasher);
            token(prefix, hasher, &what)
        };
        let (extra, last) = (named("cumsum", "extra"), named("getitem", "last"));
        let add = || Op::elementwise(Ufunc::Add, Operands::Inputs);
        let is_known = self.chunks.is_known(self.axis);
        let sum = Reduce {
            keepdims: true,
            dtype: Some(self.dtype),
            ..Reduce::new(Reduction::Sum, Stage::Chunk, [self.axis as u8])
        };
        let sum = Op::Reduce(sum.into());
        // For each block, the sum of the previous blocks, and the block.
        let mut extras: Vec<TaskId> = Vec::with_capacity(graph.grid.blocks());
        let mut tasks = Vec::with_capacity(graph.grid.blocks());
        for index in graph.grid.indices() {
            let block = graph.input(0, &index);
            if index[self.axis] == 0 {
                let mut shape = self.chunks.block_shape(&index);
                shape[self.axis] = 1;
                let zeros = Op::Full(Full { shape, fill_value: Scalar::Int(0), dtype: self.dtype }.into());
                extras.push(graph.task(&extra, &index, zeros, [])?);
                tasks.push(graph.alias(&index, block)?);
                continue;
            }
            let mut before = index.clone();
            before[self.axis] -= 1;
            let mut slices: SmallVec<[Index; 2]> = SmallVec::from_elem(Index::Slice(Slice::ALL), self.axis);
            slices.push(Index::Slice(Slice { start: Some(-1), ..Slice::ALL }));
            // The last elements of a block, added to the sum of the previous blocks.
            let last = Part {
                key: Key::block(last.clone(), &index),
                op: Op::Slice(slices.into()),
                args: [Source::Input(1)].into_iter().collect(),
            };
            let args = [Source::Input(0), Source::Part(0)].into_iter().collect();
            let key = Key::block(extra.clone(), &index);
            let mut parts = vec![last];
            match is_known {
                true => parts.push(Part { key, op: add(), args }),
                // A block may turn out to be empty. Then it has no last element, which would be broadcast.
                false => {
                    parts.push(Part { key: key.clone(), op: Op::Concatenate(self.axis as u8), args });
                    let args = [Source::Part(1)].into_iter().collect();
                    parts.push(Part { key, op: sum.clone(), args });
                }
            }
            let so_far = extras[graph.grid.ravel(&before)];
            let args = [so_far, graph.input(0, &before)];
            let op = Op::Fused(Fused { parts }.into());
            let so_far = graph.task(&extra, &index, op, args)?;
            extras.push(so_far);
            tasks.push(graph.block(&index, add(), [so_far, block])?);
        }
        Ok(tasks)
    }
}
