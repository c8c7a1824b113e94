//! The graphs of programs, for the tests of the package that runs them on Dask.

use serde_json::{Value, json};

use super::{Given, GivenValue, program};
use crate::{Plan, generated};

/// A program whose result is a measurement. (`busy` measures this machine even for its graph.)
const MEASURED: (&str, &str) = ("no-op", r#"{"tasks": 20}"#);

/// Writes a graph for each case of the reference, with the result that Dask computes for the same Python.
#[test]
fn the_generated_graphs_are_those_of_the_programs() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../../tests/fixtures/programs.json")).expect("it is JSON");
    let (name, parameters) = MEASURED;
    let parameters: Value = serde_json::from_str(parameters).expect("it is JSON");
    let measured = json!({"program": name, "parameters": parameters, "result": null});
    let lines: Vec<String> = cases.iter().chain([&measured]).map(line).collect();
    generated::check("dask/tests/graphs.json", &format!("[\n{}\n]\n", lines.join(",\n")));
}

fn line(case: &Value) -> String {
    let (name, parameters) = (case["program"].as_str().expect("a name"), &case["parameters"]);
    let numbers = parameters.as_object().expect("an object").iter();
    let seed = parameters["seed"].as_u64().unwrap_or(0);
    let given: Given = numbers
        .filter(|(name, _)| *name != "seed")
        .map(|(name, value)| (name.clone(), GivenValue::Number(value.as_f64().expect("a number"))))
        .collect();
    let job = program(name).and_then(|program| program.job(&given, seed)).expect("the parameters are valid");
    let graph = Plan::new(&job.graph).to_json().expect("its operations are data");
    // In a value of JSON, the tasks would lose their order.
    let graph: String = graph.lines().map(str::trim).collect();
    let result = &case["result"];
    format!("{{\"program\":\"{name}\",\"parameters\":{parameters},\"graph\":{graph},\"result\":{result}}}")
}
