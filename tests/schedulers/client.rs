//! The client of an open cluster: futures, what becomes of them, and where their values are.

use std::collections::HashMap;

use dagdeck::{
    Key, Options, Run, Scalar, TaskGraph, Value,
    scheduler::cluster::live::{FutureId, News, Request},
};

use crate::{
    CLUSTER,
    cluster::{Simulation, Trouble},
};

/// What came of a future.
#[derive(Clone, Debug, PartialEq)]
enum Status {
    Finished,
    Erred(String),
    Lost,
    Cancelled,
}

struct Client {
    run: Run,
    news: Vec<News>,
    next: FutureId,
    /// The last future of each key.
    keys: HashMap<String, FutureId>,
}

/// A call, as JSON: an argument is a number, or null for each input.
fn call(function: &str, args: &str) -> String {
    format!(r#"{{"call": {{"function": "{function}", "args": {args}}}}}"#)
}

/// A request for one task.
fn submit(future: FutureId, key: &str, op: &str, inputs: &[(&str, FutureId)]) -> Request {
    let no_op = |(input, _): &(&str, FutureId)| format!(r#""{input}": {{"op": "no-op"}}"#);
    let args: Vec<String> = inputs.iter().map(|(input, _)| format!("\"{input}\"")).collect();
    let mut tasks: Vec<String> = inputs.iter().map(no_op).collect();
    tasks.push(format!(r#""{key}": {{"op": {op}, "args": [{}]}}"#, args.join(", ")));
    let json = format!(r#"{{"dagdeck": 1, "tasks": {{{}}}, "targets": ["{key}"]}}"#, tasks.join(", "));
    Request::Submit {
        graph: TaskGraph::from_json(&json).unwrap(),
        futures: vec![future],
        inputs: inputs.iter().map(|&(input, of)| (Key::from(input), of)).collect(),
        priority: 0,
    }
}

fn number(number: i64) -> Value {
    let op = call("identity", &format!("[{number}]"));
    let json = format!(r#"{{"dagdeck": 1, "tasks": {{"x": {{"op": {op}}}}}, "targets": ["x"]}}"#);
    let plan = crate::plan(&TaskGraph::from_json(&json).unwrap());
    crate::run(&plan, crate::SYNC).1.unwrap().values().unwrap().remove(0)
}

fn item(value: &Value) -> Option<i64> {
    match value.as_array().and_then(|value| value.item()) {
        Some(Scalar::Int(number)) => Some(number),
        _ => None,
    }
}

impl Client {
    fn new(workers: usize) -> Client {
        let run = Run::open_cluster(Options { workers, ..CLUSTER }).unwrap();
        Client { run, news: Vec::new(), next: 0, keys: HashMap::new() }
    }

    fn submit(&mut self, key: &str, op: &str, inputs: &[&str]) -> FutureId {
        self.next += 1;
        let of = |key: &str| self.keys.get(key).copied().unwrap_or(FutureId::MAX);
        let inputs: Vec<(&str, FutureId)> = inputs.iter().map(|&input| (input, of(input))).collect();
        self.run.ask(submit(self.next, key, op, &inputs)).unwrap();
        self.keys.insert(key.into(), self.next);
        self.next
    }

    fn scatter(&mut self, key: &str, value: i64) -> FutureId {
        self.next += 1;
        let request = Request::Scatter { future: self.next, key: key.into(), value: number(value) };
        self.run.ask(request).unwrap();
        self.keys.insert(key.into(), self.next);
        self.next
    }

    /// Lets the nodes work until there is news of this kind.
    fn until<T>(&mut self, of: impl Fn(&News) -> Option<T>) -> T {
        for _ in 0..100_000 {
            self.news.extend(self.run.news());
            if let Some(found) = self.news.iter().find_map(&of) {
                return found;
            }
            self.run.step(0.0);
        }
        panic!("nothing comes: {:?}", self.news)
    }

    fn status(&mut self, future: FutureId) -> Status {
        self.until(|news| match news {
            News::Finished(of) if *of == future => Some(Status::Finished),
            News::Cancelled(of) if *of == future => Some(Status::Cancelled),
            News::Erred { future: of, is_lost: true, .. } if *of == future => Some(Status::Lost),
            News::Erred { future: of, message, .. } if *of == future => Some(Status::Erred(message.clone())),
            _ => None,
        })
    }

    fn gather(&mut self, future: FutureId) -> Value {
        assert_eq!(self.status(future), Status::Finished);
        self.run.ask(Request::Gather(future)).unwrap();
        self.until(|news| match news {
            News::Value(of, value) if *of == future => Some(value.clone()),
            _ => None,
        })
    }
}

#[test]
fn a_future_is_an_input_of_another_and_its_value_stays_on_a_node_until_it_is_released() {
    let mut client = Client::new(1);
    let one = client.submit("inc-1", &call("inc", "[0]"), &[]);
    let sum = client.submit("add-1", &call("add", "[null, 10]"), &["inc-1"]);
    let value = client.gather(sum);
    assert_eq!(item(&value), Some(11));
    assert_eq!(item(&client.gather(one)), Some(1));
    assert_eq!(client.run.who_has(sum).len(), 1);
    client.run.ask(Request::Release(one)).unwrap();
    client.run.ask(Request::Release(sum)).unwrap();
    assert_eq!(client.run.who_has(sum), [] as [u32; 0]);
    let last = client.submit("inc-2", &call("inc", "[1]"), &[]);
    assert_eq!(client.status(last), Status::Finished);
    assert_eq!(client.run.held_bytes(), 8, "only the last one has a value");
    client.run.cancel();
    assert!(client.run.is_over());
    assert!(client.run.ask(Request::Gather(sum)).is_err());
}

#[test]
fn an_input_may_have_another_key_in_the_graph_that_needs_it() {
    let mut client = Client::new(2);
    let one = client.submit("one", &call("inc", "[0]"), &[]);
    client.next += 1;
    let two = client.next;
    client.run.ask(submit(two, "two", &call("inc", "[null]"), &[("('array', 0)", one)])).unwrap();
    assert_eq!(item(&client.gather(two)), Some(2));
}

#[test]
fn a_key_that_is_known_does_not_run_again() {
    let mut client = Client::new(2);
    let first = client.submit("count-1", &call("count", "[1]"), &[]);
    let value = client.gather(first);
    let second = client.submit("count-1", &call("count", "[1]"), &[]);
    assert_eq!(client.gather(second), value, "a second call would count on");
    client.run.ask(Request::Release(first)).unwrap();
    assert_eq!(client.run.who_has(second).len(), 1, "the second still wants it");
    client.run.ask(Request::Release(second)).unwrap();
    let third = client.submit("count-1", &call("count", "[1]"), &[]);
    assert_ne!(client.gather(third), value, "nobody wanted it any more");
}

#[test]
fn an_error_reaches_all_that_need_the_task_even_those_that_come_later() {
    let mut client = Client::new(2);
    let bad = client.submit("flaky-1", &call("flaky", "[1, 1.0, 1]"), &[]);
    let needs = client.submit("inc-1", &call("inc", "[null]"), &["flaky-1"]);
    let good = client.submit("inc-2", &call("inc", "[1]"), &[]);
    let Status::Erred(message) = client.status(bad) else { panic!() };
    assert!(message.starts_with("flaky-1 erred: "), "{message}");
    let Status::Erred(message) = client.status(needs) else { panic!() };
    assert!(message.starts_with("inc-1 ") && message.contains("flaky-1"), "{message}");
    let later = client.submit("inc-3", &call("inc", "[null]"), &["inc-1"]);
    assert!(matches!(client.status(later), Status::Erred(_)));
    assert_eq!(item(&client.gather(good)), Some(2));
}

#[test]
fn a_cancel_forgets_the_key_and_all_that_need_it() {
    let mut client = Client::new(1);
    let slow = client.submit("sleep-1", &call("sleep", "[0.01, 1]"), &[]);
    let cancelled = client.submit("inc-1", &call("inc", "[1]"), &[]);
    let needs = client.submit("inc-2", &call("inc", "[null]"), &["inc-1"]);
    client.run.ask(Request::Cancel(cancelled)).unwrap();
    let late = client.submit("inc-3", &call("inc", "[null]"), &["inc-1"]);
    for future in [cancelled, needs, late] {
        assert_eq!(client.status(future), Status::Cancelled);
    }
    let again = client.submit("inc-1", &call("inc", "[1]"), &[]);
    assert_eq!(item(&client.gather(again)), Some(2));
    assert_eq!(item(&client.gather(slow)), Some(1));
}

#[test]
fn a_value_that_was_scattered_is_lost_with_its_node_and_others_are_computed_again() {
    let mut client = Client::new(1);
    let data = client.scatter("int-1", 5);
    let sum = client.submit("inc-1", &call("inc", "[null]"), &["int-1"]);
    let own = client.submit("inc-2", &call("inc", "[7]"), &[]);
    assert_eq!(item(&client.gather(data)), Some(5));
    assert_eq!(item(&client.gather(sum)), Some(6));
    assert_eq!(client.status(own), Status::Finished);
    assert_eq!(client.run.who_has(data), [0]);
    client.news.clear();
    assert!(client.run.kill_node(0));
    assert_eq!(client.run.add_node(), Some(1));
    assert_eq!(client.status(data), Status::Lost);
    assert!(matches!(client.status(sum), Status::Erred(_)));
    assert_eq!(item(&client.gather(own)), Some(8));
    assert_eq!(client.run.who_has(own), [1]);
}

#[test]
fn of_tasks_that_wait_those_with_a_higher_priority_run_first() {
    let mut client = Client::new(1);
    client.run.step(0.0);
    let priority_of = |future: FutureId| [0, -1, 5][future as usize % 3];
    for future in 1..=60 {
        let op = call("sleep", "[0.0001, 1]");
        let Request::Submit { graph, futures, inputs, .. } =
            submit(future, &format!("sleep-{future}"), &op, &[])
        else {
            unreachable!()
        };
        let priority = priority_of(future);
        client.run.ask(Request::Submit { graph, futures, inputs, priority }).unwrap();
    }
    (1..=60).for_each(|future| assert_eq!(client.status(future), Status::Finished));
    let order: Vec<i32> = client
        .news
        .iter()
        .filter_map(|news| match news {
            News::Finished(future) => Some(priority_of(*future)),
            _ => None,
        })
        .collect();
    // What the node was sent before the others came, and what it was sent at a time, is in the order of their ids.
    let mean = |priority: i32| {
        let places = order.iter().enumerate().filter(|(_, other)| **other == priority);
        places.map(|(place, _)| place as f64).sum::<f64>() / 20.0
    };
    assert!(mean(5) < mean(0) && mean(0) < mean(-1), "{order:?}");
}

#[test]
fn whatever_dies_and_joins_what_a_client_asks_for_has_the_right_value() {
    for seed in 0..200 {
        let run = Run::open_cluster(Options { workers: 1 + seed as usize % 4, ..CLUSTER }).unwrap();
        let trouble = Trouble { death: 300, kill: 100, add: 60, ..Trouble::default() };
        let mut simulation = Simulation::of(run, seed, trouble);
        let mut news = Vec::new();
        let mut values: Vec<i64> = Vec::new();
        for future in 0..30u32 {
            let key = |of: u32| format!("add-{of}");
            let (a, b) = ((future * 7 + seed as u32) % 11, future / 2);
            let input = key(b);
            let inputs = if future > 1 { vec![(input.as_str(), b)] } else { vec![] };
            let (op, value) = match inputs.len() {
                0 => (call("inc", &format!("[{a}]")), i64::from(a) + 1),
                _ => (call("add", &format!("[{a}, null]")), i64::from(a) + values[b as usize]),
            };
            values.push(value);
            simulation.run.ask(submit(future, &key(future), &op, &inputs)).unwrap();
            for _ in 0..future % 9 {
                simulation.follow();
                simulation.step();
            }
        }
        let mut gathered = std::collections::BTreeMap::new();
        for step in 0.. {
            assert!(step < 100_000, "seed {seed} hangs: {gathered:?}");
            simulation.is_calm = step > 50_000;
            simulation.follow();
            simulation.step();
            news.extend(simulation.run.news());
            for news in news.drain(..) {
                match news {
                    News::Finished(future) => simulation.run.ask(Request::Gather(future)).unwrap(),
                    News::Value(future, value) => drop(gathered.insert(future, item(&value))),
                    // A task that was on three nodes that died is given up.
                    News::Erred { future, message, .. } => {
                        assert!(message.contains("given up"), "seed {seed}: {message}");
                        gathered.insert(future, None);
                    }
                    News::Cancelled(future) => panic!("{future} was cancelled"),
                }
            }
            if gathered.len() == 30 {
                break;
            }
        }
        let right = |(future, value): (&u32, &Option<i64>)| {
            value.is_none_or(|value| value == values[*future as usize])
        };
        assert!(gathered.iter().all(right), "seed {seed}: {gathered:?}");
        (0..30).for_each(|future| simulation.run.ask(Request::Release(future)).unwrap());
        simulation.run.cancel();
        let (_, outcome) = simulation.finish();
        assert!(outcome.unwrap_err().is_cancelled());
    }
}
