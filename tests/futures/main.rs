//! `concurrent.futures`, held against transcripts of CPython. `tests/reference/futures.py` has the same scenarios under the
//! same names, and writes what they log to the fixture.
#![cfg(not(target_arch = "wasm32"))]

mod beyond;
mod callbacks;
mod completed;
mod futures;
mod maps;
mod post;
mod processes;
mod stage;
mod threads;
mod waits;

use std::collections::BTreeMap;

use dagdeck::interpreter::Policy;
use stage::Log;

#[test]
fn scenarios_log_what_they_log_in_cpython() {
    let text = std::fs::read_to_string("tests/fixtures/futures.json").expect("it is there");
    let mut transcripts: BTreeMap<String, Vec<String>> = serde_json::from_str(&text).expect("it has logs");
    assert!(transcripts.len() >= 40, "{}", transcripts.len());
    let all = [
        futures::SCENARIOS,
        callbacks::SCENARIOS,
        waits::SCENARIOS,
        completed::SCENARIOS,
        threads::SCENARIOS,
        maps::SCENARIOS,
        processes::SCENARIOS,
    ];
    for &(name, scenario) in all.into_iter().flatten() {
        let expected = transcripts.remove(name).unwrap_or_else(|| panic!("CPython has not played {name}"));
        for policy in [Policy::INTERVAL, Policy::TICKS, Policy::NONE] {
            stage::play_under(policy);
            let log = Log::default();
            scenario(&log);
            assert_eq!(log.lines(), expected, "{name}, {policy:?}");
        }
    }
    assert!(transcripts.is_empty(), "not played here: {:?}", transcripts.keys());
}
