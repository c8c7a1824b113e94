use super::*;

fn parsed(arrays: &str, targets: &str) -> Result<Vec<Array>> {
    parse(&format!(r#"{{"dagdeck": 1, "arrays": [{arrays}], "targets": {targets}}}"#), &())
}

const ONES: &str = r#"{"op": "ones", "shape": [5, 4], "chunks": 2}"#;

/// The error of a node that follows an array of ones.
fn refused(node: &str) -> String {
    parsed(&format!("{ONES}, {node}"), "[1]").unwrap_err().to_string()
}

#[test]
fn targets_are_what_is_wanted() {
    let sum = r#"{"op": "sum", "args": [{"array": 0}], "axis": [0], "keepdims": true}"#;
    let arrays = parsed(&format!("{ONES}, {sum}"), "[1, 0, 1]").unwrap();
    let shapes: Vec<_> = arrays.iter().map(Array::shape).collect();
    assert_eq!(shapes, [[1, 4], [5, 4], [1, 4]]);
    assert_eq!(arrays[0].name(), arrays[2].name());
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (node, expected) in [
        (r#"{"args": []}"#, "arrays[1]: op is missing"),
        (r#"{"op": "su", "args": []}"#, "arrays[1]: su: unknown operation: use one of negative, "),
        (r#"{"op": "sum"}"#, "arrays[1]: sum: takes 1 operands but 0 were given"),
        (
            r#"{"op": "sum", "args": [{"array": 0}], "colour": 1}"#,
            "arrays[1]: sum: unexpected keyword argument 'colour': use one of axis, keepdims, split_every, dtype",
        ),
        (
            r#"{"op": "sum", "args": [{"array": 1}]}"#,
            "arrays[1]: sum: args[0]: {\"array\":1}: must be below 1: only earlier arrays",
        ),
        (r#"{"op": "sum", "args": [1]}"#, "arrays[1]: sum: args[0] = 1: must be an array"),
        (
            r#"{"op": "add", "args": [{"array": 0}, "x"]}"#,
            "arrays[1]: add: args[1]: must be {\"array\": i} or a scalar: ",
        ),
        (
            r#"{"op": "sum", "args": [{"array": 0}], "axis": "x"}"#,
            "arrays[1]: sum: axis = \"x\": must be an int, a list of ints or null",
        ),
        (
            r#"{"op": "sum", "args": [{"array": 0}], "axis": 2}"#,
            "arrays[1]: sum: Axis 2 is out of bounds for array of dimension 2",
        ),
        (r#"{"op": "random", "chunks": 2, "seed": 1}"#, "arrays[1]: random: size is missing"),
        (r#"{"op": "persisted", "id": 7}"#, "arrays[1]: persisted: id = 7: no such array is held here"),
        (
            r#"{"op": "map_blocks", "args": [{"array": 0}], "func": "sin", "rate": 1}"#,
            "arrays[1]: map_blocks: func = 'sin': takes no rate",
        ),
        (
            r#"{"op": "slice", "args": [{"array": 0}], "index": [{"mask": 1}]}"#,
            "arrays[1]: slice: index: there is no mask args[1]",
        ),
        (
            r#"{"op": "slice", "args": [{"array": 0}, {"array": 0}], "index": [0]}"#,
            "arrays[1]: slice: args[1] is in no place of the index",
        ),
        (
            r#"{"op": "from_array", "shape": [2], "dtype": "u1", "data": "AQ=="}"#,
            "arrays[1]: from_array: data of 1 bytes: shape [2] of uint8 takes 2",
        ),
    ] {
        let error = refused(node);
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
    let error = |json| parse(json, &()).unwrap_err().to_string();
    assert_eq!(
        error(r#"{"dagdeck": 2, "arrays": [], "targets": []}"#),
        "dagdeck: unknown version 2, this build reads version 1"
    );
    assert_eq!(error("{"), "EOF while parsing an object (line 1, column 1)");
    assert_eq!(
        parsed(ONES, "[1]").unwrap_err().to_string(),
        "targets: there is no array 1: the expression has 1"
    );
}

/// Python's words for values that JSON lacks.
#[test]
fn keywords_may_be_null_and_numbers_large() {
    let node = r#"{"op": "full", "shape": 3, "fill_value": {"int": "9007199254740993"}, "chunks": null, "dtype": null}"#;
    let arrays = parsed(node, "[0]").unwrap();
    assert_eq!(arrays[0].to_string(), "dask.array<full_like, shape=(3,), dtype=int64, chunksize=(3,)>");
    let node =
        r#"{"op": "slice", "args": [{"array": 0}], "index": [null, {"start": null, "step": -2}, "...", -1]}"#;
    assert_eq!(parsed(&format!("{ONES}, {node}"), "[1]").unwrap()[0].shape(), [1, 3]);
}

#[test]
fn later_draws_go_on_where_earlier_ones_ended() {
    let mut rng = crate::collections::array::random::default_rng(42);
    rng.random(&[5, 4], 2).unwrap();
    let second = rng.normal(0.0, 1.0, &[3], 2).unwrap();
    let node =
        r#"{"op": "normal", "size": [3], "chunks": 2, "seed": 42, "after": [{"size": [5, 4], "chunks": 2}]}"#;
    assert_eq!(parsed(node, "[0]").unwrap()[0].name(), second.name());
}

#[test]
fn no_operation_is_there_twice() {
    let mut names: Vec<_> = operations().map(|operation| operation.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() == count && count > 100, "{count}");
}

#[cfg(not(any(target_arch = "wasm32", loom)))]
mod mutated {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// Any value, as a wrong or right argument.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-3i64..9).prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            prop_oneof![Just("auto"), Just("..."), Just("NaN"), Just("f4"), Just("periodic"), Just("é")]
                .prop_map(Value::from),
            (0usize..4).prop_map(|array| json!({ "array": array })),
            ((-9i64..9), any::<i64>(), (-3i64..3))
                .prop_map(|(start, stop, step)| json!({ "start": start, "stop": stop, "step": step })),
            proptest::collection::vec(-6i64..6, 0..4).prop_map(|places| json!({ "indices": places })),
        ];
        leaf.prop_recursive(2, 8, 4, |inner| proptest::collection::vec(inner, 0..4).prop_map(Value::from))
    }

    /// Nodes with random keywords, each with any value.
    fn node() -> impl Strategy<Value = Map<String, Value>> {
        let operations: Vec<_> = operations().collect();
        (0..operations.len()).prop_flat_map(move |i| {
            let name = operations[i].name;
            let keywords: Vec<_> = operations[i].keywords().collect();
            let args = proptest::collection::vec(
                prop_oneof![3 => (0usize..3).prop_map(|array| json!({ "array": array })), 1 => value()],
                0..4,
            );
            let values = proptest::collection::vec(proptest::option::of(value()), keywords.len());
            (args, values).prop_map(move |(args, values)| {
                let mut node =
                    Map::from_iter([("op".to_owned(), name.into()), ("args".to_owned(), args.into())]);
                let given = keywords
                    .iter()
                    .zip(values)
                    .filter_map(|(keyword, value)| Some((keyword.to_string(), value?)));
                node.extend(given);
                node
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// An expression is read and its graph built, or it is rejected with a message.
        #[test]
        fn nothing_panics(nodes in proptest::collection::vec(node(), 1..4), targets in proptest::collection::vec(0usize..7, 1..3)) {
            let some = json!([
                { "op": "random", "size": [6, 4], "chunks": [4, 4], "seed": 1 },
                { "op": "arange", "stop": 7, "chunks": 3 },
                { "op": "ones", "shape": [], "chunks": [] },
            ]);
            let mut arrays = some.as_array().unwrap().clone();
            arrays.extend(nodes.into_iter().map(Value::Object));
            let json = json!({ "dagdeck": 1, "arrays": arrays, "targets": targets }).to_string();
            let expression: Expression = json.parse().unwrap();
            prop_assert_eq!(expression.to_json().parse::<Expression>().unwrap(), expression);
            match parse(&json, &()) {
                Ok(arrays) => _ = crate::collections::array::graph(&arrays, true).map_err(|error| assert!(!error.to_string().is_empty())),
                Err(error) => prop_assert!(error.to_string().len() > 10),
            }
        }

        /// No other text panics either.
        #[test]
        fn any_text_is_refused_in_words(cut in 0usize..200, with in ".{0,3}") {
            let text = r#"{"dagdeck": 1, "arrays": [{"op": "ones", "shape": [4], "chunks": 2}, {"op": "sum", "args": [{"array": 0}]}], "targets": [1]}"#;
            let cut = cut.min(text.len() - 1);
            let mutated = format!("{}{with}{}", &text[..cut], &text[cut + 1..]);
            if let Err(error) = parse(&mutated, &()) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
