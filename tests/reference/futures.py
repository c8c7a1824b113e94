"""Writes tests/fixtures/futures.json: what scenarios of concurrent.futures log in CPython. tests/futures plays the same
scenarios in Rust, under the same names, and compares the logs.

The behaviours are those that CPython's own tests of concurrent.futures ask for. No scenario depends on a time: threads
meet at events, and a time-out is either 0 or none.
"""

import contextlib
import functools
import json
import logging
import multiprocessing
import os
import re
import sys
import threading
from concurrent.futures import (
    FIRST_COMPLETED,
    FIRST_EXCEPTION,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
    wait,
)

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


class Log(list):
    def __call__(self, *words):
        self.append(re.sub(r"0x[0-9a-f]+", "0x0", " ".join(map(str, words))))


def words(exception):
    name, text = type(exception).__name__, str(exception)
    return f"{name}: {text}" if text else name


def outcome(call, *args, **keywords):
    """What a call returns or raises, in words."""
    try:
        return f"returned {call(*args, **keywords)!r}"
    except Exception as exception:
        return f"raised {words(exception)}"


def state(future):
    names = [name for name in ("running", "cancelled", "done") if getattr(future, name)()]
    return " ".join(names) or "pending"


def finished(value=None):
    future = Future()
    future.set_result(value)
    return future


def failed():
    future = Future()
    future.set_exception(ZeroDivisionError("division by zero"))
    return future


def cancelled(notified=True):
    future = Future()
    future.cancel()
    if notified:
        future.set_running_or_notify_cancel()
    return future


def divide():
    raise ZeroDivisionError("division by zero")


def names(futures, known):
    """The names of futures, in the order in which they are known."""
    return " ".join(name for name, future in known.items() if future in futures) or "-"


def show(log, result, known):
    log("done:", names(result.done, known), "not done:", names(result.not_done, known))


# --- One future


@scenario
def states_of_a_future(log):
    future = Future()
    log(state(future))
    log(future.set_running_or_notify_cancel(), state(future))
    future.set_result(5)
    log(state(future))


@scenario
def cancel_before_the_start(log):
    future = Future()
    log(future.cancel(), state(future))
    log(future.cancel(), state(future))
    log(outcome(future.result))
    log(outcome(future.exception))


@scenario
def cancel_while_it_runs(log):
    future = Future()
    future.set_running_or_notify_cancel()
    log(future.cancel(), state(future))


@scenario
def cancel_after_the_end(log):
    for future in (finished(1), failed()):
        log(future.cancel(), state(future))


@scenario
def cancel_is_notified_once(log):
    future = Future()
    future.cancel()
    log(future.set_running_or_notify_cancel(), state(future))
    log(future.cancel(), state(future))
    log(outcome(future.set_running_or_notify_cancel))


@scenario
def start_twice(log):
    future = Future()
    future.set_running_or_notify_cancel()
    log(outcome(future.set_running_or_notify_cancel))
    log(outcome(finished().set_running_or_notify_cancel))


@scenario
def result_twice(log):
    future = finished(42)
    log(outcome(future.set_result, 43))
    log(outcome(future.set_exception, ZeroDivisionError("division by zero")))
    log(outcome(failed().set_result, 42))
    log(outcome(future.result))


@scenario
def result_after_a_cancel(log):
    log(outcome(cancelled(notified=False).set_result, 1))
    log(outcome(cancelled(notified=True).set_exception, ZeroDivisionError("division by zero")))


@scenario
def time_runs_out(log):
    future = Future()
    log(outcome(future.result, timeout=0))
    log(outcome(future.exception, timeout=0))
    future.set_running_or_notify_cancel()
    log(outcome(future.result, timeout=0))
    log(state(future))


@scenario
def result_of_a_finished_future(log):
    future = finished(42)
    log(outcome(future.result))
    log(outcome(future.result, timeout=0))
    log(outcome(future.exception))


@scenario
def result_of_a_failed_future(log):
    future = failed()
    log(outcome(future.result))
    log(outcome(future.result, timeout=0))
    log(words(future.exception()))


@scenario
def result_comes_from_another_thread(log):
    future = Future()
    thread = threading.Thread(target=future.set_result, args=(42,))
    thread.start()
    log(outcome(future.result))
    thread.join()


@scenario
def exception_comes_from_another_thread(log):
    future = Future()
    thread = threading.Thread(target=future.set_exception, args=(ZeroDivisionError("division by zero"),))
    thread.start()
    log(words(future.exception()))
    thread.join()


@scenario
def cancel_wakes_who_waits(log):
    future = Future()
    thread = threading.Thread(target=future.cancel)
    thread.start()
    log(outcome(future.result))
    thread.join()


