"""Locks and shared values. A semaphore is a channel of tokens, a shared value a channel with one message."""

import os
import threading

from .channel import Cell, Channel, Shared


class Semaphore(Shared):
    def __init__(self, value=1, *, ctx=None):
        self._tokens = Channel()
        for _ in range(value):
            self._tokens.put(None)

    def acquire(self, block=True, timeout=None):
        try:
            self._tokens.take((timeout if timeout is None else max(timeout, 0)) if block else 0)
        except LookupError:
            return False
        return True

    def release(self):
        self._tokens.put(None)

    def get_value(self):
        return self._tokens.count()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *exception):
        self.release()


class BoundedSemaphore(Semaphore):
    def __init__(self, value=1, *, ctx=None):
        super().__init__(value)
        self._value = value

    def release(self):
        if self.get_value() >= self._value:
            raise ValueError("semaphore or lock released too many times")
        super().release()


class Lock(BoundedSemaphore):
    def __init__(self, *, ctx=None):
        super().__init__(1)


class RLock(Lock):
    """The thread that has it may acquire it again."""

    def __init__(self, *, ctx=None):
        super().__init__()
        self._owner, self._depth = None, 0

    def acquire(self, block=True, timeout=None):
        me = os.getpid(), threading.get_ident()
        if self._owner != me:
            if not super().acquire(block, timeout):
                return False
            self._owner = me
        self._depth += 1
        return True

    def release(self):
        if self._owner != (os.getpid(), threading.get_ident()):
            raise AssertionError("attempt to release recursive lock not owned by thread")
        self._depth -= 1
        if self._depth == 0:
            self._owner = None
            super().release()


class Event(Shared):
    def __init__(self, *, ctx=None):
        self._token = Channel()

    def is_set(self):
        return self._token.count() > 0

    def set(self):
        if not self.is_set():
            self._token.put(None)

    def clear(self):
        try:
            while True:
                self._token.take(0)
        except LookupError:
            pass

    def wait(self, timeout=None):
        try:
            self._token.take(timeout)
        except LookupError:
            return False
        # The next one who waits needs it, too.
        self._token.put(None)
        return True


class Condition(Shared):
    def __init__(self, lock=None, *, ctx=None):
        self._lock = lock or RLock()
        self._waiting = Channel()
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def __getstate__(self):
        state = super().__getstate__()
        del state["acquire"], state["release"]
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exception):
        return self._lock.__exit__(*exception)

    def wait(self, timeout=None):
        mine = Channel()
        self._waiting.put(mine)
        self.release()
        try:
            mine.take(timeout)
            return True
        except LookupError:
            return False
        finally:
            self.acquire()

    def wait_for(self, predicate, timeout=None):
        import time

        until = None if timeout is None else time.monotonic() + timeout
        result = predicate()
        while not result:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                break
            self.wait(left)
            result = predicate()
        return result

    def notify(self, n=1):
        for _ in range(min(n, self._waiting.count())):
            try:
                self._waiting.take(0).put(None)
            except LookupError:
                return

    def notify_all(self):
        self.notify(self._waiting.count())


class Barrier(Shared):
    def __init__(self, parties, action=None, timeout=None, *, ctx=None):
        self.parties = parties
        self._action, self._timeout = action, timeout
        # Who waits, the gate where they wait, and whether it is broken.
        self._state = Cell((0, Channel(), False))

    @property
    def n_waiting(self):
        return self._state.get()[0]

    @property
    def broken(self):
        return self._state.get()[2]

    def wait(self, timeout=None):
        place, gate, is_broken = self._state.take()
        if is_broken:
            self._state.put((place, gate, True))
            raise threading.BrokenBarrierError
        if place + 1 == self.parties:
            if self._action:
                self._action()
            self._state.put((0, Channel(), False))
            for _ in range(place):
                gate.put(True)
            return place
        self._state.put((place + 1, gate, False))
        try:
            if gate.take(self._timeout if timeout is None else timeout):
                return place
        except LookupError:
            self.abort()
        raise threading.BrokenBarrierError

    def abort(self):
        waiting, gate, _ = self._state.take()
        self._state.put((0, Channel(), True))
        for _ in range(waiting):
            gate.put(False)

    def reset(self):
        self.abort()
        self._state.set((0, Channel(), False))


_KINDS = {"d": float, "f": float}


def _kind(code):
    """The type of a ctypes code: 'i', 'd', 'c' and so on."""
    return _KINDS.get(code, int) if isinstance(code, str) else code


class Value(Shared):
    """A number that processes share. `v.value += 1` reads and writes: other processes may write in between, unless
    they all hold `v.get_lock()`."""

    def __init__(self, typecode_or_type, *args, lock=True):
        self._kind = _kind(typecode_or_type)
        self._cell = Cell(self._kind(*args))
        self._lock = lock if hasattr(lock, "acquire") else RLock()

    @property
    def value(self):
        return self._cell.get()

    @value.setter
    def value(self, value):
        self._cell.set(self._kind(value))

    def get_lock(self):
        return self._lock

    def get_obj(self):
        return self


class Array(Shared):
    """A list of numbers of fixed length that processes share."""

    def __init__(self, typecode_or_type, size_or_initializer, *, lock=True):
        self._kind = _kind(typecode_or_type)
        first = [0] * size_or_initializer if isinstance(size_or_initializer, int) else size_or_initializer
        self._cell = Cell([self._kind(item) for item in first])
        self._length = len(first)
        self._lock = lock if hasattr(lock, "acquire") else RLock()

    def __len__(self):
        return self._length

    def __getitem__(self, place):
        return self._cell.get()[place]

    def __setitem__(self, place, value):
        items = self._cell.take()
        try:
            if isinstance(place, slice):
                new = [self._kind(item) for item in value]
                if len(new) != len(items[place]):
                    raise ValueError("Can only assign sequence of same size")
                items[place] = new
            else:
                items[place] = self._kind(value)
        finally:
            self._cell.put(items)

    def __iter__(self):
        return iter(self._cell.get())

    def get_lock(self):
        return self._lock

    def get_obj(self):
        return self
