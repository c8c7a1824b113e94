//! The table of operations in the documentation of [`graph::json`](crate::graph::json), and examples of all of them.

use std::{borrow::Cow, io, ops::RangeInclusive};

use serde::Serialize;
use serde_json::{Value, json, ser::Formatter};

use super::Op;
use crate::generated;

#[test]
fn the_generated_table_shows_every_operation() {
    let mut examples = Op::examples().into_iter().map(|(op, _)| op);
    let mut table = "| operation | inputs | |\n|---|---|---|\n".to_owned();
    for (names, text, count) in Op::families() {
        let others: Vec<_> = names.iter().skip(1).map(|name| format!("`{name}`")).collect();
        let others =
            if others.is_empty() { others.join("") } else { format!(" Also {}.", others.join(", ")) };
        for (i, op) in examples.by_ref().take(count).enumerate() {
            let text = if i == 0 { format!("{}{others}", text.trim()) } else { String::new() };
            table += &format!("| `{}` | {} | {text} |\n", written(&op), inputs(op.arity()));
        }
    }
    assert_eq!(examples.next(), None);
    generated::check("src/operations/table.md", &table);
}

/// The names, and examples with their values, for the package that runs the operations on Dask.
#[test]
fn the_generated_examples_have_every_operation() {
    let example = |(op, inputs): (Op, Vec<crate::Value>)| {
        let value = match op {
            // Its examples fail.
            Op::Panic(_) => Value::Null,
            _ => {
                let mut borrowed: Vec<_> = inputs.iter().map(Cow::Borrowed).collect();
                json!(super::execute(&op, &mut borrowed, 0).expect("it takes these inputs"))
            }
        };
        json!({"op": op, "inputs": inputs, "value": value}).to_string()
    };
    let examples: Vec<String> = Op::examples().into_iter().map(example).collect();
    let names = json!(Op::names().collect::<Vec<_>>());
    let functions = json!(super::Function::ALL);
    let examples = examples.join(",\n");
    let text = format!("{{\"names\":{names},\n\"functions\":{functions},\n\"examples\":[\n{examples}\n]}}\n");
    generated::check("dask/tests/operations.json", &text);
}

/// An operation as JSON, with parentheses around what may be left out.
fn written(op: &Op) -> String {
    let whole = serde_json::to_value(op).expect("it is data");
    let mut text = spaced(op);
    for pointer in members(&whole, "") {
        let mut less = whole.clone();
        let (object, name) = pointer.rsplit_once('/').expect("it is a pointer");
        let object = less.pointer_mut(object).and_then(Value::as_object_mut).expect("it is an object");
        let value = object.remove(name).expect("it is a member");
        if serde_json::from_value::<Op>(less).is_ok_and(|op| op.check().is_ok()) {
            let member = format!("\"{name}\": {}", spaced(&value));
            text = text.replacen(&member, &format!("({member})"), 1);
        }
    }
    text
}

/// Pointers to all members of objects within a value.
fn members(value: &Value, at: &str) -> Vec<String> {
    let within = |(name, value): (String, &Value)| {
        let at = format!("{at}/{name}");
        let inner = members(value, &at);
        (at, inner)
    };
    match value {
        Value::Object(object) => object
            .iter()
            .map(|(name, value)| within((name.clone(), value)))
            .flat_map(|(at, inner)| std::iter::once(at).chain(inner))
            .collect(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(i, item)| within((i.to_string(), item)).1).collect()
        }
        _ => Vec::new(),
    }
}

fn inputs(arity: RangeInclusive<usize>) -> String {
    match (*arity.start(), *arity.end()) {
        (0, 0) => "none".to_owned(),
        (0, usize::MAX) => "any".to_owned(),
        (least, usize::MAX) => format!("{least} or more"),
        (least, _) => least.to_string(),
    }
}

/// JSON on one line, with a space after each comma and colon.
fn spaced(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Spaced)).expect("it is data");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.begin_array_value(writer, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