@scenario
def shown(log):
    future = Future()
    log(repr(future))
    future.set_running_or_notify_cancel()
    log(repr(future))
    for future in (cancelled(False), cancelled(True), finished(), finished(1), finished(0.5), failed()):
        log(repr(future))


# --- Callbacks


@scenario
def callbacks_in_order(log):
    future = Future()
    for name in "abc":
        future.add_done_callback(lambda future, name=name: log(name, state(future), outcome(future.result)))
    log("result")
    future.set_result(5)
    log("after")


@scenario
def callbacks_of_a_failure(log):
    future = Future()
    future.add_done_callback(lambda future: log(words(future.exception())))
    future.set_exception(ZeroDivisionError("division by zero"))


@scenario
def callback_raises(log):
    future = Future()

    def fails(future):
        log("raises")
        raise ValueError("a callback")

    future.add_done_callback(lambda future: log("before"))
    future.add_done_callback(fails)
    future.add_done_callback(lambda future: log("after"))
    future.set_result(5)
    log(state(future))


@scenario
def callback_of_a_cancel(log):
    future = Future()
    future.add_done_callback(lambda future: log("called", state(future)))
    log(future.cancel())
    log(future.cancel())
    log(future.set_running_or_notify_cancel())


@scenario
def callback_of_what_is_done(log):
    for future in (finished(1), failed(), cancelled(False), cancelled(True)):
        future.add_done_callback(lambda future: log("called", state(future)))
        log("added")


@scenario
def callback_raises_at_once(log):
    def fails(future):
        log("raises")
        raise ValueError("a callback")

    log(outcome(finished(1).add_done_callback, fails))


@scenario
def callback_in_a_callback(log):
    future = Future()

    def outer(future):
        log("outer")
        future.add_done_callback(lambda future: log("inner"))
        log("end of outer")

    future.add_done_callback(outer)
    future.add_done_callback(lambda future: log("second"))
    future.set_result(1)


@scenario
def callbacks_run_where_it_ends(log):
    gate = threading.Event()
    here = threading.get_ident()
    where = lambda future: log("here" if threading.get_ident() == here else "elsewhere")
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(gate.wait)
        future.add_done_callback(where)
        gate.set()
    future.add_done_callback(where)


# --- wait


@scenario
def wait_for_all(log):
    known = {"a": finished(1), "b": failed(), "c": cancelled()}
    show(log, wait(known.values()), known)


@scenario
def wait_does_not_wait_longer(log):
    known = {"a": finished(1), "b": Future(), "c": failed()}
    show(log, wait(known.values(), timeout=0), known)


@scenario
def wait_for_the_first(log):
    known = {"a": Future(), "b": finished(1), "c": Future()}
    show(log, wait(known.values(), return_when=FIRST_COMPLETED), known)
    known = {"a": Future(), "b": Future()}
    show(log, wait(known.values(), timeout=0, return_when=FIRST_COMPLETED), known)


@scenario
def wait_for_the_first_exception(log):
    known = {"a": Future(), "b": failed(), "c": finished(1)}
    show(log, wait(known.values(), return_when=FIRST_EXCEPTION), known)


@scenario
def neither_cancel_nor_result_is_an_exception(log):
    known = {"a": Future(), "b": cancelled(), "c": finished(1)}
    show(log, wait(known.values(), timeout=0, return_when=FIRST_EXCEPTION), known)


@scenario
def wait_without_exceptions(log):
    known = {"a": finished(1), "b": cancelled()}
    show(log, wait(known.values(), return_when=FIRST_EXCEPTION), known)


@scenario
def wait_for_a_cancel_that_nobody_has_seen(log):
    known = {"a": cancelled(notified=False)}
    show(log, wait(known.values(), timeout=0), known)
    known["a"].set_running_or_notify_cancel()
    show(log, wait(known.values()), known)


@scenario
def wait_for_one_twice(log):
    known = {"a": finished(1), "b": Future()}
    result = wait([known["a"], known["b"], known["a"], known["b"]], timeout=0)
    show(log, result, known)
    log(len(result.done), len(result.not_done))


@scenario
def wait_for_nothing(log):
    for return_when in ("ALL_COMPLETED", FIRST_COMPLETED, FIRST_EXCEPTION):
        show(log, wait([], return_when=return_when), {})


@scenario
def wait_for_the_first_of_a_pool(log):
    gate = threading.Event()
    with ThreadPoolExecutor(2) as executor:
        known = {"a": executor.submit(gate.wait), "b": executor.submit(lambda: 1)}
        show(log, wait(known.values(), return_when=FIRST_COMPLETED), known)
        gate.set()


