//! Which node has least to do: a binary heap in which a node's load can change.

use super::message::NodeId;

/// Nodes by load. The lowest number is first among equals. Every change takes O(log nodes).
#[derive(Debug, Default)]
pub struct Loads {
    heap: Vec<NodeId>,
    /// Per node, its place in the heap. `NOWHERE` if it is not in it.
    places: Vec<u32>,
    loads: Vec<f64>,
}

const NOWHERE: u32 = u32::MAX;

impl Loads {
    /// The node with the least load.
    #[inline]
    pub fn least(&self) -> Option<NodeId> {
        self.heap.first().copied()
    }

    /// The node with the least load, and two others with less than most.
    #[inline]
    pub fn lowest(&self) -> &[NodeId] {
        &self.heap[..self.heap.len().min(3)]
    }

    /// Whether `node` is in the heap.
    pub fn contains(&self, node: NodeId) -> bool {
        self.places.get(node as usize).is_some_and(|&place| place != NOWHERE)
    }

    /// Adds a node.
    pub fn insert(&mut self, node: NodeId, load: f64) {
        let index = node as usize;
        if self.places.len() <= index {
            self.places.resize(index + 1, NOWHERE);
            self.loads.resize(index + 1, 0.0);
        }
        self.loads[index] = load;
        if self.places[index] == NOWHERE {
            self.heap.push(node);
            self.places[index] = self.heap.len() as u32 - 1;
        }
        self.move_to_its_place(self.places[index] as usize);
    }

    /// Changes the load of a node, if it is in the heap.
    #[inline]
    pub fn update(&mut self, node: NodeId, load: f64) {
        if self.contains(node) {
            self.loads[node as usize] = load;
            self.move_to_its_place(self.places[node as usize] as usize);
        }
    }

    /// Takes a node out of the heap, if it is in it.
    pub fn remove(&mut self, node: NodeId) {
        if !self.contains(node) {
            return;
        }
        let place = self.places[node as usize] as usize;
        self.places[node as usize] = NOWHERE;
        let last = self.heap.pop().expect("a node is in the heap");
        if last != node {
            self.put(place, last);
            self.move_to_its_place(place);
        }
    }

    fn put(&mut self, place: usize, node: NodeId) {
        self.heap[place] = node;
        self.places[node as usize] = place as u32;
    }

    #[inline]
    fn is_less(&self, a: NodeId, b: NodeId) -> bool {
        let (x, y) = (self.loads[a as usize], self.loads[b as usize]);
        x < y || (x == y && a < b)
    }

    fn move_to_its_place(&mut self, mut place: usize) {
        let node = self.heap[place];
        while place > 0 {
            let above = (place - 1) / 2;
            if !self.is_less(node, self.heap[above]) {
                break;
            }
            self.put(place, self.heap[above]);
            place = above;
        }
        loop {
            let left = 2 * place + 1;
            if left >= self.heap.len() {
                break;
            }
            let right = left + 1;
            let right_is_less = right < self.heap.len() && self.is_less(self.heap[right], self.heap[left]);
            let below = if right_is_less { right } else { left };
            if !self.is_less(self.heap[below], node) {
                break;
            }
            self.put(place, self.heap[below]);
            place = below;
        }
        self.put(place, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduler::cluster::dice::Dice;

    #[test]
    fn the_least_is_what_a_scan_finds() {
        let mut dice = Dice::new(7);
        let mut below = |most| dice.bits() % most;
        let (mut loads, mut all) = (Loads::default(), vec![None; 40]);
        for _ in 0..20_000 {
            let (node, load) = (below(40) as u32, below(10) as f64);
            match below(4) {
                0 => {
                    loads.insert(node, load);
                    all[node as usize] = Some(load);
                }
                1 => {
                    loads.remove(node);
                    all[node as usize] = None;
                }
                _ => {
                    loads.update(node, load);
                    all[node as usize] = all[node as usize].map(|_| load);
                }
            }
            let known = all.iter().enumerate().filter_map(|(node, load)| Some((load.as_ref()?, node as u32)));
            let expected = known.min_by(|a, b| a.partial_cmp(b).unwrap()).map(|(_, node)| node);
            assert_eq!(loads.least(), expected);
            assert_eq!(loads.heap.len(), all.iter().flatten().count());
        }
    }
}
