"""ONNX Runtime over hollow structures, whole and tampered with."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.inference.image_text import IMAGE_ENCODER, ImageTextBundle
from mmbm_desktop.inference.sessions import Sessions, usual_threads


@pytest.fixture
def copied(tiny_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "tiny"))


def seal(folder: Path, file: str) -> None:
    """Make the manifest agree with a changed file, as a forger would."""
    manifest = json.loads((folder / "bundle.json").read_text())
    content = (folder / file).read_bytes()
    manifest["files"][file] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "bundle.json").write_text(json.dumps(manifest))


def pixels(folder: Path) -> dict[str, np.ndarray]:
    size = read_manifest(folder).preprocessing["image"]["size"]
    return {"pixels": np.random.default_rng(0).standard_normal((1, size, size, 3), np.float32)}


def test_outputs_come_by_name_with_their_weights(tiny_bundle: Path) -> None:
    sessions = Sessions(tiny_bundle, read_manifest(tiny_bundle), threads=1)
    outputs = sessions.run(IMAGE_ENCODER, pixels(tiny_bundle))
    assert set(outputs) == {"features", "embedding"}
    assert np.linalg.norm(outputs["embedding"][0]) == pytest.approx(1.0, abs=1e-4)
    assert sessions.device == "CPU"


def test_a_structure_that_points_elsewhere_is_refused_though_the_manifest_agrees(copied: Path) -> None:
    model = onnx.load(str(copied / IMAGE_ENCODER), load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = "../tiny/model.safetensors"
    (copied / IMAGE_ENCODER).write_bytes(model.SerializeToString())
    seal(copied, IMAGE_ENCODER)
    bundle = ImageTextBundle(copied)
    with pytest.raises(EnvironmentFault) as caught:
        bundle.sessions.run(IMAGE_ENCODER, pixels(copied))
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\x08\x08"])
def test_a_structure_that_is_none_is_refused(copied: Path, content: bytes) -> None:
    (copied / IMAGE_ENCODER).write_bytes(content)
    seal(copied, IMAGE_ENCODER)
    bundle = ImageTextBundle(copied)
    with pytest.raises(EnvironmentFault) as caught:
        bundle.sessions.run(IMAGE_ENCODER, pixels(copied))
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_a_structure_that_takes_other_inputs_is_refused(copied: Path) -> None:
    shutil.copy(copied / "text_encoder.onnx", copied / IMAGE_ENCODER)
    seal(copied, IMAGE_ENCODER)
    bundle = ImageTextBundle(copied)
    with pytest.raises(EnvironmentFault) as caught:
        bundle.sessions.run(IMAGE_ENCODER, pixels(copied))
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_a_structure_the_manifest_does_not_list_is_not_opened(tiny_bundle: Path) -> None:
    sessions = Sessions(tiny_bundle, read_manifest(tiny_bundle))
    with pytest.raises(EnvironmentFault) as caught:
        sessions.run("card.md.onnx", {})
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_one_core_is_left_to_the_window() -> None:
    assert usual_threads() >= 1
