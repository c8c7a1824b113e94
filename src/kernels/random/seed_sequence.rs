//! NumPy's `SeedSequence`: turns a user's seed into any number of independent generator states.
//!
//! A seed is spread over a pool of four 32-bit words by a hash whose multiplier changes at every use; child `i` of a
//! sequence is the same pool with the word `i` mixed in after it. So the state of a sequence is only the pool and the
//! current multiplier: twenty bytes, cheap to copy, no allocation.
//!
//! ```text
//! seed 42 -> [pool] --mix 0--> child 0 --mix 3--> its child 3
//!                   --mix 1--> child 1
//! ```
//!
//! The words of the seed and the spawn key are not stored, and no entropy comes from the system: dagdeck's runs are
//! repeatable.
//!
//! The algorithm is Melissa O'Neill's [`seed_seq`
//! alternative](https://www.pcg-random.org/posts/developing-a-seed_seq-alternative.html) as adopted and extended
//! with spawn keys by NumPy: [documentation](https://numpy.org/doc/stable/reference/random/bit_generators/generated/numpy.random.SeedSequence.html),
//! [NEP 19](https://numpy.org/neps/nep-0019-rng-policy.html).

/// Words in the pool; NumPy's default `pool_size`.
const POOL: usize = 4;

/// One stage of O'Neill's multiplicative hash: xor with a constant, advance the constant, multiply, fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hash {
    constant: u32,
}

impl Hash {
    /// For words that go into the pool.
    const INTO_POOL: (u32, u32) = (0x43b0_d7e5, 0x931e_8875);
    /// For words that come out of it.
    const OUT_OF_POOL: (u32, u32) = (0x8b51_f9dd, 0x58f3_8ded);

    fn next(&mut self, word: u32, multiplier: u32) -> u32 {
        let word = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(multiplier);
        fold(word.wrapping_mul(self.constant))
    }
}

fn fold(word: u32) -> u32 {
    word ^ (word >> 16)
}

/// Combines a word of the pool with a hashed word.
fn mix(pool: u32, hashed: u32) -> u32 {
    fold(pool.wrapping_mul(0xca01_f9dd).wrapping_sub(hashed.wrapping_mul(0x4973_f715)))
}

/// `numpy.random.SeedSequence`: a seed, spread over a pool, from which generators are seeded and children spawned.
///
/// ```
/// use dagdeck::kernels::random::SeedSequence;
///
/// // numpy.random.SeedSequence(42).spawn(2)[1].generate_state(1)[0]
/// assert_eq!(SeedSequence::new(42).child(1).generate_state::<1>(), [4_091_952_314]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedSequence {
    pool: [u32; POOL],
    hash: Hash,
}

impl SeedSequence {
    /// `SeedSequence(seed)`. Seeds of more than 128 bits go through [`from_words`](SeedSequence::from_words).
    pub fn new(seed: u128) -> SeedSequence {
        // Leading zeros need no trimming: a seed shorter than the pool is padded with them anyway.
        let words = [seed, seed >> 32, seed >> 64, seed >> 96].map(|word| word as u32);
        SeedSequence::from_words(&words)
    }

    /// `SeedSequence(words)`, or `SeedSequence(seed)` for a seed in 32-bit words, the lowest first.
    pub fn from_words(words: &[u32]) -> SeedSequence {
        let mut hash = Hash { constant: Hash::INTO_POOL.0 };
        let mut pool = [0; POOL];
        for (i, slot) in pool.iter_mut().enumerate() {
            *slot = hash.next(words.get(i).copied().unwrap_or(0), Hash::INTO_POOL.1);
        }
        // Every word of the pool affects every other.
        for from in 0..POOL {
            for to in (0..POOL).filter(|&to| to != from) {
                pool[to] = mix(pool[to], hash.next(pool[from], Hash::INTO_POOL.1));
            }
        }
        words.iter().skip(POOL).fold(SeedSequence { pool, hash }, |sequence, &word| sequence.child(word))
    }

    /// `SeedSequence(seed, spawn_key=(..., index))`: the child that NumPy's `spawn` makes as its `index`-th.
    #[must_use]
    pub fn child(mut self, index: u32) -> SeedSequence {
        for slot in &mut self.pool {
            *slot = mix(*slot, self.hash.next(index, Hash::INTO_POOL.1));
        }
        self
    }

    /// `generate_state(N, numpy.uint32)`.
    pub fn generate_state<const N: usize>(&self) -> [u32; N] {
        let mut hash = Hash { constant: Hash::OUT_OF_POOL.0 };
        std::array::from_fn(|i| hash.next(self.pool[i % POOL], Hash::OUT_OF_POOL.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_past_the_pool_are_mixed_as_children_are() {
        assert_eq!(
            SeedSequence::from_words(&[1, 2, 3, 4, 5]),
            SeedSequence::from_words(&[1, 2, 3, 4]).child(5)
        );
    }

    #[test]
    fn missing_words_count_as_zeros() {
        assert_eq!(SeedSequence::from_words(&[7]), SeedSequence::new(7));
        assert_eq!(SeedSequence::from_words(&[]), SeedSequence::new(0));
    }

    #[test]
    fn siblings_differ() {
        let parent = SeedSequence::new(0);
        assert_ne!(parent.child(0).generate_state::<8>(), parent.child(1).generate_state::<8>());
    }
}
