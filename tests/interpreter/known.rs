//! What is known of Python's locks, from Beazley's measurements and from CPython's sources, on the model's events.

use dagdeck::{
    interpreter::{Counts, Machine, Piece, Policy, Program, Timeline, simulate},
    trace::{Action, Event},
};

use super::{interpreted, makespan_ns, ns};

fn run(program: &Program, policy: Policy, cores: usize) -> Timeline {
    simulate(program, policy, &Machine::with_cores(cores), 7).unwrap()
}

/// The work of one thread, split among `threads`.
fn count(threads: usize, ms: u64) -> Program {
    Program::uniform(threads, &[interpreted(ms / threads as u64)])
}

#[test]
fn under_ticks_two_threads_on_two_cores_fight_and_take_longer_than_one() {
    let one = run(&count(1, 400), Policy::TICKS, 2);
    let one_core = run(&count(2, 400), Policy::TICKS, 1);
    let two_cores = run(&count(2, 400), Policy::TICKS, 2);
    let (few, many) = (one_core.counts(), two_cores.counts());
    assert!(few.switches > 0 && many.switches > 10 * few.switches, "{few:?} {many:?}");
    assert!(many.false_alarms > 10 * few.false_alarms, "{few:?} {many:?}");
    assert!(many.false_alarms > many.switches, "{many:?}");
    assert!(2 * makespan_ns(&two_cores) > 3 * makespan_ns(&one));
    assert!(10 * makespan_ns(&one_core) < 11 * makespan_ns(&one));
    assert_eq!(one.counts(), Counts::default());
}

#[test]
fn the_seed_changes_how_long_wake_ups_take_and_nothing_else() {
    let seeded = |wakeup_jitter_ns, seed| {
        let machine = Machine { wakeup_jitter_ns, ..Machine::with_cores(2) };
        let timeline = simulate(&count(2, 50), Policy::TICKS, &machine, seed).unwrap();
        (timeline.counts(), makespan_ns(&timeline))
    };
    assert_eq!(seeded(9_000, 1), seeded(9_000, 1));
    assert_ne!(seeded(9_000, 1), seeded(9_000, 2));
    assert_eq!(seeded(0, 1), seeded(0, 2));
}

#[test]
fn under_ticks_the_lock_is_released_every_100_ticks() {
    let timeline = run(&count(2, 50), Policy::TICKS, 2);
    let check_ns = 100 * 50;
    let mut releases = 0;
    for thread in 0..2 {
        let events: Vec<Event> = timeline.events(thread).collect();
        for pair in events.windows(2).filter(|pair| pair[1].action == Action::Overhead) {
            if pair[0].action == Action::Hold {
                // Checks that nobody waited for are part of a longer slice.
                let held_ns = ns(pair[0].stop_ms) - ns(pair[0].start_ms);
                assert_eq!(held_ns % (check_ns + 50), check_ns, "{pair:?}");
                releases += 1;
            }
        }
    }
    assert!(releases > 100);
    assert_eq!(timeline.counts().drop_requests + timeline.counts().forced_switches, 0);
}

#[test]
fn under_interval_a_thread_waits_an_interval_before_it_requests_the_lock() {
    for (threads, cores) in [(2, 1), (2, 2), (3, 2), (4, 4)] {
        let timeline = run(&count(threads, 240), Policy::INTERVAL, cores);
        let counts = timeline.counts();
        assert!(counts.drop_requests > 0 && counts.forced_switches <= counts.drop_requests, "{counts:?}");
        for thread in 0..threads {
            let mut wait_ns = 0;
            for event in timeline.events(thread) {
                match event.action {
                    Action::LockWait => wait_ns += ns(event.stop_ms) - ns(event.start_ms),
                    Action::DropRequest => {
                        assert!(wait_ns >= 5_000_000, "thread {thread} requests after {wait_ns} ns");
                        wait_ns = 0;
                    }
                    Action::FalseAlarm => {}
                    _ => wait_ns = 0,
                }
            }
        }
    }
}

/// ```text
/// thread 0   |Hold                  |Overhead|ForcedSwitch|LockWait ...
/// thread 1   |LockWait |DropRequest |LockWait       |Hold ...
/// ```
#[test]
fn under_interval_the_holder_gives_way_at_its_next_tick_and_waits_until_the_lock_is_taken() {
    let machine = Machine {
        signal_ns: 1_000,
        wakeup_ns: 5_000,
        wakeup_jitter_ns: 0,
        wake_check_ns: 1_000,
        context_switch_ns: 2_000,
        ..Machine::with_cores(2)
    };
    let timeline = simulate(&count(2, 40), Policy::INTERVAL, &machine, 0).unwrap();
    let first = |thread: usize, events: usize| -> Vec<(Action, u64)> {
        timeline.events(thread).take(events).map(|event| (event.action, ns(event.stop_ms))).collect()
    };
    use Action::*;
    // Thread 1 sleeps for 5 ms, is woken in 5 us, and looks for 1 us. By then, ticks of 50 ns have just ended. Then it
    // sleeps, and the release wakes it again. When it has the lock, thread 0 is woken, and waits for an interval as well.
    let thread_0 = [
        (NoCore, 2_000),
        (Hold, 5_008_000),
        (Overhead, 5_009_000),
        (ForcedSwitch, 5_020_000),
        (LockWait, 10_026_000),
        (DropRequest, 10_026_000),
    ];
    let thread_1 = [
        (NoCore, 2_000),
        (LockWait, 5_008_000),
        (DropRequest, 5_008_000),
        (LockWait, 5_014_000),
        (Hold, 10_026_000),
        (Overhead, 10_027_000),
    ];
    assert_eq!((first(0, 6), first(1, 6)), (thread_0.to_vec(), thread_1.to_vec()));
}