@scenario
def wait_for_the_first_exception_of_a_pool(log):
    gate = threading.Event()
    with ThreadPoolExecutor(3) as executor:
        known = {"a": executor.submit(gate.wait), "b": executor.submit(lambda: 1)}
        wait([known["b"]])
        known["c"] = executor.submit(divide)
        show(log, wait(known.values(), return_when=FIRST_EXCEPTION), known)
        gate.set()


@scenario
def wait_for_all_of_a_pool(log):
    gate = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        known = {"a": executor.submit(gate.wait), "b": executor.submit(divide), "c": executor.submit(lambda: 1)}
        log(known["c"].cancel())
        gate.set()
        show(log, wait(known.values()), known)


@scenario
def wait_for_two_pools(log):
    gate = threading.Event()
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        known = {"a": one.submit(gate.wait), "b": other.submit(lambda: 1)}
        show(log, wait(known.values(), return_when=FIRST_COMPLETED), known)
        gate.set()
        show(log, wait(known.values()), known)


# --- as_completed


@scenario
def completed_in_the_order_of_the_ends(log):
    known = {name: Future() for name in "abcd"}
    known["c"].set_result(3)
    completed = as_completed(known.values())
    log(names({next(completed)}, known))
    for name in "dab":
        known[name].set_result(0)
    for future in completed:
        log(names({future}, known))


@scenario
def completed_whatever_the_end(log):
    known = {"a": failed()}
    completed = as_completed([known["a"]])
    log(names({next(completed)}, known))
    log(list(completed))
    known = {"a": Future(), "b": Future(), "c": finished(1)}
    completed = as_completed(known.values())
    log(names({next(completed)}, known))
    known["b"].set_exception(ZeroDivisionError("division by zero"))
    log(names({next(completed)}, known))
    known["a"].cancel()
    known["a"].set_running_or_notify_cancel()
    log(names({next(completed)}, known))


@scenario
def completed_in_time(log):
    known = {"a": Future(), "b": finished(1), "c": Future()}
    completed = as_completed(known.values(), timeout=0)
    log(names({next(completed)}, known))
    log(outcome(next, completed))
    log(outcome(lambda: list(completed)))


@scenario
def completed_after_the_time(log):
    known = {"a": finished(1), "b": Future(), "c": finished(1)}
    completed = as_completed(known.values(), timeout=0)
    first = next(completed)
    known["b"].set_result(1)
    log(sorted([names({first}, known), names({next(completed)}, known)]))
    log(outcome(next, completed))


@scenario
def completed_twice_comes_once(log):
    future = finished(1)
    log(len(list(as_completed([future, future]))))


@scenario
def completed_of_nothing(log):
    log(list(as_completed([])))


@scenario
def completed_without_the_cancel_that_nobody_has_seen(log):
    future = cancelled(notified=False)
    log(outcome(lambda: list(as_completed([future], timeout=0))))


@scenario
def completed_of_a_pool(log):
    gate = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        known = {"a": executor.submit(gate.wait), "b": executor.submit(lambda: 1), "c": executor.submit(divide)}
        known["b"].cancel()
        gate.set()
        log(sorted(names({future}, known) for future in as_completed(known.values())))


# --- Threads


@scenario
def calls_return_or_raise(log):
    with ThreadPoolExecutor(2) as executor:
        log(outcome(executor.submit(pow, 16, 2).result))
        future = executor.submit(divide)
        log(outcome(future.result))
        log(words(future.exception()))
        log(outcome(executor.submit(lambda: None).result))


@scenario
def no_workers(log):
    log(outcome(ThreadPoolExecutor, 0))


@scenario
def refused_after_a_shutdown(log):
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    log(outcome(executor.submit, pow, 2, 5))
    log(outcome(executor.map, abs, [1]))
    executor.shutdown()
    log("twice")


@scenario
def calls_start_in_their_order(log):
    gate = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(gate.wait)
        for number in range(5):
            executor.submit(log, "call", number)
        gate.set()


@scenario
def shutdown_runs_what_is_there(log):
    gate = threading.Event()
    executor = ThreadPoolExecutor(1)
    futures = [executor.submit(gate.wait), executor.submit(lambda: 1), executor.submit(divide)]
    executor.shutdown(wait=False)
    log(outcome(executor.submit, abs, 1))
    gate.set()
    executor.shutdown(wait=True)
    log(*map(state, futures))


@scenario
def leaving_waits(log):
    gate = threading.Event()
    with ThreadPoolExecutor(2) as executor:
        futures = [executor.submit(gate.wait) for _ in range(3)]
        gate.set()
    log(*map(state, futures))


