"""`Process`, and which process this is."""

import itertools
import os
import sys
import threading
import traceback

import _processes



class Process:
    """A function that runs in an interpreter of its own, which the page starts."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs={}, *, daemon=None):
        assert group is None, "group argument must be None for now"
        self._identity = _current._identity + (next(_numbers),)
        self._name = name or f"{type(self).__name__}-{':'.join(map(str, self._identity))}"
        self._daemon = _current._daemon if daemon is None else bool(daemon)
        self._parent_pid = os.getpid()
        self._parent_name = _current.name
        self._target = target
        self._args = tuple(args)
        self._kwargs = dict(kwargs)
        self._pid = None
        self._exit = None
        self._code = None
        self._closed = False

    def run(self):
        if self._target:
            self._target(*self._args, **self._kwargs)

    def start(self):
        from . import spawn

        self._check_closed()
        assert self._pid is None, "cannot start a process twice"
        assert self._parent_pid == os.getpid(), "can only start a process object created by current process"
        assert not _current._daemon, "daemonic processes are not allowed to have children"
        self._pid, self._exit = spawn.start(self)
        _children.add(self)

    def join(self, timeout=None):
        self._check_closed()
        assert self._parent_pid == os.getpid(), "can only join a child process"
        assert self._pid is not None, "can only join a started process"
        self._poll(timeout)

    def is_alive(self):
        self._check_closed()
        if self is _current:
            return True
        assert self._parent_pid == os.getpid(), "can only test a child process"
        return self._pid is not None and self._poll(0) is None

    def terminate(self):
        self._end(-15)

    def kill(self):
        self._end(-9)

    def close(self):
        if self._pid is not None and self._poll(0) is None:
            raise ValueError("Cannot close a process while it is still running. You should first call join() or terminate().")
        self._closed = True

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        assert isinstance(name, str), "name must be a string"
        self._name = name

    @property
    def daemon(self):
        return self._daemon

    @daemon.setter
    def daemon(self, daemon):
        assert self._pid is None, "process has already started"
        self._daemon = bool(daemon)

    @property
    def exitcode(self):
        self._check_closed()
        return None if self._pid is None or self is _current else self._poll(0)

    @property
    def pid(self):
        self._check_closed()
        return os.getpid() if self is _current else self._pid

    ident = pid

    def __repr__(self):
        if self is _current:
            status = "started"
        elif self._closed:
            status = "closed"
        elif self._pid is None:
            status = "initial"
        else:
            code = self._poll(0)
            status = "started" if code is None else f"stopped exitcode={code}"
        pid = "" if self._pid is None else f" pid={self._pid}"
        parent = "" if self is _current else f" parent={self._parent_pid}"
        return f"<{type(self).__name__} name={self._name!r}{pid}{parent} {status}{' daemon' if self._daemon else ''}>"

    def _check_closed(self):
        if self._closed:
            raise ValueError("process object is closed")

    def _end(self, code):
        self._check_closed()
        assert self._pid is not None, "can only end a started process"
        if self._poll(0) is None:
            _processes.end(self._pid, code)

    def _poll(self, timeout):
        """The exit code, or None if the process still runs after `timeout` seconds."""
        if self._code is None:
            message = _processes.take(self._exit, timeout)
            if message is not None:
                # Another thread may wait for it, too.
                _processes.put_back(self._exit, message)
                self._code = int(message)
                _children.discard(self)
        return self._code

    def _bootstrap(self):
        """Runs it in the new process. Returns the exit code."""
        global _current, _numbers
        _current, _numbers = self, itertools.count(1)
        self._pid = os.getpid()
        code = 1
        try:
            self.run()
            code = 0
        except SystemExit as error:
            if error.code is None:
                code = 0
            elif isinstance(error.code, int):
                code = error.code
            else:
                print(error.code, file=sys.stderr)
        except BaseException:
            print(f"Process {self.name}:", file=sys.stderr)
            traceback.print_exc()
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        sys.stdout.flush()
        sys.stderr.flush()
        return code


class _MainProcess(Process):
    def __init__(self):
        self._identity = ()
        self._name = "MainProcess"
        self._daemon = False
        self._pid = None
        self._closed = False


class _ParentProcess:
    """The process that has started this one."""

    def __init__(self, name, pid):
        self.name = name
        self.pid = self.ident = pid
        self.daemon = False

    def is_alive(self):
        return True

    def __repr__(self):
        return f"<_ParentProcess name={self.name!r} pid={self.pid} started>"


_numbers = itertools.count(1)
_children = set()
_current = _MainProcess()
_parent = None


def current_process():
    return _current


def parent_process():
    return _parent


def active_children():
    return [child for child in list(_children) if child._poll(0) is None]
