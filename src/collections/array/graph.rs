//! From arrays to a task graph.
//!
//! ```text
//! arrays --fusion--> groups of layers --emit--> tasks --cull--> --fuse--> --drop_aliases--> TaskGraph
//! ```
//!
//! This follows Dask's optimisation of arrays: blockwise layers are [fused](super::fusion), tasks that no target needs
//! are culled, and each chain of tasks becomes one task with Dask's name. Dask's aliases, tasks that only give a value
//! a second name, are dropped at the end.

use smallvec::SmallVec;

use super::{
    Array,
    fusion::{Groups, Recipe},
    layer::{Emitter, Layer, LooseTasks},
    layers::Layers,
};
use crate::{
    collections::chunks::BlockIndex,
    error::Result,
    graph::{TaskGraph, TaskId, optimize},
    key::Key,
};

/// The task graph of several arrays. Tasks that they have in common appear once. Its targets are the blocks of the
/// first array in C order, then those of the next.
///
/// # Errors
/// If there are no arrays, or the graph has more than 2^20 tasks before culling.
///
/// ```
/// use dagdeck::collections::array as da;
///
/// let x = da::random::default_rng(0).random(&[40, 40], 10)?;
/// let sum = [x.sum(())?];
/// // Each of the 16 blocks is made and summed in one task; without optimisation in two.
/// assert_eq!((da::graph(&sum, true)?.len(), da::graph(&sum, false)?.len()), (21, 37));
/// # Ok::<(), dagdeck::Error>(())
/// ```
pub fn graph(arrays: &[Array], optimized: bool) -> Result<TaskGraph> {
    let layers = Layers::of(arrays);
    let groups = if optimized { Groups::fused(&layers) } else { Groups::single(&layers) };
    let mut tasks = LooseTasks::new();
    let mut blocks: Vec<Vec<TaskId>> = vec![Vec::new(); layers.len()];
    for layer in groups.roots() {
        blocks[layer] = emit(&layers, &groups, layer, &blocks, &mut tasks)?;
    }
    let targets = arrays.iter().flat_map(|array| blocks[layers.place(array)].iter().copied()).collect();
    let graph = tasks.into_graph(targets)?;
    let graph = if optimized { optimize::fuse_renaming(&graph) } else { graph };
    Ok(optimize::drop_aliases(graph))
}

impl Array {
    /// The [graph] of this array alone, optimised.
    ///
    /// # Errors
    /// If it would have more than 2^20 tasks.
    pub fn graph(&self) -> Result<TaskGraph> {
        graph(std::slice::from_ref(self), true)
    }
}

/// Adds the tasks of one group. Returns the tasks that make the blocks of its root.
fn emit(
    layers: &Layers<'_>,
    groups: &Groups,
    layer: usize,
    blocks: &[Vec<TaskId>],
    tasks: &mut LooseTasks,
) -> Result<Vec<TaskId>> {
    let array = layers.array(layer);
    match array.layer() {
        Layer::Tasks(make) => {
            let inputs = layers.inputs(layer).iter().map(|&input| &blocks[input][..]).collect();
            make.emit(array, &mut Emitter { tasks, inputs })
        }
        Layer::Blockwise(blockwise) if groups.is_single(layer) => {
            let indices = array.chunks().indices();
            let make = |index: BlockIndex| {
                let source = |(i, &input): (usize, &usize)| blocks[input][blockwise.source(array, i, &index)];
                let args: SmallVec<[TaskId; 4]> =
                    layers.inputs(layer).iter().enumerate().map(source).collect();
                tasks.push(
                    Key::block(array.shared_name().clone(), &index),
                    blockwise.op.op(array, &index),
                    args,
                )
            };
            indices.map(make).collect()
        }
        Layer::Blockwise(_) => {
            let mut recipe = Recipe::new(layers, groups, layer);
            let make = |(block, index): (usize, BlockIndex)| {
                let (op, args) = recipe.block(block);
                let args = args.into_iter().map(|(input, block)| blocks[input][block]);
                tasks.push(Key::block(array.shared_name().clone(), &index), op, args)
            };
            array.chunks().indices().enumerate().map(make).collect()
        }
    }
}
