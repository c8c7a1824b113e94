//! Processes that somebody else owns: who asks for commands, and tells what happened.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Condvar, Mutex, mpsc},
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use dagdeck::{
    Op, Scalar,
    futures::{
        Call, Executor, MapOptions, Options, Outcome, Post, Run, Section, Workers, as_completed,
        is_for_serve, serve, sleep,
    },
    operations::{self, Busy, Function},
    scheduler::{Child, Command, Event, StartMethod},
};

use crate::stage::{int, spawn};

/// What an owner has done: the processes that it started and ended, in this order.
#[derive(Clone, Debug, Default, PartialEq)]
struct Done {
    started: Vec<(u32, StartMethod)>,
    ended: Vec<u32>,
}

/// Wakes a thread.
#[derive(Default)]
struct Bell(Mutex<bool>, Condvar);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }
}

/// Waits until somebody wants something. `false`: nobody will.
fn wanted(post: &Post, bell: &Arc<Bell>) -> bool {
    let waker = Waker::from(bell.clone());
    let mut wanted = Box::pin(post.wanted());
    loop {
        if let Poll::Ready(wanted) = wanted.as_mut().poll(&mut Context::from_waker(&waker)) {
            return wanted;
        }
        let rung = bell.1.wait_while(bell.0.lock().unwrap(), |rung| !*rung);
        *rung.unwrap() = false;
    }
}

/// Owns processes as the page does, on this thread: each does what `reply` says with a message, and dies at `None`. Goes on
/// until as many have ended as were started, and `is_last` says that no more will come.
fn own(post: &Post, reply: impl Fn(u32, &[u8]) -> Option<Vec<u8>>, is_last: impl Fn(&Done) -> bool) -> Done {
    let (bell, mut done, mut alive) = (Arc::<Bell>::default(), Done::default(), HashSet::new());
    while !is_last(&done) || done.started.len() > done.ended.len() {
        assert!(wanted(post, &bell));
        for command in post.commands() {
            match command {
                Command::Start { process, method } => {
                    assert!(alive.insert(process));
                    done.started.push((process, method));
                    post.tell(Event::Joined { process, bytes: u64::from(process), ms: 1.0 });
                }
                Command::Send { process, message } => {
                    assert!(alive.contains(&process), "a message came before its process");
                    match reply(process, &message.to_bytes()) {
                        Some(message) => post.tell(Event::Reply { process, message }),
                        None => post.tell(Event::Died { process, reason: String::new() }),
                    }
                }
                Command::End { process } => {
                    assert!(alive.remove(&process));
                    done.ended.push(process);
                }
                Command::Finished => panic!("futures do not say that they are over"),
            }
        }
    }
    done
}

fn primes(start: i64, stop: i64) -> Op {
    let args = [start, stop].map(|number| Some(Scalar::Int(number))).into();
    Op::Call(operations::Call { function: Function::Primes, args }.into())
}

fn executor(post: &Post, max_workers: usize, start: StartMethod) -> Executor {
    Executor::processes(Options { start, ..Options::workers(max_workers) }, post.remote()).unwrap()
}

#[test]
fn whoever_owns_processes_is_told_what_to_do() {
    let post = Post::default();
    let pool = executor(&post, 2, StartMethod::Spawn);
    let results = pool.map((0..5).map(|i| primes(20 * i, 20 * i + 20)), MapOptions::default()).unwrap();
    pool.shutdown(false, false);
    let done = own(&post, |_, message| Some(serve(message)), |done| !done.ended.is_empty());
    let counts: Outcome<Vec<_>> = results.collect();
    assert_eq!(counts.unwrap(), [8, 4, 5, 5, 3].map(int));
    assert_eq!(done.started, [(0, StartMethod::Spawn), (1, StartMethod::Spawn)]);
    assert_eq!(
        pool.starts().iter().map(|start| (start.process, start.bytes)).collect::<Vec<_>>(),
        [(0, 0), (1, 1)]
    );
    drop(pool);
}

#[test]
fn a_pool_with_fork_starts_all_its_processes_at_once() {
    let post = Post::default();
    let pool = executor(&post, 3, StartMethod::Fork);
    let future = pool.submit(Op::NoOp).unwrap();
    pool.shutdown(false, false);
    let done = own(&post, |_, message| Some(serve(message)), |done| !done.ended.is_empty());
    assert!(future.result(None).is_ok());
    assert_eq!(done.started.len(), 3);
    assert_eq!(pool.starts().len(), 3);
}

#[test]
fn a_death_breaks_the_pool_and_ends_the_others() {
    let post = Post::default();
    let pool = executor(&post, 2, StartMethod::Spawn);
    let futures: Vec<_> = (0..6).map(|_| pool.submit(Op::NoOp).unwrap()).collect();
    let done = own(&post, |process, _| (process == 0).then(Vec::new), |done| !done.ended.is_empty());
    assert_eq!(done.ended, [0, 1]);
    for future in as_completed(&futures, None) {
        let exception = future.unwrap().exception(None).unwrap().unwrap();
        let known = ["BrokenProcessPool", "UnpicklingError"];
        assert!(known.contains(&exception.name()), "{exception}");
    }
    let refused = pool.submit(Op::NoOp).unwrap_err();
    let message = "A child process terminated abruptly, the process pool is not usable anymore";
    assert_eq!((refused.name(), refused.message()), ("BrokenProcessPool", message));
    // Nobody waits for what is gone.
    pool.shutdown(true, false);
}

