//! Blockwise fusion: merges layers whose blocks are made one by one, before tasks are created.
//!
//! ```text
//!  x[i, j]  x[j, i]
//!     |        |             x[i, j]  x[j, i]
//!     |    transpose             \    /
//!      \     /                 mean_chunk      one task: transpose, add, mean_chunk
//!        add          ->           |
//!         |
//!     mean_chunk
//! ```
//!
//! A layer is merged into its dependent if that is its only dependent, if it is not a target, and if the dependent
//! does not use it at two different positions. So everything is still computed only once, and no parallelism is lost.
//! These are the rules of Dask's [`optimize_blockwise`](https://docs.dask.org/en/stable/high-level-graphs.html), which
//! are applied until nothing changes.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    layer::{Blockwise, Labels, Layer},
    layers::Layers,
};
use crate::{
    key::Key,
    operations::{Args, Fused, Op, Part, Source},
};

/// Which layers are merged.
pub(super) struct Groups {
    /// For each layer, the last layer of its group, with which it is computed.
    root: Vec<usize>,
    /// For each root, the number of layers in its group.
    sizes: Vec<usize>,
}

/// A group as a single layer, with what it takes from others.
#[derive(Clone)]
struct Joined {
    members: Vec<usize>,
    out: Labels,
    /// The layers taken, and with which labels; each pair once.
    takes: Vec<(usize, Labels)>,
}

impl Groups {
    /// Each layer in a group of its own.
    pub(super) fn single(layers: &Layers<'_>) -> Groups {
        Groups { root: (0..layers.len()).collect(), sizes: vec![1; layers.len()] }
    }

    pub(super) fn fused(layers: &Layers<'_>) -> Groups {
        let mut joined: Vec<Option<Joined>> =
            (0..layers.len()).map(|layer| Joined::of(layers, layer)).collect();
        let mut changed = true;
        while changed {
            changed = pass(layers, &mut joined);
        }
        let mut groups = Groups::single(layers);
        for (root, joined) in joined.iter().enumerate() {
            if let Some(joined) = joined {
                joined.members.iter().for_each(|&member| groups.root[member] = root);
                groups.sizes[root] = joined.members.len();
            }
        }
        groups
    }

    /// The last layers of all groups, each after the layers that it takes.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.root.len()).filter(|&layer| self.root[layer] == layer)
    }

    pub(super) fn is_single(&self, root: usize) -> bool {
        self.sizes[root] == 1
    }
}

impl Joined {
    /// A group of one blockwise layer.
    fn of(layers: &Layers<'_>, layer: usize) -> Option<Joined> {
        let Layer::Blockwise(Blockwise { out, inputs, .. }) = layers.node(layer).layer() else {
            return None;
        };
        let takes = layers.inputs(layer).iter().copied().zip(inputs.iter().cloned()).collect();
        Some(Joined { members: vec![layer], out: out.clone(), takes })
    }

    /// The layers taken.
    fn taken(&self) -> SmallVec<[usize; 4]> {
        let mut taken: SmallVec<[usize; 4]> = self.takes.iter().map(|&(layer, _)| layer).collect();
        taken.sort_unstable();
        taken.dedup();
        taken
    }

    /// The taken layers that could be computed in this group: not through a contraction, and needed by this group
    /// only.
    fn candidates(&self, dependents: &[u32]) -> SmallVec<[usize; 4]> {
        match self.takes.iter().flat_map(|(_, labels)| labels).all(|label| self.out.contains(label)) {
            true => self.taken().into_iter().filter(|&layer| dependents[layer] <= 1).collect(),
            false => SmallVec::new(),
        }
    }

    /// The number of times `layer` is taken.
    fn times(&self, layer: usize) -> usize {
        self.takes.iter().filter(|(taken, _)| *taken == layer).count()
    }

    /// Merges `other`, the group of `layer`, into this one.
    fn absorb(&mut self, layer: usize, other: &Joined) {
        let (at, mut takes): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.takes).into_iter().partition(|(taken, _)| *taken == layer);
        let labels = at.iter().chain(&takes).flat_map(|(_, labels)| labels).chain(&self.out);
        let mut unused = labels.max().map_or(0, |label| label + 1);
        for (_, at) in at {
            // Axes that only the other group has get new labels.
            let mut renamed: FxHashMap<u32, u32> = other.out.iter().copied().zip(at).collect();
            for (taken, labels) in &other.takes {
                let rename = |&label: &u32| {
                    *renamed.entry(label).or_insert_with(|| {
                        unused += 1;
                        unused - 1
                    })
                };
                takes.push((*taken, labels.iter().map(rename).collect()));
            }
        }
        for take in takes {
            if !self.takes.contains(&take) {
                self.takes.push(take);
            }
        }
        self.members.extend(&other.members);
    }
}

