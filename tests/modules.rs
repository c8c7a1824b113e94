//! `scripts/modules` finds a circle of imports, and an arrow that points the wrong way.

#![cfg(not(any(target_arch = "wasm32", loom)))]

use std::{fs, path::Path, process::Command};

/// The script's output for a crate of these files; empty if there are no errors.
fn check(folder: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/modules");
    let output = Command::new("python3").arg(script).arg(folder).output().expect("Python is installed");
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), words.is_empty(), "{words}");
    words
}

fn check_files(name: &str, files: &[(&str, &str)]) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    check(&folder)
}

#[test]
fn the_crate_has_no_circles() {
    assert_eq!(check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")), "");
}

#[test]
fn a_circle_is_found_through_a_re_export() {
    let files = [
        ("lib.rs", "mod graph; pub use graph::Plan;"),
        ("graph/mod.rs", "mod order; mod plan; pub use plan::Plan;"),
        ("graph/plan.rs", "use super::order::order;\npub struct Plan; fn f() { order() }"),
        ("graph/order.rs", "use super::Plan;\npub fn order() {}"),
    ];
    assert_eq!(
        check_files("circle", &files),
        "error: a circle of imports: graph/order.rs -> graph/plan.rs -> graph/order.rs\n"
    );
    let mut tested = files;
    tested[3].1 = "pub fn order() {}\n#[cfg(test)]\nmod tests { use super::super::Plan; }";
    assert_eq!(check_files("tested", &tested), "");
}

#[test]
fn a_module_imports_only_what_is_below_it() {
    let files = [
        ("lib.rs", "pub mod error; pub mod graph;"),
        ("graph.rs", "pub struct Plan;"),
        ("error.rs", "pub fn f(_: crate::graph::Plan) {}"),
    ];
    assert_eq!(
        check_files("upwards", &files),
        "error: error.rs imports graph.rs, which is not below it: error -> graph\n"
    );
}
