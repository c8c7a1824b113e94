//! Several programs side by side, live and as a model.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::*},
};

use dagdeck::{
    interpreter::{Comparison, Job, Machine, Mode, Native, Piece, Policy, Program, Run, Section, simulate},
    trace::Action,
};

fn spawn(job: Job) {
    std::thread::spawn(job);
}

fn section(label: &str, policy: Policy, threads: usize) -> Section {
    let pieces = [
        Piece::Interpreted { ticks: 20_000 },
        Piece::Blocking { ns: 100_000 },
        Piece::Native { ns: 100_000, keeps_lock: false },
    ];
    Section::new(label, policy, Program::uniform(threads, &pieces))
}

fn comparison() -> Comparison {
    Comparison {
        sections: vec![
            section("ticks", Policy::TICKS, 2),
            section("processes", Policy::Processes, 3),
            section("none", Policy::NONE, 1),
        ],
    }
}

fn start(comparison: Comparison, mode: Mode) -> Run {
    Run::start(comparison, mode, Machine::default(), 7, spawn).unwrap()
}

fn run(comparison: Comparison, mode: Mode) -> Run {
    let run = start(comparison, mode);
    match mode {
        Mode::Live => run.wait(),
        Mode::Model => while !run.step(0.0) {},
    }
    assert!(run.is_over());
    run
}

#[test]
fn pieces_depend_on_the_one_before_in_their_thread() {
    let comparison = comparison();
    assert_eq!((comparison.threads(), comparison.pieces().count()), (6, 18));
    let dependencies = comparison.dependencies();
    for (piece, at) in comparison.pieces().enumerate() {
        let before: Vec<u32> = (at.place > 0).then(|| piece as u32 - 1).into_iter().collect();
        assert_eq!(dependencies.row(piece as u32), before);
    }
}

#[test]
fn every_section_is_a_part_of_one_trace_and_ends_all_of_its_pieces() {
    for mode in [Mode::Live, Mode::Model] {
        let run = run(comparison(), mode);
        let lanes: Vec<_> = run.trace().columns().iter().map(|column| column.lane()).collect();
        let nodes: Vec<_> = lanes.iter().map(|lane| lane.node.as_deref().unwrap()).collect();
        let processes = if mode == Mode::Live { "processes (model)" } else { "processes" };
        assert_eq!(nodes, ["ticks", "ticks", processes, processes, processes, "none"]);
        assert_eq!(lanes.iter().map(|lane| lane.id).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        assert!(lanes.iter().all(|lane| lane.joined_ms() == Some(0.0)));
        let mut ended = Vec::new();
        for column in run.trace().columns() {
            let marks = column.events().filter(|event| event.action == Action::Compute);
            ended.extend(marks.map(|event| event.task.unwrap()));
        }
        assert_eq!(ended, (0..18).collect::<Vec<_>>(), "{mode}");
        let latest = run.sections().map(|(_, timeline, _)| timeline.makespan_ms().unwrap());
        assert_eq!(run.makespan_ms(), Ok(latest.fold(0.0, f64::max)));
    }
}

#[test]
fn a_section_of_a_model_is_what_it_is_alone() {
    let run = run(comparison(), Mode::Model);
    for (section, timeline, mode) in run.sections() {
        let alone = simulate(&section.program, section.policy, &Machine::default(), 7).unwrap();
        assert_eq!((mode, timeline.counts()), (Mode::Model, alone.counts()));
        for thread in 0..alone.threads() {
            let times = |event: dagdeck::trace::Event| (event.action, event.start_ms, event.stop_ms);
            assert!(timeline.events(thread).map(times).eq(alone.events(thread).map(times)));
        }
    }
}

#[test]
fn a_live_section_starts_when_the_one_before_has_ended() {
    let minute = Program::uniform(1, &[Piece::Blocking { ns: 59_000_000_000 }]);
    let mut comparison = comparison();
    comparison.sections.insert(1, Section::new("a minute", Policy::INTERVAL, minute));
    let run = start(comparison, Mode::Live);
    while run.sections().next().unwrap().1.makespan_ms().is_none() {
        std::thread::yield_now();
    }
    assert!(run.trace().columns()[3..].iter().all(|column| column.events().count() == 0));
    run.cancel();
    run.wait();
    assert!(run.makespan_ms().is_err());
    assert!(run.trace().columns()[3..].iter().all(|column| column.events().count() == 0));
}

#[test]
fn a_model_that_is_cancelled_goes_no_further() {
    let run = start(comparison(), Mode::Model);
    assert!(!run.step(0.0));
    run.cancel();
    assert!(run.step(f64::INFINITY));
    assert!(run.makespan_ms().is_err());
    let finished = run.sections().map(|(_, timeline, _)| timeline.makespan_ms().is_some());
    assert_eq!(finished.collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn native_pieces_of_a_live_run_call_their_function() {
    let calls = Arc::new(AtomicU64::new(0));
    let counted = calls.clone();
    let mut section = section("none", Policy::NONE, 3);
    section.native = Some(Native::new(move |thread, place| {
        counted.fetch_add(1 << (8 * thread + place), Relaxed);
    }));
    run(Comparison { sections: vec![section.clone()] }, Mode::Model);
    assert_eq!(calls.load(Relaxed), 0);
    run(Comparison { sections: vec![section] }, Mode::Live);
    assert_eq!(calls.load(Relaxed), 1 << 2 | 1 << 10 | 1 << 18);
}

#[test]
fn what_cannot_run_is_refused_before_anything_runs() {
    let started = |sections| {
        let run =
            Run::start(Comparison { sections }, Mode::Live, Machine::default(), 0, |_| panic!("it started"));
        run.unwrap_err().to_string()
    };
    assert!(started(vec![]).contains("between 1 and 1024"));
    let bad = section("bad", Policy::Interval { ns: 1 }, 1);
    assert!(started(vec![section("good", Policy::NONE, 1), bad]).contains("interval = 1 ns"));
}

/// A model with one long section.
fn long_model() -> Run {
    let pieces = [Piece::Interpreted { ticks: 4_000_000 }];
    let section = Section::new("long", Policy::TICKS, Program::uniform(2, &pieces));
    start(Comparison { sections: vec![section.naming(&["left"])] }, Mode::Model)
}

#[test]
fn a_model_that_pauses_within_a_section_has_the_events_of_one_that_does_not() {
    let run = long_model();
    let mut steps = 1;
    while !run.step(0.0) {
        steps += 1;
    }
    assert!(steps > 10, "{steps}");
    let (section, timeline, _) = run.sections().next().unwrap();
    let whole = simulate(&section.program, section.policy, &Machine::default(), 7).unwrap();
    for thread in 0..2 {
        assert!(timeline.events(thread).eq(whole.events(thread)));
    }
    let labels = run.trace().columns().iter().map(|column| column.lane().label.clone());
    assert_eq!(labels.collect::<Vec<_>>(), ["left", "thread 1"]);
}

#[test]
fn a_model_is_cancelled_within_a_section() {
    let run = long_model();
    assert!(!run.step(0.0));
    let at_ms = |run: &Run| run.trace().columns()[0].events().last().map(|event| event.stop_ms);
    run.cancel();
    assert!(run.step(0.0) && run.is_over() && run.makespan_ms().is_err());
    let stopped_ms = at_ms(&run);
    // Each thread computes for 200 ms.
    assert!(stopped_ms < Some(200.0), "{stopped_ms:?}");
    assert!(run.trace().columns().iter().all(|column| column.lane().left_ms().is_some()));
    assert!(run.step(0.0) && at_ms(&run) == stopped_ms);
}
