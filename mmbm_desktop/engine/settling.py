"""Files that changed and may be changing still. One is let go when nothing happened to it for a while."""

from __future__ import annotations

import os
from dataclasses import dataclass

QUIET_S = 1.0
"""How long a file must stay the same."""


@dataclass
class _Pending:
    since_s: float
    facts: tuple[int, int] | None


class Settling:
    """Paths that were touched, with what they were like when last looked at. For one thread; times are the caller's."""

    def __init__(self, quiet_s: float) -> None:
        self._quiet_s = quiet_s
        self._pending: dict[str, _Pending] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def touch(self, path: str, now_s: float) -> None:
        """Note that something happened to a path."""
        self._pending[path] = _Pending(now_s, _facts(path))

    def ready(self, now_s: float) -> list[str]:
        """Return, and let go, the paths whose size and time stayed the same for long enough; also those that are gone.

        What is written without events, through a mapping or another computer, shows in size and time alone.
        """
        for path, pending in self._pending.items():
            facts = _facts(path)
            if facts != pending.facts:
                pending.facts, pending.since_s = facts, now_s
        ready = [path for path, pending in self._pending.items() if now_s - pending.since_s >= self._quiet_s]
        for path in ready:
            del self._pending[path]
        return ready


def _facts(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of times
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
