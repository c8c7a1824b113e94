//! An array and its layer: how its blocks are made from blocks of other arrays.
//!
//! ```text
//! Blockwise   every block by the same rule from blocks at places that follow from its own     add, transpose, sum
//! Tasks       any tasks                                                                       rechunk, slicing, trees
//! ```
//!
//! The difference matters for optimisation: blockwise layers are [fused](super::fusion) before tasks are created.

use std::{
    fmt,
    hash::{DefaultHasher, Hash},
    sync::Arc,
};

use smallvec::SmallVec;

use crate::{
    collections::{
        MAX_TASKS,
        chunks::{Chunks, tuple},
    },
    dtype::DType,
    error::{Error, Result},
    graph::{MAX_EDGES, Rows, TaskGraph, TaskId},
    key::{Key, token},
    operations::Op,
};

/// A lazy array in blocks. Cloning is cheap: clones share everything.
#[derive(Clone)]
pub struct Array(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    chunks: Chunks,
    dtype: DType,
    inputs: SmallVec<[Array; 2]>,
    layer: Layer,
}

impl Array {
    /// The array called `prefix-token`, where the token is a hash of everything that it is made from.
    pub(super) fn new(
        prefix: &str,
        chunks: Chunks,
        dtype: DType,
        inputs: impl IntoIterator<Item = Array>,
        layer: Layer,
    ) -> Result<Array> {
        let inputs: SmallVec<[Array; 2]> = inputs.into_iter().collect();
        let mut hasher = DefaultHasher::new();
        (&chunks, dtype).hash(&mut hasher);
        inputs.iter().for_each(|input| input.name().hash(&mut hasher));
        let name = token(prefix, hasher, &layer);
        Array::named(name, chunks, dtype, inputs, layer)
    }

    pub(super) fn named(
        name: Arc<str>,
        chunks: Chunks,
        dtype: DType,
        inputs: impl IntoIterator<Item = Array>,
        layer: Layer,
    ) -> Result<Array> {
        check_blocks(&chunks)?;
        Ok(Array(Arc::new(Inner { name, chunks, dtype, inputs: inputs.into_iter().collect(), layer })))
    }

    /// The name of its tasks: a prefix and a token, equal for equal arrays.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its blocks along each axis.
    pub fn chunks(&self) -> &Chunks {
        &self.0.chunks
    }

    /// The length of each axis.
    pub fn shape(&self) -> Vec<usize> {
        self.chunks().shape()
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.chunks().ndim()
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.chunks().size()
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// The bytes of all elements: `x.nbytes`.
    pub fn nbytes(&self) -> usize {
        self.size().saturating_mul(self.dtype().size())
    }

    /// The arrays that it is made from.
    pub(super) fn inputs(&self) -> &[Array] {
        &self.0.inputs
    }

    pub(super) fn layer(&self) -> &Layer {
        &self.0.layer
    }

    pub(super) fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }
}

impl fmt::Debug for Array {
    /// Only the name, which stands for everything that the array is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Array {
    /// Dask's format without `chunktype`, which is always the same here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, _) = self.name().rsplit_once('-').unwrap_or((self.name(), ""));
        let (shape, chunksize, dtype) = (tuple(self.shape()), tuple(self.chunks().chunksize()), self.dtype());
        write!(f, "dask.array<{prefix}, shape={shape}, dtype={dtype}, chunksize={chunksize}>")
    }
}

impl Drop for Inner {
    /// Drops inputs iteratively: an array made by a thousand steps must not recurse a thousand levels deep.
    fn drop(&mut self) {
        let mut last: Vec<Array> = self.inputs.drain(..).collect();
        while let Some(array) = last.pop() {
            if let Some(mut inner) = Arc::into_inner(array.0) {
                last.extend(inner.inputs.drain(..));
            }
        }
    }
}

/// How the blocks of an array are made.
#[derive(Debug)]
pub(super) enum Layer {
    Blockwise(Blockwise),
    Tasks(Box<dyn Tasks>),
}

