"""Settings: the section `dagdeck` of Dask's configuration. DASK_DAGDECK__TOKEN and the like set them too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import dask.config
from dask.utils import parse_bytes

DEFAULTS: dict[str, Any] = {
    # What a page must know to connect. Without a token, every page is refused.
    "token": None,
    # The pages that may connect, by their origin; `*` stands for any port.
    "origins": ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"],
    # Limits on what one page may ask for.
    "max-message": "64 MiB",
    "max-tasks": 1_000_000,
    "max-edges": 10_000_000,
    "max-runs": 8,
    "messages-per-second": 20,
    # Limits on what is sent to a page. Larger values stay on the cluster.
    "max-value": "64 MiB",
    "max-values": "256 MiB",
    # Events that wait for a slow page; further ones are dropped, and the page says how many.
    "max-backlog": 500_000,
    # Connected pages, and those of them without an accepted token.
    "max-pages": 64,
    "max-unauthenticated": 8,
}

dask.config.update_defaults({"dagdeck": DEFAULTS})


def configured_origins() -> tuple[str, ...]:
    """The origins whose pages may connect. The configuration has a list of them, or only one, as a string."""
    given = dask.config.get("dagdeck.origins")
    return (given,) if isinstance(given, str) else tuple(map(str, given))


@dataclass(frozen=True)
class Settings:
    token: str | None
    origins: tuple[str, ...]
    max_message: int
    max_tasks: int
    max_edges: int
    max_runs: int
    messages_per_second: float
    max_value: int
    max_values: int
    max_backlog: int
    max_pages: int
    max_unauthenticated: int

    @staticmethod
    def load() -> Settings:
        """The settings as they are now."""

        def get(name: str) -> Any:
            return dask.config.get(f"dagdeck.{name}")

        token = get("token")
        return Settings(
            token=None if token is None else str(token),
            origins=configured_origins(),
            max_message=parse_bytes(get("max-message")),
            max_tasks=int(get("max-tasks")),
            max_edges=int(get("max-edges")),
            max_runs=int(get("max-runs")),
            messages_per_second=float(get("messages-per-second")),
            max_value=parse_bytes(get("max-value")),
            max_values=parse_bytes(get("max-values")),
            max_backlog=int(get("max-backlog")),
            max_pages=int(get("max-pages")),
            max_unauthenticated=int(get("max-unauthenticated")),
        )
