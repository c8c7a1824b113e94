//! PCG XSL-RR 128/64: NumPy's default bit generator, `numpy.random.PCG64`.
//!
//! A 128-bit linear congruential generator steps `state = state * M + increment`, and the output folds the halves
//! of the state together and rotates them by its top six bits. Each step waits for the previous one, so a loop over
//! single steps runs at the latency of a 128-bit product. [`Pcg64::fill`] breaks that chain without changing the
//! sequence: lane `j` of [`LANES`] holds the state `j` steps ahead, and all lanes jump [`LANES`] steps at a time by
//! `state * M^LANES + increment * (M^(LANES-1) + ... + 1)`.
//!
//! ```text
//! lanes     s0 s1 s2 s3 | s4 s5 s6 s7 | s8 ...        every lane only waits for itself
//! ```
//!
//! The crate `rand_pcg` has the same generator, and the tests compare with it. It hides its state, which the lanes
//! need.
//!
//! Melissa O'Neill, [PCG: A family of simple fast space-efficient statistically good algorithms for random
//! number generation](https://www.pcg-random.org/paper.html). Jumping ahead: F. Brown, Random number generation
//! with arbitrary stride, 1994.

use super::SeedSequence;

/// The multiplier of all 128-bit PCG generators.
const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// The number of independent states that [`Pcg64::fill`] keeps in flight: the fastest number, natively and in
/// Chromium's V8.
const LANES: usize = if cfg!(target_arch = "wasm32") { 2 } else { 4 };

/// `M^LANES`, and the sum of the lower powers: a jump of `LANES` steps.
const JUMP: (u128, u128) = {
    let (mut power, mut sum, mut i) = (1u128, 0u128, 0);
    while i < LANES {
        sum = sum.wrapping_add(power);
        power = power.wrapping_mul(MULTIPLIER);
        i += 1;
    }
    (power, sum)
};

/// `numpy.random.PCG64`: 64 random bits a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pcg64 {
    state: u128,
    increment: u128,
}

impl Pcg64 {
    /// `PCG64(sequence)`.
    pub(super) fn new(sequence: SeedSequence) -> Pcg64 {
        let w = sequence.generate_state::<8>().map(u128::from);
        // NumPy reads two words as a little-endian u64, and two of those as a u128 with the high half first.
        let wide = |w: &[u128]| w[1] << 96 | w[0] << 64 | w[3] << 32 | w[2];
        let (seed, stream) = (wide(&w[..4]), wide(&w[4..]));
        let increment = stream << 1 | 1;
        Pcg64 { state: step(increment.wrapping_add(seed), MULTIPLIER, increment), increment }
    }

    /// The next 64 bits.
    #[inline]
    pub(super) fn next(&mut self) -> u64 {
        self.state = step(self.state, MULTIPLIER, self.increment);
        output(self.state)
    }

    /// Fills `out` with numbers that each take an output or, rarely, several: `draw` gets the first output, and a
    /// source of further ones.
    #[inline]
    pub(super) fn fill_drawing<T>(
        &mut self,
        out: &mut [T],
        draw: impl Fn(u64, &mut dyn FnMut() -> u64) -> T,
    ) {
        let mut block = [0; BLOCK];
        let mut slots = out.iter_mut();
        while slots.len() > 0 {
            // Only as many outputs as are certainly needed, so that none is left over.
            let block = &mut block[..slots.len().min(BLOCK)];
            self.fill(block, |bits| bits);
            let mut ahead = block.iter().copied();
            while let Some(first) = ahead.next() {
                let slot = slots.next().expect("there are no more outputs than slots");
                *slot = draw(first, &mut || ahead.next().unwrap_or_else(|| self.next()));
            }
        }
    }

    /// Fills `out` with `value` of the next `out.len()` outputs.
    #[inline]
    pub(super) fn fill<T>(&mut self, out: &mut [T], value: impl Fn(u64) -> T) {
        let jump = (JUMP.0, self.increment.wrapping_mul(JUMP.1));
        let (blocks, rest) = out.as_chunks_mut::<LANES>();
        if !blocks.is_empty() {
            let mut lanes = [self.state; LANES];
            for j in 0..LANES {
                let before = if j == 0 { self.state } else { lanes[j - 1] };
                lanes[j] = step(before, MULTIPLIER, self.increment);
            }
            let (last, most) = blocks.split_last_mut().expect("checked above that there is a block");
            for block in most {
                for (slot, lane) in block.iter_mut().zip(&mut lanes) {
                    *slot = value(output(*lane));
                    *lane = step(*lane, jump.0, jump.1);
                }
            }
            for (slot, lane) in last.iter_mut().zip(&lanes) {
                *slot = value(output(*lane));
            }
            self.state = lanes[LANES - 1];
        }
        for slot in rest {
            *slot = value(self.next());
        }
    }
}