/// Labels of axes: an axis of the result and an axis of an input with the same label move together.
pub(super) type Labels = SmallVec<[u32; 4]>;

/// Blocks that are each made from one block of every input.
#[derive(Debug)]
pub(super) struct Blockwise {
    /// The axes of the result.
    pub(super) out: Labels,
    /// The axes of each input. An axis that the result does not have must have a single block.
    pub(super) inputs: SmallVec<[Labels; 2]>,
    pub(super) op: Box<dyn MakeOp>,
}

/// Makes the operation of one block. An operation implements this by cloning itself.
pub(super) trait MakeOp: fmt::Debug + Send + Sync {
    fn op(&self, array: &Array, index: &[u32]) -> Op;
}

/// The labels of `ndim` axes, in order.
pub(super) fn in_order(ndim: usize) -> Labels {
    (0..ndim as u32).collect()
}

impl Blockwise {
    /// Blocks that are each made from the corresponding block of one input.
    pub(super) fn each(ndim: usize, op: impl MakeOp + 'static) -> Layer {
        Layer::Blockwise(Blockwise {
            out: in_order(ndim),
            inputs: SmallVec::from_elem(in_order(ndim), 1),
            op: Box::new(op),
        })
    }

    /// Blocks without inputs.
    pub(super) fn made(ndim: usize, op: impl MakeOp + 'static) -> Layer {
        Layer::Blockwise(Blockwise { out: in_order(ndim), inputs: SmallVec::new(), op: Box::new(op) })
    }

    /// The number, in C order, of the block of input `input` that goes into the block `index`.
    pub(super) fn source(&self, array: &Array, input: usize, index: &[u32]) -> usize {
        let chunks = array.inputs()[input].chunks();
        let mut place = 0;
        for (label, lengths) in self.inputs[input].iter().zip(chunks.axes()) {
            let at = self.out.iter().position(|other| other == label);
            // An axis with one block is broadcast.
            let i = if lengths.len() == 1 { 0 } else { at.map_or(0, |axis| index[axis] as usize) };
            place = place * lengths.len() + i;
        }
        place
    }
}

/// Any other tasks.
pub(super) trait Tasks: fmt::Debug + Send + Sync {
    /// Adds tasks to `graph`. Returns the task that makes each block of `array`, in C order.
    fn emit(&self, array: &Array, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>>;
}

/// Tasks that are made block by block. Each takes the block with the same number in C order from every input. Unlike
/// blockwise layers, they are not fused before tasks are created.
#[derive(Debug)]
pub(super) struct Each<M>(M);

impl<M: MakeOp + 'static> Each<M> {
    pub(super) fn layer(make: M) -> Layer {
        Layer::Tasks(Box::new(Each(make)))
    }
}

impl<M: MakeOp> Tasks for Each<M> {
    fn emit(&self, array: &Array, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let blocks = array.chunks().indices().enumerate();
        blocks
            .map(|(block, index)| {
                let args: SmallVec<[TaskId; 2]> = graph.inputs.iter().map(|input| input[block]).collect();
                graph.task(array.shared_name(), &index, self.0.op(array, &index), args)
            })
            .collect()
    }
}

impl MakeOp for Op {
    /// The same operation for all blocks.
    fn op(&self, _: &Array, _: &[u32]) -> Op {
        self.clone()
    }
}

/// Collects the tasks of one layer after another.
pub(super) struct Emitter<'a> {
    pub(super) tasks: &'a mut LooseTasks,
    /// For each input of the current layer, the tasks that make its blocks, in C order.
    pub(super) inputs: SmallVec<[&'a [TaskId]; 2]>,
}

/// A graph that is being built. Each task comes after its dependencies.
pub(super) struct LooseTasks {
    pub(super) keys: Vec<Key>,
    pub(super) ops: Vec<Op>,
    pub(super) dependencies: Rows,
}

impl LooseTasks {
    pub(super) fn new() -> LooseTasks {
        LooseTasks { keys: Vec::new(), ops: Vec::new(), dependencies: Rows::with_capacity(0, 0) }
    }

