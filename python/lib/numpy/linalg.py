"""The part of numpy.linalg that dagdeck's kernels have."""

from collections import namedtuple

from . import _array, _result, asarray, evaluate

QRResult = namedtuple("QRResult", "Q R")
SVDResult = namedtuple("SVDResult", "U S Vh")


class LinAlgError(ValueError):
    pass


def norm(x, ord=None, axis=None, keepdims=False):
    return _result(evaluate("norm", [asarray(x)._block], {"ord": ord, "axis": axis, "keepdims": keepdims}))


def qr(a):
    return QRResult(*(_array(evaluate(f"qr.{part}", [asarray(a)._block], {})) for part in "qr"))


def svd(a, full_matrices=True, compute_uv=True):
    if full_matrices and compute_uv:
        raise TypeError("svd: numpy in the page has full_matrices=False only")
    if not compute_uv:
        return _array(evaluate("svd.s", [asarray(a)._block], {}))
    return SVDResult(*(_array(evaluate(f"svd.{part}", [asarray(a)._block], {})) for part in ("u", "s", "vh")))


def __getattr__(name):
    raise AttributeError(f"numpy.linalg.{name}: numpy in the page does not have it")
