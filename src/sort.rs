//! Sorting by a key, compiled once for all callers.
//!
//! The standard library's sort is compiled again for every closure, and takes 7 kB of the browser's module each time.
//! Numbers that are their own keys are sorted in place, without this.

const SIGN: u64 = 1 << 63;

/// Sorts by `key`; equal keys keep their order. `!key` is the reverse order.
pub(crate) fn by_key<T: Copy>(items: &mut [T], key: &dyn Fn(T) -> u64) {
    items.sort_by_key(|&item| key(item));
}

/// A key with the order of integers.
pub(crate) fn int_key(x: i64) -> u64 {
    x as u64 ^ SIGN
}

/// A key with the order of [`f64::total_cmp`].
pub(crate) fn float_key(x: f64) -> u64 {
    let bits = x.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_have_their_total_order() {
        let floats =
            [f64::NEG_INFINITY, -1.5, -f64::MIN_POSITIVE, -0.0, 0.0, 1e-300, 2.0, f64::INFINITY, f64::NAN];
        assert!(floats.windows(2).all(|pair| float_key(pair[0]) < float_key(pair[1])));
    }

    #[test]
    fn integers_have_their_order() {
        assert!([i64::MIN, -1, 0, 1, i64::MAX].windows(2).all(|pair| int_key(pair[0]) < int_key(pair[1])));
    }

    #[test]
    fn equal_keys_keep_their_order() {
        let mut items = [31, 12, 11, 32, 21];
        by_key(&mut items, &|item| !(item / 10));
        assert_eq!(items, [31, 32, 21, 12, 11]);
    }
}
