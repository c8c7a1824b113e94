//! Third stage: the order of the tasks within each layer, so that few edges cross.
//!
//! It starts from the static order, which follows the graph depth first and so already keeps related tasks side
//! by side: trees have no crossings then and are left alone. Otherwise layers are sorted by the barycentre of
//! their neighbours, sweeping back and forth, and the best order found is kept.
//!
//! Positions are fractions of a layer, so that neighbours in layers of different sizes can be averaged. An edge
//! over several layers counts as if it started in the layer next to its end, at the same fraction.
//!
//! Source: the barycentre method of Sugiyama, Tagawa and Toda, 1981; counting by merging as in W. Barth,
//! P. Mutzel, M. Jünger, [Simple and efficient bilayer cross counting](https://doi.org/10.7155/jgaa.00088), 2004.

use std::ops::Range;

use super::layers::Layers;
use crate::graph::Rows;

/// The maximum number of rounds (one sweep in each direction) for a graph with `size` tasks and edges.
fn rounds(size: usize) -> usize {
    match size {
        0..=20_000 => 16,
        20_001..=200_000 => 3,
        200_001..=1_000_000 => 2,
        _ => 1,
    }
}

/// A component is left as it is after this many rounds without improvement.
const PATIENCE: usize = 4;

/// The slots in drawing order, layer after layer.
pub(super) fn reduce(layers: &Layers) -> Vec<u32> {
    let rounds = rounds(layers.tasks.len() + layers.dependencies.entries());
    let mut order = Order::new(layers);
    for component in 0..layers.components() {
        order.improve(layers.component(component), rounds);
    }
    order.sequence
}

/// An order within each layer, with buffers for changing it.
struct Order<'a> {
    layers: &'a Layers,
    /// The slots, layer after layer.
    sequence: Vec<u32>,
    /// The position of each slot in its layer, as a fraction.
    places: Vec<f32>,
    keyed: Vec<u64>,
    merge: Merge,
}

