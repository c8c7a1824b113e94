//! NumPy's `Generator` over PCG64: random bits made into numbers, a slice at a time.

use super::SeedSequence;
use super::pcg64::Pcg64;

/// `numpy.random.Generator(PCG64(sequence))`, filling slices the caller owns.
///
/// Consecutive calls continue the stream exactly as NumPy's do, whatever their lengths.
///
/// ```
/// use dagdeck::kernels::random::{Generator, SeedSequence};
///
/// let mut x = [0.0; 2];
/// Generator::new(SeedSequence::new(42)).random(&mut x);
/// assert_eq!(x, [0.7739560485559633, 0.4388784397520523]); // numpy.random.default_rng(42).random(2)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generator {
    pcg: Pcg64,
}

impl Generator {
    /// A generator seeded by `sequence`.
    pub fn new(sequence: SeedSequence) -> Generator {
        Generator { pcg: Pcg64::new(sequence) }
    }

    /// `rng.random(out.len())`: uniform on [0, 1), multiples of 2^-53.
    pub fn random(&mut self, out: &mut [f64]) {
        self.pcg.fill(out, uniform);
    }
}

/// The upper 53 bits as a fraction.
#[inline]
fn uniform(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}
