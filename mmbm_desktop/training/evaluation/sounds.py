"""Accuracy, average precision and F1 of a sounds bundle, on labelled recordings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.sounds import SoundTagger, heard_windows
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ, blocks_16k
from mmbm_desktop.protocol.training import Sample
from mmbm_desktop.training.data.sounds import of_part, read_sounds
from mmbm_desktop.training.evaluation.interface import Evaluation
from mmbm_desktop.training.metrics.tagging import accuracy, f1, mean_average_precision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from mmbm_desktop.training.data.sounds import LabelledSound
    from mmbm_desktop.training.evaluation.interface import Measuring

    Floats = npt.NDArray[np.float64]

_BLOCK_S = 2.0


def evaluate_sounds(measuring: Measuring) -> Evaluation:
    """Measure a bundle on a split or a fold ("fold10") of a data folder, or on "all" of it.

    A recording's probability of a sound is the highest of its windows. Accuracy is that of choosing one among the
    sounds of the set that the bundle knows; F1 that of saying a sound from its threshold on.

    Raises:
        InputFault: the data folder cannot be read, or has no readable recording of a known sound in that split.
        EnvironmentFault: the bundle is damaged.
    """
    return evaluation_of(heard_sounds(measuring), measuring)


@dataclass(frozen=True)
class HeardSounds:
    """Readable sounds and what a bundle hears in them.

    Attributes:
        tagger: the bundle.
        kept: the sounds.
        probabilities: of all sounds it knows, (N, labels).
        unreadable: files of the others.
    """

    tagger: SoundTagger
    kept: tuple[LabelledSound, ...]
    probabilities: Floats
    unreadable: tuple[str, ...]

    @property
    def classes(self) -> list[str]:
        """The kept sounds' own classes, sorted."""
        return sorted({sound.label for sound in self.kept})

    @property
    def columns(self) -> list[int]:
        """Where these are among the bundle's."""
        return [self.tagger.labels.index(name) for name in self.classes]

    @property
    def among_classes(self) -> Floats:
        """Probabilities of these alone, (N, classes)."""
        return self.probabilities[:, self.columns]

    @property
    def truth(self) -> npt.NDArray[np.int64]:
        """Numbers of the right classes, (N,)."""
        return np.array([self.classes.index(sound.label) for sound in self.kept], np.int64)

    def samples(self) -> list[Sample]:
        """Return every sound with the likeliest of the classes."""
        found = []
        for sound, row in zip(self.kept, self.among_classes, strict=True):
            guess = self.classes[int(row.argmax())]
            score = round(float(row.max()), 4)
            found.append(Sample("recording", str(sound.path), sound.label, guess, score, guess == sound.label))
        return found


def heard_sounds(measuring: Measuring) -> HeardSounds:
    """Let a bundle hear the sounds of a split that it knows.

    Raises:
        InputFault: see `evaluate_sounds`.
    """
    tagger = SoundTagger(measuring.bundle)
    listed = of_part(read_sounds(measuring.data), measuring.split)
    listed = [sound for sound in listed if sound.label in tagger.labels][: measuring.limit]
    kept, probabilities, unreadable = _heard(listed, tagger)
    if not kept:
        detail = f"split {measuring.split}"
        raise InputFault(ErrorCode.DATASET_INVALID, detail, path=str(measuring.data), reason="no-readable-sound")
    return HeardSounds(tagger, tuple(kept), probabilities, tuple(unreadable))


def evaluation_of(heard: HeardSounds, measuring: Measuring) -> Evaluation:
    """Return the numbers of what was heard."""
    tagger, kept, probabilities = heard.tagger, heard.kept, heard.probabilities
    classes, columns = heard.classes, heard.columns
    right = np.array([[sound.label == name for name in classes] for sound in kept])
    numbers = _numbers(probabilities[:, columns], right, tagger.thresholds[columns], classes)
    anything = accuracy(probabilities, np.array([tagger.labels.index(sound.label) for sound in kept]))
    numbers["accuracy among all sounds"] = anything
    answers = {
        str(sound.path.relative_to(measuring.data.resolve())): {
            "label": sound.label,
            **{name: round(float(row[tagger.labels.index(name)]), 4) for name in _best(row, tagger.labels)},
        }
        for sound, row in zip(kept, probabilities, strict=True)
    }
    return Evaluation(numbers, len(kept), heard.unreadable, answers)


def _heard(listed: Sequence[LabelledSound], tagger: SoundTagger) -> tuple[list[LabelledSound], Floats, list[str]]:
    kept, rows, unreadable = [], [], []
    for sound in listed:
        try:
            windows = [window.probabilities for window in heard_windows(_blocks(sound), tagger)]
        except InputFault:
            windows = []
        if windows:
            kept.append(sound)
            rows.append(np.max(windows, axis=0))
        else:
            unreadable.append(str(sound.path))
    return kept, np.array(rows), unreadable


def _blocks(sound: LabelledSound) -> Iterator[npt.NDArray[np.int16]]:
    """Yield the sound's stretch of its recording."""
    first = round(sound.start_s * SAMPLE_RATE_HZ)
    last = None if sound.end_s is None else round(sound.end_s * SAMPLE_RATE_HZ)
    passed = 0
    for block in blocks_16k(sound.path, _BLOCK_S):
        yield block[max(0, first - passed) : None if last is None else max(0, last - passed)]
        passed += len(block)


def _numbers(
    scores: Floats, right: npt.NDArray[np.bool_], thresholds: Floats, names: Sequence[str]
) -> dict[str, float]:
    said = scores >= thresholds
    by_sound = {f"F1 of {name}": f1(said[:, i], right[:, i]) for i, name in enumerate(names)}
    return {
        "accuracy": accuracy(scores, right.argmax(axis=1)),
        "mean average precision": mean_average_precision(scores, right),
        "mean F1": float(np.mean(list(by_sound.values()))),
        **by_sound,
    }


def _best(row: Floats, labels: tuple[str, ...]) -> list[str]:
    return [labels[index] for index in np.argsort(-row)[:3]]
