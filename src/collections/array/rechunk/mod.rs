//! Rechunking: the same array in other blocks.
//!
//! ```text
//! old blocks  |   0   |   1   |   2   |
//! new blocks  |  0  |     1     |  2  |
//!
//! new 0 = a piece of old 0     rechunk-split 0
//! new 1 = three pieces         rechunk-merge 1 of rechunk-split 1, old 1 and rechunk-split 2
//! ```
//!
//! If nearly every new block needs a piece of every old one, intermediate steps make fewer and larger pieces; see
//! [`plan`].

mod pieces;
mod plan;

use std::ops::Range;

use smallvec::SmallVec;

use self::{pieces::pieces, plan::plan};
use super::{Array, creation::filled_chunks};
use crate::{
    collections::{
        chunks::{ChunkSpec, Chunks, UNKNOWN, rechunked},
        nodes::{Emitter, Grid, Layer, Tasks},
    },
    error::Result,
    graph::TaskId,
    operations::{Index, Op, Slice},
    scalar::Scalar,
};

impl Array {
    /// The same array in other blocks, or the array itself if it already has them.
    ///
    /// # Errors
    /// If the chunks do not fit the shape, or change blocks of unknown length.
    pub fn rechunk(&self, chunks: impl Into<ChunkSpec>) -> Result<Array> {
        let shape = self.shape();
        if !shape.is_empty() && shape.iter().all(|&length| length == 0) {
            return Ok(self.clone());
        }
        self.rechunk_to(rechunked(&chunks.into(), self.chunks(), self.dtype().size())?)
    }

    pub(super) fn rechunk_to(&self, chunks: Chunks) -> Result<Array> {
        if chunks == *self.chunks() {
            return Ok(self.clone());
        }
        let is_known = self.need_all_lengths().is_ok();
        if self.size() == 0 && is_known {
            return filled_chunks("empty_like", chunks, Scalar::Int(0), self.dtype());
        }
        let mut array = self.clone();
        let steps = if is_known { plan(self.chunks(), &chunks, self.dtype().size()) } else { vec![chunks] };
        for chunks in steps {
            let layer = Layer::Tasks(Box::new(Rechunk { old: array.chunks().clone(), new: chunks.clone() }));
            array = Array::new("rechunk-merge", chunks, [array], layer)?;
        }
        Ok(array)
    }
}

#[derive(Debug)]
struct Rechunk {
    old: Chunks,
    new: Chunks,
}

impl Tasks for Rechunk {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let Rechunk { old, new } = self;
        let pieces: SmallVec<[_; 3]> =
            (0..new.ndim()).map(|axis| pieces(old.axis(axis), new.axis(axis))).collect();
        let split = graph.named_beside("rechunk-split");
        let mut splits = 0;
        let mut tasks = Vec::with_capacity(new.blocks());
        for index in new.indices() {
            let along: SmallVec<[&[pieces::Piece]; 3]> =
                pieces.iter().zip(&index).map(|(pieces, &i)| pieces.of(i as usize)).collect();
            let grid: Grid = along.iter().map(|pieces| pieces.len() as u32).collect();
            let mut parts: Vec<TaskId> = Vec::new();
            for place in grid.indices() {
                let piece = |axis: usize| &along[axis][place[axis] as usize];
                let from: SmallVec<[u32; 4]> = (0..place.len()).map(|axis| piece(axis).block).collect();
                let block = graph.input(0, &from);
                // As in Dask, a block of unknown length is never found to be whole.
                let is_whole = |axis: usize| {
                    piece(axis).range.end != UNKNOWN
                        && piece(axis).range == (0..old.axis(axis)[from[axis] as usize])
                };
                if (0..place.len()).all(is_whole) {
                    parts.push(block);
                    continue;
                }
                let slice = |axis: usize| match &piece(axis).range {
                    Range { end: UNKNOWN, .. } => Index::Slice(Slice::ALL),
                    range => Index::Slice(Slice::from(range.clone())),
                };
                let op = Op::Slice(Box::new((0..place.len()).map(slice).collect()));
                parts.push(graph.task(&split, &[splits], op, [block])?);
                splits += 1;
            }
            tasks.push(match parts[..] {
                [one] => graph.alias(&index, one)?,
                _ => {
                    let op = Op::Merge(Box::new(along.iter().map(|pieces| pieces.len()).collect()));
                    graph.block(&index, op, parts)?
                }
            });
        }
        Ok(tasks)
    }
}
