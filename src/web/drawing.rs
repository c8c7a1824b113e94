//! A graph for drawing, as typed arrays: `GraphData` in `www/src/engine/protocol.js`.

use rustc_hash::FxHashMap;
use wasm_bindgen::JsValue;

use super::plain::{ToTyped, list, object, rows};
use crate::{graph::Rows, layout::Layout};

/// What a task is called.
pub(super) struct Named<'a> {
    /// Tasks with the same prefix have the same colour.
    pub(super) prefix: &'a str,
    pub(super) key: String,
}

/// The graph of these tasks, which are numbered in their order.
pub(super) fn graph<'a>(
    tasks: impl Iterator<Item = Named<'a>>,
    (dependencies, dependents): (&Rows, &Rows),
    targets: &[u32],
    layout: &Layout,
) -> JsValue {
    let mut prefix_ids = FxHashMap::default();
    let mut prefixes = Vec::new();
    let mut prefix_of: Vec<u16> = Vec::new();
    let mut text = String::new();
    let mut starts = vec![0];
    for Named { prefix, key } in tasks {
        prefix_of.push(*prefix_ids.entry(prefix).or_insert_with(|| {
            prefixes.push(prefix);
            u16::try_from(prefixes.len() - 1).unwrap_or(u16::MAX)
        }));
        text.push_str(&key);
        starts.push(text.len() as u32);
    }
    let order: Vec<u32> = (0..prefix_of.len() as u32).collect();
    object([
        ("tasks", order.len().into()),
        ("prefixes", list(prefixes.into_iter().map(Into::into))),
        ("prefixOf", prefix_of.to_typed()),
        ("dependencies", rows(dependencies)),
        ("dependents", rows(dependents)),
        ("order", order.to_typed()),
        ("targets", targets.to_typed()),
        ("keys", object([("starts", starts.to_typed()), ("text", text.as_bytes().to_typed())])),
        (
            "layout",
            object([
                ("x", layout.x.to_typed()),
                ("y", layout.y.to_typed()),
                ("width", layout.width.into()),
                ("height", layout.height.into()),
            ]),
        ),
    ])
}