#[test]
fn under_interval_there_is_at_most_one_switch_in_an_interval_for_each_thread_that_waits() {
    for interval_ns in [100_000, 1_000_000, 5_000_000] {
        let timeline = run(&count(2, 200), Policy::Interval { ns: interval_ns }, 2);
        let counts = timeline.counts();
        let most = makespan_ns(&timeline) / interval_ns;
        assert!(counts.switches <= most && counts.switches > most / 2, "{counts:?}, {most} intervals");
        assert_eq!(counts.false_alarms, 0);
    }
}

#[test]
fn under_the_lock_two_threads_are_no_faster_than_one() {
    for policy in [Policy::TICKS, Policy::INTERVAL] {
        for cores in [1, 2, 4] {
            let one = makespan_ns(&run(&count(1, 100), policy, cores));
            let two = makespan_ns(&run(&count(2, 100), policy, cores));
            assert!(two > one, "{policy:?} on {cores} cores: {two} and {one} ns");
        }
    }
}

#[test]
fn without_a_shared_lock_threads_scale_with_the_cores() {
    for (policy, start_ns) in [
        (Policy::None { cost_percent: 10 }, 0),
        (Policy::PerInterpreter, Machine::default().interpreter_start_ns),
        (Policy::Processes, Machine::default().process_start_ns),
    ] {
        let work_ns = |threads| makespan_ns(&run(&count(threads, 400), policy, 4)) - start_ns;
        let one = work_ns(1);
        assert!(one >= 400_000_000);
        for threads in [2, 4] {
            let many = work_ns(threads);
            assert!(
                many * threads as u64 <= one + one / 100,
                "{policy:?}: {threads} threads take {many} of {one} ns"
            );
        }
    }
}

#[test]
fn the_stated_cost_of_no_lock_is_what_a_single_thread_pays() {
    let switch_ns = Machine::default().context_switch_ns;
    for (cost_percent, expected_ms) in [(0, 400), (10, 440), (40, 560)] {
        let timeline = run(&count(1, 400), Policy::None { cost_percent }, 1);
        assert_eq!(makespan_ns(&timeline) - switch_ns, expected_ms * 1_000_000);
    }
}

/// One thread of short blocking calls beside one that counts: how many calls a second.
fn convoy(interval_ns: u64) -> u64 {
    let call = [Piece::Interpreted { ticks: 200 }, Piece::Blocking { ns: 50_000 }];
    let calls = 100;
    let program = Program { threads: vec![call.repeat(calls), vec![interpreted(2000)]] };
    let timeline = run(&program, Policy::Interval { ns: interval_ns }, 2);
    calls as u64 * 1_000_000_000 / ns(timeline.finished_ms(0).unwrap())
}

#[test]
fn the_throughput_of_the_convoy_falls_as_the_interval_grows() {
    let per_second = [10_000, 50_000, 500_000, 5_000_000, 10_000_000].map(convoy);
    assert!(per_second.is_sorted_by(|shorter, longer| shorter > longer), "{per_second:?}");
    // At the default of 5 ms each call waits for an interval.
    assert!((150..200).contains(&per_second[3]), "{per_second:?}");
}

#[test]
fn a_native_kernel_overlaps_only_if_it_releases_the_lock() {
    let kernel = |keeps_lock| Program::uniform(4, &[Piece::Native { ns: 50_000_000, keeps_lock }]);
    for policy in [Policy::TICKS, Policy::INTERVAL] {
        let keeps = makespan_ns(&run(&kernel(true), policy, 4));
        let releases = makespan_ns(&run(&kernel(false), policy, 4));
        assert!(keeps >= 200_000_000, "{keeps}");
        assert!((50_000_000..51_000_000).contains(&releases), "{releases}");
    }
}

#[test]
fn a_native_kernel_that_keeps_the_lock_delays_a_drop_request_until_its_end() {
    let kernel = Piece::Native { ns: 60_000_000, keeps_lock: true };
    // The interpreter looks after each call, so it makes no difference what follows the first kernel.
    for next in [interpreted(20), kernel] {
        delays_a_request(Program { threads: vec![vec![kernel, next], vec![interpreted(20)]] });
    }
}

fn delays_a_request(program: Program) {
    let timeline = run(&program, Policy::INTERVAL, 2);
    let held = |thread: usize| timeline.events(thread).find(|event| event.action == Action::Hold).unwrap();
    let first = timeline.events(1).find(|event| event.action == Action::DropRequest).unwrap();
    assert!(ns(first.stop_ms) < 6_000_000);
    assert!(ns(held(1).start_ms) >= 60_000_000);
    assert!(ns(held(1).start_ms) < 61_000_000);
}

#[test]
fn under_ticks_the_call_of_a_kernel_is_a_tick() {
    let kernel = Piece::Native { ns: 1_000_000, keeps_lock: true };
    let timeline = run(&Program::uniform(2, &[kernel; 4]), Policy::Ticks { check: 2 }, 2);
    let releases: Vec<u64> = timeline
        .events(0)
        .filter(|event| event.action == Action::Overhead)
        .map(|event| ns(event.start_ms) / 1_000_000)
        .collect();
    assert_eq!(releases, [2, 4]);
}

#[test]
fn blocking_calls_overlap_under_every_policy() {
    for policy in [Policy::TICKS, Policy::INTERVAL, Policy::PerInterpreter, Policy::NONE, Policy::Processes] {
        let program = Program::uniform(10, &[Piece::Blocking { ns: 100_000_000 }]);
        let taken = makespan_ns(&run(&program, policy, 1));
        assert!((100_000_000..500_000_000).contains(&taken), "{policy:?}: {taken}");
    }
}
