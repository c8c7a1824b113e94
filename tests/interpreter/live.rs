//! The live lock: whatever the times are, the laws hold.

use dagdeck::{
    interpreter::{Live, Piece, Policy, Program, start},
    trace::Action,
};
use proptest::prelude::*;

use super::laws::{piece, policy};

fn spawn(job: Box<dyn FnOnce() + Send>) {
    std::thread::spawn(job);
}

fn run(program: &Program, policy: Policy) -> Live {
    let live = start(program.clone(), policy, 50, spawn).unwrap();
    live.wait();
    live
}

const LIVE: [Policy; 5] =
    [Policy::TICKS, Policy::INTERVAL, Policy::Interval { ns: 1000 }, Policy::PerInterpreter, Policy::NONE];

fn pieces_ended(live: &Live, thread: usize) -> usize {
    live.timeline().events(thread).filter(|event| event.action == Action::Compute).count()
}

#[test]
fn every_thread_finishes_and_one_at_a_time_holds_the_lock() {
    let pieces = [
        Piece::Interpreted { ticks: 5_000 },
        Piece::Blocking { ns: 200_000 },
        Piece::Native { ns: 100_000, keeps_lock: true },
        Piece::Interpreted { ticks: 20_000 },
        Piece::Native { ns: 300_000, keeps_lock: false },
    ];
    for policy in LIVE {
        for threads in [1, 2, 4] {
            let live = run(&Program::uniform(threads, &pieces), policy);
            let timeline = live.timeline();
            let mut holds = Vec::new();
            for thread in 0..threads {
                assert_eq!(pieces_ended(&live, thread), pieces.len(), "{policy:?}");
                let finished_ms = timeline.finished_ms(thread).unwrap();
                assert_eq!(timeline.events(thread).last().unwrap().stop_ms, finished_ms);
                assert!(timeline.time_ms(thread, Action::Blocked) >= 0.2);
                let held = timeline.events(thread).filter(|event| event.action == Action::Hold);
                holds.extend(held.map(|event| (event.start_ms, event.stop_ms)));
            }
            if policy.is_shared() {
                holds.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
                assert!(
                    holds.windows(2).all(|pair| pair[0].1 <= pair[1].0),
                    "{policy:?}: two threads hold the lock"
                );
            }
            if policy == Policy::NONE {
                assert!(holds.is_empty());
            }
        }
    }
}

#[test]
fn requests_make_the_lock_change_hands() {
    let program = Program::uniform(2, &[Piece::Interpreted { ticks: 1_000_000_000 }]);
    let live = start(program, Policy::Interval { ns: 1_000_000 }, 50, spawn).unwrap();
    loop {
        let counts = live.timeline().counts();
        if counts.forced_switches > 2 && counts.switches > 2 {
            break;
        }
        assert!(!live.is_finished(), "{counts:?}");
        std::thread::yield_now();
    }
    live.cancel();
    live.wait();
    let counts = live.timeline().counts();
    // The last request may not have been seen.
    assert!(counts.forced_switches <= counts.drop_requests, "{counts:?}");
}

#[test]
fn a_cancel_stops_threads_whatever_they_do() {
    let minute = 59_000_000_000;
    // Its end shows that the thread runs.
    let first = Piece::Native { ns: 1, keeps_lock: false };
    let program = Program {
        threads: vec![
            vec![first, Piece::Interpreted { ticks: minute / 100 }],
            vec![first, Piece::Interpreted { ticks: 10 }, Piece::Interpreted { ticks: minute / 100 }],
            vec![first, Piece::Native { ns: minute, keeps_lock: false }],
            vec![first, Piece::Blocking { ns: minute }],
            vec![first, Piece::Native { ns: minute, keeps_lock: true }],
        ],
    };
    for policy in LIVE {
        let live = start(program.clone(), policy, 50, spawn).unwrap();
        while (0..program.threads.len()).any(|thread| pieces_ended(&live, thread) == 0) {
            std::thread::yield_now();
        }
        assert!(!live.is_finished());
        live.cancel();
        live.wait();
        assert!(live.is_finished());
        for (thread, pieces) in program.threads.iter().enumerate() {
            assert!(pieces_ended(&live, thread) < pieces.len(), "{policy:?}: thread {thread} has finished");
        }
    }
}

#[test]
fn processes_do_not_run_live() {
    let program = Program::uniform(1, &[Piece::Blocking { ns: 1 }]);
    assert!(start(program, Policy::Processes, 50, spawn).unwrap_err().to_string().contains("use the model"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// A wake-up that is lost for good would show as a run without an end.
    #[test]
    fn every_program_finishes_with_all_of_its_pieces(
        threads in proptest::collection::vec(proptest::collection::vec(piece(20), 1..5), 1..5),
        policy in policy().prop_filter("processes do not run live", |policy| *policy != Policy::Processes),
    ) {
        let live = run(&Program { threads: threads.clone() }, policy);
        for (thread, pieces) in threads.iter().enumerate() {
            prop_assert_eq!(pieces_ended(&live, thread), pieces.len());
            prop_assert!(live.timeline().finished_ms(thread).is_some());
        }
    }
}
