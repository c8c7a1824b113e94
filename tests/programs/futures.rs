//! Programs that use futures: they give the same as Python, whatever the times are.

use std::collections::HashMap;

use dagdeck::{
    futures::Local,
    programs::{Built, Cell, Given, Table, program},
    trace::Action,
};

/// Processes that are threads.
fn processes() -> Local {
    Local::new(|job| drop(std::thread::spawn(job)))
}

/// Runs a program. Returns its table, the number of its calls, and how often each action was noted.
fn run(name: &str, given: &[(&str, u32)]) -> (Table, usize, HashMap<u8, usize>) {
    let given: Given =
        serde_json::from_value(serde_json::json!(given.iter().copied().collect::<HashMap<_, _>>()))
            .expect("numbers are values of parameters");
    let Built::Futures(futures) = program(name).unwrap().build(&given, 0).unwrap() else {
        panic!("{name} has no futures")
    };
    let run = futures.start(true, processes()).unwrap();
    run.wait();
    run.makespan_ms().unwrap();
    let calls = futures.calls().count();
    let mut noted = HashMap::new();
    for event in run.trace().columns().iter().flat_map(|column| column.events()) {
        *noted.entry(event.action as u8).or_default() += 1;
        assert!(event.task.is_none_or(|task| (task as usize) < calls));
    }
    if ["futures-primes", "which-one"].contains(&name) {
        let mut outcomes = run.sections().into_iter().map(|(_, ended)| ended.unwrap().outcome.unwrap());
        let first = outcomes.next().unwrap();
        assert!(outcomes.all(|other| other == first), "every executor of {name} computes the same");
    }
    assert_eq!(noted[&(Action::Submit as u8)], calls, "{name}");
    (futures.table(&run), calls, noted)
}

fn count(noted: &HashMap<u8, usize>, action: Action) -> usize {
    noted.get(&(action as u8)).copied().unwrap_or_default()
}

#[test]
fn every_executor_counts_the_same_primes() {
    let (table, calls, noted) = run("futures-primes", &[("calls", 5), ("size", 2000), ("max_workers", 2)]);
    assert_eq!((table.rows.len(), calls, count(&noted, Action::Compute)), (4, 20, 20));
    for row in 0..4 {
        // The number of primes below 10,000.
        assert_eq!(table.number(row, "primes"), Some(1229.0));
        assert!(table.number(row, "time").unwrap() > 0.0);
    }
    assert!(
        table.number(0, "switches").is_some() && (2..4).all(|row| table.number(row, "switches").is_none())
    );
}

#[test]
fn threads_and_processes_give_the_same_for_each_kind_of_work() {
    let given = [("calls", 3), ("size", 1000), ("wait", 1), ("elements", 1000)];
    let (table, calls, noted) = run("which-one", &given);
    assert_eq!((table.rows.len(), calls), (3, 1 + 2 + 2 + 3 * 9));
    assert_eq!(count(&noted, Action::Compute), calls);
    for row in 0..3 {
        for column in ["one-thread", "threads", "processes"] {
            assert!(table.number(row, column).unwrap() > 0.0, "{column}");
        }
        let Some(Cell::Text(faster)) = table.cell(row, "faster") else { panic!("{row}") };
        assert!(["threads", "processes", "either"].contains(&&faster[..]), "{faster}");
    }
}

#[test]
fn a_download_fails_and_one_is_cancelled() {
    let (table, calls, noted) =
        run("futures-downloads", &[("downloads", 8), ("wait", 1), ("max_workers", 2)]);
    assert_eq!((table.rows.len(), calls), (8, 8));
    let mut results: Vec<(String, String)> = (table.rows.iter())
        .map(|row| match &row[..2] {
            [Cell::Text(page), Cell::Text(result)] => (page.clone(), result.clone()),
            other => panic!("{other:?}"),
        })
        .collect();
    results.sort();
    assert_eq!(results[0].1, "1000 bytes");
    assert_eq!(results[2].1, "OSError: HTTP Error 404: Not Found");
    assert_eq!(results[7].1, "CancelledError");
    let noted = [Action::Compute, Action::Erred, Action::Cancel].map(|action| count(&noted, action));
    assert_eq!(noted, [6, 1, 1]);
}

#[test]
fn a_tree_grows_while_it_runs() {
    let (table, calls, noted) = run("futures-tree", &[("groups", 3), ("loads", 4), ("max_workers", 3)]);
    assert_eq!(table.number(0, "sum"), Some(66.0));
    assert_eq!((calls, count(&noted, Action::Compute)), (3 + 12 + 11, 3 + 12 + 11));
}

#[test]
fn a_cancel_ends_the_run() {
    let given: Given = serde_json::from_str(r#"{"calls": 64, "size": 200000}"#).unwrap();
    let Built::Futures(futures) = program("futures-primes").unwrap().build(&given, 0).unwrap() else {
        panic!()
    };
    let run = futures.start(true, processes()).unwrap();
    run.cancel();
    run.wait();
    assert!(run.makespan_ms().unwrap_err().is_cancelled());
    assert!(futures.start(false, processes()).err().unwrap().to_string().contains("cross-origin isolated"));
}

/// A stand-in for a process shares the parent's memory, so what each side sees is tested in the page
/// (www/test/e2e/futures.spec.js). Here: every step is a row, in its order.
#[test]
fn a_copy_has_a_row_for_each_step() {
    let (table, calls, noted) = run("fork-copy", &[("value", 5)]);
    assert_eq!((calls, count(&noted, Action::Compute)), (6, 6));
    let names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["step", "fork", "spawn"]);
    let seen = |start: &str| (0..8).map(|row| table.number(row, start)).collect::<Vec<_>>();
    for start in ["fork", "spawn"] {
        let [wrote, _, Some(ms), read, added, parent, later, again] = seen(start)[..] else {
            panic!("{table:?}")
        };
        assert!(ms >= 0.0);
        assert_eq!([wrote, read, added], [5.0, 5.0, 6.0].map(Some));
        assert_eq!([parent, later, again], [6.0, 7.0, 7.0].map(Some));
    }
}

#[test]
fn a_sweep_has_a_figure_for_each_cell() {
    let (table, calls, noted) = run("processes-cost", &[("calls", 2), ("max_workers", 2)]);
    assert_eq!((calls, count(&noted, Action::Compute)), (103, 103));
    assert_eq!((table.rows.len(), table.columns.len()), (5, 6));
    for row in 0..5 {
        for column in &table.columns {
            assert!(table.number(row, column.name).unwrap() > 0.0, "{}", column.name);
        }
    }
}
