"""Recordings that a run which goes on from a bundle learns again, so that what was known is not forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.training.data.spoken import hear, of_split, read_spoken
from mmbm_desktop.training.data.tables import hashed
from mmbm_desktop.training.improvement.general import contents_of
from mmbm_desktop.training.spec import REPLAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.spoken import HeardClips, SpokenClip
    from mmbm_desktop.training.recipes.speech_commands_start import CommandsStart
    from mmbm_desktop.training.spec import TrainSpec

MOST = {"train": 600, "val": 40}
"""General recordings of a split: enough not to forget, and read in seconds."""


def replayed(
    spec: TrainSpec, start: CommandsStart, report: ReportProgress
) -> tuple[Mapping[str, HeardClips], Mapping[str, ErrorCode]]:
    """Return the train and val recordings of the further folders to learn again, and the unreadable ones.

    A recording that a person corrected is none of them: it may be held out, or be said to hold something else.

    Raises:
        InputFault: a folder cannot be read.
    """
    corrected = contents_of(Path(spec.data)) if spec.improves is not None else frozenset[str]()
    folders = [Path(one.folder) for one in spec.further if one.role == REPLAY]
    listed = [clip for folder in folders for clip in read_spoken(folder) if start.spells(clip.text)]
    found, unreadable = {}, {}
    for split, most in MOST.items():
        kept = [clip for clip in _some(of_split(listed, split), most) if _content(clip) not in corrected]
        found[split] = hear(kept, report)
        unreadable |= found[split].unreadable
    return found, unreadable


def _content(clip: SpokenClip) -> str:
    try:
        return sha256_of(clip.path)
    except MmbmError:
        return ""


def _some(clips: Sequence[SpokenClip], most: int) -> list[SpokenClip]:
    return sorted(clips, key=lambda clip: hashed(clip.path.name))[:most]


def shared_order(random: np.random.Generator, count: int, own: int, again: int, share: float) -> npt.NDArray[np.int64]:
    """Return `count` places in random order: a share of them among the `again` clips that follow the `own` ones.

    A clip that comes more than once comes as another copy: place + copies * (own + again).
    """
    theirs = round(share * count) if again else 0
    parts = [_copies(random, count - theirs, 0, own, own + again), _copies(random, theirs, own, again, own + again)]
    return random.permutation(np.concatenate(parts))


def _copies(random: np.random.Generator, count: int, first: int, clips: int, total: int) -> npt.NDArray[np.int64]:
    if not count:
        return np.zeros(0, np.int64)
    return first + np.resize(random.permutation(clips), count) + np.arange(count) // clips * total
