"""An opened image-text bundle: pictures and texts to vectors, and the steps of its caption decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.opened import OpenedBundle
from mmbm_desktop.inference.rules import read_rules
from mmbm_desktop.inference.text import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.inference.sessions import Arrays

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

IMAGE_ENCODER = "image_encoder.onnx"
TEXT_ENCODER = "text_encoder.onnx"
CAPTION_MEMORY = "caption_memory.onnx"
CAPTION_STEP = "caption_step.onnx"


class ImageTextBundle(OpenedBundle):
    """A verified bundle of the image-text family, its sessions opened when first used. One thread at a time."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Verify the bundle and read how it wants its inputs.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        super().__init__(folder, threads)
        self.image_rules, self.text_rules = read_rules(self.manifest)
        self.vocabulary = Vocabulary(folder / "tokenizer.json", self.text_rules)

    def try_out(self, outputs: Mapping[str, Arrays]) -> None:
        """Score the first token of a caption in every language."""
        starts = np.array(list(self.text_rules.bos.values()))
        step = CaptionStep(self, outputs[IMAGE_ENCODER]["features"], np.zeros(len(starts), np.int64))
        if not np.isfinite(step(np.arange(len(starts)), starts)).all():
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, CAPTION_STEP, name=self.manifest.name, field="probe")

    def encode_pictures(self, pixels: Floats) -> tuple[Floats, Floats]:
        """Return the spatial features (B, N, D) and unit vectors (B, E) of normalised pixels (B, S, S, 3)."""
        outputs = self.sessions.run(IMAGE_ENCODER, {"pixels": pixels})
        return outputs["features"], outputs["embedding"]

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Return the unit vectors of texts, shape (B, E)."""
        return self.sessions.run(TEXT_ENCODER, {"ids": self.vocabulary.rows(texts)})["embedding"]


class CaptionStep:
    """The caption decoder as `decoding.Step`: keeps keys and values of all rows, and copies them as rows branch."""

    def __init__(self, bundle: ImageTextBundle, features: Floats, pictures: Ints) -> None:
        """Prepare for decoding.

        Args:
            bundle: the model.
            features: shape (B, N, D), of the pictures.
            pictures: shape (starts,): which picture each start token describes.
        """
        memory = bundle.sessions.run(CAPTION_MEMORY, {"features": features})
        self._sessions = bundle.sessions
        self._memory = {name: memory[name] for name in ("memory_k", "memory_v")}
        self._seen = self._memory
        self._pictures = pictures
        layers, _, heads, _, depth = memory["memory_k"].shape
        self._empty = (layers, len(pictures), heads, 0, depth)
        self._caches: dict[str, Floats] = {}
        self._position = 0

    def __call__(self, parents: Ints, tokens: Ints) -> Floats:
        """Return logits, shape (rows, vocabulary); see `decoding.Step`."""
        if not self._caches:
            self._caches = {name: np.zeros(self._empty, np.float32) for name in ("cache_k", "cache_v")}
        self._branch(parents)
        feed = {"tokens": tokens.astype(np.int32), "position": np.array([self._position], np.int32)}
        outputs = self._sessions.run(CAPTION_STEP, {**feed, **self._caches, **self._seen})
        self._caches = {"cache_k": outputs["new_cache_k"], "cache_v": outputs["new_cache_v"]}
        self._position += 1
        return outputs["logits"]

    def _branch(self, parents: Ints) -> None:
        pictures = self._pictures[parents]
        if self._position == 0 or not np.array_equal(pictures, self._pictures):
            self._seen = {name: np.ascontiguousarray(kept[:, pictures]) for name, kept in self._memory.items()}
        self._pictures = pictures
        if not np.array_equal(parents, np.arange(self._caches["cache_k"].shape[1])):
            self._caches = {name: np.ascontiguousarray(kept[:, parents]) for name, kept in self._caches.items()}
