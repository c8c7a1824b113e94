//! A node: what all collections have in common.

use std::{
    fmt,
    hash::{DefaultHasher, Hash},
    sync::Arc,
};

use smallvec::SmallVec;

use super::{grid::Grid, layer::Layer};
use crate::key::token;

/// The part of a collection that a graph is made from. Cloning is cheap: clones share everything.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    grid: Grid,
    inputs: SmallVec<[Node; 2]>,
    layer: Layer,
}

impl Node {
    /// The node called `prefix-token`, where the token is a hash of everything that it is made from: `described` is
    /// what only the collection knows.
    pub(crate) fn new(
        prefix: &str,
        described: impl Hash,
        grid: Grid,
        inputs: impl IntoIterator<Item = Node>,
        layer: Layer,
    ) -> Node {
        let inputs: SmallVec<[Node; 2]> = inputs.into_iter().collect();
        let mut hasher = DefaultHasher::new();
        described.hash(&mut hasher);
        inputs.iter().for_each(|input| input.name().hash(&mut hasher));
        Node::named(token(prefix, hasher, &layer), grid, inputs, layer)
    }

    pub(crate) fn named(
        name: Arc<str>,
        grid: Grid,
        inputs: impl IntoIterator<Item = Node>,
        layer: Layer,
    ) -> Node {
        Node(Arc::new(Inner { name, grid, inputs: inputs.into_iter().collect(), layer }))
    }

    /// The name of its tasks: a prefix and a token, equal for equal nodes.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its partitions.
    pub fn grid(&self) -> &Grid {
        &self.0.grid
    }

    /// The nodes that it is made from.
    pub(super) fn inputs(&self) -> &[Node] {
        &self.0.inputs
    }

    pub(super) fn layer(&self) -> &Layer {
        &self.0.layer
    }

    pub(super) fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }
}

impl AsRef<Node> for Node {
    fn as_ref(&self) -> &Node {
        self
    }
}

impl fmt::Debug for Node {
    /// Only the name, which stands for everything that the node is made from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Drop for Inner {
    /// Drops inputs iteratively: a node made by a thousand steps must not recurse a thousand levels deep.
    fn drop(&mut self) {
        let mut last: Vec<Node> = self.inputs.drain(..).collect();
        while let Some(node) = last.pop() {
            if let Some(mut inner) = Arc::into_inner(node.0) {
                last.extend(inner.inputs.drain(..));
            }
        }
    }
}
