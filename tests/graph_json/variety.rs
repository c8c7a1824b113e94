//! Edited examples are all kinds of operations.

use std::collections::BTreeSet;

use dagdeck::{
    DType, Op,
    operations::{Distribution, Index as At, Operands, Reduction, Stage},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use crate::operations::op;

#[test]
fn edited_examples_are_all_kinds_of_operations() {
    let mut runner = TestRunner::deterministic();
    let strategy = op();
    let ops: Vec<Op> = (0..30_000).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let names: BTreeSet<_> = ops.iter().map(Op::name).collect();
    assert_eq!(names, Op::names().collect());

    let mut missing = BTreeSet::new();
    let mut need = |what: String, found: bool| {
        if !found {
            missing.insert(what);
        }
    };
    let some = |holds: &dyn Fn(&Op) -> bool| ops.iter().any(holds);
    for dtype in DType::ALL {
        need(format!("full {dtype}"), some(&|op| matches!(op, Op::Full(full) if full.dtype == dtype)));
        need(format!("astype {dtype}"), some(&|op| matches!(op, Op::Astype(to) if *to == dtype)));
    }
    for reduction in Reduction::ALL {
        for stage in [Stage::Chunk, Stage::Combine, Stage::Aggregate] {
            let named = |op: &Op| op.name() == reduction.name();
            let found = some(&|op| matches!(op, Op::Reduce(step) if named(op) && step.stage == stage));
            need(format!("{} {stage:?}", reduction.name()), found);
        }
    }
    for (what, is_special) in [
        ("NaN", f64::is_nan as fn(f64) -> bool),
        ("infinity", |x| x == f64::INFINITY),
        ("-infinity", |x| x == f64::NEG_INFINITY),
        ("-0.0", |x| x.to_bits() == (-0.0f64).to_bits()),
        ("subnormal", f64::is_subnormal),
        ("whole", |x| x == 3.0),
        ("any", |x| x.abs() > 1e100 && x.is_finite()),
    ] {
        need(format!("rate {what}"), some(&|op| matches!(op, Op::Heat(heat) if is_special(heat.rate))));
        let filled = |op: &Op| matches!(op, Op::Full(full) if is_special(full.fill_value.as_f64()));
        need(format!("fill_value {what}"), some(&filled));
    }
    for axes in 0..4 {
        need(format!("{axes} axes"), some(&|op| matches!(op, Op::Full(full) if full.shape.len() == axes)));
        need(format!("transpose {axes}"), some(&|op| matches!(op, Op::Transpose(to) if to.len() == axes)));
    }
    for seed in [0u64..9, 1 << 63..u64::MAX] {
        need(format!("seed {seed:?}"), some(&|op| matches!(op, Op::Random(it) if seed.contains(&it.seed))));
    }
    let drawn = |op: &Op| match op {
        Op::Random(random) => Some(match random.distribution {
            Distribution::Integers { dtype, .. } => format!("integers {dtype}"),
            other => format!("{other:?}").split(' ').next().expect("it has a name").to_owned(),
        }),
        _ => None,
    };
    let drawn: BTreeSet<_> = ops.iter().filter_map(drawn).collect();
    need(format!("distributions: {drawn:?}"), drawn.len() >= 5 + 3);
    for inputs in 1..4 {
        let mixed = |op: &Op| matches!(op, Op::Elementwise(of) if matches!(&of.operands, Operands::Mixed(all) if all.len() == inputs));
        need(format!("{inputs} operands"), some(&mixed));
    }
    for (what, is_such) in [
        ("at", (|at| matches!(at, At::At(_))) as fn(&At) -> bool),
        ("slice", |at| matches!(at, At::Slice(slice) if slice.step.is_some_and(|step| step < 0))),
        ("new axis", |at| matches!(at, At::NewAxis)),
    ] {
        need(what.to_owned(), some(&|op| matches!(op, Op::Slice(index) if index.iter().any(is_such))));
    }
    assert_eq!(missing, BTreeSet::new());
}
