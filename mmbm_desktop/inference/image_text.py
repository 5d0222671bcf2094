"""An opened image-text bundle: pictures and texts to vectors, and the steps of its caption decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.calibration import read_calibration
from mmbm_desktop.inference.decoder_step import DecoderStep
from mmbm_desktop.inference.opened import OpenedBundle
from mmbm_desktop.inference.rules import read_rules, read_states
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
        self.states = read_states(self.manifest)
        self.calibration = read_calibration(self.manifest.calibration, self.manifest.name)
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


class CaptionStep(DecoderStep):
    """The caption decoder, looking at pictures."""

    def __init__(self, bundle: ImageTextBundle, features: Floats, pictures: Ints) -> None:
        """Prepare for decoding.

        Args:
            bundle: the model.
            features: shape (B, N, D), of the pictures.
            pictures: shape (starts,): which picture each start token describes.
        """
        memory = bundle.sessions.run(CAPTION_MEMORY, {"features": features})
        super().__init__(bundle.sessions, CAPTION_STEP, memory, pictures, bundle.states)
