//! Fourth stage: `y` within each component, in the order that the previous stage chose.
//!
//! Ideally every task lies at the mean of its neighbours, but tasks in a layer must stay in order and at least 1
//! apart. For one layer, the positions closest to the ideal ones (least squares) are found in one pass: subtract
//! the task's rank from each ideal position; the results must be non-decreasing, so this is isotonic regression
//! by pooling adjacent violators. Layers are settled one after another, in sweeps back and forth. The positions
//! do not drift: mirrored input gives mirrored output, so symmetric graphs look symmetric.
//!
//! ```text
//! ideal    2   2   5    - rank   2   1   3      pooled   1.5 1.5 3      + rank   1.5  2.5  5
//! ```
//!
//! A layer with far fewer tasks than the widest one keeps them a little further apart, so that a few sources
//! with many dependents do not end up in a knot.
//!
//! A task with more dependencies than dependents follows its dependencies only, and vice versa: so a reduction
//! sits in the middle of its inputs and a tree looks like a tree. Other tasks follow both.
//!
//! Source of the pooling: M. Ayer et al., [An empirical distribution function for sampling with incomplete
//! information](https://doi.org/10.1214/aoms/1177728423), 1955.

use std::cmp::Ordering;
use std::ops::Range;

use super::layers::Layers;

/// The maximum number of sweeps for a graph with `size` tasks and edges, counting each direction.
fn sweeps(size: usize) -> usize {
    match size {
        0..=20_000 => 16,
        20_001..=200_000 => 8,
        200_001..=1_000_000 => 4,
        _ => 3,
    }
}

/// The sweeps end when no task moves further than this.
const SETTLED: f64 = 1e-6;

/// The largest distance kept between tasks of a narrow layer.
const LOOSEST: f64 = 4.0;

/// `y` of each slot; 0 is the top of its component.
pub(super) fn across(layers: &Layers, sequence: &[u32]) -> Vec<f32> {
    let sweeps = sweeps(layers.tasks.len() + layers.dependencies.entries());
    let mut across = Across { layers, sequence, y: vec![0.0; sequence.len()], pool: Pool::default() };
    for component in 0..layers.components() {
        across.settle(layers.component(component), sweeps);
    }
    across.y.into_iter().map(|y| y as f32).collect()
}

struct Across<'a> {
    layers: &'a Layers,
    sequence: &'a [u32],
    y: Vec<f64>,
    pool: Pool,
}

/// Isotonic regression by pooling adjacent violators.
#[derive(Default)]
struct Pool {
    blocks: Vec<Block>,
}

/// Adjacent ideal positions that are pooled to one value: their mean.
struct Block {
    sum: f64,
    weight: f64,
    mean: f64,
    wishes: usize,
}

impl Pool {
    /// Adds the next ideal position. Amortised O(1).
    fn push(&mut self, wish: f64, weight: f64) {
        let mut block = Block { sum: wish * weight, weight, mean: wish, wishes: 1 };
        while let Some(before) = self.blocks.pop_if(|before| before.mean >= block.mean) {
            block.sum += before.sum;
            block.weight += before.weight;
            block.wishes += before.wishes;
            block.mean = block.sum / block.weight;
        }
        self.blocks.push(block);
    }

    /// The fitted values: of all non-decreasing sequences, the one with the least weighted squared error.
    fn granted(&self) -> impl Iterator<Item = f64> {
        self.blocks.iter().flat_map(|block| std::iter::repeat_n(block.mean, block.wishes))
    }
}

impl Across<'_> {
    fn settle(&mut self, component: Range<usize>, sweeps: usize) {
        let widest = component.clone().map(|layer| self.layers.slots(layer).len()).max().unwrap_or(0);
        for layer in component.clone() {
            let slots = self.layers.slots(layer);
            let middle = (slots.len() - 1) as f64 / 2.0;
            for (rank, &slot) in self.sequence[slots].iter().enumerate() {
                self.y[slot as usize] = rank as f64 - middle;
            }
        }
        if component.len() > 1 {
            for sweep in 0..sweeps {
                let settle = |moved: f64, layer| moved.max(self.settle_layer(layer, widest));
                let moved = if sweep % 2 == 0 {
                    component.clone().fold(0.0, settle)
                } else {
                    component.clone().rev().fold(0.0, settle)
                };
                if moved < SETTLED {
                    break;
                }
            }
        }
        let first = |layer| self.y[self.sequence[self.layers.slots(layer).start] as usize];
        let top = component.clone().map(first).fold(f64::INFINITY, f64::min);
        for layer in component {
            self.y[self.layers.slots(layer)].iter_mut().for_each(|y| *y -= top);
        }
    }

    /// Moves the tasks of a layer. Returns the largest distance that a task moved.
    fn settle_layer(&mut self, layer: usize, widest: usize) -> f64 {
        let slots = self.layers.slots(layer);
        // At most half as high as the widest layer, so that it never sets the height.
        let apart = (widest as f64 / (2 * slots.len()) as f64).clamp(1.0, LOOSEST);
        let sequence = &self.sequence[slots];
        self.pool.blocks.clear();
        for (rank, &slot) in sequence.iter().enumerate() {
            let (wish, weight) = self.wish(slot);
            self.pool.push(wish - rank as f64 * apart, weight);
        }
        let mut moved = 0.0f64;
        for ((rank, &slot), granted) in sequence.iter().enumerate().zip(self.pool.granted()) {
            let y = granted + rank as f64 * apart;
            moved = moved.max((y - self.y[slot as usize]).abs());
            self.y[slot as usize] = y;
        }
        moved
    }

    /// The ideal position of a slot, and its weight.
    fn wish(&self, slot: u32) -> (f64, f64) {
        let (before, after) = (self.layers.dependencies.row(slot), self.layers.dependents.row(slot));
        let (before, after) = match before.len().cmp(&after.len()) {
            Ordering::Greater => (before, &[][..]),
            Ordering::Less => (&[][..], after),
            Ordering::Equal => (before, after),
        };
        let sum: f64 = before.iter().chain(after).map(|&other| self.y[other as usize]).sum();
        let weight = (before.len() + after.len()) as f64;
        (sum / weight, weight)
    }
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pooling_grants_the_minimax_of_means(
            wishes in prop::collection::vec((-9i32..9, 1i32..4), 1..12),
        ) {
            let mut pool = Pool::default();
            wishes.iter().for_each(|&(wish, weight)| pool.push(wish.into(), weight.into()));
            let mean = |from: usize, to: usize| {
                let (sum, weight) = wishes[from..=to].iter().fold((0, 0), |(s, w), &(wish, weight)| {
                    (s + wish * weight, w + weight)
                });
                f64::from(sum) / f64::from(weight)
            };
            for (i, granted) in pool.granted().enumerate() {
                let naive = (0..=i)
                    .map(|from| (i..wishes.len()).map(|to| mean(from, to)).fold(f64::INFINITY, f64::min))
                    .fold(f64::NEG_INFINITY, f64::max);
                prop_assert!((granted - naive).abs() < 1e-9, "{granted} at {i}, not {naive}");
            }
        }
    }
}
