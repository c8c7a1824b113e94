//! Arrays of random numbers: `dask.array.random`, bit for bit.

use super::Array;
use crate::{
    collections::{
        chunks::{ChunkSpec, Chunks, normalize_chunks},
        nodes::{Each, MakeOp},
    },
    dtype::DType,
    error::{Error, Result},
    operations::{Distribution, Op, Random},
};

/// A source of random arrays: `da.random.default_rng(seed)`. Each array draws its own numbers.
#[derive(Clone, Debug)]
pub struct Generator {
    seed: u64,
    /// The child of the seed for the next block: each block has its own, in C order.
    next_child: u32,
}

/// A generator whose arrays are determined by `seed`.
pub fn default_rng(seed: u64) -> Generator {
    Generator { seed, next_child: 0 }
}

/// The range and type of random integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integers {
    /// The lowest.
    pub low: i64,
    /// The exclusive end.
    pub high: i64,
    /// Whether `high` is included.
    pub endpoint: bool,
    /// The type; the default is `int64`.
    pub dtype: DType,
}

impl Default for Integers {
    fn default() -> Integers {
        Integers { low: 0, high: 2, endpoint: false, dtype: DType::Int64 }
    }
}

impl Generator {
    /// Uniform in `[0, 1)`.
    ///
    /// # Errors
    /// If the chunks do not fit the size. The other methods fail in the same case.
    pub fn random(&mut self, size: &[usize], chunks: impl Into<ChunkSpec>) -> Result<Array> {
        self.array("random", Distribution::Uniform, size, chunks)
    }

    /// Uniform in `[low, high)`.
    ///
    /// # Errors
    /// If `high` is below `low`, or their difference is not a finite number.
    pub fn uniform(
        &mut self,
        low: f64,
        high: f64,
        size: &[usize],
        chunks: impl Into<ChunkSpec>,
    ) -> Result<Array> {
        self.array("uniform", Distribution::Between { low, high }, size, chunks)
    }

    /// Normally distributed around `loc`, with standard deviation `scale`.
    ///
    /// # Errors
    /// If `scale` is negative.
    pub fn normal(
        &mut self,
        loc: f64,
        scale: f64,
        size: &[usize],
        chunks: impl Into<ChunkSpec>,
    ) -> Result<Array> {
        self.array("normal", Distribution::Normal { loc, scale }, size, chunks)
    }

    /// Normally distributed around 0, with standard deviation 1.
    ///
    /// # Errors
    /// As for [`random`](Generator::random).
    pub fn standard_normal(&mut self, size: &[usize], chunks: impl Into<ChunkSpec>) -> Result<Array> {
        self.array("standard_normal", Distribution::Normal { loc: 0.0, scale: 1.0 }, size, chunks)
    }

    /// Exponentially distributed, with mean `scale`.
    ///
    /// # Errors
    /// If `scale` is negative.
    pub fn exponential(&mut self, scale: f64, size: &[usize], chunks: impl Into<ChunkSpec>) -> Result<Array> {
        self.array("exponential", Distribution::Exponential { scale }, size, chunks)
    }

    /// Exponentially distributed, with mean 1.
    ///
    /// # Errors
    /// As for [`random`](Generator::random).
    pub fn standard_exponential(&mut self, size: &[usize], chunks: impl Into<ChunkSpec>) -> Result<Array> {
        self.array("standard_exponential", Distribution::Exponential { scale: 1.0 }, size, chunks)
    }

    /// Counts with a Poisson distribution: how often something happens that happens `lam` times on average.
    ///
    /// # Errors
    /// If `lam` is negative, not a number, or too large.
    pub fn poisson(&mut self, lam: f64, size: &[usize], chunks: impl Into<ChunkSpec>) -> Result<Array> {
        self.array("poisson", Distribution::Poisson { lam }, size, chunks)
    }

    /// Uniformly distributed integers.
    ///
    /// # Errors
    /// If there is no integer between `low` and `high`, or the type cannot hold them.
    pub fn integers(
        &mut self,
        integers: Integers,
        size: &[usize],
        chunks: impl Into<ChunkSpec>,
    ) -> Result<Array> {
        let Integers { low, high, endpoint, dtype } = integers;
        let last = if endpoint { Some(high) } else { high.checked_sub(1) };
        let last = last.ok_or_else(|| Error::invalid("low >= high"))?;
        self.array("integers", Distribution::Integers { low, last, dtype }, size, chunks)
    }

    /// Integers from 0 up to `a`, each as likely: `choice(a)`, which puts back what it takes.
    ///
    /// # Errors
    /// If `a` is not positive.
    pub fn choice(&mut self, a: i64, size: &[usize], chunks: impl Into<ChunkSpec>) -> Result<Array> {
        if a < 0 {
            return Err(Error::invalid("a must be greater than 0"));
        }
        if a == 0 {
            return Err(Error::invalid("a must be a positive integer unless no samples are taken"));
        }
        let integers = Distribution::Integers { low: 0, last: a - 1, dtype: DType::Int64 };
        self.array("da.random.choice", integers, size, chunks)
    }

    /// Advances as if an array of this size and these chunks had been drawn.
    ///
    /// # Errors
    /// As for [`random`](Generator::random).
    pub fn skip(&mut self, size: &[usize], chunks: impl Into<ChunkSpec>) -> Result<()> {
        self.spawn(&normalize_chunks(&chunks.into(), size, DType::Float64.size())?).map(drop)
    }

    /// The first of the children that the blocks draw from.
    fn spawn(&mut self, chunks: &Chunks) -> Result<u32> {
        let first = self.next_child;
        let after = u32::try_from(chunks.blocks()).ok().and_then(|blocks| first.checked_add(blocks));
        self.next_child = after.ok_or_else(|| Error::invalid("a generator can draw at most 2^32 blocks"))?;
        Ok(first)
    }

    fn array(
        &mut self,
        prefix: &str,
        distribution: Distribution,
        size: &[usize],
        chunks: impl Into<ChunkSpec>,
    ) -> Result<Array> {
        // With an empty block, only the distribution can be wrong.
        let draw = Random { shape: [0].into_iter().collect(), distribution, seed: self.seed, child: 0 };
        Op::Random(draw.into()).check().map_err(Error::invalid)?;
        let dtype = distribution.dtype();
        let chunks = normalize_chunks(&chunks.into(), size, dtype.size())?;
        let first_child = self.spawn(&chunks)?;
        let draw = Draw { chunks: chunks.clone(), distribution, seed: self.seed, first_child };
        Array::new(prefix, chunks, dtype, [], Each::layer(draw))
    }
}

#[derive(Debug)]
struct Draw {
    chunks: Chunks,
    distribution: Distribution,
    seed: u64,
    /// The child of the seed for the first block; the others follow in C order.
    first_child: u32,
}

impl MakeOp for Draw {
    fn op(&self, index: &[u32]) -> Op {
        let &Draw { ref chunks, distribution, seed, first_child } = self;
        let child = first_child + chunks.grid().ravel(index) as u32;
        Op::Random(Random { shape: chunks.block_shape(index), distribution, seed, child }.into())
    }
}
