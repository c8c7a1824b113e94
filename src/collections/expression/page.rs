//! The operations as the page and the Python reference read them, and as the documentation names them.

use std::collections::BTreeSet;

use serde_json::json;

use super::operations::{UFUNCS, operations};
use crate::generated;

#[test]
fn the_generated_operations_are_all_there_are() {
    let of_arity = |arity: usize| {
        let names = UFUNCS.iter().filter(move |(_, ufunc)| ufunc.arity() == arity).map(|(name, _)| *name);
        json!(names.collect::<Vec<_>>())
    };
    let (unary, binary) = (of_arity(1), of_arity(2));
    let is_listed = |name: &str| {
        [&unary, &binary]
            .iter()
            .any(|names| names.as_array().is_some_and(|names| names.contains(&name.into())))
    };
    let others = |methods: bool| {
        let others =
            operations().filter(|operation| operation.is_method == methods && !is_listed(operation.name));
        let lines = others.map(|operation| {
            let [operands, positional, named, arrays] =
                [operation.operands, operation.positional, operation.named, operation.arrays]
                    .map(|names| json!(names));
            let name = operation.name;
            format!(
                r#"    "{name}": {{"operands": {operands}, "positional": {positional}, "named": {named}, "arrays": {arrays}}}"#
            )
        });
        lines.collect::<Vec<_>>().join(",\n")
    };
    let (methods, functions) = (others(true), others(false));
    let text = format!(
        r#"/* Written by `make generated`, from src/collections/expression/operations.rs. */
export const OPERATIONS = /** @type {{const}} */ (
{{
  "unary": {unary},
  "binary": {binary},
  "methods": {{
{methods}
  }},
  "functions": {{
{functions}
  }}
}}
);
"#
    );
    generated::check("www/src/array/operations.js", &text);
}

#[test]
fn the_table_of_what_is_supported_names_every_operation() {
    let text = include_str!("../README.md");
    let words: BTreeSet<_> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let is_ufunc = |name: &str| UFUNCS.iter().any(|(known, ufunc)| *known == name && ufunc.arity() < 3);
    let ufuncs = UFUNCS.iter().filter(|(_, ufunc)| ufunc.arity() < 3).count();
    assert!(text.contains(&format!("{ufuncs} ufuncs")), "there are {ufuncs}");
    for operation in operations().filter(|operation| !is_ufunc(operation.name)) {
        // `qr.q` is one of the arrays that `qr` gives; `persist` makes an array that is `persisted`.
        let name = operation.name.split('.').next().expect("it has a name").trim_end_matches("ed");
        assert!(words.contains(name), "no row of src/collections/README.md names {name}");
    }
}