@scenario
def shutdown_cancels(log):
    gate, started = threading.Event(), threading.Event()

    def call():
        started.set()
        gate.wait()
        return 1

    executor = ThreadPoolExecutor(1)
    futures = [executor.submit(call)]
    started.wait()
    for number in range(3):
        futures.append(executor.submit(log, "call", number))
        futures[-1].add_done_callback(lambda future, number=number: log("cancelled", number))
    executor.shutdown(wait=False, cancel_futures=True)
    log(*map(state, futures))
    gate.set()
    executor.shutdown()
    log(*map(outcome, [future.result for future in futures]))


@scenario
def cancelled_calls_do_not_run(log):
    gate, started = threading.Event(), threading.Event()

    def call():
        started.set()
        gate.wait()

    with ThreadPoolExecutor(1) as executor:
        first = executor.submit(call)
        started.wait()
        futures = [executor.submit(log, "call", number) for number in range(4)]
        log(first.cancel(), futures[1].cancel(), futures[2].cancel())
        gate.set()
    log(*map(state, futures))


@scenario
def workers_start_when_needed(log):
    gate, started = threading.Event(), threading.Semaphore(0)

    def call():
        started.release()
        gate.wait()

    with ThreadPoolExecutor(3) as executor:
        log(len(executor._threads))
        for _ in range(6):
            executor.submit(call)
            log(len(executor._threads))
        for _ in range(3):
            started.acquire()
        gate.set()


@scenario
def initializer_of_every_worker(log):
    barrier = threading.Barrier(3)
    count = []
    with ThreadPoolExecutor(3, initializer=lambda: count.append(1)) as executor:
        for _ in range(3):
            executor.submit(barrier.wait)
    log(len(count))


@scenario
def initializer_fails(log):
    executor = ThreadPoolExecutor(1, initializer=divide)
    log(outcome(executor.submit(abs, 1).result))
    log(outcome(executor.submit, abs, 1))
    executor.shutdown()


@scenario
def call_submits_another(log):
    with ThreadPoolExecutor(2) as executor:
        log(outcome(executor.submit(lambda: executor.submit(abs, -3).result()).result))


@scenario
def full_pool_cannot_run_what_it_waits_for(log):
    inner = []
    with ThreadPoolExecutor(1) as executor:

        def call():
            inner.append(executor.submit(abs, -3))
            return inner[0].result(timeout=0)

        log(outcome(executor.submit(call).result))
        log(outcome(inner[0].result))


@scenario
def callback_submits(log):
    with ThreadPoolExecutor(1) as executor:
        gate, more = threading.Event(), []
        future = executor.submit(gate.wait)
        future.add_done_callback(lambda future: more.append(executor.submit(abs, -3)))
        gate.set()
        future.result()
        executor.submit(abs, 0).result()
        log(outcome(more[0].result))


# --- map


@scenario
def map_keeps_the_order(log):
    second = threading.Event()

    def call(number):
        if number == 0:
            second.wait()
        elif number == 1:
            second.set()
        return number * number

    with ThreadPoolExecutor(2) as executor:
        log(list(executor.map(call, range(5))))


@scenario
def map_of_nothing(log):
    with ThreadPoolExecutor(2) as executor:
        log(list(executor.map(abs, [])))


@scenario
def map_ends_with_the_first_exception(log):
    def call(number):
        return 10 if number != 1 else divide()

    with ThreadPoolExecutor(2) as executor:
        results = executor.map(call, range(4))
        for _ in range(3):
            log(outcome(lambda: next(results, "end")))


@scenario
def map_cancels_after_an_exception(log):
    gate, started, ran = threading.Event(), threading.Event(), []

    def call(number):
        ran.append(number)
        if number == 0:
            divide()
        started.set()
        gate.wait()

    with ThreadPoolExecutor(1) as executor:
        results = executor.map(call, range(5))
        started.wait()
        log(outcome(next, results))
        gate.set()
    log(ran)


@scenario
def map_in_time(log):
    gate, started, ran = threading.Event(), threading.Event(), []

    def call(number):
        ran.append(number)
        started.set()
        gate.wait()

    with ThreadPoolExecutor(1) as executor:
        results = executor.map(call, range(3), timeout=0)
        started.wait()
        log(outcome(next, results))
        gate.set()
    log(ran)


@scenario
def map_submits_at_once(log):
    ran = []
    executor = ThreadPoolExecutor(1)
    results = executor.map(ran.append, range(3))
    executor.shutdown()
    log(ran)
    log(list(results))


