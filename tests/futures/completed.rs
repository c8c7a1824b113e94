//! `as_completed`.

use dagdeck::{
    Value,
    futures::{AsCompleted, Future, as_completed},
};

use crate::stage::*;

scenarios! {
    completed_in_the_order_of_the_ends completed_whatever_the_end completed_in_time completed_after_the_time completed_twice_comes_once
    completed_of_nothing completed_without_the_cancel_that_nobody_has_seen completed_of_a_pool
}

fn next(log: &Log, known: &Known, completed: &mut AsCompleted) {
    log.line(known.name(completed.next().unwrap()));
}

/// The rest of the futures, or the exception.
fn rest(completed: AsCompleted) -> String {
    let rest: Result<Vec<Future>, _> = completed.collect();
    returned(rest.map(|futures| format!("{futures:?}")))
}

fn completed_in_the_order_of_the_ends(log: &Log) {
    let known = Known::new((0..4).map(|_| Future::new()));
    let end = |place: usize| known.0[place].set_result(int(0)).unwrap();
    end(2);
    let mut completed = as_completed(&known.0, None);
    next(log, &known, &mut completed);
    [3, 0, 1].into_iter().for_each(end);
    for future in completed {
        log.line(known.name(future));
    }
}

fn completed_whatever_the_end(log: &Log) {
    let known = Known::new([failed()]);
    let mut completed = as_completed(&known.0, None);
    next(log, &known, &mut completed);
    say!(log, "{:?}", completed.collect::<Vec<_>>());
    let known = Known::new([Future::new(), Future::new(), finished(int(1))]);
    let mut completed = as_completed(&known.0, None);
    next(log, &known, &mut completed);
    known.0[1].set_exception(division()).unwrap();
    next(log, &known, &mut completed);
    known.0[0].cancel();
    known.0[0].set_running_or_notify_cancel().unwrap();
    next(log, &known, &mut completed);
}

fn completed_in_time(log: &Log) {
    let known = Known::new([Future::new(), finished(int(1)), Future::new()]);
    let mut completed = as_completed(&known.0, NOW);
    next(log, &known, &mut completed);
    log.line(returned(completed.next().unwrap().map(|_| "")));
    log.line(rest(completed));
}

fn completed_after_the_time(log: &Log) {
    let known = Known::new([finished(int(1)), Future::new(), finished(int(1))]);
    let mut completed = as_completed(&known.0, NOW);
    let mut next = || known.name(completed.next().unwrap());
    let first = next();
    known.0[1].set_result(int(1)).unwrap();
    let mut names = [first, next()];
    names.sort();
    say!(log, "['{}', '{}']", names[0], names[1]);
    log.line(returned(completed.next().unwrap().map(|_| "")));
}

fn completed_twice_comes_once(log: &Log) {
    let future = finished(Value::None);
    say!(log, "{}", as_completed([&future, &future], None).count());
}

fn completed_of_nothing(log: &Log) {
    say!(log, "{:?}", as_completed([], None).collect::<Vec<_>>());
}

fn completed_without_the_cancel_that_nobody_has_seen(log: &Log) {
    log.line(rest(as_completed([&cancelled(false)], NOW)));
}

fn completed_of_a_pool(log: &Log) {
    let (gate, executor) = (Gate::default(), threads(1));
    let known = Known::new([
        executor.submit(gate.call()).unwrap(),
        executor.submit(|| Ok(int(1))).unwrap(),
        executor.submit(divide).unwrap(),
    ]);
    known.0[1].cancel();
    gate.set();
    let mut names: Vec<String> =
        as_completed(&known.0, None).map(|future| format!("'{}'", known.name(future))).collect();
    names.sort();
    say!(log, "[{}]", names.join(", "));
    leave(&executor);
}
