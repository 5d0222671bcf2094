"""Bundles of every family are opened by their own class; others are refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.families import open_bundle
from mmbm_desktop.inference.image_text import ImageTextBundle


def test_a_bundle_is_opened_by_the_class_of_its_family(tiny_bundle: Path) -> None:
    assert isinstance(open_bundle(tiny_bundle, threads=1), ImageTextBundle)


def test_a_bundle_of_an_unknown_family_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "strange"))
    manifest = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps({**manifest, "family": "magic"}))
    with pytest.raises(EnvironmentFault) as caught:
        open_bundle(folder)
    assert (caught.value.code, caught.value.params["field"]) == (ErrorCode.BUNDLE_INVALID, "family")


def test_a_class_refuses_bundles_of_other_families(tiny_bundle: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        ImageTextBundle(tiny_bundle, threads=1).require_family("another")
    assert caught.value.code is ErrorCode.BUNDLE_INVALID
