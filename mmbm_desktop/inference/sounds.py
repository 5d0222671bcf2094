"""Sounds: a recording, streamed from disk, to stretches in which a dog barks, it rains, someone speaks."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.inference.calibrated import calibrated
from mmbm_desktop.inference.opened import OpenedBundle
from mmbm_desktop.inference.sound_windows import WindowRules, Windows
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ, blocks_16k, probe_audio
from mmbm_desktop.media.mel import MelStream
from mmbm_desktop.protocol.results import Sound, SoundsResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.inference.sound_windows import Window
    from mmbm_desktop.protocol.requests import SoundsRequest

    Floats = npt.NDArray[np.float32]

FAMILY = "mmbm-sounds"
_STRUCTURE = "sound_tagger.onnx"
_LABELS_FILE = "labels.json"
_BLOCK_S = 2.0


class SoundTagger(OpenedBundle):
    """A verified bundle of the sounds family. One thread at a time.

    Attributes:
        rules: how a stream is cut into windows.
        labels: ids of the sounds, in the order of the scores.
        names: language to id to the name people read.
        thresholds: probability from which a sound is said, (classes,).
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Verify the bundle and read its sounds, its windows and its calibration.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        super().__init__(folder, threads)
        self.require_family(FAMILY)
        try:
            self.rules = WindowRules.of(self.manifest.preprocessing)
        except ValueError as error:
            raise self._invalid("preprocessing.sound", error) from error
        self.labels, self.names = self._read_labels()
        self._slope, self._offset, self.thresholds = self._read_calibration()

    def _read_labels(self) -> tuple[tuple[str, ...], dict[str, dict[str, str]]]:
        file = self.folder / _LABELS_FILE
        with os_errors_sorted(file):
            content = file.read_bytes()
        try:
            rows = json.loads(content)
            labels = tuple(str(row["id"]) for row in rows)
            names = {language: {str(row["id"]): str(row[language]) for row in rows} for language in ("en", "zh")}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._invalid(_LABELS_FILE, error) from error
        if not labels:
            raise self._invalid(_LABELS_FILE, ValueError("no sounds"))
        return labels, names

    def _read_calibration(self) -> tuple[npt.NDArray[np.float64], ...]:
        try:
            stored = self.manifest.calibration
            columns = [np.array(stored[name], np.float64) for name in ("slope", "offset", "threshold")]
        except (KeyError, TypeError, ValueError) as error:
            raise self._invalid("calibration", error) from error
        if any(column.shape != (len(self.labels),) or not np.isfinite(column).all() for column in columns):
            raise self._invalid("calibration", ValueError("not one number a sound"))
        return tuple(columns)

    def _invalid(self, field: str, error: Exception) -> EnvironmentFault:
        return EnvironmentFault(ErrorCode.BUNDLE_INVALID, repr(error), name=self.manifest.name, field=field)

    def probabilities(self, patches: Floats) -> npt.NDArray[np.float64]:
        """Return how likely each sound is, (B, classes), in windows of log-mel patches (B, P, frames, bands).

        Raises:
            EnvironmentFault: the structure cannot be run, or answers for other sounds (BUNDLE_INVALID).
        """
        scores = self.sessions.run(_STRUCTURE, {"patches": patches})["scores"]
        if scores.shape != (len(patches), len(self.labels)):
            raise self._invalid(_STRUCTURE, ValueError(f"scores {scores.shape}"))
        return calibrated(scores, self._slope, self._offset)


@dataclass(frozen=True)
class HeardWindow:
    """How likely each sound is, (classes,), from `start_s` to `end_s`."""

    probabilities: npt.NDArray[np.float64]
    start_s: float
    end_s: float


def find_sounds(
    request: SoundsRequest,
    tagger: SoundTagger,
    token: CancelToken | None = None,
    progress: ReportProgress = no_progress,
) -> SoundsResult:
    """Say which sounds an audio file holds and when, streamed from disk: its length costs no memory.

    Args:
        request: which file.
        tagger: the opened bundle.
        token: checked every two seconds of sound.
        progress: told the whole seconds of sound done, of all.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: the file cannot be used.
        EnvironmentFault: the bundle cannot be run.
    """
    began, path, stop = time.perf_counter(), Path(request.path), token or CancelToken()
    total_s = math.ceil(probe_audio(path).duration_s) or None
    samples = 0

    def counted() -> Iterator[npt.NDArray[np.int16]]:
        nonlocal samples
        for block in blocks_16k(path, _BLOCK_S):
            stop.check()
            yield block
            samples += len(block)
            progress(samples // SAMPLE_RATE_HZ, total_s)

    heard = list(heard_windows(counted(), tagger))
    duration_s = samples / SAMPLE_RATE_HZ
    if heard:  # a last moment, too short for a window of its own, belongs to the last one
        heard[-1] = replace(heard[-1], end_s=duration_s)
    sounds = merged(heard, tagger.labels, tagger.thresholds, duration_s)
    return SoundsResult(request.path, sounds, duration_s, tagger.names, tagger.made_since(began))


def heard_windows(blocks: Iterable[npt.NDArray[np.int16]], tagger: SoundTagger) -> Iterator[HeardWindow]:
    """Yield what is heard in each window of 16 kHz mono sound, in order; consecutive windows overlap.

    Raises:
        EnvironmentFault: the bundle cannot be run.
    """
    stream, windows = MelStream(), Windows(tagger.rules)
    for block in blocks:
        for window in windows.push(stream.push(block)):
            yield _heard(window, tagger)
    for window in windows.finish():
        yield _heard(window, tagger)


def _heard(window: Window, tagger: SoundTagger) -> HeardWindow:
    return HeardWindow(tagger.probabilities(window.patches[None])[0], window.start_s, window.end_s)


def merged(
    windows: Iterable[HeardWindow], labels: tuple[str, ...], thresholds: npt.NDArray[np.float64], duration_s: float
) -> tuple[Sound, ...]:
    """Return the sounds whose probability reaches their threshold, by start, then by score.

    Windows that touch and hear the same become one sound; its score is the highest of theirs.

    Args:
        windows: in order of time.
        labels: ids of the sounds.
        thresholds: for each of them, (classes,).
        duration_s: of the whole recording, where the last sound ends at the latest.
    """
    done: list[Sound] = []
    growing: dict[str, Sound] = {}
    for window in windows:
        end_s = min(window.end_s, duration_s)
        for index in np.flatnonzero(window.probabilities >= thresholds):
            label, score = labels[index], float(window.probabilities[index])
            before = growing.get(label)
            if before is not None and before.end_s >= window.start_s:
                growing[label] = Sound(label, before.start_s, end_s, max(before.score, score))
                continue
            if before is not None:
                done.append(before)
            growing[label] = Sound(label, window.start_s, end_s, score)
    return tuple(sorted((*done, *growing.values()), key=_by_start_and_score))


def _by_start_and_score(sound: Sound) -> tuple[float, float]:
    return sound.start_s, -sound.score
