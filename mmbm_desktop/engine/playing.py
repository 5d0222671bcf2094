"""Lets a child play an episode with a trained agent: its world and its networks stay out of the window's process."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.engine.asking import ask
from mmbm_desktop.protocol.agents import Episode
from mmbm_desktop.protocol.plain import record_of
from mmbm_desktop.protocol.results import PlayResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.protocol.requests import PlayRequest


def play_command(bundle: str, seed: int, picture: Path) -> tuple[str, ...]:
    """Return the command that plays one episode and paints it into a file."""
    module = (sys.executable, "-P", "-m", "mmbm_desktop.training.reinforcement.play", bundle)
    return (*module, "--episodes", "1", "--seed", str(seed), "--gif", str(picture))


class Playing:
    """Answers `PlayRequest`s."""

    def __init__(self, command: Callable[[str, int, Path], Sequence[str]] = play_command) -> None:
        self._command = command

    def run(self, job: RunningJob) -> PlayResult:
        """Return what was played; a cancelled child leaves nothing behind.

        Raises:
            Cancelled: the job was cancelled.
            MmbmError: what the child says, such as MODEL_MISSING, or that it ended without a word.
        """
        request = cast("PlayRequest", job.request)
        with tempfile.TemporaryDirectory(prefix="mmbm-play-", ignore_cleanup_errors=True) as folder:
            picture = Path(folder) / "episode.gif"
            command = self._command(request.bundle, request.seed, picture)
            return ask(command, paths.log_dir() / "play.stderr.log", job, partial(_played, picture))


def _played(picture: Path, line: Mapping[str, Any]) -> PlayResult | None:
    if line.get("event") != "played":
        return None
    try:
        episode = record_of(Episode, line["painted"])
    except (KeyError, ValueError) as error:
        raise BugFault(ErrorCode.BUG, str(error)) from error
    with os_errors_sorted(picture):
        return PlayResult(episode, picture.read_bytes())