impl<'a> Order<'a> {
    fn new(layers: &'a Layers) -> Order<'a> {
        let slots = layers.tasks.len();
        let mut order = Order {
            layers,
            sequence: (0..slots as u32).collect(),
            places: vec![0.0; slots],
            keyed: Vec::new(),
            merge: Merge::default(),
        };
        for component in 0..layers.components() {
            for layer in layers.component(component) {
                order.place(layer);
            }
        }
        order
    }

    fn place(&mut self, layer: usize) {
        let slots = self.layers.slots(layer);
        let step = 1.0 / slots.len() as f32;
        for (i, &slot) in self.sequence[slots].iter().enumerate() {
            self.places[slot as usize] = (i as f32 + 0.5) * step;
        }
    }

    fn improve(&mut self, component: Range<usize>, rounds: usize) {
        if component.len() < 2 {
            return;
        }
        let slots = self.layers.slots(component.start).start..self.layers.slots(component.end - 1).end;
        let mut fewest = self.crossings(component.clone());
        if fewest == 0 {
            return;
        }
        let mut best = self.sequence[slots.clone()].to_vec();
        let mut patience = PATIENCE;
        for _ in 0..rounds {
            if fewest == 0 || patience == 0 {
                break;
            }
            for layer in component.clone().skip(1) {
                self.sort(layer, &self.layers.dependencies);
            }
            for layer in component.clone().rev().skip(1) {
                self.sort(layer, &self.layers.dependents);
            }
            let crossings = self.crossings(component.clone());
            patience -= 1;
            if crossings < fewest {
                fewest = crossings;
                patience = PATIENCE;
                best.copy_from_slice(&self.sequence[slots.clone()]);
            }
        }
        self.sequence[slots].copy_from_slice(&best);
    }

    /// Sorts a layer by the barycentre of each slot's `neighbours`. A slot without neighbours keeps its fraction.
    fn sort(&mut self, layer: usize, neighbours: &Rows) {
        let slots = self.layers.slots(layer);
        self.keyed.clear();
        for (i, &slot) in self.sequence[slots.clone()].iter().enumerate() {
            let row = neighbours.row(slot);
            let centre = match row.len() {
                0 => self.places[slot as usize],
                n => row.iter().map(|&other| self.places[other as usize]).sum::<f32>() / n as f32,
            };
            // Positive floats sort like their bits; the current position breaks ties.
            self.keyed.push(u64::from(centre.to_bits()) << 32 | i as u64);
        }
        self.keyed.sort_unstable();
        let sequence = &mut self.sequence[slots];
        for key in &mut self.keyed {
            *key = u64::from(sequence[*key as u32 as usize]);
        }
        for (slot, key) in sequence.iter_mut().zip(&self.keyed) {
            *slot = *key as u32;
        }
        self.place(layer);
    }

    fn crossings(&mut self, component: Range<usize>) -> u64 {
        component.skip(1).map(|layer| self.crossings_before(layer)).sum()
    }

    /// The number of crossings between edges into `layer`: the inversions of their starts, listed by their ends.
    fn crossings_before(&mut self, layer: usize) -> u64 {
        let starts = &mut self.merge.values;
        starts.clear();
        for &slot in &self.sequence[self.layers.slots(layer)] {
            let first = starts.len();
            let row = self.layers.dependencies.row(slot);
            starts.extend(row.iter().map(|&other| self.places[other as usize].to_bits()));
            starts[first..].sort_unstable();
        }
        self.merge.inversions()
    }
}

/// Counts inversions by merge sort; keeps its memory between calls.
#[derive(Default)]
struct Merge {
    values: Vec<u32>,
    spare: Vec<u32>,
}

impl Merge {
    /// The number of pairs in `values` whose later element is smaller. Sorts `values`.
    fn inversions(&mut self) -> u64 {
        /// Runs this short are sorted by insertion.
        const RUN: usize = 16;
        if self.values.is_sorted() {
            return 0;
        }
        let mut inversions = 0;
        for run in self.values.chunks_mut(RUN) {
            for i in 1..run.len() {
                let value = run[i];
                let place = run[..i].iter().rposition(|&before| before <= value).map_or(0, |at| at + 1);
                run.copy_within(place..i, place + 1);
                run[place] = value;
                inversions += (i - place) as u64;
            }
        }
        let mut width = RUN;
        self.spare.resize(self.values.len(), 0);
        while width < self.values.len() {
            for (from, to) in self.values.chunks(2 * width).zip(self.spare.chunks_mut(2 * width)) {
                inversions += merge(from, width.min(from.len()), to);
            }
            std::mem::swap(&mut self.values, &mut self.spare);
            width *= 2;
        }
        inversions
    }
}

/// Merges the sorted `from[..middle]` and `from[middle..]`. Returns the number of pairs that change sides.
fn merge(from: &[u32], middle: usize, to: &mut [u32]) -> u64 {
    let (left, right) = from.split_at(middle);
    if right.first().is_none_or(|first| left[middle - 1] <= *first) {
        to.copy_from_slice(from);
        return 0;
    }
    let (mut l, mut r, mut inversions) = (0, 0, 0);
    let mut merged = 0;
    while l < left.len() && r < right.len() {
        // The branch would be unpredictable, so the result of the comparison is added instead.
        let from_right = right[r] < left[l];
        to[merged] = if from_right { right[r] } else { left[l] };
        inversions += if from_right { (left.len() - l) as u64 } else { 0 };
        r += usize::from(from_right);
        l += usize::from(!from_right);
        merged += 1;
    }
    to[merged..][..left.len() - l].copy_from_slice(&left[l..]);
    to[merged + left.len() - l..].copy_from_slice(&right[r..]);
    inversions
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rows of a graph of `widths` layers, whose edges join adjacent layers, from pairs of random numbers.
    fn layered(widths: &[usize], edges: &[(usize, usize)]) -> (Rows, Vec<u32>) {
        let starts: Vec<usize> = widths
            .iter()
            .scan(0, |start, width| {
                *start += width;
                Some(*start - width)
            })
            .collect();
        let mut rows = vec![vec![]; widths.iter().sum()];
        let mut depths = vec![];
        for (layer, &width) in widths.iter().enumerate() {
            depths.resize(depths.len() + width, layer as u32);
        }
        for &(from, to) in edges {
            let to = widths[0] + to % (rows.len() - widths[0]);
            let layer = depths[to] as usize - 1;
            rows[to].push((starts[layer] + from % widths[layer]) as u32);
        }
        (Rows::from_rows(rows), depths)
    }

    /// Looks at all pairs of edges into the same layer, one by one.
    fn crossings_naively(layers: &Layers, sequence: &[u32]) -> u64 {
        let mut rank = vec![0; sequence.len()];
        sequence.iter().enumerate().for_each(|(i, &slot)| rank[slot as usize] = i);
        let mut crossings = 0;
        for layer in (0..layers.components()).flat_map(|component| layers.component(component)) {
            let ends: Vec<(usize, usize)> = layers
                .slots(layer)
                .flat_map(|to| {
                    let row = layers.dependencies.row(to as u32).iter();
                    row.map(|&from| (rank[from as usize], rank[to])).collect::<Vec<_>>()
                })
                .collect();
            crossings +=
                ends.iter().flat_map(|a| ends.iter().filter(|b| a.0 < b.0 && a.1 > b.1)).count() as u64;
        }
        crossings
    }

    proptest! {
        #[test]
        fn edges_cross_as_counted_and_no_more_often_than_at_the_start(
            widths in prop::collection::vec(1usize..9, 2..6),
            edges in prop::collection::vec((0usize..99, 0usize..99), 1..60),
        ) {
            let (rows, depths) = layered(&widths, &edges);
            let order: Vec<u32> = (0..rows.len() as u32).collect();
            let layers = Layers::new(&rows, &order, &depths);
            let mut start = Order::new(&layers);
            let at_first: u64 = (0..layers.components()).map(|c| start.crossings(layers.component(c))).sum();
            prop_assert_eq!(at_first, crossings_naively(&layers, &start.sequence));
            prop_assert!(crossings_naively(&layers, &reduce(&layers)) <= at_first);
        }

        #[test]
        fn inversions_are_counted_as_by_comparing_all_pairs(values in prop::collection::vec(0u32..50, 0..200)) {
            let naive = (0..values.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
            let naive = naive.filter(|&(i, j)| values[i] > values[j]).count() as u64;
            let mut merge = Merge { values, spare: vec![] };
            prop_assert_eq!(merge.inversions(), naive);
            prop_assert!(merge.values.is_sorted());
        }
    }

    #[test]
    fn a_crossing_that_sorting_can_undo_is_undone() {
        let (rows, depths) =
            (Rows::from_rows([vec![], vec![], vec![1], vec![0], vec![2, 3]]), [0, 0, 1, 1, 2]);
        let layers = Layers::new(&rows, &[0, 1, 2, 3, 4], &depths);
        assert_eq!(crossings_naively(&layers, &[0, 1, 2, 3, 4]), 1);
        assert_eq!(crossings_naively(&layers, &reduce(&layers)), 0);
    }
}
