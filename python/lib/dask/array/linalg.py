"""The part of dask.array.linalg that dagdeck has."""

from . import _call


def qr(a):
    return _call("qr.q", [a]), _call("qr.r", [a])


def svd(a):
    return _call("svd.u", [a]), _call("svd.s", [a]), _call("svd.vh", [a])


def norm(x, ord=None, axis=None, keepdims=False):
    return _call("norm", [x], {"ord": ord, "axis": axis, "keepdims": keepdims})


def __getattr__(name):
    raise AttributeError(f"dask.array.linalg.{name}: dask.array in the page does not have it")
