//! Array expressions have Dask's graphs, before and after its optimisation: so many tasks of each name, so many at each
//! level, so many edges. The fixture is made by `tests/reference/expressions.py`.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use dagdeck::{
    Op, TaskGraph,
    collections::{array, expression},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    expression: serde_json::Value,
    graph: Option<Described>,
    optimised: Option<Described>,
}

/// What can be counted of a graph.
#[derive(Debug, Default, PartialEq, Deserialize)]
struct Described {
    /// How many tasks have each name, without its token.
    tasks: BTreeMap<String, usize>,
    /// How many of them hold a block that was there.
    data: usize,
    /// How many depend on nothing, how many on those, and so on.
    levels: Vec<usize>,
    /// How many pairs of tasks there are of which one takes the other's value.
    edges: usize,
}

impl Described {
    fn new(graph: &TaskGraph) -> Described {
        let mut described = Described::default();
        let mut level = vec![0; graph.len()];
        // No task of an array's graph comes before those that it depends on.
        for task in graph.tasks() {
            let needs: BTreeSet<u32> = graph.dependencies().row(task).iter().copied().collect();
            level[task as usize] = needs.iter().map(|&needed| level[needed as usize] + 1).max().unwrap_or(0);
            described.levels.resize(described.levels.len().max(level[task as usize] + 1), 0);
            described.levels[level[task as usize]] += 1;
            *described.tasks.entry(name(graph.key(task).name())).or_default() += 1;
            described.data += usize::from(matches!(graph.op(task), Op::Block(_)));
            described.edges += needs.len();
        }
        described
    }
}

/// The name of an array's tasks without its token.
fn name(name: &str) -> String {
    let is_token = |word: &&str| word.len() >= 16 && word.as_bytes()[..16].iter().all(u8::is_ascii_hexdigit);
    let words = name.split('-').map(|word| if is_token(&word) { &word[16..] } else { word });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").replace("sfqr-_", "sfqr_")
}

#[test]
fn graphs_are_dasks() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/expressions.json")).unwrap();
    let mut wrong = Vec::new();
    let mut counts = [0; 2];
    for case in &cases {
        for (optimize, expected) in [(false, &case.graph), (true, &case.optimised)] {
            let Some(expected) = expected else { continue };
            counts[usize::from(optimize)] += 1;
            let mut ops = case.expression["arrays"].clone();
            ops.as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(|op| _ = op.as_object_mut().unwrap().remove("data"));
            match expression::parse(&case.expression.to_string(), &())
                .and_then(|arrays| array::graph(&arrays, optimize))
            {
                Ok(graph) => {
                    let got = Described::new(&graph);
                    if got != *expected {
                        wrong.push(format!(
                            "{ops}\n  optimize {optimize}\n  is       {got:?}\n  expected {expected:?}"
                        ));
                    }
                }
                Err(error) => wrong.push(format!("{ops}\n  {error}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {counts:?}:\n\n{}", wrong.len(), wrong.join("\n\n"));
}
