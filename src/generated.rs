//! Files that are made from the crate's lists, and committed for what cannot read these: documentation, the page, and
//! the Python reference. `make generated` writes them.

use std::{env, fs, path::Path};

/// Asserts that a file of the repository has this text; writes it if `GENERATE` is set.
pub(crate) fn check(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("GENERATE").is_some() {
        fs::write(&file, text).expect("the repository can be written");
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is stale: run `make generated`");
}
