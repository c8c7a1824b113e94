//! Any operation: an example of the crate's list whose JSON was edited, as far as it still is an operation.

use std::sync::LazyLock;

use dagdeck::{DType, Op};
use proptest::{
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Value, json};

/// An example, and the names that it may have instead.
struct Example {
    json: Value,
    names: Vec<&'static str>,
}

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let example = |(op, _): (Op, _)| {
        let json = serde_json::to_value(&op).unwrap();
        let fits = |name: &&str| read(&renamed(&json, name)).is_some();
        Example { names: Op::names().filter(fits).collect(), json }
    };
    Op::examples().into_iter().map(example).collect()
});

fn read(json: &Value) -> Option<Op> {
    serde_json::from_value::<Op>(json.clone()).ok().filter(|op| op.check().is_ok())
}

fn renamed(json: &Value, name: &str) -> Value {
    match json {
        Value::Object(op) => json!({ name: op.values().next().expect("an operation has a name") }),
        _ => name.into(),
    }
}

/// A change of one place in an operation's JSON.
#[derive(Clone, Debug)]
enum Edit {
    /// Gives a value another one of its kind.
    Replace(Replacement),
    /// Swaps two items of a list.
    Swap(Index, Index),
    /// Repeats an item of a list, or goes on counting.
    Insert(Index, bool),
    /// Removes an item of a list or a member of an object.
    Remove(Index),
}

/// What replaces a value, by its kind.
#[derive(Clone, Debug)]
struct Replacement {
    number: Value,
    word: Value,
    flag: bool,
}

/// Any number, special ones often.
fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (-4..5i64).prop_map(Value::from),
        2 => any::<f64>().prop_filter_map("JSON lacks it", |x| x.is_finite().then(|| x.into())),
        4 => select(vec![json!("NaN"), json!("Infinity"), json!("-Infinity"), json!(-0.0), json!(5e-324)]),
        2 => (-9.0..9.0).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn word() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        4 => select(DType::ALL.to_vec()).prop_map(|dtype| dtype.to_string()),
        4 => select(vec!["chunk", "combine", "aggregate"]).prop_map(str::to_owned),
        1 => "[A-Za-z0-9+/]{2}(==|[A-Za-z0-9+/]{6})",
        1 => ".{0,5}",
    ];
    text.prop_map(Value::from)
}

fn edit() -> impl Strategy<Value = (Edit, Index)> {
    let replacement =
        (number(), word(), any::<bool>()).prop_map(|(number, word, flag)| Replacement { number, word, flag });
    let edit = prop_oneof![
        6 => replacement.prop_map(Edit::Replace),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Edit::Swap(a, b)),
        1 => (any::<Index>(), any::<bool>()).prop_map(|(at, counts)| Edit::Insert(at, counts)),
        1 => any::<Index>().prop_map(Edit::Remove),
    ];
    (edit, any::<Index>())
}

impl Edit {
    /// Whether it can change this value.
    fn fits(&self, value: &Value) -> bool {
        match self {
            Edit::Replace(_) => !value.is_object() && !value.is_array(),
            Edit::Swap(..) | Edit::Insert(..) => value.as_array().is_some_and(|items| !items.is_empty()),
            Edit::Remove(_) => {
                value.as_array().is_some_and(|items| !items.is_empty())
                    || value.as_object().is_some_and(|members| members.len() > 1)
            }
        }
    }

    fn apply(&self, value: &mut Value) {
        match (self, value) {
            (Edit::Replace(with), Value::Bool(flag)) => *flag = with.flag,
            (Edit::Replace(with), value) => {
                let is_word = value.as_str().is_some_and(|text| !text.ends_with("Infinity") && text != "NaN");
                *value = if is_word { &with.word } else { &with.number }.clone();
            }
            (Edit::Swap(a, b), Value::Array(items)) => {
                let (a, b) = (a.index(items.len()), b.index(items.len()));
                items.swap(a, b);
            }
            (Edit::Insert(at, counts), Value::Array(items)) => {
                let at = at.index(items.len());
                let item = if *counts && items[at].is_u64() { items.len().into() } else { items[at].clone() };
                items.insert(at, item);
            }
            (Edit::Remove(at), Value::Array(items)) => {
                items.remove(at.index(items.len()));
            }
            (Edit::Remove(at), Value::Object(members)) => {
                let name = members.keys().nth(at.index(members.len())).expect("it is below").clone();
                members.remove(&name);
            }
            _ => unreachable!("it fits"),
        }
    }
}

/// Pointers to the values within a value that an edit can change.
fn places(value: &Value, at: String, edit: &Edit, found: &mut Vec<String>) {
    if edit.fits(value) {
        found.push(at.clone());
    }
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| places(item, format!("{at}/{i}"), edit, found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| places(member, format!("{at}/{name}"), edit, found));
        }
        _ => {}
    }
}

/// Any operation with parameters that make sense.
pub fn op() -> impl Strategy<Value = Op> {
    let edits = prop::collection::vec((edit(), any::<bool>()), 0..30);
    (any::<Index>(), any::<Index>(), edits).prop_map(|(example, name, edits)| {
        let Example { json, names } = example.get(&EXAMPLES);
        let mut json = renamed(json, names[name.index(names.len())]);
        let mut op = read(&json).expect("it is an example");
        let mut last = json.clone();
        for ((edit, at), undo) in edits {
            let mut found = Vec::new();
            // Not the name of an operation that has no parameters.
            if json.is_object() {
                places(&json, String::new(), &edit, &mut found);
            }
            if found.is_empty() {
                continue;
            }
            edit.apply(json.pointer_mut(&found[at.index(found.len())]).expect("it was found"));
            match read(&json) {
                Some(edited) => (op, last) = (edited, json.clone()),
                // Some operations are found only beyond one that makes no sense.
                None if undo => json = last.clone(),
                None => {}
            }
        }
        op
    })
}
