//! Blocks that include some of their neighbours' elements: `x.map_overlap(f, depth, boundary)`.
//!
//! ```text
//! boundaries    [ edge | block 0 | block 1 | edge ]              getitem, concatenate (no tasks: names of blocks)
//! overlap       [ ..block 0.. ]  [ ..block 1.. ]                 getitem for each neighbour, overlap
//! f             [ ..block 0.. ]  [ ..block 1.. ]                 life, heat, …
//! trim          [ block 0 ]      [ block 1 ]                     _trim
//! ```

use std::ops::Range;

use smallvec::SmallVec;

use super::{
    Array,
    blocks::{BlockFunction, map_blocks, map_function},
    concatenate::concatenate,
    creation::filled_chunks,
    slicing::Indexer,
};
use crate::{
    collections::{
        chunks::Chunks,
        nodes::{Blockwise, Emitter, Grid, Layer, MakeOp, Tasks},
    },
    error::{Error, Result},
    graph::TaskId,
    operations::{ForeignFunction, Index, Op, Slice, Take},
    scalar::Scalar,
};

/// The elements beyond the edges of an array.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Boundary {
    /// None: blocks at the edge are shorter.
    #[default]
    None,
    /// The other side of the array.
    Periodic,
    /// The same side, mirrored.
    Reflect,
    /// The element at the edge.
    Nearest,
    /// This number.
    Constant(Scalar),
}

/// How far blocks overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlap {
    /// The number of its neighbours' elements that a block includes: one number for all axes, or one for each.
    pub depth: Vec<usize>,
    /// The elements beyond the edges.
    pub boundary: Boundary,
}

impl Array {
    /// Applies `function` to each block, extended by some elements of its neighbours, and trims these afterwards.
    ///
    /// # Errors
    /// If there are more depths than axes, a depth is larger than its axis, or the function takes more than one
    /// array.
    pub fn map_overlap(&self, function: BlockFunction, overlap: &Overlap) -> Result<Array> {
        self.overlapping(overlap, |array| map_blocks(function, std::slice::from_ref(array)))
    }

    /// Applies a function of another language, as [`map_overlap`](Array::map_overlap) and [`map_function`] do.
    ///
    /// # Errors
    /// If there are more depths than axes, or a depth is larger than its axis.
    pub fn map_overlap_function(
        &self,
        name: &str,
        function: ForeignFunction,
        overlap: &Overlap,
    ) -> Result<Array> {
        self.overlapping(overlap, |array| map_function(name, function, std::slice::from_ref(array)))
    }

    /// Extends each block by some elements of its neighbours, applies `map` to all, and trims these elements afterwards.
    fn overlapping(&self, overlap: &Overlap, map: impl FnOnce(&Array) -> Result<Array>) -> Result<Array> {
        let ndim = self.ndim();
        let depth = match overlap.depth[..] {
            [] => vec![0; ndim],
            [depth] => vec![depth; ndim],
            ref depth if depth.len() == ndim => depth.to_vec(),
            ref depth => {
                return Err(Error::invalid(format!("{} depths for {ndim} axes", depth.len())));
            }
        };
        if depth.iter().all(|&depth| depth == 0) {
            return map(self);
        }
        self.need_all_lengths()?;
        let lengths = depth.iter().zip(self.chunks().axes());
        let lengths =
            lengths.map(|(&depth, lengths)| at_least(depth, lengths)).collect::<Result<Vec<_>>>()?;
        let bounded = self.rechunk_to(Chunks::explicit(lengths))?.bounded(&depth, overlap.boundary)?;
        let blocks = map(&bounded.overlapped(&depth, overlap.boundary)?)?;
        blocks.trimmed(&depth, overlap.boundary == Boundary::None)
    }

