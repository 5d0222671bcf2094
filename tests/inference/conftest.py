"""Pictures and an opened bundle for the image-text tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.inference.image_text import ImageTextBundle


@pytest.fixture(scope="session")
def opened(tiny_bundle: Path) -> ImageTextBundle:
    """Return the tiny bundle, opened."""
    return ImageTextBundle(tiny_bundle, threads=1)


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """Return the paths of five pictures of different sizes, kinds and colours."""
    random = np.random.default_rng(3)
    paths = []
    for number, name in enumerate(("a.png", "b.jpg", "c.webp", "d.bmp", "e.jpg")):
        pixels = random.integers(0, 256, (4 + number, 5, 3), dtype=np.uint8)
        path = tmp_path / name
        Image.fromarray(pixels).resize((90 + 30 * number, 80)).save(path)
        paths.append(str(path))
    return paths
