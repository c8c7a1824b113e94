//! The talk's programs whose threads share a lock: what their models show, event by event, and that they run live.

use dagdeck::{
    interpreter::{Mode, Run, Timeline},
    programs::{Built, Cell, Given, GivenValue, PROGRAMS, Started, Table, Threads, program},
    trace::Action,
};

use super::{makespan_ns, ns};

fn given(parameters: &[(&str, &str)]) -> Given {
    parameters.iter().map(|&(name, value)| (name.to_owned(), GivenValue::Text(value.to_owned()))).collect()
}

fn threads(name: &str, parameters: &[(&str, &str)]) -> Threads {
    match program(name).unwrap().build(&given(parameters), 7).unwrap() {
        Built::Threads(threads) => threads,
        Built::Graph(_) | Built::Futures(_) | Built::Simulation(_) => panic!("{name} does not run threads"),
    }
}

/// A run that is over, and its table.
fn run(name: &str, parameters: &[(&str, &str)]) -> (Run, Table) {
    let threads = threads(name, parameters);
    let Started { run, .. } = threads.start(true).unwrap();
    match run.mode() {
        Mode::Live => run.wait(),
        Mode::Model => while !run.step(0.0) {},
    }
    let table = threads.table(&run);
    assert_eq!(table.rows.len(), run.sections().len());
    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    (run, table)
}

fn model(name: &str, parameters: &[(&str, &str)]) -> (Run, Table) {
    run(name, &[parameters, &[("mode", "model")]].concat())
}

fn labels(run: &Run) -> Vec<&str> {
    run.sections().map(|(section, ..)| &section.label[..]).collect()
}

fn timelines(run: &Run) -> Vec<&Timeline> {
    run.sections().map(|(_, timeline, _)| timeline).collect()
}

fn numbers(table: &Table, column: &str) -> Vec<f64> {
    let number = |row| table.number(row, column).unwrap_or_else(|| panic!("{column} of row {row}"));
    (0..table.rows.len()).map(number).collect()
}

/// For how long the lock is held by anyone, or interpreted code runs without one.
fn interpreted_ns(timeline: &Timeline) -> u64 {
    let threads = 0..timeline.threads();
    let ms = threads
        .map(|thread| timeline.time_ms(thread, Action::Hold) + timeline.time_ms(thread, Action::LockFree));
    ns(ms.sum())
}

#[test]
fn counting_takes_no_less_time_on_threads_that_share_a_lock() {
    for lock in ["ticks", "interval"] {
        for threads in ["2", "4"] {
            let parameters = [("lock", lock), ("threads", threads), ("ticks", "2000000"), ("cores", "4")];
            let (run, table) = model("gil-count", &parameters);
            let [one, several] = timelines(&run)[..] else { panic!("{:?}", labels(&run)) };
            assert!(makespan_ns(several) >= makespan_ns(one), "{lock}, {threads} threads");
            assert!(several.counts().switches > 0);
            assert_eq!(one.counts().switches, 0);
            let [alone, speed_up] = numbers(&table, "speed-up")[..] else { panic!() };
            assert!(alone == 1.0 && speed_up <= 1.0, "{speed_up}");
            let switches = several.counts().switches as f64;
            assert_eq!(numbers(&table, "switches"), [0.0, switches]);
        }
    }
}

#[test]
fn counting_scales_without_a_lock_and_with_a_lock_each_but_only_up_to_the_cores() {
    for lock in ["none", "per interpreter", "processes"] {
        let speed_up = |threads, cores| {
            let parameters = [("lock", lock), ("threads", threads), ("ticks", "100000000"), ("cores", cores)];
            numbers(&model("gil-count", &parameters).1, "speed-up")[1]
        };
        // Starting an interpreter or a process takes time.
        assert!(speed_up("4", "4") > 3.5, "{lock}");
        assert!(speed_up("4", "2") < 2.0, "{lock}");
    }
}

