//! Which pieces of old blocks make a new one, along one axis.

use std::ops::Range;

/// A piece of an old block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) block: u32,
    pub(super) range: Range<usize>,
}

/// The pieces of all new blocks.
#[derive(Debug)]
pub(super) struct Pieces {
    pieces: Vec<Piece>,
    /// Where the pieces of each new block start.
    starts: Vec<usize>,
}

impl Pieces {
    /// The pieces of one new block, in order.
    pub(super) fn of(&self, block: usize) -> &[Piece] {
        &self.pieces[self.starts[block]..self.starts[block + 1]]
    }
}

/// Finds the pieces for new blocks of an axis whose blocks had the `old` lengths. O(old + new).
pub(super) fn pieces(old: &[usize], new: &[usize]) -> Pieces {
    let mut pieces = Vec::with_capacity(old.len() + new.len());
    let mut starts = vec![0];
    let (mut block, mut at) = (0, 0);
    for &length in new {
        let mut missing = length;
        while missing > 0 {
            // Skips old blocks that are used up or empty.
            if at == old[block] {
                (block, at) = (block + 1, 0);
                continue;
            }
            let taken = missing.min(old[block] - at);
            pieces.push(Piece { block: block as u32, range: at..at + taken });
            at += taken;
            missing -= taken;
        }
        if length == 0 {
            pieces.push(Piece { block: block as u32, range: at..at });
        }
        starts.push(pieces.len());
    }
    Pieces { pieces, starts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_element_is_taken_once() {
        let found = pieces(&[10, 0, 10, 10], &[25, 0, 5]);
        let piece = |block, range| Piece { block, range };
        assert_eq!(found.of(0), [piece(0, 0..10), piece(2, 0..10), piece(3, 0..5)]);
        assert_eq!(found.of(1), [piece(3, 5..5)]);
        assert_eq!(found.of(2), [piece(3, 5..10)]);
    }
}
