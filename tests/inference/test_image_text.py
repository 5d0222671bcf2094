"""The opened bundle and its caption decoder."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.image_text import CaptionStep, ImageTextBundle


def features(opened: ImageTextBundle, count: int) -> np.ndarray:
    size = opened.image_rules.size
    pixels = np.random.default_rng(1).standard_normal((count, size, size, 3), dtype=np.float32)
    return opened.encode_pictures(pixels)[0]


def test_one_flipped_byte_is_found(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "tiny"))
    content = bytearray((folder / "model.safetensors").read_bytes())
    content[-1000] ^= 1
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        ImageTextBundle(folder)
    assert caught.value.code is ErrorCode.BUNDLE_DAMAGED
    assert caught.value.params["file"] == "model.safetensors"


def test_a_texts_vector_does_not_depend_on_its_neighbours(opened: ImageTextBundle) -> None:
    texts = ["a dog", "two children jump into the water and play on the beach", "狗"]
    together = opened.encode_texts(texts)
    alone = np.concatenate([opened.encode_texts([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-4)


def test_rows_that_branch_take_their_caches_along(opened: ImageTextBundle) -> None:
    seen = features(opened, 2)
    step = CaptionStep(opened, seen, np.array([0, 1]))
    step(np.array([0, 1]), np.array([1, 2]))
    step(np.array([0, 0, 1]), np.array([7, 8, 9]))
    branched = step(np.array([2, 0]), np.array([10, 11]))

    second = CaptionStep(opened, seen[1:], np.array([0]))
    for token in (2, 9):
        second(np.array([0]), np.array([token]))
    np.testing.assert_allclose(branched[0], second(np.array([0]), np.array([10]))[0], atol=1e-4)

    first = CaptionStep(opened, seen[:1], np.array([0]))
    for token in (1, 7):
        first(np.array([0]), np.array([token]))
    np.testing.assert_allclose(branched[1], first(np.array([0]), np.array([11]))[0], atol=1e-4)


def test_provenance_names_bundle_device_and_time(opened: ImageTextBundle) -> None:
    made = opened.made_since(0.0)
    assert made.model == "tiny 0.0.1"
    assert made.device == "CPU"
    assert made.ms > 0
