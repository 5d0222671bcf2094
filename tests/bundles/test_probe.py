"""The probe's inputs are the same for ever: stored differences depend on them."""

from __future__ import annotations

import numpy as np
import pytest

from mmbm_desktop.bundles.probe import image_text_probe, translation_probe

PREPROCESSING = {"image": {"size": 8}, "text": {"pad": 0, "bos": {"en": 1, "zh": 2}, "eos": 3, "unk": 4}}


def test_the_probe_never_changes() -> None:
    probe = image_text_probe(PREPROCESSING)

    pixels, ids = probe["image_encoder.onnx"]["pixels"], probe["text_encoder.onnx"]["ids"]
    assert (pixels.shape, pixels.dtype) == ((2, 8, 8, 3), np.float32)
    assert float(pixels.sum()) == pytest.approx(10.9652, abs=1e-3)
    assert ids.dtype == np.int32
    assert ids.tolist() == [[1, 5, 6, 7, 8, 9, 3, 0, 0, 0], [2, 5, 6, 7, 8, 9, 3, 0, 0, 0]]


def test_a_translation_is_probed_with_the_same_ids_and_never_with_more_than_fit() -> None:
    text = PREPROCESSING["text"]
    long = translation_probe({"text": {**text, "max_tokens": 32}})["encoder.onnx"]["ids"]
    assert long.tolist() == image_text_probe(PREPROCESSING)["text_encoder.onnx"]["ids"].tolist()
    short = translation_probe({"text": {**text, "max_tokens": 5}})["encoder.onnx"]["ids"]
    assert short.tolist() == [[1, 5, 6, 7, 3], [2, 5, 6, 7, 3]]
