"""Which models stay in memory."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.worker.loaded import Loaded


def test_the_two_bundles_used_last_stay(tiny_bundle: Path, tmp_path: Path) -> None:
    folders = [str(shutil.copytree(tiny_bundle, tmp_path / name)) for name in "abc"]
    loaded = Loaded(threads=1)
    a, b = loaded.bundle(folders[0], ImageTextBundle), loaded.bundle(folders[1], ImageTextBundle)
    assert loaded.bundle(folders[0], ImageTextBundle) is a
    loaded.bundle(folders[2], ImageTextBundle)
    assert loaded.bundle(folders[0], ImageTextBundle) is a
    assert loaded.bundle(folders[1], ImageTextBundle) is not b


def test_a_bundle_that_was_replaced_is_opened_anew(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "b"))
    loaded = Loaded(threads=1)
    before = loaded.bundle(str(folder), ImageTextBundle)
    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["version"] = "0.0.2-newer"
    (folder / "bundle.json").write_text(json.dumps(manifest))
    after = loaded.bundle(str(folder), ImageTextBundle)
    assert after is not before
    assert after.manifest.version == "0.0.2-newer"


def test_the_recogniser_is_loaded_once(tiny_bundle: Path) -> None:
    loaded = Loaded(threads=1)
    first = loaded.recogniser()
    assert loaded.recogniser() is first
    loaded.forget()
    assert loaded.recogniser() is not first


@pytest.mark.parametrize("folder", [None, "", "/nowhere/at/all"])
def test_no_folder_is_no_model(folder: str | None) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        Loaded(threads=1).bundle(folder, ImageTextBundle)
    assert caught.value.code is ErrorCode.MODEL_MISSING


def test_a_folder_without_a_manifest_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        Loaded(threads=1).bundle(str(tmp_path), ImageTextBundle)
    assert caught.value.code is ErrorCode.MODEL_MISSING
