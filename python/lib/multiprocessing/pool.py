"""`Pool`: processes that run calls."""

import itertools
import os
import queue
import threading
import traceback

from .errors import TimeoutError
from .process import Process
from .queues import SimpleQueue


class RemoteTraceback(Exception):
    """The traceback of another process, as text."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class RemoteError:
    """An exception that is raised again in the process that asked. Its cause has the traceback."""

    def __init__(self, error):
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        self.error = error
        self.text = f'\n"""\n{"".join(lines)}"""'

    def __reduce__(self):
        return _error_with_cause, (self.error, self.text)


def _error_with_cause(error, text):
    error.__cause__ = RemoteTraceback(text)
    return error


class MaybeEncodingError(Exception):
    """A result that cannot be pickled."""

    def __init__(self, error, value):
        self.exc, self.value = repr(error), repr(value)
        super().__init__(self.exc, self.value)

    def __str__(self):
        return f"Error sending result: '{self.value}'. Reason: '{self.exc}'"


def work(tasks, results, initializer, initargs, most):
    """What a process of a pool does: a task is a number and a call."""
    if initializer is not None:
        initializer(*initargs)
    for _ in itertools.count() if most is None else range(most):
        task = tasks.get()
        if task is None:
            break
        number, function, args, kwargs = task
        try:
            result = True, function(*args, **kwargs)
        except Exception as error:
            result = False, RemoteError(error)
        try:
            results.put((number, *result))
        except Exception as error:
            results.put((number, False, RemoteError(MaybeEncodingError(error, result[1]))))


def run_chunk(function, chunk):
    return [function(*args) for args in chunk]


class AsyncResult:
    def __init__(self, pool, callback=None, error_callback=None):
        self._pool = pool
        self._callbacks = callback, error_callback
        self._event = threading.Event()

    def ready(self):
        return self._event.is_set()

    def successful(self):
        if not self.ready():
            raise ValueError(f"{self!r} not ready")
        return self._success

    def wait(self, timeout=None):
        self._event.wait(timeout)

    def get(self, timeout=None):
        self.wait(timeout)
        if not self.ready():
            raise TimeoutError
        if self._success:
            return self._value
        raise self._value

    def _set(self, success, value):
        self._success, self._value = success, value
        callback = self._callbacks[0 if success else 1]
        if callback:
            callback(value)
        self._event.set()


class MapResult(AsyncResult):
    """The results of chunks, in one list."""

    def __init__(self, pool, chunks, callback=None, error_callback=None):
        super().__init__(pool, callback, error_callback)
        self._parts = [None] * chunks
        self._left = chunks
        if chunks == 0:
            self._set(True, [])

    def _part(self, place):
        def settle(success, value):
            self._left -= 1
            if not success and not self.ready():
                self._set(False, value)
            self._parts[place] = value
            if self._left == 0 and not self.ready():
                self._set(True, list(itertools.chain.from_iterable(self._parts)))

        return settle


class IMapIterator:
    """Results in the order of the calls, or in the order in which they come."""

    def __init__(self, ordered):
        self._ordered = ordered
        self._queue = queue.SimpleQueue()
        self._waiting = {}
        self._next = 0
        self._length = None

    def __iter__(self):
        return self

    def next(self, timeout=None):
        while self._length is None or self._next < self._length:
            if self._ordered and self._next in self._waiting:
                success, value = self._waiting.pop(self._next)
            else:
                try:
                    place, success, value = self._queue.get(timeout=timeout)
                except queue.Empty:
                    raise TimeoutError from None
                if place is None:
                    self._length = value
                    continue
                if self._ordered and place != self._next:
                    self._waiting[place] = success, value
                    continue
            self._next += 1
            if success:
                return value
            raise value
        raise StopIteration

    __next__ = next

    def _part(self, place):
        return lambda success, value: self._queue.put((place, success, value))

    def _end(self, length):
        self._queue.put((None, True, length))


class Pool:
    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None, context=None):
        if processes is None:
            processes = os.cpu_count() or 1
        if processes < 1:
            raise ValueError("Number of processes must be at least 1")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._tasks, self._results = SimpleQueue(), SimpleQueue()
        self._how = initializer, initargs, maxtasksperchild
        self._numbers = itertools.count()
        self._settle = {}
        self._state = "RUN"
        self._processes = processes
        self._pool = []
        self._fill()
        self._handler = threading.Thread(target=self._handle, daemon=True)
        self._handler.start()

    def apply(self, func, args=(), kwds={}):
        return self.apply_async(func, args, kwds).get()

    def apply_async(self, func, args=(), kwds={}, callback=None, error_callback=None):
        result = AsyncResult(self, callback, error_callback)
        self._submit(result._set, func, args, kwds)
        return result

    def map(self, func, iterable, chunksize=None):
        return self.map_async(func, iterable, chunksize).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        calls = ((item,) for item in iterable)
        return self.starmap_async(func, calls, chunksize, callback, error_callback)

    def starmap(self, func, iterable, chunksize=None):
        return self.starmap_async(func, iterable, chunksize).get()

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        self._check_running()
        calls = list(iterable)
        if chunksize is None:
            # Four chunks for each process.
            chunksize = max(1, -(-len(calls) // (4 * self._processes)))
        chunks = [calls[i : i + chunksize] for i in range(0, len(calls), chunksize)]
        result = MapResult(self, len(chunks), callback, error_callback)
        for place, chunk in enumerate(chunks):
            self._submit(result._part(place), run_chunk, (func, chunk), {})
        return result

    def imap(self, func, iterable, chunksize=1):
        return self._imap(True, func, iterable, chunksize)

    def imap_unordered(self, func, iterable, chunksize=1):
        return self._imap(False, func, iterable, chunksize)

    def close(self):
        if self._state == "RUN":
            self._state = "CLOSE"
            self._results.put(None)

    def terminate(self):
        self._state = "TERMINATE"
        self._results.put(None)
        for process in self._pool:
            process.terminate()

    def join(self):
        if self._state == "RUN":
            raise ValueError("Pool is still running")
        self._handler.join()
        for process in self._pool:
            process.join()

    def __enter__(self):
        self._check_running()
        return self

    def __exit__(self, *exception):
        self.terminate()

    def __repr__(self):
        return f"<{type(self).__module__}.{type(self).__qualname__} state={self._state} pool_size={len(self._pool)}>"

    def _check_running(self):
        if self._state != "RUN":
            raise ValueError("Pool not running")

    def _submit(self, settle, func, args, kwds):
        self._check_running()
        number = next(self._numbers)
        self._settle[number] = settle
        try:
            self._tasks.put((number, func, args, kwds))
        except Exception as error:
            # It cannot be pickled.
            del self._settle[number]
            settle(False, error)

    def _imap(self, ordered, func, iterable, chunksize):
        self._check_running()
        if chunksize < 1:
            raise ValueError(f"Chunksize must be 1+, not {chunksize:n}")
        iterator = IMapIterator(ordered)
        length = 0
        if chunksize == 1:
            for length, item in enumerate(iterable, 1):
                self._submit(iterator._part(length - 1), func, (item,), {})
            iterator._end(length)
            return iterator
        items = iter(iterable)
        while chunk := [(item,) for item in itertools.islice(items, chunksize)]:
            self._submit(iterator._part(length), run_chunk, (func, chunk), {})
            length += 1
        iterator._end(length)
        return (item for part in iterator for item in part)

    def _fill(self):
        """Starts processes in the place of those that have ended."""
        self._pool = [process for process in self._pool if process.exitcode is None]
        while len(self._pool) < self._processes:
            process = Process(target=work, args=(self._tasks, self._results, *self._how), daemon=True)
            process.name = process.name.replace("Process-", "PoolWorker-")
            process.start()
            self._pool.append(process)

    def _handle(self):
        """Passes results on. Looks now and then whether processes have ended."""
        while self._state != "TERMINATE" and not (self._state == "CLOSE" and not self._settle):
            try:
                result = self._results._channel.take(0.2)
            except LookupError:
                self._fill()
                continue
            if result is not None:
                number, success, value = result
                self._settle.pop(number)(success, value)
        if self._state == "CLOSE":
            for _ in self._pool:
                self._tasks.put(None)
