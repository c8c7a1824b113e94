"""The scheduler `threads`."""

from .base import chosen
from .local import _get


def get(dsk, keys, num_workers=None, **kwargs):
    return _get(dsk, keys, *chosen("threads", num_workers))


get.scheduler = "threads"
