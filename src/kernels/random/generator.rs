//! NumPy's `Generator` over PCG64: turns random bits into numbers, a slice at a time.

use super::SeedSequence;
use super::pcg64::{Ahead, Pcg64, uniform, widening_product};
use super::poisson::Poisson;
use super::ziggurat::{standard_exponential, standard_normal};

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
    /// The upper half of the last 64 bits, if only the lower half was used: 32-bit draws take two from each.
    half: Option<u32>,
}

impl Generator {
    /// A generator seeded by `sequence`.
    pub fn new(sequence: SeedSequence) -> Generator {
        Generator { pcg: Pcg64::new(sequence), half: None }
    }

    /// `rng.random(out.len())`: uniform on [0, 1), multiples of 2^-53.
    pub fn random(&mut self, out: &mut [f64]) {
        self.pcg.fill(out, uniform);
    }

    /// `rng.uniform(low, high, out.len())`: uniform on [low, high).
    pub fn uniform(&mut self, low: f64, high: f64, out: &mut [f64]) {
        let range = high - low;
        self.pcg.fill(out, |bits| low + range * uniform(bits));
    }

    /// `rng.standard_normal(out.len())`: mean 0, standard deviation 1.
    pub fn standard_normal(&mut self, out: &mut [f64]) {
        self.pcg.fill_drawing(out, standard_normal);
    }

    /// `rng.normal(loc, scale, out.len())`: mean `loc`, standard deviation `scale`.
    pub fn normal(&mut self, loc: f64, scale: f64, out: &mut [f64]) {
        self.pcg.fill_drawing(out, |bits, next| loc + scale * standard_normal(bits, next));
    }

    /// `rng.exponential(scale, out.len())`: mean `scale`.
    pub fn exponential(&mut self, scale: f64, out: &mut [f64]) {
        self.pcg.fill_drawing(out, |bits, next| scale * standard_exponential(bits, next));
    }

    /// `rng.poisson(lam, out.len())`: mean `lam`. Without a draw, all are 0 if `lam` is.
    pub fn poisson(&mut self, lam: f64, out: &mut [i64]) {
        if lam == 0.0 {
            return out.fill(0);
        }
        let poisson = Poisson::new(lam);
        self.pcg.fill_drawing(out, |bits, next| poisson.draw(bits, next));
    }

    /// `rng.integers(low, high, out.len())`: uniform from `low` up to but not including `high`.
    ///
    /// Like NumPy, it chooses the method by the range: no draw for a single number, 32-bit draws below 2^32 numbers,
    /// 64-bit draws above; both use Daniel Lemire's [multiplication and rare
    /// rejection](https://arxiv.org/abs/1805.10941).
    ///
    /// # Panics
    /// If `high` is not above `low`.
    pub fn integers(&mut self, low: i64, high: i64, out: &mut [i64]) {
        assert!(low < high, "low >= high: there is no integer from {low} up to, but not including, {high}");
        self.integers_to(low, high.wrapping_sub(1), out);
    }

    /// The same with an inclusive end: `rng.integers(low, last, out.len(), endpoint=True)`.
    pub fn integers_to(&mut self, low: i64, last: i64, out: &mut [i64]) {
        let span = last.wrapping_sub(low) as u64;
        match u32::try_from(span) {
            Ok(span) => self.up_to_32_bits(span, out, |x| low.wrapping_add(x.into())),
            Err(_) => {
                let mut bits = Ahead::new(&mut self.pcg);
                let mut left = out.len();
                for slot in out {
                    *slot = low.wrapping_add(below_64(span, || bits.next(left)) as i64);
                    left -= 1;
                }
            }
        }
    }

    /// `rng.integers(low, last, out.len(), dtype="int32", endpoint=True)`: the numbers are those of `int64`.
    pub fn integers_i32(&mut self, low: i32, last: i32, out: &mut [i32]) {
        let span = last.wrapping_sub(low) as u32;
        self.up_to_32_bits(span, out, |x| low.wrapping_add(x as i32));
    }

    /// `rng.integers(low, last, out.len(), dtype="uint8", endpoint=True)`: four numbers from 32 bits.
    pub fn integers_u8(&mut self, low: u8, last: u8, out: &mut [u8]) {
        let span = last.wrapping_sub(low);
        if span == 0 {
            return out.fill(low);
        }
        let (mut buffer, mut left) = (0u32, 0);
        for slot in out {
            let draw = || {
                (buffer, left) = if left == 0 { (self.next_32(), 3) } else { (buffer >> 8, left - 1) };
                buffer as u8
            };
            *slot = low.wrapping_add(below_8(span, draw));
        }
    }

    /// `rng.integers(low, last, out.len(), dtype="bool", endpoint=True)`: 32 from 32 bits.
    pub fn integers_bool(&mut self, low: bool, last: bool, out: &mut [bool]) {
        if low == last {
            return out.fill(low);
        }
        let (mut buffer, mut left) = (0u32, 0);
        for slot in out {
            (buffer, left) = if left == 0 { (self.next_32(), 31) } else { (buffer >> 1, left - 1) };
            *slot = buffer & 1 == 1;
        }
    }

    /// Fills `out` with `value` of numbers from 0 to `last`, by 32-bit draws.
    fn up_to_32_bits<T: Clone>(&mut self, last: u32, out: &mut [T], value: impl Fn(u32) -> T) {
        if last == 0 {
            return out.fill(value(0));
        }
        let mut bits = Ahead::new(&mut self.pcg);
        let mut left = out.len();
        for slot in out {
            let draw = || match self.half.take() {
                Some(half) => half,
                None => {
                    let both = bits.next(left.div_ceil(2));
                    self.half = Some((both >> 32) as u32);
                    both as u32
                }
            };
            *slot = value(below_32(last, draw));
            left -= 1;
        }
    }