/// Merges what can be merged with the current groups. Returns whether anything changed.
fn pass(layers: &Layers<'_>, joined: &mut [Option<Joined>]) -> bool {
    let dependents = count_dependents(layers, joined);
    let mut changed = false;
    // From last to first: a group can only be merged into a later one.
    for root in (0..joined.len()).rev() {
        let Some(mut group) = joined[root].take() else { continue };
        let as_it_was = group.clone();
        let mut candidates = group.candidates(&dependents);
        while let Some(layer) = candidates.pop() {
            if layers.is_target(layer) || as_it_was.times(layer) > 1 {
                continue;
            }
            if let Some(other) = joined[layer].take() {
                candidates.extend(other.candidates(&dependents));
                group.absorb(layer, &other);
                changed = true;
            }
        }
        joined[root] = Some(group);
    }
    changed
}

/// For each layer, the number of groups and other layers that take it.
fn count_dependents(layers: &Layers<'_>, joined: &[Option<Joined>]) -> Vec<u32> {
    let mut dependents = vec![0; layers.len()];
    for (layer, joined) in joined.iter().enumerate() {
        let taken = match (joined, layers.node(layer).layer()) {
            (Some(joined), _) => joined.taken(),
            (None, Layer::Tasks(_)) => {
                let mut taken: SmallVec<[usize; 4]> = layers.inputs(layer).into();
                taken.sort_unstable();
                taken.dedup();
                taken
            }
            // It was merged into another group.
            (None, Layer::Blockwise(_)) => continue,
        };
        taken.into_iter().for_each(|layer| dependents[layer] += 1);
    }
    dependents
}

/// How to make the blocks of a group: the operations of its layers, one after another, as one.
pub(super) struct Recipe<'a> {
    layers: &'a Layers<'a>,
    groups: &'a Groups,
    root: usize,
    /// The parts and inputs of the current block, by layer and block.
    sources: FxHashMap<(usize, usize), Source>,
}

impl<'a> Recipe<'a> {
    pub(super) fn new(layers: &'a Layers<'a>, groups: &'a Groups, root: usize) -> Recipe<'a> {
        Recipe { layers, groups, root, sources: FxHashMap::default() }
    }

    /// The operation that makes block number `block` of the root, and its input blocks from other layers.
    pub(super) fn block(&mut self, block: usize) -> (Op, Vec<(usize, usize)>) {
        self.sources.clear();
        let mut parts: Vec<Part> = Vec::new();
        let mut inputs = Vec::new();
        // A member is pushed twice: before and after its inputs.
        let mut stack = vec![((self.root, block), false)];
        while let Some((place @ (layer, block), entered)) = stack.pop() {
            if self.sources.contains_key(&place) {
                continue;
            }
            let node = self.layers.node(layer);
            let Layer::Blockwise(blockwise) = node.layer() else {
                unreachable!("groups of several layers are blockwise")
            };
            let index = node.grid().unravel(block);
            let sources = self.layers.inputs(layer).iter().enumerate();
            let sources = sources
                .map(|(i, &input)| (input, blockwise.source(i, self.layers.node(input).grid(), &index)));
            if !entered {
                stack.push((place, true));
                for source in sources {
                    if self.groups.root[source.0] == self.root {
                        stack.push((source, false));
                    } else {
                        self.sources.entry(source).or_insert_with(|| {
                            inputs.push(source);
                            Source::Input(inputs.len() as u32 - 1)
                        });
                    }
                }
                continue;
            }
            let args: Args = sources.map(|source| self.sources[&source]).collect();
            self.sources.insert(place, Source::Part(parts.len() as u32));
            let key = Key::block(node.shared_name().clone(), &index);
            parts.push(Part { key, op: blockwise.op.op(&index), args });
        }
        (Op::Fused(Fused { parts }.into()), inputs)
    }
}
