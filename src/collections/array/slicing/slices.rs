//! Slices and integers: which part of which block goes into which block of the result, along one axis. This is Dask's
//! `_slice_1d`.

use smallvec::SmallVec;

use super::{Run, Taken};
use crate::{
    collections::{
        array::Array,
        chunks::Chunks,
        nodes::{Emitter, Layer, Tasks},
    },
    error::Result,
    graph::TaskId,
    operations::{Index, Op, Slice},
};

/// A part of one block, along one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    block: u32,
    index: Index,
    /// The number of elements.
    length: usize,
}

impl Array {
    /// The result of slices and integers, one for each axis, and of new axes.
    pub(super) fn sliced(&self, prefix: &str, taken: Vec<Taken>) -> Result<Array> {
        let pieces = axis_pieces(self.chunks(), &taken);
        let lengths = pieces.iter().zip(&taken).filter(|(_, taken)| !matches!(taken, Taken::At(_)));
        let chunks = Chunks::explicit(
            lengths.map(|(pieces, _)| pieces.iter().map(|piece| piece.length).collect()).collect(),
        );
        let layer = Layer::Tasks(Box::new(Sliced {
            chunks: self.chunks().clone(),
            taken,
            aliases: prefix == "getitem",
        }));
        Array::new(prefix, chunks, [self.clone()], layer)
    }
}

#[derive(Debug)]
struct Sliced {
    /// The blocks of the array that is sliced.
    chunks: Chunks,
    taken: Vec<Taken>,
    /// Whether a block that is taken whole becomes an alias instead of a task.
    aliases: bool,
}

impl Tasks for Sliced {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let pieces = axis_pieces(&self.chunks, &self.taken);
        let aliases = self.aliases && !self.taken.contains(&Taken::New);
        let mut tasks = Vec::with_capacity(graph.grid.blocks());
        for place in graph.grid.indices() {
            let mut at = place.iter();
            let mut from: SmallVec<[u32; 4]> = SmallVec::new();
            let mut op: SmallVec<[Index; 2]> = SmallVec::new();
            for (pieces, taken) in pieces.iter().zip(&self.taken) {
                let i = match taken {
                    Taken::At(_) => 0,
                    _ => *at.next().expect("each axis of the result is one of these"),
                };
                let piece = &pieces[i as usize];
                op.push(piece.index);
                if *taken != Taken::New {
                    from.push(piece.block);
                }
            }
            let block = graph.input(0, &from);
            tasks.push(match aliases && op.iter().all(|index| *index == Index::Slice(Slice::ALL)) {
                true => graph.alias(&place, block)?,
                false => graph.block(&place, Op::Slice(op.into()), [block])?,
            });
        }
        Ok(tasks)
    }
}

/// The pieces along each axis, and a single one for each new axis.
fn axis_pieces(chunks: &Chunks, taken: &[Taken]) -> Vec<Vec<Piece>> {
    let mut axes = chunks.axes();
    let mut pieces = |taken: &Taken| match taken {
        Taken::New => vec![Piece { block: 0, index: Index::NewAxis, length: 1 }],
        taken => along(axes.next().expect("as many as the array has"), taken),
    };
    taken.iter().map(&mut pieces).collect()
}

/// The pieces of blocks of these lengths, in the order of the result.
fn along(lengths: &[usize], taken: &Taken) -> Vec<Piece> {
    match taken {
        Taken::At(place) => {
            let (mut block, mut place) = (0, *place);
            while place >= lengths[block] {
                place -= lengths[block];
                block += 1;
            }
            vec![Piece { block: block as u32, index: Index::At(place as i64), length: 1 }]
        }
        Taken::Run(run) => {
            let pieces = if run.step > 0 { forward(lengths, *run) } else { backward(lengths, *run) };
            match pieces.is_empty() {
                true => vec![piece(0, 0, 0, 1, 0)],
                false => pieces,
            }
        }
        _ => {
            let whole = |(block, &length)| Piece { block, index: Index::Slice(Slice::ALL), length };
            (0..).zip(lengths).map(whole).collect()
        }
    }
}

