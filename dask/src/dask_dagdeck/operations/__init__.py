"""Named operations: a twin in Python for each operation of the crate (`src/operations` of dagdeck).

A page names operations, with parameters; it never sends code. `read` checks the parameters and gives an `Operation`,
which a task calls. On the wire to workers it is a name with plain data, so workers need this package too.
"""

from __future__ import annotations

from . import calls, creation, elements, elementwise, fused, neighbours, products, reductions  # noqa: F401
from .calls import FUNCTIONS
from .twin import Operation, TaskFailed, check_arity, names, read

__all__ = ["FUNCTIONS", "Operation", "TaskFailed", "check_arity", "names", "read"]
