"""`python -m mmbm_desktop.training.examine PATH`: look a data folder over, one JSON object a line on standard output.

`{"event": "progress", "done": n, "total": m or null}` at most ten times a second; then `{"event": "report", ...}` with
the fields of a `DataReport`, `{"event": "error", "error": CODE, ...}` or `{"event": "stopped"}`. No TensorFlow.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, Cancelled, ErrorCode, MmbmError
from mmbm_desktop.base.logs import start_logging
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.doctor.examination import as_record, examine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STOPPED = 130
_APART_S = 0.1
_PATIENCE_S = 0.3
"""A file that takes longer than this to let go is given up with the process: nothing is being written."""


def main(argv: Sequence[str] | None = None) -> int:
    """Examine and tell; return the exit status (0 a report was told, 1 an error, 130 stopped)."""
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training.examine", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--parent-pipe", action="store_true", help="end when standard input closes")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads of the model; 0 for all but one")
    options = parser.parse_args(argv)
    start_logging(paths.log_dir() / "training.log")
    token = CancelToken()
    if options.parent_pipe:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the parent's to handle
        _watch_parent(token)
    try:
        _tell({"event": "report", **as_record(examine(options.path, token, _Progress()))})
    except Cancelled:
        _tell({"event": "stopped"})
        return STOPPED
    except MmbmError as error:
        _tell_error(error)
        return 1
    except MemoryError as error:
        _tell_error(MmbmError(ErrorCode.OUT_OF_MEMORY, str(error)))
        return 1
    except Exception as error:
        _tell_error(BugFault(ErrorCode.BUG, f"{type(error).__name__}: {error}"))
        raise
    return 0


class _Progress:
    """Tells the first, the last and, in between, few enough to be read."""

    def __init__(self) -> None:
        self._told_s = 0.0

    def __call__(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._told_s >= _APART_S or done == total:
            self._told_s = now
            _tell({"event": "progress", "done": done, "total": total})


def _tell(event: Mapping[str, Any]) -> None:
    """Write a line in ASCII: names that are no UTF-8 survive as escapes, and any reader gets them back."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def _tell_error(error: MmbmError) -> None:
    _tell({"event": "error", "error": str(error.code), **error.params, "detail": error.detail})


def _watch_parent(token: CancelToken) -> None:
    """Stop at the end of standard input: whoever started this process has gone, or wants it to stop."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        token.cancel()
        time.sleep(_PATIENCE_S)
        os._exit(STOPPED)

    threading.Thread(target=wait, name="parent-pipe", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
