"""The image encoder of an installed image-text model: its features through ONNX Runtime, its weights for Keras."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import safe_open

from mmbm_desktop.inference.image_text import IMAGE_ENCODER, ImageTextBundle
from mmbm_desktop.inference.pixels import encoder_input
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.training.publish import WEIGHTS
from mmbm_desktop.training.recipe_rules import filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_PART = "image_encoder."


class PictureEncoder:
    """A verified image-text model, for its pictures alone.

    Attributes:
        label: the model's name and version.
        key: the same for the same weights and structure.
        size: edge of its square input, pixels.
        width: of the features it gives.
    """

    def __init__(self, folder: Path) -> None:
        """Verify and open a bundle.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        self._bundle = ImageTextBundle(folder)
        self.manifest = self._bundle.manifest
        self.label = f"{self.manifest.name} {self.manifest.version}"
        digests = "".join(self.manifest.files[name].sha256 for name in (WEIGHTS, IMAGE_ENCODER))
        self.key = hashlib.sha256(digests.encode()).hexdigest()[:16]
        self.size = self._bundle.image_rules.size
        self.config = _config(self.manifest.network)
        self.width = self.config.width + self.config.embed_dim

    def features(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> Floats:
        """Return the average of the map beside the embedding, (B, width), of squashed pictures (size, size, 3)."""
        spatial, embedding = self._bundle.encode_pictures(encoder_input(pictures, self._bundle.image_rules))
        return np.concatenate([spatial.mean(axis=1), embedding], axis=1)

    def weights(self) -> dict[str, npt.NDArray[Any]]:
        """Return the encoder's weights by their published names, as in `image_encoder.stem_0.convolution.kernel`."""
        with safe_open(self._bundle.folder / WEIGHTS, "numpy") as tensors:
            return {name: tensors.get_tensor(name) for name in tensors.keys() if name.startswith(_PART)}  # noqa: SIM118


def _config(network: dict[str, Any]) -> ImageTextConfig:
    """Return the sizes that a manifest tells of; the marks of texts do not matter here."""
    known = {one.name for one in dataclasses.fields(ImageTextConfig)} - {"rules"}
    return filled(ImageTextConfig, {name: value for name, value in network.items() if name in known})
