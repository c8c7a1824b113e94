"""`ProcessPoolExecutor` on the processes of `multiprocessing`."""

import collections
import itertools
import multiprocessing
import os
import threading
from concurrent.futures import _base
from functools import partial

from multiprocessing.pool import run_chunk, work
from multiprocessing.queues import SimpleQueue

# Calls that wait in the queue of the processes cannot be cancelled, so there are few.
EXTRA_QUEUED_CALLS = 1

# How often to look whether a process has died.
LOOK_EVERY_S = 0.1


class BrokenProcessPool(_base.BrokenExecutor):
    """A process ended while there was work to do."""


class ProcessPoolExecutor(_base.Executor):
    def __init__(
        self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None
    ):
        if max_workers is None:
            max_workers = os.cpu_count() or 1
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._context = mp_context or multiprocessing
        self._how = initializer, initargs, max_tasks_per_child
        self._tasks, self._results = SimpleQueue(), SimpleQueue()
        self._lock = threading.RLock()
        self._numbers = itertools.count()
        self._pending = collections.deque()
        self._running = {}
        self._processes = []
        self._manager = None
        self._broken = None
        self._shutdown = False

    def submit(self, fn, /, *args, **kwargs):
        with self._lock:
            if self._broken:
                raise BrokenProcessPool(self._broken)
            if self._shutdown:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future = _base.Future()
            self._pending.append((next(self._numbers), future, fn, args, kwargs))
            if self._manager is None:
                self._fill()
                self._manager = threading.Thread(target=self._manage, daemon=True)
                self._manager.start()
            self._feed()
            return future

    def map(self, fn, *iterables, timeout=None, chunksize=1, buffersize=None):
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        calls = zip(*iterables)
        chunks = iter(lambda: list(itertools.islice(calls, chunksize)), [])
        results = super().map(partial(run_chunk, fn), chunks, timeout=timeout)
        return (result for chunk in results for result in chunk)

    def shutdown(self, wait=True, *, cancel_futures=False):
        with self._lock:
            self._shutdown = True
            if cancel_futures:
                while self._pending:
                    future = self._pending.popleft()[1]
                    future.cancel()
                    future.set_running_or_notify_cancel()
            manager = self._manager
            # It looks whether it is over.
            self._results.put(None)
        if wait and manager:
            manager.join()

    def _fill(self):
        while len(self._processes) < self._max_workers:
            process = self._context.Process(target=work, args=(self._tasks, self._results, *self._how))
            process.start()
            self._processes.append(process)

    def _feed(self):
        """Gives the processes what they can take."""
        while self._pending and len(self._running) < self._max_workers + EXTRA_QUEUED_CALLS:
            number, future, fn, args, kwargs = self._pending.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                self._tasks.put((number, fn, args, kwargs))
                self._running[number] = future
            except Exception as error:
                # It cannot be pickled.
                future.set_exception(error)

    def _manage(self):
        while True:
            with self._lock:
                if self._shutdown and not self._pending and not self._running:
                    break
            try:
                result = self._results._channel.take(LOOK_EVERY_S)
            except LookupError:
                if self._has_died():
                    return
                continue
            if result is None:
                continue
            number, success, value = result
            with self._lock:
                future = self._running.pop(number)
                self._feed()
            if success:
                future.set_result(value)
            else:
                future.set_exception(value)
        for _ in self._processes:
            self._tasks.put(None)
        for process in self._processes:
            process.join()

    def _has_died(self):
        """Fails all futures if a process has ended by itself. One that has done its share of tasks is replaced."""
        with self._lock:
            ended = [process for process in self._processes if process.exitcode is not None]
            if not ended:
                return False
            if self._how[2] is not None and all(process.exitcode == 0 for process in ended):
                self._processes = [process for process in self._processes if process not in ended]
                self._fill()
                return False
            self._broken = "A child process terminated abruptly, the process pool is not usable anymore"
            futures = [*self._running.values(), *(pending[1] for pending in self._pending)]
            self._running.clear()
            self._pending.clear()
            for process in self._processes:
                if process.exitcode is None:
                    process.terminate()
        for future in futures:
            future.set_exception(
                BrokenProcessPool(
                    "A process in the process pool was terminated abruptly while the future was running or pending."
                )
            )
        return True
