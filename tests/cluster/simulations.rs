//! The simulation: what it says of a cluster, and that the scheduler is no worse than simple ones.

use dagdeck::{
    Plan,
    graph::gallery::Shape,
    scheduler::cluster::simulation::{Bound, Ending, Parameters, Placement, Report, Series},
    trace::{Action, Reason},
};

use crate::graphs::doing_nothing;

fn series(plan: &Plan, parameters: &[Parameters]) -> Series {
    let mut series = Series::new(plan, parameters.to_vec()).unwrap();
    while !series.step(1e3) {}
    series
}

fn simulate(plan: &Plan, parameters: Parameters) -> Report {
    let small = Parameters { nodes: 1, slots: 1, failures_per_hour: 0.0, ..parameters };
    series(plan, &[small, parameters]).reports()[1].clone()
}

const PLACEMENTS: [Placement; 3] = [Placement::Random, Placement::RoundRobin, Placement::StealingOnly];

#[test]
fn the_makespan_is_no_worse_than_that_of_simple_placements() {
    for shape in Shape::ALL {
        let plan = doing_nothing(shape, 1000);
        for (task_ms, value_bytes) in [(10.0, 1000), (100.0, 10_000_000), (1.0, 100)] {
            let all = Parameters {
                nodes: 20,
                slots: 2,
                task_ms,
                value_bytes,
                spread: 0.5,
                ..Parameters::default()
            };
            let ours = simulate(&plan, all).makespan_ms;
            let of = |placement| simulate(&plan, Parameters { placement, ..all }).makespan_ms;
            let best = PLACEMENTS.into_iter().map(of).fold(f64::INFINITY, f64::min);
            // One task more or less at the end; and if tasks take no longer than a message, some round trips, since
            // not all are sent at once.
            let slack_ms = if task_ms < 10.0 { 8.0 * 2.0 * all.latency_ms } else { task_ms };
            assert!(
                ours <= 1.03 * best + slack_ms,
                "{shape}, {task_ms} ms, {value_bytes} bytes: {ours} ms, and a simple placement {best} ms"
            );
        }
    }
}

#[test]
fn no_run_is_faster_than_its_bounds() {
    for shape in Shape::ALL {
        let plan = doing_nothing(shape, 500);
        for nodes in [1, 7, 200] {
            for failures_per_hour in [0.0, 2000.0] {
                let parameters = Parameters {
                    nodes,
                    slots: 2,
                    spread: 1.0,
                    value_bytes: 1_000_000,
                    failures_per_hour,
                    seed: u64::from(nodes),
                    ..Parameters::default()
                };
                let report = simulate(&plan, parameters);
                let (bound, bound_ms) = report.bounds.largest();
                // A run that errs does not do everything.
                let is_bound = report.is_complete();
                assert!(
                    !is_bound || report.makespan_ms >= bound_ms * (1.0 - 1e-9),
                    "{shape}: {bound}, {report:?}"
                );
                assert_eq!(simulate(&plan, parameters), report, "the same again");
                assert!(failures_per_hour > 0.0 || report.counts.deaths == 0);
                // Three nodes may have died with the same task.
                assert!(report.is_complete() || report.counts.deaths >= 3, "{report:?}");
            }
        }
    }
}

#[test]
fn what_ends_scaling_is_named() {
    let of = |shape, parameters| simulate(&doing_nothing(shape, 2000), parameters).bounds.largest().0;
    let base = Parameters { nodes: 4, ..Parameters::default() };
    assert_eq!(of(Shape::Independent, base), Bound::Work);
    assert_eq!(of(Shape::Chain, base), Bound::Span);
    let many = Parameters { nodes: 1000, decision_ms: 1.0, ..base };
    assert_eq!(of(Shape::Independent, many), Bound::Scheduler);
    let narrow = Parameters { bytes_per_ms: 1000.0, value_bytes: 1_000_000, ..base };
    assert_eq!(of(Shape::Shuffle, narrow), Bound::Bandwidth);
}

