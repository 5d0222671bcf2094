"""Logging set-up for every process of the program. Messages go to a rotating file, never to a server."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def start_logging(log_file: Path, *, to_stderr_level: int = logging.ERROR) -> None:
    """Send this process's log to `log_file` (1 MiB, 3 old ones kept) and serious messages to stderr as well."""
    handlers: list[logging.Handler] = []
    try:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                log_file, maxBytes=1 << 20, backupCount=3, encoding="utf-8", delay=True
            )
        )
    except OSError:
        to_stderr_level = logging.WARNING
    stderr = logging.StreamHandler(sys.stderr)
    stderr.setLevel(to_stderr_level)
    handlers.append(stderr)
    logging.basicConfig(level=logging.INFO, format=_FORMAT, handlers=handlers, force=True)