    /// A number from 0 to `last`, by 32-bit draws if it fits: NumPy's `random_bounded_uint64`.
    pub(super) fn up_to(&mut self, last: u64) -> u64 {
        match u32::try_from(last) {
            Ok(0) => 0,
            Ok(last) => below_32(last, || self.next_32()).into(),
            Err(_) => below_64(last, || self.pcg.next()),
        }
    }

    /// A number from 0 to `last`: the lowest bits of a draw, drawn again if they are more. NumPy's `random_interval`.
    pub(super) fn masked_up_to(&mut self, last: u32) -> u32 {
        let mask = u32::MAX.checked_shr(last.leading_zeros()).unwrap_or(0);
        loop {
            let bits = self.next_32() & mask;
            if bits <= last {
                return bits;
            }
        }
    }

    /// The next 32 bits.
    #[inline]
    fn next_32(&mut self) -> u32 {
        self.half.take().unwrap_or_else(|| {
            let both = self.pcg.next();
            self.half = Some((both >> 32) as u32);
            both as u32
        })
    }
}

/// A number from 0 to `last`: the upper half of a draw times the number of possible numbers.
///
/// A lower half below `2^32 mod count` would make the distribution uneven, so it is drawn again.
#[inline]
fn below_32(last: u32, mut draw: impl FnMut() -> u32) -> u32 {
    let Some(count) = last.checked_add(1) else { return draw() };
    loop {
        let product = u64::from(draw()) * u64::from(count);
        let lower = product as u32;
        if lower >= count || lower >= count.wrapping_neg() % count {
            return (product >> 32) as u32;
        }
    }
}

/// As [`below_32`], from 8-bit draws.
#[inline]
fn below_8(last: u8, mut draw: impl FnMut() -> u8) -> u8 {
    let Some(count) = last.checked_add(1) else { return draw() };
    loop {
        let product = u16::from(draw()) * u16::from(count);
        let lower = product as u8;
        if lower >= count || lower >= count.wrapping_neg() % count {
            return (product >> 8) as u8;
        }
    }
}

/// As [`below_32`], from 64-bit draws.
#[inline]
fn below_64(last: u64, mut draw: impl FnMut() -> u64) -> u64 {
    let Some(count) = last.checked_add(1) else { return draw() };
    loop {
        let (lower, upper) = widening_product(draw(), count);
        if lower >= count || lower >= count.wrapping_neg() % count {
            return upper;
        }
    }
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use super::super::pcg64::twin;
    use super::*;
    use proptest::prelude::*;
    use rand_pcg::rand_core::Rng;

    /// All kinds of draws.
    #[derive(Clone, Debug)]
    enum Draw {
        Random(usize),
        Normal(usize),
        Integers(i64, i64, usize),
    }

    fn draws() -> impl Strategy<Value = Vec<Draw>> {
        let any_range = (any::<i64>(), any::<i64>()).prop_filter("a range", |(a, b)| a != b);
        let range = prop_oneof![
            (-100i64..100, 1i64..100).prop_map(|(low, span)| (low, low + span)),
            (1i64 << 31..1 << 33).prop_map(|high| (0, high)),
            any_range.prop_map(|(a, b)| (a.min(b), a.max(b))),
        ];
        let draw = prop_oneof![
            (0usize..300).prop_map(Draw::Random),
            (0usize..300).prop_map(Draw::Normal),
            (range, 0usize..300).prop_map(|((low, high), n)| Draw::Integers(low, high, n)),
        ];
        prop::collection::vec(draw, 1..8)
    }

    proptest! {
        #[test]
        fn any_draws_in_any_order_match_one_output_at_a_time(seed: u64, draws in draws()) {
            let sequence = SeedSequence::new(seed.into());
            let (mut generator, mut twin) = (Generator::new(sequence), twin(sequence));
            let mut half = None;
            for draw in draws {
                match draw {
                    Draw::Random(n) => {
                        let mut out = vec![0.0; n];
                        generator.random(&mut out);
                        let naive = || (twin.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0;
                        prop_assert_eq!(out, std::iter::repeat_with(naive).take(n).collect::<Vec<_>>());
                    }
                    Draw::Normal(n) => {
                        let mut out = vec![0.0; n];
                        generator.normal(1.0, 3.0, &mut out);
                        let naive = || 1.0 + 3.0 * standard_normal(twin.next_u64(), &mut || twin.next_u64());
                        prop_assert_eq!(out, std::iter::repeat_with(naive).take(n).collect::<Vec<_>>());
                    }
                    Draw::Integers(low, high, n) => {
                        let mut out = vec![0; n];
                        generator.integers(low, high, &mut out);
                        let count = (i128::from(high) - i128::from(low)) as u128;
                        let width = if count <= 1 << 32 { 32 } else { 64 };
                        let mut naive = || loop {
                            let draw = if width == 64 {
                                twin.next_u64()
                            } else {
                                half.take().unwrap_or_else(|| {
                                    let both = twin.next_u64();
                                    half = Some(both >> 32);
                                    both & 0xffff_ffff
                                })
                            };
                            let product = u128::from(draw) * count;
                            if product % (1 << width) >= (1 << width) % count {
                                break (i128::from(low) + (product >> width) as i128) as i64;
                            }
                        };
                        if count > 1 {
                            prop_assert_eq!(out, (0..n).map(|_| naive()).collect::<Vec<_>>());
                        } else {
                            prop_assert_eq!(out, vec![low; n]);
                        }
                    }
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "low >= high")]
    fn an_empty_range_has_no_integers() {
        Generator::new(SeedSequence::new(0)).integers(3, 3, &mut [0]);
    }
}