#[test]
fn all_policies_are_shown_side_by_side() {
    let (run, table) = model("gil-count", &[("lock", "all"), ("threads", "3"), ("ticks", "300000")]);
    let labels = labels(&run);
    assert_eq!(labels.len(), 10);
    assert_eq!(
        labels[..4],
        ["ticks, 1 thread", "ticks, 3 threads", "interval, 1 thread", "interval, 3 threads"]
    );
    let (one, _) = model("gil-count", &[("lock", "all"), ("threads", "1")]);
    assert_eq!(one.sections().len(), 5);
    let first: Vec<&Cell> = table.rows.iter().map(|row| &row[0]).collect();
    assert!(first.iter().zip(labels).all(|(cell, label)| **cell == Cell::Text(label.to_owned())));
}

#[test]
fn blocking_calls_of_several_threads_overlap() {
    for lock in ["ticks", "interval", "per interpreter", "none"] {
        let (run, table) =
            model("gil-io", &[("lock", lock), ("threads", "4"), ("calls", "10"), ("wait", "50")]);
        let [one, four] = timelines(&run)[..] else { panic!("{:?}", labels(&run)) };
        let blocked_ms = |timeline: &Timeline| -> f64 {
            (0..timeline.threads()).map(|thread| timeline.time_ms(thread, Action::Blocked)).sum()
        };
        // The same calls: three threads make three or two of the ten.
        assert_eq!((ns(blocked_ms(one)), ns(blocked_ms(four))), (500_000_000, 500_000_000));
        assert!(makespan_ns(one) > 500_000_000);
        assert!((150_000_000..210_000_000).contains(&makespan_ns(four)), "{lock}");
        assert!(numbers(&table, "speed-up")[1] > 2.4, "{lock}");
    }
}

#[test]
fn calls_beside_a_thread_that_computes_get_rarer_as_the_interval_grows() {
    let (run, table) = model("gil-convoy", &[]);
    assert_eq!(
        labels(&run),
        ["calls alone", "interval 0.5 ms", "interval 1 ms", "interval 5 ms", "interval 20 ms", "no lock"]
    );
    let rates = numbers(&table, "round-trips");
    let (alone, convoy, no_lock) = (rates[0], &rates[1..5], rates[5]);
    assert!(convoy.windows(2).all(|pair| pair[0] > 1.5 * pair[1]), "{rates:?}");
    assert!(alone > 2.0 * convoy[0] && no_lock > 2.0 * convoy[0], "{rates:?}");
    // After each call the thread waits for an interval, at least.
    for ((_, timeline, _), interval_ms) in run.sections().skip(1).zip([0.5, 1.0, 5.0, 20.0]) {
        let calls = timeline.events(0).filter(|event| event.action == Action::DropRequest).count();
        assert!(calls > 10, "{calls}");
        assert!(timeline.time_ms(0, Action::LockWait) >= interval_ms * calls as f64);
    }
}

#[test]
fn four_locks_do_the_same_work() {
    let (run, table) = model("locks-compared", &[]);
    let timelines = timelines(&run);
    assert_eq!(timelines.len(), 5);
    let work_ns = interpreted_ns(timelines[0]);
    for timeline in &timelines[1..4] {
        // Under ticks, a release that nobody waits for counts as held.
        assert!(interpreted_ns(timeline).abs_diff(work_ns) < work_ns / 50);
    }
    // Free-threaded code takes a tenth longer.
    assert!(interpreted_ns(timelines[4]).abs_diff(work_ns * 11 / 10) < work_ns / 50);
    let counts: Vec<_> = timelines.iter().map(|timeline| timeline.counts()).collect();
    assert!(counts[1].false_alarms > 0 && counts[1].drop_requests == 0, "{counts:?}");
    assert!(counts[2].forced_switches > 0 && counts[1].switches > 10 * counts[2].switches, "{counts:?}");
    assert_eq!([counts[3].switches, counts[4].switches], [0, 0]);
    let [one, ticks, interval, each, none] = numbers(&table, "speed-up")[..] else { panic!() };
    assert!(one == 1.0 && ticks < 0.9 && interval <= 1.0 && each > 1.5 && none > 1.5, "{table:?}");
}

