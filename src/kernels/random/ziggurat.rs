//! Normal and exponential numbers as NumPy draws them: ziggurats of 256 layers.
//!
//! The area under half a normal density is cut into 256 layers of equal area. A draw picks a layer by eight bits and a
//! position in it by 52 more. In 99 of 100 cases that position is certainly under the density, and the draw is done.
//! Otherwise a second uniform number decides between the position and a new draw. Beyond the lowest layer lies the
//! tail, which is drawn by Marsaglia's method.
//!
//! ```text
//! #                      bits   0..8  layer
//! ###\                          8     sign
//! #####\                        9..61 place within the layer
//! ########\________
//! #################------ tail, from 3.654
//! ```
//!
//! The tail needs a logarithm, whose last bit affects the number. `logarithm.rs` has NumPy's logarithm on Linux and
//! x86-64 with fused multiply-add; on other platforms NumPy's own numbers differ in the last bit of about one draw in
//! 10^8. The layers' edges need an exponential, but only for comparisons.
//!
//! The exponential density has a ziggurat too, with positions of 53 bits and no sign. Its tail begins at 7.697 and is
//! the whole density once more, so it takes a single logarithm.
//!
//! Sources: G. Marsaglia, W. W. Tsang, [The ziggurat method for generating random
//! variables](https://doi.org/10.18637/jss.v005.i08), 2000; J. A. Doornik, An improved ziggurat method to generate
//! normal random samples, 2005; which bits are used for what:
//! [`random_standard_normal` and
//! `random_standard_exponential`](https://github.com/numpy/numpy/blob/main/numpy/random/src/distributions/distributions.c).

use super::logarithm::log1p_of_minus;
use super::pcg64::uniform;
use super::ziggurat_tables::{EXPONENTIAL, NORMAL};

/// Where the tail begins.
const TAIL: f64 = 3.654_152_885_361_009;

/// Its inverse, as NumPy writes it.
const TAIL_INVERSE: f64 = 0.273_661_237_329_758_3;

/// Where the tail of the exponential distribution begins.
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;

/// One number of mean 0 and variance 1 from `bits` and, if these do not decide, more bits from `next`.
#[inline]
pub(super) fn standard_normal(mut bits: u64, next: &mut dyn FnMut() -> u64) -> f64 {
    loop {
        let (accept, width, _) = NORMAL[(bits & 0xff) as usize];
        let place = (bits >> 9) & ((1 << 52) - 1);
        let x = place as i64 as f64 * width;
        // The sign bit is written directly into the number: a branch on it would be mispredicted every other time.
        let x = f64::from_bits(x.to_bits() | (bits >> 8 & 1) << 63);
        if place < accept {
            return x;
        }
        if let Some(x) = at_the_edge(bits, x, next) {
            return x;
        }
        bits = next();
    }
}

/// The rare cases: a position that may be outside the density, or in the tail. `None` means: draw again.
#[cold]
fn at_the_edge(bits: u64, x: f64, next: &mut dyn FnMut() -> u64) -> Option<f64> {
    let layer = (bits & 0xff) as usize;
    if layer > 0 {
        let (above, below) = (NORMAL[layer - 1].2, NORMAL[layer].2);
        let height = (above - below) * uniform(next()) + below;
        return (height < (-0.5 * x * x).exp()).then_some(x);
    }
    loop {
        let beyond = -TAIL_INVERSE * log1p_of_minus(uniform(next()));
        let height = -log1p_of_minus(uniform(next()));
        if height + height > beyond * beyond {
            // The tail takes its sign from the position, not from the sign bit.
            let negative = bits >> 17 & 1 == 1;
            return Some(if negative { -(TAIL + beyond) } else { TAIL + beyond });
        }
    }
}

/// One number of mean 1 from `bits` and, if these do not decide, more bits from `next`.
#[inline]
pub(super) fn standard_exponential(mut bits: u64, next: &mut dyn FnMut() -> u64) -> f64 {
    loop {
        let layer = (bits >> 3 & 0xff) as usize;
        let (accept, width, _) = EXPONENTIAL[layer];
        let place = bits >> 11;
        let x = place as i64 as f64 * width;
        if place < accept {
            return x;
        }
        if let Some(x) = at_the_exponential_edge(layer, x, next) {
            return x;
        }
        bits = next();
    }
}

#[cold]
fn at_the_exponential_edge(layer: usize, x: f64, next: &mut dyn FnMut() -> u64) -> Option<f64> {
    if layer == 0 {
        return Some(EXPONENTIAL_TAIL - log1p_of_minus(uniform(next())));
    }
    let (above, below) = (EXPONENTIAL[layer - 1].2, EXPONENTIAL[layer].2);
    let height = (above - below) * uniform(next()) + below;
    (height < (-x).exp()).then_some(x)
}
