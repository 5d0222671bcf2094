"""From cached pictures to a batch of normalised pixels: randomly cropped, mirrored and coloured, or plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

PIXEL_MEAN = (0.485, 0.456, 0.406)
PIXEL_STD = (0.229, 0.224, 0.225)
"""Of ImageNet's pictures, channel by channel, on pixels divided by 255."""

_SMALLEST_SIDE = 0.7
"""Of a random crop, as a share of the picture's side: what the sentences speak of should stay in it."""
_COLOUR = 0.25


def normalised(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Scale 8-bit RGB (..., 3) to zero mean and unit variance over ordinary photographs."""
    mean, std = np.asarray(PIXEL_MEAN, np.float32), np.asarray(PIXEL_STD, np.float32)
    return (np.divide(pictures, 255, dtype=np.float32) - mean) / std


def squared(pictures: Iterable[npt.NDArray[np.uint8]], size: int) -> npt.NDArray[np.float32]:
    """Return whole pictures, resized and normalised: (B, size, size, 3)."""
    resized = [np.asarray(Image.fromarray(p).resize((size, size), Image.Resampling.BILINEAR)) for p in pictures]
    return normalised(np.stack(resized))


def augmented(
    pictures: Iterable[npt.NDArray[np.uint8]], size: int, random: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return random crops (sides 70 to 100 %), half of them mirrored, light and colour jittered, normalised."""
    crops = np.stack([_crop(picture, size, random) for picture in pictures])
    pixels = normalised(crops)
    gain = random.uniform(1 - _COLOUR, 1 + _COLOUR, (len(pixels), 1, 1, 1)).astype(np.float32)
    shift = random.uniform(-_COLOUR, _COLOUR, (len(pixels), 1, 1, 3)).astype(np.float32)
    return pixels * gain + shift


def _crop(picture: npt.NDArray[np.uint8], size: int, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    edge = picture.shape[0]
    width, height = random.uniform(_SMALLEST_SIDE, 1, 2) * edge
    left, top = random.uniform(0, edge - width), random.uniform(0, edge - height)
    box = (left, top, left + width, top + height)
    crop = np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR, box))
    return crop[:, ::-1] if random.random() < 0.5 else crop
