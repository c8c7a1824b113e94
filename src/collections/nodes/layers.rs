//! The layers of a graph: all nodes that it needs.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::node::Node;

/// Some nodes and all nodes that they are made from, each after its inputs.
pub(super) struct Layers<'a> {
    nodes: Vec<&'a Node>,
    places: FxHashMap<&'a str, usize>,
    /// The inputs of each node.
    inputs: Vec<SmallVec<[usize; 2]>>,
    /// Whether each node is wanted as a result.
    targets: Vec<bool>,
}

impl<'a> Layers<'a> {
    pub(super) fn of(targets: &[&'a Node]) -> Layers<'a> {
        let mut layers = Layers {
            nodes: Vec::new(),
            places: FxHashMap::default(),
            inputs: Vec::new(),
            targets: Vec::new(),
        };
        let mut seen = FxHashSet::default();
        // A node is pushed twice: before and after its inputs.
        let mut stack: Vec<(&Node, bool)> = targets.iter().rev().map(|node| (*node, false)).collect();
        while let Some((node, entered)) = stack.pop() {
            if entered {
                let inputs = node.inputs().iter().map(|input| layers.places[input.name()]).collect();
                layers.places.insert(node.name(), layers.nodes.len());
                layers.nodes.push(node);
                layers.inputs.push(inputs);
            } else if seen.insert(node.name()) {
                stack.push((node, true));
                stack.extend(node.inputs().iter().rev().map(|input| (input, false)));
            }
        }
        layers.targets = vec![false; layers.len()];
        targets.iter().for_each(|node| layers.targets[layers.places[node.name()]] = true);
        layers
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, layer: usize) -> &'a Node {
        self.nodes[layer]
    }

    pub(super) fn inputs(&self, layer: usize) -> &[usize] {
        &self.inputs[layer]
    }

    pub(super) fn is_target(&self, layer: usize) -> bool {
        self.targets[layer]
    }

    pub(super) fn place(&self, node: &Node) -> usize {
        self.places[node.name()]
    }
}