#[test]
fn a_lock_or_an_atomic_loses_no_increment() {
    let (run, table) = run("race", &[("threads", "4"), ("increments", "50001")]);
    assert_eq!(labels(&run), ["no lock", "lock", "atomic", "own counter each"]);
    assert_eq!(numbers(&table, "expected"), [200_004.0; 4]);
    let counted = numbers(&table, "counted");
    // How many are lost without a lock is up to the machine.
    assert!((1.0..=200_004.0).contains(&counted[0]), "{counted:?}");
    assert_eq!(counted[1..], [200_004.0, 200_004.0, 50_001.0]);
    let lost: Vec<f64> = counted.iter().map(|counted| 200_004.0 - counted).collect();
    assert_eq!(numbers(&table, "lost"), lost);
}

#[test]
fn hashes_are_the_same_whoever_computes_them_and_only_the_second_loop_releases_the_lock() {
    let (run, table) = run("nogil-hash", &[("threads", "3"), ("strings", "5000")]);
    assert_eq!(labels(&run), ["one thread", "3 threads, held", "3 threads, nogil"]);
    // Of the first 5000 strings, by pandas: hash_array(...).sum().
    let sum = Cell::Text("d8de7b4ff461babe".into());
    assert_eq!([0, 1, 2].map(|row| table.cell(row, "sum")), [Some(&sum); 3]);
    let released = numbers(&table, "released");
    assert!(released[..2] == [0.0, 0.0] && released[2] > 0.0, "{released:?}");
    assert!(numbers(&table, "held").iter().all(|&ms| ms > 0.0));
}

#[test]
fn without_threads_there_is_the_model_and_a_note_or_an_error() {
    let Started { run, notes } = threads("gil-count", &[]).start(false).unwrap();
    assert_eq!((run.mode(), notes.len()), (Mode::Model, 1));
    assert!(notes[0].contains("not isolated"), "{notes:?}");
    let Started { notes, .. } = threads("gil-count", &[("mode", "model")]).start(false).unwrap();
    assert!(notes.is_empty());
    let error = threads("race", &[]).start(false).unwrap_err().to_string();
    assert!(error.contains("has no model"), "{error}");
}

#[test]
fn processes_are_a_model_beside_what_runs_live_and_a_note_says_so() {
    let threads = threads("gil-count", &[("lock", "all"), ("threads", "1"), ("ticks", "1024")]);
    let Started { run, notes } = threads.start(true).unwrap();
    run.wait();
    let modes: Vec<Mode> = run.sections().map(|(.., mode)| mode).collect();
    assert_eq!(modes, [Mode::Live, Mode::Live, Mode::Live, Mode::Live, Mode::Model]);
    assert_eq!(notes, ["Threads cannot stand in for processes. The model shows: processes, 1 thread."]);
}

#[test]
fn every_program_of_threads_runs_live() {
    let small = |name| match name {
        "nogil-hash" => vec![("strings", "1024")],
        "race" => vec![("increments", "32")],
        "gil-io" => vec![("wait", "1"), ("lock", "all")],
        "gil-convoy" => vec![("calls", "3"), ("ticks", "20000")],
        "gil-count" => vec![("ticks", "20000"), ("lock", "all")],
        _ => vec![("ticks", "20000")],
    };
    let mut ran = 0;
    for program in PROGRAMS {
        let Built::Threads(_) = program.build(&Given::new(), 0).unwrap() else { continue };
        let (live, table) = run(program.name, &small(program.name));
        assert!(numbers(&table, "time").iter().all(|&ms| ms > 0.0), "{}", program.name);
        let pieces = live.sections().map(|(section, ..)| section.program.pieces()).sum::<usize>();
        let ends = live.trace().columns().iter().flat_map(|column| column.events());
        assert_eq!(ends.filter(|event| event.action == Action::Compute).count(), pieces);
        ran += 1;
    }
    assert_eq!(ran, 6);
}

#[test]
fn a_program_of_threads_has_no_task_graph() {
    let error = program("gil-count").unwrap().job(&Given::new(), 0).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "gil-count runs threads, not a task graph");
}
