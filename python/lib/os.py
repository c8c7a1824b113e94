"""The parts of `os` that need no files and no processes."""

import abc
import sys

import _page
import _processes

name = "posix"
sep = "/"
altsep = None
curdir = "."
pardir = ".."
extsep = "."
pathsep = ":"
linesep = "\n"
devnull = "/dev/null"
environ = {}
error = OSError


def fspath(path):
    if isinstance(path, (str, bytes)):
        return path
    try:
        return type(path).__fspath__(path)
    except AttributeError:
        kind = type(path).__name__
        raise TypeError(f"expected str, bytes or os.PathLike object, not {kind}") from None


class PathLike(abc.ABC):
    @abc.abstractmethod
    def __fspath__(self):
        raise NotImplementedError

    @classmethod
    def __subclasshook__(cls, subclass):
        return hasattr(subclass, "__fspath__")


def stat(path, *, dir_fd=None, follow_symlinks=True):
    raise FileNotFoundError(2, "No such file or directory", path)


def lstat(path, *, dir_fd=None):
    return stat(path)


def getenv(key, default=None):
    return environ.get(key, default)


def getpid():
    return _processes.number()


def getppid():
    return _parent


def getcwd():
    return "/"


def urandom(size):
    if size < 0:
        raise ValueError("negative argument not allowed")
    return _page.random_bytes(size)


def cpu_count():
    return _cores


def process_cpu_count():
    return _cores


# The page sets it to the number of cores.
_cores = 2
# multiprocessing sets it to the process that has started this one.
_parent = 0

import posixpath as path

sys.modules["os.path"] = path