@scenario
def map_that_is_dropped_cancels(log):
    gate, started, ran = threading.Event(), threading.Event(), []

    def call(number):
        ran.append(number)
        if number == 1:
            started.set()
            gate.wait()
        return number

    with ThreadPoolExecutor(1) as executor:
        results = executor.map(call, range(5))
        log(next(results))
        started.wait()
        results.close()
        gate.set()
    log(ran)


# --- Processes. What they run is at the top level of this file, so that a new interpreter finds it.


def fail():
    raise Exception("attempt 1 failed on purpose")


def fail_at(number, bad):
    return fail() if number == bad else number + 1


def meet(events):
    started, gate = events
    open(started, "w").close()
    with open(gate) as pipe:
        pipe.read()


def add(x, y):
    return x + y


def exit_now():
    os._exit(1)


def pool(workers):
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


class Gate:
    """A call of `meet` has started when one file is there, and ends when somebody opens the other, which is a pipe."""

    def __init__(self, folder):
        self.events = os.path.join(folder, "started"), os.path.join(folder, "gate")
        os.mkfifo(self.events[1])

    def wait(self):
        while not os.path.exists(self.events[0]):
            pass

    def set(self):
        open(self.events[1], "w").close()


@contextlib.contextmanager
def gates():
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        yield Gate(folder)


@scenario
def processes_return_or_raise(log):
    with pool(2) as executor:
        log(outcome(executor.submit(add, 1, 2).result))
        future = executor.submit(fail)
        log(outcome(future.result))
        log(words(future.exception()))
        log(outcome(executor.submit(add, 3, 0.5).result))


@scenario
def processes_refuse_after_a_shutdown(log):
    executor = pool(1)
    executor.shutdown()
    log(outcome(executor.submit, add, 1, 2))


@scenario
def no_processes(log):
    log(outcome(pool, 0))


@scenario
def processes_map_in_chunks(log):
    with pool(2) as executor:
        log(list(executor.map(functools.partial(add, 1), range(7), chunksize=3)))
        log(outcome(executor.map, functools.partial(add, 1), range(7), chunksize=0))


@scenario
def processes_lose_a_chunk_that_raises(log):
    with pool(1) as executor:
        results = executor.map(functools.partial(fail_at, bad=3), range(6), chunksize=2)
        for _ in range(4):
            log(outcome(lambda: next(results, "end")))


@scenario
def processes_do_not_take_what_cannot_be_sent(log):
    with pool(1) as executor:
        log("raised" if executor.submit(lambda: 1).exception() else "returned")
        log(outcome(executor.submit(add, 1, 2).result))


@scenario
def processes_take_calls_ahead_of_time(log):
    with gates() as gate, pool(1) as executor:
        futures = [executor.submit(meet, gate.events)]
        gate.wait()
        futures += [executor.submit(add, number, 0) for number in range(5)]
        while sum(future.running() for future in futures) < 3:
            pass
        log(*map(state, futures))
        log(*[future.cancel() for future in futures])
        gate.set()
    log(*map(outcome, [future.result for future in futures]))


@scenario
def processes_shut_down_and_cancel(log):
    with gates() as gate:
        executor = pool(1)
        futures = [executor.submit(meet, gate.events)]
        gate.wait()
        futures += [executor.submit(add, number, 0) for number in range(5)]
        while sum(future.running() for future in futures) < 3:
            pass
        executor.shutdown(wait=False, cancel_futures=True)
        gate.set()
        executor.shutdown()
        log(*map(outcome, [future.result for future in futures]))


@scenario
def process_that_dies_breaks_the_pool(log):
    with gates() as gate, pool(1) as executor:
        first = executor.submit(meet, gate.events)
        gate.wait()
        futures = [executor.submit(exit_now)] + [executor.submit(add, number, 0) for number in range(4)]
        gate.set()
        log(outcome(first.result))
        for future in futures:
            log(outcome(future.result))
        log(outcome(executor.submit, add, 1, 2))


@scenario
def callback_hears_of_a_broken_pool(log):
    with gates() as gate, pool(1) as executor:
        first = executor.submit(meet, gate.events)
        gate.wait()
        future = executor.submit(exit_now)
        future.add_done_callback(lambda future: log(words(future.exception())))
        gate.set()
        future.exception()
    log(state(future))


def main():
    # Callbacks that raise are logged there.
    logging.getLogger("concurrent.futures").setLevel(logging.CRITICAL + 1)
    logs = {}
    for name, function in SCENARIOS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        log = logs[name] = Log()
        function(log)
    if len(sys.argv) > 1:
        print(json.dumps(logs, indent=1))
        return
    with open("tests/fixtures/futures.json", "w") as file:
        json.dump(logs, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
