"""`Pipe`, and the connections at its ends."""

import pickle

import _processes

_DATA, _END = b"d", b"e"


class Connection:
    """One end of a pipe. Objects are pickled."""

    def __init__(self, incoming, outgoing):
        self._incoming = incoming
        self._outgoing = outgoing
        self._closed = False

    @property
    def closed(self):
        return self._closed

    @property
    def readable(self):
        return self._incoming is not None

    @property
    def writable(self):
        return self._outgoing is not None

    def send(self, obj):
        self.send_bytes(pickle.dumps(obj))

    def recv(self):
        return pickle.loads(self.recv_bytes())

    def send_bytes(self, buf, offset=0, size=None):
        self._check(self.writable, "connection is read-only")
        data = bytes(memoryview(buf)[offset : None if size is None else offset + size])
        _processes.put(self._outgoing, _DATA + data)

    def recv_bytes(self, maxlength=None):
        self._check(self.readable, "connection is write-only")
        message = _processes.take(self._incoming)
        if message[:1] == _END:
            # There is nothing after the end, however often one asks.
            _processes.put_back(self._incoming, message)
            raise EOFError
        if maxlength is not None and len(message) - 1 > maxlength:
            raise OSError("bad message length")
        return message[1:]

    def poll(self, timeout=0.0):
        """Whether there is something to receive within `timeout` seconds."""
        self._check(self.readable, "connection is write-only")
        message = _processes.take(self._incoming, timeout)
        if message is not None:
            _processes.put_back(self._incoming, message)
        return message is not None

    def close(self):
        if not self._closed and self.writable:
            _processes.put(self._outgoing, _END)
        self._closed = True

    def _check(self, may, why):
        if self._closed:
            raise OSError("handle is closed")
        if not may:
            raise OSError(why)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def Pipe(duplex=True):
    """Two connections. If not duplex, the first only receives and the second only sends."""
    there, back = _processes.channel(), _processes.channel()
    if duplex:
        return Connection(back, there), Connection(there, back)
    return Connection(there, None), Connection(None, there)
