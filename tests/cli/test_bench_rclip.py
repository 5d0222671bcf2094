"""Both programs run the same network; what an interpreter without rclip says reaches the person."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.cli.bench.rclip_measurement import rclip
from mmbm_desktop.cli.bench.rclip_network import write_rclip_network

BUNDLE = paths.shipped_models_dir() / "image-text-small"
RCLIP = {
    "db.py": "class DB:\n    def __init__(self, file):\n        self.rows = open(file, 'w')\n"
    "    def close(self):\n        self.rows.close()\n",
    "model.py": "class Model:\n    pass\n",
    "model_download.py": "def _load_onnx_session(file):\n    import onnxruntime\n"
    "    return onnxruntime.InferenceSession(file, providers=['CPUExecutionProvider'])\n",
    "main.py": "import os\nimport numpy as np\nfrom rclip import model_download\n"
    "class RClip:\n    def __init__(self, model, database, indexing_batch_size, exclude_dirs):\n"
    "        self.db, self.batch = database, indexing_batch_size\n"
    "    def ensure_index(self, folder):\n"
    "        session = model_download.load_visual_query_session()\n"
    "        for name in os.listdir(folder):\n"
    "            (found,) = session.run(None, {'input': np.zeros((1, 3, 256, 256), np.float32)})\n"
    "            assert found.shape == (1, 512)\n            self.db.rows.write(name)\n"
    "    def close(self):\n        pass\n",
    "__init__.py": "",
}
"""A program with rclip's names that stores the names of the pictures: rclip itself is no dependency of the tests."""


def test_the_network_is_our_image_encoder_in_rclips_shape(tmp_path: Path) -> None:
    write_rclip_network(BUNDLE, tmp_path / "network.onnx")

    theirs = onnxruntime.InferenceSession(tmp_path / "network.onnx", providers=["CPUExecutionProvider"])
    ours = onnxruntime.InferenceSession(BUNDLE / "image_encoder.onnx", providers=["CPUExecutionProvider"])
    colours = np.array([[0.2, -0.4, 1.0], [-1.0, 0.0, 0.5]], np.float32)
    found = np.asarray(
        theirs.run(None, {"input": np.broadcast_to(colours[:, :, None, None], (2, 3, 256, 256)).copy()})[0]
    )
    pixels = np.broadcast_to(colours[:, None, None], (2, 112, 112, 3)).copy()
    expected = np.asarray(ours.run(["embedding"], {"pixels": pixels})[0])
    assert found.shape == (2, 512)
    np.testing.assert_allclose(found[:, :256], expected, atol=1e-5)
    assert np.abs(expected[0] - expected[1]).max() > 0.01


def test_both_are_measured_in_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rclip").mkdir()
    for name, text in RCLIP.items():
        (tmp_path / "rclip" / name).write_text(text, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    theirs, ours, ratio = rclip(Path(sys.executable), pictures=4, rounds=1)

    assert ratio.value == pytest.approx(ours.value / theirs.value)


@pytest.mark.parametrize("python", [None, Path("no-such-python"), Path(sys.executable)])
def test_without_rclip_it_is_said(python: Path | None) -> None:
    with pytest.raises(InputFault) as caught:
        list(rclip(python, pictures=1, rounds=1))
    assert caught.value.params["name"] == "--rclip-python"
    if python == Path(sys.executable):
        assert "rclip" in caught.value.detail
