//! Keys: what a task is called, as in Dask: a name, and for one block of a collection its indices.
//!
//! A collection's name is a prefix, which says what its tasks do, and a token, which tells two collections
//! apart: `mean_chunk-8c1f…`, and the key of a block is `('mean_chunk-8c1f…', 0, 3)`.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use smallvec::SmallVec;

/// The name of a task, unique in its graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    name: Arc<str>,
    index: SmallVec<[u32; 3]>,
}

impl Key {
    /// The key of a task that stands alone: `sum-0`.
    pub fn new(name: impl Into<Arc<str>>) -> Key {
        Key { name: name.into(), index: SmallVec::new() }
    }

    /// The key of the block `index` of the collection `name`.
    pub fn block(name: impl Into<Arc<str>>, index: &[u32]) -> Key {
        Key { name: name.into(), index: SmallVec::from_slice(index) }
    }

    /// The name without the indices.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the task does, without the token: the part that Dask's dashboard groups and colours by.
    ///
    /// ```
    /// # use dagdeck::Key;
    /// assert_eq!(Key::new("sum-0").prefix(), "sum");
    /// assert_eq!(Key::block("mean_agg-aggregate-1f0c2a77b1d5e3f9", &[0, 3]).prefix(), "mean_agg-aggregate");
    /// ```
    pub fn prefix(&self) -> &str {
        prefix(&self.name)
    }
}

/// Dask's `key_split`: the first word, and those after it up to one that is no plain word.
fn prefix(name: &str) -> &str {
    let mut end = name.find('-').unwrap_or(name.len());
    while let Some(rest) = name[end..].strip_prefix('-') {
        let word = rest.split('-').next().unwrap_or(rest);
        let plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
        let hex = word.len() == 8 && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !plain || hex {
            break;
        }
        end += 1 + word.len();
    }
    &name[..end]
}

/// `prefix-token`, the token being a hash of `description`: equal descriptions give equal names.
pub(crate) fn tokenize(prefix: &str, description: &impl fmt::Debug) -> Arc<str> {
    let mut hasher = DefaultHasher::new();
    format!("{description:?}").hash(&mut hasher);
    format!("{prefix}-{:016x}", hasher.finish()).into()
}

impl fmt::Display for Key {
    /// As Python prints it: `sum-0`, or `('mean-8c1f…', 0, 3)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.index.is_empty() {
            return f.write_str(&self.name);
        }
        write!(f, "('{}'", self.name)?;
        for i in &self.index {
            write!(f, ", {i}")?;
        }
        f.write_str(")")
    }
}

impl From<&str> for Key {
    fn from(name: &str) -> Key {
        Key::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_those_of_dasks_key_split() {
        for (name, expected) in [
            ("x", "x"),
            ("x-1", "x"),
            ("x-1-2-3", "x"),
            ("hello-world-1", "hello-world"),
            ("sum-partial-ef0a9d1c2b3f4a5d", "sum-partial"),
            ("ae05086432ca935f6eba409a8ecd4896", "ae05086432ca935f6eba409a8ecd4896"),
            ("inc-abcdefab", "inc"),
            ("_sqrt-01", "_sqrt"),
        ] {
            assert_eq!(Key::new(name).prefix(), expected, "{name}");
        }
    }

    #[test]
    fn a_block_prints_as_pythons_tuple() {
        assert_eq!(Key::block("add-7f", &[1, 2]).to_string(), "('add-7f', 1, 2)");
        assert_eq!(Key::new("sum-0").to_string(), "sum-0");
    }

    #[test]
    fn equal_descriptions_share_a_name() {
        assert_eq!(tokenize("add", &(1, "x")), tokenize("add", &(1, "x")));
        assert_ne!(tokenize("add", &(1, "x")), tokenize("add", &(1, "y")));
    }
}
