"""From cached pictures to a batch of normalised pixels: randomly cropped, mirrored and coloured, or plain."""

from __future__ import annotations

import itertools
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
_DRIFT = 0.06
"""How far each edge of a crop may be from that of the view it stands for, as a share of the picture's side."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the picture's side."""


def normalised(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Scale 8-bit RGB (..., 3) to zero mean and unit variance over ordinary photographs."""
    mean, std = np.asarray(PIXEL_MEAN, np.float32), np.asarray(PIXEL_STD, np.float32)
    return (np.divide(pictures, 255, dtype=np.float32) - mean) / std


def squared(pictures: Iterable[npt.NDArray[np.uint8]], size: int) -> npt.NDArray[np.float32]:
    """Return whole pictures, resized and normalised: (B, size, size, 3)."""
    resized = [np.asarray(Image.fromarray(p).resize((size, size), Image.Resampling.BILINEAR)) for p in pictures]
    return normalised(np.stack(resized))


def augmented(
    pictures: Iterable[npt.NDArray[np.uint8]],
    size: int,
    random: np.random.Generator,
    views: Iterable[Box | None] = itertools.repeat(None),
) -> npt.NDArray[np.float32]:
    """Return random crops (sides 70 to 100 %), half of them mirrored, light and colour jittered, normalised.

    Args:
        pictures: 8-bit RGB squares.
        size: edge of the crops, pixels.
        random: decides everything.
        views: for each picture the part that its crop must nearly be; anywhere where None.
    """
    crops = np.stack([_crop(picture, size, random, view) for picture, view in zip(pictures, views, strict=False)])
    pixels = normalised(crops)
    gain = random.uniform(1 - _COLOUR, 1 + _COLOUR, (len(pixels), 1, 1, 1)).astype(np.float32)
    shift = random.uniform(-_COLOUR, _COLOUR, (len(pixels), 1, 1, 3)).astype(np.float32)
    return pixels * gain + shift


def random_box(smallest: float, random: np.random.Generator) -> Box:
    """Return a part of a picture with sides from `smallest` to 1."""
    width, height = (float(side) for side in random.uniform(smallest, 1, 2))
    left, top = float(random.uniform(0, 1 - width)), float(random.uniform(0, 1 - height))
    return left, top, left + width, top + height


def cropped(picture: npt.NDArray[np.uint8], box: Box, size: int) -> npt.NDArray[np.uint8]:
    """Return a part of a picture, squashed to a square of edge `size`."""
    edge = picture.shape[0]
    pixels = tuple(share * edge for share in box)
    return np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR, pixels))


def _crop(
    picture: npt.NDArray[np.uint8], size: int, random: np.random.Generator, view: Box | None
) -> npt.NDArray[np.uint8]:
    if view is None:
        box = random_box(_SMALLEST_SIDE, random)
    else:
        left, top, right, bottom = np.clip(np.asarray(view) + random.uniform(-_DRIFT, _DRIFT, 4), 0, 1).tolist()
        box = (left, top, right, bottom)
    crop = cropped(picture, box, size)
    return crop[:, ::-1] if random.random() < 0.5 else crop
