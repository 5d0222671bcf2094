"""Pictures to the numbers an image encoder takes, as the bundle's manifest says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from mmbm_desktop.media.images import image_size, open_image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.inference.rules import ImageRules

_DETAIL = 2
"""A picture's shorter side is opened this many times larger than needed, so that squashing it loses nothing."""


def load_pixels(path: Path, size: int, pixel_limit: int) -> npt.NDArray[np.uint8]:
    """Return a picture file as RGB pixels squashed to a square, shape (size, size, 3).

    Raises:
        MmbmError: see `media.images.open_image`.
    """
    shorter, longer = sorted(image_size(path))
    max_edge = math.ceil(_DETAIL * size * longer / max(1, shorter))
    return squashed(open_image(path, pixel_limit=pixel_limit, max_edge=max_edge), size)


def squashed(picture: Image.Image, size: int) -> npt.NDArray[np.uint8]:
    """Return an RGB picture squashed to a square, antialiased, nothing cut off: shape (size, size, 3)."""
    return np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR))


def encoder_input(pictures: Sequence[npt.NDArray[np.uint8]], rules: ImageRules) -> npt.NDArray[np.float32]:
    """Return the batch (B, S, S, 3): pixels on a scale of 0..1, less the mean, over the deviation of each channel."""
    mean, deviation = np.asarray(rules.mean, np.float32), np.asarray(rules.std, np.float32)
    pixels = np.stack(pictures).astype(np.float32)
    pixels *= 1.0 / (255.0 * deviation)
    pixels -= mean / deviation
    return pixels
