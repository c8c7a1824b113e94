//! Delayed calls have the values of Dask, and graphs of as many tasks with the same prefixes.
//! `tests/reference/delayed.py` writes the fixture.
#![cfg(not(target_arch = "wasm32"))]

use std::{collections::BTreeMap, sync::Arc};

use dagdeck::{
    Options, Plan, Scheduler, TaskGraph, Value,
    collections::{
        delayed::{self, Delayed, delayed},
        expression::{Expression, Targets},
    },
    operations::Function,
    scheduler,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    expression: Expression,
    /// In Python's notation.
    values: Vec<String>,
    prefixes: BTreeMap<String, usize>,
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string("tests/fixtures/delayed.json").expect("it is there");
    serde_json::from_str(&text).expect("it holds cases")
}

fn targets(expression: &Expression) -> dagdeck::Result<Vec<Delayed>> {
    match expression.targets(&())? {
        Targets::Delayed(delayed) => Ok(delayed),
        Targets::Arrays(_) => panic!("it has delayed calls"),
    }
}

fn run(graph: &TaskGraph, scheduler: Scheduler, keep_going: bool) -> scheduler::Outcome {
    let options = Options { scheduler, workers: 3, keep_going, ..Options::default() };
    scheduler::start(Arc::new(Plan::new(graph)), options).unwrap().wait().unwrap()
}

/// As Python prints it.
fn shown(value: &Value) -> String {
    match value.as_array().and_then(|block| block.item()) {
        Some(number) => number.to_string(),
        None => "None".to_owned(),
    }
}

#[test]
fn graphs_and_values_are_dasks() {
    for Case { expression, values, prefixes } in cases() {
        let text = expression.to_json();
        let graph = delayed::graph(&targets(&expression).unwrap()).unwrap();
        let mut found = BTreeMap::<String, usize>::new();
        graph.tasks().for_each(|task| *found.entry(graph.key(task).prefix().to_owned()).or_default() += 1);
        assert_eq!(found, prefixes, "{text}");
        for scheduler in [Scheduler::Sync, Scheduler::Threads] {
            let computed: Vec<String> =
                run(&graph, scheduler, false).values().unwrap().iter().map(shown).collect();
            // Python writes 1e+16 where Rust writes 1e16.
            let number = |text: &str| text.parse::<f64>().ok().filter(|_| text.contains(['.', 'e']));
            let equal = |(a, b): (&String, &String)| a == b || number(a).is_some() && number(a) == number(b);
            let same = computed.iter().zip(&values).all(equal);
            assert!(same && computed.len() == values.len(), "{text}\n{computed:?}\n{values:?}");
        }
    }
}

#[test]
fn an_expression_has_the_same_keys_each_time_it_is_read() {
    let keys = |case: &Case| -> Vec<String> {
        targets(&case.expression).unwrap().iter().map(|delayed| delayed.key().to_owned()).collect()
    };
    for case in cases() {
        assert_eq!(keys(&case), keys(&case));
    }
}

#[test]
fn failures_are_the_same_on_every_scheduler_and_retries_mend_them() {
    let flaky = |retries| -> Vec<Delayed> {
        let call =
            |seed: i64| delayed(Function::Flaky).retries(retries).call([1.into(), 0.5.into(), seed.into()]);
        (0..100).map(|seed| call(seed).unwrap()).collect()
    };
    let failed = |retries, scheduler| {
        let outcome = run(&delayed::graph(&flaky(retries)).unwrap(), scheduler, true);
        outcome.values.iter().map(Result::is_err).collect::<Vec<_>>()
    };
    let count = |failed: &[bool]| failed.iter().filter(|&&failed| failed).count();
    let once = failed(0, Scheduler::Sync);
    assert!((35..65).contains(&count(&once)), "{}", count(&once));
    assert_eq!(failed(0, Scheduler::Threads), once);
    assert!(count(&failed(2, Scheduler::Threads)) < count(&once) / 2);
    assert_eq!(count(&failed(30, Scheduler::Sync)), 0);
}

#[test]
fn mistakes_name_their_place() {
    let refused = |nodes: &str| {
        let text = format!(r#"{{"dagdeck": 1, "delayed": [{nodes}], "targets": [0]}}"#);
        targets(&text.parse().unwrap()).unwrap_err().to_string()
    };
    assert_eq!(refused(r#"{"op": "add", "args": [1]}"#), "delayed[0]: add takes 2 arguments, not 1");
    assert_eq!(
        refused(r#"{"op": "inc", "args": [{"delayed": 0}]}"#),
        r#"delayed[0]: inc: args[0]: {"delayed":0}: must be below 0: only earlier delayed"#
    );
    assert!(refused(r#"{"op": "eval", "args": ["1"]}"#).starts_with("delayed[0]: unknown variant `eval`"));
    assert!(refused(r#"{"op": "inc", "args": [1], "retry": 1}"#).contains("unknown field `retry`"));
    let both = r#"{"dagdeck": 1, "arrays": [{"op": "ones"}], "delayed": [{"op": "sum"}], "targets": [0]}"#;
    let error = both.parse::<Expression>().unwrap().targets(&()).err().unwrap();
    assert_eq!(error.to_string(), "an expression has either arrays or delayed, not both");
}
