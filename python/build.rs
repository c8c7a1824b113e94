//! The macro that compiles Python modules reads files that cargo does not know of.
fn main() {
    println!("cargo::rerun-if-changed=lib");
    println!("cargo::rerun-if-changed=standard-library.txt");
}