#[test]
fn independent_tasks_scale_as_expected() {
    // 100 tasks of 100 ms on 10 nodes: 10 rounds, and a message on each way.
    let report = simulate(&doing_nothing(Shape::Independent, 100), Parameters::default());
    assert_eq!((report.counts.decisions, report.counts.transfers, report.counts.steals), (100, 0, 0));
    assert!((1000.0..1010.0).contains(&report.makespan_ms), "{report:?}");
    assert!(report.efficiency().is_some_and(|efficiency| efficiency > 0.99));
    // With the scheduler as the bottleneck, the makespan is that of all decisions.
    let slow = Parameters { nodes: 10_000, decision_ms: 100.0, ..Parameters::default() };
    let report = simulate(&doing_nothing(Shape::Independent, 100), slow);
    assert!((10_000.0..10_200.0).contains(&report.makespan_ms), "{report:?}");
}

#[test]
fn targets_that_are_gathered_share_the_link_of_the_client() {
    // 1 MB each, 1 GB/s: a millisecond for each target.
    let base = Parameters { nodes: 50, value_bytes: 1_000_000, ..Parameters::default() };
    let plan = doing_nothing(Shape::Independent, 500);
    let stay = simulate(&plan, base);
    let gathered = simulate(&plan, Parameters { gather: true, ..base });
    assert_eq!((stay.moved_bytes, gathered.moved_bytes), (0, 500_000_000));
    assert!(stay.makespan_ms < 1.1 * 1000.0, "{stay:?}");
    // The first targets come while the others are computed, the last fifty after that.
    assert!(gathered.makespan_ms > stay.makespan_ms + 30.0, "{gathered:?}");
    // However slow the link is, the targets come.
    let slow = simulate(&plan, Parameters { gather: true, bytes_per_ms: 1e3, ..base });
    assert!(slow.is_complete(), "{slow:?}");
    let narrow = Parameters { gather: true, bytes_per_ms: 1e5, ..base };
    assert_eq!(simulate(&plan, narrow).bounds.largest().0, Bound::Bandwidth);
    for failures_per_hour in [300.0, 2000.0] {
        let rough = simulate(&plan, Parameters { gather: true, failures_per_hour, ..base });
        assert!(rough.is_complete() && rough.counts.deaths > 0, "{rough:?}");
    }
}

#[test]
fn deaths_cost_time_and_no_value() {
    let plan = doing_nothing(Shape::MapReduce, 2000);
    let base = Parameters { nodes: 20, ..Parameters::default() };
    let calm = simulate(&plan, base);
    let rough = simulate(&plan, Parameters { failures_per_hour: 300.0, ..base });
    assert!(rough.counts.deaths > 5 && rough.is_complete(), "{rough:?}");
    assert!(rough.makespan_ms > calm.makespan_ms && rough.counts.decisions > calm.counts.decisions);
}

#[test]
fn a_run_whose_nodes_die_too_often_is_given_up() {
    let all = Parameters { nodes: 2, failures_per_hour: 3600.0, task_ms: 1.0, ..Parameters::default() };
    let plan = doing_nothing(Shape::Independent, 10_000);
    let report = simulate(&plan, all);
    // A node lives for one second, and all values stay on the nodes: they are never there all at once.
    assert_eq!((&report.ending, report.efficiency()), (&Ending::GivenUp, None), "{report:?}");
}

#[test]
fn the_largest_cluster_with_few_lanes_is_drawn() {
    let plan = doing_nothing(Shape::Tree, 300);
    let sizes = [1, 8, 32, 100];
    let parameters = sizes.map(|nodes| Parameters { nodes, slots: 2, spread: 0.5, ..Parameters::default() });
    let series = series(&plan, &parameters);
    assert_eq!((series.drawn(), series.trace().columns().len()), (2, 64));
    let makespan_ms = series.reports()[2].makespan_ms;
    assert_eq!(series.makespan_ms(), Ok(makespan_ms));
    let mut stops = vec![None; plan.len()];
    for column in series.trace().columns() {
        let events: Vec<_> = column.events().collect();
        assert!(events.windows(2).all(|pair| pair[0].stop_ms <= pair[1].start_ms));
        assert_eq!(events.last().map(|event| event.stop_ms), Some(makespan_ms));
        for event in events.iter().filter(|event| event.action == Action::Compute) {
            let task = event.task.unwrap();
            assert_eq!(stops[task as usize].replace((event.start_ms, event.stop_ms)), None, "{task} twice");
        }
    }
    for task in plan.tasks() {
        let (start_ms, _) = stops[task as usize].expect("every task ran");
        for &input in plan.dependencies().row(task) {
            assert!(stops[input as usize].unwrap().1 < start_ms, "{task} before {input}");
        }
    }
}