/// The elements from `start` to `stop` of a block of this length.
fn piece(block: usize, start: i64, stop: i64, step: i64, block_length: usize) -> Piece {
    let slice = match (start, stop, step) {
        (0, stop, 1) if stop == block_length as i64 && stop > 0 => Slice::ALL,
        _ => Slice { start: Some(start), stop: Some(stop), step: Some(step) },
    };
    let distance = if step > 0 { stop - start } else { start - stop }.max(0);
    let length = distance.unsigned_abs().div_ceil(step.unsigned_abs()) as usize;
    Piece { block: block as u32, index: Index::Slice(slice), length }
}

/// As in Dask, if the last block has no element of the run but begins before its end, it gives an empty piece.
fn forward(lengths: &[usize], Run { mut start, mut stop, step }: Run) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (block, &length) in lengths.iter().enumerate() {
        let end = length as i64;
        if stop <= 0 {
            break;
        }
        if start < end {
            pieces.push(piece(block, start, stop.min(end), step, length));
            start = (start - end).rem_euclid(step);
        } else {
            start -= end;
        }
        stop -= end;
    }
    pieces
}

fn backward(lengths: &[usize], Run { start, stop, step }: Run) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut next, mut end) = (start, lengths.iter().sum::<usize>() as i64);
    for (block, &length) in lengths.iter().enumerate().rev() {
        let first = end - length as i64;
        if (first..end).contains(&next) && next > stop {
            // Counted from the end of the block, so that the position before its first element is a valid end.
            pieces.push(piece(block, next - end, (first - 1).max(stop) - end, step, length));
            next = first - 1 - (first - 1 - next).rem_euclid(-step);
        }
        end = first;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::Places;

    fn lengths(blocks: &[usize], start: i64, stop: i64, step: i64) -> Vec<usize> {
        along(blocks, &Taken::Run(Run { start, stop, step })).iter().map(|piece| piece.length).collect()
    }

    /// Printed by dask 2026.8's `new_blockdim`.
    #[test]
    fn blocks_are_dasks() {
        let blocks = [20, 10, 20, 10, 40];
        assert_eq!(lengths(&blocks, 0, 90, 2), [10, 5, 10, 5, 15]);
        assert_eq!(lengths(&blocks, 90, 10, -2), [16, 5, 10, 5, 4]);
        assert_eq!(lengths(&[5, 5], 0, 6, 4), [2, 0]);
        assert_eq!(lengths(&[5, 5], 3, 3, 1), [0]);
        assert_eq!(lengths(&[2, 2], 0, 0, 1), [0]);
    }

    /// The indices of all pieces together are those of the run.
    #[test]
    fn each_place_is_in_one_piece() {
        for blocks in [&[5, 3, 0, 2][..], &[1, 1, 1], &[7], &[0]] {
            let total: usize = blocks.iter().sum();
            for (start, stop) in (-1..=total as i64).flat_map(|a| (-1..=total as i64).map(move |b| (a, b))) {
                for step in [1, 2, 3, 8, -1, -2, -3, -8] {
                    if (step > 0 && (start < 0 || stop < 0)) || (step < 0 && start == total as i64) {
                        continue;
                    }
                    let mut places = Vec::new();
                    for piece in along(blocks, &Taken::Run(Run { start, stop, step })) {
                        let block = piece.block as usize;
                        let before: usize = blocks[..block].iter().sum();
                        let Index::Slice(slice) = piece.index else { panic!("{piece:?}") };
                        let Places { first, step, len } = slice.places(blocks[block]);
                        assert_eq!(len, piece.length, "{blocks:?} {start}:{stop}:{step}");
                        places.extend((0..len as isize).map(|i| (before + first) as i64 + (i * step) as i64));
                    }
                    let mut expected = Vec::new();
                    let mut place = start;
                    while if step > 0 { place < stop } else { place > stop } {
                        expected.push(place);
                        place += step;
                    }
                    assert_eq!(places, expected, "{blocks:?} {start}:{stop}:{step}");
                }
            }
        }
    }
}
