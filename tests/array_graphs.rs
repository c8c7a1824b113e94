//! Array expressions have Dask's graphs, before and after its optimisation: the same number of tasks of each name, of
//! tasks in each level, and of edges. `tests/reference/expressions.py` writes the fixture.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use dagdeck::{
    TaskGraph,
    collections::{
        Array,
        array::{self, self as da},
        expression,
    },
    programs::{Given, GivenValue, Wanted, program},
};
use serde::Deserialize;

/// An expression, or a program with its parameters, and a description of its graphs.
#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    expression: serde_json::Value,
    #[serde(default)]
    program: String,
    #[serde(default)]
    parameters: BTreeMap<String, u64>,
    graph: Option<Described>,
    optimised: Option<Described>,
}

/// Counts that describe a graph.
#[derive(Debug, Default, PartialEq, Deserialize)]
struct Described {
    /// The number of tasks by name, without its token.
    tasks: BTreeMap<String, usize>,
    /// The number of tasks in each level: first those without dependencies, then those that depend on them, and so on.
    levels: Vec<usize>,
    /// The number of pairs of tasks of which one takes the other's value.
    edges: usize,
}

impl Described {
    fn new(graph: &TaskGraph) -> Described {
        let mut described = Described::default();
        let mut level = vec![0; graph.len()];
        // In an array's graph, each task comes after its dependencies.
        for task in graph.tasks() {
            let needs: BTreeSet<u32> = graph.dependencies().row(task).iter().copied().collect();
            level[task as usize] = needs.iter().map(|&needed| level[needed as usize] + 1).max().unwrap_or(0);
            described.levels.resize(described.levels.len().max(level[task as usize] + 1), 0);
            described.levels[level[task as usize]] += 1;
            *described.tasks.entry(name(graph.key(task).name())).or_default() += 1;
            described.edges += needs.len();
        }
        described
    }
}

impl Described {
    /// Whether it is the same. An existing block that gets another name is a task in Dask, but not here.
    fn is_like(&self, dasks: &Described) -> bool {
        (&self.tasks, &self.levels, self.edges) == (&dasks.tasks, &dasks.levels, dasks.edges)
    }

    /// Whether it has fewer tasks, or the same number with more work in each.
    fn fuses_more(&self, dasks: &Described) -> bool {
        let count = |described: &Described| described.tasks.values().sum::<usize>();
        count(self) <= count(dasks) && self.levels.len() <= dasks.levels.len() && self.edges <= dasks.edges
    }
}

/// The name of an array's tasks without its token.
fn name(name: &str) -> String {
    let is_token = |word: &&str| word.len() >= 16 && word.as_bytes()[..16].iter().all(u8::is_ascii_hexdigit);
    let words = name.split('-').map(|word| if is_token(&word) { &word[16..] } else { word });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").replace("sfqr-_", "sfqr_")
}

/// An expression without its data, for messages.
fn shown(case: &Case) -> String {
    let mut arrays = case.expression["arrays"].clone();
    for array in arrays.as_array_mut().into_iter().flatten() {
        array.as_object_mut().expect("an array is an object").remove("data");
    }
    format!("{} {:?} {arrays}", case.program, case.parameters)
}

/// The differences between the graphs of `array` and Dask's.
fn differences(
    case: &Case,
    array: &Array,
    mut alike: impl FnMut(bool, &Described, &Described) -> bool,
) -> Vec<String> {
    let mut difference = |(optimized, expected): (bool, &Option<Described>)| {
        let (got, expected) = (
            Described::new(&array::graph(std::slice::from_ref(array), optimized).unwrap()),
            expected.as_ref().expect("a graph of each kind"),
        );
        (!alike(optimized, &got, expected)).then(|| {
            format!("{}\n  optimized {optimized}\n  is       {got:?}\n  expected {expected:?}", shown(case))
        })
    };
    [(false, &case.graph), (true, &case.optimised)].into_iter().filter_map(&mut difference).collect()
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn graphs_of_expressions_are_dasks() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/expressions.json")).unwrap();
    let mut wrong = Vec::new();
    let (mut exact, mut count) = (0, 0);
    for case in cases.iter().filter(|case| case.graph.is_some()) {
        let arrays = expression::parse(&case.expression.to_string(), &()).unwrap();
        // Dask has a task for each list of indices; here they are parameters. A new axis beside them is made
        // separately. `diff` computes at once what comes before and after.
        let shown = shown(case);
        let has_indices = shown.contains("\"indices\":[") && !shown.contains("\"indices\":[]");
        if has_indices || ["prepend", "append", "permutation"].iter().any(|word| shown.contains(word)) {
            continue;
        }
        // Dask first makes one block of an empty matrix in tasks of another kind.
        if shown.contains("\"nuc\"") && (shown.contains("[0,") || shown.contains(",0]")) {
            continue;
        }
        wrong.extend(differences(case, &arrays[0], |optimized, got, expected| {
            count += 1;
            let same = got.is_like(expected);
            exact += usize::from(same);
            same || (optimized && got.fuses_more(expected))
        }));
    }
    assert_none(&wrong);
    assert!(exact * 50 > count * 49, "{exact} of {count}");
}

/// The array that a program computes.
fn array_of(case: &Case) -> Array {
    let mut parameters = case.parameters.clone();
    let seed = parameters.remove("seed").unwrap_or(0);
    let given: Given =
        parameters.into_iter().map(|(name, value)| (name, GivenValue::Number(value as f64))).collect();
    match program(&case.program).unwrap().job(&given, seed).unwrap().wanted {
        Wanted::Array(array) => array,
        Wanted::Figure(_) => panic!("{} computes a number", case.program),
    }
}

/// In `array-life` and `array-qr` Dask leaves some chains of tasks unfused, and not always the same ones: it walks its
/// graph in the iteration order of Python's sets. Here each chain becomes one task.
#[test]
fn graphs_of_programs_are_dasks() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixtures/programs.json")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let misses_chains = ["array-life", "array-qr"].contains(&&*case.program);
        let alike = |optimized, got: &Described, expected: &Described| {
            got.is_like(expected) || (optimized && misses_chains && got.fuses_more(expected))
        };
        wrong.extend(differences(case, &array_of(case), alike));
    }
    assert_none(&wrong);
}

/// A tall graph is built, optimised and dropped without deep recursion, and a wide one in linear time.
#[test]
fn large_graphs_are_built() {
    let x = da::random::default_rng(0).random(&[300, 300], 1).unwrap();
    let sum = x.add(&x.t()).unwrap().sum(0).unwrap();
    assert!(array::graph(&[sum], true).unwrap().len() > 200_000);
    let mut tall = da::random::default_rng(0).random(&[1], 1).unwrap();
    for _ in 0..100_000 {
        tall = tall.add(1).unwrap();
    }
    assert_eq!(array::graph(&[tall], true).unwrap().len(), 1);
}
