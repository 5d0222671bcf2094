"""Pictures to encoder input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.pixels import encoder_input, load_pixels, squashed
from mmbm_desktop.inference.rules import ImageRules

RULES = ImageRules(8, (0.5, 0.4, 0.3), (0.2, 0.25, 0.5))


def test_the_whole_picture_is_squashed_to_a_square() -> None:
    picture = Image.new("RGB", (200, 50))
    picture.paste((255, 0, 0), (0, 0, 100, 50))
    pixels = squashed(picture, 8)
    assert pixels.shape == (8, 8, 3)
    assert (pixels[:, :3, 0] == 255).all()
    assert (pixels[:, 5:, 0] == 0).all()


def test_fine_patterns_become_grey_not_stripes() -> None:
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[:, ::2] = 255
    pixels = squashed(Image.fromarray(stripes), 8)
    assert np.ptp(pixels) < 12
    assert 110 < pixels.mean() < 145


def test_channels_are_normalised_each_by_its_own_numbers() -> None:
    flat = np.full((8, 8, 3), 255, np.uint8)
    batch = encoder_input([flat, flat // 255], RULES)
    assert batch.shape == (2, 8, 8, 3)
    assert batch.dtype == np.float32
    np.testing.assert_allclose(batch[0, 0, 0], [2.5, 2.4, 1.4], rtol=1e-5)
    np.testing.assert_allclose(batch[1, 0, 0], (1 / 255 - np.array(RULES.mean)) / RULES.std, rtol=1e-4)


@pytest.mark.parametrize(("width", "height"), [(3000, 2000), (640, 480), (70, 300)])
def test_loading_at_a_fraction_looks_like_loading_in_full(tmp_path: Path, width: int, height: int) -> None:
    small = np.random.default_rng(0).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    picture = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    picture.save(tmp_path / "p.jpg", quality=95)
    with Image.open(tmp_path / "p.jpg") as whole:
        expected = squashed(whole.convert("RGB"), 32)
    found = load_pixels(tmp_path / "p.jpg", 32, 10**9)
    assert np.abs(found.astype(int) - expected).mean() < 3.0


def test_the_pixel_limit_holds(tmp_path: Path) -> None:
    Image.new("RGB", (100, 100)).save(tmp_path / "p.png")
    with pytest.raises(InputFault) as caught:
        load_pixels(tmp_path / "p.png", 32, 9_999)
    assert caught.value.code is ErrorCode.IMAGE_TOO_LARGE
