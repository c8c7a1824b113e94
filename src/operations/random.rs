//! Random numbers.

use serde::{Deserialize, Serialize};

use super::creation::Creation;
use crate::{
    block::{Block, Shape},
    dtype::DType,
    error::Message,
    kernels::{create, random::chunk_generator},
    number,
};

/// Parameters of [`Op::Random`](super::Op::Random).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Random {
    /// The block's shape.
    pub shape: Shape,
    /// How the numbers are spread.
    pub distribution: Distribution,
    /// The seed given to `default_rng`.
    pub seed: u64,
    /// Which child of that seed this block draws from, counted as Dask counts its chunks.
    #[serde(default)]
    pub child: u32,
}

/// How random numbers are spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Distribution {
    /// Evenly in `[0, 1)`.
    Uniform,
    /// Evenly in `[low, high)`.
    Between {
        /// The lowest.
        #[serde(with = "number")]
        low: f64,
        /// The end.
        #[serde(with = "number")]
        high: f64,
    },
    /// Normally.
    Normal {
        /// The mean.
        #[serde(with = "number")]
        loc: f64,
        /// The standard deviation.
        #[serde(with = "number")]
        scale: f64,
    },
    /// Exponentially.
    Exponential {
        /// The mean.
        #[serde(with = "number")]
        scale: f64,
    },
    /// How often something happens that happens `lam` times on average.
    Poisson {
        /// The mean.
        #[serde(with = "number")]
        lam: f64,
    },
    /// Evenly over the integers from `low` to `last`, both included.
    Integers {
        /// The lowest.
        low: i64,
        /// The highest.
        last: i64,
        /// An integer type or `bool`: NumPy draws other bits for each width.
        dtype: DType,
    },
}

impl Distribution {
    /// The type of the numbers.
    pub fn dtype(&self) -> DType {
        match self {
            Distribution::Uniform
            | Distribution::Between { .. }
            | Distribution::Normal { .. }
            | Distribution::Exponential { .. } => DType::Float64,
            Distribution::Poisson { .. } => DType::Int64,
            Distribution::Integers { dtype, .. } => *dtype,
        }
    }
}

impl Creation for Random {
    type Parameters = Random;

    const NAME: &'static str = "random";

    fn extent(random: &Random) -> (DType, Shape) {
        (random.distribution.dtype(), random.shape.clone())
    }

    fn check(random: &Random) -> Result<(), Message> {
        match random.distribution {
            Distribution::Between { low, high } => {
                let range = high - low;
                if !range.is_finite() {
                    return Err("high - low range exceeds valid bounds".into());
                }
                if range.is_sign_negative() {
                    return Err("high - low < 0".into());
                }
            }
            Distribution::Normal { scale, .. } | Distribution::Exponential { scale }
                if scale.is_sign_negative() && !scale.is_nan() =>
            {
                return Err(format!("scale = {scale}: must not be negative").into());
            }
            Distribution::Poisson { lam } => {
                if lam.is_nan() || lam < 0.0 {
                    return Err("lam < 0 or lam is NaN".into());
                }
                // Greater numbers may not fit into 64 bits.
                let most = i64::MAX as f64;
                if lam > most - most.sqrt() * 10.0 {
                    return Err("lam value too large".into());
                }
            }
            Distribution::Integers { low, last, dtype } => {
                let limits = dtype.limits();
                let (least, most) =
                    limits.ok_or_else(|| format!("Unsupported dtype {dtype} for integers"))?;
                if low > last {
                    return Err("low >= high".into());
                }
                if low < least {
                    return Err(format!("low is out of bounds for {dtype}").into());
                }
                if last > most {
                    return Err(format!("high is out of bounds for {dtype}").into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn make(random: &Random) -> Result<Block, Message> {
        let Random { shape, distribution, seed, child } = random;
        let mut generator = chunk_generator((*seed).into(), *child);
        match *distribution {
            Distribution::Uniform => create::drawn(shape, |out| generator.random(out)),
            Distribution::Between { low, high } => {
                create::drawn(shape, |out| generator.uniform(low, high, out))
            }
            Distribution::Normal { loc, scale } => {
                create::drawn(shape, |out| generator.normal(loc, scale, out))
            }
            Distribution::Exponential { scale } => {
                create::drawn(shape, |out| generator.exponential(scale, out))
            }
            Distribution::Poisson { lam } => create::drawn(shape, |out| generator.poisson(lam, out)),
            Distribution::Integers { low, last, dtype } => match dtype {
                DType::Bool => create::drawn(shape, |out: &mut [bool]| {
                    generator.integers_bool(low != 0, last != 0, out);
                }),
                DType::UInt8 => create::drawn(shape, |out| generator.integers_u8(low as u8, last as u8, out)),
                DType::Int32 => {
                    create::drawn(shape, |out| generator.integers_i32(low as i32, last as i32, out))
                }
                DType::Int64 => create::drawn(shape, |out| generator.integers_to(low, last, out)),
                _ => Err(format!("Unsupported dtype {dtype} for integers").into()),
            },
        }
    }

    /// A state of the generator costs more than a tiny block.
    fn cheap(_: &Random) -> bool {
        false
    }

    fn examples() -> Vec<Random> {
        let distributions = [
            Distribution::Uniform,
            Distribution::Between { low: -1.0, high: 1.0 },
            Distribution::Normal { loc: 0.0, scale: 1.0 },
            Distribution::Exponential { scale: 1.0 },
            Distribution::Poisson { lam: 1.0 },
            Distribution::Integers { low: 0, last: 9, dtype: DType::Int64 },
        ];
        let random = |distribution| Random { shape: [2, 3].into(), distribution, seed: 42, child: 1 };
        distributions.map(random).into()
    }
}
