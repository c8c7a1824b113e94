//! A counter that two processes have: what a child sees that was forked or spawned, and what each side sees of the
//! other's writes.

use std::sync::Arc;

use super::{
    Build, Cell, Column, Futures, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, Table,
    futures::number_of,
};
use crate::{
    block::Block,
    error::Result,
    futures::{Ended, Executor, Outcome, Run, Section, Workers},
    operations::{self, Function, Op, count},
    scalar::Scalar,
    scheduler::StartMethod,
    value::Value,
};

pub(super) const PROGRAM: Program = Program {
    name: "fork-copy",
    title: "A copy of the memory",
    summary: "The parent writes a number and starts a child process. A forked child has a copy of the parent's memory, \
              a spawned one starts empty. Then each side writes, and the other does not see it.",
    parameters: &[
        Parameter {
            name: "method",
            label: "start",
            help: "How the child starts: the start method of multiprocessing.",
            kind: ParameterKind::Choice { choices: &["both", "fork", "spawn"], default: "both" },
        },
        Parameter::integer(
            "value",
            "What the parent writes before the child starts.",
            (1, 100),
            42,
            Scale::Linear,
        ),
    ],
    result: ResultSchema::named("the counter of each side"),
    build: Build::Futures(build),
};

/// What the parent writes later on.
const LATER: i64 = 7;

/// The rows of the table: what happens, in this order.
const STEPS: [&str; 8] = [
    "parent writes",
    "child starts: MiB copied",
    "child starts: ms to copy",
    "child reads",
    "child adds 1",
    "parent reads",
    "parent writes 7",
    "child reads again",
];

fn build(parameters: &Parameters) -> Result<Futures> {
    let (chosen, value) = (parameters.choice("method"), parameters.integer("value") as i64);
    let methods = [StartMethod::Fork, StartMethod::Spawn].into_iter();
    let sections = methods.filter(|method| [method.name(), "both"].contains(&chosen)).map(|method| Section {
        label: method.name().to_owned(),
        workers: Workers::Processes(method),
        max_workers: 1,
        calls: vec!["count"; 3],
        main: Arc::new(move |child| both_sides(child, value)),
    });
    Ok(Futures::new(sections.collect(), table))
}

/// Each side writes to its counter and reads it. Returns what the counter was, in the order of the steps.
fn both_sides(child: &Executor, value: i64) -> Outcome<Value> {
    let write = |n: i64| count(n - count(0));
    let child_adds = |n: i64| -> Outcome<i64> {
        let call = operations::Call { function: Function::Count, args: [Some(Scalar::Int(n))].into() };
        Ok(number_of(&child.submit(Op::Call(call.into()))?.result(None)?))
    };
    let seen = vec![
        write(value),
        // The first call starts the child.
        child_adds(0)?,
        child_adds(1)?,
        count(0),
        write(LATER),
        child_adds(0)?,
    ];
    Ok(Block::new(&[seen.len()], seen).into())
}

/// A row for each step, and a column for each way to start.
fn table(run: &Run) -> Table {
    let mut table = Table::new(&[Column::new("step", "step")]);
    table.rows = STEPS.map(|step| vec![Cell::Text(step.to_owned())]).into();
    for (section, ended) in run.sections() {
        let Workers::Processes(method) = section.workers else { continue };
        let cells = ended.map(|ended| cells(&ended)).unwrap_or_default();
        let missing = std::iter::repeat(Cell::Empty);
        table.add(Column::new(method.name(), method.name()), cells.into_iter().chain(missing));
    }
    table
}

/// What was seen in each step; nothing if the section did not end well.
fn cells(ended: &Ended) -> Vec<Cell> {
    let value = ended.outcome.as_ref().ok().and_then(Value::as_array);
    let seen = value.and_then(Block::elements::<i64>).into_iter().flatten();
    let mut cells: Vec<Cell> = seen.map(|&n| Cell::Number(n as f64)).collect();
    if let (Some(child), true) = (ended.starts.first(), cells.len() > 1) {
        let start = [child.bytes as f64 / f64::from(1 << 20), child.ms];
        cells.splice(1..1, start.map(|figure| Cell::from(Some(figure))));
    }
    cells
}
