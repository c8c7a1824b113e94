//! A lazy array: a node with chunks and a type.

use std::{fmt, sync::Arc};

use smallvec::SmallVec;

use crate::{
    collections::{
        MAX_TASKS,
        chunks::{Chunks, lengths},
        nodes::{BlockIndex, Layer, Node, graph},
    },
    dtype::DType,
    error::{Error, Result},
    graph::TaskGraph,
    operations::Meta,
};

/// A lazy array in blocks. Cloning is cheap: clones share everything.
#[derive(Clone)]
pub struct Array {
    node: Node,
    chunks: Chunks,
    /// What is known of its first block.
    block: Meta,
}

impl Array {
    /// The array called `prefix-token`, where the token is a hash of everything that it is made from.
    pub(super) fn new(
        prefix: &str,
        chunks: Chunks,
        inputs: impl IntoIterator<Item = Array>,
        layer: Layer,
    ) -> Result<Array> {
        let inputs: SmallVec<[Array; 2]> = inputs.into_iter().collect();
        let block = first_block(prefix, &chunks, &inputs, &layer)?;
        let inputs = inputs.into_iter().map(|input| input.node);
        let node =
            Node::new(prefix, (&chunks, block.dtype().unwrap_or_default()), chunks.grid(), inputs, layer);
        Ok(Array { node, chunks, block })
    }

    pub(super) fn named(
        name: Arc<str>,
        chunks: Chunks,
        inputs: impl IntoIterator<Item = Array>,
        layer: Layer,
    ) -> Result<Array> {
        let inputs: SmallVec<[Array; 2]> = inputs.into_iter().collect();
        let block = first_block(&name, &chunks, &inputs, &layer)?;
        let node = Node::named(name, chunks.grid(), inputs.into_iter().map(|input| input.node), layer);
        Ok(Array { node, chunks, block })
    }

    /// The name of its tasks: a prefix and a token, equal for equal arrays.
    pub fn name(&self) -> &str {
        self.node.name()
    }

    /// Its blocks along each axis.
    pub fn chunks(&self) -> &Chunks {
        &self.chunks
    }

    /// The length of each axis; [`UNKNOWN`](crate::collections::UNKNOWN) if it is only known once the array is computed.
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
        self.block.dtype().unwrap_or_default()
    }

    /// The bytes of all elements: `x.nbytes`.
    pub fn nbytes(&self) -> usize {
        self.size().saturating_mul(self.dtype().size())
    }

    /// The [graph] of this array alone, optimised.
    ///
    /// # Errors
    /// If it would have more than 2^20 tasks.
    pub fn graph(&self) -> Result<TaskGraph> {
        graph(std::slice::from_ref(self), true)
    }
}

impl AsRef<Node> for Array {
    fn as_ref(&self) -> &Node {
        &self.node
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
        let (shape, chunksize, dtype) =
            (lengths(&self.shape()), lengths(&self.chunks().chunksize()), self.dtype());
        write!(f, "dask.array<{prefix}, shape={shape}, dtype={dtype}, chunksize={chunksize}>")
    }
}

/// What is known of an array's first block: what the operation that makes it says, of the length that the chunks say.
///
/// # Errors
/// If the array has too many blocks, or the operation refuses the blocks of the inputs.
fn first_block(name: &str, chunks: &Chunks, inputs: &[Array], layer: &Layer) -> Result<Meta> {
    check_blocks(chunks)?;
    let first: BlockIndex = SmallVec::from_elem(0, chunks.ndim());
    let metas: SmallVec<[&Meta; 2]> = inputs.iter().map(|input| &input.block).collect();
    let inferred = layer.infer(&first, &metas);
    match inferred.ok_or_else(|| Error::invalid(format!("{name}: does not take these arrays")))? {
        Meta::Array(dtype, _) => Ok(Meta::Array(dtype, chunks.block_shape(&first))),
        other => Ok(other),
    }
}

/// Returns an error if an array has too many blocks.
fn check_blocks(chunks: &Chunks) -> Result<()> {
    let blocks = chunks.blocks();
    if blocks <= MAX_TASKS {
        return Ok(());
    }
    let (shape, chunksize) = (lengths(&chunks.shape()), lengths(&chunks.chunksize()));
    Err(Error::invalid(format!(
        "shape {shape} in chunks of {chunksize} is {blocks} blocks, more than the {MAX_TASKS} that an array may have: \
         choose larger chunks"
    )))
}
