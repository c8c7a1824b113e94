//! Arrays of integers: `x[[5, 1, 1]]`. Dask's `take` and `_shuffle`.
//!
//! ```text
//! block 0    block 2          what a new block needs of each old one, in the order of indices:  shuffle-split
//!     \        /
//!      getitem                joined, and in the requested order
//! ```

use std::sync::Arc;

use smallvec::SmallVec;

use crate::{
    collections::{
        array::Array,
        chunks::{Chunks, TOLERANCE},
        nodes::{Emitter, Layer, Tasks},
    },
    error::Result,
    graph::TaskId,
    key::Key,
    operations::{Fused, Op, Part, Source, Take},
    sort,
};

impl Array {
    /// The elements at these indices along an axis; all are in bounds.
    pub(super) fn take(&self, places: &[usize], axis: usize) -> Result<Array> {
        let lengths = self.chunks().axis(axis);
        let total: usize = lengths.iter().sum();
        if places.iter().copied().eq(0..total) {
            return Ok(self.clone());
        }
        let blocks = group(places.len(), total, lengths.len());
        let chunks = self.chunks().with_axis(axis, blocks);
        let [old, new] = [self.chunks(), &chunks].map(Clone::clone);
        let layer = Layer::Tasks(Box::new(Taking { old, new, places: places.into(), axis }));
        Array::new("getitem", chunks, [self.clone()], layer)
    }
}

/// The number of indices in each new block: about the average length of the old blocks.
fn group(places: usize, total: usize, blocks: usize) -> Vec<usize> {
    let average = (total / blocks).max(1);
    let limit = (total as f64 / blocks as f64 * TOLERANCE) as usize;
    let (mut groups, mut open) = (Vec::new(), 0);
    for start in (0..places).step_by(average) {
        let more = average.min(places - start);
        if open + more > limit && open > 0 {
            groups.push(open);
            open = more;
        } else {
            open += more;
            if open as f64 > limit as f64 / TOLERANCE {
                groups.push(open);
                open = 0;
            }
        }
    }
    groups.extend((open > 0).then_some(open));
    groups
}

#[derive(Debug)]
struct Taking {
    old: Chunks,
    new: Chunks,
    places: Arc<[usize]>,
    axis: usize,
}

/// How a new block is made, independent of its position along the other axes.
struct Recipe {
    /// The required old blocks, and the indices to take from each.
    sources: Vec<(u32, Box<[i64]>)>,
    /// The order of the elements taken from them.
    order: Box<[i64]>,
}

impl Recipe {
    fn new(places: &[usize], ends: &[usize]) -> Recipe {
        let mut sorted: Vec<usize> = (0..places.len()).collect();
        sort::by_key(&mut sorted, &|i| places[i] as u64);
        let mut sources: Vec<(u32, Vec<i64>)> = Vec::new();
        let mut order = vec![0; places.len()].into_boxed_slice();
        for (position, &i) in sorted.iter().enumerate() {
            let block = ends.partition_point(|&end| end <= places[i]);
            let local = (places[i] - if block > 0 { ends[block - 1] } else { 0 }) as i64;
            match sources.last_mut() {
                Some((last, taken)) if *last == block as u32 => taken.push(local),
                _ => sources.push((block as u32, vec![local])),
            }
            order[i] = position as i64;
        }
        // From a single block, everything is taken in the right order at once.
        if let [(_, taken)] = &mut sources[..] {
            *taken = order.iter().map(|&position| taken[position as usize]).collect();
        }
        let sources = sources.into_iter().map(|(block, taken)| (block, taken.into())).collect();
        Recipe { sources, order }
    }
}

impl Tasks for Taking {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let &Taking { ref old, ref new, ref places, axis } = self;
        let ends: Vec<usize> = old.ranges(axis).into_iter().map(|range| range.end).collect();
        let recipes: Vec<Recipe> =
            new.ranges(axis).into_iter().map(|range| Recipe::new(&places[range], &ends)).collect();
        let take = |indices: &[i64]| Op::Take(Take { axis: axis as u8, indices: indices.into() }.into());
        let [split, join, order_name] =
            ["shuffle-split", "concatenate", "take"].map(|prefix| graph.named_beside(prefix));
        let mut splits = 0;
        let mut tasks = Vec::with_capacity(new.blocks());
        for index in new.indices() {
            let Recipe { sources, order } = &recipes[index[axis] as usize];
            let block = |graph: &Emitter<'_>, block: u32| {
                let mut from = index.clone();
                from[axis] = block;
                graph.input(0, &from)
            };
            if let [(source, taken)] = &sources[..] {
                let source = block(graph, *source);
                tasks.push(graph.block(&index, take(taken), [source])?);
                continue;
            }
            let mut args: SmallVec<[TaskId; 8]> = SmallVec::new();
            for (source, taken) in sources {
                let source = block(graph, *source);
                args.push(graph.task(&split, &[splits], take(taken), [source])?);
                splits += 1;
            }
            let joined = Part {
                key: Key::block(join.clone(), &index),
                op: Op::Concatenate(axis as u8),
                args: (0..args.len() as u32).map(Source::Input).collect(),
            };
            let ordered = Part {
                key: Key::block(order_name.clone(), &index),
                op: take(order),
                args: [Source::Part(0)].into_iter().collect(),
            };
            let op = Op::Fused(Fused { parts: vec![joined, ordered] }.into());
            tasks.push(graph.block(&index, op, args)?);
        }
        Ok(tasks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by dask 2026.8.
    #[test]
    fn blocks_are_dasks() {
        assert_eq!(group(7, 20, 4), [5, 2]);
        assert_eq!(group(50, 20, 3), [6, 6, 6, 6, 6, 6, 6, 8]);
        assert_eq!(group(20, 20, 3), [6, 6, 8]);
        assert_eq!(group(10, 20, 3), [6, 4]);
        assert_eq!(group(1, 20, 4), [1]);
    }

    #[test]
    fn what_is_taken_comes_in_the_order_that_was_asked_for() {
        let recipe = Recipe::new(&[7, 1, 9, 0, 7], &[5, 10]);
        let sources: Vec<(u32, &[i64])> =
            recipe.sources.iter().map(|(block, taken)| (*block, &**taken)).collect();
        assert_eq!(sources, [(0, &[0, 1][..]), (1, &[2, 2, 4])]);
        assert_eq!(&*recipe.order, [2, 1, 4, 0, 3]);
        let alone = Recipe::new(&[7, 5, 7], &[5, 10]);
        assert_eq!((alone.sources[0].0, &*alone.sources[0].1), (1, &[2, 0, 2][..]));
    }
}
