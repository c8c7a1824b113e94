//! What scenarios need: a log, gates, and futures in every state.

use std::{
    cell::Cell,
    fmt::Display,
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use dagdeck::{
    Block, Value,
    futures::{DoneAndNotDone, Exception, Executor, Future, Options, Outcome, without_lock},
    interpreter::Policy,
};

/// A function that plays a scenario.
pub type Scenario = (&'static str, fn(&Log));

/// The scenarios of a file.
macro_rules! scenarios {
    ($($name:ident)*) => {
        pub const SCENARIOS: &[$crate::stage::Scenario] = &[$((stringify!($name), $name)),*];
    };
}

/// Says something to the log.
macro_rules! say {
    ($log:expr, $($words:tt)*) => { $log.line(format!($($words)*)) };
}

pub(crate) use say;
pub(crate) use scenarios;

/// What happened, line by line, from all threads.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub fn line(&self, line: String) {
        // Addresses differ.
        let mut words = line.split(' ').map(|word| if word.starts_with("0x") { "0x0" } else { word });
        let first = words.next().unwrap_or_default().to_owned();
        let line = words.fold(first, |line, word| line + " " + word);
        self.0.lock().unwrap().push(line);
    }

    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Opens once.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn set(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Waits without the interpreter's lock, as Python's `Event.wait` does.
    pub fn wait(&self) {
        without_lock(|| drop(self.0.1.wait_while(self.0.0.lock().unwrap(), |open| !*open).unwrap()));
    }

    /// A call that waits.
    pub fn call(&self) -> impl FnOnce() -> Outcome<Value> + Send + 'static {
        let gate = self.clone();
        move || {
            gate.wait();
            Ok(int(1))
        }
    }
}

pub const NOW: Duration = Duration::ZERO;

pub fn spawn(job: Box<dyn FnOnce() + Send>) {
    std::thread::spawn(job);
}

thread_local! {
    static POLICY: Cell<Policy> = const { Cell::new(Policy::NONE) };
}

/// The threads of the scenarios that this thread plays from here on run under `policy`.
pub fn play_under(policy: Policy) {
    POLICY.set(policy);
}

pub fn threads(max_workers: usize) -> Executor {
    threads_with(Options::workers(max_workers)).unwrap()
}

pub fn threads_with(options: Options) -> Outcome<Executor> {
    Executor::threads(options, POLICY.get(), spawn)
}

/// Leaves a `with` block.
pub fn leave(executor: &Executor) {
    executor.shutdown(true, false);
}

pub fn int(number: i64) -> Value {
    Block::new(&[], vec![number]).into()
}

pub fn division() -> Exception {
    Exception::new("ZeroDivisionError", "division by zero")
}

pub fn divide() -> Outcome<Value> {
    Err(division())
}

/// As Python's `repr` has it.
pub fn shown(value: &Value) -> String {
    match value.as_array().and_then(|block| block.item()) {
        Some(number) => number.to_string(),
        None => "None".to_owned(),
    }
}

pub fn list(values: impl IntoIterator<Item = Value>) -> String {
    let shown: Vec<String> = values.into_iter().map(|value| shown(&value)).collect();
    format!("[{}]", shown.join(", "))
}

/// What a call returns or raises, in words.
pub fn outcome(outcome: Outcome<Value>) -> String {
    returned(outcome.map(|value| shown(&value)))
}

pub fn returned<T: Display>(outcome: Outcome<T>) -> String {
    match outcome {
        Ok(value) => format!("returned {value}"),
        Err(exception) => format!("raised {exception}"),
    }
}

/// What a call that returns nothing raises.
pub fn done(outcome: Outcome<()>) -> String {
    returned(outcome.map(|()| "None"))
}

pub fn python(truth: bool) -> &'static str {
    if truth { "True" } else { "False" }
}

pub fn state(future: &Future) -> String {
    let states = [("running", future.running()), ("cancelled", future.cancelled()), ("done", future.done())];
    let names: Vec<&str> = states.into_iter().filter(|state| state.1).map(|state| state.0).collect();
    if names.is_empty() { "pending".to_owned() } else { names.join(" ") }
}

pub fn each<T>(items: impl IntoIterator<Item = T>, words: impl Fn(T) -> String) -> String {
    items.into_iter().map(words).collect::<Vec<_>>().join(" ")
}

pub fn finished(value: Value) -> Future {
    let future = Future::new();
    future.set_result(value).unwrap();
    future
}

pub fn failed() -> Future {
    let future = Future::new();
    future.set_exception(division()).unwrap();
    future
}

pub fn cancelled(notified: bool) -> Future {
    let future = Future::new();
    future.cancel();
    if notified {
        assert!(!future.set_running_or_notify_cancel().unwrap());
    }
    future
}

/// Futures with names: a, b, c.
pub struct Known(pub Vec<Future>);

impl Known {
    pub fn new(futures: impl IntoIterator<Item = Future>) -> Known {
        Known(futures.into_iter().collect())
    }

    pub fn names(&self, futures: &[Future]) -> String {
        let named = self.0.iter().zip('a'..).filter(|(future, _)| futures.contains(future));
        let names: Vec<String> = named.map(|(_, name)| name.to_string()).collect();
        if names.is_empty() { "-".to_owned() } else { names.join(" ") }
    }

    pub fn name(&self, future: Outcome<Future>) -> String {
        self.names(&[future.unwrap()])
    }

    pub fn show(&self, log: &Log, result: &DoneAndNotDone) {
        say!(log, "done: {} not done: {}", self.names(&result.done), self.names(&result.not_done));
    }
}
