"""Changed pictures for classifiers, so that a class is not learned by heart: cropped, mirrored, coloured at random."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from mmbm_desktop.training.data.augment import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

_SMALLEST_AREA = 0.4
"""Of a crop at full strength, as a share of the picture."""
_LONGEST = 4 / 3
"""Width over height of a crop, or the other way round, at full strength."""
_COLOUR = 0.3


@dataclass(frozen=True)
class Changes:
    """How far pictures are changed.

    Attributes:
        strength: 0 for not at all, 1 for the usual.
        mirror: whether half of the pictures are mirrored.
    """

    strength: float = 1.0
    mirror: bool = True


def changed(
    pictures: Iterable[Pixels], size: int, changes: Changes, random: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return a changed, normalised version of each square picture, (B, size, size, 3).

    Crops have 40 to 100 % of the area and sides up to 4 : 3 (Szegedy et al. 2015); light is scaled and each channel
    shifted by up to 0.3 deviations. `strength` moves all that towards nothing.
    """
    pixels = normalised(np.stack([_crop(picture, size, changes, random) for picture in pictures]))
    colour = _COLOUR * changes.strength
    gain = random.uniform(1 - colour, 1 + colour, (len(pixels), 1, 1, 1)).astype(np.float32)
    shift = random.uniform(-colour, colour, (len(pixels), 1, 1, 3)).astype(np.float32)
    return pixels * gain + shift


def _crop(picture: Pixels, size: int, changes: Changes, random: np.random.Generator) -> Pixels:
    edge = picture.shape[0]
    area = 1 - changes.strength * random.uniform(0, 1 - _SMALLEST_AREA)
    ratio = math.exp(changes.strength * random.uniform(-1, 1) * math.log(_LONGEST) / 2)
    width, height = (edge * min(1.0, side) for side in (math.sqrt(area) * ratio, math.sqrt(area) / ratio))
    left, top = random.uniform(0, edge - width), random.uniform(0, edge - height)
    box = (left, top, left + width, top + height)
    crop = np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR, box))
    return crop[:, ::-1] if changes.mirror and random.random() < 0.5 else crop
