"""Queues between processes."""

from queue import Empty, Full

from .channel import Cell, Channel, Shared
from .synchronize import Event, Semaphore


class SimpleQueue(Shared):
    def __init__(self, *, ctx=None):
        self._channel = Channel()

    def put(self, obj):
        self._channel.put(obj)

    def get(self):
        return self._channel.take()

    def empty(self):
        return self._channel.count() == 0

    def close(self):
        pass


class Queue(Shared):
    def __init__(self, maxsize=0, *, ctx=None):
        self._channel = Channel()
        self._maxsize = maxsize
        self._room = Semaphore(maxsize) if maxsize > 0 else None
        self._closed = False

    def put(self, obj, block=True, timeout=None):
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")
        if self._room and not self._room.acquire(block, timeout):
            raise Full
        self._channel.put(obj)

    def get(self, block=True, timeout=None):
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")
        try:
            item = self._channel.take(timeout if block else 0)
        except LookupError:
            raise Empty from None
        if self._room:
            self._room.release()
        return item

    def put_nowait(self, obj):
        self.put(obj, False)

    def get_nowait(self):
        return self.get(False)

    def qsize(self):
        return self._channel.count()

    def empty(self):
        return self.qsize() == 0

    def full(self):
        return self._maxsize > 0 and self.qsize() >= self._maxsize

    def close(self):
        self._closed = True

    def join_thread(self):
        pass

    def cancel_join_thread(self):
        pass


class JoinableQueue(Queue):
    def __init__(self, maxsize=0, *, ctx=None):
        super().__init__(maxsize)
        self._unfinished = Cell(0)
        self._all_done = Event()
        self._all_done.set()

    def put(self, obj, block=True, timeout=None):
        count = self._unfinished.take()
        self._all_done.clear()
        self._unfinished.put(count + 1)
        try:
            super().put(obj, block, timeout)
        except BaseException:
            self.task_done()
            raise

    def task_done(self):
        count = self._unfinished.take()
        if count == 1:
            self._all_done.set()
        self._unfinished.put(max(count - 1, 0))
        if count == 0:
            raise ValueError("task_done() called too many times")

    def join(self):
        self._all_done.wait()
