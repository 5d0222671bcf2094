"""Weights are the same on every backend of Keras: what was trained on one answers alike on another.

The other backends run in a process of their own: TensorFlow and PyTorch in one process crash.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from mmbm_desktop.networks.image_text import build_image_text, weight_names
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.tensors import to_numpy

ROOT = Path(__file__).parents[2]
SIZES = {
    "image_size": 32,
    "stem_widths": (4, 6),
    "widths": (6, 8),
    "blocks": (1, 1),
    "pooled_width": 12,
    "width": 12,
    "embed_dim": 10,
    "heads": 3,
    "decoder_layers": 2,
    "vocab": 40,
    "max_tokens": 9,
    "teacher_dim": 5,
}
IDS = np.array([[1, 9, 8, 7, 6, 3], [2, 11, 12, 3, 0, 0]], np.int32)
PIXELS = np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype(np.float32)

ANSWER = """
import sys
import numpy as np
from mmbm_desktop.networks.image_text import build_image_text, weight_names
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.tensors import to_numpy
from tests.networks.test_backends import IDS, PIXELS, SIZES

network = build_image_text(ImageTextConfig(**SIZES))
with np.load(sys.argv[1]) as weights:
    for name, variable in weight_names(network).items():
        variable.assign(weights[name])
outputs = network({"pixels": PIXELS, "ids": IDS, "caption": IDS}, training=False)
np.savez(sys.argv[2], **{name: to_numpy(x) for name, x in outputs.items()})
"""


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_the_same_weights_give_the_same_answers_on_another_backend(backend: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    keras.utils.set_random_seed(3)
    network = build_image_text(ImageTextConfig(**SIZES))
    weights, answers = tmp_path / "weights.npz", tmp_path / "answers.npz"
    np.savez(weights, **{name: to_numpy(variable) for name, variable in weight_names(network).items()})
    expected = network({"pixels": PIXELS, "ids": IDS, "caption": IDS}, training=False)

    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", ANSWER, weights, answers], env=environment, cwd=ROOT, check=True)

    with np.load(answers) as found:
        assert set(found) == set(expected)
        for name, values in expected.items():
            np.testing.assert_allclose(found[name], to_numpy(values), atol=1e-5, err_msg=name)