/// Outputs drawn a block ahead, at the speed of [`Pcg64::fill`], for callers whose draws need one or more outputs.
pub(super) struct Ahead<'a> {
    pcg: &'a mut Pcg64,
    block: [u64; BLOCK],
    next: usize,
    end: usize,
}

/// Outputs in a block: few enough for the fastest cache, many enough to make its start cheap.
const BLOCK: usize = 128;

impl<'a> Ahead<'a> {
    pub(super) fn new(pcg: &'a mut Pcg64) -> Ahead<'a> {
        Ahead { pcg, block: [0; BLOCK], next: 0, end: 0 }
    }

    /// The next 64 bits. At most `needed` outputs are drawn ahead, including this one. So if the caller takes at
    /// least that many, none is left over.
    #[inline]
    pub(super) fn next(&mut self, needed: usize) -> u64 {
        if self.next == self.end {
            self.refill(needed);
        }
        let bits = self.block[self.next];
        self.next += 1;
        bits
    }

    #[cold]
    fn refill(&mut self, needed: usize) {
        self.end = needed.clamp(1, BLOCK);
        self.next = 0;
        self.pcg.fill(&mut self.block[..self.end], |bits| bits);
    }
}

#[inline]
fn step(state: u128, multiplier: u128, increment: u128) -> u128 {
    let product = if cfg!(target_arch = "wasm32") {
        product_in_words(state, multiplier)
    } else {
        state.wrapping_mul(multiplier)
    };
    product.wrapping_add(increment)
}

/// `a * b`, wrapping, from 64-bit products that do not lose an overflow.
///
/// WebAssembly multiplies at most 64 bits, and compilers turn a 128-bit product into a function call there.
#[inline]
fn product_in_words(a: u128, b: u128) -> u128 {
    let (a_low, a_high) = (a as u64, (a >> 64) as u64);
    let (b_low, b_high) = (b as u64, (b >> 64) as u64);
    let (low, high) = widening_product(a_low, b_low);
    let high = high.wrapping_add(a_low.wrapping_mul(b_high)).wrapping_add(a_high.wrapping_mul(b_low));
    u128::from(high) << 64 | u128::from(low)
}

/// The lower and the upper half of `a * b`.
#[inline]
pub(super) fn widening_product(a: u64, b: u64) -> (u64, u64) {
    if !cfg!(target_arch = "wasm32") && !cfg!(test) {
        let product = u128::from(a) * u128::from(b);
        return (product as u64, (product >> 64) as u64);
    }
    // By halves, as in long multiplication; neither sum can overflow.
    let half = |x: u64| x & 0xffff_ffff;
    let (a0, a1, b0, b1) = (half(a), a >> 32, half(b), b >> 32);
    let lowest = a0 * b0;
    let middle = a1 * b0 + (lowest >> 32);
    let middle_again = a0 * b1 + half(middle);
    let high = a1 * b1 + (middle >> 32) + (middle_again >> 32);
    (middle_again << 32 | half(lowest), high)
}

/// XSL-RR: xor the halves, rotate right by the top six bits.
#[inline]
fn output(state: u128) -> u64 {
    ((state >> 64) as u64 ^ state as u64).rotate_right((state >> 122) as u32)
}

/// The same generator from the crate `rand_pcg`, which makes one plain step at a time. The upper 53 bits as a
/// fraction.
#[inline]
pub(super) fn uniform(bits: u64) -> f64 {
    (bits >> 11) as i64 as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
pub(super) fn twin(sequence: SeedSequence) -> rand_pcg::Pcg64 {
    let w = sequence.generate_state::<8>().map(u128::from);
    let seed = w[1] << 96 | w[0] << 64 | w[3] << 32 | w[2];
    rand_pcg::Pcg64::new(seed, w[5] << 96 | w[4] << 64 | w[7] << 32 | w[6])
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_pcg::rand_core::Rng;

    proptest! {
        #[test]
        fn products_by_halves_are_those_of_128_bits(a: u128, b: u128) {
            prop_assert_eq!(product_in_words(a, b), a.wrapping_mul(b));
        }

        #[test]
        fn fills_of_any_lengths_continue_the_twins_sequence(
            seed: u64,
            lengths in prop::collection::vec(0usize..40, 0..12),
        ) {
            let sequence = SeedSequence::new(seed.into());
            let (mut pcg, mut twin) = (Pcg64::new(sequence), twin(sequence));
            for length in lengths {
                let mut out = vec![0; length];
                pcg.fill(&mut out, |bits| bits);
                prop_assert_eq!(out, (0..length).map(|_| twin.next_u64()).collect::<Vec<_>>());
                prop_assert_eq!(pcg.next(), twin.next_u64());
            }
        }
    }
}
