//! The laws of traces: what must hold for any run, however it was scheduled.

use dagdeck::{
    Outcome, Run,
    trace::{Action, Event},
};

/// What each worker did, after checking that the trace could come from a real run: slices of a worker meet, a task
/// ends once, and it starts after its dependencies have stopped.
pub fn lawful_trace(run: &Run) -> Vec<Vec<Event>> {
    let plan = run.plan();
    let columns: Vec<Vec<Event>> =
        run.trace().columns().iter().map(|column| column.events().collect()).collect();
    let mut ends = vec![None; plan.len()];
    let mut begins: Vec<Option<Event>> = vec![None; plan.len()];
    let begin = |begins: &mut [Option<Event>], task: u32, event: Event| {
        let first = begins[task as usize].filter(|first| first.start_ms <= event.start_ms);
        begins[task as usize] = Some(first.unwrap_or(event));
    };
    let mut steals = Vec::new();
    for (lane, events) in columns.iter().enumerate() {
        assert!(events.windows(2).all(|pair| pair[0].stop_ms == pair[1].start_ms), "slices of a worker meet");
        for event in events {
            assert!(event.start_ms <= event.stop_ms, "time runs forward");
            let Some(task) = event.task else { continue };
            match event.action {
                Action::Compute | Action::Erred => {
                    assert!(ends[task as usize].replace((lane, *event)).is_none(), "a task ends once");
                    begin(&mut begins, task, *event);
                }
                Action::Retry => {
                    let is_before =
                        |(other, end): (usize, Event)| other != lane && event.stop_ms <= end.start_ms;
                    let ok = ends[task as usize].is_none_or(is_before);
                    assert!(ok, "a task that has ended is not run again");
                    begin(&mut begins, task, *event);
                }
                Action::Steal => {
                    steals.push((task, *event));
                    assert_eq!(event.start_ms, event.stop_ms, "a mark has no length");
                }
                Action::Overhead => {
                    let ok = ends[task as usize].is_none_or(|(other, _)| other != lane);
                    assert!(ok, "the overhead before a task comes before its end");
                }
                Action::Lost | Action::TakenBack => {
                    assert_eq!(event.start_ms, event.stop_ms, "a mark has no length");
                }
                // The bytes of a task's inputs or of its value; of all tasks of a message, the first is named.
                Action::Transfer | Action::Serialize | Action::Deserialize => {}
                Action::Spill | Action::Unspill => {}
                Action::Idle => panic!("an idle worker has no task"),
                action => panic!("a scheduler never writes {action:?}"),
            }
        }
    }
    for (task, steal) in steals {
        let ok = ends[task as usize].is_none_or(|(_, end)| steal.stop_ms <= end.start_ms);
        assert!(ok, "a task is not stolen after it began its last attempt");
    }
    for task in plan.tasks() {
        for &dependency in plan.dependencies().row(task) {
            if let Some(begin) = begins[task as usize] {
                let (_, end) = ends[dependency as usize].expect("a task runs only after what it depends on");
                assert!(end.stop_ms <= begin.start_ms, "a task starts after what it depends on has stopped");
            }
        }
    }
    columns
}

/// After a run in which every task ended: the summary agrees with the trace, and time and memory add up.
pub fn assert_complete(run: &Run, outcome: &Outcome) {
    let plan = run.plan();
    let events = lawful_trace(run).concat();
    let ends = events.iter().filter(|event| matches!(event.action, Action::Compute | Action::Erred));
    assert_eq!(ends.count(), plan.len(), "every task ends");

    let summary = &outcome.summary;
    let traced = summary.traced.as_ref().expect("the run was traced");
    let count = |action: Action| events.iter().filter(|event| event.action == action).count();
    assert_eq!(
        (traced.steals, traced.retries, traced.erred),
        (count(Action::Steal), count(Action::Retry), count(Action::Erred))
    );

    // They may only differ by rounding.
    let epsilon_ms = 1e-9 * summary.makespan_ms.max(1.0);
    let busy = || events.iter().filter(|event| event.action.is_busy());
    let work_ms: f64 = busy().map(|event| event.stop_ms - event.start_ms).sum();
    assert!((summary.work_ms().unwrap() - work_ms).abs() <= epsilon_ms);
    let between = events.iter().filter(|event| event.action == Action::Overhead);
    let overhead_ms: f64 = between.map(|event| event.stop_ms - event.start_ms).sum();
    assert!((traced.overhead_ms - overhead_ms).abs() <= epsilon_ms);
    assert!(summary.makespan_ms + epsilon_ms >= (work_ms + overhead_ms) / summary.workers as f64);
    let mut span_ms = vec![0.0; plan.len()];
    for event in busy() {
        span_ms[event.task.unwrap() as usize] += event.stop_ms - event.start_ms;
    }
    for task in plan.tasks() {
        let before = plan.dependencies().row(task).iter().map(|&d| span_ms[d as usize]).fold(0.0, f64::max);
        span_ms[task as usize] += before;
    }
    assert!(span_ms.into_iter().all(|span_ms| span_ms <= summary.makespan_ms + epsilon_ms));
    assert!(busy().all(|event| event.stop_ms <= summary.makespan_ms + epsilon_ms));
    assert!((0.0..=1.0 + 1e-9).contains(&summary.utilisation().unwrap()));

    // At the end, only the targets are held.
    let mut targets = plan.targets().to_vec();
    targets.sort_unstable();
    targets.dedup();
    let held: u64 = targets.iter().map(|&target| run.trace().bytes(target)).sum();
    assert_eq!(run.held_bytes(), held, "only the targets are held");
    assert!(traced.peak_bytes >= held);
}
