//! The live lock: whatever the times are, the laws hold.

use dagdeck::{
    interpreter::{Live, Piece, Policy, Program, start},
    trace::Action,
};

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
fn a_request_is_followed_by_a_switch() {
    let live =
        run(&Program::uniform(2, &[Piece::Interpreted { ticks: 400_000 }]), Policy::Interval { ns: 1000 });
    let counts = live.timeline().counts();
    assert!(counts.drop_requests > 0 && counts.switches > 0, "{counts:?}");
}

#[test]
fn a_cancel_stops_threads_whatever_they_do() {
    let minute = 59_000_000_000;
    let program = Program {
        threads: vec![
            vec![Piece::Interpreted { ticks: minute / 100 }],
            vec![Piece::Interpreted { ticks: 10 }, Piece::Interpreted { ticks: minute / 100 }],
            vec![Piece::Native { ns: minute, keeps_lock: false }],
            vec![Piece::Blocking { ns: minute }],
            vec![Piece::Native { ns: minute, keeps_lock: true }],
        ],
    };
    for policy in LIVE {
        let live = start(program.clone(), policy, 50, spawn).unwrap();
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