    pub(super) fn push(
        &mut self,
        key: Key,
        op: Op,
        args: impl IntoIterator<Item = TaskId>,
    ) -> Result<TaskId> {
        let task = self.keys.len();
        if task >= MAX_TASKS || self.dependencies.entries() >= MAX_EDGES / 4 {
            let (prefix, edges) = (key.prefix(), self.dependencies.entries());
            return Err(Error::invalid(format!(
                "{prefix}: the graph has {task} tasks and {edges} edges so far, and may have {MAX_TASKS} and {}: \
                 choose larger chunks, or chunks that fit each other",
                MAX_EDGES / 4
            )));
        }
        self.keys.push(key);
        self.ops.push(op);
        self.dependencies.push(args);
        Ok(task as TaskId)
    }
}

impl LooseTasks {
    /// The graph of the tasks that the targets need. An array often needs only some blocks of its inputs.
    pub(super) fn into_graph(self, mut targets: Vec<TaskId>) -> Result<TaskGraph> {
        let mut needed = vec![false; self.keys.len()];
        targets.iter().for_each(|&target| needed[target as usize] = true);
        for task in (0..needed.len()).rev() {
            if needed[task] {
                let row = self.dependencies.row(task as TaskId);
                row.iter().for_each(|&dependency| needed[dependency as usize] = true);
            }
        }
        if needed.iter().all(|&needed| needed) {
            return TaskGraph::from_tasks(self.keys, self.ops, self.dependencies, targets);
        }
        let mut new_ids = Vec::with_capacity(needed.len());
        let mut dependencies = Rows::with_capacity(needed.len(), self.dependencies.entries());
        for (row, &needed) in self.dependencies.iter().zip(&needed) {
            new_ids.push(dependencies.len() as TaskId);
            if needed {
                dependencies.push(row.iter().map(|&dependency| new_ids[dependency as usize]));
            }
        }
        targets.iter_mut().for_each(|target| *target = new_ids[*target as usize]);
        let keys =
            self.keys.into_iter().zip(&needed).filter_map(|(key, &needed)| needed.then_some(key)).collect();
        let ops =
            self.ops.into_iter().zip(&needed).filter_map(|(op, &needed)| needed.then_some(op)).collect();
        TaskGraph::from_tasks(keys, ops, dependencies, targets)
    }
}

impl Emitter<'_> {
    /// Adds a task.
    pub(super) fn task(
        &mut self,
        name: &Arc<str>,
        index: &[u32],
        op: Op,
        args: impl IntoIterator<Item = TaskId>,
    ) -> Result<TaskId> {
        self.tasks.push(Key::block(name.clone(), index), op, args)
    }

    /// Adds an alias: another name for the value of a task.
    pub(super) fn alias(&mut self, name: &Arc<str>, index: &[u32], block: TaskId) -> Result<TaskId> {
        self.task(name, index, Op::Alias, [block])
    }

    /// The task that makes the block `index` of input number `input` of `array`.
    pub(super) fn input(&self, array: &Array, input: usize, index: &[u32]) -> TaskId {
        self.inputs[input][array.inputs()[input].chunks().ravel(index)]
    }
}

/// The name of a layer's tasks that do not make its blocks: their own prefix, and the array's token.
pub(super) fn named_beside(array: &Array, prefix: &str) -> Arc<str> {
    let token = array.name().rsplit('-').next().unwrap_or_default();
    format!("{prefix}-{token}").into()
}

/// Returns an error if an array has too many blocks.
pub(super) fn check_blocks(chunks: &Chunks) -> Result<()> {
    let blocks = chunks.blocks();
    if blocks <= MAX_TASKS {
        return Ok(());
    }
    let (shape, chunksize) = (tuple(chunks.shape()), tuple(chunks.chunksize()));
    Err(Error::invalid(format!(
        "shape {shape} in chunks of {chunksize} is {blocks} blocks, more than the {MAX_TASKS} that an array may have: \
         choose larger chunks"
    )))
}
