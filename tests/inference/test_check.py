"""Checking a bundle."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.check import check_bundle


@pytest.fixture
def copied(tiny_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "tiny"))


def change_manifest(folder: Path, change: Any) -> None:
    manifest = json.loads((folder / "bundle.json").read_text())
    change(manifest)
    (folder / "bundle.json").write_text(json.dumps(manifest))


def test_a_whole_bundle_answers_as_when_it_was_made(tiny_bundle: Path) -> None:
    result = check_bundle(tiny_bundle, threads=1)
    assert result.name == "tiny"
    assert result.probe_difference < 1e-4
    assert result.files == 7
    assert result.size_bytes == sum(p.stat().st_size for p in tiny_bundle.iterdir() if p.name != "bundle.json")


def test_a_changed_file_is_damage(copied: Path) -> None:
    path = copied / "caption_step.onnx"
    content = bytearray(path.read_bytes())
    content[100] ^= 4
    path.write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        check_bundle(copied)
    assert caught.value.code is ErrorCode.BUNDLE_DAMAGED


def test_other_answers_than_the_stored_ones_are_found(copied: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["probe"]["expected"]["text_encoder.onnx"]["embedding"][2] += 0.01

    change_manifest(copied, change)
    with pytest.raises(EnvironmentFault) as caught:
        check_bundle(copied)
    assert caught.value.code is ErrorCode.BUNDLE_INVALID
    assert caught.value.params["field"] == "probe"


@pytest.mark.parametrize(
    "probe",
    [
        {},
        {"expected": {}},
        {"expected": []},
        {"expected": {"other.onnx": {"embedding": [1.0]}}},
        {"expected": {"image_encoder.onnx": {"embedding": ["a"]}}},
        {"expected": {"image_encoder.onnx": {"embedding": [float("nan")] * 8}}},
        {"expected": {"image_encoder.onnx": {"embedding": [0.0]}}, "tolerance": "none"},
    ],
)
def test_a_probe_that_says_nothing_is_invalid(copied: Path, probe: dict[str, Any]) -> None:
    change_manifest(copied, lambda manifest: manifest.update(probe=probe))
    with pytest.raises(EnvironmentFault) as caught:
        check_bundle(copied)
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_checking_can_be_cancelled(tiny_bundle: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        check_bundle(tiny_bundle, token=token)
