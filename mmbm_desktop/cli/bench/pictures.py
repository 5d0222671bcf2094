"""Pictures drawn for measuring: cheap to make, expensive enough to decode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path


def draw(folder: Path, count: int, size: tuple[int, int] = (1024, 768)) -> list[Path]:
    """Write `count` different JPEGs of smooth coloured noise and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    files = []
    for number in range(count):
        coarse = Image.fromarray(rng.integers(0, 255, (12, 16, 3), dtype=np.uint8))
        file = folder / f"{number:04}.jpg"
        coarse.resize(size, Image.Resampling.BICUBIC).save(file, quality=85)
        files.append(file)
    return files
