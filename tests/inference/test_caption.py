"""Captions by a real, if random, network."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.bundles.manifest import read_manifest, write_manifest
from mmbm_desktop.inference.caption import caption, decoding_options
from mmbm_desktop.inference.decoding import decode
from mmbm_desktop.inference.image_text import CaptionStep, ImageTextBundle
from mmbm_desktop.protocol.requests import CaptionRequest

LIMIT = 10**9


def test_each_language_has_its_captions_best_first(opened: ImageTextBundle, pictures: list[str]) -> None:
    result = caption(CaptionRequest(pictures[0], best=3, length_penalty=1.0), opened, LIMIT)
    assert [c.language for c in result.captions] == ["en"] * 3 + ["zh"] * 3
    for language in ("en", "zh"):
        captions = [c for c in result.captions if c.language == language]
        assert len({c.text for c in captions}) == 3
        ranks = np.log([c.score for c in captions])  # with this length penalty
        together = ranks + 2 * opened.encode_texts([c.text for c in captions]) @ result.embedding
        assert list(together) == sorted(together, reverse=True)
        assert all(0.0 < c.score < 1.0 for c in captions)
        assert all(c.text.endswith("." if language == "en" else "。") for c in captions)
    assert result.path == pictures[0]


def test_the_vector_and_the_fit_belong_to_the_picture_and_its_first_caption(
    opened: ImageTextBundle, pictures: list[str]
) -> None:
    result = caption(CaptionRequest(pictures[1]), opened, LIMIT)
    assert result.embedding.dtype == np.float32
    assert np.linalg.norm(result.embedding) == pytest.approx(1.0, abs=1e-4)
    vector = opened.encode_texts([result.captions[0].text])[0]
    assert result.fit == pytest.approx(float(vector @ result.embedding), abs=1e-5)


def test_a_calibrated_bundle_says_how_probable_its_first_caption_is(
    tiny_bundle: Path, pictures: list[str], tmp_path: Path
):
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "calibrated"))
    write_manifest(folder, replace(read_manifest(folder), calibration={"caption": {"zh": [3.0, -1.0]}}))
    bundle = ImageTextBundle(folder, threads=1)
    chinese = caption(CaptionRequest(pictures[0], ("zh",)), bundle, LIMIT)
    assert chinese.probability == pytest.approx(1 / (1 + np.exp(-(3.0 * chinese.fit - 1.0))))
    assert caption(CaptionRequest(pictures[0], ("en",)), bundle, LIMIT).probability is None


def test_an_unusable_calibration_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "wrong"))
    write_manifest(folder, replace(read_manifest(folder), calibration={"caption": {"zh": ["steep", 0]}}))
    with pytest.raises(EnvironmentFault) as caught:
        ImageTextBundle(folder)
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_a_language_alone_is_described_as_with_the_other(opened: ImageTextBundle, pictures: list[str]) -> None:
    both = caption(CaptionRequest(pictures[2], ("en", "zh")), opened, LIMIT).captions
    english = caption(CaptionRequest(pictures[2], ("en",)), opened, LIMIT).captions
    chinese = caption(CaptionRequest(pictures[2], ("zh",)), opened, LIMIT).captions
    assert [c.text for c in both] == [c.text for c in (*english, *chinese)]
    assert [c.score for c in both] == pytest.approx([c.score for c in (*english, *chinese)], rel=1e-4)


def test_a_beam_is_never_worse_than_greedy_on_the_real_decoder(opened: ImageTextBundle) -> None:
    size = opened.image_rules.size
    pixels = np.random.default_rng(5).standard_normal((6, size, size, 3), dtype=np.float32)
    seen, _ = opened.encode_pictures(pixels)

    def best(beam: int) -> list[float]:
        options = decoding_options(CaptionRequest("", beam=beam), opened)
        found = decode(CaptionStep(opened, seen, np.arange(6)), [1, 2] * 3, options)
        return [candidates[0].rank for candidates in found]

    assert all(wide >= greedy - 1e-4 for wide, greedy in zip(best(3), best(1), strict=True))


def test_captions_keep_the_asked_length(opened: ImageTextBundle, pictures: list[str]) -> None:
    short = decoding_options(CaptionRequest(pictures[0], max_tokens=4), opened)
    long = decoding_options(CaptionRequest(pictures[0], max_tokens=4000), opened)
    assert short.max_tokens == 4
    assert long.max_tokens == opened.text_rules.max_tokens
    result = caption(CaptionRequest(pictures[0], max_tokens=4000), opened, LIMIT)
    assert result.captions


def test_a_language_the_bundle_was_not_taught_is_refused(opened: ImageTextBundle, pictures: list[str]) -> None:
    with pytest.raises(InputFault) as caught:
        caption(CaptionRequest(pictures[0], ("fr",)), opened, LIMIT)  # type: ignore[arg-type]
    assert caught.value.code is ErrorCode.LANGUAGE_UNSUPPORTED
    with pytest.raises(InputFault):
        caption(CaptionRequest(pictures[0], ()), opened, LIMIT)


def test_a_broken_picture_is_refused(opened: ImageTextBundle, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    with pytest.raises(InputFault):
        caption(CaptionRequest(str(tmp_path / "text.jpg")), opened, LIMIT)
    Image.new("RGB", (50, 50)).save(tmp_path / "big.png")
    with pytest.raises(InputFault) as caught:
        caption(CaptionRequest(str(tmp_path / "big.png")), opened, 2499)
    assert caught.value.code is ErrorCode.IMAGE_TOO_LARGE


def test_cancelling_stops_the_decoder(opened: ImageTextBundle, pictures: list[str]) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        caption(CaptionRequest(pictures[0]), opened, LIMIT, token)
