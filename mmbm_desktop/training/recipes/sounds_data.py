"""The data of a sounds run: labelled recordings as log-mel frames, and the windows cut from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.sound_windows import windows_of
from mmbm_desktop.media.mel import FRAMES_PER_SECOND
from mmbm_desktop.training.data.sound_frames import load_frames
from mmbm_desktop.training.data.sounds import SPEECH, read_sounds
from mmbm_desktop.training.data.tables import invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.inference.sound_windows import Window, WindowRules
    from mmbm_desktop.training.data.sound_frames import FrameArray
    from mmbm_desktop.training.data.sounds import LabelledSound
    from mmbm_desktop.training.recipe_rules import SoundsOptions
    from mmbm_desktop.training.spec import TrainSpec

SILENCE = "silence"
_EVERY, _SECOND = 5, 2
ROLES = ("labelled", SPEECH)
"""What a further folder can hold: sounds with labels, or recordings of speech."""


@dataclass(frozen=True)
class SoundsData:
    """All of a run's data.

    Attributes:
        sounds: readable and not left out, the data folder's own first.
        own: how many of them are the data folder's own.
        classes: ids in the order of the network's scores; silence, which is made, is the last.
        array: their frames.
        left_out: the data folder's fold that was left out for the final numbers; "" for none.
    """

    sounds: tuple[LabelledSound, ...]
    own: int
    classes: tuple[str, ...]
    array: FrameArray
    left_out: str = ""

    @property
    def unreadable(self) -> Mapping[str, ErrorCode]:
        """Recordings that were left out, and why."""
        return self.array.unreadable

    @property
    def distilled_rows(self) -> range:
        """Numbers of the sounds that a teacher is heard on before any labels: the further folders' where there are."""
        return range(self.own if self.own < len(self.sounds) else 0, len(self.sounds))

    @property
    def own_classes(self) -> tuple[str, ...]:
        """The data folder's own classes."""
        return tuple(sorted({sound.label for sound in self.sounds[: self.own]}))

    def frames(self, index: int) -> npt.NDArray[np.float16]:
        """Return the frames of one sound, (T, 64)."""
        sound = self.sounds[index]
        first, last = self.array.stretches[sound.path]
        begin = first + round(sound.start_s * FRAMES_PER_SECOND)
        end = last if sound.end_s is None else min(last, first + round(sound.end_s * FRAMES_PER_SECOND))
        return self.array.frames[min(begin, last) : max(begin, end)]

    def windows(self, index: int, rules: WindowRules) -> list[Window]:
        """Return one sound's windows as they are cut in use."""
        return windows_of(np.asarray(self.frames(index), np.float32), rules)

    def rows_by_class(self, rows: Iterable[int]) -> list[npt.NDArray[np.int64]]:
        """Return the numbers of sounds, sorted into the classes that have any."""
        sorted_in: dict[str, list[int]] = {}
        for row in rows:
            sorted_in.setdefault(self.sounds[row].label, []).append(row)
        return [np.array(sorted_in[name]) for name in self.classes if name in sorted_in]

    def labels(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return 1 where a sound is of a class, (rows, classes)."""
        out = np.zeros((len(rows), len(self.classes)), np.float32)
        for number, row in enumerate(rows):
            out[number, self.classes.index(self.sounds[row].label)] = 1.0
        return out


def load_sounds_data(spec: TrainSpec, options: SoundsOptions, cache: Path, report: ReportProgress) -> SoundsData:
    """Read, decode and sort everything a run needs; what was decoded once is taken from `cache`.

    Raises:
        InputFault: a data folder cannot be trained on; the error says why.
        MmbmError: the cache cannot be written.
    """
    if odd := {one.role for one in spec.further} - set(ROLES):
        raise InputFault(ErrorCode.SPEC_INVALID, f"roles {odd}, not {ROLES}", path=spec.data, reason="unknown-role")
    own = [sound for sound in read_sounds(Path(spec.data)) if _wanted(sound, Path(spec.data).name, options)]
    in_turn = any(phase.goal == "fold" for phase in spec.phases)
    left_out = "" if in_turn or options.left_out else _last_fold(own)
    own = [sound for sound in own if not left_out or sound.fold != left_out]
    further: list[LabelledSound] = []
    for one in spec.further:
        folder = Path(one.folder)
        found = read_sounds(folder, SPEECH if one.role == SPEECH else "")
        wanted = [sound for sound in found if _wanted(sound, folder.name, options)]
        further += _spread(wanted, options.most_speech) if one.role == SPEECH else wanted
    array = load_frames([sound.path for sound in (*own, *further)], cache, report)
    own = _with_val([sound for sound in own if sound.path in array.stretches], in_turn=in_turn)
    further = [replace(sound, split="train", fold="") for sound in further if sound.path in array.stretches]
    classes = sorted({sound.label for sound in (*own, *further)} - {SILENCE})
    if not own or len(classes) < 2:
        raise invalid(Path(spec.data), "too-few-sounds", f"{len(own)} readable sounds, classes {classes}")
    return SoundsData((*own, *further), len(own), (*classes, SILENCE), array, left_out)


def _last_fold(sounds: Sequence[LabelledSound]) -> str:
    """Return the last of several folds, for the final numbers; "" where the set says itself what is checked with."""
    folds = sorted({sound.fold for sound in sounds if sound.fold}, key=_fold_number)
    return folds[-1] if len(folds) > 1 and all(sound.split == "train" for sound in sounds) else ""


def _fold_number(fold: str) -> tuple[int, str]:
    number = fold.removeprefix("fold")
    return (int(number), "") if number.isdigit() else (0, fold)


def _with_val(sounds: list[LabelledSound], *, in_turn: bool) -> list[LabelledSound]:
    """Hold something out where the set does not and no fold will be: a fold of several, else every fifth of each kind.

    Recordings of a fold often come from one source, so that a fold is a better check than some of its recordings.
    """
    if in_turn or any(sound.split == "val" for sound in sounds):
        return sounds
    fold = _last_fold(sounds)
    if fold:
        return [replace(sound, split="val") if sound.fold == fold else sound for sound in sounds]
    counts: dict[str, int] = {}
    kept = []
    for sound in sounds:
        counts[sound.label] = counts.get(sound.label, 0) + 1
        kept.append(replace(sound, split="val") if counts[sound.label] % _EVERY == _SECOND else sound)
    return kept


def _wanted(sound: LabelledSound, folder: str, options: SoundsOptions) -> bool:
    """Whether training may see a sound: no test split, no fold that is left out, no licence that forbids it."""
    left_out = sound.split == "test" or f"{folder}:{sound.fold}" in options.left_out
    return not left_out and sound.licence not in options.licences_left_out


def _spread(sounds: Sequence[LabelledSound], most: int) -> list[LabelledSound]:
    """Return at most so many, evenly from the whole list."""
    step = max(1.0, len(sounds) / most)
    return [sounds[int(place * step)] for place in range(min(most, len(sounds)))]
