"""Where a run can go. Only TensorFlow knows which GPUs it can use: a child is asked, once, where there may be any."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)
_USUAL = ("auto", "cpu")
_PATIENCE_S = 120.0


def driver_present() -> bool:
    """Whether a graphics driver that TensorFlow can use may be there; costs nothing."""
    return shutil.which("nvidia-smi") is not None


def count_gpus() -> int:
    """Ask a child how many GPUs TensorFlow can use; takes seconds. 0 when it cannot say."""
    command = (sys.executable, "-P", "-m", "mmbm_desktop.training.device")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=True)  # noqa: S603
        return int(done.stdout.split()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        log.warning("the GPUs cannot be counted: %s", error)
        return 0


class Devices:
    """Knows the devices: those of the last session at once, today's as soon as they were counted."""

    def __init__(
        self,
        cache_file: Path,
        present: Callable[[], bool] = driver_present,
        count: Callable[[], int] = count_gpus,
    ) -> None:
        self._cache_file = cache_file
        self._present, self._count = present, count
        self._guard = threading.Lock()
        self._known: tuple[str, ...] | None = None

    def all(self) -> tuple[str, ...]:
        """Return "auto", "cpu", the GPUs known by now and "all" of several; the first call begins to count them."""
        with self._guard:
            if self._known is None:
                self._known = _USUAL
                if self._present():
                    self._known = self._remembered()
                    threading.Thread(target=self._look, name="devices", daemon=True).start()
            return self._known

    def _look(self) -> None:
        gpus = self._count()
        with self._guard:
            self._known = _named(gpus)
        with contextlib.suppress(MmbmError):
            write_atomically(self._cache_file, json.dumps({"gpus": gpus}).encode())

    def _remembered(self) -> tuple[str, ...]:
        try:
            return _named(int(json.loads(self._cache_file.read_text("utf-8"))["gpus"]))
        except (OSError, ValueError, KeyError, TypeError):
            return _USUAL


def _named(gpus: int) -> tuple[str, ...]:
    all_of_them = ("all",) if gpus > 1 else ()
    return (*_USUAL, *(f"gpu:{number}" for number in range(gpus)), *all_of_them)
