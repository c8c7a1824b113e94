//! Second stage: regroups the graph so that the later stages read memory in order.
//!
//! Tasks are renumbered into *slots*: by connected component, then by depth, then by priority. A component is a
//! run of layers, and a layer is a run of slots.
//!
//! ```text
//! slots       0 1 2 | 3 4 | 5    6 7 | 8
//! layers      0       1     2    3     4
//! components  0                  1
//! ```

use std::ops::Range;

use crate::{graph::Rows, sort};

/// A graph by component, depth and priority.
pub(super) struct Layers {
    /// The task of each slot.
    pub tasks: Vec<u32>,
    /// Dependencies of each slot, as slots.
    pub dependencies: Rows,
    /// Dependents of each slot, as slots.
    pub dependents: Rows,
    /// Where each layer's slots start, and one past the end of the last.
    layer_starts: Vec<u32>,
    /// Where each component's layers start, and one past the end of the last.
    component_starts: Vec<u32>,
}

impl Layers {
    /// Groups the tasks. O(V + E), or O(V log V + E) if `order` is not a permutation.
    pub(super) fn new(dependencies: &Rows, order: &[u32], depths: &[u32]) -> Layers {
        let by_priority = by_priority(order);
        let (components, count) = components(dependencies, &by_priority);

        let mut component_starts = vec![0u32; count + 1];
        for (&component, &depth) in components.iter().zip(depths) {
            let layers = &mut component_starts[component as usize + 1];
            *layers = (*layers).max(depth + 1);
        }
        accumulate(&mut component_starts);
        let layer = |task: usize| (component_starts[components[task] as usize] + depths[task]) as usize;

        let mut layer_starts = vec![0u32; component_starts[count] as usize + 1];
        for task in 0..order.len() {
            layer_starts[layer(task) + 1] += 1;
        }
        accumulate(&mut layer_starts);

        let mut next = layer_starts.clone();
        let mut tasks = vec![0; order.len()];
        let mut slots = vec![0; order.len()];
        for task in by_priority {
            let slot = &mut next[layer(task as usize)];
            tasks[*slot as usize] = task;
            slots[task as usize] = *slot;
            *slot += 1;
        }
        let dependencies = Rows::from_rows(
            tasks.iter().map(|&task| dependencies.row(task).iter().map(|&d| slots[d as usize])),
        );
        let dependents = dependencies.transpose();
        Layers { tasks, dependencies, dependents, layer_starts, component_starts }
    }

    /// The number of components.
    pub(super) fn components(&self) -> usize {
        self.component_starts.len() - 1
    }

    /// The layers of a component, by depth.
    pub(super) fn component(&self, component: usize) -> Range<usize> {
        self.component_starts[component] as usize..self.component_starts[component + 1] as usize
    }

    /// The slots of a layer.
    pub(super) fn slots(&self, layer: usize) -> Range<usize> {
        self.layer_starts[layer] as usize..self.layer_starts[layer + 1] as usize
    }
}

/// Counts -> where each run starts.
fn accumulate(starts: &mut [u32]) {
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
}

/// The tasks sorted by their number in `order`, then by id.
fn by_priority(order: &[u32]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let mut sorted = vec![NONE; order.len()];
    for (task, &priority) in order.iter().enumerate() {
        match sorted.get_mut(priority as usize) {
            Some(place) if *place == NONE => *place = task as u32,
            _ => {
                let mut tasks: Vec<u32> = (0..order.len() as u32).collect();
                sort::by_key(&mut tasks, &|task| order[task as usize].into());
                return tasks;
            }
        }
    }
    sorted
}

/// The component of each task, numbered in the order in which `by_priority` meets them, and the number of
/// components.
///
/// Uses union-find: it reads the edges one after another and touches little memory, while a graph walk would
/// touch most of it.
fn components(dependencies: &Rows, by_priority: &[u32]) -> (Vec<u32>, usize) {
    /// The root of a task's set; paths are halved on the way.
    fn root(parents: &mut [u32], mut task: u32) -> u32 {
        while parents[task as usize] != task {
            let grandparent = parents[parents[task as usize] as usize];
            parents[task as usize] = grandparent;
            task = grandparent;
        }
        task
    }
    let mut parents: Vec<u32> = (0..by_priority.len() as u32).collect();
    for (task, row) in (0..).zip(dependencies.iter()) {
        for &dependency in row {
            let (a, b) = (root(&mut parents, task), root(&mut parents, dependency));
            // The lower id becomes the root: plans number dependencies first, so paths stay short.
            parents[a.max(b) as usize] = a.min(b);
        }
    }
    const NONE: u32 = u32::MAX;
    let mut numbers = vec![NONE; by_priority.len()];
    let mut components = vec![0; by_priority.len()];
    let mut count = 0;
    for &task in by_priority {
        let number = &mut numbers[root(&mut parents, task) as usize];
        if *number == NONE {
            *number = count;
            count += 1;
        }
        components[task as usize] = *number;
    }
    (components, count as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_run_by_component_then_depth_then_priority() {
        // 5 -> 4 -> 1, 5 -> 0, and 2 -> 3; the highest ids come first.
        let rows = Rows::from_rows([vec![5], vec![4], vec![], vec![2], vec![5], vec![]]);
        let layers = Layers::new(&rows, &[5, 4, 3, 2, 1, 0], &[1, 2, 0, 1, 1, 0]);
        assert_eq!(layers.tasks, [5, 4, 0, 1, 2, 3]);
        assert_eq!(
            layers.dependencies,
            Rows::from_rows([vec![], vec![0], vec![0], vec![1], vec![], vec![4]])
        );
        assert_eq!((layers.components(), layers.component(0), layers.component(1)), (2, 0..3, 3..5));
        assert_eq!((0..5).map(|l| layers.slots(l)).collect::<Vec<_>>(), [0..1, 1..3, 3..4, 4..5, 5..6]);
    }

    #[test]
    fn equal_or_sparse_priorities_fall_back_to_ids() {
        assert_eq!(by_priority(&[7, 7, 0]), [2, 0, 1]);
        assert_eq!(by_priority(&[2, 0, 1]), [1, 2, 0]);
        assert!(by_priority(&[]).is_empty());
    }
}
