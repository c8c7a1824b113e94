//! A sum by a tree that grows while it runs: calls that submit calls, and pairs of results that are added as they
//! complete.
//!
//! ```text
//! list  list  list            each submits its loads
//! load load load load ...     waits, and returns a number
//! add  add  add               two results that are there, whichever they are
//! ```

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    Build, Column, Futures, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale,
    futures::{WORKERS, executor, number, number_of, usual_table},
};
use crate::{
    error::Result,
    futures::{Executor, Future, Outcome, Section, Workers, as_completed, sleep},
    interpreter::Policy,
};

pub(super) const PROGRAM: Program = Program {
    name: "futures-tree",
    title: "A tree of futures",
    summary: "Calls submit more calls, and two results are added as soon as both are there. With priorities, additions come \
              before the loads that wait.",
    parameters: &[
        Parameter::integer(
            "groups",
            "The number of calls that list what to load.",
            (1, 16),
            4,
            Scale::Linear,
        ),
        Parameter::integer("loads", "How many loads each of them submits.", (1, 32), 6, Scale::Linear),
        Parameter {
            name: "priorities",
            label: "priorities",
            help: "Whether additions start before loads that were submitted earlier.",
            kind: ParameterKind::Choice { choices: &["on", "off"], default: "on" },
        },
        WORKERS,
    ],
    result: ResultSchema::named("sum"),
    build: Build::Futures(build),
};

/// How long a load and an addition wait.
const LOAD: Duration = Duration::from_millis(30);
const ADD: Duration = Duration::from_millis(10);

fn build(parameters: &Parameters) -> Result<Futures> {
    let (groups, loads) = (parameters.integer("groups"), parameters.integer("loads"));
    let priority = i64::from(parameters.choice("priorities") == "on");
    let main = move |executor: &Executor| {
        // What the calls have submitted.
        let found = Arc::new(Mutex::new(Vec::new()));
        let list = |group: usize| executor.submit(list(executor, group, loads, &found));
        let lists: Vec<Future> = (0..groups).map(list).collect::<Outcome<_>>()?;
        let mut completed = as_completed(&lists, None);
        let mut waits = None;
        while let Some(future) = completed.next() {
            let future = future?;
            let value = future.result(None)?;
            if lists.contains(&future) {
                let new =
                    std::mem::take(&mut *found.lock().expect("nothing panics while it holds this lock"));
                new.iter().for_each(|future| completed.add(future));
                continue;
            }
            let x = number_of(&value);
            waits = match waits.take() {
                None => Some(x),
                Some(y) => {
                    let add = move || sleep(ADD).map(|()| number(x + y));
                    completed.add(&executor.submit_with_priority(priority, add)?);
                    None
                }
            };
        }
        Ok(number(waits.unwrap_or_default()))
    };
    let leaves = groups * loads;
    let workers = Workers::Threads(Policy::INTERVAL);
    let section = Section {
        label: executor(workers).to_owned(),
        workers,
        max_workers: parameters.integer("max_workers"),
        // Which of the others is a load and which an addition is not known before.
        calls: [vec!["list"; groups], vec!["load or add"; 2 * leaves - 1]].concat(),
        main: Arc::new(main),
    };
    Ok(Futures::new(vec![section], |run| {
        let mut table = usual_table(run);
        let sum = run
            .sections()
            .into_iter()
            .map(|(_, ended)| ended.and_then(|ended| Some(number_of(&ended.outcome.ok()?) as f64)).into());
        table.add(Column::new("sum", "sum"), sum.collect::<Vec<_>>());
        table
    }))
}

/// A call that submits the loads of a group.
fn list(
    executor: &Executor,
    group: usize,
    loads: usize,
    found: &Arc<Mutex<Vec<Future>>>,
) -> impl FnOnce() -> Outcome<crate::Value> + Send + 'static {
    let (executor, found) = (executor.clone(), found.clone());
    move || {
        let load = |load| {
            let x = (group * loads + load) as i64;
            executor.submit(move || sleep(LOAD).map(|()| number(x)))
        };
        let futures: Vec<Future> = (0..loads).map(load).collect::<Outcome<_>>()?;
        found.lock().expect("nothing panics while it holds this lock").extend(futures);
        Ok(number(loads as i64))
    }
}
