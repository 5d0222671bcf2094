"""Whether a process that a file names still lives; a number alone may long belong to another one."""

from __future__ import annotations

import psutil

_SAME_S = 1.0


def process_lives(pid: object, created_s: object) -> bool:
    """Whether the process `pid` that was started at `created_s` (seconds since the epoch) is still there."""
    if not isinstance(pid, int) or not isinstance(created_s, float | int):
        return False
    try:
        process = psutil.Process(pid)
        alive = abs(process.create_time() - created_s) < _SAME_S
        return alive and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ValueError, OverflowError):
        return False