    /// The array with `depth` elements beyond each edge.
    fn bounded(&self, depth: &[usize], boundary: Boundary) -> Result<Array> {
        let mut array = self.clone();
        for (axis, &depth) in depth.iter().enumerate().filter(|&(_, &depth)| depth > 0) {
            let n = depth as i64;
            let part =
                |start: Option<i64>, stop: Option<i64>, step: i64| array.along(axis, start, stop, step);
            let (left, right) = match boundary {
                Boundary::None => continue,
                Boundary::Periodic => (part(Some(-n), None, 1)?, part(Some(0), Some(n), 1)?),
                Boundary::Reflect if depth == 1 => {
                    (part(Some(0), Some(1), 1)?, part(Some(-1), Some(-2), -1)?)
                }
                Boundary::Reflect => (part(Some(n - 1), None, -1)?, part(Some(-1), Some(-n - 1), -1)?),
                Boundary::Nearest => (
                    part(Some(0), Some(1), 1)?.repeated(axis, depth)?,
                    part(Some(-1), Some(-2), -1)?.repeated(axis, depth)?,
                ),
                Boundary::Constant(value) => {
                    let chunks = array.chunks().with_axis(axis, [depth]);
                    let edge = filled_chunks("full_like", chunks, value, array.dtype())?;
                    (edge.clone(), edge)
                }
            };
            let one_block = |edge: Array| edge.rechunk_to(edge.chunks().with_axis(axis, [depth]));
            array = concatenate(&[one_block(left)?, array, one_block(right)?], axis as isize)?;
        }
        Ok(array)
    }

