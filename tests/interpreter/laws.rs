//! Laws that hold for every program, policy, machine and seed.

use dagdeck::{
    interpreter::{Machine, Piece, Policy, Program, Timeline, simulate},
    trace::{Action, Event},
};
use proptest::prelude::*;

use super::ns;

/// A piece of up to 3 ms, divided by `short`.
pub fn piece(short: u64) -> impl Strategy<Value = Piece> {
    prop_oneof![
        3 => (0..60_000 / short).prop_map(|ticks| Piece::Interpreted { ticks }),
        1 => (0..3_000_000 / short, any::<bool>()).prop_map(|(ns, keeps_lock)| Piece::Native { ns, keeps_lock }),
        1 => (0..3_000_000 / short).prop_map(|ns| Piece::Blocking { ns }),
    ]
}

fn program() -> impl Strategy<Value = Program> {
    let threads = proptest::collection::vec(proptest::collection::vec(piece(1), 0..6), 1..6);
    threads
        .prop_filter("a program has a piece", |threads| threads.iter().any(|pieces| !pieces.is_empty()))
        .prop_map(|threads| Program { threads })
}

pub fn policy() -> impl Strategy<Value = Policy> {
    prop_oneof![
        3 => (1u32..400).prop_map(|check| Policy::Ticks { check }),
        3 => (1_000u64..8_000_000).prop_map(|ns| Policy::Interval { ns }),
        1 => Just(Policy::PerInterpreter),
        1 => (0u32..50).prop_map(|cost_percent| Policy::None { cost_percent }),
        1 => Just(Policy::Processes),
    ]
}

fn machine() -> impl Strategy<Value = Machine> {
    (1usize..5, 0u64..10_000, 0u64..30_000, 0u64..5_000, 10_000u64..4_000_000).prop_map(
        |(cores, signal_ns, wakeup_jitter_ns, context_switch_ns, time_slice_ns)| Machine {
            signal_ns,
            wakeup_jitter_ns,
            context_switch_ns,
            time_slice_ns,
            ..Machine::with_cores(cores)
        },
    )
}

/// All events, as what they have in nanoseconds.
fn events(timeline: &Timeline) -> Vec<Vec<(Action, u64, u64)>> {
    let read = |event: Event| (event.action, ns(event.start_ms), ns(event.stop_ms));
    (0..timeline.threads()).map(|thread| timeline.events(thread).map(read).collect()).collect()
}

fn total_ns(events: &[(Action, u64, u64)], action: Action) -> u64 {
    events.iter().filter(|event| event.0 == action).map(|event| event.2 - event.1).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_simulation_keeps_the_laws(
        program in program(), policy in policy(), machine in machine(), seed in any::<u64>(),
    ) {
        let timeline = simulate(&program, policy, &machine, seed).unwrap();
        let lanes = events(&timeline);

        // The same arguments give the same events.
        prop_assert_eq!(&lanes, &events(&simulate(&program, policy, &machine, seed).unwrap()));

        let tick_ns = match policy {
            Policy::None { cost_percent } => machine.tick_ns * u64::from(100 + cost_percent) / 100,
            _ => machine.tick_ns,
        };
        for (thread, (lane, pieces)) in lanes.iter().zip(&program.threads).enumerate() {
            // Everybody finishes, and what a thread did covers its time without a gap.
            let finished_ns = ns(timeline.finished_ms(thread).expect("no thread starves"));
            prop_assert_eq!(lane.last().map_or(0, |event| event.2), finished_ns);
            prop_assert_eq!(lane.iter().map(|event| event.2 - event.1).sum::<u64>(), finished_ns);
            // Each piece ends once.
            prop_assert_eq!(lane.iter().filter(|event| event.0 == Action::Compute).count(), pieces.len());

            // No work is lost, and none is done twice.
            let (mut locked_ns, mut native_ns, mut blocked_ns, mut free_ns) = (0, 0, 0, 0);
            for piece in pieces {
                let has_lock = !matches!(policy, Policy::None { .. });
                match *piece {
                    Piece::Interpreted { ticks } if has_lock => locked_ns += ticks * tick_ns,
                    Piece::Interpreted { ticks } => free_ns += ticks * tick_ns,
                    Piece::Native { ns, keeps_lock: true } if has_lock => locked_ns += ns,
                    Piece::Native { ns, .. } => native_ns += ns,
                    Piece::Blocking { ns } => blocked_ns += ns,
                }
            }
            prop_assert_eq!(total_ns(lane, Action::Native), native_ns);
            prop_assert_eq!(total_ns(lane, Action::Blocked), blocked_ns);
            prop_assert_eq!(total_ns(lane, Action::LockFree), free_ns);
            let held_ns = total_ns(lane, Action::Hold);
            if policy.is_shared() {
                // A release that nobody waits for is part of the slice.
                prop_assert!(held_ns >= locked_ns);
                let checks = match policy { Policy::Ticks { check } => locked_ns / (u64::from(check) * tick_ns), _ => 0 };
                let releases = checks + lane.len() as u64;
                prop_assert!(held_ns - locked_ns <= releases * machine.uncontended_ns);
            } else {
                prop_assert_eq!(held_ns, locked_ns);
            }
        }

        // One thread holds the lock at a time.
        if policy.is_shared() {
            let mut holds: Vec<_> = lanes.iter().flatten().filter(|event| event.0 == Action::Hold).collect();
            holds.sort_by_key(|event| (event.1, event.2));
            prop_assert!(holds.windows(2).all(|pair| pair[0].2 <= pair[1].1));
        }

        // No more threads run than there are cores.
        let runs = |action| matches!(action, Action::Hold | Action::Native | Action::LockFree | Action::Overhead);
        let mut changes: Vec<(u64, i32)> = lanes.iter().flatten().filter(|event| runs(event.0) && event.1 < event.2)
            .flat_map(|event| [(event.1, 1), (event.2, -1)]).collect();
        changes.sort();
        let most = changes.iter().scan(0, |running, change| { *running += change.1; Some(*running) }).max();
        prop_assert!(most.unwrap_or(0) <= machine.cores as i32);
    }
}

#[test]
fn numbers_out_of_range_are_errors_that_say_what_is_allowed() {
    let (program, machine) = (Program::uniform(1, &[Piece::Blocking { ns: 1 }]), Machine::default());
    let message = |program: &Program, policy, machine| {
        simulate(program, policy, &machine, 0).map(|_| ()).unwrap_err().to_string()
    };
    assert!(message(&Program::default(), Policy::TICKS, machine).contains("threads = 0"));
    assert!(message(&Program::uniform(2, &[]), Policy::TICKS, machine).contains("pieces = 0"));
    assert!(message(&program, Policy::Ticks { check: 0 }, machine).contains("at least 1 tick"));
    assert!(message(&program, Policy::Interval { ns: 999 }, machine).contains("at least 1000 ns"));
    assert!(message(&program, Policy::Interval { ns: u64::MAX }, machine).contains("at most 60 s"));
    assert!(message(&program, Policy::None { cost_percent: 1001 }, machine).contains("at most 1000 %"));
    assert!(message(&program, Policy::TICKS, Machine::with_cores(0)).contains("cores = 0"));
    let long = Program::uniform(1, &[Piece::Interpreted { ticks: u64::MAX }]);
    assert!(message(&long, Policy::TICKS, machine).contains("more than a minute"));
}
