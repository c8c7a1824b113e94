//! pandas' hash of a string: `pandas.util.hash_array`. SipHash-2-4 with the key of pandas, and the finaliser of splitmix64.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

/// The key of pandas: `hash_key` of `hash_array`, by default.
const KEY: [u8; 16] = *b"0123456789123456";

/// The hash of a string.
pub(crate) fn hash_str(text: &str) -> u64 {
    let mut hasher = SipHasher24::new_with_key(&KEY);
    hasher.write(text.as_bytes());
    finalise(hasher.finish())
}

fn finalise(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        text: String,
        hash: String,
    }

    /// `tests/reference/string_hash.py` has asked pandas.
    #[test]
    fn hashes_are_those_of_pandas() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/fixtures/hash.json")).unwrap();
        assert!(cases.len() > 50);
        for Case { text, hash } in cases {
            assert_eq!(format!("{:016x}", hash_str(&text)), hash, "{text:?}");
        }
    }
}
