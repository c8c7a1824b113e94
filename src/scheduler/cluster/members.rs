//! A set of nodes: O(1) to add, remove, and to take the n-th.

use super::message::NodeId;

/// A set of nodes, in no order.
#[derive(Debug, Default)]
pub struct Members {
    nodes: Vec<NodeId>,
    /// Per node, its place. `NOWHERE` if it is not in the set.
    places: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Members {
    /// The nodes.
    #[inline]
    pub fn nodes(&self) -> &[NodeId] {
        &self.nodes
    }

    /// Whether `node` is in the set.
    #[inline]
    pub fn contains(&self, node: NodeId) -> bool {
        self.places.get(node as usize).is_some_and(|&place| place != NOWHERE)
    }

    /// Adds a node or removes it.
    #[inline]
    pub fn set(&mut self, node: NodeId, is_member: bool) {
        if self.contains(node) == is_member {
            return;
        }
        let index = node as usize;
        if is_member {
            if self.places.len() <= index {
                self.places.resize(index + 1, NOWHERE);
            }
            self.places[index] = self.nodes.len() as u32;
            self.nodes.push(node);
        } else {
            let place = self.places[index];
            self.nodes.swap_remove(place as usize);
            if let Some(&moved) = self.nodes.get(place as usize) {
                self.places[moved as usize] = place;
            }
            self.places[index] = NOWHERE;
        }
    }
}
