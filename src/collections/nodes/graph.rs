//! From nodes to a task graph.
//!
//! ```text
//! nodes --fusion--> groups of layers --emit--> tasks --cull--> --fuse--> --drop_aliases--> TaskGraph
//! ```
//!
//! This follows Dask's optimisation of arrays: blockwise layers are [fused](super::fusion), tasks that no target needs
//! are culled, and each chain of tasks becomes one task with Dask's name. Dask's aliases, tasks that only give a value
//! a second name, are dropped at the end.

use smallvec::SmallVec;

use super::{
    emitter::{Emitter, Input, LooseTasks},
    fusion::{Groups, Recipe},
    grid::BlockIndex,
    layer::Layer,
    layers::Layers,
    node::Node,
};
use crate::{
    error::Result,
    graph::{TaskGraph, TaskId, optimize},
    key::Key,
};

/// The task graph of several collections. Tasks that they have in common appear once. Its targets are the blocks of the
/// first collection in C order, then those of the next.
///
/// # Errors
/// If there are no collections, or the graph has more than 2^20 tasks before culling.
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
pub fn graph(collections: &[impl AsRef<Node>], optimized: bool) -> Result<TaskGraph> {
    build(&collections.iter().map(AsRef::as_ref).collect::<Vec<_>>(), optimized)
}

fn build(nodes: &[&Node], optimized: bool) -> Result<TaskGraph> {
    let layers = Layers::of(nodes);
    let groups = if optimized { Groups::fused(&layers) } else { Groups::single(&layers) };
    let mut tasks = LooseTasks::default();
    let mut blocks: Vec<Vec<TaskId>> = vec![Vec::new(); layers.len()];
    for layer in groups.roots() {
        blocks[layer] = emit(&layers, &groups, layer, &blocks, &mut tasks)?;
    }
    let targets = nodes.iter().flat_map(|node| blocks[layers.place(node)].iter().copied()).collect();
    let graph = tasks.into_graph(targets)?;
    let graph = if optimized { optimize::fuse_renaming(&graph) } else { graph };
    Ok(optimize::drop_aliases(graph))
}

/// Adds the tasks of one group. Returns the tasks that make the blocks of its root.
fn emit(
    layers: &Layers<'_>,
    groups: &Groups,
    layer: usize,
    blocks: &[Vec<TaskId>],
    tasks: &mut LooseTasks,
) -> Result<Vec<TaskId>> {
    let node = layers.node(layer);
    let inputs = layers.inputs(layer);
    let key = |index: &[u32]| Key::block(node.shared_name().clone(), index);
    match node.layer() {
        Layer::Tasks(make) => {
            let input = |&input: &usize| Input { grid: layers.node(input).grid(), blocks: &blocks[input] };
            let inputs = inputs.iter().map(input).collect();
            make.emit(&mut Emitter { tasks, name: node.shared_name(), grid: node.grid(), inputs })
        }
        Layer::Blockwise(blockwise) if groups.is_single(layer) => {
            let make = |index: BlockIndex| {
                let source = |(i, &input): (usize, &usize)| {
                    blocks[input][blockwise.source(i, layers.node(input).grid(), &index)]
                };
                let args: SmallVec<[TaskId; 4]> = inputs.iter().enumerate().map(source).collect();
                tasks.push(key(&index), blockwise.op.op(&index), args)
            };
            node.grid().indices().map(make).collect()
        }
        Layer::Blockwise(_) => {
            let mut recipe = Recipe::new(layers, groups, layer);
            let make = |(block, index): (usize, BlockIndex)| {
                let (op, args) = recipe.block(block);
                let args = args.into_iter().map(|(input, block)| blocks[input][block]);
                tasks.push(key(&index), op, args)
            };
            node.grid().indices().enumerate().map(make).collect()
        }
    }
}