#[test]
fn a_stop_ends_processes_whatever_they_do() {
    let post = Post::default();
    let pool = executor(&post, 2, StartMethod::Spawn);
    let busy = || Op::Busy(Busy { steps: 1 << 40, failures: 0 });
    let futures: Vec<_> = (0..5).map(|_| pool.submit(busy()).unwrap()).collect();
    pool.stop();
    let commands = post.commands();
    assert!(matches!(
        commands[commands.len() - 2..],
        [Command::End { process: 0 }, Command::End { process: 1 }]
    ));
    for future in futures {
        let exception = future.result(None).unwrap_err();
        assert!(["KeyboardInterrupt", "CancelledError"].contains(&exception.name()), "{exception}");
    }
    assert!(pool.submit(busy()).is_err());
    // Late words of a process change nothing.
    post.tell(Event::Reply { process: 0, message: vec![1, 2, 3] });
    post.tell(Event::Died { process: 1, reason: String::new() });
}

#[test]
fn no_two_processes_of_a_run_have_the_same_number() {
    let section = |place: usize| Section {
        label: format!("section {place}"),
        workers: Workers::Processes(StartMethod::Fork),
        max_workers: 2,
        calls: vec!["primes"; 3],
        main: Arc::new(|executor| {
            let counts: Outcome<Vec<_>> =
                executor.map((0..3).map(|_| primes(0, 100)), MapOptions::default())?.collect();
            Ok(counts?.remove(0))
        }),
    };
    let post = Post::default();
    let run = Run::start((0..3).map(section).collect(), spawn, post.remote()).unwrap();
    let done = own(&post, |_, message| Some(serve(message)), |done| done.ended.len() == 6);
    run.wait();
    let numbers: HashSet<u32> = done.started.iter().map(|&(process, _)| process).collect();
    assert_eq!((numbers.len(), done.started.len()), (6, 6));
    for (_, ended) in run.sections() {
        let ended = ended.unwrap();
        assert_eq!(ended.outcome, Ok(int(25)));
        assert_eq!(ended.starts.len(), 2);
    }
}

#[test]
fn a_cancel_ends_the_processes_of_a_run() {
    let section = Section {
        label: "processes".to_owned(),
        workers: Workers::Processes(StartMethod::Spawn),
        max_workers: 2,
        calls: vec!["busy"; 2],
        main: Arc::new(|executor| {
            let call = || executor.submit(Op::Busy(Busy { steps: 1 << 40, failures: 0 }));
            let futures = [call()?, call()?];
            sleep(Duration::from_millis(1))?;
            futures[1].result(None)
        }),
    };
    let post = Post::default();
    let run = Run::start(vec![section], spawn, post.remote()).unwrap();
    let bell = Arc::<Bell>::default();
    assert!(wanted(&post, &bell));
    run.cancel();
    run.wait();
    assert!(run.makespan_ms().unwrap_err().is_cancelled());
    let mut alive = HashMap::new();
    for command in post.commands() {
        match command {
            Command::Start { process, .. } => drop(alive.insert(process, ())),
            Command::End { process } => drop(alive.remove(&process)),
            _ => {}
        }
    }
    assert!(alive.is_empty(), "{alive:?}");
}

#[test]
fn nobody_waits_for_an_owner_that_is_gone() {
    let post = Post::default();
    let (sender, receiver) = mpsc::channel();
    let wanted_again = post.wanted();
    drop(post);
    spawn(Box::new(move || {
        let waker = Waker::from(Arc::<Bell>::default());
        let polled = Box::pin(wanted_again).as_mut().poll(&mut Context::from_waker(&waker));
        sender.send(polled).unwrap();
    }));
    assert_eq!(receiver.recv().unwrap(), Poll::Ready(false));
}

#[test]
fn a_process_knows_calls_from_tasks() {
    let post = Post::default();
    let pool = executor(&post, 1, StartMethod::Spawn);
    pool.submit(Call::op(Op::NoOp, [])).unwrap();
    let messages = post.commands().into_iter().filter_map(|command| match command {
        Command::Send { message, .. } => Some(message.to_bytes()),
        _ => None,
    });
    let messages: Vec<Vec<u8>> = messages.collect();
    assert_eq!(messages.len(), 1);
    assert!(is_for_serve(&messages[0]));
    let mut graph = dagdeck::GraphBuilder::new();
    graph.task("hello-0".into(), Op::NoOp, []);
    graph.target("hello-0".into());
    let graph = graph.build().unwrap();
    for other in
        [graph.encode().unwrap().to_bytes(), int(1).encode().unwrap().to_bytes(), vec![], vec![7; 40]]
    {
        assert!(!is_for_serve(&other));
    }
    assert!(!Child::new().on_message(&messages[0]).is_empty());
}
