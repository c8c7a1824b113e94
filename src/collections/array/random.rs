//! Arrays of random numbers: `dask.array.random`.

use super::{Array, Layer};
use crate::{collections::Chunks, error::Result, kernels::random::ChunkSeeds, op::Distribution};

/// A source of random arrays: `da.random.default_rng(seed)`. Each array draws numbers of its own.
#[derive(Clone, Debug)]
pub struct Generator {
    seed: u64,
    chunk_seeds: ChunkSeeds,
}

/// A generator whose arrays follow from `seed`.
pub fn default_rng(seed: u64) -> Generator {
    Generator { seed, chunk_seeds: ChunkSeeds::new(seed.into()) }
}

impl Generator {
    /// Evenly spread in `[0, 1)`: bit for bit what Dask draws for the same seed, shape and chunks.
    ///
    /// # Errors
    /// `chunk` is 0.
    pub fn random(&mut self, size: &[usize], chunk: usize) -> Result<Array> {
        self.array("random", Distribution::Uniform, size, chunk)
    }

    /// Normally distributed around `loc`, with standard deviation `scale`: bit for bit what Dask draws.
    ///
    /// # Errors
    /// `chunk` is 0.
    pub fn normal(&mut self, loc: f64, scale: f64, size: &[usize], chunk: usize) -> Result<Array> {
        self.array("normal", Distribution::Normal { loc, scale }, size, chunk)
    }

    fn array(
        &mut self,
        prefix: &str,
        distribution: Distribution,
        size: &[usize],
        chunk: usize,
    ) -> Result<Array> {
        let chunks = Chunks::uniform(size, chunk)?;
        let first_child = self.chunk_seeds.spawn(chunks.blocks() as u32).start;
        Ok(Array::new(prefix, chunks, Layer::Random { distribution, seed: self.seed, first_child }))
    }
}
