"""YAMNet as a teacher: its features of log-mel patches and the last layer that turns them into scores.

It is read with TensorFlow Lite, which is an input here, not a network of ours; it never ships. Input and classes are
those of tensorflow/models, research/audioset/yamnet: (96, 64) log-mel values (`media.mel`), 521 AudioSet classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.training.teacher import ready_interpreter, set_output

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_AGREEMENT = 0.15
"""Largest distance of two interpreters' features over their length; quantised kernels differ by a few percent."""


class SoundTeacher:
    """Features of patches, and `weights` (dim, 521) and `biases` (521,) of the layer after them."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        files = sorted(folder.glob("yamnet*.tflite"))
        if not files:
            raise EnvironmentFault(ErrorCode.MODEL_MISSING, "no yamnet*.tflite there", path=str(folder))
        with os_errors_sorted(files[0]):
            model = bytearray(files[0].read_bytes())
        whole = ready_interpreter(model, threads, fast=True)
        details = whole.get_tensor_details()
        pooled = next(t for t in reversed(details) if t["name"].endswith("reduce_mean"))
        self.dim = int(pooled["shape"][-1])
        self.weights = _values(whole, _constant(details, (521, self.dim))).T.copy()
        self.biases = _values(whole, _constant(details, (521,)))
        set_output(model, pooled["index"])
        self._scale, self._zero = pooled["quantization"]
        self._fast = ready_interpreter(model, threads, fast=True)
        self._trust_or_replace(model, threads)

    def _trust_or_replace(self, model: bytearray, threads: int) -> None:
        """Keep the fast interpreter only if it agrees with the plain one; see `teacher.Teacher`."""
        noise = np.random.default_rng(0).normal(-3.0, 1.5, (1, 96, 64)).astype(np.float32)
        quick, fast = self.features(noise), self._fast
        self._fast = ready_interpreter(model, threads, fast=False)
        right = self.features(noise)
        if np.linalg.norm(quick - right) < _AGREEMENT * np.linalg.norm(right):
            self._fast = fast

    def features(self, patches: Floats) -> Floats:
        """Return features (N, dim), none below 0, of log-mel patches (N, 96, 64)."""
        out = np.empty((len(patches), self.dim), np.float32)
        given, answer = self._fast.get_input_details()[0]["index"], self._fast.get_output_details()[0]["index"]
        for row, patch in zip(out, patches, strict=True):
            self._fast.set_tensor(given, patch[None])
            self._fast.invoke()
            row[:] = self._fast.get_tensor(answer).ravel()
        return (out - self._zero) * np.float32(self._scale)


def _constant(details: list[dict[str, Any]], shape: tuple[int, ...]) -> dict[str, Any]:
    """Return the last layer's weights or biases: the constants of that shape that lie before all activations."""
    return next(t for t in details if tuple(t["shape"]) == shape)


def _values(interpreter: Any, tensor: dict[str, Any]) -> Floats:
    """Return a constant's real values; its scale is one for all, or one a row."""
    stored = interpreter.get_tensor(tensor["index"]).astype(np.float32)
    form = tensor["quantization_parameters"]
    zeros, scales = (
        np.asarray(form[name], np.float32).reshape(-1, *[1] * (stored.ndim - 1)) for name in ("zero_points", "scales")
    )
    return (stored - zeros) * scales