#[test]
fn the_trace_says_what_moved_between_nodes_and_who_stole() {
    let plan = doing_nothing(Shape::Shuffle, 400);
    let all =
        Parameters { nodes: 8, slots: 2, spread: 1.0, value_bytes: 50_000_000, ..Parameters::default() };
    let series = series(&plan, &[all]);
    let report = &series.reports()[0];
    let (mut bytes, mut steals) = (0, 0);
    for (lane, column) in series.trace().columns().iter().enumerate() {
        for event in column.events() {
            let other = event.details.peer.map(|peer| peer as usize / 2);
            match event.action {
                Action::Transfer => bytes += event.details.bytes,
                Action::Steal => steals += 1,
                _ => continue,
            }
            assert!(other.is_some_and(|other| other < 8 && other != lane / 2), "{event:?} in lane {lane}");
        }
    }
    assert!(report.counts.transfers > 0 && report.counts.steals > 0, "{report:?}");
    // Some values arrive when nobody needs them any more, and some are under way at the end.
    assert!((report.counts.transfers * all.value_bytes..=report.moved_bytes).contains(&bytes), "{report:?}");
    assert_eq!(steals, report.counts.steals);
}

#[test]
fn the_trace_says_which_nodes_died_and_what_was_taken_back() {
    let plan = doing_nothing(Shape::MapReduce, 2000);
    let all = Parameters { nodes: 20, failures_per_hour: 300.0, seed: 3, ..Parameters::default() };
    let series = series(&plan, &[all]);
    let report = &series.reports()[0];
    let events = || series.trace().columns().iter().flat_map(|column| column.events());
    let count = |action| events().filter(|event| event.action == action).count() as u64;
    assert_eq!(
        events().filter(|event| event.details.reason == Reason::Died).count() as u64,
        report.counts.deaths
    );
    assert!(report.counts.taken_back > 0 && count(Action::Lost) > 0, "{report:?}");
    assert_eq!(count(Action::TakenBack), report.counts.taken_back);
}

#[test]
fn wrong_parameters_are_refused() {
    let plan = doing_nothing(Shape::Tree, 3);
    let error = |parameters| Series::new(&plan, vec![parameters]).unwrap_err().to_string();
    let nodes = Parameters { nodes: 0, ..Parameters::default() };
    assert_eq!(error(nodes), "nodes = 0: must be between 1 and 10000");
    let large = Parameters { nodes: 100, ..Parameters::default() };
    assert_eq!(error(large), "there is no small cluster to draw");
}

#[test]
fn threads_that_help_change_nothing() {
    let plan = doing_nothing(Shape::RandomLayered, 2000);
    let parameters =
        [1, 4, 16, 64, 256].map(|nodes| Parameters { nodes, spread: 0.5, ..Parameters::default() });
    let alone = series(&plan, &parameters);
    let mut spread = Series::new(&plan, parameters.to_vec()).unwrap();
    spread.spread(4);
    while !spread.step(1.0) {}
    assert_eq!(spread.reports(), alone.reports());
    let events = |series: &Series| {
        let columns = series.trace().columns();
        columns.iter().map(|column| column.events().collect()).collect::<Vec<Vec<_>>>()
    };
    assert_eq!(events(&spread), events(&alone));
    // A series that is given up stops its threads.
    let mut dropped = Series::new(&plan, parameters.to_vec()).unwrap();
    dropped.spread(4);
    dropped.cancel();
    assert!(dropped.step(1.0) && dropped.reports().is_empty());
}
