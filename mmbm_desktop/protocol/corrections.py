"""What a person set right, and the runs that learn from it. Which corrections are held out is decided here alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import Comparison, RunInfo

HELD_OUT_OF = 5
"""One correction in so many is held out: improved models are measured on it and never trained."""
FEWEST_LEARNED = 5
"""So many corrections that may be learned from are the least that a run begins with."""
_IMPROVED = re.compile(r"(?P<origin>.+)-improved-(?P<number>[1-9]\d*)")
_LONGEST_NAME = 100


class CorrectionKind(StrEnum):
    """What a correction is about."""

    CAPTION = "caption"
    LABEL = "label"
    TRANSCRIPT = "transcript"
    THUMB = "thumb"


TASK_OF = {
    CorrectionKind.CAPTION: Task.CAPTION,
    CorrectionKind.THUMB: Task.CAPTION,
    CorrectionKind.LABEL: Task.CLASSIFY,
    CorrectionKind.TRANSCRIPT: Task.TRANSCRIBE,
}
"""What a model does that gets better by a kind of correction."""
IMPROVABLE = (Task.CAPTION, Task.CLASSIFY, Task.TRANSCRIBE)
"""Tasks whose models can go on learning from corrections."""


@dataclass(frozen=True)
class NewCorrection:
    """A correction to store.

    Attributes:
        kind: what it is about.
        path: of the file, absolute; it may lie outside the library.
        content_hash: SHA-256 of the file's bytes when the person saw it.
        said: what the model said; "" where none had said anything.
        text: what the person says instead; of a thumb "".
        model: name and version of who said it; "" where nobody did.
        language: of the texts; "" for labels.
        rating: of a thumb 1 or -1, or 0 for one that was taken away; of the others 0.
    """

    kind: CorrectionKind
    path: str
    content_hash: str
    said: str
    text: str
    model: str
    language: str = ""
    rating: int = 0


@dataclass(frozen=True)
class Correction(NewCorrection):
    """A correction as it is stored; `created_s` in seconds since the epoch."""

    id: int = 0
    created_s: float = 0.0

    @property
    def held_out(self) -> bool:
        """Whether it is kept for measuring: the same for the same content everywhere and for ever."""
        return is_held_out(self.content_hash)

    @property
    def task(self) -> Task:
        """What a model does that gets better by it."""
        return TASK_OF[self.kind]

    @property
    def lesson(self) -> str:
        """The right answer in words; "" for what only says that an answer was wrong."""
        if self.kind is CorrectionKind.THUMB:
            return self.said if self.rating > 0 else ""
        return self.text


def is_held_out(content_hash: str) -> bool:
    """Return whether a file's content belongs to the held-out part, one in `HELD_OUT_OF`."""
    return int(content_hash[:8], 16) % HELD_OUT_OF == 0


def counted(corrections: tuple[Correction, ...]) -> tuple[Correction, ...]:
    """Return the corrections that count of all, which come oldest first; the newest comes first.

    Of several about the same answer the last one counts; one that says what the model had said takes them back.
    """
    last: dict[tuple[str, ...], Correction] = {}
    for one in corrections:
        about = one.said if one.kind is CorrectionKind.THUMB else origin_of(model_name(one.model))
        key = (one.kind, one.content_hash, one.language, about if one.kind in _SEPARATE else "")
        last.pop(key, None)
        last[key] = one
    kept = [one for one in last.values() if (one.rating if one.kind is CorrectionKind.THUMB else one.text != one.said)]
    return tuple(reversed(kept))


_SEPARATE = (CorrectionKind.THUMB, CorrectionKind.LABEL)


def model_name(label: str) -> str:
    """Return a model's name of its name with version."""
    return label.rpartition(" ")[0] or label


def origin_of(name: str) -> str:
    """Return the name of the model that an improved one began with; its own where it is none."""
    found = _IMPROVED.fullmatch(name)
    return found["origin"] if found else name


def is_improved(name: str) -> bool:
    """Return whether a model's name says that it was improved. Such a model answers only when it was named."""
    return _IMPROVED.fullmatch(name) is not None


def improved_name(name: str, taken: frozenset[str]) -> str:
    """Return a free name for the next version of a model."""
    number = 1
    while True:
        end = f"-improved-{number}"
        found = f"{origin_of(name)[: _LONGEST_NAME - len(end)]}{end}"
        if found not in taken:
            return found
        number += 1


@dataclass(frozen=True)
class TaskCorrections:
    """How many corrections there are for the models of a task.

    Attributes:
        task: which.
        learned: that a run may learn from.
        held_out: that improved models are measured on.
        missing: whose file is gone or was changed, so that nobody can learn from them.
        needed: how many more of the learned ones are needed before a run can begin.
        unfit: that the model that answers cannot learn: letters that it does not know.
        reason: why it can learn nothing at all, a code such as "only-dictates"; "" where it can.
    """

    task: Task
    learned: int
    held_out: int
    missing: int
    needed: int
    unfit: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Improvement:
    """A run that learns from corrections, and what came of it.

    Attributes:
        run: the run, which publishes the new model.
        task: what the models do.
        old: name of the model that it goes on from.
        new: name of the model that it makes.
        comparison: of both; None before it is made.
        kept: whether the new one answers the task now.
    """

    run: RunInfo
    task: Task
    old: str
    new: str
    comparison: Comparison | None = None
    kept: bool = False


@dataclass(frozen=True)
class ExportedCorrections:
    """Data folders that were written, by task, how many items each has, and the paths whose file is gone or changed."""

    folders: dict[str, str] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
