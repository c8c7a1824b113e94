//! Keys: the names of tasks, as in Dask: a name, and for a block of a collection its indices.
//!
//! A collection's name consists of a prefix, which says what its tasks do, and a token, which tells two collections
//! apart: `mean_chunk-8c1f…`. The key of a block is `('mean_chunk-8c1f…', 0, 3)`.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use smallvec::SmallVec;

/// The name of a task, unique in its graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    name: Arc<str>,
    index: Index,
}

type Index = SmallVec<[u32; 3]>;

impl Key {
    /// The key of a task that does not belong to a collection: `sum-0`. If the text is a block's key in printed form,
    /// this is that key, so two keys that look the same are the same.
    ///
    /// ```
    /// # use dagdeck::Key;
    /// assert_eq!(Key::new("('add-7f', 1, 2)"), Key::block("add-7f", &[1, 2]));
    /// ```
    pub fn new(name: impl Into<Arc<str>>) -> Key {
        let name = name.into();
        match parse_block(&name) {
            Some((name, index)) => Key { name: name.into(), index },
            None => Key { name, index: Index::new() },
        }
    }

    /// The key of the block `index` of the collection `name`.
    pub fn block(name: impl Into<Arc<str>>, index: &[u32]) -> Key {
        match index {
            [] => Key::new(name),
            index => Key { name: name.into(), index: Index::from_slice(index) },
        }
    }

    /// The indices; empty if the task does not belong to a collection.
    pub fn index(&self) -> &[u32] {
        &self.index
    }

    /// The name without the indices.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name without the token: what the task does. Dask's dashboard groups and colours tasks by it.
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

/// Dask's `key_split`: the first word, and those after it up to the first one that is not a plain word.
fn prefix(name: &str) -> &str {
    let name = name.trim_start_matches('_');
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

/// `prefix-token`, where the token is a hash of `hasher`'s input and of `description`. Equal inputs give equal names.
pub(crate) fn token(prefix: &str, mut hasher: DefaultHasher, description: &impl fmt::Debug) -> Arc<str> {
    /// Hashes what is written, without building a string.
    struct Sink<'a>(&'a mut DefaultHasher);

    impl fmt::Write for Sink<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }

    prefix.hash(&mut hasher);
    fmt::write(&mut Sink(&mut hasher), format_args!("{description:?}")).expect("a hasher takes any text");
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

/// The inverse of [`Key`]'s `Display` for blocks: the name and at least one index.
fn parse_block(text: &str) -> Option<(&str, Index)> {
    // An index contains no quote, so the last quote ends the name, whatever the name is.
    let (name, index) = text.strip_prefix("('")?.strip_suffix(')')?.rsplit_once("', ")?;
    Some((name, index.split(", ").map(parse_index).collect::<Option<_>>()?))
}

/// A number in printed form: without sign or leading zeros.
fn parse_index(text: &str) -> Option<u32> {
    let printed = text == "0" || text.starts_with(|c: char| matches!(c, '1'..='9'));
    if printed { text.parse().ok() } else { None }
}

impl From<&str> for Key {
    fn from(name: &str) -> Key {
        Key::new(name)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        struct KeyVisitor;

        impl de::Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, text: &str) -> Result<Key, E> {
                Ok(Key::new(text))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
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
            ("_sqrt-01", "sqrt"),
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
    fn only_what_a_block_prints_as_is_read_as_a_block() {
        for key in [
            Key::block("add-7f", &[0, 4_294_967_295]),
            Key::block("it's', 0", &[7]),
            Key::block("('x', 0)", &[1]),
            Key::block("", &[1]),
        ] {
            assert_eq!(Key::new(key.to_string()), key);
            assert!(!key.index().is_empty());
        }
        for text in [
            "('x')",
            "('x', )",
            "('x', 01)",
            "('x', +1)",
            "('x', 4294967296)",
            "('x',0)",
            "('x', 0",
            "', 0)",
            "('",
        ] {
            assert_eq!((Key::new(text).name(), Key::new(text).to_string()), (text, text.to_owned()));
        }
        assert_eq!(Key::block("('x', 0)", &[]), Key::block("x", &[0]));
    }

    #[test]
    fn equal_descriptions_share_a_name() {
        let name = |description: &(u32, &str)| token("add", DefaultHasher::new(), description);
        assert_eq!(name(&(1, "x")), name(&(1, "x")));
        assert_ne!(name(&(1, "x")), name(&(1, "y")));
    }
}
