"""Says when a training process has not been heard for long, and whether it computes or hangs."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from mmbm_desktop.cli.messages import words
from mmbm_desktop.engine.runs.use import use_now
from mmbm_desktop.protocol.plain import plain

if TYPE_CHECKING:
    from mmbm_desktop.cli.output import Output
    from mmbm_desktop.protocol.training import GpuUse, RunUse

SILENT_S = 60.0


class Silence:
    """Watches in a thread of its own, from `begin` to `end`; `heard` says that a line has come."""

    def __init__(self, pid: int, output: Output, silent_s: float = SILENT_S) -> None:
        self._pid, self._output, self._silent_s = pid, output, silent_s
        self._heard_s = time.monotonic()
        self._gpus: tuple[int, ...] = ()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="silence", daemon=True)

    def begin(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def heard(self, event: dict[str, object]) -> None:
        """Note that the process said something."""
        self._heard_s = time.monotonic()
        gpus = event.get("gpus")
        if event.get("event") == "device" and isinstance(gpus, list):
            self._gpus = tuple(int(one) for one in gpus)

    def end(self) -> None:
        """Watch no longer."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _watch(self) -> None:
        told_s = self._heard_s
        while not self._over.wait(max(0.05, max(told_s, self._heard_s) + self._silent_s - time.monotonic())):
            now, last = time.monotonic(), self._heard_s
            if now < max(told_s, last) + self._silent_s:
                continue
            use = use_now(self._pid, self._gpus)
            if use is None:
                return
            told_s = now
            event = {"event": "silent", "seconds": round(now - last), "use": plain(use), "computes": use.computes}
            said = words("still-computing" if use.computes else "hangs")
            self._output.answer(event, f"{words('silent', seconds=now - last)} {said} {use_words(use)}")


def use_words(use: RunUse) -> str:
    """Return what a process uses of the computer."""
    about = words("uses", memory=use.memory_bytes / 1e9, cores=use.cores, of_cores=use.of_cores)
    return "; ".join((about, *map(_gpu_words, use.gpus)))


def _gpu_words(gpu: GpuUse) -> str:
    text = words("uses-gpu", number=gpu.number, used=gpu.memory_bytes / 1e9, total=gpu.total_bytes / 1e9)
    return text if gpu.busy is None else f"{text}, {words('gpu-busy', percent=100 * gpu.busy)}"
