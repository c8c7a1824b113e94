//! Arrays of random numbers: `dask.array.random`, bit for bit.

use super::{Array, Indexer};
use crate::{
    collections::{
        chunks::{ChunkSpec, Chunks, normalize_chunks},
        nodes::{Each, Emitter, Layer, MakeOp, Tasks},
    },
    dtype::DType,
    error::{Error, Result},
    graph::TaskId,
    kernels::random::{self as kernels, SeedSequence},
    operations::{Choice, Distribution, Meta, Op, Random, Shape},
};

/// A source of random arrays: `da.random.default_rng(seed)`. Each array draws its own numbers.
#[derive(Clone, Debug)]
pub struct Generator {
    seed: u64,
    /// The child of the seed for the next block: each block has its own, in C order.
    next_child: u32,
    /// The generator of the seed itself, which shuffles.
    own: kernels::Generator,
}

/// A generator whose arrays are determined by `seed`.
pub fn default_rng(seed: u64) -> Generator {
    Generator { seed, next_child: 0, own: kernels::Generator::new(SeedSequence::new(seed.into())) }
}

/// The longest axis that is shuffled: its places are held while the graph is built.
const LONGEST: usize = 1 << 24;

/// What [`Generator::choice`] takes from.
#[derive(Clone, Debug)]
pub enum Population {
    /// The integers from 0 up to this.
    Integers(i64),
    /// The elements of an array with one axis.
    Elements(Array),
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

    /// Elements of `population`, with the probabilities `p`, or each as likely. With `replace`, an element may be taken
    /// several times.
    ///
    /// # Errors
    /// If there is nothing to choose from, `a` or `p` is not one-dimensional, their lengths differ, or `replace` is
    /// false and the result has several blocks.
    pub fn choice(
        &mut self,
        population: Population,
        replace: bool,
        p: Option<Array>,
        size: &[usize],
        chunks: impl Into<ChunkSpec>,
    ) -> Result<Array> {
        let (a, count, elements) = match population {
            Population::Integers(a) => {
                let count = u64::try_from(a).map_err(|_| Error::invalid("a must be greater than 0"))?;
                (Some(count), count, None)
            }
            Population::Elements(elements) => (None, one_axis(&elements, "a")? as u64, Some(elements)),
        };
        if let Some(p) = &p
            && one_axis(p, "p")? as u64 != count
        {
            return Err(Error::invalid("a and p must have the same size"));
        }
        let chunks = normalize_chunks(&chunks.into(), size, DType::Float64.size())?;
        if !replace && chunks.axes().next().is_some_and(|lengths| lengths.len() > 1) {
            return Err(Error::invalid(
                "replace=False is not currently supported for dask.array.choice with multi-chunk output arrays",
            ));
        }
        if count == 0 && size.iter().product::<usize>() > 0 {
            return Err(Error::invalid(match a {
                Some(_) => "a must be a positive integer unless no samples are taken",
                None => "a cannot be empty unless no samples are taken",
            }));
        }
        if let (Some(count), true, None) = (a, replace, &p)
            && count > 0
        {
            let integers = Distribution::Integers { low: 0, last: count as i64 - 1, dtype: DType::Int64 };
            return self.array("da.random.choice", integers, size, &chunks);
        }
        let a = a.map(|a| {
            u32::try_from(a).map_err(|_| Error::invalid(format!("a = {a}: too many to choose from")))
        });
        let (a, with_p) = (a.transpose()?, p.is_some());
        let op = Choice {
            shape: Shape::new(),
            a,
            p: with_p,
            replace,
            seed: self.seed,
            child: self.spawn(&chunks)?,
        };
        let whole = |array: Array| array.rechunk(&Chunks::single(&array.shape()));
        let inputs = [elements, p].into_iter().flatten().map(whole).collect::<Result<Vec<_>>>()?;
        let layer = Layer::Tasks(Box::new(Choosing { chunks: chunks.clone(), first: op }));
        Array::new("da.random.choice", chunks, inputs, layer)
    }

    /// The rows of an array in a random order. Unlike all other methods, it draws from the generator itself, so the
    /// numbers of the next array do not depend on it, but the next permutation does.
    ///
    /// # Errors
    /// If the array has no axes, or its first axis is longer than 2^24.
    pub fn permutation(&mut self, x: &Array) -> Result<Array> {
        let rows = x.shape().first().copied().ok_or_else(|| Error::invalid("len() of unsized object"))?;
        let order = self.shuffled(rows)?;
        // As in Dask: first sorted within each block, so that each block is made of few others, then in order.
        let (mut sorted, mut places) = (order.clone(), vec![0; rows]);
        for range in x.chunks().ranges(0) {
            sorted[range.clone()].sort_unstable();
            for (place, row) in places[range.clone()].iter_mut().zip(&order[range.clone()]) {
                let within = sorted[range.clone()].binary_search(row).expect("the same rows");
                *place = (range.start + within) as i64;
            }
        }
        let take = |array: &Array, places| array.slice(&[Indexer::Indices(places)]);
        take(&take(x, sorted)?.rechunk(x.chunks())?, places)
    }

    /// Advances as if this many rows had been permuted.
    ///
    /// # Errors
    /// If they are more than 2^24.
    pub fn skip_permutation(&mut self, rows: usize) -> Result<()> {
        self.shuffled(rows).map(drop)
    }

    fn shuffled(&mut self, rows: usize) -> Result<Vec<i64>> {
        if rows > LONGEST {
            return Err(Error::invalid(format!(
                "an axis of length {rows} is too long: at most {LONGEST} rows"
            )));
        }
        let mut order: Vec<i64> = (0..rows as i64).collect();
        self.own.shuffle(&mut order);
        Ok(order)
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
        Array::new(prefix, chunks, [], Each::layer(draw))
    }
}

/// The length of an array that must have one axis.
fn one_axis(array: &Array, name: &str) -> Result<usize> {
    match array.chunks().ndim() {
        1 => Ok(array.shape()[0]),
        _ => Err(Error::invalid(format!("{name} must be one dimensional"))),
    }
}

/// Each block takes the only block of every input.
#[derive(Debug)]
struct Choosing {
    chunks: Chunks,
    /// The operation of the first block, but for its shape; the others have the next children.
    first: Choice,
}

impl Tasks for Choosing {
    fn emit(&self, graph: &mut Emitter<'_>) -> Result<Vec<TaskId>> {
        let args: Vec<TaskId> = graph.inputs.iter().map(|input| input.blocks[0]).collect();
        let blocks = self.chunks.indices().enumerate();
        blocks
            .map(|(block, index)| {
                let (shape, child) = (self.chunks.block_shape(&index), self.first.child + block as u32);
                let choice = Choice { shape, child, ..self.first.clone() };
                graph.block(&index, Op::Choice(choice.into()), args.iter().copied())
            })
            .collect()
    }

    fn infer(&self, _: &[u32], inputs: &[&Meta]) -> Option<Meta> {
        Op::Choice(self.first.clone().into()).infer(inputs)
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
