"""The file of a search: `search.json` in a folder beside those of runs. All that a search goes on from is in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import new_folder, os_errors_sorted, write_atomically
from mmbm_desktop.base.processes import process_lives
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.plain import plain, record_of
from mmbm_desktop.protocol.training import RunSettings, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "search.json"
_ID = re.compile(r"[^/\\\0]+")


@dataclass(frozen=True)
class StoredTrial:
    """A trial's settings, and what became of it so far.

    Attributes:
        settings: of its run.
        scores: at each rung it came to; None where that was no number.
        failure: why it is out of the race.
        gone: whether its run was removed while it raced.
    """

    settings: RunSettings
    scores: tuple[float | None, ...] = ()
    failure: Failure | None = None
    gone: bool = False


@dataclass(frozen=True)
class StoredTuning:
    """A search as its file has it.

    Attributes:
        settings: as the person had them.
        rungs: in epochs.
        places: how many trials may come to each.
        trials: all of them, also those whose runs are not made yet.
        created_s: seconds since the epoch.
        state: the last one that is known; never the truth about whether a process lives.
        best: index of the trial that won.
        bundle: what it published.
        failure: why the search stopped.
        pid: of the process that works on it.
        pid_created_s: when that was started.
    """

    settings: RunSettings
    rungs: tuple[int, ...]
    places: tuple[int, ...]
    trials: tuple[StoredTrial, ...]
    created_s: float
    state: RunState = RunState.PAUSED
    best: int | None = None
    bundle: str = ""
    failure: Failure | None = None
    pid: int | None = None
    pid_created_s: float | None = None

    @property
    def lives(self) -> bool:
        """Whether the process that works on it is still there."""
        return process_lives(self.pid, self.pid_created_s)

    def with_trial(self, index: int, trial: StoredTrial) -> StoredTuning:
        """Return the same search with one trial changed."""
        return replace(self, trials=(*self.trials[:index], trial, *self.trials[index + 1 :]))

    def claimed(self) -> StoredTuning:
        """Return the same search, worked on by this process."""
        created = psutil.Process().create_time()
        return replace(self, state=RunState.RUNNING, failure=None, pid=os.getpid(), pid_created_s=created)

    def left(self, state: RunState, failure: Failure | None = None) -> StoredTuning:
        """Return the same search, worked on by nobody."""
        return replace(self, state=state, failure=failure, pid=None, pid_created_s=None)


class TuningStore:
    """Reads, makes and removes searches.

    Args:
        folder: holds a folder for each run and each search.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> tuple[str, ...]:
        """Return the names of all searches' folders."""
        try:
            return tuple(sorted(one.name for one in self._folder.iterdir() if (one / FILE).is_file()))
        except OSError:
            return ()

    def path(self, tuning_id: str) -> Path:
        """Return a search's folder.

        Raises:
            InputFault: ARGUMENT_INVALID, there is no such search.
        """
        folder = self._folder / tuning_id
        if not _ID.fullmatch(tuning_id) or tuning_id in (".", "..") or not (folder / FILE).is_file():
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such search", name="search", value=tuning_id)
        return folder

    def make(
        self, settings: RunSettings, rungs: Sequence[int], places: Sequence[int], trials: Sequence[RunSettings]
    ) -> str:
        """Write a new search and return its name.

        Raises:
            MmbmError: the folder cannot be written.
        """
        folder = new_folder(self._folder, f"{settings.name}-search-{time.strftime('%Y%m%d-%H%M%S')}")
        stored = tuple(StoredTrial(one) for one in trials)
        self.write(folder.name, StoredTuning(settings, tuple(rungs), tuple(places), stored, time.time()))
        return folder.name

    def read(self, tuning_id: str) -> StoredTuning:
        """Return a search as its file has it.

        Raises:
            InputFault: ARGUMENT_INVALID, there is none, or its file is damaged.
        """
        file = self.path(tuning_id) / FILE
        try:
            return record_of(StoredTuning, json.loads(file.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, str(error), name="search", value=tuning_id) from error

    def write(self, tuning_id: str, stored: StoredTuning) -> None:
        """Replace a search's file as a whole.

        Raises:
            MmbmError: it cannot be written.
        """
        content = json.dumps(plain(stored), indent=1, ensure_ascii=False) + "\n"
        write_atomically(self._folder / tuning_id / FILE, content.encode())

    def remove(self, tuning_id: str) -> None:
        """Delete a search's folder, not its trials' runs.

        Raises:
            MmbmError: there is no such search, or it cannot be deleted.
        """
        folder = self.path(tuning_id)
        with os_errors_sorted(folder):
            shutil.rmtree(folder)


def trial_id(tuning_id: str, index: int) -> str:
    """Return the id of a trial's run."""
    return f"{tuning_id}-t{index + 1}"
