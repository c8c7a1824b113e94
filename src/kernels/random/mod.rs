//! Random numbers that equal those of `dask.array.random.default_rng` bit for bit.
//!
//! Dask gives every chunk a generator of its own: `default_rng(seed)` holds a seed sequence, and each random
//! array takes its next children, one per chunk in C order of the block grid. A later array from the same
//! generator takes the children after those.
//!
//! ```text
//! rng = default_rng(42)
//! x = rng.random((4, 6), chunks=(2, 3))     children 0 1    y = rng.normal(5, chunks=2)   children 4 5 6
//!                                                    2 3
//! ```
//!
//! So a chunk's numbers follow from a seed and a child index: plain data for a task, from which it makes its
//! generator itself, in well under a microsecond.
//!
//! Included: [`SeedSequence`] (the children), [`Generator`] (PCG64 and the distributions), [`ChunkSeeds`] (which
//! array takes which children). Not included: other bit generators, `RandomState`, and other distributions.
//!
//! Sources: Dask's [random arrays](https://docs.dask.org/en/stable/array-random.html), NumPy's
//! [parallel generation](https://numpy.org/doc/stable/reference/random/parallel.html). `tests/random.rs`
//! compares with values made by `tests/reference/random_arrays.py`.

mod choice;
mod generator;
mod logarithm;
mod pcg64;
mod poisson;
mod seed_sequence;
mod ziggurat;
mod ziggurat_tables;

use std::ops::Range;

pub use generator::Generator;
pub use seed_sequence::SeedSequence;

/// The state of `dask.array.random.default_rng(seed)`: the seed, and the number of children it has given to
/// chunks.
///
/// ```
/// use dagdeck::kernels::random::{ChunkSeeds, chunk_generator};
///
/// let mut rng = ChunkSeeds::new(42);
/// assert_eq!(rng.spawn(4), 0..4); // an array of four chunks
/// let second = rng.spawn(1); // a later one continues
/// let mut x = [0.0];
/// chunk_generator(42, second.start).random(&mut x);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkSeeds {
    seed: u128,
    spawned: u32,
}

impl ChunkSeeds {
    /// `default_rng(seed)`.
    pub fn new(seed: u128) -> ChunkSeeds {
        ChunkSeeds { seed, spawned: 0 }
    }

    /// The seed.
    pub fn seed(&self) -> u128 {
        self.seed
    }

    /// The child indices of the next array's chunks, in C order of its block grid.
    pub fn spawn(&mut self, chunks: u32) -> Range<u32> {
        let first = self.spawned;
        self.spawned = first.checked_add(chunks).expect("a graph has fewer than 2^32 tasks, hence chunks");
        first..self.spawned
    }
}

/// The generator of the chunk that was given the child `index` of `default_rng(seed)`.
pub fn chunk_generator(seed: u128, index: u32) -> Generator {
    Generator::new(SeedSequence::new(seed).child(index))
}
