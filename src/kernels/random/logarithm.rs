//! `log1p(-u)` with the same bits on every machine.
//!
//! The ziggurat's tail uses logarithms, so reproducing NumPy's numbers takes NumPy's logarithm, which is the C
//! library's. The logarithms of Rust's host and WebAssembly targets differ in the last bit for about one number in
//! a thousand. This is fdlibm's method, as implemented in glibc and evaluated on processors with fused
//! multiply-add.
//!
//! With `1 - u = 2^k (1 + f)` and `f` between `sqrt(1/2) - 1` and `sqrt(2) - 1`, `s = f / (2 + f)` gives
//! `log(1 + f) = 2 s + 2/3 s^3 + 2/5 s^5 + ...`, where a polynomial approximates the terms from the third power on.
//!
//! It only accepts what `Generator.random` returns: multiples of 2^-53 from 0 up to 1, for which `1 - u` is exact.
//!
//! Source: fdlibm's [`s_log1p.c`](https://www.netlib.org/fdlibm/s_log1p.c), for the method and its constants.

/// The logarithm of 2: leading bits, whose multiples by small integers are exact, and the rest.
const LN_2: (f64, f64) = (f64::from_bits(0x3fe6_2e42_fee0_0000), f64::from_bits(0x3dea_39ef_3579_3c76));

/// The polynomial in `s^2`, from its first power.
const SERIES: [f64; 7] = [
    f64::from_bits(0x3fe5_5555_5555_5593),
    f64::from_bits(0x3fd9_9999_9997_fa04),
    f64::from_bits(0x3fd2_4924_9422_9359),
    f64::from_bits(0x3fcc_71c5_1d8e_78af),
    f64::from_bits(0x3fc7_4664_96cb_03de),
    f64::from_bits(0x3fc3_9a09_d078_c69f),
    f64::from_bits(0x3fc2_f112_df3e_5244),
];

/// The natural logarithm of `1 - u`, for multiples `u` of 2^-53 in [0, 1).
pub(super) fn log1p_of_minus(u: f64) -> f64 {
    const TINY: f64 = 1.0 / (1u64 << 29) as f64;
    if u < TINY {
        return (-0.5f64).mul_add(u * u, -u);
    }
    let (k, f, is_close_to_a_power_of_two) = reduce(u);
    let half_square = 0.5 * f * f;
    if is_close_to_a_power_of_two {
        let rest = half_square * (-2.0 / 3.0f64).mul_add(f, 1.0);
        return k.mul_add(LN_2.0, -((rest - k * LN_2.1) - f));
    }
    let s = f / (2.0 + f);
    let series = half_square + series(s * s);
    if k == 0.0 {
        f - (half_square - s * series)
    } else {
        k.mul_add(LN_2.0, -((half_square - (s * series + k * LN_2.1)) - f))
    }
}

/// `k` and `f` of `1 - u = 2^k (1 + f)`, and whether `f` is so small that two terms are enough.
fn reduce(u: f64) -> (f64, f64, bool) {
    let high_word = |x: f64| (x.to_bits() >> 32) as u32;
    /// Upper words of `1 - sqrt(1/2)` and of the fraction of `sqrt(2)`.
    const SQRT: (u32, u32) = (0x3fd2_bec4, 0x6_a09e);
    if high_word(u) < SQRT.0 {
        return (0.0, -u, false);
    }
    let rest = 1.0 - u;
    let fraction = high_word(rest) & 0xf_ffff;
    let k = (high_word(rest) >> 20) as i32 - 1023;
    let digits = rest.to_bits() & ((1 << 52) - 1);
    if fraction < SQRT.1 {
        (k.into(), f64::from_bits(digits | 0x3ff << 52) - 1.0, fraction == 0)
    } else {
        ((k + 1).into(), f64::from_bits(digits | 0x3fe << 52) - 1.0, (0x10_0000 - fraction) >> 2 == 0)
    }
}

/// The polynomial at `z`, with its terms paired as in glibc.
fn series(z: f64) -> f64 {
    let pair = |i: usize| z.mul_add(SERIES[i + 1], SERIES[i]);
    let (z2, z4) = (z * z, (z * z) * (z * z));
    let first = z.mul_add(SERIES[0], z2 * pair(1));
    (z2 * z4).mul_add(pair(5), z4.mul_add(pair(3), first))
}

#[cfg(all(test, not(any(target_arch = "wasm32", loom))))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zero_has_the_logarithm_zero() {
        assert_eq!(log1p_of_minus(0.0), 0.0);
    }

    proptest! {
        #[test]
        fn it_is_the_standard_librarys_but_for_the_last_bits(bits: u64, shift in 0u32..53) {
            let u = (bits >> 11 >> shift) as f64 / (1u64 << 53) as f64;
            let (ours, theirs) = (log1p_of_minus(u), (-u).ln_1p());
            prop_assert!(ours.to_bits().abs_diff(theirs.to_bits()) <= 2 || ours == theirs, "{ours:e}, {theirs:e}");
        }
    }
}
