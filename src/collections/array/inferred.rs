//! What operations say of values and what arrays say of their blocks agree.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::{
    collections::{Array, expression, nodes::graph},
    operations::{Meta, Op},
};

#[derive(Deserialize)]
struct Case {
    expression: serde_json::Value,
}

/// What is known of the values of all targets of `array`'s graph before it runs.
fn foreseen(array: &Array, optimized: bool) -> Vec<(Option<Meta>, &'static str)> {
    let graph = graph(std::slice::from_ref(array), optimized).unwrap();
    let mut metas: Vec<Option<Meta>> = Vec::with_capacity(graph.len());
    for task in graph.tasks() {
        let inputs = graph.dependencies().row(task).iter();
        let inputs: Option<Vec<&Meta>> = inputs.map(|&input| metas[input as usize].as_ref()).collect();
        metas.push(inputs.and_then(|inputs| graph.op(task).infer(&inputs)));
    }
    let names = |task: u32| match graph.op(task) {
        Op::Fused(fused) => fused.parts.last().unwrap().op.name(),
        op => op.name(),
    };
    graph.targets().iter().map(|&target| (metas[target as usize].clone(), names(target))).collect()
}

/// Every expression of the fixture, which has a case of each operation and random chains, as Dask has them.
#[test]
fn blocks_are_what_their_operations_say() {
    let text = std::fs::read_to_string("tests/fixtures/expressions.json").unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let (mut known, mut unknown, mut operations) = (0, 0, BTreeSet::new());
    for case in cases {
        let text = case.expression.to_string();
        let Ok(targets) = expression::parse(&text, &()) else { continue };
        for (array, optimized) in targets.iter().flat_map(|array| [(array, true), (array, false)]) {
            for ((meta, operation), index) in
                foreseen(array, optimized).into_iter().zip(array.chunks().indices())
            {
                let stated = Meta::Array(array.dtype(), array.chunks().block_shape(&index));
                let meta =
                    meta.unwrap_or_else(|| panic!("{operation} of block {index:?}: {stated:?}\n{text}"));
                // As in Dask, the `k` largest elements are `k`, although they may be fewer of an unknown number.
                assert!(
                    stated.allows(&meta) || meta.allows(&stated),
                    "{operation} says {meta:?} of block {index:?}: {stated:?}\n{text}"
                );
                operations.insert(operation);
                if meta.is_known() { known += 1 } else { unknown += 1 }
            }
        }
    }
    assert!(known > 10_000 && unknown > 100 && operations.len() > 50, "{known} {unknown} {operations:?}");
}
