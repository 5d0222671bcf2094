"""Which corrected transcripts a command recogniser can learn: those it can spell, of recordings as short as those."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.protocol.corrections import FEWEST_LEARNED
from mmbm_desktop.protocol.spoken_words import spoken_words
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.corrections import Correction

LONGEST_S = 15.0
"""As in `training/data/spoken.py`: longer recordings hold no commands."""


def spellable(task: Task, bundle: str, corrections: Sequence[Correction]) -> list[Correction]:
    """Return the corrections whose letters a bundle knows; all, where it is none that spells.

    Raises:
        EnvironmentFault: BUNDLE_INVALID, its manifest cannot be read.
    """
    if task is not Task.TRANSCRIBE:
        return list(corrections)
    letters = set(str(read_manifest(Path(bundle)).preprocessing.get("letters", "")))
    said = [(one, "".join(spoken_words(one.text))) for one in corrections]
    return [one for one, text in said if text and set(text) <= letters]


def learnable(task: Task, bundle: str, corrections: Sequence[Correction]) -> list[Correction]:
    """Return the corrections that a bundle can learn from.

    Raises:
        InputFault: DATASET_INVALID; its `reason` leaves too few of them: "other-letters" or "recordings-too-long".
        EnvironmentFault: BUNDLE_INVALID, its manifest cannot be read.
    """
    if task is not Task.TRANSCRIBE:
        return list(corrections)
    spelled = spellable(task, bundle, corrections)
    _refuse(spelled, "other-letters", bundle)
    short = [one for one in spelled if not _is_long(one.path)]
    _refuse(short, "recordings-too-long", bundle)
    return short


def _refuse(left: Sequence[Correction], reason: str, bundle: str) -> None:
    if len({one.content_hash for one in left if not one.held_out}) < FEWEST_LEARNED:
        detail = f"{len(left)} corrections are left"
        raise InputFault(ErrorCode.DATASET_INVALID, detail, path=Path(bundle).name, reason=reason)


def _is_long(path: str) -> bool:
    """Whether a recording is longer than a command; one that cannot be read is left to whoever links it."""
    from mmbm_desktop.media.audio import probe_audio

    with contextlib.suppress(MmbmError):
        return probe_audio(Path(path)).duration_s > LONGEST_S
    return False
