"""Who may connect: pages of known origins that know the token, and not too often."""

from __future__ import annotations

import hmac
import time
from urllib.parse import urlsplit

#: Messages that may come at once, however few are allowed per second.
BURST = 40


def token_matches(given: str, token: str | None) -> bool:
    """Compares in constant time."""
    return token is not None and hmac.compare_digest(*(each.encode("utf-8", "surrogatepass") for each in (given, token)))


def origin_matches(origin: str, allowed: tuple[str, ...]) -> bool:
    """Whether a page of this origin may connect. `*` in place of a port stands for any."""
    return any(_matches(origin, pattern) for pattern in allowed)


def _matches(origin: str, pattern: str) -> bool:
    if pattern == "*":
        return True
    if not pattern.endswith(":*"):
        return origin == pattern.rstrip("/")
    try:
        given = urlsplit(origin)
        given.port  # noqa: B018  (a port that is no number raises)
    except ValueError:
        return False
    wanted = urlsplit(pattern[: -len(":*")])
    return (given.scheme, given.hostname) == (wanted.scheme, wanted.hostname)


class Pace:
    """Allows `per_second` messages per second, with a burst of `BURST`."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._left = float(BURST)
        self._at = time.monotonic()

    def allows(self) -> bool:
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
