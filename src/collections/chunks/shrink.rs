//! Smaller blocks: Dask's `_calculate_new_chunksizes`.

use std::sync::Arc;

use super::{Chunks, TOLERANCE};

impl Chunks {
    /// Blocks of about `limit` elements or fewer, cut evenly along these axes.
    pub(crate) fn at_most(&self, limit: f64, mut axes: Vec<usize>) -> Chunks {
        let limit = limit.max(1.0);
        let mut new: Vec<Arc<[usize]>> = (0..self.ndim()).map(|axis| self.shared(axis)).collect();
        let longest = |lengths: &[usize]| lengths.iter().copied().max().unwrap_or(0);
        while !axes.is_empty() {
            let excess = new.iter().map(|lengths| longest(lengths) as f64).product::<f64>() / limit;
            if excess <= 1.0 {
                break;
            }
            let each = excess.powf(1.0 / axes.len() as f64);
            axes.retain(|&axis| {
                let length = longest(&new[axis]) as f64 / each;
                let lengths: Vec<usize> = self.axis(axis).iter().flat_map(|&old| cut(old, length)).collect();
                let is_done = lengths[..] == *new[axis] || longest(&lengths) == 1;
                new[axis] = lengths.into();
                !is_done
            });
        }
        Chunks::from_axes(new)
    }
}

/// Cuts a block of length `old` evenly into blocks of about this length. The first ones are longer by 1 if necessary.
fn cut(old: usize, length: f64) -> Vec<usize> {
    if old as f64 <= TOLERANCE * length {
        return vec![old];
    }
    let parts = ((old as f64 / length).ceil() as usize).min(old);
    (0..parts).map(|part| old / parts + usize::from(part < old % parts)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by dask 2026.8's `_calculate_new_chunksizes`.
    #[test]
    fn blocks_are_cut_as_dask_cuts_them() {
        let cut = |lengths: &[&[usize]], limit, axes: &[usize]| {
            let chunks = Chunks::explicit(lengths.iter().map(|lengths| lengths.to_vec()).collect());
            chunks.at_most(limit, axes.to_vec()).to_string()
        };
        assert_eq!(cut(&[&[10, 4], &[7]], 20.0, &[0, 1]), "((5, 5, 4), (4, 3))");
        assert_eq!(cut(&[&[10, 4], &[7]], 20.0, &[1]), "((10, 4), (2, 2, 2, 1))");
        assert_eq!(
            cut(&[&[100, 100], &[50, 3]], 600.0, &[0, 1]),
            "((34, 33, 33, 34, 33, 33), (17, 17, 16, 3))"
        );
        assert_eq!(cut(&[&[5], &[3]], 0.5, &[0]), "((1, 1, 1, 1, 1), (3,))");
        assert_eq!(cut(&[&[5], &[3]], 100.0, &[0, 1]), "((5,), (3,))");
    }
}