    fn along(&self, axis: usize, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<Array> {
        let mut index = vec![Indexer::Slice(Slice::ALL); axis];
        index.push(Indexer::Slice(Slice { start, stop, step: Some(step) }));
        self.slice(&index)
    }

    /// Repeats an array of length 1 along an axis.
    fn repeated(&self, axis: usize, times: usize) -> Result<Array> {
        if times == 1 {
            return Ok(self.clone());
        }
        let op = Op::Take(Take { axis: axis as u8, indices: vec![0; times].into() }.into());
        let (chunks, layer) = (self.chunks().with_axis(axis, [times]), Blockwise::each(self.ndim(), op));
        Array::new("repeat", chunks, [self.clone()], layer)
    }

    /// Blocks extended by `depth` elements of each neighbour. Blocks beyond the edges are not blocks of the result.
    fn overlapped(&self, depth: &[usize], boundary: Boundary) -> Result<Array> {
        let lengths = self.chunks().axes().zip(depth).map(|(lengths, &depth)| {
            let last = lengths.len() - 1;
            let neighbours = |block| usize::from(block > 0) + usize::from(block < last);
            lengths.iter().enumerate().map(|(block, &length)| length + depth * neighbours(block)).collect()
        });
        let layer = Layer::Tasks(Box::new(Neighbours { depth: depth.to_vec() }));
        let chunks = Chunks::explicit(lengths.collect());
        let array = Array::new("overlap", chunks, [self.clone()], layer)?;
        if boundary == Boundary::None {
            return Ok(array);
        }
        let inner = |&depth: &usize| match depth as i64 * 2 {
            0 => Indexer::Slice(Slice::ALL),
            edge => Indexer::Slice(Slice { start: Some(edge), stop: Some(-edge), step: None }),
        };
        array.slice(&depth.iter().map(inner).collect::<Vec<_>>())
    }

    /// Removes the elements of neighbours. With `keeps_edges`, the edges of the array are not trimmed.
    fn trimmed(&self, depth: &[usize], keeps_edges: bool) -> Result<Array> {
        let along = |(lengths, &depth): (&[usize], &usize)| {
            let last = lengths.len() - 1;
            let kept = |(block, &length): (usize, &usize)| {
                let trim = |is_edge: bool| if is_edge && keeps_edges { 0 } else { depth };
                trim(block == 0)..length - trim(block == last)
            };
            lengths.iter().enumerate().map(kept).collect()
        };
        let kept: Vec<Vec<Range<usize>>> = self.chunks().axes().zip(depth).map(along).collect();
        let lengths = |ranges: &Vec<Range<usize>>| ranges.iter().map(Range::len).collect();
        let chunks = Chunks::explicit(kept.iter().map(lengths).collect());
        let layer = Blockwise::each(self.ndim(), Trim(kept));
        Array::new("_trim", chunks, [self.clone()], layer)
    }
}

/// Blocks of at least `depth` elements: Dask's `ensure_minimum_chunksize`.
fn at_least(depth: usize, lengths: &[usize]) -> Result<Vec<usize>> {
    if lengths.iter().all(|&length| depth <= length) {
        return Ok(lengths.to_vec());
    }
    let (mut blocks, mut open) = (Vec::new(), 0);
    for &length in lengths {
        if length < depth {
            if open > 2 * depth - length {
                blocks.push(open - (depth - length));
                open = depth;
            } else {
                open += length;
            }
        }
        if open >= depth {
            blocks.push(open);
            open = 0;
        }
        if length >= depth {
            open += length;
        }
    }
    if open >= depth {
        blocks.push(open);
    } else if let Some(last) = blocks.last_mut() {
        *last += open;
    } else {
        let length: usize = lengths.iter().sum();
        return Err(Error::invalid(format!(
            "The overlapping depth {depth} is larger than your array {length}."
        )));
    }
    Ok(blocks)
}

#[derive(Debug)]
struct Neighbours {
    depth: Vec<usize>,
}

impl Neighbours {
    /// The block `block` and its neighbours along an axis, with the part to take from each.
    fn along(&self, axis: usize, block: u32, blocks: u32) -> SmallVec<[(u32, Slice); 3]> {
        let depth = self.depth[axis] as i64;
        let mut parts = SmallVec::new();
        if depth > 0 && block > 0 {
            parts.push((block - 1, Slice { start: Some(-depth), ..Slice::ALL }));
        }
        parts.push((block, Slice::ALL));
        if depth > 0 && block < blocks - 1 {
            parts.push((block + 1, (0..self.depth[axis]).into()));
        }
        parts
    }
}

impl Tasks for Neighbours {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let getitem = graph.named_beside("getitem");
        let mut parts_so_far = 0;
        let mut tasks = Vec::with_capacity(graph.grid.blocks());
        for index in graph.grid.indices() {
            let along: SmallVec<[_; 3]> = index
                .iter()
                .zip(graph.grid.axes())
                .enumerate()
                .map(|(axis, (&i, &blocks))| self.along(axis, i, blocks))
                .collect();
            let grid: Grid = along.iter().map(|parts| parts.len() as u32).collect();
            let mut parts: SmallVec<[TaskId; 9]> = SmallVec::new();
            for place in grid.indices() {
                let part = |axis: usize| along[axis][place[axis] as usize];
                let from: SmallVec<[u32; 4]> = (0..place.len()).map(|axis| part(axis).0).collect();
                let block = graph.input(0, &from);
                let op = match from == index {
                    true => Op::Alias,
                    false => {
                        Op::Slice(Box::new((0..place.len()).map(|axis| Index::Slice(part(axis).1)).collect()))
                    }
                };
                parts.push(graph.task(&getitem, &[parts_so_far], op, [block])?);
                parts_so_far += 1;
            }
            let merge = Op::Merge(Box::new(along.iter().map(|parts| parts.len()).collect()));
            tasks.push(graph.block(&index, merge, parts)?);
        }
        Ok(tasks)
    }
}

/// The part of each block that is kept, along each axis.
#[derive(Debug)]
struct Trim(Vec<Vec<Range<usize>>>);

impl MakeOp for Trim {
    fn op(&self, index: &[u32]) -> Op {
        let slice =
            |(along, &block): (&Vec<Range<usize>>, &u32)| Index::Slice(along[block as usize].clone().into());
        Op::Slice(Box::new(self.0.iter().zip(index).map(slice).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by dask 2026.8's `ensure_minimum_chunksize`.
    #[test]
    fn blocks_hold_the_depth() {
        assert_eq!(at_least(10, &[20, 20, 1]).unwrap(), [20, 11, 10]);
        assert_eq!(at_least(3, &[1, 1, 3]).unwrap(), [5]);
        assert_eq!(at_least(3, &[5, 5, 2]).unwrap(), [5, 4, 3]);
        assert_eq!(at_least(2, &[5, 5, 2]).unwrap(), [5, 5, 2]);
        assert_eq!(
            at_least(5, &[2, 2]).unwrap_err().to_string(),
            "The overlapping depth 5 is larger than your array 4."
        );
    }
}
