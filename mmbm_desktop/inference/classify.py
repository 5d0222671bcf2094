"""Classes: a picture to the names a trained classifier knows, each with how probable it is."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.opened import OpenedBundle
from mmbm_desktop.inference.pixels import encoder_input, load_pixels
from mmbm_desktop.inference.rules import read_image_rules
from mmbm_desktop.protocol.results import ClassGuess, ClassifyResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.protocol.requests import ClassifyRequest

FAMILY = "mmbm-picture-classes"
_STRUCTURE = "picture_classifier.onnx"
_LABELS_FILE = "labels.json"


class PictureClassifier(OpenedBundle):
    """A verified bundle of the picture-classes family. One thread at a time.

    Attributes:
        image_rules: how pictures are to be prepared.
        labels: names of the classes, in the order of the scores.
        temperature: what the scores are divided by.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Verify the bundle and read its classes and its calibration.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        super().__init__(folder, threads)
        self.require_family(FAMILY)
        self.image_rules = read_image_rules(self.manifest)
        self.labels = self._read_labels()
        self.temperature = self._read_temperature()

    def _read_labels(self) -> tuple[str, ...]:
        file = self.folder / _LABELS_FILE
        with os_errors_sorted(file):
            content = file.read_bytes()
        try:
            labels = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self._invalid(_LABELS_FILE, repr(error)) from error
        if not isinstance(labels, list) or not labels or not all(isinstance(one, str) for one in labels):
            raise self._invalid(_LABELS_FILE, "no list of names")
        return tuple(labels)

    def _read_temperature(self) -> float:
        value = self.manifest.calibration.get("temperature", 1.0)
        if type(value) not in (int, float) or not 0.0 < value < float("inf"):
            raise self._invalid("calibration", f"temperature {value!r}")
        return float(value)

    def _invalid(self, field: str, detail: str) -> EnvironmentFault:
        return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=self.manifest.name, field=field)

    def probabilities(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float64]:
        """Return how probable each class is, (B, classes), of squashed pictures (size, size, 3); rows add up to 1.

        Raises:
            EnvironmentFault: the structure cannot be run, or answers for other classes (BUNDLE_INVALID).
        """
        logits = self.sessions.run(_STRUCTURE, {"pixels": encoder_input(pictures, self.image_rules)})["logits"]
        if logits.shape != (len(pictures), len(self.labels)):
            raise self._invalid(_STRUCTURE, f"logits {logits.shape}")
        scaled = logits.astype(np.float64) / self.temperature
        powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def classify(
    request: ClassifyRequest, classifier: PictureClassifier, pixel_limit: int, token: CancelToken | None = None
) -> ClassifyResult:
    """Say which classes a picture most probably shows, the best first.

    Args:
        request: which picture, and how many classes.
        classifier: the opened bundle.
        pixel_limit: largest width x height that is opened.
        token: checked before computing.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: the picture cannot be used.
        EnvironmentFault: the bundle cannot be run.
    """
    began, stop = time.perf_counter(), token or CancelToken()
    pixels = load_pixels(Path(request.path), classifier.image_rules.size, pixel_limit)
    stop.check()
    probable = classifier.probabilities([pixels])[0]
    best = np.argsort(-probable, kind="stable")[: max(1, request.best)]
    guesses = tuple(ClassGuess(classifier.labels[index], float(probable[index])) for index in best)
    return ClassifyResult(request.path, guesses, classifier.made_since(began))
